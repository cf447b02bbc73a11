/* SPDX-License-Identifier: ISC */
/*
 * A disk that fails or is full at any call of one decision: it is made whole
 * or not at all, the caller is told which kind of failure it was, and the
 * store is as good as before.
 */
#include "store_help.h"

#include <errno.h>
#include <sys/stat.h>

#include "store/copy.h"
#include "store/history.h"
#include "store/number.h"

static int armed, calls, error; /* the armed'th call fails with error */
static bool for_ever;           /* and those after it */

static bool
fails(void)
{
	if (armed == 0)
		return false;
	calls++;
	if (calls != armed && !(for_ever && calls > armed))
		return false;
	errno = error;
	return true;
}

/* The engine finds these before the C library's. */
__attribute__((visibility("default"))) int fsync(int fd);
__attribute__((visibility("default"))) int fdatasync(int fd);

int
fsync(int fd)
{
	(void)fd;
	return fails() ? -1 : 0;
}

int
fdatasync(int fd)
{
	(void)fd;
	return fails() ? -1 : 0;
}

static ssize_t
bad_pwrite(int fd, const void *data, size_t n, off_t at)
{
	return fails() ? -1 : pwrite(fd, data, n, at);
}

static int
bad_ftruncate(int fd, off_t n)
{
	return fails() ? -1 : ftruncate(fd, n);
}

static void
take_over(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	ok(vfs->xSetSystemCall(
	       vfs, "pwrite", (sqlite3_syscall_ptr)bad_pwrite) == SQLITE_OK);
	ok(vfs->xSetSystemCall(
	       vfs, "pwrite64", (sqlite3_syscall_ptr)bad_pwrite) == SQLITE_OK);
	ok(vfs->xSetSystemCall(vfs, "ftruncate",
	       (sqlite3_syscall_ptr)bad_ftruncate) == SQLITE_OK);
}

/* What one issue decides, in one transaction. */
static bool
decide(
    struct mc_store *s, const char *hash, const char *serial, struct mc_err *e)
{
	struct mc_certificate c = intent(serial, serial);
	const struct mc_history h = { serial, 1, "promised", NULL, NULL };

	snprintf(c.challenge, sizeof(c.challenge), "%s", hash);
	return mc_store_begin(s, e) &&
	    mc_store_challenge_use(s, hash, serial, e) &&
	    mc_store_certificate_add(s, &c, e) &&
	    mc_store_history_add(s, &h, e) &&
	    mc_store_number_count(s, "answers", e) && mc_store_commit(s, e);
}

/* Both of the challenge and the certificate, or neither. */
static bool
whole(struct mc_store *s, const char *hash, const char *serial, bool *made)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_CHALLENGE ch = { 0 };
	AUTO_CERTIFICATE c = { 0 };
	bool found, used;

	if (!mc_store_challenge_find(s, hash, &ch, &found, &e) || !found ||
	    !mc_store_certificate_find(s, serial, &c, made, &e))
		return false;
	used = ch.used == 1;
	return used == *made;
}

static void
one(const char *dir, struct mc_store *s, int k, enum mc_code want)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *other = open_store(dir);
	char hash[16], serial[16];
	struct mc_challenge ch;
	bool done, made = false, seen = false;
	static int n;

	snprintf(hash, sizeof(hash), "h%d", ++n);
	snprintf(serial, sizeof(serial), "%X", n);
	ch = challenge(hash);
	ok(mc_store_challenge_add(s, &ch, &e));
	calls = 0;
	armed = k;
	done = decide(s, hash, serial, &e);
	armed = 0;
	if (!done) {
		ok(e.code == want);
		if (e.code != want)
			printf("# %s\n", e.text);
		mc_store_rollback(s);
	}
	ok(whole(s, hash, serial, &made) && made == done);
	/* for the other processes too */
	ok(whole(other, hash, serial, &seen) && seen == made);
	if (!done)
		ok(decide(s, hash, serial, &e));
	ok(whole(other, hash, serial, &made) && made);
}

static void
decisions(const char *dir, int how, bool ever, enum mc_code want)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_store *s = open_store(dir);
	int reached = 0;

	error = how;
	for_ever = ever;
	/* a log that is taken back into the file now and then */
	ok(mc_db_exec(s, "PRAGMA wal_autocheckpoint = 20", &e));
	for (int k = 1; k <= 60; k++) {
		one(dir, s, k, want);
		reached = calls > reached ? calls : reached;
	}
	ok(reached > 10);
	ok(mc_store_check(s, &e));
	mc_store_free(s);
}

/* A copy is complete or not there. */
static void
copies(const char *dir, const char *copy)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(dir);
	bool done = false;
	int failed = 0;

	error = ENOSPC;
	for_ever = true;
	for (int k = 1; !done && k < 3000; k++) {
		calls = 0;
		armed = k;
		done = mc_store_backup(s, copy, NULL, 0, NULL, &e);
		armed = 0;
		failed += !done;
		ok(done == (access(copy, F_OK) == 0));
		if (!done)
			ok(e.code == MC_RETRY || e.code == MC_IO);
	}
	ok(done && failed > 10);
	ok(mc_store_check(s, &e));
}

static ino_t
inode(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* And a store is replaced, or is what it was. */
static void
restores(const char *dir, const char *file, const char *copy)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF kept = MC_BUF_INIT;
	bool done = false;
	int failed = 0;
	int64_t n;
	ino_t before;

	{
		AUTO(mc_store) *s = open_store(dir);

		ok(mc_store_number_raise(s, "later", 1, &e));
	}
	error = EIO;
	for (int k = 1; !done && k < 3000; k++) {
		calls = 0;
		armed = k;
		mc_buf_clear(&kept);
		before = inode(file);
		done = mc_store_restore(dir, copy, &kept, &e);
		armed = 0;
		failed += !done;
		/* the file that was there has a name, come what may */
		ok(before == inode(file) || before == inode(mc_buf_str(&kept)));
		{
			AUTO(mc_store) *s = open_store(dir);

			ok(mc_store_number_get(s, "later", &n, &e) && n == 1);
			ok(mc_store_check(s, &e));
		}
		if (!done)
			ok(e.code == MC_RETRY || e.code == MC_IO);
	}
	ok(done && failed > 10 && kept.len != 0);
	printf("# %d failures of a restore\n", failed);
}

int
main(void)
{
	char *dir, *file, *copy;

	help_begin();
	take_over();
	dir = path_of("ca");
	file = path_of("ca/store.db");
	copy = path_of("copy");
	decisions(dir, EIO, false, MC_IO);
	decisions(dir, EIO, true, MC_IO);
	decisions(dir, ENOSPC, true, MC_RETRY);
	decisions(dir, EDQUOT, true, MC_RETRY);
	copies(dir, copy);
	restores(dir, file, copy);
	free(dir);
	free(file);
	free(copy);
	help_end();
	return done();
}

/* SPDX-License-Identifier: ISC */
#include "store/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/time.h"
#include "store/copy_schema.h"
#include "store/db.h"
#include "store/number.h"

static const char *const beside[] = { "-wal", "-shm", "-journal" };
#define BESIDE (sizeof(beside) / sizeof(*beside))

void
mc_db_unlink(const char *path)
{
	AUTO_BUF name = MC_BUF_INIT;
	struct mc_err ignored = MC_ERR_INIT;

	unlink(path);
	for (size_t i = 0; i < BESIDE; i++) {
		mc_buf_clear(&name);
		if (mc_buf_printf(&name, &ignored, "%s%s", path, beside[i]))
			unlink(mc_buf_str(&name));
	}
}

/* ---- the copy, before anything is done with it */

static bool
copy_bytes(const char *from, int to, struct mc_err *e)
{
	AUTO_FD fd = open(from, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char block[65536];
	ssize_t n;

	if (fd == -1)
		return mc_fail_errno(e,
		    errno == ENOENT || errno == ENOTDIR ? MC_NOINPUT : MC_IO,
		    "%s", from);
	while ((n = read(fd, block, sizeof(block))) != 0) {
		struct mc_buf b = { .data = (uint8_t *)block };

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return mc_fail_errno(e, MC_IO, "%s", from);
		b.len = (size_t)n;
		if (!mc_buf_write_fd(&b, to, e))
			return false;
	}
	return true;
}

static bool
make_store(struct mc_store *s, struct mc_err *e)
{
	int64_t version;

	return mc_db_exec(s,
		   "PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;"
		   "PRAGMA journal_mode = DELETE",
		   e) &&
	    mc_store_begin(s, e) && mc_db_copy_version(s, &version, e) &&
	    mc_db_exec(s, "DROP TABLE IF EXISTS copied_file", e) &&
	    mc_db_copy_schema_check(s, version, e) && mc_db_check_pages(s, e) &&
	    mc_db_migrate(s, version, mc_db_steps(), e) &&
	    mc_store_check(s, e) && mc_store_commit(s, e) &&
	    mc_db_exec(s, "PRAGMA journal_mode = WAL", e);
}

static bool
prepare(const char *path, const char *temp, int fd, struct mc_store **out,
    struct mc_err *e)
{
	AUTO(mc_store) *s = calloc(1, sizeof(*s));
	AUTO_BUF log = MC_BUF_INIT;
	struct stat st;
	bool done;

	if (!s)
		return mc_fail_memory(e);
	if (!mc_buf_printf(&log, e, "%s-wal", path))
		return false;
	if (stat(mc_buf_str(&log), &st) == 0 && st.st_size != 0)
		return mc_fail(e, MC_USAGE,
		    "%s: in use, or not all of it: want a copy made by backup",
		    path);
	if (!copy_bytes(path, fd, e) || !mc_buf_puts(&s->path, temp, e))
		return false;
	done = mc_db_open(s, NULL, SQLITE_OPEN_READWRITE, e);
	mc_buf_clear(&s->path); /* people know it by the other name */
	if (!mc_buf_puts(&s->path, path, e))
		return false;
	if (!done || !make_store(s, e))
		return mc_db_fail_damage(s, e);
	*out = take(&s);
	return true;
}

/* ---- the store that is there */

static bool
raise(void *ctx, const char *name, int64_t value, struct mc_err *e)
{
	return mc_store_number_raise(ctx, name, value, e);
}

/* Nobody else has it open, and nobody opens it any more. */
static bool
freeze(struct mc_store *old, struct mc_store *s, struct mc_err *e)
{
	char sql[64];

	snprintf(
	    sql, sizeof(sql), "PRAGMA application_id = %d", MC_DB_REPLACED);
	return mc_db_exec(old, "PRAGMA journal_mode = DELETE", e) &&
	    mc_db_exec(
		old, "PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE", e) &&
	    mc_store_begin(s, e) &&
	    mc_store_number_list(old, "", raise, s, e) &&
	    mc_store_commit(s, e) && mc_db_exec(old, sql, e);
}

/* A second name for what is there; its log goes with it. */
static bool
keep(const char *path, struct mc_buf *name, struct mc_err *e)
{
	time_t now = (time_t)mc_time_now();
	struct tm tm;
	char text[32];

	if (!gmtime_r(&now, &tm) ||
	    strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &tm) == 0)
		return mc_fail(e, MC_INTERNAL, "the clock shows no time");
	for (int i = 0; i < 100; i++) {
		mc_buf_clear(name);
		if (!mc_buf_printf(
			name, e, i ? "%s.%s-%d" : "%s.%s", path, text, i))
			return false;
		if (link(path, mc_buf_str(name)) == 0)
			return true;
		if (errno != EEXIST)
			break;
	}
	return mc_fail_errno(e, MC_IO, "%s", mc_buf_str(name));
}

static bool
keep_beside(const char *path, const char *name, struct mc_err *e)
{
	AUTO_BUF from = MC_BUF_INIT;
	AUTO_BUF to = MC_BUF_INIT;

	for (size_t i = 0; i < BESIDE; i++) {
		mc_buf_clear(&from);
		mc_buf_clear(&to);
		if (!mc_buf_printf(&from, e, "%s%s", path, beside[i]) ||
		    !mc_buf_printf(&to, e, "%s%s", name, beside[i]))
			return false;
		if (rename(mc_buf_str(&from), mc_buf_str(&to)) == -1 &&
		    errno != ENOENT)
			return mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&from));
	}
	return true;
}

struct swap {
	struct mc_store *new; /* in the file temp, which fd is too */
	struct mc_store *old; /* or NULL: it cannot be read */
	const char *temp;
	int fd;
	struct mc_buf path;
	struct mc_buf name; /* that the old file is kept under */
};

#define AUTO_SWAP __attribute__((cleanup(swap_clear))) struct swap

static void
swap_clear(struct swap *w)
{
	if (w->new)
		mc_store_free(w->new);
	if (w->old)
		mc_store_free(w->old);
	mc_buf_clear(&w->path);
	mc_buf_clear(&w->name);
}

/* The new store is closed, so that all of it is in its file. */
static bool
finish(struct swap *w, bool replace, struct mc_err *e)
{
	AUTO_BUF log = MC_BUF_INIT;

	mc_store_free(take(&w->new));
	if (!mc_buf_printf(&log, e, "%s-wal", w->temp))
		return false;
	if (access(mc_buf_str(&log), F_OK) == 0)
		return mc_fail(
		    e, MC_IO, "%s: could not be written back", w->temp);
	if (fsync(w->fd) == -1)
		return mc_fail_errno(e, MC_IO, "%s", w->temp);
	return mc_file_publish(w->temp, mc_buf_str(&w->path), replace, e);
}

/* The name of the store is that of another file than the one that is kept. */
static bool
is_replaced(const struct swap *w)
{
	struct stat path, name;

	return stat(mc_buf_str(&w->path), &path) == 0 &&
	    stat(mc_buf_str(&w->name), &name) == 0 &&
	    path.st_ino != name.st_ino;
}

static bool
undo(struct swap *w, struct mc_err *e)
{
	const char *path = mc_buf_str(&w->path), *name = mc_buf_str(&w->name);
	struct mc_err other = MC_ERR_INIT;

	if (!w->old && *name && !keep_beside(name, path, &other))
		return mc_note(e, "%s: its log is beside %s now", path, name);
	if (*name)
		unlink(name);
	if (!w->old)
		return false;
	mc_store_rollback(w->old);
	return mc_db_exec(w->old, "PRAGMA journal_mode = WAL", &other)
	    ? false
	    : mc_note(e, "%s", other.text);
}

/*
 * Whoever opened the old file meanwhile and waits for its lock finds its mark
 * then, and not a store to write into.  The mark can wait for the new one to
 * be there: a crash between the two leaves nothing half done.
 */
static bool
replace_store(struct swap *w, struct mc_buf *kept, struct mc_err *e)
{
	const char *path = mc_buf_str(&w->path);
	bool done;

	if ((w->old && !freeze(w->old, w->new, e)) || !keep(path, &w->name, e))
		return undo(w, e);
	done = (w->old || keep_beside(path, mc_buf_str(&w->name), e)) &&
	    finish(w, true, e);
	if (!is_replaced(w))
		return undo(w, e);
	/* from here on it is done, even if it may not be on the disk yet */
	if (w->old && !mc_store_commit(w->old, e))
		done = false;
	return mc_buf_puts(kept, mc_buf_str(&w->name), e) && done;
}

static bool
put_in_place(
    const char *dir, struct swap *w, struct mc_buf *kept, struct mc_err *e)
{
	if (!mc_path_join(dir, "store.db", &w->path, e))
		return false;
	if (access(mc_buf_str(&w->path), F_OK) == -1)
		return finish(w, false, e);
	/* one that is damaged is what restoring is for */
	if (!mc_store_open(dir, false, &w->old, e) && e->code == MC_RETRY)
		return false;
	*e = (struct mc_err)MC_ERR_INIT;
	return replace_store(w, kept, e);
}

bool
mc_store_restore(
    const char *dir, const char *path, struct mc_buf *kept, struct mc_err *e)
{
	AUTO_SWAP w = { .fd = -1 };
	AUTO_BUF temp = MC_BUF_INIT;
	AUTO_FD lock = -1;
	AUTO_FD fd = -1;

	if (!mc_path_join(dir, "store.db.XXXXXX", &temp, e) ||
	    !mc_db_lock(dir, &lock, e))
		return false;
	fd = mkostemp((char *)temp.data, O_CLOEXEC); /* 0600 */
	if (fd == -1)
		return mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&temp));
	w.fd = fd;
	w.temp = mc_buf_str(&temp);
	if (prepare(path, w.temp, fd, &w.new, e) &&
	    put_in_place(dir, &w, kept, e))
		return true;
	if (w.new)
		mc_store_free(take(&w.new));
	mc_db_unlink(w.temp);
	return false;
}

/* SPDX-License-Identifier: ISC */
/* Copies of the store: complete or not there, and back. */
#include "store_help.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "store/copy.h"
#include "store/number.h"

static uint8_t secret[] = "-----BEGIN PRIVATE KEY-----\n\0binary";
static struct mc_buf key = { .data = secret, .len = sizeof(secret) };
static struct mc_buf empty;

struct seen {
	int n;
	bool key, sub;
};

static bool
see(void *ctx, const struct mc_copy_file *f, struct mc_err *e)
{
	struct seen *seen = ctx;

	(void)e;
	seen->n++;
	if (strcmp(f->name, "ca.key") == 0)
		seen->key = f->mode == 0600 && f->data->len == sizeof(secret) &&
		    memcmp(f->data->data, secret, sizeof(secret)) == 0;
	if (strcmp(f->name, "next/ca.pem") == 0)
		seen->sub = f->mode == 0644 && f->data->len == 0;
	return true;
}

static bool
stop(void *ctx, const struct mc_copy_file *f, struct mc_err *e)
{
	(void)ctx;
	return mc_fail(e, MC_USAGE, "enough: %s", f->name);
}

static void
progress(void *ctx, int64_t done, int64_t all)
{
	int64_t *last = ctx;

	ok(done >= *last && done <= all);
	*last = done;
}

/* Nothing in the folder but these. */
static int
count_files(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF line = MC_BUF_INIT;
	FILE *p;
	int n = -1;

	if (!mc_buf_printf(&line, &e, "ls -A %s | wc -l", dir))
		return -1;
	p = popen(mc_buf_str(&line), "r");
	if (!p || fscanf(p, "%d", &n) != 1)
		n = -1;
	if (p)
		pclose(p);
	return n;
}

static bool
has(const char *dir, const char *serial)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	AUTO_CERTIFICATE c = { 0 };
	bool found = false;

	ok(mc_store_open(dir, false, &s, &e));
	if (!s)
		printf("# %s\n", e.text);
	ok(s && mc_store_certificate_find(s, serial, &c, &found, &e));
	return found;
}

static int64_t
number(const char *dir, const char *name)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	int64_t n = -1;

	ok(mc_store_open(dir, false, &s, &e));
	ok(s && mc_store_number_get(s, name, &n, &e));
	return n;
}

static void
backup(const char *ca, const char *copies, const char *copy)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(ca);
	AUTO(mc_store) *writer = open_store(ca);
	struct mc_certificate c = intent("40", "r0"), d = intent("41", "r1");
	const struct mc_copy_file files[] = {
		{ "ca.key", 0600, &key },
		{ "next/ca.pem", 0644, &empty },
	};
	struct seen seen = { 0 };
	int64_t last = 0;
	const struct mc_watch watch = { progress, &last };
	struct stat st;

	ok(mc_store_certificate_add(s, &c, &e));
	ok(mc_store_number_raise(s, "crl", 7, &e));
	ok(mc_store_begin(writer, &e)); /* others may write meanwhile */
	ok(mc_store_certificate_add(writer, &d, &e));
	ok(mc_store_backup(s, copy, files, 2, &watch, &e));
	ok(last > 0);
	ok(mc_store_commit(writer, &e));
	ok(stat(copy, &st) == 0 && (st.st_mode & 07777) == 0600);
	ok(count_files(copies) == 1);

	ok(!mc_store_backup(s, copy, NULL, 0, NULL, &e) && e.code == MC_DENIED);
	ok(mc_copy_files(copy, see, &seen, &e));
	ok(seen.n == 2 && seen.key && seen.sub);
	ok(!mc_copy_files(copy, stop, NULL, &e) && e.code == MC_USAGE);
	ok(strcmp(e.text, "enough: ca.key") == 0);
	ok(count_files(copies) == 1);
}

/* What may not be in a copy does not get there, and leaves nothing behind. */
static void
backup_refused(const char *ca, const char *copies)
{
	static const char *const names[] = { "", "/ca.key", "../ca.key",
		"a/../b", "a//b", "a/", ".", "..", "a/.", "a b", "a\nb",
		"\xc3\xa4" };
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(ca);
	char *path = path_of("copies/refused");
	char *nowhere = path_of("nowhere/copy");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct mc_copy_file f = { names[i], 0600, &key };

		ok(!mc_store_backup(s, path, &f, 1, NULL, &e));
		ok(e.code == MC_MALFORMED && access(path, F_OK) == -1);
	}
	{
		const struct mc_copy_file f = { "a", 04755, &key };
		const struct mc_copy_file twice[] = { { "a", 0600, &key },
			{ "a", 0600, &key } };

		ok(!mc_store_backup(s, path, &f, 1, NULL, &e));
		ok(!mc_store_backup(s, path, twice, 2, NULL, &e));
	}
	ok(!mc_store_backup(s, nowhere, NULL, 0, NULL, &e));
	ok(e.code == MC_IO && strstr(e.text, nowhere));
	ok(count_files(copies) == 1);
	/* and the store goes on */
	ok(mc_store_begin(s, &e) && mc_store_number_count(s, "n", &e) &&
	    mc_store_commit(s, &e));
	free(path);
	free(nowhere);
}

static void
restore(const char *ca, const char *copy)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF kept = MC_BUF_INIT;
	AUTO_BUF none = MC_BUF_INIT;
	char *new = path_of("new");

	{
		AUTO(mc_store) *s = open_store(ca);

		/* somebody has it open */
		ok(!mc_store_restore(ca, copy, &kept, &e) &&
		    e.code == MC_RETRY);
		ok(kept.len == 0);
		ok(mc_store_number_raise(s, "crl", 900, &e));
	}
	ok(has(ca, "41"));
	ok(mc_store_restore(ca, copy, &kept, &e));
	printf("# %s %s\n", e.text, mc_buf_str(&kept));
	ok(has(ca, "40") && !has(ca, "41"));
	ok(number(ca, "crl") == 900);
	ok(kept.len != 0 && access(mc_buf_str(&kept), F_OK) == 0);
	ok(count_files(ca) == 2);
	{
		AUTO(mc_store) *s = open_store(ca);
		int64_t n = 0;

		ok(mc_store_check(s, &e));
		ok(mc_db_number(s,
		       "SELECT count(*) FROM sqlite_schema"
		       " WHERE name = 'copied_file'",
		       NULL, &n, &e) &&
		    n == 0);
	}

	/* what was there can be had back, and numbers stay */
	ok(mc_store_restore(ca, mc_buf_str(&kept), &none, &e));
	ok(has(ca, "41") && number(ca, "crl") == 900);

	/* into a folder that has none */
	mc_buf_clear(&none);
	ok(!mc_store_restore(new, copy, &none, &e) && e.code == MC_NOINPUT);
	ok(mc_dir_make(new, 0700, &e));
	ok(mc_store_restore(new, copy, &none, &e));
	ok(none.len == 0 && has(new, "40") && number(new, "crl") == 7);
	free(new);
}

/* What is no copy changes nothing. */
static void
restore_refused(const char *ca, const char *copy)
{
	static const char *const harm[] = {
		"PRAGMA application_id = 7",
		"PRAGMA user_version = 0",
		"PRAGMA user_version = 99",
		"CREATE TABLE more (a)",
		"CREATE TRIGGER t AFTER INSERT ON certificate BEGIN"
		" DELETE FROM certificate; END",
		"DROP INDEX certificate_key",
		"DROP TABLE number; CREATE VIEW number AS SELECT 1",
		"UPDATE certificate SET challenge = 'nowhere'",
		"UPDATE certificate_tally SET n = 3",
		"DELETE FROM certificate_text_data WHERE id > 10",
		"PRAGMA writable_schema = 1; UPDATE sqlite_schema"
		" SET rootpage = 3 WHERE name = 'certificate_key'",
	};
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF kept = MC_BUF_INIT;
	AUTO_BUF whole = MC_BUF_INIT;
	char *bad = path_of("bad");
	int before = count_files(ca);

	ok(mc_file_load(copy, &whole, &e));
	for (size_t i = 0; i < sizeof(harm) / sizeof(*harm); i++) {
		ok(mc_file_save(bad, &whole, 0600, &e));
		ok(raw(bad, harm[i]));
		e.code = MC_OK;
		ok(!mc_store_restore(ca, bad, &kept, &e));
		ok(e.code == MC_MALFORMED);
		printf("# %s: %s\n", harm[i], e.text);
	}
	for (size_t cut = 0; cut < whole.len - 6 * 512; cut += whole.len / 7) {
		struct mc_buf part = { .data = whole.data, .len = cut };

		ok(mc_file_save(bad, &part, 0600, &e));
		ok(!mc_store_restore(ca, bad, &kept, &e));
		ok(e.code == MC_MALFORMED);
		ok(!mc_copy_files(bad, stop, NULL, &e));
		ok(e.code == MC_MALFORMED || e.code == MC_USAGE);
	}
	ok(!mc_store_restore(ca, "/nowhere", &kept, &e) &&
	    e.code == MC_NOINPUT);
	ok(!mc_copy_files("/nowhere", stop, NULL, &e) && e.code == MC_NOINPUT);
	ok(kept.len == 0 && count_files(ca) == before);
	ok(has(ca, "41"));
	free(bad);
}

/* Files whose description nobody of ours has written. */
static void
hostile_files(const char *copy)
{
	static const char *const harm[] = {
		"INSERT INTO copied_file VALUES ('../../etc/x', 384, x'00')",
		"INSERT INTO copied_file VALUES ('/etc/x', 384, x'00')",
		"INSERT INTO copied_file VALUES ('x', 2541, x'00')",
		"INSERT INTO copied_file VALUES ('x', -1, x'00')",
		"INSERT INTO copied_file VALUES ('x', 4294967680, x'00')",
		"INSERT INTO copied_file VALUES ('a' || char(0) || 'b/..', 384,"
		" x'00')",
		"INSERT INTO copied_file VALUES ('x', 384, zeroblob(2000000))",
		"WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1"
		" FROM n WHERE i < 300) INSERT INTO copied_file"
		" SELECT 'n' || i, 384, x'00' FROM n",
		"DROP TABLE copied_file; CREATE VIEW copied_file AS"
		" SELECT 'x' AS name, 384 AS mode, x'00' AS data",
		"DROP TABLE copied_file",
		"PRAGMA application_id = 7",
	};
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF whole = MC_BUF_INIT;
	char *bad = path_of("bad?#%");

	ok(mc_file_load(copy, &whole, &e));
	ok(mc_file_save(bad, &whole, 0600, &e));
	{
		struct seen seen = { 0 };

		ok(mc_copy_files(bad, see, &seen, &e) && seen.n == 2);
	}
	for (size_t i = 0; i < sizeof(harm) / sizeof(*harm); i++) {
		struct seen seen = { 0 };

		ok(mc_file_save(bad, &whole, 0600, &e));
		ok(raw(bad, harm[i]));
		e.code = MC_OK;
		ok(!mc_copy_files(bad, see, &seen, &e));
		ok(e.code == MC_MALFORMED);
		printf("# %s: %s\n", harm[i], e.text);
	}
	free(bad);
}

/* Whatever it is, it goes aside with all that belongs to it. */
static void
damaged_store(const char *copy)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF kept = MC_BUF_INIT;
	AUTO_BUF junk = MC_BUF_INIT;
	AUTO_BUF log = MC_BUF_INIT;
	char *dir = path_of("damaged");
	char *file = path_of("damaged/store.db");
	char *wal = path_of("damaged/store.db-wal");

	ok(mc_dir_make(dir, 0700, &e));
	ok(mc_buf_puts(&junk, "this was a store once, but now it is junk", &e));
	ok(mc_file_save(file, &junk, 0600, &e) &&
	    mc_file_save(wal, &junk, 0600, &e));
	ok(mc_store_restore(dir, copy, &kept, &e));
	ok(has(dir, "40"));
	/* and no log of the one beside the other */
	ok(kept.len != 0 && mc_file_load(mc_buf_str(&kept), &log, &e) &&
	    mc_buf_is(&log, mc_buf_str(&junk)));
	ok(access(wal, F_OK) == -1);
	free(dir);
	free(file);
	free(wal);
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;
	char *ca, *copies, *copy;

	help_begin();
	ca = path_of("ca");
	copies = path_of("copies");
	copy = path_of("copies/one");
	ok(mc_dir_make(copies, 0700, &e));
	backup(ca, copies, copy);
	backup_refused(ca, copies);
	restore(ca, copy);
	restore_refused(ca, copy);
	hostile_files(copy);
	damaged_store(copy);
	free(ca);
	free(copies);
	free(copy);
	help_end();
	return done();
}

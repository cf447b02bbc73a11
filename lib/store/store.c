/* SPDX-License-Identifier: ISC */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fd.h"
#include "store/db.h"

#define BUSY_MS 10000
#define APPLICATION 0x4d435046 /* "MCPF", in the file's header */

/*
 * The schema is made by these in turn, and user_version counts how many a
 * file has had: only ever append.
 */
static const char *const steps[] = {
	mc_schema_challenge,
	mc_schema_certificate,
	mc_schema_enrolment,
};
#define STEPS ((int64_t)(sizeof(steps) / sizeof(*steps)))

static bool
exec(struct mc_store *s, const char *sql, struct mc_err *e)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || mc_db_fail(s, rc, e);
}

static bool
pragma(struct mc_store *s, const char *sql, int64_t *value, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s, sql, NULL, &st, e) || !mc_db_step(s, st, &row, e))
		return false;
	*value = row ? mc_db_int(st, 0) : 0;
	return true;
}

static bool
schema_version(struct mc_store *s, int64_t *version, struct mc_err *e)
{
	int64_t application, pages;

	if (!pragma(s, "PRAGMA application_id", &application, e) ||
	    !pragma(s, "PRAGMA user_version", version, e) ||
	    !pragma(s, "SELECT count(*) FROM sqlite_schema", &pages, e))
		return false;
	if (application != APPLICATION && (*version != 0 || pages != 0))
		return mc_fail(e, MC_MALFORMED, "%s: not a store of mcprofile",
		    mc_buf_str(&s->path));
	if (*version > STEPS)
		return mc_fail(e, MC_MALFORMED,
		    "%s: written by a newer version of mcprofile",
		    mc_buf_str(&s->path));
	return true;
}

/* All the missing steps, or none of them. */
static bool
migrate(struct mc_store *s, struct mc_err *e)
{
	char set[96];
	int64_t version;

	if (!mc_store_begin(s, e) || !schema_version(s, &version, e))
		return false;
	for (; version < STEPS; version++)
		if (!exec(s, steps[version], e))
			return false;
	snprintf(set, sizeof(set),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION,
	    (int)STEPS);
	return exec(s, set, e) && mc_store_commit(s, e);
}

static bool
set_up(struct mc_store *s, bool create, struct mc_err *e)
{
	int64_t version;

	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	if (!exec(
		s, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", e) ||
	    !schema_version(s, &version, e))
		return false;
	if (version == 0 && !create)
		return mc_fail(e, MC_NOINPUT, "%s: an unfinished store",
		    mc_buf_str(&s->path));
	if (version == STEPS)
		return true;
	return exec(s, "PRAGMA journal_mode = WAL", e) && migrate(s, e);
}

/* SQLite would make the file readable to everybody. */
static bool
make_file(const char *path, struct mc_err *e)
{
	AUTO_FD fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	return fd != -1 || mc_fail_errno(e, MC_IO, "%s", path);
}

static bool
lock_dir(const char *dir, int *out, struct mc_err *e)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*out = fd;
	if (fd == -1)
		return mc_fail_errno(e,
		    errno == ENOENT || errno == ENOTDIR ? MC_NOINPUT : MC_IO,
		    "%s", dir);
	while (flock(fd, LOCK_EX) == -1)
		if (errno != EINTR)
			return mc_fail_errno(e, MC_IO, "%s", dir);
	return true;
}

static bool
open_file(struct mc_store *s, struct mc_err *e)
{
	const char *path = mc_buf_str(&s->path);
	AUTO_BUF plain = MC_BUF_INIT;
	int rc;

	if (access(path, F_OK) == -1)
		return mc_fail_errno(e,
		    errno == ENOENT || errno == ENOTDIR ? MC_NOINPUT : MC_IO,
		    "%s", path);
	/* "file:" at the beginning would make it a URI */
	if (!mc_buf_printf(&plain, e, "%s%s", *path == '/' ? "" : "./", path))
		return false;
	rc = sqlite3_open_v2(mc_buf_str(&plain), &s->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, NULL);
	return rc == SQLITE_OK || mc_db_fail(s, rc, e);
}

bool
mc_store_open(
    const char *dir, bool create, struct mc_store **out, struct mc_err *e)
{
	AUTO(mc_store) *s = calloc(1, sizeof(*s));
	AUTO_FD lock = -1;

	if (!s)
		return mc_fail_memory(e);
	if (!mc_path_join(dir, "store.db", &s->path, e))
		return false;
	/* one process at a time makes it: two at once would not find it whole
	 */
	if (create &&
	    (!mc_dir_make(dir, 0700, e) || !lock_dir(dir, &lock, e) ||
		!make_file(mc_buf_str(&s->path), e)))
		return false;
	if (!open_file(s, e) || !set_up(s, create, e))
		return false;
	*out = take(&s);
	return true;
}

void
mc_store_free(struct mc_store *s)
{
	mc_store_rollback(s);
	sqlite3_close(s->db);
	mc_buf_clear(&s->path);
	free(s);
}

bool
mc_store_begin(struct mc_store *s, struct mc_err *e)
{
	return exec(s, "BEGIN IMMEDIATE", e);
}

bool
mc_store_commit(struct mc_store *s, struct mc_err *e)
{
	if (exec(s, "COMMIT", e))
		return true;
	mc_store_rollback(s);
	return false;
}

void
mc_store_rollback(struct mc_store *s)
{
	if (s->db && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

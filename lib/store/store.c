/* SPDX-License-Identifier: ISC */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "store/db.h"

#define BUSY_MS 10000
#define ALONE_TRIES 400 /* of 5 to 44 ms: as long */

/*
 * The schema is made by these in turn, and user_version counts how many a
 * file has had: only ever append.
 */
static const char *const steps[] = {
	mc_schema_challenge,
	mc_schema_certificate,
	mc_schema_enrolment,
	mc_schema_challenge_uses,
	mc_schema_certificate_ways,
	mc_schema_certificate_search,
	mc_schema_request,
	mc_schema_history,
	mc_schema_number,
	mc_schema_budget,
	mc_schema_challenge_profile,
	mc_schema_request_limits,
	mc_schema_certificate_replaces,
	mc_schema_certificate_line,
};
#define STEPS ((int64_t)(sizeof(steps) / sizeof(*steps)))

int64_t
mc_db_steps(void)
{
	return STEPS;
}

static bool
schema_version(struct mc_store *s, int64_t *version, struct mc_err *e)
{
	const char *path = mc_buf_str(&s->path);
	int64_t application, pages;

	if (!mc_db_number(s, "PRAGMA application_id", NULL, &application, e) ||
	    !mc_db_number(s, "PRAGMA user_version", NULL, version, e) ||
	    !mc_db_number(
		s, "SELECT count(*) FROM sqlite_schema", NULL, &pages, e))
		return false;
	if (application == MC_DB_REPLACED)
		return mc_fail(e, MC_RETRY,
		    "%s: another store was just put in its place; try again",
		    path);
	if (application != MC_DB_APPLICATION && (*version != 0 || pages != 0))
		return mc_fail(
		    e, MC_MALFORMED, "%s: not a store of mcprofile", path);
	if (*version > STEPS)
		return mc_fail(e, MC_MALFORMED,
		    "%s: written by a newer version of mcprofile", path);
	return true;
}

bool
mc_db_migrate(struct mc_store *s, int64_t from, int64_t to, struct mc_err *e)
{
	char set[96];

	for (int64_t i = from; i < to; i++)
		if (!mc_db_exec(s, steps[i], e))
			return false;
	snprintf(set, sizeof(set),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    MC_DB_APPLICATION, (int)to);
	return mc_db_exec(s, set, e);
}

/* All the missing steps, or none of them. */
static bool
migrate(struct mc_store *s, struct mc_err *e)
{
	int64_t version;

	return mc_store_begin(s, e) && schema_version(s, &version, e) &&
	    mc_db_migrate(s, version, STEPS, e) && mc_store_commit(s, e);
}

static bool
set_up(struct mc_store *s, bool create, struct mc_err *e)
{
	int64_t version;

	if (!schema_version(s, &version, e))
		return false;
	if (version == 0 && !create)
		return mc_fail(e, MC_NOINPUT, "%s: an unfinished store",
		    mc_buf_str(&s->path));
	if (version == STEPS)
		return true;
	return mc_db_exec(s, "PRAGMA journal_mode = WAL", e) && migrate(s, e);
}

/*
 * On a full disk what is there can still be read: by one who has the file for
 * himself the log needs no index on disk.  Nothing is written, the log is left
 * as it is, and who would write learns that the disk is full.
 */
static bool
read_alone(struct mc_store *s, struct mc_err *e)
{
	sqlite3_busy_timeout(s->db, 0);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return mc_db_exec(
	    s, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = ON", e);
}

bool
mc_db_open(struct mc_store *s, const char *uri, int flags, struct mc_err *e)
{
	const char *path = mc_buf_str(&s->path);
	AUTO_BUF plain = MC_BUF_INIT;
	int rc;

	/* "file:" at the beginning would make it a URI */
	if (!mc_buf_printf(&plain, e, "%s%s", *path == '/' ? "" : "./", path))
		return false;
	rc = sqlite3_open_v2(uri ? uri : mc_buf_str(&plain), &s->db,
	    flags | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (rc != SQLITE_OK)
		return mc_db_fail(s, rc, e);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	if (s->full && !read_alone(s, e))
		return false;
	return mc_db_exec(
	    s, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", e);
}

/* SQLite would make the file readable to everybody. */
static bool
make_file(const char *path, struct mc_err *e)
{
	AUTO_FD fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	return fd != -1 || mc_fail_errno(e, MC_IO, "%s", path);
}

bool
mc_db_lock(const char *dir, int *out, struct mc_err *e)
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

	if (access(path, F_OK) == -1)
		return mc_fail_errno(e,
		    errno == ENOENT || errno == ENOTDIR ? MC_NOINPUT : MC_IO,
		    "%s", path);
	return mc_db_open(s, NULL, SQLITE_OPEN_READWRITE, e);
}

/* No room for what the log needs beside the file, its index above all. */
static bool
lacks_room(struct mc_store *s, const struct mc_err *e)
{
	int rc = s->db ? sqlite3_errcode(s->db) & 0xff : SQLITE_OK;

	return e->code == MC_RETRY &&
	    (rc == SQLITE_FULL || rc == SQLITE_CANTOPEN || rc == SQLITE_IOERR);
}

static bool
open_and_set_up(struct mc_store *s, bool create, struct mc_err *e)
{
	return open_file(s, e) && set_up(s, create, e);
}

/* Two who want the file for themselves would wait for each other forever. */
static void
stand_back(void)
{
	struct timespec pause = { 0 };

	/* as good as random, for each of them another */
	clock_gettime(CLOCK_MONOTONIC, &pause);
	pause.tv_sec = 0;
	pause.tv_nsec = 5000000 + pause.tv_nsec / 1000 % 40 * 1000000;
	nanosleep(&pause, NULL);
}

/* Where the others fail too, the first reason is the one that counts. */
static bool
open_any(struct mc_store *s, bool create, struct mc_err *e)
{
	struct mc_err second = MC_ERR_INIT;

	if (open_and_set_up(s, create, e))
		return true;
	if (create || !lacks_room(s, e))
		return false;
	s->full = true;
	for (int i = 0; i < ALONE_TRIES; i++) {
		mc_store_rollback(s);
		sqlite3_close(take(&s->db));
		if (open_and_set_up(s, create, &second)) {
			*e = (struct mc_err)MC_ERR_INIT;
			return true;
		}
		if (second.code != MC_RETRY)
			break;
		stand_back();
	}
	return false;
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
	    (!mc_dir_make(dir, 0700, e) || !mc_db_lock(dir, &lock, e) ||
		!make_file(mc_buf_str(&s->path), e)))
		return false;
	if (!open_any(s, create, e))
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
	/* the engine would begin it, and fail with the first change only */
	if (s->full)
		return mc_db_fail(s, SQLITE_FULL, e);
	return mc_db_exec(s, "BEGIN IMMEDIATE", e);
}

bool
mc_store_commit(struct mc_store *s, struct mc_err *e)
{
	if (mc_db_exec(s, "COMMIT", e))
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

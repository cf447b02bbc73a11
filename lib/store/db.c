/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <errno.h>
#include <stdlib.h>

/* A disk that is full, or as good as; files that are all in use. */
static bool
passes(int sys)
{
	return sys == ENOSPC || sys == EDQUOT || sys == EMFILE || sys == ENFILE;
}

static bool
fail_io(struct mc_store *s, int rc, struct mc_err *e)
{
	const char *path = mc_buf_str(&s->path);
	int left = errno, sys = s->db ? sqlite3_system_errno(s->db) : left;

	/* the engine forgets it where a commit fails; we had cleared it */
	if (sys == 0 && passes(left))
		sys = left;
	if (rc == SQLITE_IOERR_NOMEM)
		return mc_fail_memory(e);
	if (passes(sys))
		return mc_fail(e, MC_RETRY,
		    "%s: %s; nothing was recorded; try again", path,
		    strerror(sys));
	return mc_fail(e, MC_IO, "%s: cannot be read or written: %s", path,
	    sys ? strerror(sys) : sqlite3_errstr(rc));
}

static bool
fail_constraint(struct mc_store *s, int rc, struct mc_err *e)
{
	const char *path = mc_buf_str(&s->path);

	if (rc == SQLITE_CONSTRAINT_UNIQUE ||
	    rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
		return mc_fail(e, MC_DENIED, "%s: recorded already", path);
	return mc_fail(e, MC_INTERNAL, "%s: %s", path, sqlite3_errmsg(s->db));
}

bool
mc_db_fail(struct mc_store *s, int rc, struct mc_err *e)
{
	const char *path = mc_buf_str(&s->path);

	if (s->full && (rc & 0xff) == SQLITE_READONLY)
		rc = SQLITE_FULL;
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL: /* readers in a race for the log's index */
		return mc_fail(e, MC_RETRY,
		    "%s: kept busy by other processes; try again", path);
	case SQLITE_FULL:
		return mc_fail(e, MC_RETRY,
		    "%s: the disk is full; nothing was recorded", path);
	case SQLITE_NOMEM:
		return mc_fail_memory(e);
	case SQLITE_CONSTRAINT:
		return fail_constraint(s, rc, e);
	case SQLITE_NOTADB:
		return mc_fail(e, MC_MALFORMED, "%s: not a store", path);
	case SQLITE_CORRUPT:
		return mc_fail(e, MC_IO, "%s: damaged; restore a backup", path);
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return fail_io(s, rc, e);
	default:
		return mc_fail(e, MC_INTERNAL, "%s: %s", path,
		    s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc));
	}
}

bool
mc_db_fail_damage(struct mc_store *s, struct mc_err *e)
{
	int rc = s->db ? sqlite3_errcode(s->db) & 0xff : SQLITE_OK;

	if (e->code == MC_MALFORMED ||
	    (rc != SQLITE_CORRUPT && rc != SQLITE_NOTADB &&
		rc != SQLITE_TOOBIG))
		return false;
	return mc_fail(e, MC_MALFORMED, "%s: damaged", mc_buf_str(&s->path));
}

static int
bind(sqlite3_stmt *st, int i, const struct mc_db_value *v)
{
	switch (v->kind) {
	case MC_DB_IS_TEXT: /* a NULL pointer binds NULL */
		return sqlite3_bind_text(st, i, v->text, -1, SQLITE_STATIC);
	case MC_DB_IS_INT:
		return sqlite3_bind_int64(st, i, v->number);
	case MC_DB_IS_BLOB:
		return sqlite3_bind_blob64(
		    st, i, v->blob->data, v->blob->len, SQLITE_STATIC);
	case MC_DB_IS_END:
		break;
	}
	return SQLITE_MISUSE;
}

bool
mc_db_query(struct mc_store *s, const char *sql,
    const struct mc_db_value *values, sqlite3_stmt **out, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);

	for (int i = 0; rc == SQLITE_OK && values && values[i].kind; i++)
		rc = bind(st, i + 1, &values[i]);
	if (rc != SQLITE_OK)
		return mc_db_fail(s, rc, e);
	*out = take(&st);
	return true;
}

bool
mc_db_step(struct mc_store *s, sqlite3_stmt *st, bool *row, struct mc_err *e)
{
	int rc;

	errno = 0; /* for fail_io() */
	rc = sqlite3_step(st);
	*row = rc == SQLITE_ROW;
	return *row || rc == SQLITE_DONE || mc_db_fail(s, rc, e);
}

bool
mc_db_change(struct mc_store *s, const char *sql,
    const struct mc_db_value *values, int *changed, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s, sql, values, &st, e) || !mc_db_step(s, st, &row, e))
		return false;
	if (changed)
		*changed = sqlite3_changes(s->db);
	return true;
}

bool
mc_db_exec(struct mc_store *s, const char *sql, struct mc_err *e)
{
	int rc;

	errno = 0; /* for fail_io() */
	rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK || mc_db_fail(s, rc, e);
}

bool
mc_db_number(struct mc_store *s, const char *sql,
    const struct mc_db_value *values, int64_t *out, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s, sql, values, &st, e) || !mc_db_step(s, st, &row, e))
		return false;
	*out = row ? mc_db_int(st, 0) : 0;
	return true;
}

bool
mc_db_together(struct mc_store *s, struct mc_err *e)
{
	return mc_db_exec(s, "SAVEPOINT together", e);
}

bool
mc_db_together_end(struct mc_store *s, struct mc_err *e)
{
	return mc_db_exec(s, "RELEASE together", e) || mc_db_undo(s);
}

/* Some failures have rolled everything back by themselves. */
bool
mc_db_undo(struct mc_store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK TO together; RELEASE together",
		    NULL, NULL, NULL);
	return false;
}

bool
mc_db_text_get(sqlite3_stmt *st, int col, const char **out, struct mc_err *e)
{
	/* asked first: to read it as text may convert it */
	bool null = sqlite3_column_type(st, col) == SQLITE_NULL;

	*out = (const char *)sqlite3_column_text(st, col);
	return *out || null || mc_fail_memory(e);
}

bool
mc_db_text(sqlite3_stmt *st, int col, char **out, struct mc_err *e)
{
	const char *text;

	if (!mc_db_text_get(st, col, &text, e))
		return false;
	*out = text ? strdup(text) : NULL;
	return !text || *out || mc_fail_memory(e);
}

bool
mc_db_copy(sqlite3_stmt *st, int col, char *out, size_t size, struct mc_err *e)
{
	const char *text;
	size_t n;

	if (!mc_db_text_get(st, col, &text, e))
		return false;
	n = text ? strlen(text) : 0;
	if (n >= size)
		return mc_fail(e, MC_INTERNAL, "store: column %s is too long",
		    sqlite3_column_name(st, col));
	memcpy(out, text ? text : "", n + 1);
	return true;
}

int64_t
mc_db_int(sqlite3_stmt *st, int col)
{
	return sqlite3_column_int64(st, col);
}

bool
mc_db_blob(sqlite3_stmt *st, int col, struct mc_buf *to, struct mc_err *e)
{
	const void *data = sqlite3_column_blob(st, col);
	int n = sqlite3_column_bytes(st, col);

	return n <= 0 || mc_buf_add(to, data, (size_t)n, e);
}

/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <errno.h>
#include <stdlib.h>

bool
mc_db_fail(struct mc_store *s, int rc, struct mc_err *e)
{
	const char *path = mc_buf_str(&s->path);
	int sys = s->db ? sqlite3_system_errno(s->db) : errno;

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return mc_fail(e, MC_RETRY,
		    "%s: kept busy by other processes; try again", path);
	case SQLITE_FULL:
		return mc_fail(e, MC_RETRY,
		    "%s: the disk is full; nothing was recorded", path);
	case SQLITE_NOMEM:
		return mc_fail_memory(e);
	case SQLITE_CONSTRAINT:
		return mc_fail(e, MC_DENIED, "%s: recorded already", path);
	case SQLITE_NOTADB:
		return mc_fail(e, MC_MALFORMED, "%s: not a store", path);
	case SQLITE_CORRUPT:
		return mc_fail(e, MC_IO, "%s: damaged; restore a backup", path);
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return mc_fail(e, MC_IO, "%s: cannot be read or written: %s",
		    path, sys ? strerror(sys) : sqlite3_errstr(rc));
	default:
		return mc_fail(e, MC_INTERNAL, "%s: %s", path,
		    s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc));
	}
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
	int rc = sqlite3_step(st);

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
mc_db_text(sqlite3_stmt *st, int col, char **out, struct mc_err *e)
{
	const char *text = (const char *)sqlite3_column_text(st, col);

	*out = text ? strdup(text) : NULL;
	if (!*out && sqlite3_column_type(st, col) != SQLITE_NULL)
		return mc_fail_memory(e);
	return true;
}

bool
mc_db_copy(sqlite3_stmt *st, int col, char *out, size_t size, struct mc_err *e)
{
	const char *text = (const char *)sqlite3_column_text(st, col);
	size_t n = text ? strlen(text) : 0;

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

/* SPDX-License-Identifier: ISC */
/*
 * The engine under the store, for the files of this folder only: SQLite
 * statements with values and errors of ours.
 *
 *	AUTO(sqlite3_stmt) *st = NULL;
 *	bool row;
 *
 *	if (!mc_db_query(s, "SELECT a, b FROM t WHERE c = ?1 AND d < ?2",
 *		(struct mc_db_value[]){ MC_DB_TEXT(c), MC_DB_INT(d),
 *		    MC_DB_END }, &st, e) ||
 *	    !mc_db_step(s, st, &row, e))
 *		return false;
 *
 * Every group of tables is one constant, written beside the code that uses
 * it and listed in store.c.
 */
#ifndef MC_STORE_DB_H
#define MC_STORE_DB_H

#include <sqlite3.h>

#include "store/store.h"

extern const char mc_schema_challenge[];
extern const char mc_schema_certificate[];
extern const char mc_schema_enrolment[];

struct mc_store {
	sqlite3 *db;
	struct mc_buf path; /* for messages */
};

static inline void
mc_db_finalize(sqlite3_stmt *st)
{
	sqlite3_finalize(st);
}
CLEANUP(sqlite3_stmt, mc_db_finalize);

/* A parameter of a statement, lent for the statement's life. */
struct mc_db_value {
	enum { MC_DB_IS_END, MC_DB_IS_TEXT, MC_DB_IS_INT, MC_DB_IS_BLOB } kind;
	const char *text; /* NULL is SQL's NULL */
	int64_t number;
	const struct mc_buf *blob;
};

#define MC_DB_TEXT(s)                                                          \
	{                                                                      \
		MC_DB_IS_TEXT, (s), 0, NULL                                    \
	}
#define MC_DB_INT(n)                                                           \
	{                                                                      \
		MC_DB_IS_INT, NULL, (n), NULL                                  \
	}
#define MC_DB_BLOB(b)                                                          \
	{                                                                      \
		MC_DB_IS_BLOB, NULL, 0, (b)                                    \
	}
#define MC_DB_END                                                              \
	{                                                                      \
		MC_DB_IS_END, NULL, 0, NULL                                    \
	}

/* "" as SQL's NULL: for references that may be absent. */
#define MC_DB_TEXT_OR_NULL(s) MC_DB_TEXT(*(s) ? (s) : NULL)

/*
 * Record what went wrong in our words, SQLite's own where we have none:
 * MC_RETRY busy or full, MC_DENIED a constraint, MC_IO, MC_MALFORMED.
 */
bool mc_db_fail(struct mc_store *s, int rc, struct mc_err *e);

/* Prepare sql and bind values (MC_DB_END last; NULL: none) to ?1, ?2, ... */
MC_NODISCARD bool mc_db_query(struct mc_store *s, const char *sql,
    const struct mc_db_value *values, sqlite3_stmt **out, struct mc_err *e);

/* The next row; *row is false after the last one. */
MC_NODISCARD bool
mc_db_step(struct mc_store *s, sqlite3_stmt *st, bool *row, struct mc_err *e);

/*
 * A statement that answers no rows; *changed (may be NULL) says how many it
 * touched.  A value that must be unique and is there already is MC_DENIED.
 */
MC_NODISCARD bool mc_db_change(struct mc_store *s, const char *sql,
    const struct mc_db_value *values, int *changed, struct mc_err *e);

/* Columns, from 0: a copy (NULL for NULL) that replaces nothing; a fixed
 * field ("" for NULL; MC_INTERNAL if it is too long); a number; bytes. */
MC_NODISCARD bool
mc_db_text(sqlite3_stmt *st, int col, char **out, struct mc_err *e);
MC_NODISCARD bool
mc_db_copy(sqlite3_stmt *st, int col, char *out, size_t size, struct mc_err *e);
int64_t mc_db_int(sqlite3_stmt *st, int col);
MC_NODISCARD bool
mc_db_blob(sqlite3_stmt *st, int col, struct mc_buf *to, struct mc_err *e);

#endif

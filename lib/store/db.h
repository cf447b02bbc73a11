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
extern const char mc_schema_challenge_uses[];
extern const char mc_schema_certificate_ways[];
extern const char mc_schema_certificate_search[];
extern const char mc_schema_request[];
extern const char mc_schema_history[];
extern const char mc_schema_number[];
extern const char mc_schema_budget[];
extern const char mc_schema_challenge_profile[];
extern const char mc_schema_request_limits[];
extern const char mc_schema_certificate_replaces[];
extern const char mc_schema_certificate_line[];
extern const char mc_schema_copy[]; /* in a copy only */

struct mc_store {
	sqlite3 *db;
	struct mc_buf path; /* for messages */
	bool full;          /* no disk to write to: it is read, no more */
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

/* Bytes; an empty buffer as SQL's NULL. */
#define MC_DB_BLOB_OR_NULL(b)                                                  \
	{                                                                      \
		(b)->len ? MC_DB_IS_BLOB : MC_DB_IS_TEXT, NULL, 0, (b)         \
	}

/*
 * Record what went wrong in our words, SQLite's own where we have none:
 * MC_RETRY busy or full, MC_DENIED for what is there already, MC_IO,
 * MC_MALFORMED; MC_INTERNAL for other constraints, which callers keep.
 */
bool mc_db_fail(struct mc_store *s, int rc, struct mc_err *e);

/*
 * False; where it is the file that is at fault, MC_MALFORMED instead of what
 * was recorded: for copies, which may be anything, and for checks.
 */
bool mc_db_fail_damage(struct mc_store *s, struct mc_err *e);

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

/* Statements without values and without rows; one number of the first row, 0
 * where there is none. */
MC_NODISCARD bool
mc_db_exec(struct mc_store *s, const char *sql, struct mc_err *e);
MC_NODISCARD bool mc_db_number(struct mc_store *s, const char *sql,
    const struct mc_db_value *values, int64_t *out, struct mc_err *e);

/*
 * All or nothing, inside a transaction and without one: what fails before the
 * end is undone by mc_db_undo(), which returns false.
 */
MC_NODISCARD bool mc_db_together(struct mc_store *s, struct mc_err *e);
MC_NODISCARD bool mc_db_together_end(struct mc_store *s, struct mc_err *e);
bool mc_db_undo(struct mc_store *s);

/* Open s->path, or what uri says instead, for a file that may be anybody's. */
MC_NODISCARD bool
mc_db_open(struct mc_store *s, const char *uri, int flags, struct mc_err *e);

#define MC_DB_APPLICATION 0x4d435046 /* "MCPF", in the file's header */
#define MC_DB_REPLACED 0x4d435052    /* "MCPR": set aside by a restore */

/* All the steps of the schema, as user_version counts them. */
int64_t mc_db_steps(void);

/* The steps from one version to another, in the caller's transaction. */
MC_NODISCARD bool
mc_db_migrate(struct mc_store *s, int64_t from, int64_t to, struct mc_err *e);

/* The file's own structure and its references, whatever its tables are. */
MC_NODISCARD bool mc_db_check_pages(struct mc_store *s, struct mc_err *e);

/* Against others who make or replace a store in this folder. */
MC_NODISCARD bool mc_db_lock(const char *dir, int *fd, struct mc_err *e);

/* A temporary file, with what the engine left beside it. */
void mc_db_unlink(const char *path);

/*
 * A text column, lent until the next step: NULL for NULL only.  Every text is
 * read by this one, for the engine says NULL where it is out of memory, too.
 */
MC_NODISCARD bool
mc_db_text_get(sqlite3_stmt *st, int col, const char **out, struct mc_err *e);

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

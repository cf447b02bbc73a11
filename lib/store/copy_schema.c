/* SPDX-License-Identifier: ISC */
#include "store/copy_schema.h"

#include <stdlib.h>

#define SCHEMA_COLUMNS 4

bool
mc_db_copy_schema_check(struct mc_store *s, int64_t version, struct mc_err *e)
{
	AUTO(mc_store) *ours = calloc(1, sizeof(*ours));
	AUTO(sqlite3_stmt) *st = NULL;
	struct mc_db_value v[SCHEMA_COLUMNS + 1] = { 0 }; /* and its end */
	int64_t same = 0, all = 0, wanted = 0;
	bool row;

	if (!ours)
		return mc_fail_memory(e);
	if (!mc_buf_puts(&ours->path, "the schema", e) ||
	    !mc_db_open(ours,
		":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e) ||
	    !mc_db_migrate(ours, 0, version, e) ||
	    !mc_db_query(ours,
		"SELECT type, name, tbl_name, sql FROM sqlite_schema", NULL,
		&st, e))
		return false;
	for (;; wanted++, all += same) {
		if (!mc_db_step(ours, st, &row, e))
			return false;
		if (!row)
			break;
		for (int i = 0; i < SCHEMA_COLUMNS; i++) {
			v[i].kind = MC_DB_IS_TEXT;
			if (!mc_db_text_get(st, i, &v[i].text, e))
				return false;
		}
		if (!mc_db_number(s,
			"SELECT count(*) FROM sqlite_schema WHERE type = ?1"
			" AND name = ?2 AND tbl_name = ?3 AND sql IS ?4",
			v, &same, e))
			return false;
	}
	if (!mc_db_number(
		s, "SELECT count(*) FROM sqlite_schema", NULL, &same, e))
		return false;
	return (all == wanted && same == wanted) ||
	    mc_fail(e, MC_MALFORMED, "%s: its tables are not a store's",
		mc_buf_str(&s->path));
}

bool
mc_db_copy_version(struct mc_store *s, int64_t *version, struct mc_err *e)
{
	int64_t application;

	if (!mc_db_number(s, "PRAGMA application_id", NULL, &application, e) ||
	    !mc_db_number(s, "PRAGMA user_version", NULL, version, e))
		return false;
	if ((application != MC_DB_APPLICATION &&
		application != MC_DB_REPLACED) ||
	    *version < 1)
		return mc_fail(e, MC_MALFORMED, "%s: not a store of mcprofile",
		    mc_buf_str(&s->path));
	return *version <= mc_db_steps() ||
	    mc_fail(e, MC_MALFORMED,
		"%s: written by a newer version of mcprofile",
		mc_buf_str(&s->path));
}

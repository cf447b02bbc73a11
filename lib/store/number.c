/* SPDX-License-Identifier: ISC */
#include "store/number.h"

#include "store/db.h"

const char mc_schema_number[] = "CREATE TABLE number ("
				" name TEXT PRIMARY KEY,"
				" value INTEGER NOT NULL"
				") STRICT, WITHOUT ROWID;";

bool
mc_store_number_get(
    struct mc_store *s, const char *name, int64_t *out, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(name), MC_DB_END };

	return mc_db_number(
	    s, "SELECT value FROM number WHERE name = ?1", v, out, e);
}

bool
mc_store_number_raise(
    struct mc_store *s, const char *name, int64_t value, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(name),
		MC_DB_INT(value),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO number VALUES (?1, ?2) ON CONFLICT DO UPDATE"
	    " SET value = excluded.value WHERE excluded.value > value",
	    v, NULL, e);
}

bool
mc_store_number_count(struct mc_store *s, const char *name, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(name), MC_DB_END };

	return mc_db_change(s,
	    "INSERT INTO number VALUES (?1, 1) ON CONFLICT DO UPDATE"
	    " SET value = value + 1 WHERE value < 0x7fffffffffffffff",
	    v, NULL, e);
}

bool
mc_store_number_list(struct mc_store *s, const char *prefix,
    bool (*each)(void *ctx, const char *name, int64_t value, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(prefix), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	const char *name;
	bool row;

	if (!mc_db_query(s,
		"SELECT name, value FROM number WHERE name >= ?1"
		" AND name < ?1 || char(0x10ffff) ORDER BY name",
		v, &st, e))
		return false;
	for (;;) {
		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		if (!mc_db_text_get(st, 0, &name, e) ||
		    !each(ctx, name, mc_db_int(st, 1), e))
			return false;
	}
}

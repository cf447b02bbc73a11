/* SPDX-License-Identifier: ISC */
#include "store/history.h"

#include "store/db.h"

const char mc_schema_history[] =
    "CREATE TABLE history ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " serial TEXT NOT NULL REFERENCES certificate (serial),"
    " at INTEGER NOT NULL,"
    " what TEXT NOT NULL,"
    " who TEXT,"
    " note TEXT"
    ") STRICT;"
    "CREATE INDEX history_serial ON history (serial);"
    "CREATE INDEX history_repeated ON history (serial)"
    " WHERE what = 'repeated';";

/* A requester that asks for ever must not fill the disk. */
static bool
keep_repeated(struct mc_store *s, const struct mc_history *h, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(h->serial),
		MC_DB_INT(MC_HISTORY_REPEATED),
		MC_DB_END,
	};

	return strcmp(h->what, "repeated") != 0 ||
	    mc_db_change(s,
		"DELETE FROM history WHERE number IN (SELECT number"
		" FROM history WHERE serial = ?1 AND what = 'repeated'"
		" ORDER BY number DESC LIMIT -1 OFFSET ?2)",
		v, NULL, e);
}

bool
mc_store_history_add(
    struct mc_store *s, const struct mc_history *h, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(h->serial),
		MC_DB_INT(h->at),
		MC_DB_TEXT(h->what),
		MC_DB_TEXT(h->who),
		MC_DB_TEXT(h->note),
		MC_DB_END,
	};

	return mc_db_change(s,
		   "INSERT INTO history (serial, at, what, who, note)"
		   " VALUES (?1, ?2, ?3, ?4, ?5)",
		   v, NULL, e) &&
	    keep_repeated(s, h, e);
}

bool
mc_store_history_list(struct mc_store *s, const char *serial,
    bool (*each)(void *ctx, const struct mc_history *h, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(serial), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		"SELECT at, what, who, note FROM history"
		" WHERE serial = ?1 ORDER BY number",
		v, &st, e))
		return false;
	for (;;) {
		struct mc_history h = { .serial = serial };

		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		h.at = mc_db_int(st, 0);
		if (!mc_db_text_get(st, 1, &h.what, e) ||
		    !mc_db_text_get(st, 2, &h.who, e) ||
		    !mc_db_text_get(st, 3, &h.note, e) || !each(ctx, &h, e))
			return false;
	}
}

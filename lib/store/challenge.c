/* SPDX-License-Identifier: ISC */
#include "store/challenge.h"

#include <stdlib.h>

#include "store/db.h"

const char mc_schema_challenge[] =
    "CREATE TABLE challenge ("
    " hash TEXT PRIMARY KEY,"
    " subject TEXT,"
    " owner TEXT,"
    " created INTEGER NOT NULL,"
    " expires INTEGER NOT NULL,"
    " used_by TEXT"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX challenge_created ON challenge (created, hash);";

#define COLUMNS "hash, subject, owner, created, expires, used_by"

void
mc_challenge_clear(struct mc_challenge *c)
{
	free(c->subject);
	free(c->owner);
	*c = (struct mc_challenge){ 0 };
}

static bool
read_row(sqlite3_stmt *st, struct mc_challenge *c, struct mc_err *e)
{
	c->created = mc_db_int(st, 3);
	c->expires = mc_db_int(st, 4);
	return mc_db_copy(st, 0, c->hash, sizeof(c->hash), e) &&
	    mc_db_text(st, 1, &c->subject, e) &&
	    mc_db_text(st, 2, &c->owner, e) &&
	    mc_db_copy(st, 5, c->used_by, sizeof(c->used_by), e);
}

bool
mc_store_challenge_add(
    struct mc_store *s, const struct mc_challenge *c, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(c->hash),
		MC_DB_TEXT(c->subject),
		MC_DB_TEXT(c->owner),
		MC_DB_INT(c->created),
		MC_DB_INT(c->expires),
		MC_DB_TEXT_OR_NULL(c->used_by),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO challenge (" COLUMNS
	    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	    v, NULL, e);
}

bool
mc_store_challenge_find(struct mc_store *s, const char *hash,
    struct mc_challenge *out, bool *found, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(hash), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	AUTO_CHALLENGE c = { 0 };
	bool row;

	if (!mc_db_query(s, "SELECT " COLUMNS " FROM challenge WHERE hash = ?1",
		v, &st, e) ||
	    !mc_db_step(s, st, &row, e) || (row && !read_row(st, &c, e)))
		return false;
	*found = row;
	if (!row)
		return true;
	*out = c;
	c = (struct mc_challenge){ 0 };
	return true;
}

bool
mc_store_challenge_use(
    struct mc_store *s, const char *hash, const char *request, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(hash),
		MC_DB_TEXT(request),
		MC_DB_END,
	};
	int changed;

	if (!mc_db_change(s,
		"UPDATE challenge SET used_by = ?2"
		" WHERE hash = ?1 AND used_by IS NULL",
		v, &changed, e))
		return false;
	return changed == 1 ||
	    mc_fail(e, MC_DENIED, "the challenge is used up or unknown");
}

bool
mc_store_challenge_list(struct mc_store *s,
    bool (*each)(void *ctx, const struct mc_challenge *c, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		"SELECT " COLUMNS " FROM challenge"
		" ORDER BY created DESC, hash",
		NULL, &st, e))
		return false;
	for (;;) {
		AUTO_CHALLENGE c = { 0 };

		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		if (!read_row(st, &c, e) || !each(ctx, &c, e))
			return false;
	}
}

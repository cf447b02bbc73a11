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

/* A challenge that was used once is one that had one use. */
const char mc_schema_challenge_uses[] =
    "ALTER TABLE challenge ADD COLUMN names TEXT;"
    "ALTER TABLE challenge ADD COLUMN user TEXT;"
    "ALTER TABLE challenge ADD COLUMN profile TEXT;"
    "ALTER TABLE challenge ADD COLUMN uses INTEGER NOT NULL DEFAULT 1"
    " CHECK (uses > 0);"
    "ALTER TABLE challenge ADD COLUMN used INTEGER NOT NULL DEFAULT 0"
    " CHECK (used BETWEEN 0 AND uses);"
    "ALTER TABLE challenge ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE challenge ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE challenge ADD COLUMN sealed BLOB;"
    "UPDATE challenge SET used = 1 WHERE used_by IS NOT NULL;"
    "CREATE INDEX challenge_user ON challenge (user) WHERE user IS NOT NULL;"
    "CREATE INDEX challenge_owner ON challenge (owner)"
    " WHERE owner IS NOT NULL;"
    "CREATE INDEX challenge_expires ON challenge (expires);"
    "CREATE INDEX challenge_sealed ON challenge (expires)"
    " WHERE sealed IS NOT NULL AND revoked_at = 0;";

/* One without a profile was good for whichever the requester went to. */
const char mc_schema_challenge_profile[] =
    "UPDATE challenge SET profile = 'default' WHERE profile IS NULL;";

#define PREFIX_MIN 12

/* in the order that read_row() knows */
#define COLUMNS                                                                \
	"hash, subject, names, owner, user, profile, created, expires, uses,"  \
	" used, failures, revoked_at, sealed, used_by"

void
mc_challenge_clear(struct mc_challenge *c)
{
	free(c->subject);
	free(c->names);
	free(c->owner);
	free(c->user);
	free(c->profile);
	mc_buf_clear(&c->sealed);
	*c = (struct mc_challenge){ 0 };
}

const char *
mc_challenge_status(const struct mc_challenge *c, int64_t now)
{
	if (c->revoked_at != 0)
		return "revoked";
	if (c->used >= c->uses)
		return "used";
	return now >= c->expires ? "expired" : "open";
}

static bool
read_row(sqlite3_stmt *st, struct mc_challenge *c, struct mc_err *e)
{
	c->created = mc_db_int(st, 6);
	c->expires = mc_db_int(st, 7);
	c->uses = (unsigned)mc_db_int(st, 8);
	c->used = (unsigned)mc_db_int(st, 9);
	c->failures = (unsigned)mc_db_int(st, 10);
	c->revoked_at = mc_db_int(st, 11);
	return mc_db_copy(st, 0, c->hash, sizeof(c->hash), e) &&
	    mc_db_text(st, 1, &c->subject, e) &&
	    mc_db_text(st, 2, &c->names, e) &&
	    mc_db_text(st, 3, &c->owner, e) && mc_db_text(st, 4, &c->user, e) &&
	    mc_db_text(st, 5, &c->profile, e) &&
	    mc_db_blob(st, 12, &c->sealed, e) &&
	    mc_db_copy(st, 13, c->used_by, sizeof(c->used_by), e);
}

bool
mc_store_challenge_add(
    struct mc_store *s, const struct mc_challenge *c, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(c->hash),
		MC_DB_TEXT(c->subject),
		MC_DB_TEXT(c->names),
		MC_DB_TEXT(c->owner),
		MC_DB_TEXT(c->user),
		MC_DB_TEXT(c->profile),
		MC_DB_INT(c->created),
		MC_DB_INT(c->expires),
		MC_DB_INT(c->uses),
		MC_DB_BLOB_OR_NULL(&c->sealed),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO challenge (hash, subject, names, owner, user, profile,"
	    " created, expires, uses, sealed)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
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
		"UPDATE challenge SET used = used + 1, used_by = ?2"
		" WHERE hash = ?1 AND used < uses AND revoked_at = 0",
		v, &changed, e))
		return false;
	return changed == 1 ||
	    mc_fail(e, MC_DENIED, "the challenge is used up or unknown");
}

bool
mc_store_challenge_fail(
    struct mc_store *s, const char *hash, unsigned *failures, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(hash), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		"UPDATE challenge SET failures = failures + 1 WHERE hash = ?1"
		" RETURNING failures",
		v, &st, e) ||
	    !mc_db_step(s, st, &row, e))
		return false;
	if (!row)
		return mc_fail(e, MC_INTERNAL, "challenge: not in the store");
	*failures = (unsigned)mc_db_int(st, 0);
	/* the change is complete when its last row was read */
	return mc_db_step(s, st, &row, e);
}

static bool
is_prefix(const char *text)
{
	size_t n = strspn(text, "0123456789abcdef");

	return n >= PREFIX_MIN && n < MC_SHA256_HEX && !text[n];
}

bool
mc_store_challenge_revoke(struct mc_store *s, const char *prefix,
    const char *user, const char *owner, int64_t at, unsigned *n,
    struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(prefix ? prefix
			: user    ? user
				  : owner),
		MC_DB_INT(at),
		MC_DB_END,
	};
	int changed;

	if (prefix && !is_prefix(prefix))
		return mc_fail(e, MC_USAGE,
		    "\"%s\": want the first %d lower-case hexadecimal digits "
		    "of a challenge's hash, or more",
		    prefix, PREFIX_MIN);
#define REVOKE                                                                 \
	"UPDATE challenge SET revoked_at = ?2"                                 \
	" WHERE revoked_at = 0 AND used < uses AND expires > ?2 AND "
	if (!mc_db_change(s,
		prefix     ? REVOKE "hash >= ?1 AND hash < ?1 || 'g'"
		    : user ? REVOKE "user = ?1"
			   : REVOKE "owner = ?1",
		v, &changed, e))
		return false;
#undef REVOKE
	*n = (unsigned)changed;
	return true;
}

bool
mc_store_challenge_purge(
    struct mc_store *s, int64_t before, unsigned *n, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_INT(before), MC_DB_END };
	int changed;

	if (!mc_db_change(s,
		"DELETE FROM challenge WHERE expires < ?1"
		" AND NOT EXISTS (SELECT 1 FROM certificate"
		"  WHERE certificate.challenge = hash)"
		" AND NOT EXISTS (SELECT 1 FROM request"
		"  WHERE request.challenge = hash)",
		v, &changed, e))
		return false;
	*n = (unsigned)changed;
	return true;
}

static bool
list(struct mc_store *s, const char *sql, int64_t value,
    mc_challenge_each *each, void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_INT(value), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s, sql, v, &st, e))
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

bool
mc_store_challenge_list(struct mc_store *s, unsigned limit,
    mc_challenge_each *each, void *ctx, struct mc_err *e)
{
	return list(s,
	    "SELECT " COLUMNS " FROM challenge"
	    " ORDER BY created DESC, hash LIMIT ?1",
	    limit ? (int64_t)limit : -1, each, ctx, e);
}

#define TEXT_OF(n) #n
#define TEXT(n) TEXT_OF(n)

bool
mc_store_challenge_list_sealed(struct mc_store *s, int64_t now,
    mc_challenge_each *each, void *ctx, struct mc_err *e)
{
	return list(s,
	    "SELECT " COLUMNS " FROM challenge INDEXED BY challenge_sealed"
	    " WHERE sealed IS NOT NULL AND revoked_at = 0 AND expires > ?1"
	    " ORDER BY used >= uses, created DESC, hash"
	    " LIMIT " TEXT(MC_CHALLENGE_SEALED_MAX),
	    now, each, ctx, e);
}

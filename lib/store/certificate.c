/* SPDX-License-Identifier: ISC */
#include "store/certificate.h"

#include <stdlib.h>

#include "store/db.h"
#include "store/row.h"

const char mc_schema_certificate[] =
    "CREATE TABLE certificate ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " serial TEXT NOT NULL UNIQUE,"
    " request TEXT NOT NULL UNIQUE,"
    " txn TEXT NOT NULL,"
    " signer TEXT NOT NULL,"
    " csr TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " owner TEXT,"
    " challenge TEXT REFERENCES challenge (hash),"
    " not_before INTEGER NOT NULL,"
    " not_after INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " der BLOB,"
    " created INTEGER NOT NULL,"
    " revoked_at INTEGER NOT NULL DEFAULT 0,"
    " reason INTEGER NOT NULL DEFAULT 0,"
    " CHECK ((state = 0) = (der IS NULL)),"
    " CHECK ((state = 2) = (revoked_at <> 0))"
    ") STRICT;"
    "CREATE INDEX certificate_owner ON certificate (owner);"
    "CREATE INDEX certificate_challenge ON certificate (challenge);";

/*
 * What is imported has no request, so that the column may be NULL now, for
 * which the table is built anew.  Nobody was to be told of the old ones before
 * they left.
 *
 * Every index ends with the row's id, which is how the newest come first.
 * certificate_state and certificate_end hold all that a list of a status needs
 * to pass over what has expired without reading its row.
 */
const char mc_schema_certificate_ways[] =
    "CREATE TABLE certificate_new ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " serial TEXT NOT NULL UNIQUE,"
    " request TEXT UNIQUE,"
    " txn TEXT NOT NULL,"
    " signer TEXT NOT NULL,"
    " csr TEXT NOT NULL,"
    " key TEXT,"
    " issuer TEXT,"
    " way INTEGER NOT NULL CHECK (way BETWEEN 0 AND 6),"
    " profile TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " names TEXT,"
    " owner TEXT,"
    " user TEXT,"
    " source TEXT,"
    " challenge TEXT REFERENCES challenge (hash),"
    " replaces TEXT,"
    " not_before INTEGER NOT NULL,"
    " not_after INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " created INTEGER NOT NULL,"
    " told INTEGER NOT NULL DEFAULT 0,"
    " revoked_at INTEGER NOT NULL DEFAULT 0,"
    " reason INTEGER NOT NULL DEFAULT 0,"
    " der BLOB,"
    " CHECK ((state = 0) = (der IS NULL)),"
    " CHECK ((state = 2) = (revoked_at <> 0))"
    ") STRICT;"
    "INSERT INTO certificate_new (id, serial, request, txn, signer, csr, way,"
    " profile, subject, owner, challenge, not_before, not_after, state,"
    " created, told, revoked_at, reason, der)"
    " SELECT id, serial, request, txn, signer, csr, 0, 'default', subject,"
    " owner, challenge, not_before, not_after, state, created,"
    " iif(state = 0, 0, created), revoked_at, reason, der"
    " FROM certificate ORDER BY id;"
    "DROP TABLE certificate;"
    "ALTER TABLE certificate_new RENAME TO certificate;"
    "CREATE INDEX certificate_txn ON certificate (txn);"
    "CREATE INDEX certificate_key ON certificate (key)"
    " WHERE key IS NOT NULL;"
    "CREATE INDEX certificate_challenge ON certificate (challenge)"
    " WHERE challenge IS NOT NULL;"
    "CREATE INDEX certificate_owner ON certificate (owner)"
    " WHERE owner IS NOT NULL;"
    "CREATE INDEX certificate_user ON certificate (user)"
    " WHERE user IS NOT NULL;"
    "CREATE INDEX certificate_issuer ON certificate (issuer);"
    "CREATE INDEX certificate_profile ON certificate (profile);"
    "CREATE INDEX certificate_created ON certificate (created);"
    "CREATE INDEX certificate_state ON certificate (state, id, not_after);"
    "CREATE INDEX certificate_end ON certificate (state, not_after)"
    " WHERE state = 1;"
    "CREATE INDEX certificate_crl"
    " ON certificate (issuer, not_after, serial, revoked_at, reason)"
    " WHERE state = 2;";

/* What one was renewed to. */
const char mc_schema_certificate_replaces[] =
    "CREATE INDEX certificate_replaces"
    " ON certificate (replaces, state, not_after)"
    " WHERE replaces IS NOT NULL;";
/* Of an issuer alone nobody asks for a list. */
const char mc_schema_certificate_line[] = "DROP INDEX certificate_issuer;";

void
mc_certificate_clear(struct mc_certificate *c)
{
	free(c->transaction);
	free(c->profile);
	free(c->subject);
	free(c->names);
	free(c->owner);
	free(c->user);
	free(c->source);
	mc_buf_clear(&c->der);
	*c = (struct mc_certificate){ 0 };
}

const char *
mc_certificate_state_name(enum mc_certificate_state state)
{
	switch (state) {
	case MC_CERTIFICATE_INTENT:
		return "intent";
	case MC_CERTIFICATE_VALID:
		return "valid";
	case MC_CERTIFICATE_REVOKED:
		break;
	}
	return "revoked";
}

const char *
mc_certificate_way_name(enum mc_certificate_way way)
{
	static const char *const names[] = {
		[MC_WAY_CHALLENGE] = "challenge",
		[MC_WAY_HMAC] = "hmac",
		[MC_WAY_RENEWAL] = "renewal",
		[MC_WAY_PROGRAM] = "program",
		[MC_WAY_APPROVAL] = "approval",
		[MC_WAY_ADMIN] = "admin",
		[MC_WAY_IMPORT] = "import",
	};

	return names[way];
}

static bool
read_words(sqlite3_stmt *st, struct mc_certificate *c, struct mc_err *e)
{
	return mc_db_text(st, 3, &c->transaction, e) &&
	    mc_db_text(st, 9, &c->profile, e) &&
	    mc_db_text(st, 10, &c->subject, e) &&
	    mc_db_text(st, 11, &c->names, e) &&
	    mc_db_text(st, 12, &c->owner, e) &&
	    mc_db_text(st, 13, &c->user, e) &&
	    mc_db_text(st, 14, &c->source, e);
}

bool
mc_certificate_read(
    sqlite3_stmt *st, struct mc_certificate *c, struct mc_err *e)
{
	c->id = mc_db_int(st, 0);
	c->way = (enum mc_certificate_way)mc_db_int(st, 8);
	c->not_before = mc_db_int(st, 17);
	c->not_after = mc_db_int(st, 18);
	c->state = (enum mc_certificate_state)mc_db_int(st, 19);
	c->created = mc_db_int(st, 21);
	c->told = mc_db_int(st, 22);
	c->revoked_at = mc_db_int(st, 23);
	c->reason = mc_db_int(st, 24);
	return mc_db_copy(st, 1, c->serial, sizeof(c->serial), e) &&
	    mc_db_copy(st, 2, c->request, sizeof(c->request), e) &&
	    mc_db_copy(st, 4, c->signer, sizeof(c->signer), e) &&
	    mc_db_copy(st, 5, c->csr, sizeof(c->csr), e) &&
	    mc_db_copy(st, 6, c->key, sizeof(c->key), e) &&
	    mc_db_copy(st, 7, c->issuer, sizeof(c->issuer), e) &&
	    mc_db_copy(st, 15, c->challenge, sizeof(c->challenge), e) &&
	    mc_db_copy(st, 16, c->replaces, sizeof(c->replaces), e) &&
	    read_words(st, c, e) && mc_db_blob(st, 20, &c->der, e);
}

static bool
add_row(struct mc_store *s, const struct mc_certificate *c, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(c->serial),
		MC_DB_TEXT_OR_NULL(c->request),
		MC_DB_TEXT(c->transaction ? c->transaction : ""),
		MC_DB_TEXT(c->signer),
		MC_DB_TEXT(c->csr),
		MC_DB_TEXT_OR_NULL(c->key),
		MC_DB_TEXT_OR_NULL(c->issuer),
		MC_DB_INT(c->way),
		MC_DB_TEXT(c->profile),
		MC_DB_TEXT(c->subject),
		MC_DB_TEXT(c->names),
		MC_DB_TEXT(c->owner),
		MC_DB_TEXT(c->user),
		MC_DB_TEXT(c->source),
		MC_DB_TEXT_OR_NULL(c->challenge),
		MC_DB_TEXT_OR_NULL(c->replaces),
		MC_DB_INT(c->not_before),
		MC_DB_INT(c->not_after),
		MC_DB_INT(c->state),
		MC_DB_BLOB_OR_NULL(&c->der),
		MC_DB_INT(c->created),
		MC_DB_INT(c->told),
		MC_DB_INT(c->revoked_at),
		MC_DB_INT(c->reason),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO certificate (serial, request, txn, signer, csr, key,"
	    " issuer, way, profile, subject, names, owner, user, source,"
	    " challenge, replaces, not_before, not_after, state, der, created,"
	    " told, revoked_at, reason)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
	    v, NULL, e);
}

/* Not by a trigger: full-text tables are not for schemas that are not trusted.
 */
static bool
add_text(struct mc_store *s, const struct mc_certificate *c, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_INT(sqlite3_last_insert_rowid(s->db)),
		MC_DB_TEXT(c->subject),
		MC_DB_TEXT(c->names),
		MC_DB_TEXT(c->user),
		MC_DB_TEXT(c->owner),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO certificate_text (rowid, text)"
	    " VALUES (?1, " MC_CERTIFICATE_TEXT("?2", "?3", "?4", "?5") ")",
	    v, NULL, e);
}

static bool
insert(struct mc_store *s, const struct mc_certificate *c, struct mc_err *e)
{
	if (!mc_db_together(s, e))
		return false;
	if (!add_row(s, c, e) || !add_text(s, c, e))
		return mc_db_undo(s);
	return mc_db_together_end(s, e);
}

bool
mc_store_certificate_add(
    struct mc_store *s, const struct mc_certificate *c, struct mc_err *e)
{
	struct mc_certificate intent = *c; /* lent */

	intent.state = MC_CERTIFICATE_INTENT;
	intent.der = (struct mc_buf)MC_BUF_INIT;
	intent.told = intent.revoked_at = intent.reason = 0;
	return insert(s, &intent, e);
}

bool
mc_store_certificate_finish(struct mc_store *s, const char *serial,
    const struct mc_buf *der, bool *finished, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(serial),
		MC_DB_BLOB(der),
		MC_DB_END,
	};
	int changed;

	if (!mc_db_change(s,
		"UPDATE certificate SET der = ?2, state = 1"
		" WHERE serial = ?1 AND state = 0",
		v, &changed, e))
		return false;
	*finished = changed == 1;
	return true;
}

bool
mc_store_certificate_told(
    struct mc_store *s, const char *serial, int64_t at, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(serial),
		MC_DB_INT(at),
		MC_DB_END,
	};
	int changed;

	if (!mc_db_change(s,
		"UPDATE certificate SET told = ?2 WHERE serial = ?1", v,
		&changed, e))
		return false;
	return changed == 1 ||
	    mc_fail(e, MC_INTERNAL, "certificate %s: not in the store", serial);
}

bool
mc_store_certificate_import(
    struct mc_store *s, const struct mc_certificate *c, struct mc_err *e)
{
	return insert(s, c, e);
}

bool
mc_store_certificate_revoke(struct mc_store *s, const char *serial, int64_t at,
    int64_t reason, bool *revoked, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(serial),
		MC_DB_INT(at),
		MC_DB_INT(reason),
		MC_DB_END,
	};
	int changed;

	if (!mc_db_change(s,
		"UPDATE certificate SET state = 2, revoked_at = ?2, reason = ?3"
		" WHERE serial = ?1 AND state = 1",
		v, &changed, e))
		return false;
	*revoked = changed == 1;
	return true;
}

static bool
find(struct mc_store *s, const char *sql, const char *key,
    struct mc_certificate *out, bool *found, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(key), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	AUTO_CERTIFICATE c = { 0 };
	bool row;

	if (!mc_db_query(s, sql, v, &st, e) || !mc_db_step(s, st, &row, e) ||
	    (row && !mc_certificate_read(st, &c, e)))
		return false;
	*found = row;
	if (!row)
		return true;
	*out = c;
	c = (struct mc_certificate){ 0 };
	return true;
}

bool
mc_store_certificate_find(struct mc_store *s, const char *serial,
    struct mc_certificate *out, bool *found, struct mc_err *e)
{
	return find(s,
	    "SELECT " MC_CERTIFICATE_COLUMNS
	    " FROM certificate WHERE serial = ?1",
	    serial, out, found, e);
}

bool
mc_store_certificate_find_request(struct mc_store *s, const char *request,
    struct mc_certificate *out, bool *found, struct mc_err *e)
{
	return find(s,
	    "SELECT " MC_CERTIFICATE_COLUMNS
	    " FROM certificate WHERE request = ?1",
	    request, out, found, e);
}

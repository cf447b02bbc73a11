/* SPDX-License-Identifier: ISC */
#include "store/certificate.h"

#include <stdlib.h>

#include "store/db.h"

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

/* in the order that read_row() knows */
#define COLUMNS                                                                \
	"id, serial, request, txn, signer, csr, subject, owner, challenge,"    \
	" not_before, not_after, state, der, created, revoked_at, reason"

void
mc_certificate_clear(struct mc_certificate *c)
{
	free(c->transaction);
	free(c->subject);
	free(c->owner);
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

static bool
read_row(sqlite3_stmt *st, struct mc_certificate *c, struct mc_err *e)
{
	c->id = mc_db_int(st, 0);
	c->not_before = mc_db_int(st, 9);
	c->not_after = mc_db_int(st, 10);
	c->state = (enum mc_certificate_state)mc_db_int(st, 11);
	c->created = mc_db_int(st, 13);
	c->revoked_at = mc_db_int(st, 14);
	c->reason = mc_db_int(st, 15);
	return mc_db_copy(st, 1, c->serial, sizeof(c->serial), e) &&
	    mc_db_copy(st, 2, c->request, sizeof(c->request), e) &&
	    mc_db_text(st, 3, &c->transaction, e) &&
	    mc_db_copy(st, 4, c->signer, sizeof(c->signer), e) &&
	    mc_db_copy(st, 5, c->csr, sizeof(c->csr), e) &&
	    mc_db_text(st, 6, &c->subject, e) &&
	    mc_db_text(st, 7, &c->owner, e) &&
	    mc_db_copy(st, 8, c->challenge, sizeof(c->challenge), e) &&
	    mc_db_blob(st, 12, &c->der, e);
}

bool
mc_store_certificate_add(
    struct mc_store *s, const struct mc_certificate *c, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(c->serial),
		MC_DB_TEXT(c->request),
		MC_DB_TEXT(c->transaction),
		MC_DB_TEXT(c->signer),
		MC_DB_TEXT(c->csr),
		MC_DB_TEXT(c->subject),
		MC_DB_TEXT(c->owner),
		MC_DB_TEXT_OR_NULL(c->challenge),
		MC_DB_INT(c->not_before),
		MC_DB_INT(c->not_after),
		MC_DB_INT(c->created),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO certificate (serial, request, txn, signer, csr,"
	    " subject, owner, challenge, not_before, not_after, created, state)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)",
	    v, NULL, e);
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
	    (row && !read_row(st, &c, e)))
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
	return find(s, "SELECT " COLUMNS " FROM certificate WHERE serial = ?1",
	    serial, out, found, e);
}

bool
mc_store_certificate_find_request(struct mc_store *s, const char *request,
    struct mc_certificate *out, bool *found, struct mc_err *e)
{
	return find(s, "SELECT " COLUMNS " FROM certificate WHERE request = ?1",
	    request, out, found, e);
}

bool
mc_store_certificate_list(struct mc_store *s, unsigned limit,
    mc_certificate_each *each, void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_INT(limit),
		MC_DB_END,
	};
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		"SELECT " COLUMNS " FROM certificate"
		" ORDER BY id DESC LIMIT ?1",
		v, &st, e))
		return false;
	for (;;) {
		AUTO_CERTIFICATE c = { 0 };

		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		if (!read_row(st, &c, e) || !each(ctx, &c, e))
			return false;
	}
}

/* SPDX-License-Identifier: ISC */
#include "store/request.h"

#include <stdlib.h>

#include "store/db.h"

const char mc_schema_request[] =
    "CREATE TABLE request ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " request TEXT NOT NULL UNIQUE,"
    " txn TEXT NOT NULL,"
    " signer TEXT NOT NULL,"
    " csr TEXT NOT NULL,"
    " profile TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " names TEXT,"
    " owner TEXT,"
    " user TEXT,"
    " source TEXT,"
    " challenge TEXT REFERENCES challenge (hash),"
    " replaces TEXT,"
    " key BLOB NOT NULL,"
    " state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
    " created INTEGER NOT NULL,"
    " expires INTEGER NOT NULL,"
    " decided INTEGER NOT NULL DEFAULT 0,"
    " decided_by TEXT,"
    " reason TEXT"
    ") STRICT;"
    "CREATE INDEX request_poll ON request (txn, signer);"
    "CREATE INDEX request_state ON request (state);"
    "CREATE INDEX request_pending ON request (state, expires)"
    " WHERE state = 0;"
    "CREATE INDEX request_challenge ON request (challenge)"
    " WHERE challenge IS NOT NULL;";

/* How many wait of one requester, and what is over for long. */
const char mc_schema_request_limits[] =
    "CREATE INDEX request_source ON request (source, expires)"
    " WHERE state = 0;"
    "CREATE INDEX request_signer ON request (signer, expires)"
    " WHERE state = 0;"
    "CREATE INDEX request_expires ON request (expires);";

/* in the order that read_row() knows */
#define COLUMNS                                                                \
	"id, request, txn, signer, csr, profile, subject, names, owner, user," \
	" source, challenge, replaces, key, state, created, expires, decided," \
	" decided_by, reason"

void
mc_request_clear(struct mc_request *r)
{
	free(r->transaction);
	free(r->profile);
	free(r->subject);
	free(r->names);
	free(r->owner);
	free(r->user);
	free(r->source);
	mc_buf_clear(&r->key);
	free(r->decided_by);
	free(r->reason);
	*r = (struct mc_request){ 0 };
}

const char *
mc_request_state_name(enum mc_request_state state)
{
	static const char *const names[] = {
		[MC_REQUEST_PENDING] = "pending",
		[MC_REQUEST_APPROVED] = "approved",
		[MC_REQUEST_REJECTED] = "rejected",
		[MC_REQUEST_ISSUED] = "issued",
	};

	return names[state];
}

static bool
read_words(sqlite3_stmt *st, struct mc_request *r, struct mc_err *e)
{
	return mc_db_text(st, 2, &r->transaction, e) &&
	    mc_db_text(st, 5, &r->profile, e) &&
	    mc_db_text(st, 6, &r->subject, e) &&
	    mc_db_text(st, 7, &r->names, e) &&
	    mc_db_text(st, 8, &r->owner, e) && mc_db_text(st, 9, &r->user, e) &&
	    mc_db_text(st, 10, &r->source, e) &&
	    mc_db_text(st, 18, &r->decided_by, e) &&
	    mc_db_text(st, 19, &r->reason, e);
}

static bool
read_row(sqlite3_stmt *st, struct mc_request *r, struct mc_err *e)
{
	r->id = mc_db_int(st, 0);
	r->state = (enum mc_request_state)mc_db_int(st, 14);
	r->created = mc_db_int(st, 15);
	r->expires = mc_db_int(st, 16);
	r->decided = mc_db_int(st, 17);
	return mc_db_copy(st, 1, r->request, sizeof(r->request), e) &&
	    mc_db_copy(st, 3, r->signer, sizeof(r->signer), e) &&
	    mc_db_copy(st, 4, r->csr, sizeof(r->csr), e) &&
	    mc_db_copy(st, 11, r->challenge, sizeof(r->challenge), e) &&
	    mc_db_copy(st, 12, r->replaces, sizeof(r->replaces), e) &&
	    mc_db_blob(st, 13, &r->key, e) && read_words(st, r, e);
}

bool
mc_store_request_add(
    struct mc_store *s, const struct mc_request *r, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(r->request),
		MC_DB_TEXT(r->transaction),
		MC_DB_TEXT(r->signer),
		MC_DB_TEXT(r->csr),
		MC_DB_TEXT(r->profile),
		MC_DB_TEXT(r->subject),
		MC_DB_TEXT(r->names),
		MC_DB_TEXT(r->owner),
		MC_DB_TEXT(r->user),
		MC_DB_TEXT(r->source),
		MC_DB_TEXT_OR_NULL(r->challenge),
		MC_DB_TEXT_OR_NULL(r->replaces),
		MC_DB_BLOB(&r->key),
		MC_DB_INT(r->created),
		MC_DB_INT(r->expires),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO request (request, txn, signer, csr, profile, subject,"
	    " names, owner, user, source, challenge, replaces, key, created,"
	    " expires, state)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, 0)",
	    v, NULL, e);
}

static bool
find(struct mc_store *s, const char *sql, const struct mc_db_value *v,
    struct mc_request *out, bool *found, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	AUTO_REQUEST r = { 0 };
	bool row;

	if (!mc_db_query(s, sql, v, &st, e) || !mc_db_step(s, st, &row, e) ||
	    (row && !read_row(st, &r, e)))
		return false;
	*found = row;
	if (!row)
		return true;
	*out = r;
	r = (struct mc_request){ 0 };
	return true;
}

bool
mc_store_request_find(struct mc_store *s, const char *request,
    struct mc_request *out, bool *found, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(request), MC_DB_END };

	return find(s, "SELECT " COLUMNS " FROM request WHERE request = ?1", v,
	    out, found, e);
}

bool
mc_store_request_find_poll(struct mc_store *s, const char *transaction,
    const char *signer, struct mc_request *out, bool *found, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(transaction),
		MC_DB_TEXT(signer),
		MC_DB_END,
	};

	return find(s,
	    "SELECT " COLUMNS " FROM request WHERE txn = ?1 AND signer = ?2"
	    " ORDER BY id DESC LIMIT 1",
	    v, out, found, e);
}

bool
mc_store_request_find_id(struct mc_store *s, int64_t id, struct mc_request *out,
    bool *found, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_INT(id), MC_DB_END };

	return find(s, "SELECT " COLUMNS " FROM request WHERE id = ?1", v, out,
	    found, e);
}

bool
mc_store_request_decide(struct mc_store *s, int64_t id,
    enum mc_request_state from, enum mc_request_state to, int64_t at,
    const char *by, const char *reason, bool *changed, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_INT(id),
		MC_DB_INT(from),
		MC_DB_INT(to),
		MC_DB_INT(at),
		MC_DB_TEXT(by),
		MC_DB_TEXT(reason),
		MC_DB_END,
	};
	int n;

	/* who approved it stays on record when it is issued */
	if (!mc_db_change(s,
		"UPDATE request SET state = ?3, decided = ?4,"
		" decided_by = ifnull(?5, decided_by),"
		" reason = ifnull(?6, reason) WHERE id = ?1 AND state = ?2",
		v, &n, e))
		return false;
	*changed = n == 1;
	return true;
}

bool
mc_store_request_list(struct mc_store *s, enum mc_request_state state, bool all,
    unsigned limit, mc_request_each *each, void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_INT(limit ? (int64_t)limit : -1),
		MC_DB_INT(state),
		MC_DB_END,
	};
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		all ? "SELECT " COLUMNS " FROM request WHERE ?2 = ?2"
		      " ORDER BY id LIMIT ?1"
		    : "SELECT " COLUMNS " FROM request WHERE state = ?2"
		      " ORDER BY id LIMIT ?1",
		v, &st, e))
		return false;
	for (;;) {
		AUTO_REQUEST r = { 0 };

		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		if (!read_row(st, &r, e) || !each(ctx, &r, e))
			return false;
	}
}

bool
mc_store_request_count(
    struct mc_store *s, int64_t now, int64_t *pending, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_INT(now), MC_DB_END };

	return mc_db_number(s,
	    "SELECT count(*) FROM request INDEXED BY request_pending"
	    " WHERE state = 0 AND expires > ?1",
	    v, pending, e);
}

static bool
count_of(struct mc_store *s, const char *sql, int64_t now, const char *whose,
    int64_t *pending, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_INT(now),
		MC_DB_TEXT(whose),
		MC_DB_END,
	};

	return mc_db_number(s, sql, v, pending, e);
}

bool
mc_store_request_count_source(struct mc_store *s, int64_t now,
    const char *source, int64_t *pending, struct mc_err *e)
{
	return count_of(s,
	    "SELECT count(*) FROM request INDEXED BY request_source"
	    " WHERE state = 0 AND source = ?2 AND expires > ?1",
	    now, source, pending, e);
}

bool
mc_store_request_count_signer(struct mc_store *s, int64_t now,
    const char *signer, int64_t *pending, struct mc_err *e)
{
	return count_of(s,
	    "SELECT count(*) FROM request INDEXED BY request_signer"
	    " WHERE state = 0 AND signer = ?2 AND expires > ?1",
	    now, signer, pending, e);
}

bool
mc_store_request_purge(struct mc_store *s, int64_t before, unsigned limit,
    unsigned *n, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_INT(before),
		MC_DB_INT(limit ? (int64_t)limit : -1),
		MC_DB_END,
	};
	int changed;

	if (!mc_db_change(s,
		"DELETE FROM request WHERE id IN (SELECT id FROM request"
		" INDEXED BY request_expires WHERE expires < ?1"
		" ORDER BY expires LIMIT ?2)",
		v, &changed, e))
		return false;
	*n = (unsigned)changed;
	return true;
}

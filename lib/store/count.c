/* SPDX-License-Identifier: ISC */
#include "store/certificate.h"

#include "base/time.h"
#include "store/db.h"

/* Whole days from the tally; the day that now is in, from the index. */
static const char tally[] =
    "SELECT ifnull(sum(n) FILTER (WHERE state = 1 AND day > ?2), 0),"
    " ifnull(sum(n) FILTER (WHERE state = 1 AND day < ?2), 0),"
    " ifnull(sum(n) FILTER (WHERE state = 2), 0),"
    " ifnull(sum(n) FILTER (WHERE state = 0), 0),"
    " (SELECT count(*) FROM certificate INDEXED BY certificate_end"
    "  WHERE state = 1 AND not_after >= ?1 AND not_after / 86400 = ?2"
    "  AND not_after < (?2 + 1) * 86400),"
    " (SELECT count(*) FROM certificate INDEXED BY certificate_end"
    "  WHERE state = 1 AND not_after < ?1 AND not_after / 86400 = ?2"
    "  AND not_after >= (?2 - 1) * 86400),"
    " (SELECT min(not_after) FROM certificate INDEXED BY certificate_end"
    "  WHERE state = 1 AND not_after >= ?1)"
    " FROM certificate_tally";

bool
mc_store_certificate_count(struct mc_store *s, int64_t now,
    struct mc_certificate_counts *out, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_INT(now),
		MC_DB_INT(now / MC_DAY),
		MC_DB_END,
	};
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s, tally, v, &st, e) || !mc_db_step(s, st, &row, e))
		return false;
	*out = (struct mc_certificate_counts){
		.valid = mc_db_int(st, 0) + mc_db_int(st, 4),
		.expired = mc_db_int(st, 1) + mc_db_int(st, 5),
		.revoked = mc_db_int(st, 2),
		.intent = mc_db_int(st, 3),
		.next_expiry = mc_db_int(st, 6),
	};
	return true;
}

/*
 * Rows of a store that knew one CA only name no issuer: they are on every
 * list, for one that is missing would be worse than one too many.
 */
bool
mc_store_certificate_revoked(struct mc_store *s, const char *issuer,
    int64_t now, mc_revoked_each *each, void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(issuer),
		MC_DB_INT(now),
		MC_DB_END,
	};
	AUTO(sqlite3_stmt) *st = NULL;
	const char *serial;
	bool row;

	if (!mc_db_query(s,
		"SELECT serial, revoked_at, reason FROM certificate"
		" INDEXED BY certificate_crl"
		" WHERE state = 2 AND issuer = ?1 AND not_after >= ?2"
		" UNION ALL"
		" SELECT serial, revoked_at, reason FROM certificate"
		" INDEXED BY certificate_crl"
		" WHERE state = 2 AND issuer IS NULL AND not_after >= ?2"
		" ORDER BY serial",
		v, &st, e))
		return false;
	for (;;) {
		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		if (!mc_db_text_get(st, 0, &serial, e) ||
		    !each(ctx, serial, mc_db_int(st, 1), mc_db_int(st, 2), e))
			return false;
	}
}

/* One that was renewed itself is not what its owner goes on with. */
bool
mc_store_certificate_count_replaced(struct mc_store *s, const char *serial,
    int64_t now, int64_t *n, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(serial),
		MC_DB_INT(now),
		MC_DB_END,
	};

	return mc_db_number(s,
	    "SELECT count(*) FROM certificate AS c"
	    " INDEXED BY certificate_replaces"
	    " WHERE c.replaces = ?1 AND c.state IN (0, 1)"
	    " AND c.not_after > ?2 AND NOT EXISTS"
	    " (SELECT 1 FROM certificate AS d INDEXED BY certificate_replaces"
	    "  WHERE d.replaces = c.serial AND d.state IN (0, 1)"
	    "  AND d.not_after > ?2)",
	    v, n, e);
}

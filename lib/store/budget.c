/* SPDX-License-Identifier: ISC */
#include "store/budget.h"

#include "store/db.h"

/* until: when it is older than the window that it was counted in. */
const char mc_schema_budget[] =
    "CREATE TABLE failure ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " source TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " until INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX failure_source ON failure (source, at);"
    "CREATE INDEX failure_at ON failure (at);"
    "CREATE INDEX failure_until ON failure (until);";

/*
 * What is recorded for a time to come was recorded before the clock was set
 * back: it counts as of now, so that its window has its length again.
 */
static bool
catch_up(struct mc_store *s, int64_t now, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_INT(now), MC_DB_END };
	int64_t last;

	if (!mc_db_number(s, "SELECT max(at) FROM failure", NULL, &last, e))
		return false;
	return last <= now ||
	    mc_db_change(s,
		"UPDATE failure SET until = ?1 + until - at, at = ?1"
		" WHERE at > ?1",
		v, NULL, e);
}

bool
mc_store_budget_check(struct mc_store *s, const char *source,
    const struct mc_budget *b, int64_t now, bool *left, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(source),
		MC_DB_INT(now - b->window),
		MC_DB_END,
	};
	int64_t failures = 0;

	if (b->failures == 0) {
		*left = true;
		return true;
	}
	if (!catch_up(s, now, e) ||
	    !mc_db_number(s,
		"SELECT count(*) FROM failure WHERE source = ?1 AND at > ?2", v,
		&failures, e))
		return false;
	*left = failures < (int64_t)b->failures;
	return true;
}

static bool
count(struct mc_store *s, const char *source, const struct mc_budget *b,
    int64_t now, struct mc_err *e)
{
	const struct mc_db_value old[] = { MC_DB_INT(now), MC_DB_END };
	const struct mc_db_value v[] = {
		MC_DB_TEXT(source),
		MC_DB_INT(now),
		MC_DB_INT(now + b->window),
		MC_DB_END,
	};
	const struct mc_db_value keep[] = {
		MC_DB_TEXT(source),
		MC_DB_INT(b->failures),
		MC_DB_END,
	};
	const struct mc_db_value most[] = {
		MC_DB_INT(MC_BUDGET_ROWS),
		MC_DB_END,
	};

	return catch_up(s, now, e) &&
	    mc_db_change(
		s, "DELETE FROM failure WHERE until <= ?1", old, NULL, e) &&
	    mc_db_change(s,
		"INSERT INTO failure (source, at, until) VALUES (?1, ?2, ?3)",
		v, NULL, e) &&
	    mc_db_change(s,
		"DELETE FROM failure WHERE number IN (SELECT number"
		" FROM failure WHERE source = ?1"
		" ORDER BY at DESC, number DESC LIMIT -1 OFFSET ?2)",
		keep, NULL, e) &&
	    mc_db_change(s,
		"DELETE FROM failure WHERE number IN (SELECT number"
		" FROM failure ORDER BY number"
		" LIMIT max(0, (SELECT count(*) FROM failure) - ?1))",
		most, NULL, e);
}

bool
mc_store_budget_spend(struct mc_store *s, const char *source,
    const struct mc_budget *b, int64_t now, struct mc_err *e)
{
	if (b->failures == 0)
		return true;
	if (!mc_db_together(s, e))
		return false;
	if (!count(s, source, b, now, e))
		return mc_db_undo(s);
	return mc_db_together_end(s, e);
}

bool
mc_store_budget_refund(struct mc_store *s, const char *source, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(source), MC_DB_END };

	return mc_db_change(s,
	    "DELETE FROM failure WHERE number ="
	    " (SELECT max(number) FROM failure WHERE source = ?1)",
	    v, NULL, e);
}

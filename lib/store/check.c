/* SPDX-License-Identifier: ISC */
#include "store/copy.h"

#include <stdio.h>

#include "store/db.h"

/* What the first row says, or nothing where there is none or it is fine. */
static bool
first(struct mc_store *s, const char *sql, const char *fine, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	const char *text;
	char line[300];
	bool row;

	if (!mc_db_query(s, sql, NULL, &st, e) || !mc_db_step(s, st, &row, e))
		return false;
	if (!row)
		return true;
	if (!mc_db_text_get(st, 0, &text, e))
		return false;
	if (text && fine && strcmp(text, fine) == 0)
		return true;
	snprintf(line, sizeof(line), "%s", text ? text : "?");
	for (char *c = line; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return mc_fail(
	    e, MC_MALFORMED, "%s: damaged: %s", mc_buf_str(&s->path), line);
}

bool
mc_db_check_pages(struct mc_store *s, struct mc_err *e)
{
	return first(s, "PRAGMA integrity_check (1)", "ok", e) &&
	    first(s,
		"SELECT 'a row of ' || \"table\" || ' refers to one of '"
		" || parent || ' that is missing'"
		" FROM pragma_foreign_key_check",
		NULL, e);
}

/* Its own check is spelled as a change, although it is none. */
static bool
check_text(struct mc_store *s, struct mc_err *e)
{
	bool good = (!s->full || mc_db_exec(s, "PRAGMA query_only = OFF", e)) &&
	    mc_db_exec(s,
		"INSERT INTO certificate_text (certificate_text)"
		" VALUES ('integrity-check')",
		e);

	return good && (!s->full || mc_db_exec(s, "PRAGMA query_only = ON", e));
}

/* That the numbers of certificates are what there is; the text's own check. */
static bool
check_made(struct mc_store *s, struct mc_err *e)
{
	return first(s,
		   "SELECT 'the numbers of certificates are wrong' FROM"
		   " (SELECT state, not_after / 86400 AS day, count(*) AS n"
		   "  FROM certificate GROUP BY 1, 2"
		   "  EXCEPT SELECT state, day, n FROM certificate_tally"
		   "  UNION ALL SELECT state, day, n FROM certificate_tally"
		   "  WHERE n <> 0 AND NOT EXISTS"
		   "  (SELECT 1 FROM certificate AS c"
		   "   WHERE c.state = certificate_tally.state"
		   "   AND c.not_after / 86400 = certificate_tally.day))"
		   " LIMIT 1",
		   NULL, e) &&
	    check_text(s, e);
}

bool
mc_store_check(struct mc_store *s, struct mc_err *e)
{
	return (mc_db_check_pages(s, e) && check_made(s, e)) ||
	    mc_db_fail_damage(s, e);
}

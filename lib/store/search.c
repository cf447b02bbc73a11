/* SPDX-License-Identifier: ISC */
#include "store/certificate.h"

#include "store/db.h"
#include "store/row.h"

/*
 * The text that people look for parts of, by its groups of three characters;
 * and how many certificates of each state end on which day, so that counting
 * them does not depend on how many there are.
 */
const char mc_schema_certificate_search[] =
    "CREATE VIRTUAL TABLE certificate_text USING fts5 (text, content = '',"
    " columnsize = 0, tokenize = 'trigram');"
    "CREATE VIRTUAL TABLE certificate_word USING"
    " fts5vocab ('certificate_text', 'row');"
    "INSERT INTO certificate_text (rowid, text)"
    " SELECT id, " MC_CERTIFICATE_TEXT("subject", "names", "user",
	"owner") " FROM certificate;"
		 "CREATE TABLE certificate_tally ("
		 " state INTEGER NOT NULL,"
		 " day INTEGER NOT NULL,"
		 " n INTEGER NOT NULL,"
		 " PRIMARY KEY (state, day)"
		 ") STRICT, WITHOUT ROWID;"
		 "INSERT INTO certificate_tally"
		 " SELECT state, not_after / 86400, count(*) FROM certificate"
		 " GROUP BY 1, 2;"
		 "CREATE TRIGGER certificate_added AFTER INSERT ON certificate "
		 "BEGIN"
		 " INSERT INTO certificate_tally"
		 "  VALUES (new.state, new.not_after / 86400, 1)"
		 "  ON CONFLICT DO UPDATE SET n = n + 1;"
		 " END;"
		 "CREATE TRIGGER certificate_changed AFTER UPDATE OF state, "
		 "not_after"
		 " ON certificate BEGIN"
		 " UPDATE certificate_tally SET n = n - 1"
		 "  WHERE state = old.state AND day = old.not_after / 86400;"
		 " INSERT INTO certificate_tally"
		 "  VALUES (new.state, new.not_after / 86400, 1)"
		 "  ON CONFLICT DO UPDATE SET n = n + 1;"
		 " END;"
		 "CREATE TRIGGER certificate_deleted AFTER DELETE ON "
		 "certificate BEGIN"
		 " UPDATE certificate_tally SET n = n - 1"
		 "  WHERE state = old.state AND day = old.not_after / 86400;"
		 " END;";

#define CHOSEN_MAX 5

/* Where the ids of a list come from, newest first, and by which values. */
struct source {
	const char *sql;
	struct mc_db_value v[CHOSEN_MAX];
};

/* What every row has to be; the source alone need not say it. */
static const char fits[] =
    "SELECT " MC_CERTIFICATE_COLUMNS " FROM certificate WHERE id = ?1"
    " AND (?2 IS NULL OR serial = ?2) AND (?3 IS NULL OR user = ?3)"
    " AND (?4 IS NULL OR owner = ?4) AND (?5 IS NULL OR challenge = ?5)"
    " AND (?6 IS NULL OR key = ?6) AND (?7 IS NULL OR profile = ?7)"
    " AND (?8 IS NULL OR txn = ?8) AND created BETWEEN ?9 AND ?10"
    " AND not_after BETWEEN ?11 AND ?12 AND (?13 < 0 OR state = ?13)";

struct search {
	const struct mc_certificate_filter *f;
	int64_t from, until; /* created */
	int64_t end_from, end_until;
	int64_t state; /* or -1 */
	struct mc_pattern pattern;
	bool look;    /* for the pattern, in each row */
	bool nothing; /* can be found */
	struct source source;
};

#define AUTO_SEARCH __attribute__((cleanup(search_clear))) struct search

static void
search_clear(struct search *q)
{
	mc_pattern_clear(&q->pattern);
}

static void
set_status(struct search *q)
{
	static const int state[] = {
		[MC_STATUS_ANY] = -1,
		[MC_STATUS_VALID] = MC_CERTIFICATE_VALID,
		[MC_STATUS_EXPIRED] = MC_CERTIFICATE_VALID,
		[MC_STATUS_REVOKED] = MC_CERTIFICATE_REVOKED,
		[MC_STATUS_INTENT] = MC_CERTIFICATE_INTENT,
	};
	const struct mc_certificate_filter *f = q->f;

	q->state = state[f->status];
	q->end_from = f->status == MC_STATUS_VALID ? f->now : INT64_MIN;
	q->end_until = f->status == MC_STATUS_EXPIRED ? f->now - 1 : INT64_MAX;
	q->from = f->created_from ? f->created_from : INT64_MIN;
	q->until = f->created_until ? f->created_until : INT64_MAX;
	if (!f->expires_before)
		return;
	q->nothing = f->status != MC_STATUS_ANY && f->status != MC_STATUS_VALID;
	q->state = MC_CERTIFICATE_VALID;
	q->end_from = f->now;
	q->end_until = f->expires_before;
}

/*
 * A renewal comes after what it renews: what says otherwise is passed over, so
 * that no circle is followed.
 */
static const char line[] =
    "WITH RECURSIVE line (id, serial) AS ("
    " SELECT id, serial FROM certificate WHERE serial = ?1"
    " UNION ALL"
    " SELECT next.id, next.serial FROM line JOIN certificate AS next"
    " INDEXED BY certificate_replaces"
    " ON next.replaces = line.serial AND next.id > line.id)"
    " SELECT id FROM line ORDER BY id DESC";

#define IDS "SELECT id FROM certificate "
#define TEXTS                                                                  \
	"SELECT rowid FROM certificate_text WHERE certificate_text MATCH ?1 "

static void
by_pattern(struct search *q)
{
	const struct mc_pattern *p = &q->pattern;
	struct source *source = &q->source;
	struct mc_db_value *v = source->v;

	if (p->text && (p->serial || p->whole))
		source->sql = IDS
		    "WHERE serial = ?2 OR (serial >= ?3 AND serial < ?4)"
		    " UNION " TEXTS "ORDER BY 1 DESC";
	else if (p->text)
		source->sql = TEXTS "ORDER BY rowid DESC";
	else
		source->sql = IDS
		    "WHERE serial = ?1 OR (serial >= ?2 AND serial < ?3)"
		    " ORDER BY id DESC";
	if (p->text)
		*v++ = (struct mc_db_value)MC_DB_TEXT(mc_buf_str(&p->match));
	if (!p->serial && !p->whole)
		return;
	*v++ = (struct mc_db_value)MC_DB_TEXT(p->whole);
	*v++ = (struct mc_db_value)MC_DB_TEXT(p->serial ? p->low : NULL);
	*v++ = (struct mc_db_value)MC_DB_TEXT(p->serial ? p->high : NULL);
}

/* What only few rows have in common, those with the fewest first. */
static bool
by_value(struct search *q)
{
	const struct mc_certificate_filter *f = q->f;
	const struct {
		const char *value;
		const char *sql;
	} keys[] = {
		{ f->serial, IDS "WHERE serial = ?1" },
		{ f->line, line },
		{ f->challenge, IDS "WHERE challenge = ?1 ORDER BY id DESC" },
		{ f->transaction, IDS "WHERE txn = ?1 ORDER BY id DESC" },
		{ f->key, IDS "WHERE key = ?1 ORDER BY id DESC" },
		{ f->owner, IDS "WHERE owner = ?1 ORDER BY id DESC" },
		{ f->user, IDS "WHERE user = ?1 ORDER BY id DESC" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].value) {
			q->source.sql = keys[i].sql;
			q->source.v[0] = (struct mc_db_value)MC_DB_TEXT(
			    keys[i].value);
			return true;
		}
	return false;
}

static void
by_end(struct search *q)
{
	q->source.sql = IDS "INDEXED BY certificate_end WHERE state = 1"
			    " AND not_after BETWEEN ?1 AND ?2 ORDER BY id DESC";
	q->source.v[0] = (struct mc_db_value)MC_DB_INT(q->end_from);
	q->source.v[1] = (struct mc_db_value)MC_DB_INT(q->end_until);
}

/*
 * Valid or expired: from the newest on, passing over the others, or those
 * alone, which have to be sorted then; whichever of the two looks at less.
 */
static bool
by_status(struct mc_store *s, struct search *q, struct mc_err *e)
{
	struct mc_certificate_counts n = { 0 };
	bool valid = q->f->status == MC_STATUS_VALID;

	if (q->state == MC_CERTIFICATE_VALID &&
	    !mc_store_certificate_count(s, q->f->now, &n, e))
		return false;
	if (q->state == MC_CERTIFICATE_VALID &&
	    (valid ? n.expired > n.valid : n.valid > n.expired)) {
		by_end(q);
		return true;
	}
	q->source.sql = IDS "INDEXED BY certificate_state WHERE state = ?1"
			    " AND not_after BETWEEN ?2 AND ?3 ORDER BY id DESC";
	q->source.v[0] = (struct mc_db_value)MC_DB_INT(q->state);
	q->source.v[1] = (struct mc_db_value)MC_DB_INT(q->end_from);
	q->source.v[2] = (struct mc_db_value)MC_DB_INT(q->end_until);
	return true;
}

#define FEW 2000

/* Of this status there are so few that each can be looked at. */
static bool
is_few(struct mc_store *s, const struct search *q, bool *few, struct mc_err *e)
{
	struct mc_certificate_counts n = { 0 };
	bool revoked = q->f->status == MC_STATUS_REVOKED;

	*few = false;
	if (!revoked && q->f->status != MC_STATUS_INTENT)
		return true;
	if (!mc_store_certificate_count(s, q->f->now, &n, e))
		return false;
	*few = (revoked ? n.revoked : n.intent) <= FEW;
	return true;
}

static bool
choose_pattern(struct mc_store *s, struct search *q, struct mc_err *e)
{
	if (!is_few(s, q, &q->look, e))
		return false;
	if (q->look)
		return by_status(s, q, e);
	by_pattern(q);
	return true;
}

static bool
choose(struct mc_store *s, struct search *q, struct mc_err *e)
{
	const struct mc_certificate_filter *f = q->f;

	q->source.sql = IDS "ORDER BY id DESC";
	if (f->pattern && !mc_pattern_parse(s, f->pattern, &q->pattern, e))
		return false;
	q->pattern.whole = f->pattern ? f->pattern_serial : NULL;
	if (f->pattern && !q->pattern.text && !q->pattern.serial &&
	    !q->pattern.whole)
		q->nothing = true;
	if (by_value(q)) {
		q->look = f->pattern != NULL;
	} else if (f->pattern) {
		return choose_pattern(s, q, e);
	} else if (f->expires_before) {
		by_end(q);
	} else if (f->created_from || f->created_until) {
		q->source.sql = IDS
		    "INDEXED BY certificate_created"
		    " WHERE created BETWEEN ?1 AND ?2 ORDER BY id DESC";
		q->source.v[0] = (struct mc_db_value)MC_DB_INT(q->from);
		q->source.v[1] = (struct mc_db_value)MC_DB_INT(q->until);
	} else if (f->status != MC_STATUS_ANY) {
		return by_status(s, q, e);
	} else if (f->profile) {
		q->source.sql = IDS "WHERE profile = ?1 ORDER BY id DESC";
		q->source.v[0] = (struct mc_db_value)MC_DB_TEXT(f->profile);
	}
	return true;
}

static bool
query_row(struct mc_store *s, const struct search *q, sqlite3_stmt **out,
    struct mc_err *e)
{
	const struct mc_certificate_filter *f = q->f;
	const struct mc_db_value v[] = {
		MC_DB_INT(0),
		MC_DB_TEXT(f->serial),
		MC_DB_TEXT(f->user),
		MC_DB_TEXT(f->owner),
		MC_DB_TEXT(f->challenge),
		MC_DB_TEXT(f->key),
		MC_DB_TEXT(f->profile),
		MC_DB_TEXT(f->transaction),
		MC_DB_INT(q->from),
		MC_DB_INT(q->until),
		MC_DB_INT(q->end_from),
		MC_DB_INT(q->end_until),
		MC_DB_INT(q->state),
		MC_DB_END,
	};

	return mc_db_query(s, fits, v, out, e);
}

/* Its text has the pattern in it, or its serial number begins with it. */
static bool
look(struct mc_store *s, const struct search *q, const struct mc_certificate *c,
    bool *has, struct mc_err *e)
{
	const struct mc_pattern *p = &q->pattern;
	const struct mc_db_value v[] = {
		MC_DB_TEXT(mc_buf_str(&p->match)),
		MC_DB_INT(c->id),
		MC_DB_END,
	};
	int64_t one = 0;

	*has = !q->look || (p->whole && strcmp(c->serial, p->whole) == 0) ||
	    (p->serial && strncmp(c->serial, p->low, strlen(p->low)) == 0);
	if (*has || !p->text)
		return true;
	if (!mc_db_number(s,
		"SELECT 1 FROM certificate_text"
		" WHERE certificate_text MATCH ?1 AND rowid = ?2",
		v, &one, e))
		return false;
	*has = one == 1;
	return true;
}

/* The row with this id, if it is one of those that are wanted. */
static bool
read_one(struct mc_store *s, const struct search *q, sqlite3_stmt *st,
    int64_t id, struct mc_certificate *c, bool *wanted, struct mc_err *e)
{
	sqlite3_reset(st);
	if (sqlite3_bind_int64(st, 1, id) != SQLITE_OK)
		return mc_fail_memory(e);
	if (!mc_db_step(s, st, wanted, e))
		return false;
	return !*wanted ||
	    (mc_certificate_read(st, c, e) && look(s, q, c, wanted, e));
}

static bool
run(struct mc_store *s, const struct search *q, mc_certificate_each *each,
    void *ctx, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *ids = NULL;
	AUTO(sqlite3_stmt) *one = NULL;
	unsigned n = 0;
	bool row;

	if (!mc_db_query(s, q->source.sql, q->source.v, &ids, e) ||
	    !query_row(s, q, &one, e))
		return false;
	while (q->f->limit == 0 || n < q->f->limit) {
		AUTO_CERTIFICATE c = { 0 };

		if (!mc_db_step(s, ids, &row, e))
			return false;
		if (!row)
			break;
		if (!read_one(s, q, one, mc_db_int(ids, 0), &c, &row, e) ||
		    (row && !each(ctx, &c, e)))
			return false;
		n += row;
	}
	return true;
}

bool
mc_store_certificate_list(struct mc_store *s,
    const struct mc_certificate_filter *f, mc_certificate_each *each, void *ctx,
    struct mc_err *e)
{
	AUTO_SEARCH q = { .f = f };

	set_status(&q);
	return choose(s, &q, e) && (q.nothing || run(s, &q, each, ctx, e));
}

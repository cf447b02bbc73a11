/* SPDX-License-Identifier: ISC */
#include "store/enrolment.h"

#include <stdlib.h>

#include "store/db.h"

const char mc_schema_enrolment[] =
    "CREATE TABLE enrolment ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " user TEXT NOT NULL,"
    " token TEXT NOT NULL UNIQUE,"
    " created INTEGER NOT NULL,"
    " expires INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " since INTEGER NOT NULL,"
    " udid TEXT,"
    " factory TEXT,"
    " device TEXT,"
    " subject TEXT,"
    " own_ca INTEGER NOT NULL DEFAULT 0,"
    " pin TEXT,"
    " reason TEXT,"
    " CHECK ((state = 0) = (udid IS NULL))"
    ") STRICT;"
    "CREATE INDEX enrolment_subject ON enrolment (subject);"
    "CREATE INDEX enrolment_user ON enrolment (user);"
    "CREATE TABLE event ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " enrolment TEXT NOT NULL REFERENCES enrolment (id) ON DELETE CASCADE,"
    " at INTEGER NOT NULL,"
    " step TEXT NOT NULL,"
    " done INTEGER NOT NULL,"
    " reason TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX event_enrolment ON event (enrolment, number);";

/* in the order that read_row() knows */
#define COLUMNS                                                                \
	"id, user, token, created, expires, state, since, udid, factory,"      \
	" device, subject, own_ca, pin, reason"

void
mc_enrolment_clear(struct mc_enrolment *en)
{
	free(en->user);
	free(en->udid);
	free(en->device);
	free(en->subject);
	free(en->reason);
	*en = (struct mc_enrolment){ 0 };
}

const char *
mc_enrolment_state_name(enum mc_enrolment_state state)
{
	switch (state) {
	case MC_ENROLMENT_STARTED:
		return "started";
	case MC_ENROLMENT_IDENTIFIED:
		return "identified";
	case MC_ENROLMENT_DELIVERED:
		break;
	}
	return "delivered";
}

bool
mc_enrolment_set(char **field, const char *value, struct mc_err *e)
{
	char *copy = value ? strdup(value) : NULL;

	if (value && !copy)
		return mc_fail_memory(e);
	free(*field);
	*field = copy;
	return true;
}

static bool
read_row(sqlite3_stmt *st, struct mc_enrolment *en, struct mc_err *e)
{
	en->created = mc_db_int(st, 3);
	en->expires = mc_db_int(st, 4);
	en->state = (enum mc_enrolment_state)mc_db_int(st, 5);
	en->since = mc_db_int(st, 6);
	en->own_ca = mc_db_int(st, 11) != 0;
	return mc_db_copy(st, 0, en->id, sizeof(en->id), e) &&
	    mc_db_text(st, 1, &en->user, e) &&
	    mc_db_copy(st, 2, en->token, sizeof(en->token), e) &&
	    mc_db_text(st, 7, &en->udid, e) &&
	    mc_db_copy(st, 8, en->factory, sizeof(en->factory), e) &&
	    mc_db_text(st, 9, &en->device, e) &&
	    mc_db_text(st, 10, &en->subject, e) &&
	    mc_db_copy(st, 12, en->pin, sizeof(en->pin), e) &&
	    mc_db_text(st, 13, &en->reason, e);
}

bool
mc_store_enrolment_add(
    struct mc_store *s, const struct mc_enrolment *en, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(en->id),
		MC_DB_TEXT(en->user),
		MC_DB_TEXT(en->token),
		MC_DB_INT(en->created),
		MC_DB_INT(en->expires),
		MC_DB_INT(en->state),
		MC_DB_INT(en->since),
		MC_DB_END,
	};

	return mc_db_change(s,
	    "INSERT INTO enrolment"
	    " (id, user, token, created, expires, state, since)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	    v, NULL, e);
}

bool
mc_store_enrolment_save(
    struct mc_store *s, const struct mc_enrolment *en, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(en->id),
		MC_DB_INT(en->state),
		MC_DB_INT(en->since),
		MC_DB_TEXT(en->udid),
		MC_DB_TEXT_OR_NULL(en->factory),
		MC_DB_TEXT(en->device),
		MC_DB_TEXT(en->subject),
		MC_DB_INT(en->own_ca),
		MC_DB_TEXT_OR_NULL(en->pin),
		MC_DB_TEXT(en->reason),
		MC_DB_END,
	};
	int changed;

	if (!mc_db_change(s,
		"UPDATE enrolment SET state = ?2, since = ?3, udid = ?4,"
		" factory = ?5, device = ?6, subject = ?7, own_ca = ?8,"
		" pin = ?9, reason = ?10 WHERE id = ?1",
		v, &changed, e))
		return false;
	return changed == 1 ||
	    mc_fail(e, MC_INTERNAL, "enrolment %s: not in the store", en->id);
}

bool
mc_store_enrolment_find(struct mc_store *s, enum mc_enrolment_key key,
    const char *value, struct mc_enrolment *out, bool *found, struct mc_err *e)
{
	static const char *const sql[] = {
		[MC_ENROLMENT_ID] = "SELECT " COLUMNS
				    " FROM enrolment WHERE id = ?1",
		[MC_ENROLMENT_TOKEN] = "SELECT " COLUMNS
				       " FROM enrolment WHERE token = ?1",
		[MC_ENROLMENT_SUBJECT] = "SELECT " COLUMNS
					 " FROM enrolment WHERE subject = ?1"
					 " ORDER BY number DESC LIMIT 1",
	};
	const struct mc_db_value v[] = { MC_DB_TEXT(value), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	AUTO_ENROLMENT en = { 0 };
	bool row;

	if (!mc_db_query(s, sql[key], v, &st, e) ||
	    !mc_db_step(s, st, &row, e) || (row && !read_row(st, &en, e)))
		return false;
	*found = row;
	if (!row)
		return true;
	*out = en;
	en = (struct mc_enrolment){ 0 };
	return true;
}

bool
mc_store_enrolment_list(struct mc_store *s, const char *user,
    const char *prefix, mc_enrolment_each *each, void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(user),
		MC_DB_TEXT(prefix),
		MC_DB_END,
	};
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		"SELECT " COLUMNS " FROM enrolment"
		" WHERE (?1 IS NULL OR user = ?1) AND"
		" (?2 IS NULL OR substr(id, 1, length(?2)) = upper(?2))"
		" ORDER BY number DESC",
		v, &st, e))
		return false;
	for (;;) {
		AUTO_ENROLMENT en = { 0 };

		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		if (!read_row(st, &en, e) || !each(ctx, &en, e))
			return false;
	}
}

bool
mc_store_event_add(
    struct mc_store *s, const struct mc_event *ev, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(ev->enrolment),
		MC_DB_INT(ev->at),
		MC_DB_TEXT(ev->step),
		MC_DB_INT(ev->done),
		MC_DB_TEXT(ev->reason),
		MC_DB_END,
	};
	const struct mc_db_value keep[] = {
		MC_DB_TEXT(ev->enrolment),
		MC_DB_INT(MC_EVENTS_MAX),
		MC_DB_END,
	};

	return mc_db_change(s,
		   "INSERT INTO event (enrolment, at, step, done, reason)"
		   " VALUES (?1, ?2, ?3, ?4, ?5)",
		   v, NULL, e) &&
	    mc_db_change(s,
		"DELETE FROM event WHERE enrolment = ?1 AND number <="
		" (SELECT number FROM event WHERE enrolment = ?1"
		" ORDER BY number DESC LIMIT 1 OFFSET ?2)",
		keep, NULL, e);
}

bool
mc_store_event_list(struct mc_store *s, const char *enrolment,
    bool (*each)(void *ctx, const struct mc_event *ev, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(enrolment), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		"SELECT at, step, done, reason FROM event"
		" WHERE enrolment = ?1 ORDER BY number",
		v, &st, e))
		return false;
	for (;;) {
		struct mc_event ev = { .enrolment = enrolment };

		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		ev.at = mc_db_int(st, 0);
		ev.done = mc_db_int(st, 2) != 0;
		if (!mc_db_text_get(st, 1, &ev.step, e) ||
		    !mc_db_text_get(st, 3, &ev.reason, e) || !each(ctx, &ev, e))
			return false;
	}
}

/* SPDX-License-Identifier: ISC */
#include "track/enrolment.h"

#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "base/udid.h"
#include "track/subject.h"
#include "track/udids.h"

#define TTL_MAX (365 * MC_DAY)
#define USER_MAX 256
#define TEXT_MAX 1023
#define SPAN_TEXT 32

/* "3 minutes": one number is enough for people. */
static const char *
span(int64_t seconds, char text[static SPAN_TEXT])
{
	static const struct {
		int64_t in;
		const char *name;
	} units[] = {
		{ MC_DAY, "day" },
		{ MC_HOUR, "hour" },
		{ MC_MINUTE, "minute" },
		{ 1, "second" },
	};
	size_t u = 0;
	int64_t n;

	if (seconds < 0) /* the clock was set back */
		seconds = 0;
	while (units[u].in > 1 && seconds < units[u].in)
		u++;
	n = seconds / units[u].in;
	snprintf(text, SPAN_TEXT, "%lld %s%s", (long long)n, units[u].name,
	    n == 1 ? "" : "s");
	return text;
}

static bool
record(struct mc_store *s, const struct mc_enrolment *en, const char *step,
    bool done, const char *reason, struct mc_err *e)
{
	const struct mc_event ev = {
		.enrolment = en->id,
		.at = mc_time_now(),
		.step = step,
		.done = done,
		.reason = reason,
	};

	return mc_store_event_add(s, &ev, e) && mc_store_commit(s, e);
}

/* why becomes the error, once it is on record. */
static bool
refuse(struct mc_store *s, struct mc_enrolment *en, const char *step,
    const struct mc_err *why, struct mc_err *e)
{
	if (!mc_enrolment_set(&en->reason, why->text, e) ||
	    !mc_store_enrolment_save(s, en, e) ||
	    !record(s, en, step, false, why->text, e))
		return false;
	*e = *why;
	return false;
}

/* The step is done: en goes on to this state. */
static bool
advance(struct mc_store *s, struct mc_enrolment *en, const char *step,
    enum mc_enrolment_state state, const char *words, struct mc_err *e)
{
	if (en->state != state)
		en->since = mc_time_now();
	en->state = state;
	return mc_enrolment_set(&en->reason, NULL, e) &&
	    mc_store_enrolment_save(s, en, e) &&
	    record(s, en, step, true, words, e);
}

static bool
text_check(const char *what, const char *text, int max, struct mc_err *e)
{
	size_t n = strlen(text);
	const char *why;

	if (n == 0 || n > (size_t)max)
		return mc_fail(
		    e, MC_USAGE, "a %s has 1 to %d bytes", what, max);
	return mc_text_check(text, n, &why) ||
	    mc_fail(e, MC_USAGE, "the %s %s", what, why);
}

bool
mc_track_start(struct mc_store *s, const char *user, int64_t ttl,
    char token[static MC_TOKEN_TEXT], struct mc_enrolment *out,
    struct mc_err *e)
{
	AUTO_ENROLMENT en = { .created = mc_time_now() };
	char fresh[MC_TOKEN_TEXT];
	char words[64];
	char text[SPAN_TEXT];

	if (ttl == 0)
		ttl = MC_TOKEN_TTL;
	if (ttl < 0 || ttl > TTL_MAX)
		return mc_fail(e, MC_USAGE, "a token lives for at most a year");
	if (!text_check("user's name", user, USER_MAX, e) ||
	    !mc_token_new(fresh, e) || !mc_token_hash(fresh, en.token, e) ||
	    !mc_enrolment_set(&en.user, user, e))
		return false;
	mc_uuid_new(en.id);
	en.since = en.created;
	en.expires = en.created + ttl;
	snprintf(words, sizeof(words), "token good for %s", span(ttl, text));
	if (!mc_store_begin(s, e) || !mc_store_enrolment_add(s, &en, e) ||
	    !record(s, &en, "start", true, words, e)) {
		mc_store_rollback(s);
		return false;
	}
	memcpy(token, fresh, MC_TOKEN_TEXT);
	explicit_bzero(fresh, sizeof(fresh));
	*out = en;
	en = (struct mc_enrolment){ 0 };
	return true;
}

/* What both phases ask of a sender. */
static bool
may_come(const struct mc_enrolment *en, const struct mc_track_sender *from,
    struct mc_err *why)
{
	if (from->user && strcmp(from->user, en->user) != 0)
		return mc_fail(why, MC_DENIED,
		    "enrolment of another user than %s", from->user);
	if (!from->listed)
		return mc_fail(why, MC_DENIED,
		    "UDID %s is not one of those allowed", from->udid);
	return true;
}

static bool
may_identify(const struct mc_enrolment *en, const struct mc_track_sender *from,
    struct mc_err *why)
{
	int64_t now = mc_time_now();
	char text[SPAN_TEXT];

	if (now >= en->expires)
		return mc_fail(why, MC_DENIED, "challenge expired %s before",
		    span(now - en->expires, text));
	if (en->udid && strcmp(en->udid, from->udid) != 0)
		return mc_fail(why, MC_DENIED,
		    "challenge belongs to another device than UDID %s",
		    from->udid);
	if (en->udid && strcmp(en->factory, from->sha256) != 0)
		return mc_fail(why, MC_DENIED,
		    "UDID %s came with another factory certificate before",
		    from->udid);
	if (en->state == MC_ENROLMENT_DELIVERED)
		return mc_fail(why, MC_DENIED,
		    "challenge used up: the profile was delivered %s before",
		    span(now - en->since, text));
	return may_come(en, from, why);
}

static bool
bind(struct mc_enrolment *en, const struct mc_track_sender *from,
    const struct mc_track_grant *grant, struct mc_err *e)
{
	const struct mc_subject_values values = {
		.uuid = en->id,
		.user = en->user,
		.udid = from->udid,
	};
	AUTO_BUF subject = MC_BUF_INIT;

	if (!grant->own_ca && !mc_subject_is_unique(grant->subject))
		return mc_fail(e, MC_USAGE,
		    "subject: must hold ${uuid}, for nothing else tells the "
		    "certificates of a foreign CA apart");
	if (!mc_subject_make(grant->subject, &values, &subject, e) ||
	    !mc_enrolment_set(&en->subject, mc_buf_str(&subject), e) ||
	    !mc_enrolment_set(&en->udid, from->udid, e) ||
	    !mc_enrolment_set(&en->device, from->device, e))
		return false;
	snprintf(en->factory, sizeof(en->factory), "%s", from->sha256);
	en->own_ca = grant->own_ca;
	return true;
}

static bool
identify(struct mc_store *s, const char *hash,
    const struct mc_track_sender *from, const struct mc_track_grant *grant,
    struct mc_enrolment *out, struct mc_err *e)
{
	char words[MC_UDID_MAX + 32];
	struct mc_err why = MC_ERR_INIT;
	bool found;

	if (!mc_store_begin(s, e) ||
	    !mc_store_enrolment_find(
		s, MC_ENROLMENT_TOKEN, hash, out, &found, e))
		return false;
	if (!found)
		return mc_fail(e, MC_DENIED, "challenge unknown");
	if (!may_identify(out, from, &why) || !bind(out, from, grant, &why))
		return refuse(s, out, "identify", &why, e);
	snprintf(words, sizeof(words), "UDID %.*s%s", MC_UDID_MAX, from->udid,
	    out->state == MC_ENROLMENT_IDENTIFIED ? ", again" : "");
	return advance(s, out, "identify", MC_ENROLMENT_IDENTIFIED, words, e);
}

bool
mc_track_identify(struct mc_store *s, const char *token,
    const struct mc_track_sender *from, const struct mc_track_grant *grant,
    struct mc_enrolment *out, struct mc_err *e)
{
	char hash[MC_SHA256_HEX];
	bool done = mc_token_hash(token, hash, e) &&
	    identify(s, hash, from, grant, out, e);

	mc_store_rollback(s); /* what was not committed */
	return done;
}

static bool
find_issued(struct mc_store *s, const struct mc_track_issued *issued,
    struct mc_enrolment *out, struct mc_err *e)
{
	bool found;

	if (!mc_store_enrolment_find(s,
		issued->owner ? MC_ENROLMENT_ID : MC_ENROLMENT_SUBJECT,
		issued->owner ? issued->owner : issued->subject, out, &found,
		e))
		return false;
	/* our own CA says whose it is, or it was issued to nobody */
	if (found && !issued->owner && out->own_ca) {
		mc_enrolment_clear(out);
		found = false;
	}
	return found ||
	    mc_fail(e, MC_DENIED,
		"the signer's certificate was issued in no enrolment");
}

static bool
may_deliver(const struct mc_enrolment *en, const struct mc_track_issued *issued,
    const struct mc_track_sender *from, struct mc_err *why)
{
	if (en->state == MC_ENROLMENT_STARTED)
		return mc_fail(why, MC_DENIED,
		    "certificate of an enrolment without a device");
	if (strcmp(en->udid, from->udid) != 0)
		return mc_fail(why, MC_DENIED,
		    "message speaks of another device, UDID %s", from->udid);
	if (!issued->owner && *en->pin && strcmp(en->pin, from->sha256) != 0)
		return mc_fail(why, MC_DENIED,
		    "another certificate came with this subject before");
	return may_come(en, from, why);
}

static bool
deliver(struct mc_store *s, const struct mc_track_issued *issued,
    const struct mc_track_sender *from, bool *returned,
    struct mc_enrolment *out, struct mc_err *e)
{
	char words[64];
	struct mc_err why = MC_ERR_INIT;
	bool first;

	if (!mc_store_begin(s, e) || !find_issued(s, issued, out, e))
		return false;
	first = out->state != MC_ENROLMENT_DELIVERED;
	if (may_deliver(out, issued, from, &why) && !first && issued->once) {
		mc_fail(
		    &why, MC_DENIED, "delivered before: has to enrol again");
		*returned = true;
	}
	if (why.code != MC_OK)
		return refuse(s, out, "deliver", &why, e);
	if (!issued->owner)
		snprintf(out->pin, sizeof(out->pin), "%s", from->sha256);
	snprintf(words, sizeof(words), "certificate SHA-256 %.16s...%s",
	    from->sha256, first ? "" : ", again");
	return mc_enrolment_set(&out->device, from->device, e) &&
	    advance(s, out, "deliver", out->state, words, e);
}

bool
mc_track_deliver(struct mc_store *s, const struct mc_track_issued *issued,
    const struct mc_track_sender *from, bool *returned,
    struct mc_enrolment *out, struct mc_err *e)
{
	bool done;

	*returned = false;
	done = deliver(s, issued, from, returned, out, e);
	mc_store_rollback(s);
	return done;
}

/* The row as it is in this transaction, whoever changed it meanwhile. */
static bool
find_id(struct mc_store *s, const char *id, struct mc_enrolment *out,
    struct mc_err *e)
{
	bool found;

	if (!mc_store_begin(s, e) ||
	    !mc_store_enrolment_find(s, MC_ENROLMENT_ID, id, out, &found, e))
		return false;
	return found || mc_fail(e, MC_NOINPUT, "%.40s: no such enrolment", id);
}

static bool
delivered(struct mc_store *s, const char *id, struct mc_err *e)
{
	AUTO_ENROLMENT en = { 0 };

	if (!find_id(s, id, &en, e))
		return false;
	if (en.state == MC_ENROLMENT_STARTED)
		return mc_fail(
		    e, MC_DENIED, "delivered to an enrolment without a device");
	return advance(s, &en, "delivered", MC_ENROLMENT_DELIVERED,
	    en.state == MC_ENROLMENT_DELIVERED ? "profile made, again"
					       : "profile made",
	    e);
}

bool
mc_track_delivered(struct mc_store *s, const char *id, struct mc_err *e)
{
	bool done = delivered(s, id, e);

	mc_store_rollback(s);
	return done;
}

static bool
stop_here(
    struct mc_store *s, const struct mc_track_stop *stop, struct mc_err *e)
{
	AUTO_ENROLMENT en = { 0 };

	if (!find_id(s, stop->id, &en, e))
		return false;
	if ((!stop->state ||
		strcmp(stop->state, mc_enrolment_state_name(en.state)) == 0) &&
	    (!mc_enrolment_set(&en.reason, stop->words, e) ||
		!mc_store_enrolment_save(s, &en, e)))
		return false;
	return record(s, &en, stop->step, false, stop->reason, e);
}

bool
mc_track_stop(
    struct mc_store *s, const struct mc_track_stop *stop, struct mc_err *e)
{
	bool done;

	if (!text_check("stage's name", stop->step, TEXT_MAX, e) ||
	    !text_check("reason", stop->reason, TEXT_MAX, e))
		return false;
	done = stop_here(s, stop, e);
	mc_store_rollback(s);
	return done;
}

/* SPDX-License-Identifier: ISC */
/* mcprofile-track: who is enrolling, how far they are, what may come next. */
#include <stdio.h>

#include "base/secret.h"
#include "ca/challenge.h"
#include "ca/conf.h"
#include "stages.h"
#include "track/enrolment.h"
#include "track/report.h"
#include "track/sender.h"

#define SUBJECT "/CN=${uuid}"
#define ENROL_AGAIN "/enroll"

struct track_args {
	const char *dir;
	const char *user;
	int64_t ttl;
	const char *ca;
	const char *scep_profile;
	const char *scep_challenge;
	const char *subject;
	const char *allowed_udids;
	int64_t challenge_ttl;
	unsigned returning;
	const char *stage;
	const char *reason;
	const char *id;
};

enum { RETURNING_DELIVER, RETURNING_REENROLL };

static const struct mc_opt track_opts[] = {
	MC_STR(struct track_args, dir, 0, "dir", "DIR",
	    "folder that holds the store", true),
	MC_OPT_END,
};

static const struct mc_opt start_opts[] = {
	MC_STR(struct track_args, user, 'u', "user", "NAME", "who is enrolling",
	    true),
	MC_SECONDS(struct track_args, ttl, 0, "ttl", "TIME",
	    "how long the token lives; 1h if not given"),
	MC_OPT_END,
};

static const struct mc_opt identify_opts[] = {
	MC_STR(struct track_args, ca, 0, "ca", "DIR",
	    "scep-ca folder to make the device's challenge in", false),
	MC_STR(struct track_args, scep_profile, 0, "scep-profile", "NAME",
	    "profile of its ca.conf that the challenge is good for; "
	    "\"default\" if not given",
	    false),
	MC_STR(struct track_args, scep_challenge, 0, "scep-challenge", "SECRET",
	    "challenge of a foreign SCEP server, file:PATH, fd:N or env:NAME",
	    false),
	MC_STR(struct track_args, subject, 0, "subject", "PATTERN",
	    "subject of the certificate, with ${uuid}, ${user}, ${udid}",
	    false),
	MC_SECONDS(struct track_args, challenge_ttl, 0, "challenge-ttl", "TIME",
	    "how long the device's challenge lives; 1h if not given"),
	MC_STR(struct track_args, allowed_udids, 0, "allowed-udids", "FILE",
	    "accept these devices only, one UDID a line", false),
	MC_OPT_END,
};

static const struct mc_opt deliver_opts[] = {
	MC_CHOICE(struct track_args, returning, 0, "returning",
	    "deliver|reenroll", "what a device that comes again gets"),
	MC_STR(struct track_args, allowed_udids, 0, "allowed-udids", "FILE",
	    "accept these devices only, one UDID a line", false),
	MC_OPT_END,
};

static const struct mc_opt stopped_opts[] = {
	MC_STR(struct track_args, stage, 0, "stage", "NAME",
	    "the stage that said no", true),
	MC_STR(struct track_args, reason, 0, "reason", "TEXT",
	    "why, one line without secrets", true),
	MC_OPT_END,
};

static const struct mc_opt list_opts[] = {
	MC_STR(struct track_args, user, 'u', "user", "NAME",
	    "only what this user enrolled", false),
	MC_OPT_END,
};

static const struct mc_opt show_opts[] = {
	MC_WORD(struct track_args, id, "id", "ID",
	    "the enrolment, or how its id begins", true),
	MC_OPT_END,
};

/* What is known of an enrolment goes to the log, refused or not. */
static bool
tell(const struct mc_enrolment *en, struct mc_facts *facts, struct mc_err *e)
{
	return mc_facts_set(facts, "ENROLMENT", en->id, e) &&
	    mc_facts_set(facts, "USER", en->user, e) &&
	    mc_facts_set(facts, "STATE", mc_enrolment_state_name(en->state), e);
}

static bool
start_run(const void *vargs, struct mc_io *io, struct mc_err *e)
{
	const struct track_args *args = vargs;
	AUTO(mc_store) *store = NULL;
	AUTO_ENROLMENT en = { 0 };
	char token[MC_TOKEN_TEXT];
	bool done;

	if (!mc_store_open(args->dir, true, &store, e))
		return mc_note(e, "--dir");
	done = mc_track_start(store, args->user, args->ttl, token, &en, e) &&
	    tell(&en, io->facts, e) &&
	    mc_facts_set(io->facts, "TOKEN", token, e) &&
	    mc_buf_printf(io->out, e, "%s\n", token);
	explicit_bzero(token, sizeof(token));
	return done;
}

/* Better now than when the device comes with what no profile takes. */
static bool
profile_check(const char *dir, const char *name, struct mc_err *e)
{
	const struct mc_ca_profile *profile;
	AUTO(mc_ca_conf) *conf = NULL;

	if (!name)
		return true;
	if (!mc_ca_conf_load(dir, &conf, e))
		return false;
	profile = mc_ca_conf_profile_find(conf, name);
	if (!profile)
		return mc_fail(
		    e, MC_USAGE, "ca.conf has no profile %.64s", name);
	return (profile->accept & MC_ACCEPT_CHALLENGE) ||
	    mc_fail(e, MC_USAGE,
		"profile %.64s takes no challenges: its \"accept\" says so",
		name);
}

/* The challenge that the device shows to the SCEP server, if it needs one. */
static bool
mint(const struct track_args *args, const struct mc_enrolment *en,
    struct mc_facts *facts, struct mc_buf *challenge, struct mc_err *e)
{
	const struct mc_challenge_spec spec = {
		.subject = en->subject,
		.owner = en->id,
		.user = en->user,
		.profile = args->scep_profile,
		.ttl = args->challenge_ttl,
	};
	AUTO(mc_store) *ca = NULL;

	if (args->ca &&
	    (!mc_store_open(args->ca, false, &ca, e) ||
		!mc_challenge_new(ca, &spec, challenge, e)))
		return mc_note(e, "--ca");
	return mc_facts_set(facts, "SCEP_SUBJECT", en->subject, e) &&
	    (challenge->len == 0 ||
		mc_facts_set(
		    facts, "SCEP_CHALLENGE", mc_buf_str(challenge), e));
}

/* There is no challenge, so the device gets nothing: why is on record. */
static bool
mint_failed(
    struct mc_store *store, const struct mc_enrolment *en, struct mc_err *e)
{
	const struct mc_track_stop stop = {
		.id = en->id,
		.state = mc_enrolment_state_name(en->state),
		.step = "identify",
		.reason = e->text,
		.words = e->text,
	};
	struct mc_err second = MC_ERR_INIT;

	/* the first mistake is the one to tell */
	(void)!mc_track_stop(store, &stop, &second);
	return false;
}

static bool
identify(const struct track_args *args, const struct mc_sender *who,
    struct mc_buf *challenge, struct mc_facts *facts, struct mc_err *e)
{
	const struct mc_track_grant grant = {
		.subject = args->subject ? args->subject : SUBJECT,
		.own_ca = args->ca != NULL,
	};
	AUTO(mc_store) *store = NULL;
	AUTO_ENROLMENT en = { 0 };
	struct mc_err why = MC_ERR_INIT;
	bool done;

	if (!mc_store_open(args->dir, false, &store, e))
		return mc_note(e, "--dir");
	done = mc_track_identify(
	    store, mc_buf_str(&who->challenge), &who->from, &grant, &en, e);
	if (*en.id && !tell(&en, facts, done ? e : &why))
		return false;
	if (!done)
		return false;
	/* the same store.db may be the CA's: one transaction at a time */
	return mint(args, &en, facts, challenge, e) ||
	    mint_failed(store, &en, e);
}

static bool
identify_run(const void *vargs, struct mc_io *io, struct mc_err *e)
{
	const struct track_args *args = vargs;
	AUTO_SENDER who = { .challenge = MC_BUF_INIT };
	AUTO_BUF challenge = MC_BUF_INIT;

	if (args->ca && args->scep_challenge)
		return mc_fail(
		    e, MC_USAGE, "--ca and --scep-challenge: one or the other");
	if (args->scep_profile && !args->ca)
		return mc_fail(e, MC_USAGE,
		    "--scep-profile: is a profile of --ca's, which is missing");
	if (args->ca && !profile_check(args->ca, args->scep_profile, e))
		return mc_note(e, "--scep-profile");
	if (args->scep_challenge &&
	    !mc_secret_load_text(
		args->scep_challenge, io->facts, &challenge, e))
		return mc_note(e, "--scep-challenge");
	if (!mc_sender_load(args->allowed_udids, "device", io, &who, e))
		return false;
	if (who.challenge.len == 0)
		return mc_fail(e, MC_DENIED,
		    "device's message: no CHALLENGE; UDID %s began nowhere",
		    who.from.udid);
	return identify(args, &who, &challenge, io->facts, e) &&
	    mc_buf_add(io->out, io->in->data, io->in->len, e);
}

/* A CHALLENGE is of no use here: the certificate tells who it is. */
static bool
deliver_run(const void *vargs, struct mc_io *io, struct mc_err *e)
{
	const struct track_args *args = vargs;
	struct mc_track_issued issued = {
		.owner = mc_facts_get(io->facts, "SIGNER_OWNER"),
		.once = args->returning == RETURNING_REENROLL,
	};
	AUTO_SENDER who = { .challenge = MC_BUF_INIT };
	AUTO(mc_store) *store = NULL;
	AUTO_ENROLMENT en = { 0 };
	struct mc_err second = MC_ERR_INIT;
	bool returned;
	bool done;

	if (!mc_sender_load(args->allowed_udids, "enrolled", io, &who, e) ||
	    (!issued.owner &&
		!mc_fact_need("mcprofile-verify", io->facts, "SIGNER_SUBJECT",
		    &issued.subject, e)))
		return false;
	if (!mc_store_open(args->dir, false, &store, e))
		return mc_note(e, "--dir");
	done = mc_track_deliver(store, &issued, &who.from, &returned, &en, e);
	if (*en.id && !tell(&en, io->facts, done ? e : &second))
		return false;
	if (returned &&
	    !mc_facts_set(io->facts, "REDIRECT", ENROL_AGAIN, &second))
		return false;
	return done && mc_buf_add(io->out, io->in->data, io->in->len, e);
}

/* The message is the whole answer: only the network can stop it now. */
static bool
delivered_run(const void *vargs, struct mc_io *io, struct mc_err *e)
{
	const struct track_args *args = vargs;
	AUTO(mc_store) *store = NULL;
	const char *id;

	if (!mc_fact_need(
		"mcprofile-track deliver", io->facts, "ENROLMENT", &id, e))
		return false;
	if (!mc_store_open(args->dir, false, &store, e))
		return mc_note(e, "--dir");
	return mc_buf_add(io->out, io->in->data, io->in->len, e) &&
	    mc_track_delivered(store, id, e);
}

static bool
stopped_run(const void *vargs, struct mc_io *io, struct mc_err *e)
{
	const struct track_args *args = vargs;
	struct mc_track_stop stop = {
		.state = mc_facts_get(io->facts, "STATE"),
		.step = args->stage,
		.reason = args->reason,
	};
	AUTO_BUF words = MC_BUF_INIT;
	AUTO(mc_store) *store = NULL;

	if (!mc_fact_need(
		"another step", io->facts, "ENROLMENT", &stop.id, e) ||
	    !mc_buf_printf(
		&words, e, "refused by %s: %s", args->stage, args->reason))
		return false;
	stop.words = mc_buf_str(&words);
	if (!mc_store_open(args->dir, false, &store, e))
		return mc_note(e, "--dir");
	return mc_track_stop(store, &stop, e);
}

static bool
list_run(const void *vargs, struct mc_io *io, struct mc_err *e)
{
	const struct track_args *args = vargs;
	AUTO(mc_store) *store = NULL;

	if (!mc_store_open(args->dir, false, &store, e))
		return mc_note(e, "--dir");
	return mc_report_list(store, args->user, io->out, e);
}

static bool
show_run(const void *vargs, struct mc_io *io, struct mc_err *e)
{
	const struct track_args *args = vargs;
	AUTO(mc_store) *store = NULL;

	if (!mc_store_open(args->dir, false, &store, e))
		return mc_note(e, "--dir");
	return mc_report_show(store, args->id, io->out, e);
}

static const struct mc_verb track_verbs[] = {
	{ "start", "give a user a one-time token", start_opts, MC_INPUT_NONE,
	    start_run },
	{ "identify", "bind the device that brings a token (phase 2)",
	    identify_opts, MC_INPUT_MESSAGE, identify_run },
	{ "deliver", "may this device have its profile? (phase 3)",
	    deliver_opts, MC_INPUT_MESSAGE, deliver_run },
	{ "delivered", "put on record that its profile goes out", NULL,
	    MC_INPUT_MESSAGE, delivered_run },
	{ "stopped", "put on record that a later stage said no", stopped_opts,
	    MC_INPUT_NONE, stopped_run },
	{ "list", "tell where each person is", list_opts, MC_INPUT_NONE,
	    list_run },
	{ "show", "tell every step of one enrolment", show_opts, MC_INPUT_NONE,
	    show_run },
	{ 0 },
};

const struct mc_stage mc_stage_track = {
	.name = "mcprofile-track",
	.summary = "who is enrolling, how far they are, what they may do next",
	.opts = track_opts,
	.verbs = track_verbs,
	.args_size = sizeof(struct track_args),
};

/* SPDX-License-Identifier: ISC */
#include "scep_ca/decide.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/pem.h"
#include "stage/spawn.h"

#define ANSWERS_END 64 /* exit statuses below are an answer */
#define WAIT 75        /* EX_TEMPFAIL: a person is to decide */

/* A program's words on fd 1 are for nobody. */
#define OUT_LIMIT ((size_t)64 << 10)

static bool
fact(struct mc_facts *facts, const char *name, const char *value,
    struct mc_err *e)
{
	return !value || mc_facts_set(facts, name, value, e);
}

/* What both are told. */
static bool
facts_make(
    const struct mc_issue_facts *f, struct mc_facts *to, struct mc_err *e)
{
	return fact(to, "PROFILE", f->profile->name, e) &&
	    fact(to, "SUBJECT", f->subject, e) &&
	    fact(to, "NAMES", f->names, e) &&
	    fact(to, "WAY", mc_certificate_way_name(f->way), e) &&
	    fact(to, "TRANSACTION", f->asked->transaction, e) &&
	    fact(to, "REMOTE_ADDR", f->asked->source, e) &&
	    fact(to, "OWNER", f->owner, e) && fact(to, "USER", f->user, e);
}

/* What only the certificate says. */
static bool
cert_facts_make(const X509 *cert, struct mc_facts *to, struct mc_err *e)
{
	char serial[MC_SERIAL_TEXT];
	char when[MC_TIME_TEXT];
	int64_t from;
	int64_t until;

	return mc_cert_serial(cert, serial, e) &&
	    mc_cert_validity(cert, &from, &until, e) &&
	    fact(to, "SERIAL", serial, e) &&
	    fact(to, "NOT_AFTER", mc_time_format(until, when), e);
}

static void
words_free(char **argv)
{
	for (char **p = argv; *p; p++)
		free(*p);
}

/* exec wants words that it may write to. */
static bool
run(const struct mc_ca_programs *p, const struct mc_ca_words *program,
    const struct mc_buf *in, struct mc_facts *facts, int *status,
    struct mc_err *e)
{
	AUTO_BUF out = { .limit = OUT_LIMIT };
	struct mc_io io = { .in = in, .out = &out, .facts = facts };
	char *argv[MC_CA_WORDS + 1] = { 0 };
	bool done = true;

	for (size_t i = 0; done && i < MC_CA_WORDS && program->v[i]; i++) {
		argv[i] = strdup(program->v[i]);
		done = argv[i] || mc_fail_memory(e);
	}
	done = done && mc_spawn_status(argv, p->seconds, &io, status, e);
	words_free(argv);
	return done;
}

/* What the program says instead; NULL where it says the same, or nothing. */
static bool
changed(const struct mc_facts *facts, const char *name, const char *before,
    char **out, struct mc_err *e)
{
	const char *now = mc_facts_get(facts, name);

	if (!now || (before && strcmp(now, before) == 0))
		return true;
	*out = strdup(now);
	return *out || mc_fail_memory(e);
}

static void
decision_clear(struct mc_decision *d)
{
	free(d->subject);
	free(d->names);
	free(d->owner);
	free(d->user);
	free(d->profile);
	*d = (struct mc_decision){ 0 };
}
#define AUTO_DECISION                                                          \
	__attribute__((cleanup(decision_clear))) struct mc_decision

static bool
decision_read(const struct mc_issue_facts *f, const struct mc_facts *facts,
    struct mc_decision *out, struct mc_err *e)
{
	return changed(facts, "SUBJECT", f->subject, &out->subject, e) &&
	    changed(facts, "NAMES", f->names, &out->names, e) &&
	    changed(facts, "OWNER", f->owner, &out->owner, e) &&
	    changed(facts, "USER", f->user, &out->user, e) &&
	    changed(facts, "PROFILE", f->profile->name, &out->profile, e);
}

/* Nothing is decided: whatever kept it from that may be put right. */
static bool
undecided(struct mc_err *e)
{
	e->code = MC_RETRY;
	return mc_note(e, "decide");
}

static bool
decide(void *ctx, const struct mc_issue_facts *f, struct mc_decision *out,
    struct mc_err *e)
{
	struct mc_ca_programs *p = ctx;
	AUTO_DECISION decision = { 0 };
	AUTO_FACTS facts = { 0 };
	AUTO_BUF pem = MC_BUF_INIT;
	int status = 0;

	if (!facts_make(f, &facts, e)) {
		/* what cannot be told to it, it cannot say yes to */
		if (e->code != MC_MALFORMED)
			return mc_note(e, "decide");
		p->words = *e;
		*e = (struct mc_err)MC_ERR_INIT;
		out->code = MC_DECIDED_NO;
		return true;
	}
	if (!mc_pem_encode(f->asked->csr, PEM_STRING_X509_REQ, &pem, e) ||
	    !run(p, &f->profile->decide, &pem, &facts, &status, e))
		return undecided(e);
	if (status != WAIT && status >= ANSWERS_END)
		return undecided(e);
	decision.code = status == 0 ? MC_DECIDED_YES
	    : status == WAIT        ? MC_DECIDED_WAIT
				    : MC_DECIDED_NO;
	if (decision.code == MC_DECIDED_NO)
		p->words = *e;
	*e = (struct mc_err)MC_ERR_INIT;
	if (!decision_read(f, &facts, &decision, e))
		return mc_note(e, "decide");
	*out = decision;
	decision = (struct mc_decision){ 0 };
	return true;
}

static bool
notify(void *ctx, const struct mc_issue_facts *f, struct mc_err *e)
{
	const struct mc_ca_programs *p = ctx;
	AUTO_FACTS facts = { 0 };
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;
	int status = 0;

	if (!mc_cert_encode(f->cert, &der, e) ||
	    !mc_pem_encode(&der, PEM_STRING_X509, &pem, e) ||
	    !facts_make(f, &facts, e) || !cert_facts_make(f->cert, &facts, e) ||
	    !run(p, &f->profile->notify, &pem, &facts, &status, e))
		return mc_note(e, "notify");
	return status == 0 || mc_note(e, "notify");
}

struct mc_issue_hooks
mc_ca_hooks(struct mc_ca_programs *p)
{
	return (struct mc_issue_hooks){ decide, notify, p };
}

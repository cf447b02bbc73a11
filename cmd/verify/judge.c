/* SPDX-License-Identifier: ISC */
#include "verify/judge.h"

#include <stdlib.h>

#include "base/fd.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "crypto/unverified.h"
#include "verify/revoked.h"

void
mc_judge_clear(struct mc_judge *j)
{
	mc_legs_clear(&j->legs);
	mc_buf_clear(&j->signature);
}

/* A day, a second, or "@" and seconds since 1970. */
static bool
at_parse(const char *s, int64_t *out, struct mc_err *e)
{
	*out = 0;
	return !s || mc_time_at_parse(s, out) ||
	    mc_fail(e, MC_USAGE,
		"--at: want a day or a second in UTC, 2027-01-01 or "
		"2027-01-01T12:00:00Z, or @SECONDS");
}

bool
mc_judge_init(
    struct mc_judge *j, const struct mc_verify_args *args, struct mc_err *e)
{
	j->args = args;
	j->signature.limit = MC_SIGNED_LIMIT;
	if (!at_parse(args->at, &j->at, e) ||
	    !mc_demands_parse(args, &j->demands, e) ||
	    !mc_legs_load(args, &j->legs, e))
		return false;
	return !args->signature ||
	    mc_file_load(args->signature, &j->signature, e) ||
	    mc_note(e, "--signature");
}

/* What devices send is held to the letter; files are by anybody's tool. */
static bool
is_strict(const struct mc_judge *j)
{
	return j->args->device_ca.n || j->args->enrolled_ca.n;
}

size_t
mc_judge_limit(const struct mc_judge *j)
{
	return is_strict(j) ? MC_BUF_LIMIT : MC_SIGNED_LIMIT;
}

/* The DER of a message, which is in own where it was PEM or base64. */
static bool
der_find(const struct mc_judge *j, const struct mc_buf **msg,
    struct mc_buf *own, struct mc_err *e)
{
	const struct mc_buf *found = NULL;

	own->limit = MC_SIGNED_LIMIT;
	if (!is_strict(j) && !mc_pem_cms_find(*msg, own, &found, e))
		return false;
	if (found)
		*msg = found;
	return true;
}

static bool
message_parse(const struct mc_judge *j, const struct mc_buf *in,
    struct mc_signed **out, struct mc_err *e)
{
	enum mc_gate gate = is_strict(j) ? MC_GATE_STRICT : MC_GATE_FILE;
	const bool detached = j->args->signature;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_signed) *s = NULL;

	if (is_strict(j) && in->len > MC_NET_LIMIT)
		return mc_fail(e, MC_MALFORMED,
		    "larger than a device's message may be, %zu bytes",
		    MC_NET_LIMIT);
	if (detached)
		in = &j->signature;
	if (!der_find(j, &in, &der, e) ||
	    !mc_signed_parse(in, gate, j->legs.files, &s, e))
		return detached && mc_note(e, "--signature");
	if (!detached && !mc_signed_has_content(s))
		return mc_fail(e, MC_MALFORMED,
		    "a detached signature: the content is not in it "
		    "(--signature names it, beside its content)");
	if (detached && mc_signed_has_content(s))
		return mc_fail(e, MC_MALFORMED,
		    "--signature: not detached: the content is in it");
	*out = take(&s);
	return true;
}

/* On the factory leg alone SHA-1 is all that a device can do. */
static bool
digest_check(const struct mc_judge *j, const struct mc_leg *leg,
    const struct mc_signed *message, struct mc_err *e)
{
	/* as --min-digest numbers them */
	enum { ALLOWS_SHA1 = 1 };

	if (mc_trust_factory(leg->trust) ||
	    j->args->min_digest == ALLOWS_SHA1 ||
	    strcmp(mc_signed_digest(message), "SHA1") != 0)
		return true;
	return mc_fail(e, MC_UNTRUSTED,
	    "signed over SHA-1, which is accepted from devices as made only "
	    "(--min-digest sha1 accepts it)");
}

/* The answers of one leg. */
struct opinion {
	mc_certs *chain;
	struct mc_err trust;
	struct mc_err dates;
	struct mc_err revoked;
	struct mc_revoked_facts revocation;
	char owner[MC_OWNER_TEXT];
};

static void
opinion_clear(struct opinion *o)
{
	mc_certs_free(o->chain);
}
#define AUTO_OPINION __attribute__((cleanup(opinion_clear))) struct opinion

/* Put why where it belongs; false where it is no answer at all. */
static bool
opinion_add(struct opinion *o, const struct mc_err *why, struct mc_err *e)
{
	struct mc_err *to = why->code == MC_OUTOFDATE ? &o->dates
	    : why->code == MC_REVOKED                 ? &o->revoked
						      : &o->trust;

	if (mc_exit_status(why->code) >= 64) {
		*e = *why;
		return false;
	}
	*to = *why;
	return true;
}

/* A chain that is out of date is a chain, and is looked at further. */
static bool
leg_ask(const struct mc_judge *j, const struct mc_leg *leg,
    const struct mc_verdict *v, struct opinion *o, struct mc_err *e)
{
	X509 *signer = mc_signed_signer(v->message);
	struct mc_err why = MC_ERR_INIT;

	if (!mc_trust_check(leg->trust, signer, mc_signed_bag(v->message),
		v->at, &o->chain, &why) &&
	    !opinion_add(o, &why, e))
		return false;
	if (o->trust.code != MC_OK)
		return true;
	if (!digest_check(j, leg, v->message, &why))
		return opinion_add(o, &why, e);
	if (leg->ca && !mc_ca_issued_check(leg->ca, signer, o->owner, &why) &&
	    !opinion_add(o, &why, e))
		return false;
	if (o->revoked.code == MC_OK)
		mc_revoked_check(j, o->chain, mc_signed_bag(v->message), v->at,
		    &o->revoked, &o->revocation);
	return true;
}

/* Which answers say most of a signer that no leg accepts. */
static int
weight(const struct opinion *o)
{
	if (!o->chain)
		return 1;
	if (o->trust.code != MC_OK)
		return 2;
	return o->revoked.code == MC_REVOKED ? 4 : 3;
}

static bool
is_good(const struct opinion *o)
{
	return o->trust.code == MC_OK && o->dates.code == MC_OK &&
	    o->revoked.code == MC_OK;
}

/* This leg's answers are the verdict's. */
static void
opinion_take(struct opinion *o, const struct mc_leg *leg, struct mc_verdict *v)
{
	mc_certs_free(v->chain);
	v->chain = take(&o->chain);
	v->leg = o->trust.code == MC_OK ? leg : NULL;
	v->trust = o->trust;
	v->dates = o->dates;
	v->revoked = o->revoked;
	v->revocation = o->revocation;
	v->dateless = mc_trust_factory(leg->trust);
	memcpy(v->owner, o->owner, sizeof(v->owner));
}

/* Without a chain the signer's own dates are all that can be told. */
static bool
strangers_dates(struct mc_verdict *v, struct mc_err *e)
{
	X509 *signer = mc_signed_signer(v->message);
	char name[MC_NAME_TEXT];
	struct mc_err why = MC_ERR_INIT;

	if (v->chain || v->dateless || mc_cert_dates_check(signer, v->at, &why))
		return true;
	if (why.code != MC_OUTOFDATE) {
		*e = why;
		return false;
	}
	(void)mc_note(
	    &why, "\"%s\"", mc_name_show(X509_get_subject_name(signer), name));
	v->dates = why;
	return true;
}

static bool
legs_ask(const struct mc_judge *j, struct mc_verdict *v, struct mc_err *e)
{
	const struct mc_legs *l = &j->legs;
	int heaviest = 0;

	v->revocable = l->revocation != NULL;
	for (size_t i = 0; i < l->n; i++) {
		AUTO_OPINION o = { 0 };
		int heavy;

		if (!leg_ask(j, &l->v[i], v, &o, e))
			return false;
		v->revocable |= o.chain && l->v[i].ca;
		heavy = is_good(&o) ? 5 : weight(&o);
		if (heavy > heaviest)
			opinion_take(&o, &l->v[i], v);
		if (heavy == 5)
			return true;
		if (heavy > heaviest)
			heaviest = heavy;
	}
	return strangers_dates(v, e);
}

/* Whoever signed it: do these bytes fit? */
static bool
content_check(const struct mc_judge *j, const struct mc_buf *in,
    struct mc_verdict *v, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;
	bool holds = j->args->signature
	    ? mc_signed_detached_check(v->message, in, &why) &&
		mc_buf_add(&v->content, in->data, in->len, &why)
	    : mc_signed_content(v->message, &v->content, &why);

	if (!holds && why.code != MC_ALTERED) {
		*e = why;
		return false;
	}
	v->intact = why;
	return true;
}

bool
mc_judge_message(const struct mc_judge *j, const struct mc_buf *in,
    struct mc_verdict *v, struct mc_err *e)
{
	v->at = j->at ? j->at : mc_time_now();
	v->elsewhen = j->at != 0;
	v->device = is_strict(j);
	v->device_ca = j->args->device_ca.n > 0;
	v->enrolled_ca = j->args->enrolled_ca.n > 0;
	v->content.limit = MC_SIGNED_LIMIT;
	if (!message_parse(j, in, &v->message, &v->form)) {
		if (!mc_code_is_verdict(v->form.code) &&
		    v->form.code != MC_MALFORMED) {
			*e = v->form;
			return false;
		}
		return v->form.code != MC_UNSIGNED ||
		    mc_buf_add(&v->content, in->data, in->len, e);
	}
	return legs_ask(j, v, e) && content_check(j, in, v, e) &&
	    mc_demands_check(&j->demands, v, e);
}

bool
mc_judge_unverified(const struct mc_judge *j, const struct mc_buf *in,
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;

	if (v->content.len || j->args->signature) {
		const struct mc_buf *from = v->content.len ? &v->content : in;

		return mc_buf_add(to, from->data, from->len, e);
	}
	return der_find(j, &in, &der, e) && mc_unverified_content(in, to, e);
}

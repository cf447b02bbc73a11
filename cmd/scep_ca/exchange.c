/* SPDX-License-Identifier: ISC */
#include "scep_ca/exchange.h"

#include "base/time.h"
#include "ca/password.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "scep_ca/certrep.h"
#include "scep_ca/lookup.h"

struct mc_scep_accept
mc_ca_accept(const struct mc_ca_profile *profile)
{
	return (struct mc_scep_accept){ .sha1 = profile->sha1,
		.des3 = profile->des3,
		.insecure = profile->insecure,
		.short_nonces = profile->short_nonces,
		.clock_skew = profile->clock_skew,
		.now = mc_time_now() };
}

int
mc_ca_fail_of(enum mc_verdict_code code)
{
	switch (code) {
	case MC_BAD_KEY:
		return MC_SCEP_BADALG;
	case MC_NO_REQUEST:
		return MC_SCEP_BADCERTID;
	case MC_GRANTED:
	case MC_WAITING:
		return -1;
	case MC_BAD_CHALLENGE:
	case MC_BAD_SUBJECT:
	case MC_BAD_NAMES:
	case MC_BAD_CSR:
	case MC_BAD_SIGNER:
	case MC_BAD_RENEWAL:
	case MC_WITHDRAWN:
	case MC_REJECTED:
	case MC_TOO_MANY:
		break;
	}
	return MC_SCEP_BADREQUEST;
}

static const struct mc_ra *
ra_among(const struct mc_ca *ca, const struct mc_scep_request *r)
{
	for (size_t i = 0; ca && i < ca->ras; i++)
		if (mc_envelope_is_for(
			&r->envelope, ca->ra[i].cert, r->several))
			return &ca->ra[i];
	return NULL;
}

const struct mc_ra *
mc_ca_ra_find(const struct mc_ca *ca, const struct mc_scep_request *r)
{
	const struct mc_ra *ra;

	if (r->transport == MC_TRANSPORT_PASSWORD)
		return &ca->ra[0];
	ra = ra_among(ca, r);
	return ra ? ra : ra_among(ca->previous, r);
}

/* csr NULL: a poll, or what of a message is known before it is open. */
static struct mc_issue_request
asked_of(const struct mc_exchange *x, const struct mc_buf *csr)
{
	return (struct mc_issue_request){
		.transaction = x->request.transaction,
		.signer = x->request.signer,
		.csr = csr,
		.source = x->source,
	};
}

/* Ask the CA, and say what it says. */
static bool
settle(struct mc_exchange *x, const struct mc_buf *csr, struct mc_err *e)
{
	const struct mc_issue_request asked = asked_of(x, csr);
	const struct mc_issue_hooks hooks = mc_ca_hooks(&x->programs);
	struct mc_scep_answer would = { .status = MC_SCEP_SUCCESS };
	struct mc_issued issued = { 0 };
	char serial[MC_SERIAL_TEXT];
	bool done = x->said
	    ? mc_issue_check(x->ca, x->profile, &asked, &issued, e)
	    : mc_issue(x->ca, x->profile, &asked, &hooks, &issued, e);
	AUTO(X509) *cert = issued.cert;

	if (!done && issued.verdict.code == MC_GRANTED)
		return false;
	if (!done)
		return mc_certrep_refuse_verdict(x, &issued.verdict, e);
	if (issued.verdict.code == MC_WAITING)
		return mc_certrep_wait(x, issued.waiting, e);
	/* what would be signed is not there yet */
	if (!cert && x->said)
		return mc_certrep(x, &would, e);
	return mc_cert_serial(cert, serial, e) &&
	    mc_facts_set(x->io->facts, "ISSUED", serial, e) &&
	    mc_certrep_grant(x, cert, e);
}

static bool
can_decrypt(const struct mc_exchange *x)
{
	return mc_key_encrypts(X509_get0_pubkey(x->request.signer));
}

static bool
try_password(void *ctx, const struct mc_buf *password)
{
	struct mc_exchange *x = ctx;

	return mc_scep_request_open_password(
	    &x->request, password, x->renewal, &x->content);
}

static bool
refuse_too_many(struct mc_exchange *x, struct mc_err *e)
{
	const struct mc_verdict verdict = mc_verdict_new(
	    MC_TOO_MANY, "too many failures from this address");

	(void)mc_fail(e, MC_DENIED, "%s", verdict.why);
	return mc_certrep_refuse_verdict(x, &verdict, e);
}

/* What would be searched for in vain is not searched for. */
static const char *
unsearchable(const struct mc_exchange *x)
{
	if (can_decrypt(x))
		return "a password is for keys that cannot decrypt: encrypt to "
		       "the RA's certificate";
	if (!(x->profile->accept & MC_ACCEPT_CHALLENGE))
		return "no challenge of this profile opens an envelope: "
		       "encrypt to the RA's certificate";
	return NULL;
}

/* *answered: refused already. */
static bool
open_password(struct mc_exchange *x, bool *answered, struct mc_err *e)
{
	const struct mc_issue_request asked = asked_of(x, NULL);
	const struct mc_scep_refusal none = { MC_SCEP_BADMESSAGECHECK, NULL };
	const struct mc_password_search search = { .asked = &asked,
		.who = x->who,
		.rounds = x->request.rounds,
		.dry = x->said != NULL,
		.try = try_password,
		.ctx = x };
	const char *text = unsearchable(x);
	enum mc_password_outcome outcome;

	*answered = text != NULL;
	if (text)
		return mc_certrep_refuse_as(x, MC_SCEP_BADALG, text, e);
	if (!mc_issue_password_find(x->ca, &search, &x->password, &outcome, e))
		return false;
	*answered = outcome != MC_PASSWORD_FOUND;
	if (!*answered)
		return true;
	if (outcome == MC_PASSWORD_TOO_MANY)
		return refuse_too_many(x, e);
	(void)mc_fail(e, MC_DENIED, "EnvelopedData: " MC_ENVELOPE_UNREADABLE);
	return mc_certrep_refuse(x, &none, e);
}

static bool
open_csr(struct mc_exchange *x, bool *answered, struct mc_err *e)
{
	struct mc_scep_refusal why = { -1, NULL };

	*answered = false;
	if (x->request.transport == MC_TRANSPORT_PASSWORD)
		return open_password(x, answered, e);
	if (mc_scep_request_open(&x->request, x->ra->cert, x->ra->key,
		x->renewal, &x->content, &why, e))
		return true;
	*answered = true;
	return mc_certrep_refuse_guess(x, &why, e);
}

/*
 * A key that cannot decrypt gets its reply enveloped with the challenge (RFC
 * 8894 section 3.1).  A request that is not even to be read is for the policy
 * to refuse.
 */
static bool
password_find(struct mc_exchange *x)
{
	struct mc_err unused = MC_ERR_INIT;
	AUTO(X509_REQ) *csr = NULL;
	bool found = false;

	if (x->password.len > 0 || can_decrypt(x))
		return true;
	if (!mc_csr_parse(&x->content, 0, &csr, &unused) ||
	    !mc_csr_challenge(csr, &x->password, &found, &unused))
		return true;
	return x->password.len > 0;
}

static bool
enrol(struct mc_exchange *x, struct mc_err *e)
{
	bool answered;

	if (x->request.type == MC_SCEP_RENEWALREQ && !x->renewal)
		return mc_certrep_refuse_as(x, MC_SCEP_BADREQUEST,
		    "a RenewalReq is signed with a certificate of this CA", e);
	if (!open_csr(x, &answered, e))
		return false;
	if (answered)
		return true;
	if (!password_find(x))
		return mc_certrep_refuse_as(x, MC_SCEP_BADALG,
		    "a key that cannot decrypt needs a challenge password to "
		    "encrypt the answer with",
		    e);
	return settle(x, &x->content, e);
}

/*
 * Nothing in a poll could be a password, so a key that cannot decrypt learns
 * that it has to wait, or why not; what is granted it gets when its request
 * comes again.
 */
static bool
poll(struct mc_exchange *x, struct mc_err *e)
{
	const struct mc_issue_request asked = asked_of(x, NULL);
	struct mc_err unused = MC_ERR_INIT;
	struct mc_issued issued = { 0 };
	bool granted = !can_decrypt(x) &&
	    mc_issue_check(x->ca, x->profile, &asked, &issued, &unused) &&
	    issued.verdict.code == MC_GRANTED;

	X509_free(issued.cert);
	if (granted)
		return mc_certrep_refuse_as(x, MC_SCEP_BADALG,
		    "it is granted: send the request again, for a poll has no "
		    "password to encrypt the answer with",
		    e);
	return settle(x, NULL, e);
}

/* GetCert and GetCRL. */
static bool
look_up(struct mc_exchange *x, struct mc_err *e)
{
	static const struct mc_scep_refusal none = { MC_SCEP_BADCERTID,
		MC_SCEP_NO_CERT };
	struct mc_scep_refusal why = { -1, NULL };
	AUTO_SCEP_ID id = { 0 };
	AUTO_BUF crl = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;
	struct mc_scep_answer answer = { .status = MC_SCEP_SUCCESS };
	bool done;

	if (!can_decrypt(x))
		return mc_certrep_refuse_as(x, MC_SCEP_BADALG,
		    "the answer cannot be encrypted to the signer's key", e);
	if (!x->ra) {
		(void)mc_fail(e, MC_DENIED, MC_SCEP_NO_CERT);
		return mc_certrep_refuse_guess(x, &none, e);
	}
	if (!mc_scep_request_open_id(
		&x->request, x->ra->cert, x->ra->key, &id, &why, e))
		return mc_certrep_refuse_guess(x, &why, e);
	done = x->request.type == MC_SCEP_GETCRL
	    ? mc_ca_lookup_crl(x->ca, &id, x->said ? NULL : &crl, e)
	    : mc_ca_lookup_cert(x->ca, &id, &cert, e);
	if (!done)
		return e->code == MC_DENIED &&
		    mc_certrep_refuse_guess(x, &none, e);
	if (cert)
		return mc_certrep_grant(x, cert, e);
	answer.crl = &crl;
	return mc_certrep(x, &answer, e);
}

static bool
facts_set(const struct mc_exchange *x, struct mc_err *e)
{
	const struct mc_scep_request *r = &x->request;

	return (!r->type ||
		   mc_facts_set(x->io->facts, "SCEP_TYPE",
		       mc_scep_type_name((int)r->type), e)) &&
	    (!r->transaction[0] ||
		mc_facts_set(x->io->facts, "TRANSACTION", r->transaction, e));
}

/* Who asks again for what was granted is let through: it is no guess. */
static bool
budget_check(struct mc_exchange *x, bool *left, struct mc_err *e)
{
	const struct mc_issue_request asked = asked_of(x, NULL);
	bool repeats;

	if (!mc_budget_who(x->ca, &asked, x->who, e) ||
	    !mc_issue_budget_check(x->ca, x->who, left, e))
		return false;
	if (*left || x->request.type == MC_SCEP_GETCERT ||
	    x->request.type == MC_SCEP_GETCRL)
		return true;
	return mc_budget_repeats(x->ca, &asked, x->who, &repeats, e) &&
	    (!repeats || mc_issue_budget_check(x->ca, x->who, left, e));
}

static bool
answer_to(struct mc_exchange *x, struct mc_err *e)
{
	const enum mc_scep_type type = x->request.type;
	bool left = true;

	x->ra = mc_ca_ra_find(x->ca, &x->request);
	x->renewal = mc_ca_issuer_find(x->ca, x->request.signer) != NULL;
	/* polls are not decrypted, and must not cost anybody his certificate */
	if (type == MC_SCEP_CERTPOLL)
		return poll(x, e);
	if (!budget_check(x, &left, e))
		return false;
	if (!left)
		return refuse_too_many(x, e);
	if (type == MC_SCEP_GETCERT || type == MC_SCEP_GETCRL)
		return look_up(x, e);
	if (!x->ra)
		return mc_certrep_refuse_as(x, MC_SCEP_BADMESSAGECHECK,
		    "it is not encrypted to this RA: ask for its certificate "
		    "with GetCACert",
		    e);
	return enrol(x, e);
}

bool
mc_ca_exchange(
    struct mc_exchange *x, const struct mc_buf *msg, struct mc_err *e)
{
	const struct mc_scep_accept accept = mc_ca_accept(x->profile);
	struct mc_scep_refusal why = { -1, NULL };
	struct mc_err second = MC_ERR_INIT;
	bool parsed = mc_scep_request_parse(msg, &accept, &x->request, &why, e);

	x->programs.seconds = x->ca->conf->program_seconds;
	if (!facts_set(x, parsed ? e : &second))
		return false;
	return parsed ? answer_to(x, e) : mc_certrep_refuse(x, &why, e);
}

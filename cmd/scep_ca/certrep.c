/* SPDX-License-Identifier: ISC */
#include "scep_ca/certrep.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/cert.h"
#include "scep_ca/exchange.h"
#include "stages.h"
#include "store/number.h"

void
mc_exchange_clear(struct mc_exchange *x)
{
	mc_scep_request_clear(&x->request);
	mc_buf_clear(&x->content);
	mc_buf_clear(&x->password);
}

/* For metrics; that it could not be counted is no reason to answer nothing. */
static void
count(const struct mc_exchange *x, const char *what)
{
	char name[64];
	struct mc_err unused = MC_ERR_INIT;

	snprintf(name, sizeof(name), "answers_%s", what);
	(void)!mc_store_number_count(x->ca->store, name, &unused);
}

/* *made is false where it is only said. */
static bool
reply(const struct mc_exchange *x, struct mc_scep_answer *answer, bool *made,
    struct mc_err *e)
{
	const struct mc_ra *ra = x->ra ? x->ra : &x->ca->ra[0];

	*made = !x->said;
	if (x->said) {
		*x->said = (struct mc_scep_answer){ .status = answer->status,
			.why = answer->why };
		return true;
	}
	answer->ra = ra->cert;
	answer->ra_key = ra->key;
	if (answer->status == MC_SCEP_SUCCESS && x->password.len > 0)
		answer->password = &x->password;
	return mc_scep_reply_encode(&x->request, answer, x->io->out, e);
}

bool
mc_certrep(const struct mc_exchange *x, struct mc_scep_answer *answer,
    struct mc_err *e)
{
	bool made;

	if (!reply(x, answer, &made, e))
		return false;
	if (!made)
		return true;
	count(x,
	    answer->status == MC_SCEP_SUCCESS ? "success"
		: answer->status == MC_SCEP_PENDING
		? "pending"
		: mc_scep_fail_name(answer->why.fail));
	return true;
}

/* The reason, for the terminal and, as a fact, for the log. */
static bool
tell(const struct mc_exchange *x, int fail, struct mc_err *e)
{
	AUTO_BUF line = MC_BUF_INIT;

	/* a fact is one line, whatever was quoted */
	mc_text_show(e->text);
	if (!mc_buf_printf(
		&line, e, "%s: %s", mc_scep_fail_name(fail), e->text) ||
	    !mc_facts_set(x->io->facts, "REFUSED", mc_buf_str(&line), e))
		return false;
	if (!x->io->say)
		return true;
	mc_buf_clear(&line);
	if (!mc_buf_printf(&line, e, "%s: %s: %s", mc_stage_scep_ca.name,
		mc_scep_fail_name(fail), e->text))
		return false;
	x->io->say(mc_buf_str(&line));
	return true;
}

/*
 * A refusal is an answer: a signed FAILURE, and status 0.  It stays an error
 * where nobody can be answered, and where it is our own failure.
 */
static bool
refuse(const struct mc_exchange *x, const struct mc_scep_refusal *why,
    bool counted, struct mc_err *e)
{
	struct mc_scep_answer answer = { .status = MC_SCEP_FAILURE,
		.why = *why };
	bool made;

	if (why->fail < 0 && mc_exit_status(e->code) < 64)
		e->code = MC_MALFORMED;
	if (why->fail < 0 || mc_exit_status(e->code) >= 70 ||
	    !tell(x, why->fail, e))
		return false;
	*e = (struct mc_err)MC_ERR_INIT;
	return counted ? mc_certrep(x, &answer, e)
		       : reply(x, &answer, &made, e);
}

bool
mc_certrep_refuse(const struct mc_exchange *x,
    const struct mc_scep_refusal *why, struct mc_err *e)
{
	return refuse(x, why, true, e);
}

bool
mc_certrep_refuse_as(
    const struct mc_exchange *x, int fail, const char *text, struct mc_err *e)
{
	const struct mc_scep_refusal why = { fail, text };

	(void)mc_fail(e, MC_DENIED, "%s", text);
	return mc_certrep_refuse(x, &why, e);
}

bool
mc_certrep_refuse_verdict(const struct mc_exchange *x,
    const struct mc_verdict *verdict, struct mc_err *e)
{
	const struct mc_scep_refusal why = { mc_ca_fail_of(verdict->code),
		verdict->told };
	const struct mc_err reason = *e;

	/* whatever it was, it has been decided */
	e->code = MC_DENIED;
	if (x->programs.words.text[0])
		(void)mc_fail(e, MC_DENIED, "%s: %s", reason.text,
		    x->programs.words.text);
	/* the disk is not at the service of who is not served */
	return refuse(x, &why, verdict->code != MC_TOO_MANY, e);
}

/* That our own side failed is nobody's guess. */
bool
mc_certrep_refuse_guess(const struct mc_exchange *x,
    const struct mc_scep_refusal *why, struct mc_err *e)
{
	struct mc_err second = MC_ERR_INIT;

	if (why->fail >= 0 && !x->said && mc_exit_status(e->code) < 70 &&
	    !mc_issue_budget_spend(x->ca, x->who, &second)) {
		*e = second;
		return false;
	}
	return mc_certrep_refuse(x, why, e);
}

/* Above the leaf: the CA that signed it, and what is above that. */
static bool
chain_add(const struct mc_exchange *x, X509 *leaf, mc_certs_lent *to)
{
	const struct mc_ca *ca = mc_ca_issuer_find(x->ca, leaf);

	if (x->profile->reply != MC_REPLY_CHAIN || !ca)
		return true;
	if (sk_X509_push(to, ca->cert) <= 0)
		return false;
	for (int i = 0; i < sk_X509_num(ca->chain); i++)
		if (sk_X509_push(to, sk_X509_value(ca->chain, i)) <= 0)
			return false;
	return true;
}

bool
mc_certrep_grant(const struct mc_exchange *x, X509 *cert, struct mc_err *e)
{
	AUTO(mc_certs_lent) *certs = sk_X509_new_null();
	struct mc_scep_answer answer = { .status = MC_SCEP_SUCCESS,
		.certs = certs };

	if (!certs || sk_X509_push(certs, cert) <= 0 ||
	    !chain_add(x, cert, certs))
		return mc_fail_memory(e);
	return mc_certrep(x, &answer, e);
}

bool
mc_certrep_wait(const struct mc_exchange *x, int64_t number, struct mc_err *e)
{
	struct mc_scep_answer answer = { .status = MC_SCEP_PENDING };
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	return mc_facts_set(x->io->facts, "WAITING", text, e) &&
	    mc_certrep(x, &answer, e);
}

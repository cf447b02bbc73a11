/* SPDX-License-Identifier: ISC */
#include "verify/verdict.h"

#include "base/time.h"
#include "crypto/describe.h"
#include "crypto/name.h"
#include "profile/describe.h"

/* Column where a report's values begin. */
#define INDENT "           "
#define INDENT_LEN 11

static bool
line(const char *name, const struct mc_err *why, const char *yes,
    struct mc_buf *to, struct mc_err *e)
{
	bool good = why->code == MC_OK;

	return mc_buf_printf(to, e, "%-*s%s%s\n", INDENT_LEN, name,
	    good ? "yes" : "no: ", good ? yes : why->text);
}

/* Dates are the last thing to fail: a chain that has them wrong is a chain. */
static bool
verdict_lines(const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	static const struct mc_err none = MC_ERR_INIT;
	bool late = v->trust.code == MC_OUTOFDATE;

	if (!line("intact:", &v->intact, "", to, e) ||
	    !line("trusted:", late ? &none : &v->trust,
		v->leg ? v->leg->as : "", to, e))
		return false;
	if (v->leg && mc_trust_factory(v->leg->trust))
		return mc_buf_puts(to,
		    "in date:   not asked: factory chains outlive their "
		    "dates\n",
		    e);
	return v->trust.code == MC_UNTRUSTED ||
	    line("in date:", late ? &v->trust : &none, "", to, e);
}

static bool
signer_lines(const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	X509 *signer = mc_signed_signer(v->message);
	char subject[MC_NAME_TEXT];
	char when[MC_TIME_TEXT];
	int64_t at;

	if (!mc_buf_printf(to, e, "signer:    %s\n",
		mc_name_show(X509_get_subject_name(signer), subject)))
		return false;
	if (v->chain &&
	    (!mc_buf_puts(to, "chain:     ", e) ||
		!mc_chain_show(v->chain, mc_time_now(), INDENT, to, e)))
		return false;
	if (mc_signed_time(v->message, &at) &&
	    !mc_buf_printf(to, e, "signed at: %s\n", mc_time_format(at, when)))
		return false;
	return mc_buf_printf(
	    to, e, "digest:    %s\n", mc_signed_digest(v->message));
}

void
mc_verdict_clear(struct mc_verdict *v)
{
	if (v->message)
		mc_signed_free(v->message);
	mc_certs_free(v->chain);
	mc_buf_clear(&v->content);
}
bool
mc_verdict_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	if (!verdict_lines(v, to, e) || !signer_lines(v, to, e))
		return false;
	return v->trust.code != MC_OK || v->intact.code != MC_OK ||
	    (mc_buf_puts(to, "content:   ", e) &&
		mc_profile_describe(&v->content, INDENT, to, e));
}

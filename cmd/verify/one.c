/* SPDX-License-Identifier: ISC */
/* One message: its report, or what is in it. */
#include "crypto/signer.h"
#include "verify/job.h"
#include "verify/print.h"
#include "verify/profile.h"
#include "verify/report.h"

static bool
facts_set(const struct mc_verdict *v, struct mc_facts *facts, struct mc_err *e)
{
	if (!mc_signer_facts_set(v->message, facts, e))
		return false;
	if (*v->owner && !mc_facts_set(facts, "SIGNER_OWNER", v->owner, e))
		return false;
	return mc_facts_set(facts, "SIGNER", v->leg->kind, e);
}

/* The report says why, and so need not the last line. */
static const char *
short_of(const struct mc_err *e)
{
	switch ((int)e->code) {
	case MC_UNTRUSTED:
		return "not trusted";
	case MC_ALTERED:
		return "altered";
	case MC_REVOKED:
		return "revoked";
	case MC_OUTOFDATE:
		return "out of date";
	case MC_MISMATCH:
		return "not what was demanded";
	default:
		return e->text;
	}
}

static bool
report(struct mc_verify_job *j, struct mc_verdict *v, struct mc_err *e)
{
	bool tap = j->args->format == MC_VERIFY_TAP;
	bool text = j->args->format == MC_VERIFY_TEXT;
	struct mc_buf *out = j->io->out;
	struct mc_err why = MC_ERR_INIT;
	bool good = mc_verdict_check(v, &why);

	out->limit = MC_VERIFY_REPORT_LIMIT;
	/* of what is no message there is nothing more to say */
	if (!good && text && v->form.code == MC_MALFORMED) {
		*e = why;
		return false;
	}
	if ((tap && !mc_buf_puts(out, "TAP version 13\n", e)) ||
	    !mc_verify_report(j, v, 1, out, e) ||
	    (tap && !mc_buf_puts(out, "1..1\n", e)))
		return false;
	j->io->report = true;
	if (good)
		return facts_set(v, j->io->facts, e);
	if (!text)
		*e = why;
	return text ? mc_fail(e, why.code, "%s", short_of(&why)) : false;
}

/* A profile that nobody signed is printed, where nothing was demanded. */
static bool
prints_unsigned(const struct mc_verify_job *j, const struct mc_verdict *v)
{
	const struct mc_verify_args *a = j->args;

	return a->print && v->form.code == MC_UNSIGNED && !v->device &&
	    !mc_demands_any(&j->judge.demands) && !a->require_eku &&
	    !a->crl.n && !a->ocsp.n && !a->signature && !a->ca.n &&
	    !a->system && !a->chain.n && !a->at && !mc_sealed_is(&v->content);
}

/* What could be found, whatever it is. */
static bool
unverified(struct mc_verify_job *j, const struct mc_buf *in,
    const struct mc_verdict *v, struct mc_buf *content, struct mc_err *e)
{
	content->limit = MC_SIGNED_LIMIT;
	if (mc_judge_unverified(&j->judge, in, v, content, e))
		return true;
	/* git shows nothing of a file whose textconv fails */
	return j->args->print && e->code == MC_MALFORMED &&
	    mc_buf_add(content, in->data, in->len, e);
}

static bool
warn(const struct mc_verify_job *j, const struct mc_err *why, struct mc_err *e)
{
	AUTO_BUF line = MC_BUF_INIT;

	if (!mc_buf_printf(&line, e,
		"WARNING: this content is NOT VERIFIED: %s", why->text))
		return false;
	if (j->io->say)
		j->io->say(mc_buf_str(&line));
	return true;
}

static bool
content_give(struct mc_verify_job *j, const struct mc_buf *in,
    struct mc_verdict *v, struct mc_err *e)
{
	AUTO_BUF found = MC_BUF_INIT;
	struct mc_buf *content = &v->content;
	struct mc_err why = MC_ERR_INIT;
	bool good = mc_verdict_check(v, &why);

	if (!good && j->args->unverified) {
		if (!unverified(j, in, v, &found, e) ||
		    !(prints_unsigned(j, v) || warn(j, &why, e)))
			return false;
		content = &found;
	} else if (!good && !prints_unsigned(j, v)) {
		*e = why;
		return false;
	}
	j->io->out->limit = MC_VERIFY_REPORT_LIMIT;
	if (j->args->extract)
		mc_buf_swap(j->io->out, content);
	else if (!mc_print_encode(
		     v, content, j->args->unverified, j->io->out, e))
		return false;
	return !good || facts_set(v, j->io->facts, e);
}

bool
mc_verify_one(struct mc_verify_job *j, struct mc_err *e)
{
	const char *name = j->files->v[0];
	AUTO_VERDICT v = { .owner = "" };
	AUTO_BUF own = MC_BUF_INIT;
	const struct mc_buf *in = NULL;
	bool judged = mc_verify_judge(j, name, &own, &in, &v, e);
	bool done = judged &&
	    (j->args->extract || j->args->print ? content_give(j, in, &v, e)
						: report(j, &v, e));

	return done || mc_verify_note(name, in, e);
}

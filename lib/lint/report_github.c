/* SPDX-License-Identifier: ISC */
/*
 * Workflow commands of GitHub Actions, which make annotations:
 *
 *	::error file=a.mobileconfig,line=2,col=3,title=MC1101 unknown-key::...
 */
#include "lint/report_part.h"

static bool
data_add(struct mc_buf *to, const char *s, struct mc_err *e)
{
	static const char *const with[] = { "%25", "%0D", "%0A" };

	return mc_report_escape(to, s, "%\r\n", with, e);
}

static bool
property_add(struct mc_buf *to, const char *s, struct mc_err *e)
{
	static const char *const with[] = { "%25", "%0D", "%0A", "%3A", "%2C" };

	return mc_report_escape(to, s, "%\r\n:,", with, e);
}

/* A line of the message below its first one; nothing without a text. */
static bool
detail_add(struct mc_buf *to, const char *what, const char *s, struct mc_err *e)
{
	if (!s || !*s)
		return true;
	return mc_buf_printf(to, e, "%%0A%s", what) && data_add(to, s, e);
}

static bool
finding_add(struct mc_buf *to, const char *file, const struct mc_finding *f,
    struct mc_err *e)
{
	if (!mc_buf_printf(
		to, e, "::%s file=", mc_severity_name(f->severity)) ||
	    !property_add(to, file, e))
		return false;
	if (f->at.line && !mc_buf_printf(to, e, ",line=%u", f->at.line))
		return false;
	if (f->at.line && f->at.column &&
	    !mc_buf_printf(to, e, ",col=%u", f->at.column))
		return false;
	return mc_buf_printf(to, e, ",title=MC%04u ", f->code->number) &&
	    property_add(to, f->code->name, e) && mc_buf_puts(to, "::", e) &&
	    data_add(to, f->message, e) && detail_add(to, "at ", f->path, e) &&
	    detail_add(to, "want ", f->expected, e) &&
	    detail_add(to, "hint: ", f->suggestion, e) &&
	    mc_buf_puts(to, "\n", e);
}

static bool
github_add(const struct mc_lint_report *r, const struct mc_lint_result *result,
    struct mc_err *e)
{
	for (size_t i = 0; i < result->findings.n; i++)
		if (!finding_add(
			r->to, result->file, &result->findings.v[i], e))
			return false;
	return true;
}

static bool
github_unread(struct mc_lint_report *r, const char *file, const char *why,
    struct mc_err *e)
{
	return mc_buf_puts(r->to, "::error file=", e) &&
	    property_add(r->to, file, e) &&
	    mc_buf_puts(r->to, ",title=cannot be read::", e) &&
	    data_add(r->to, why, e) && mc_buf_puts(r->to, "\n", e);
}

const struct mc_report_form mc_report_github = {
	.add = github_add,
	.unread = github_unread,
};

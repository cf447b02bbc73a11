/* SPDX-License-Identifier: ISC */
/* The Test Anything Protocol, version 13: a test a file, findings in YAML. */
#include "lint/report_part.h"

static bool
member_add(struct mc_buf *to, const char *name, const char *s, struct mc_err *e)
{
	if (!s || !*s)
		return true;
	return mc_buf_printf(to, e, "      %s: ", name) &&
	    mc_report_quote(to, s, e) && mc_buf_puts(to, "\n", e);
}

static bool
finding_add(struct mc_buf *to, const struct mc_finding *f, struct mc_err *e)
{
	if (!mc_buf_printf(to, e, "    - code: MC%04u\n      severity: %s\n",
		f->code->number, mc_severity_name(f->severity)))
		return false;
	if (f->at.line && !mc_buf_printf(to, e, "      line: %u\n", f->at.line))
		return false;
	if (f->at.line && f->at.column &&
	    !mc_buf_printf(to, e, "      column: %u\n", f->at.column))
		return false;
	return member_add(to, "name", f->code->name, e) &&
	    member_add(to, "path", f->path, e) &&
	    member_add(to, "message", f->message, e) &&
	    member_add(to, "expected", f->expected, e) &&
	    member_add(to, "suggestion", f->suggestion, e);
}

static bool
fails(const struct mc_lint_report *r, const struct mc_findings *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (mc_report_fails(r, &found->v[i]))
			return true;
	return false;
}

static bool
tap_begin(const struct mc_lint_report *r, struct mc_err *e)
{
	return mc_buf_puts(r->to, "TAP version 13\n", e);
}

static bool
tap_add(const struct mc_lint_report *r, const struct mc_lint_result *result,
    struct mc_err *e)
{
	/* what follows "#" would be a directive */
	static const char *const with[] = { "\\#", "\\\\" };
	const struct mc_findings *found = &result->findings;

	if (!mc_buf_printf(r->to, e, "%sok %zu - ",
		fails(r, found) ? "not " : "", r->files + r->unread + 1) ||
	    !mc_report_escape(r->to, result->file, "#\\", with, e) ||
	    !mc_buf_puts(r->to, "\n", e))
		return false;
	if (found->n == 0)
		return true;
	if (!mc_buf_puts(r->to, "  ---\n  findings:\n", e))
		return false;
	for (size_t i = 0; i < found->n; i++)
		if (!finding_add(r->to, &found->v[i], e))
			return false;
	return mc_buf_puts(r->to, "  ...\n", e);
}

static bool
tap_unread(struct mc_lint_report *r, const char *file, const char *why,
    struct mc_err *e)
{
	static const char *const with[] = { "\\#", "\\\\" };

	return mc_buf_printf(
		   r->to, e, "not ok %zu - ", r->files + r->unread + 1) &&
	    mc_report_escape(r->to, file, "#\\", with, e) &&
	    mc_buf_puts(r->to, "\n  ---\n", e) &&
	    member_add(r->to, "unread", why, e) &&
	    mc_buf_puts(r->to, "  ...\n", e);
}

static bool
tap_end(const struct mc_lint_report *r, struct mc_err *e)
{
	return mc_buf_printf(r->to, e, "1..%zu\n", r->files + r->unread);
}

const struct mc_report_form mc_report_tap = {
	.begin = tap_begin,
	.add = tap_add,
	.unread = tap_unread,
	.end = tap_end,
};

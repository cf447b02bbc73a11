/* SPDX-License-Identifier: ISC */
/*
 * JUnit's XML as continuous integration reads it: a suite a file, a case a
 * finding, one case that passes where there is none.
 */
#include "lint/report_part.h"

static bool
xml_add(struct mc_buf *to, const char *s, struct mc_err *e)
{
	static const char *const with[] = { "&amp;", "&lt;", "&gt;", "&quot;",
		"&apos;" };

	return mc_report_escape(to, s, "&<>\"'", with, e);
}

static bool
attribute_add(
    struct mc_buf *to, const char *name, const char *s, struct mc_err *e)
{
	return mc_buf_printf(to, e, " %s=\"", name) && xml_add(to, s, e) &&
	    mc_buf_puts(to, "\"", e);
}

/* One line of a finding's text; nothing without one. */
static bool
detail_add(struct mc_buf *to, const char *what, const char *s, struct mc_err *e)
{
	if (!s || !*s)
		return true;
	return mc_buf_puts(to, what, e) && xml_add(to, s, e) &&
	    mc_buf_puts(to, "\n", e);
}

static bool
body_add(struct mc_buf *to, const char *file, const struct mc_finding *f,
    struct mc_err *e)
{
	if (!xml_add(to, file, e))
		return false;
	if (f->at.line && !mc_buf_printf(to, e, ":%u", f->at.line))
		return false;
	if (f->at.line && f->at.column &&
	    !mc_buf_printf(to, e, ":%u", f->at.column))
		return false;
	return mc_buf_printf(to, e, ": %s: ", mc_severity_name(f->severity)) &&
	    xml_add(to, f->message, e) && mc_buf_puts(to, "\n", e) &&
	    detail_add(to, "at ", f->path, e) &&
	    detail_add(to, "want ", f->expected, e) &&
	    detail_add(to, "hint: ", f->suggestion, e);
}

static bool
case_begin(struct mc_buf *to, const char *file, const struct mc_finding *f,
    struct mc_err *e)
{
	return mc_buf_puts(to, "    <testcase", e) &&
	    attribute_add(to, "classname", file, e) &&
	    mc_buf_printf(to, e, " name=\"MC%04u ", f->code->number) &&
	    xml_add(to, f->code->name, e) &&
	    (!*f->path ||
		(mc_buf_puts(to, " ", e) && xml_add(to, f->path, e))) &&
	    mc_buf_puts(to, "\">\n", e);
}

static bool
case_add(const struct mc_lint_report *r, const char *file,
    const struct mc_finding *f, struct mc_err *e)
{
	struct mc_buf *to = r->to;
	bool fails = mc_report_fails(r, f);
	const char *element = fails ? "failure" : "system-out";

	if (!case_begin(to, file, f, e) ||
	    !mc_buf_printf(to, e, "      <%s", element))
		return false;
	if (fails &&
	    (!attribute_add(to, "message", f->message, e) ||
		!mc_buf_printf(
		    to, e, " type=\"%s\"", mc_severity_name(f->severity))))
		return false;
	return mc_buf_puts(to, ">", e) && body_add(to, file, f, e) &&
	    mc_buf_printf(to, e, "</%s>\n    </testcase>\n", element);
}

static bool
clean_add(struct mc_buf *to, const char *file, struct mc_err *e)
{
	return mc_buf_puts(to, "    <testcase", e) &&
	    attribute_add(to, "classname", file, e) &&
	    mc_buf_puts(to, " name=\"no findings\"/>\n", e);
}

static bool
junit_begin(const struct mc_lint_report *r, struct mc_err *e)
{
	return mc_buf_puts(r->to,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites name=\"mcprofile-lint\">\n",
	    e);
}

static bool
junit_add(const struct mc_lint_report *r, const struct mc_lint_result *result,
    struct mc_err *e)
{
	const struct mc_findings *found = &result->findings;
	size_t failures = 0;

	for (size_t i = 0; i < found->n; i++)
		failures += mc_report_fails(r, &found->v[i]);
	if (!mc_buf_puts(r->to, "  <testsuite", e) ||
	    !attribute_add(r->to, "name", result->file, e) ||
	    !mc_buf_printf(r->to, e,
		" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
		"skipped=\"0\">\n",
		found->n ? found->n : 1, failures))
		return false;
	if (found->n == 0 && !clean_add(r->to, result->file, e))
		return false;
	for (size_t i = 0; i < found->n; i++)
		if (!case_add(r, result->file, &found->v[i], e))
			return false;
	return mc_buf_puts(r->to, "  </testsuite>\n", e);
}

static bool
junit_unread(struct mc_lint_report *r, const char *file, const char *why,
    struct mc_err *e)
{
	struct mc_buf *to = r->to;

	return mc_buf_puts(to, "  <testsuite", e) &&
	    attribute_add(to, "name", file, e) &&
	    mc_buf_puts(to,
		" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
		"    <testcase",
		e) &&
	    attribute_add(to, "classname", file, e) &&
	    mc_buf_puts(to, " name=\"can be read\">\n      <error", e) &&
	    attribute_add(to, "message", why, e) &&
	    mc_buf_puts(to, "/>\n    </testcase>\n  </testsuite>\n", e);
}

static bool
junit_end(const struct mc_lint_report *r, struct mc_err *e)
{
	return mc_buf_puts(r->to, "</testsuites>\n", e);
}

const struct mc_report_form mc_report_junit = {
	.begin = junit_begin,
	.add = junit_add,
	.unread = junit_unread,
	.end = junit_end,
};

/* SPDX-License-Identifier: ISC */
/*
 * One object, its findings a line each:
 *
 *	{"tool": ..., "version": ..., "findings": [{...}, ...], "summary":
 *{...}}
 *
 * A key that has nothing to say is null: line, column, path, expected,
 * suggestion.
 */
#include "lint/report_json.h"

bool
mc_report_json_add(
    const json_t *o, const char *before, struct mc_buf *to, struct mc_err *e)
{
	return mc_buf_puts(to, before, e) &&
	    mc_json_encode(o, JSON_COMPACT, to, e);
}

static json_t *
number(uint32_t n)
{
	return n ? json_integer(n) : json_null();
}

static bool
code_put(json_t *o, const struct mc_lint_code *code, struct mc_err *e)
{
	char text[MC_REPORT_CODE];

	return mc_json_set_text(o, "code", mc_report_code(code, text), e) &&
	    mc_json_set(o, "name", json_string(code->name), e);
}

static bool
finding_add(const char *file, const struct mc_finding *f, const char *before,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *o = json_object();

	if (!o)
		return mc_fail_memory(e);
	return mc_json_set_text(o, "file", file, e) &&
	    mc_json_set(o, "line", number(f->at.line), e) &&
	    mc_json_set(o, "column", number(f->at.column), e) &&
	    mc_json_set_text(o, "severity", mc_severity_name(f->severity), e) &&
	    code_put(o, f->code, e) &&
	    mc_json_set_text(o, "path", f->path, e) &&
	    mc_json_set_text(o, "message", f->message, e) &&
	    mc_json_set_text(o, "expected", f->expected, e) &&
	    mc_json_set_text(o, "suggestion", f->suggestion, e) &&
	    mc_report_json_add(o, before, to, e);
}

static bool
json_begin(const struct mc_lint_report *r, struct mc_err *e)
{
	return mc_buf_puts(r->to,
	    "{\"tool\":\"mcprofile-lint\",\"version\":\"" MC_VERSION "\","
	    "\"findings\":[",
	    e);
}

static bool
json_add(const struct mc_lint_report *r, const struct mc_lint_result *result,
    struct mc_err *e)
{
	const struct mc_findings *found = &result->findings;

	for (size_t i = 0; i < found->n; i++)
		if (!finding_add(result->file, &found->v[i],
			r->with || i ? ",\n" : "\n", r->to, e))
			return false;
	return true;
}

/* Findings come first: what was not read waits. */
static bool
json_unread(struct mc_lint_report *r, const char *file, const char *why,
    struct mc_err *e)
{
	AUTO(json_t) *o = json_object();

	if (!o)
		return mc_fail_memory(e);
	return mc_json_set_text(o, "file", file, e) &&
	    mc_json_set_text(o, "message", why, e) &&
	    mc_report_json_add(o, r->unread ? ",\n" : "\n", &r->later, e);
}

static bool
json_end(const struct mc_lint_report *r, struct mc_err *e)
{
	AUTO(json_t) *o = json_object();

	if (!o)
		return mc_fail_memory(e);
	return mc_json_set_number(o, "files", (int64_t)r->files, e) &&
	    mc_json_set_number(o, "files_with_findings", (int64_t)r->with, e) &&
	    mc_json_set_number(o, "unread", (int64_t)r->unread, e) &&
	    mc_json_set_number(o, "errors", (int64_t)r->counts[MC_ERROR], e) &&
	    mc_json_set_number(
		o, "warnings", (int64_t)r->counts[MC_WARNING], e) &&
	    mc_json_set_number(
		o, "notices", (int64_t)r->counts[MC_NOTICE], e) &&
	    mc_json_set_number(o, "suppressed", (int64_t)r->suppressed, e) &&
	    mc_json_set_number(o, "not_shown", (int64_t)r->lost, e) &&
	    mc_buf_puts(r->to, "\n],\"unread\":[", e) &&
	    mc_buf_puts(r->to, mc_buf_str(&r->later), e) &&
	    mc_report_json_add(o, "],\"summary\":", r->to, e) &&
	    mc_buf_puts(r->to, "}\n", e);
}

const struct mc_report_form mc_report_json = {
	.begin = json_begin,
	.add = json_add,
	.unread = json_unread,
	.end = json_end,
};

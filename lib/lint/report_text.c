/* SPDX-License-Identifier: ISC */
/*
 * For people, and the one line that editors and compilers' users know:
 *
 *	wifi.mobileconfig:12:5: error: unknown key "SSID" [MC1101]
 *	    at PayloadContent[0].SSID
 *	    want one of SSID_STR, ...
 *	    hint: rename it
 */
#include "lint/report_part.h"

#include "base/text.h"

#define INDENT 4

static const char *
colour(const struct mc_lint_report *r, enum mc_severity s)
{
	static const char *const codes[] = {
		[MC_NOTICE] = "\x1b[1;36m",
		[MC_WARNING] = "\x1b[1;33m",
		[MC_ERROR] = "\x1b[1;31m",
	};

	return r->view.colour ? codes[s] : "";
}

static const char *
bold(const struct mc_lint_report *r)
{
	return r->view.colour ? "\x1b[1m" : "";
}

static const char *
plain(const struct mc_lint_report *r)
{
	return r->view.colour ? "\x1b[m" : "";
}

/* "FILE:LINE:COLUMN:", as much of it as is known. */
static bool
place_add(const struct mc_lint_report *r, const char *file, struct mc_place at,
    struct mc_err *e)
{
	if (!mc_buf_puts(r->to, bold(r), e) ||
	    !mc_report_text_add(r->to, file, e))
		return false;
	if (at.line && !mc_buf_printf(r->to, e, ":%u", at.line))
		return false;
	if (at.line && at.column && !mc_buf_printf(r->to, e, ":%u", at.column))
		return false;
	return mc_buf_printf(r->to, e, ":%s ", plain(r));
}

static bool
line_add(const struct mc_lint_report *r, const char *file,
    const struct mc_finding *f, struct mc_err *e)
{
	return place_add(r, file, f->at, e) &&
	    mc_buf_printf(r->to, e, "%s%s:%s ", colour(r, f->severity),
		mc_severity_name(f->severity), plain(r)) &&
	    mc_report_text_add(r->to, f->message, e) &&
	    mc_buf_printf(r->to, e, " [MC%04u]\n", f->code->number);
}

/* Words, each line indented, none past the terminal's last column. */
static bool
wrap(const struct mc_lint_report *r, const char *s, struct mc_err *e)
{
	size_t room = r->view.columns > 3 * INDENT ? r->view.columns - INDENT
						   : SIZE_MAX;
	size_t used = room;

	while (*s) {
		size_t n = strcspn(s, " ");
		size_t width = mc_text_width(s, n);
		bool fits = used < room && used + 1 + width <= room;

		/* SIZE_MAX is no width that a line could have */
		if (used == room || !fits) {
			if (!mc_buf_printf(r->to, e, "%s%*s",
				used == room ? "" : "\n", INDENT, ""))
				return false;
			used = 0;
		} else if (!mc_buf_puts(r->to, " ", e)) {
			return false;
		}
		if (!mc_buf_add(r->to, s, n, e))
			return false;
		used += width + fits;
		s += n + strspn(s + n, " ");
	}
	return mc_buf_puts(r->to, "\n", e);
}

/* A line below a finding: what it is, and a text; nothing without one. */
static bool
detail_add(const struct mc_lint_report *r, const char *what, const char *s,
    struct mc_err *e)
{
	AUTO_BUF line = MC_BUF_INIT;

	if (!s || !*s)
		return true;
	return mc_buf_puts(&line, what, e) && mc_report_text_add(&line, s, e) &&
	    wrap(r, mc_buf_str(&line), e);
}

static bool
text_add(const struct mc_lint_report *r, const struct mc_lint_result *result,
    struct mc_err *e)
{
	const struct mc_findings *found = &result->findings;

	for (size_t i = 0; i < found->n; i++) {
		const struct mc_finding *f = &found->v[i];

		if (!line_add(r, result->file, f, e) ||
		    !detail_add(r, "at ", f->path, e) ||
		    !detail_add(r, "want ", f->expected, e) ||
		    !detail_add(r, "hint: ", f->suggestion, e))
			return false;
	}
	if (found->lost == 0)
		return true;
	return place_add(r, result->file, (struct mc_place){ 0, 0 }, e) &&
	    mc_buf_printf(
		r->to, e, "%zu more findings, not shown\n", found->lost);
}

static bool
count_add(const struct mc_lint_report *r, enum mc_severity s, bool *any,
    struct mc_err *e)
{
	size_t n = r->counts[s];

	if (n == 0)
		return true;
	if (!mc_buf_printf(r->to, e, "%s%s%zu %s%s%s", *any ? ", " : "",
		colour(r, s), n, mc_severity_name(s), n == 1 ? "" : "s",
		plain(r)))
		return false;
	*any = true;
	return true;
}

static bool
text_end(const struct mc_lint_report *r, struct mc_err *e)
{
	bool any = false;

	if (r->files == 0 && r->unread)
		return true;

	if (!count_add(r, MC_ERROR, &any, e) ||
	    !count_add(r, MC_WARNING, &any, e) ||
	    !count_add(r, MC_NOTICE, &any, e))
		return false;
	if (any &&
	    !mc_buf_printf(r->to, e, " in %zu of %zu file%s", r->with, r->files,
		r->files == 1 ? "" : "s"))
		return false;
	if (!any &&
	    !mc_buf_printf(r->to, e, "nothing found in %zu file%s", r->files,
		r->files == 1 ? "" : "s"))
		return false;
	if (r->unread && !mc_buf_printf(r->to, e, "; %zu not read", r->unread))
		return false;
	if (r->suppressed &&
	    !mc_buf_printf(r->to, e, "; %zu suppressed", r->suppressed))
		return false;
	return mc_buf_puts(r->to, "\n", e);
}

static bool
gcc_add(const struct mc_lint_report *r, const struct mc_lint_result *result,
    struct mc_err *e)
{
	/* colours are for people */
	struct mc_lint_report dull = { .to = r->to };

	for (size_t i = 0; i < result->findings.n; i++) {
		const struct mc_finding *f = &result->findings.v[i];

		if (!place_add(&dull, result->file, f->at, e) ||
		    !mc_buf_printf(
			r->to, e, "%s: ", mc_severity_name(f->severity)) ||
		    !mc_report_sentence_add(r->to, f, e) ||
		    !mc_buf_printf(r->to, e, " [MC%04u]\n", f->code->number))
			return false;
	}
	return true;
}

const struct mc_report_form mc_report_text = {
	.add = text_add,
	.end = text_end,
};

const struct mc_report_form mc_report_gcc = { .add = gcc_add };

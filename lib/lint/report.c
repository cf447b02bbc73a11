/* SPDX-License-Identifier: ISC */
#include "lint/report_part.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

static const struct mc_report_form *const forms[] = {
	[MC_FORMAT_TEXT] = &mc_report_text,
	[MC_FORMAT_GCC] = &mc_report_gcc,
	[MC_FORMAT_JSON] = &mc_report_json,
	[MC_FORMAT_SARIF] = &mc_report_sarif,
	[MC_FORMAT_JUNIT] = &mc_report_junit,
	[MC_FORMAT_GITHUB] = &mc_report_github,
	[MC_FORMAT_TAP] = &mc_report_tap,
};

bool
mc_report_fails(const struct mc_lint_report *r, const struct mc_finding *f)
{
	return f->severity >= r->view.fail_on;
}

const char *
mc_report_code(
    const struct mc_lint_code *code, char text[static MC_REPORT_CODE])
{
	snprintf(text, MC_REPORT_CODE, "MC%04u", code->number);
	return text;
}

/* U+FFFE and U+FFFF, which neither XML nor YAML can hold, in UTF-8. */
static void
nonchars_clean(char *s)
{
	while ((s = strstr(s, "\xef\xbf")) != NULL) {
		if ((unsigned char)s[2] >= 0xbe)
			memset(s, '?', 3);
		s++;
	}
}

bool
mc_report_text_add(struct mc_buf *to, const char *s, struct mc_err *e)
{
	char *copy = strdup(s);
	bool done;

	if (!copy)
		return mc_fail_memory(e);
	mc_text_show(copy);
	nonchars_clean(copy);
	done = mc_buf_puts(to, copy, e);
	free(copy);
	return done;
}

bool
mc_report_sentence_add(
    struct mc_buf *to, const struct mc_finding *f, struct mc_err *e)
{
	const struct {
		const char *before;
		const char *text;
		const char *behind;
	} parts[] = {
		{ "", f->path, ": " },
		{ "", f->message, "" },
		{ "; want ", f->expected, "" },
		{ "; hint: ", f->suggestion, "" },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].text && *parts[i].text &&
		    (!mc_buf_puts(to, parts[i].before, e) ||
			!mc_report_text_add(to, parts[i].text, e) ||
			!mc_buf_puts(to, parts[i].behind, e)))
			return false;
	return true;
}

bool
mc_report_escape(struct mc_buf *to, const char *s, const char *from,
    const char *const *with, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!mc_report_text_add(&text, s, e))
		return false;
	for (const char *p = mc_buf_str(&text); *p; p++) {
		size_t plain = strcspn(p, from);

		if (!mc_buf_add(to, p, plain, e))
			return false;
		p += plain;
		if (!*p)
			break;
		if (!mc_buf_puts(to, with[strchr(from, *p) - from], e))
			return false;
	}
	return true;
}

bool
mc_report_quote(struct mc_buf *to, const char *s, struct mc_err *e)
{
	/* there are no control characters in it */
	static const char *const with[] = { "\\\"", "\\\\" };

	return mc_buf_puts(to, "\"", e) &&
	    mc_report_escape(to, s, "\"\\", with, e) &&
	    mc_buf_puts(to, "\"", e);
}

bool
mc_lint_report_begin(struct mc_lint_report *r, struct mc_err *e)
{
	const struct mc_report_form *form = forms[r->format];

	return !form->begin || form->begin(r, e);
}

bool
mc_lint_report_add(struct mc_lint_report *r,
    const struct mc_lint_result *result, struct mc_err *e)
{
	const struct mc_findings *found = &result->findings;

	if (!forms[r->format]->add(r, result, e))
		return false;
	for (size_t i = 0; i < found->n; i++)
		r->counts[found->v[i].severity]++;
	r->files++;
	r->with += found->n > 0;
	r->suppressed += result->suppressed;
	r->lost += found->lost;
	return true;
}

bool
mc_lint_report_unread(struct mc_lint_report *r, const char *file,
    const char *why, struct mc_err *e)
{
	const struct mc_report_form *form = forms[r->format];
	size_t n = strlen(file);

	/* reasons begin with the name */
	if (strncmp(why, file, n) == 0 && strncmp(why + n, ": ", 2) == 0)
		why += n + 2;
	if (form->unread && !form->unread(r, file, why, e))
		return false;
	r->unread++;
	return true;
}

void
mc_lint_report_clear(struct mc_lint_report *r)
{
	mc_buf_clear(&r->later);
}

bool
mc_lint_report_end(struct mc_lint_report *r, struct mc_err *e)
{
	const struct mc_report_form *form = forms[r->format];

	return !form->end || form->end(r, e);
}

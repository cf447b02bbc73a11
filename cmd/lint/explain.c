/* SPDX-License-Identifier: ISC */
#include "lint/explain.h"

#include "base/near.h"
#include "base/table.h"
#include "lint/finding.h"

#define WIDTH 78
#define BOLD "\x1b[1m"
#define PLAIN "\x1b[0m"

/* A paragraph, indented, its lines as wide as a page has them. */
static bool
paragraph(struct mc_buf *to, const char *text, struct mc_err *e)
{
	size_t column = 0;
	size_t n;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		n = strcspn(text, " ");
		if (column && column + 1 + n > WIDTH) {
			column = 0;
			if (!mc_buf_puts(to, "\n", e))
				return false;
		}
		if (!mc_buf_puts(to, column ? " " : "  ", e) ||
		    !mc_buf_add(to, text, n, e))
			return false;
		column += n + (column ? 1 : 2);
		text += n;
	}
	return mc_buf_puts(to, "\n", e);
}

static bool
explain(const struct mc_lint_code *c, struct mc_io *io, struct mc_err *e)
{
	struct mc_buf *to = io->out;

	return mc_buf_printf(to, e, "%sMC%u %s%s (%s): %s\n\n",
		   io->colour ? BOLD : "", c->number, c->name,
		   io->colour ? PLAIN : "", mc_severity_name(c->severity),
		   c->title) &&
	    paragraph(to, c->why, e) && mc_buf_puts(to, "\n", e) &&
	    mc_buf_puts(to, "To mend it:\n", e) && paragraph(to, c->mend, e);
}

static bool
fail_unknown(const char *code, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(code);
	const struct mc_lint_code *c;

	for (size_t i = 0; (c = mc_lint_code_at(i)); i++)
		mc_near_add(&near, c->name);
	return mc_fail(e, MC_USAGE, "--explain: %s: no such code%s%s%s", code,
	    near.n ? "; did you mean " : "", mc_near_text(&near),
	    near.n ? "?" : " (--codes lists them)");
}

bool
mc_lint_explain(const char *code, struct mc_io *io, struct mc_err *e)
{
	const struct mc_lint_code *c = mc_lint_code_parse(code);

	if (c)
		return explain(c, io, e);
	if (strcmp(code, "all") != 0)
		return fail_unknown(code, e);
	for (size_t i = 0; (c = mc_lint_code_at(i)); i++)
		if ((i > 0 && !mc_buf_puts(io->out, "\n", e)) ||
		    !explain(c, io, e))
			return false;
	return true;
}

static const char *
colour(size_t column, const char *text, size_t n)
{
	if (column != 1)
		return NULL;
	if (n == 5 && memcmp(text, "error", n) == 0)
		return "\x1b[31m";
	return n == 7 ? "\x1b[33m" : NULL;
}

bool
mc_lint_codes_show(struct mc_io *io, struct mc_err *e)
{
	AUTO_BUF rows = MC_BUF_INIT;
	const struct mc_lint_code *c;
	const struct mc_table_view view = { .width = io->columns,
		.headings = true,
		.colour = io->colour ? colour : NULL,
		.whole = true };

	if (!mc_buf_puts(&rows, "CODE\tSEVERITY\tNAME\tTITLE\n", e))
		return false;
	for (size_t i = 0; (c = mc_lint_code_at(i)); i++)
		if (!mc_buf_printf(&rows, e, "MC%u\t%s\t%s\t%s\n", c->number,
			mc_severity_name(c->severity), c->name, c->title))
			return false;
	return mc_table_show(&rows, &view, io->out, e);
}

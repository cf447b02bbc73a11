/* SPDX-License-Identifier: ISC */
#include "schema/line.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

static bool
fail_at(const struct mc_schema_line *l, unsigned column, struct mc_err *e,
    const char *text)
{
	return mc_fail(
	    e, MC_MALFORMED, "%s:%u:%u: %s", l->file, l->line, column, text);
}

bool
mc_schema_line_fail(
    const struct mc_schema_line *l, struct mc_err *e, const char *fmt, ...)
{
	char text[sizeof(e->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail_at(l, l->at < l->n ? l->v[l->at].column : l->end, e, text);
}

bool
mc_schema_line_fail_at(const struct mc_schema_line *l,
    const struct mc_schema_word *at, struct mc_err *e, const char *fmt, ...)
{
	char text[sizeof(e->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail_at(l, at->column, e, text);
}

bool
mc_schema_line_note(const struct mc_schema_line *l,
    const struct mc_schema_word *at, struct mc_err *e)
{
	return mc_note(e, "%s:%u:%u", l->file, l->line, at->column);
}

/* Where words are cut. */
struct cut {
	struct mc_schema_line *l;
	const char *begin; /* of the line */
	const char *p;
	const char *end;
	char *to;
};

static unsigned
column(const struct cut *c)
{
	return (unsigned)(c->p - c->begin) + 1;
}

static bool
add_char(struct cut *c)
{
	*c->to++ = *c->p++;
	return true;
}

static bool
cut_quoted(struct cut *c, struct mc_err *e)
{
	unsigned from = column(c);

	for (c->p++; c->p < c->end && *c->p != '"'; add_char(c)) {
		if (*c->p != '\\')
			continue;
		if (c->p + 1 == c->end || !strchr("\"\\", c->p[1]))
			return fail_at(c->l, column(c), e,
			    "in quotes a backslash is before \\ or \" only");
		c->p++;
	}
	if (c->p == c->end)
		return fail_at(c->l, from, e, "the quotes are not closed");
	c->p++;
	if (c->p < c->end && *c->p != ' ' && *c->p != ',')
		return fail_at(
		    c->l, column(c), e, "a blank is missing after the quotes");
	return true;
}

static bool
cut_bare(struct cut *c, struct mc_err *e)
{
	while (c->p < c->end && *c->p != ' ' && *c->p != ',') {
		if (*c->p == '"')
			return fail_at(c->l, column(c), e,
			    "quotes go around a whole word");
		add_char(c);
	}
	return true;
}

static bool
cut_word(struct cut *c, struct mc_err *e)
{
	struct mc_schema_word *word = &c->l->v[c->l->n];

	if (c->l->n == MC_SCHEMA_WORDS)
		return fail_at(c->l, column(c), e, "too many words in a line");
	*word = (struct mc_schema_word){ c->to, column(c), *c->p == '"' };
	c->l->n++;
	if (*c->p == ',')
		add_char(c);
	else if (word->quoted ? !cut_quoted(c, e) : !cut_bare(c, e))
		return false;
	*c->to++ = '\0';
	return true;
}

static bool
check_text(const struct cut *c, struct mc_err *e)
{
	const char *why = NULL;

	if (memchr(c->p, '\t', (size_t)(c->end - c->p)))
		return fail_at(
		    c->l, column(c), e, "tabs are for the beginning of a line");
	if (c->p < c->end && c->end[-1] == '\r')
		return fail_at(c->l, (unsigned)(c->end - c->begin), e,
		    "a line ends in LF, without CR");
	if (mc_text_check(c->p, (size_t)(c->end - c->p), &why))
		return true;
	return mc_fail(e, MC_MALFORMED, "%s:%u:%u: the line %s", c->l->file,
	    c->l->line, column(c), why);
}

bool
mc_schema_line_parse(
    struct mc_schema_line *l, const char *s, size_t n, struct mc_err *e)
{
	struct cut c = { l, s, s, s + n, l->text };

	l->n = 0;
	l->at = 0;
	l->end = (unsigned)(n < MC_SCHEMA_LINE ? n : MC_SCHEMA_LINE) + 1;
	if (n > MC_SCHEMA_LINE)
		return fail_at(l, 1, e, "the line is too long");
	while (c.p < c.end && *c.p == '\t')
		c.p++;
	l->indent = (unsigned)(c.p - s);
	if (!check_text(&c, e))
		return false;
	if (c.p < c.end && *c.p == '#')
		return true;
	if (c.p < c.end && *c.p == ' ')
		return fail_at(
		    l, column(&c), e, "lines begin with tabs, not with blanks");
	while (c.p < c.end) {
		if (!cut_word(&c, e))
			return false;
		while (c.p < c.end && *c.p == ' ')
			c.p++;
	}
	return true;
}

bool
mc_schema_line_take(struct mc_schema_line *l, const char *keyword)
{
	const struct mc_schema_word *word = &l->v[l->at];

	if (l->at == l->n || word->quoted || strcmp(word->s, keyword) != 0)
		return false;
	l->at++;
	return true;
}

bool
mc_schema_line_next(struct mc_schema_line *l, const char *what,
    const struct mc_schema_word **out, struct mc_err *e)
{
	const struct mc_schema_word *word = &l->v[l->at];

	if (l->at == l->n || (!word->quoted && strcmp(word->s, ",") == 0))
		return mc_schema_line_fail(l, e, "%s is missing", what);
	*out = word;
	l->at++;
	return true;
}

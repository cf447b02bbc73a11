/* SPDX-License-Identifier: ISC */
#include "store/row.h"

#include <ctype.h>
#include <stdio.h>

/* Characters that a group of the full-text index has. */
#define GROUP 3

void
mc_pattern_clear(struct mc_pattern *p)
{
	mc_buf_clear(&p->match);
}

/* The beginning of a serial number, with colons or without. */
static bool
is_serial(const char *pattern, struct mc_pattern *p)
{
	size_t n = 0;

	for (; *pattern; pattern++) {
		if (*pattern == ':')
			continue;
		if (!isxdigit((unsigned char)*pattern) ||
		    n == sizeof(p->low) - 1)
			return false;
		p->low[n++] = (char)toupper((unsigned char)*pattern);
	}
	p->low[n] = '\0';
	snprintf(p->high, sizeof(p->high), "%sG", p->low);
	return n != 0;
}

/* A string of the full-text language: quotes are doubled. */
static bool
quote(const char *text, struct mc_buf *to, struct mc_err *e)
{
	if (!mc_buf_puts(to, "\"", e))
		return false;
	for (; *text; text++)
		if (!mc_buf_add(to, text, 1, e) ||
		    (*text == '"' && !mc_buf_puts(to, "\"", e)))
			return false;
	return mc_buf_puts(to, "\"", e);
}

/*
 * Whatever is shorter than a group is the beginning of some: all of those that
 * the index has, each of which is in one text at least.
 */
static bool
match_short(struct mc_store *s, const char *pattern, struct mc_pattern *p,
    struct mc_err *e)
{
	const struct mc_db_value v[] = { MC_DB_TEXT(pattern), MC_DB_END };
	AUTO(sqlite3_stmt) *st = NULL;
	const char *term;
	bool row;

	if (!mc_db_query(s,
		"SELECT term FROM certificate_word WHERE term >= lower(?1)"
		" AND term < lower(?1) || char(0x10ffff)",
		v, &st, e))
		return false;
	for (;;) {
		if (!mc_db_step(s, st, &row, e))
			return false;
		if (!row)
			return true;
		if (!mc_db_text_get(st, 0, &term, e))
			return false;
		if (!term)
			continue;
		if ((p->text && !mc_buf_puts(&p->match, " OR ", e)) ||
		    !quote(term, &p->match, e))
			return false;
		p->text = true;
	}
}

bool
mc_pattern_parse(struct mc_store *s, const char *pattern,
    struct mc_pattern *out, struct mc_err *e)
{
	size_t characters = 0;

	/* what stands between two texts is in none of them */
	if (strchr(pattern, '\n'))
		return true;
	for (const char *c = pattern; *c; c++)
		characters += ((unsigned char)*c & 0xc0) != 0x80;
	out->serial = is_serial(pattern, out);
	if (characters < GROUP)
		return match_short(s, pattern, out, e);
	out->text = true;
	return quote(pattern, &out->match, e);
}

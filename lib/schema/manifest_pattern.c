/* SPDX-License-Identifier: ISC */
#include "schema/manifest_pattern.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 512
/* regcomp(3) unrolls x{n}: all bounds of an expression, multiplied. */
#define UNROLLED 2048

/* What \\d and the like are: in a bracket expression, and outside of one. */
static const struct {
	char letter;
	const char *inside; /* NULL: it cannot be there */
	const char *outside;
} classes[] = {
	{ 'd', "0-9", "[0-9]" },
	{ 'w', "[:alnum:]_", "[[:alnum:]_]" },
	{ 's', "[:space:]", "[[:space:]]" },
	{ 'D', NULL, "[^0-9]" },
	{ 'W', NULL, "[^[:alnum:]_]" },
	{ 'S', NULL, "[^[:space:]]" },
};

/* NULL for a letter that is none of them. */
static const char *
class_find(char letter, bool inside)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (classes[i].letter == letter)
			return inside ? classes[i].inside : classes[i].outside;
	return NULL;
}

/*
 * A bracket expression as it is translated.  POSIX has no escapes there, and
 * wants "]" first and "-" last.
 */
struct bracket {
	struct mc_buf members;
	bool close; /* "]" is one of them */
	bool dash;  /* "-" is, as itself */
};

/* A member that is escaped, p being behind the backslash. */
static bool
bracket_escape(struct bracket *b, const char *p, bool *failed, struct mc_err *e)
{
	const char *class = class_find(*p, true);

	if (class) {
		*failed = *failed || !mc_buf_puts(&b->members, class, e);
		return true;
	}
	if (!*p || isalnum((unsigned char)*p))
		return false;
	if (*p == ']')
		b->close = true;
	else if (*p == '-')
		b->dash = true;
	else
		*failed = *failed || !mc_buf_add(&b->members, p, 1, e);
	return true;
}

/* All members up to the "]", which is returned; NULL where POSIX has none. */
static const char *
bracket_members(
    struct bracket *b, const char *p, bool *failed, struct mc_err *e)
{
	for (; *p != ']'; p++) {
		/* sets of sets, and characters of several bytes */
		if (!*p || *p == '[' || (unsigned char)*p >= 0x80 ||
		    strncmp(p, "&&", 2) == 0)
			return NULL;
		if (*p != '\\')
			*failed = *failed || !mc_buf_add(&b->members, p, 1, e);
		else if (!bracket_escape(b, ++p, failed, e))
			return NULL;
	}
	return p;
}

/* p is behind the "[" of the expression; returns what is behind it. */
static const char *
bracket(const char *p, struct mc_buf *to, bool *failed, struct mc_err *e)
{
	struct bracket b = { 0 };
	const char *not = *p == '^' ? "^" : "";

	p = bracket_members(&b, p + strlen(not ), failed, e);
	/* "[^" would be "not", where it was a "^" that is meant */
	if (p &&
	    ((b.members.len == 0 && !b.close && !b.dash) ||
		(!b.close && *mc_buf_str(&b.members) == '^')))
		p = NULL;
	*failed = *failed ||
	    (p &&
		!mc_buf_printf(to, e, "[%s%s%s%s]", not, b.close ? "]" : "",
		    mc_buf_str(&b.members), b.dash ? "-" : ""));
	mc_buf_clear(&b.members);
	return p ? p + 1 : NULL;
}

/* An escape outside of brackets, p being at what is escaped. */
static const char *
escape(const char *p, struct mc_buf *to, bool *failed, struct mc_err *e)
{
	const char *class = class_find(*p, false);

	if (class)
		*failed = *failed || !mc_buf_puts(to, class, e);
	else if (!*p || isalnum((unsigned char)*p))
		return NULL;
	else if (strchr("\\^$.|?*+()[]{}", *p))
		*failed = *failed || !mc_buf_printf(to, e, "\\%c", *p);
	else
		*failed = *failed || !mc_buf_add(to, p, 1, e);
	return p + 1;
}

/* "{2}", "{2,}", "{2,5}", p being at the brace; what it unrolls to. */
static const char *
bound(const char *p, unsigned long *unrolled)
{
	char *end;
	unsigned long low;
	unsigned long high;

	if (!isdigit((unsigned char)p[1]))
		return NULL;
	low = strtoul(p + 1, &end, 10);
	high = low;
	if (*end == ',' && isdigit((unsigned char)end[1]))
		high = strtoul(end + 1, &end, 10);
	else if (*end == ',')
		end++;
	if (*end != '}' || high < low || high > 255)
		return NULL;
	*unrolled *= high + 1;
	return *unrolled > UNROLLED ? NULL : end + 1;
}

/* One piece; NULL where POSIX has none like it. */
static const char *
piece(const char *p, struct mc_buf *to, unsigned long *unrolled, bool *failed,
    struct mc_err *e)
{
	const char *end = p + 1;

	/* a character of several bytes would be as many characters */
	if ((unsigned char)*p >= 0x80)
		return NULL;
	if (*p == '\\')
		return escape(p + 1, to, failed, e);
	if (*p == '[')
		return bracket(p + 1, to, failed, e);
	if (*p == '(' && p[1] == '?') {
		if (p[2] != ':')
			return NULL;
		*failed = *failed || !mc_buf_puts(to, "(", e);
		return p + 3;
	}
	if (*p == '{') {
		end = bound(p, unrolled);
		if (!end)
			return NULL;
	}
	/* lazy and possessive: "*?", "++" */
	if (strchr("*+?", *p) || *p == '{')
		if (*end == '?' || *end == '+')
			return NULL;
	*failed = *failed || !mc_buf_add(to, p, (size_t)(end - p), e);
	return end;
}

static bool
compiles(const char *pattern)
{
	regex_t re;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	regfree(&re);
	return true;
}

bool
mc_manifest_pattern(
    const char *icu, struct mc_buf *to, bool *is, struct mc_err *e)
{
	unsigned long unrolled = 1;
	bool failed = false;
	const char *p = icu;

	*is = false;
	if (!*icu || strlen(icu) > LONGEST)
		return true;
	while (p && *p && !failed)
		p = piece(p, to, &unrolled, &failed, e);
	if (failed)
		return false;
	*is = p && compiles(mc_buf_str(to));
	return true;
}

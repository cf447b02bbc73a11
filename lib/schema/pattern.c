/* SPDX-License-Identifier: ISC */
#include "schema/pattern.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 512       /* characters of a pattern */
#define TEXT_LONGEST 4096 /* of a value: regexec(3) is not quick */
#define DEEPEST 32        /* brackets in brackets */
#define COST 20000        /* characters, once each repetition is written out */

/* What a pattern is once it is written out, for each bracket that is open. */
struct cost {
	unsigned long all[DEEPEST];
	unsigned long last[DEEPEST]; /* of what a repetition would repeat */
	size_t depth;
};

static bool
add(struct cost *c, unsigned long n)
{
	c->last[c->depth] = n;
	c->all[c->depth] += n;
	return c->all[c->depth] <= COST;
}

static bool
repeat(struct cost *c, unsigned long times)
{
	unsigned long last = c->last[c->depth];

	if (times > COST)
		return false;
	c->all[c->depth] -= last;
	return add(c, last * (times ? times : 1));
}

static bool
open_group(struct cost *c)
{
	if (++c->depth == DEEPEST)
		return false;
	c->all[c->depth] = 1;
	c->last[c->depth] = 0;
	return true;
}

static bool
close_group(struct cost *c)
{
	if (c->depth == 0) /* a character like others, or none that compiles */
		return add(c, 1);
	c->depth--;
	return add(c, c->all[c->depth + 1]);
}

/* "{2}", "{2,}", "{2,5}"; p is moved to the last character of it. */
static bool
repeat_bound(struct cost *c, const char **p)
{
	char *end;
	unsigned long low;
	unsigned long high;

	if (!isdigit((unsigned char)(*p)[1]) && (*p)[1] != ',')
		return add(c, 1);
	low = strtoul(*p + 1, &end, 10);
	high = low;
	if (*end == ',') {
		high = low + 1;
		if (isdigit((unsigned char)end[1]))
			high = strtoul(end + 1, &end, 10);
		else
			end++;
	}
	if (*end != '}')
		return false;
	*p = end;
	return repeat(c, high > low ? high : low);
}

/* From "[" to the "]" that ends it; NULL where none does. */
static const char *
bracket_end(const char *p)
{
	p += p[1] == '^' ? 2 : 1;
	for (p += *p == ']'; *p && *p != ']'; p++) {
		char kind = p[1];

		if (*p != '[' || !kind || !strchr(":.=", kind))
			continue;
		for (p += 2; *p && (*p != kind || p[1] != ']'); p++)
			;
		if (!*p)
			return NULL;
		p++;
	}
	return *p ? p : NULL;
}

/* The next piece; p is moved to the last character of it. */
static bool
piece(struct cost *c, const char **p)
{
	switch (**p) {
	case '(':
		return open_group(c);
	case ')':
		return close_group(c);
	case '{':
		return repeat_bound(c, p);
	case '+':
		return repeat(c, 2);
	case '*':
	case '?':
		return true;
	case '[':
		*p = bracket_end(*p);
		return *p && add(c, 1);
	case '\\':
		++*p;
		return **p && !isdigit((unsigned char)**p) && add(c, 1);
	default:
		return add(c, 1);
	}
}

static bool
is_cheap(const char *pattern)
{
	struct cost c = { 0 };

	if (strlen(pattern) > LONGEST)
		return false;
	for (const char *p = pattern; *p; p++)
		if (!piece(&c, &p))
			return false;
	return true;
}

static bool
compile(const char *pattern, regex_t *re)
{
	return is_cheap(pattern) &&
	    regcomp(re, pattern, REG_EXTENDED | REG_NOSUB) == 0;
}

bool
mc_pattern_check(const char *pattern)
{
	regex_t re;

	if (!compile(pattern, &re))
		return false;
	regfree(&re);
	return true;
}

bool
mc_pattern_match(const char *pattern, const char *s)
{
	regex_t re;
	bool is;

	if (strlen(s) > TEXT_LONGEST)
		return false;
	if (!compile(pattern, &re))
		return true;
	is = regexec(&re, s, 0, NULL, 0) == 0;
	regfree(&re);
	return is;
}

/* SPDX-License-Identifier: ISC */
#include "lint/catalogue.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lint/rule.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* By their numbers. */
static const struct mc_lint_code *const tables[] = {
	mc_codes_file,
	mc_codes_schema,
	mc_codes_meaning,
	mc_codes_certificate,
	mc_codes_enrolment,
	mc_codes_update,
};

const struct mc_lint_code *
mc_lint_code_at(size_t i)
{
	for (size_t t = 0; t < LEN(tables); t++)
		for (const struct mc_lint_code *c = tables[t]; c->number; c++)
			if (i-- == 0)
				return c;
	return NULL;
}

size_t
mc_lint_code_index(const struct mc_lint_code *code)
{
	size_t i = 0;

	for (size_t t = 0; t < LEN(tables); t++)
		for (const struct mc_lint_code *c = tables[t]; c->number; c++) {
			if (c == code)
				return i;
			i++;
		}
	return i;
}

const struct mc_lint_code *
mc_lint_code_find(unsigned number)
{
	for (size_t t = 0; t < LEN(tables); t++)
		for (const struct mc_lint_code *c = tables[t]; c->number; c++)
			if (c->number == number)
				return c;
	return NULL;
}

bool
mc_lint_code_is_final(const struct mc_lint_code *code)
{
	return (code->number >= 1001 && code->number <= 1007) ||
	    code->number == 1024 || code->number == 1620;
}

/* Four digits, with "MC" before them or not. */
static unsigned
number(const char *s)
{
	unsigned n = 0;

	if (strncasecmp(s, "MC", 2) == 0)
		s += 2;
	if (strlen(s) != 4)
		return 0;
	for (; *s; s++) {
		if (!isdigit((unsigned char)*s))
			return 0;
		n = 10 * n + (unsigned)(*s - '0');
	}
	return n;
}

const struct mc_lint_code *
mc_lint_code_parse(const char *s)
{
	const struct mc_lint_code *c;
	unsigned n = number(s);

	if (n)
		return mc_lint_code_find(n);
	for (size_t i = 0; (c = mc_lint_code_at(i)); i++)
		if (strcasecmp(c->name, s) == 0)
			return c;
	return NULL;
}

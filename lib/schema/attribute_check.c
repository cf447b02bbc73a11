/* SPDX-License-Identifier: ISC */
#include "schema/attribute.h"

#include <stdlib.h>

#include "schema/pattern.h"

#define NUMBER_MAX 20 /* characters of a number */

bool
mc_number_parse(const char *s, double *out)
{
	const char *p = s + (*s == '-');
	size_t n = strspn(p, "0123456789");

	if (n == 0 || strlen(s) > NUMBER_MAX)
		return false;
	p += n;
	if (*p == '.') {
		n = strspn(p + 1, "0123456789");
		if (n == 0)
			return false;
		p += 1 + n;
	}
	if (*p)
		return false;
	*out = strtod(s, NULL);
	return true;
}

static bool
is_integer(const char *s)
{
	double v;

	return mc_number_parse(s, &v) && !strchr(s, '.');
}

static bool
may_be(const struct mc_draft_key *k, unsigned types)
{
	unsigned own = k->types ? k->types : 1U << k->type;

	return k->type == MC_PLIST_NONE || (own & types);
}

#define NUMBERS (1U << MC_PLIST_INT | 1U << MC_PLIST_REAL)
#define STRING (1U << MC_PLIST_STRING)
#define ARRAY (1U << MC_PLIST_ARRAY)
#define HOLDERS (ARRAY | 1U << MC_PLIST_DICT)
#define BYTES (1U << MC_PLIST_DATA | 1U << MC_PLIST_DATE)

/* The text of a value is one that the key's types have. */
static bool
fits(const struct mc_draft_key *k, const char *s)
{
	double v;

	if (may_be(k, STRING))
		return true;
	if (may_be(k, 1U << MC_PLIST_BOOL) &&
	    (strcmp(s, "true") == 0 || strcmp(s, "false") == 0))
		return true;
	if (may_be(k, 1U << MC_PLIST_INT) && is_integer(s))
		return true;
	return may_be(k, 1U << MC_PLIST_REAL) && mc_number_parse(s, &v);
}

static bool
check_values(
    const struct mc_draft *d, const struct mc_draft_key *k, struct mc_err *e)
{
	const char *s;

	for (uint32_t i = 0; i < k->values_n; i++) {
		s = mc_draft_text_get(d, d->values[k->values + i]);
		if (!fits(k, s))
			return mc_fail(e, MC_MALFORMED,
			    "the value %.64s is not of the key's type", s);
	}
	if (k->fallback && !fits(k, mc_draft_text_get(d, k->fallback)))
		return mc_fail(
		    e, MC_MALFORMED, "the default is not of the key's type");
	return true;
}

bool
mc_attributes_check(
    const struct mc_draft *d, const struct mc_draft_key *k, struct mc_err *e)
{
	if (!check_values(d, k, e))
		return false;
	if ((k->has_min || k->has_max) && !may_be(k, NUMBERS))
		return mc_fail(e, MC_MALFORMED, "only numbers have a range");
	if (k->has_min && k->has_max && k->min > k->max)
		return mc_fail(e, MC_MALFORMED, "the range is empty");
	if ((k->pattern || k->form) && !may_be(k, STRING))
		return mc_fail(
		    e, MC_MALFORMED, "only strings have a pattern or a form");
	if (k->pattern && !mc_pattern_check(mc_draft_text_get(d, k->pattern)))
		return mc_fail(e, MC_MALFORMED,
		    "the pattern is no POSIX extended regular expression, or "
		    "one that takes too long");
	if (k->has_count && !may_be(k, ARRAY))
		return mc_fail(e, MC_MALFORMED, "only arrays have items");
	if (k->has_count && k->count_min > k->count_max)
		return mc_fail(e, MC_MALFORMED, "the count is empty");
	if (k->first != MC_DRAFT_NONE && !may_be(k, HOLDERS))
		return mc_fail(
		    e, MC_MALFORMED, "only a dict or an array holds keys");
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "schema/fit.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "plist/scalar.h"
#include "schema/pattern.h"

static bool
is_hostname(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || n > 253)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("-._:[]", *s) &&
		    !((unsigned char)*s & 0x80))
			return false;
	return true;
}

/* A scheme, a colon and something, without blanks (RFC 3986). */
static bool
is_url(const char *s)
{
	size_t n = 0;

	if (!isalpha((unsigned char)*s))
		return false;
	while (isalnum((unsigned char)s[n]) || (s[n] && strchr("+-.", s[n])))
		n++;
	return s[n] == ':' && s[n + 1] && !strpbrk(s, " \t\r\n<>\"");
}

static const struct form {
	const char *name;
	const char *words;
	bool (*is)(const char *s);
} forms[] = {
	{ "hostname", "a host name", is_hostname },
	{ "url", "a URL, beginning with its scheme", is_url },
	{ NULL, NULL, NULL },
};

/* The last one for what is none. */
static const struct form *
form_of(const struct mc_schema_key *key)
{
	const struct form *f = forms;

	while (f->name && (!key->form || strcmp(f->name, key->form) != 0))
		f++;
	return f;
}

const char *
mc_fit_form_show(const struct mc_schema_key *key)
{
	return form_of(key)->words;
}

bool
mc_fit_is_digits(const char *s)
{
	size_t n;

	s += *s == '-';
	n = strspn(s, "0123456789");
	return n > 0 && n <= 18 && !s[n];
}

static bool
number(const mc_plist *node, double *out)
{
	const char *s = mc_plist_str(node);
	int64_t n;
	bool b;

	if (mc_plist_real(node, out))
		return true;
	if (s)
		return mc_fit_is_digits(s) && mc_scalar_real_parse(s, out);
	if (mc_plist_int(node, &n))
		*out = (double)n;
	else if (mc_plist_bool(node, &b))
		*out = b;
	else
		return false;
	return true;
}

static bool
is_value(
    const struct mc_schema_key *key, const mc_plist *node, const char *text)
{
	const char *s = mc_plist_str(node);
	int64_t want_n;
	int64_t n;
	double want;
	double is;
	bool b;

	/* "1" is not "1.0" where text is what is wanted */
	if (s &&
	    (strcmp(s, text) == 0 || mc_schema_type_fits(key, MC_PLIST_STRING)))
		return strcmp(s, text) == 0;
	if (mc_plist_bool(node, &b) && strcmp(text, b ? "true" : "false") == 0)
		return true;
	if (mc_plist_int(node, &n) && mc_scalar_int_parse(text, &want_n))
		return n == want_n;
	return mc_scalar_real_parse(text, &want) && number(node, &is) &&
	    is >= want && is <= want;
}

static bool
is_allowed(const struct mc_schema *s, const struct mc_schema_key *key,
    const mc_plist *node)
{
	for (uint32_t i = 0; i < key->allowed_n; i++)
		if (is_value(key, node, mc_schema_allowed(s, key, i)))
			return true;
	return false;
}

static bool
in_range(const struct mc_schema_key *key, const mc_plist *node)
{
	double d;

	return number(node, &d) && (!key->has_min || d >= key->min) &&
	    (!key->has_max || d <= key->max);
}

/* Allowed values and a range together: either will do. */
static enum mc_fit
check_value(const struct mc_schema *s, const struct mc_schema_key *key,
    const mc_plist *node)
{
	bool ranged = key->has_min || key->has_max;
	double d;

	if (key->allowed_n)
		return is_allowed(s, key, node) ||
			(ranged && in_range(key, node))
		    ? MC_FIT_GOOD
		    : MC_FIT_VALUE;
	/* a range says nothing of what is no number */
	return !ranged || !number(node, &d) || in_range(key, node)
	    ? MC_FIT_GOOD
	    : MC_FIT_RANGE;
}

enum mc_fit
mc_fit_check(const struct mc_schema *s, const struct mc_schema_key *key,
    const mc_plist *node)
{
	const char *text = mc_plist_str(node);
	enum mc_fit fit;
	double d;
	bool (*is)(const char *) = form_of(key)->is;

	if (!text && !number(node, &d))
		return MC_FIT_GOOD;
	fit = check_value(s, key, node);
	if (fit != MC_FIT_GOOD || !text)
		return fit;
	if (key->pattern && !mc_pattern_match(key->pattern, text))
		return MC_FIT_PATTERN;
	return !is || is(text) ? MC_FIT_GOOD : MC_FIT_FORM;
}

bool
mc_fit_count_check(const struct mc_schema_key *key, const mc_plist *array)
{
	size_t n = mc_plist_len(array);

	return !key->has_count || (n >= key->count_min && n <= key->count_max);
}

bool
mc_fit_one_of_many(const struct mc_schema_key *key, struct mc_schema_key *one)
{
	const unsigned array = 1U << MC_PLIST_ARRAY;

	if (key->type == MC_PLIST_NONE || key->type == MC_PLIST_ARRAY ||
	    key->n > 0 || !(key->types & array))
		return false;
	*one = *key;
	one->types &= ~array;
	return true;
}

int
mc_fit_score(
    const struct mc_schema *s, uint32_t first, uint32_t n, const mc_plist *dict)
{
	AUTO_PLIST_ITER it = { .in = dict };
	struct mc_schema_key key;
	int score = 0;

	while (mc_plist_iter_next(&it)) {
		if (!mc_schema_key_find(s, first, n, it.key, &key) || !key.name)
			continue;
		score++;
		if (!key.allowed_n || key.has_min || key.has_max)
			continue;
		if (!is_allowed(s, &key, it.value))
			return -1;
		score++;
	}
	return score;
}

/* -2: it is of another type. */
static int
kind_score(const struct mc_schema *s, const struct mc_schema_key *kind,
    const mc_plist *item)
{
	if (!mc_schema_type_fits(kind, mc_plist_type(item)))
		return -2;
	if (mc_plist_type(item) == MC_PLIST_DICT)
		return mc_fit_score(s, kind->first, kind->n, item);
	return mc_fit_check(s, kind, item) == MC_FIT_GOOD ? 0 : -1;
}

bool
mc_fit_kind_find(const struct mc_schema *s, const struct mc_schema_key *array,
    const mc_plist *item, struct mc_schema_key *out)
{
	struct mc_schema_key kind;
	int most = -3;
	int score;

	if (mc_fit_one_of_many(array, out))
		return true;
	/* what it holds then are the keys of a dict */
	if (array->type == MC_PLIST_DICT)
		return false;
	for (uint32_t i = 0; i < array->n; i++) {
		kind = mc_schema_key_at(s, array->first + i);
		score = kind_score(s, &kind, item);
		if (score > most) {
			most = score;
			*out = kind;
		}
	}
	return array->n > 0;
}

const char *
mc_fit_range_show(
    const struct mc_schema_key *key, char text[static MC_FIT_TEXT])
{
	text[0] = '\0';
	if (key->has_min && key->has_max)
		snprintf(
		    text, MC_FIT_TEXT, "%.15g to %.15g", key->min, key->max);
	else if (key->has_min)
		snprintf(text, MC_FIT_TEXT, "%.15g or more", key->min);
	else if (key->has_max)
		snprintf(text, MC_FIT_TEXT, "%.15g or less", key->max);
	return text;
}

const char *
mc_fit_count_show(
    const struct mc_schema_key *key, char text[static MC_FIT_TEXT])
{
	text[0] = '\0';
	if (!key->has_count)
		return text;
	if (key->count_min == key->count_max)
		snprintf(text, MC_FIT_TEXT, "%u", (unsigned)key->count_min);
	else if (key->count_max == UINT32_MAX)
		snprintf(
		    text, MC_FIT_TEXT, "%u or more", (unsigned)key->count_min);
	else
		snprintf(text, MC_FIT_TEXT, "%u to %u",
		    (unsigned)key->count_min, (unsigned)key->count_max);
	return text;
}

const char *
mc_fit_article(enum mc_plist_type type)
{
	if (type == MC_PLIST_DATA)
		return "";
	return type == MC_PLIST_ARRAY || type == MC_PLIST_INT ? "an " : "a ";
}

/* The key's own type first. */
const char *
mc_fit_types_show(const struct mc_schema_key *key, bool articles,
    char text[static MC_FIT_TEXT])
{
	size_t n = (size_t)snprintf(text, MC_FIT_TEXT, "%s%s",
	    articles ? mc_fit_article(key->type) : "",
	    mc_plist_type_name(key->type));

	for (enum mc_plist_type t = MC_PLIST_DICT; t <= MC_PLIST_DATA; t++)
		if (t != key->type && key->types & 1U << t && n < MC_FIT_TEXT)
			n += (size_t)snprintf(text + n, MC_FIT_TEXT - n,
			    " or %s%s", articles ? mc_fit_article(t) : "",
			    mc_plist_type_name(t));
	return text;
}

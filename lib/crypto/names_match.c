/* SPDX-License-Identifier: ISC */
#include "crypto/names.h"

#include "crypto/name_forms.h"

bool
mc_names_equal(const char *a, const char *b)
{
	struct mc_name_list one = { 0 };
	struct mc_name_list two = { 0 };
	struct mc_err unused = MC_ERR_INIT;

	if ((a && *a && !mc_name_list_parse(a, true, &one, &unused)) ||
	    (b && *b && !mc_name_list_parse(b, true, &two, &unused)) ||
	    one.n != two.n)
		return false;
	/* none is in a list twice */
	for (size_t i = 0; i < one.n; i++)
		if (!mc_name_list_holds(&two, &one.v[i]))
			return false;
	return true;
}

/* Where a star ends.  Dots before an at-sign separate nothing. */
static bool
is_stop(const struct mc_name_form *form, const char *s)
{
	bool mailbox = form->type == GEN_EMAIL || form->type == GEN_OTHERNAME;

	if (*s == '.')
		return !mailbox || !strchr(s, '@');
	return strchr("@:/?#*", *s) != NULL;
}

/* Move past a character that both have, which a backslash may be before. */
static bool
literal_skip(const char **pattern, const char **s)
{
	const char *p = *pattern + (**pattern == '\\');

	if (!**s || *p != **s)
		return false;
	*pattern = p + 1;
	++*s;
	return true;
}

/*
 * A star stands for no separator, and for no star: "dns:*.example.com" is
 * about hosts, and gives no wildcard certificate away.  The last star alone
 * has to be tried again, as none can pass the separator that stopped it.
 */
static bool
glob(const struct mc_name_form *form, const char *pattern, const char *s)
{
	const char *again = NULL;
	const char *from = NULL;

	while (*s || *pattern) {
		if (*pattern == '*') {
			again = ++pattern;
			from = s;
		} else if (!literal_skip(&pattern, &s)) {
			if (!again || !*from || is_stop(form, from))
				return false;
			s = ++from;
			pattern = again;
		}
	}
	return true;
}

/* One pattern, its kind and what follows, folded as names are. */
static bool
pattern_parse(
    const char *p, size_t len, struct mc_name_text *out, struct mc_err *e)
{
	const char *value;
	size_t n;

	out->form = mc_name_form_find(p, &value);
	n = out->form ? len - (size_t)(value - p) : 0;
	if (!out->form || value >= p + len || n >= sizeof(out->value))
		return mc_fail(e, MC_MALFORMED,
		    "\"%.*s\": want dns:, email:, uri:, ip: or upn: and a "
		    "pattern",
		    (int)(len < 80 ? len : 80), p);
	memcpy(out->value, value, n);
	out->value[n] = '\0';
	mc_name_fold(out);
	return true;
}

/* Does one of the patterns match?  n is NULL where only they are looked at. */
static bool
any_match(const struct mc_name_text *n, const char *patterns, bool *does,
    struct mc_err *e)
{
	struct mc_name_text pattern;

	*does = false;
	for (const char *p = patterns; *p; p += strcspn(p, " \t")) {
		p += strspn(p, " \t");
		if (!*p)
			break;
		if (!pattern_parse(p, strcspn(p, " \t"), &pattern, e))
			return false;
		if (n && n->form == pattern.form &&
		    glob(n->form, pattern.value, n->value))
			*does = true;
	}
	return true;
}

bool
mc_names_match(const char *text, const char *patterns, struct mc_err *e)
{
	struct mc_name_list names = { 0 };
	bool does;

	if (!any_match(NULL, patterns, &does, e) ||
	    (text && *text && !mc_name_list_parse(text, true, &names, e)))
		return false;
	for (size_t i = 0; i < names.n; i++) {
		if (!any_match(&names.v[i], patterns, &does, e))
			return false;
		if (!does)
			return mc_fail(e, MC_DENIED,
			    "%s:%.200s: matches no pattern",
			    names.v[i].form->word, names.v[i].value);
	}
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "lint/names.h"
#include "lint/parts.h"
#include "lint/variables.h"

#include <ctype.h>
#include <strings.h>

/* What devices know by a word; all else is an OID. */
static bool
is_attribute(const char *s)
{
	static const char *const words[] = { "C", "L", "ST", "O", "OU", "CN",
		"E", "EMAIL", "DC", "SERIALNUMBER", "UID", "STREET", "SN", "GN",
		"T", NULL };
	size_t digits = 0;
	size_t dots = 0;

	for (size_t i = 0; words[i]; i++)
		if (strcasecmp(words[i], s) == 0)
			return true;
	for (; *s && (isdigit((unsigned char)*s) || *s == '.'); s++) {
		digits += *s != '.';
		dots += *s == '.';
	}
	return !*s && dots >= 1 && digits > dots;
}

struct names {
	const struct mc_lint *l;
	const mc_plist *content;
	const struct mc_path *path;
};

static bool
tell_shape(const struct names *n, const struct mc_path *path,
    const mc_plist *node, const char *what, struct mc_err *e)
{
	return mc_lint_tell(n->l,
	    MC_ABOUT(.code = 1414, .path = path, .node = node,
		.expected = "an array of arrays of [type, value] pairs, as "
			    "[[[O, ACME]], [[CN, Alice]]]"),
	    e, "%s", what);
}

static bool
check_pair(const struct names *n, const mc_plist *pair,
    const struct mc_path *path, struct mc_err *e)
{
	const char *type = mc_plist_str(mc_plist_at(pair, 0));
	struct mc_path at = { path, NULL, 0 };
	char shown[MC_QUOTE_TEXT];
	const char *variable;

	if (mc_plist_type(pair) != MC_PLIST_ARRAY)
		return tell_shape(n, path, pair, "not a [type, value] pair", e);
	/* what else is wrong with its items, the schema tells */
	if (!type || is_attribute(type) || mc_variable_find(type, &variable))
		return true;
	return mc_lint_tell(n->l,
	    MC_ABOUT(.code = 1419, .path = &at, .node = mc_plist_at(pair, 0),
		.expected = "C, L, ST, O, OU, CN, or an OID as in "
			    "\"1.2.840.113549.1.9.1\""),
	    e, "a name has no part of type %s", mc_path_quote(type, shown));
}

static bool
check_part(const struct names *n, const mc_plist *part,
    const struct mc_path *path, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = part };

	if (mc_plist_type(part) != MC_PLIST_ARRAY || mc_plist_len(part) == 0)
		return tell_shape(n, path, part, "not an array of pairs", e);
	if (mc_plist_str(mc_plist_at(part, 0)))
		return tell_shape(
		    n, path, part, "one array is missing around this pair", e);
	while (mc_plist_iter_next(&it)) {
		struct mc_path pair = { path, NULL, it.i };

		if (!check_pair(n, it.value, &pair, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

static bool
check_subject(const struct names *n, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(n->content, "Subject");
	struct mc_path path = { n->path, "Subject", 0 };
	AUTO_PLIST_ITER it = { .in = node };

	if (!node)
		return true;
	if (mc_plist_type(node) != MC_PLIST_ARRAY)
		return tell_shape(n, &path, node,
		    mc_plist_str(node) ? "a name as text" : "not a name", e);
	while (mc_plist_iter_next(&it)) {
		struct mc_path part = { &path, NULL, it.i };

		if (!check_part(n, it.value, &part, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

/* What a value of this kind cannot be; NULL: nothing is seen. */
static const char *
odd_name(const char *kind, const char *s)
{
	if (!*s)
		return "is empty";
	if (strcmp(kind, "rfc822Name") == 0 ||
	    strcmp(kind, "ntPrincipalName") == 0)
		return strchr(s, '@') && !strpbrk(s, " ,") ? NULL
							   : "has no user@host";
	if (strcmp(kind, "dNSName") == 0)
		return strpbrk(s, "/:@ ,") ? "is not one host name" : NULL;
	if (strcmp(kind, "uniformResourceIdentifier") == 0)
		return strchr(s, ':') ? NULL : "has no scheme";
	return NULL;
}

static bool
check_alternative(const struct names *n, const char *kind, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e)
{
	const char *s = mc_plist_str(node);
	const char *at;
	const char *odd;
	AUTO_PLIST_ITER it = { .in = node };

	/* an array is taken too; it holds no other arrays */
	while (
	    mc_plist_type(node) == MC_PLIST_ARRAY && mc_plist_iter_next(&it)) {
		struct mc_path item = { path, NULL, it.i };

		if (mc_plist_str(it.value) &&
		    !check_alternative(n, kind, it.value, &item, e))
			return false;
	}
	if (!s || mc_variable_find(s, &at))
		return true;
	odd = odd_name(kind, s);
	return !odd ||
	    mc_lint_tell(n->l,
		MC_ABOUT(.code = 1424, .path = path, .node = node), e, "%s %s",
		kind, odd);
}

static bool
check_alternatives(const struct names *n, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(n->content, "SubjectAltName");
	struct mc_path path = { n->path, "SubjectAltName", 0 };
	AUTO_PLIST_ITER it = { .in = node };

	if (mc_plist_type(node) != MC_PLIST_DICT)
		return true;
	while (mc_plist_iter_next(&it)) {
		struct mc_path kind = { &path, it.key, 0 };

		if (!check_alternative(n, it.key, it.value, &kind, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_lint_names_check(const struct mc_lint *l, const mc_plist *content,
    const struct mc_path *path, struct mc_err *e)
{
	struct names n = { l, content, path };

	return check_subject(&n, e) && check_alternatives(&n, e);
}

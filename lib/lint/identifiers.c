/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"
#include "lint/variables.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "base/uuid.h"

static bool
holds_variable(const char *s)
{
	const char *at;

	return mc_variable_find(s, &at) > 0;
}

/* Each group of a UUID one digit only: all zeros, AAAAAAAA-BBBB-... */
static bool
is_repeated(const char *s)
{
	for (; *s; s++)
		if (s[1] && s[1] != '-' && *s != '-' &&
		    tolower((unsigned char)*s) != tolower((unsigned char)s[1]))
			return false;
	return true;
}

/*
 * Typed, not made.  (00000000-0000-0000-A000-... are fixed ones that a
 * management system does use.)
 */
static bool
is_placeholder(const char *s)
{
	static const char *const begins[] = { "12345678-1234-",
		"01234567-89ab-", "12345678-90ab-", "abcdefab-", "xxxxxxxx-",
		"yyyyyyyy-" };

	if ((is_repeated(s) && strlen(s) > 8) || strcasestr(s, "xxxx"))
		return true;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (strncasecmp(s, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

static bool
check_uuid(const struct mc_lint *l, const mc_plist *dict,
    const struct mc_path *path, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(dict, "PayloadUUID");
	const char *s = mc_plist_str(node);
	char shown[MC_QUOTE_TEXT];

	if (!s || holds_variable(s))
		return true;
	if (is_placeholder(s))
		return mc_lint_tell(l,
		    MC_ABOUT(.code = 1203, .path = path, .node = node,
			.expected = "a UUID of its own",
			.suggestion = "make one with uuidgen"),
		    e, "%s is a placeholder, which others use as well",
		    mc_path_quote(s, shown));
	if (!mc_uuid_check(s))
		return mc_lint_tell(l,
		    MC_ABOUT(.code = 1202, .path = path, .node = node,
			.expected = "8-4-4-4-12 hexadecimal digits",
			.suggestion = "make one with uuidgen"),
		    e, "%s is not a UUID", mc_path_quote(s, shown));
	return true;
}

/* What is outside of what everybody writes in an identifier; 0: nothing. */
static const char *
odd_character(const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x80)
			return "characters outside of ASCII";
		if (c <= ' ')
			return "blanks";
		if (!isalnum(c) && !strchr(".-_", c))
			return "other characters than letters, digits, \".\","
			       " \"-\" and \"_\"";
	}
	return NULL;
}

/* An empty label: "com..acme", ".acme", "acme." */
static bool
has_gap(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && (s[0] == '.' || s[n - 1] == '.' || strstr(s, ".."));
}

static bool
check_identifier(const struct mc_lint *l, const mc_plist *dict,
    const struct mc_path *path, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(dict, "PayloadIdentifier");
	const char *s = mc_plist_str(node);
	const char *odd = s ? odd_character(s) : NULL;
	char shown[MC_QUOTE_TEXT];
	unsigned as = 0;

	if (!s || holds_variable(s))
		return true;
	mc_path_quote(s, shown);
	if (!odd && has_gap(s))
		odd = "an empty part";
	/* Apple's tools, and others', call things by their UUIDs */
	if (!odd && (strchr(s, '.') || mc_uuid_check(s)))
		return true;
	if (!odd)
		as = MC_AS(MC_NOTICE);
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1204, .path = path, .node = node,
		.expected = "reverse DNS, such as com.acme.wifi",
		.severity = as),
	    e, *s ? "%s %s%s" : "%sit is empty%s%s", shown,
	    odd      ? "holds "
		: *s ? "is one word, not reverse DNS"
		     : "",
	    odd ? odd : "");
}

/* Two payloads: on Macs some such profiles do install. */
static unsigned
twice(const struct mc_lint *l, const struct mc_payloads *p)
{
	return mc_lint_is_macs(l, p) ? MC_AS(MC_WARNING) : 0;
}

static bool
tell_twice(const struct mc_lint *l, unsigned code, unsigned severity,
    const struct mc_payload_ref *first, const struct mc_payload_ref *second,
    struct mc_err *e)
{
	const char *key = code == 1200 ? "PayloadUUID" : "PayloadIdentifier";
	struct mc_payload_path at;
	const struct mc_path *path = mc_payload_path_init(&at, second->i, key);
	char shown[MC_QUOTE_TEXT];

	mc_path_quote(mc_plist_get_str(second->dict, key), shown);
	return mc_lint_tell(l,
	    MC_ABOUT(.code = code, .path = path,
		.node = mc_plist_get(second->dict, key), .severity = severity),
	    e, "%s is the %s of PayloadContent[%zu] too", shown, key, first->i);
}

static bool
check_payloads_twice(
    const struct mc_lint *l, const struct mc_payloads *p, struct mc_err *e)
{
	unsigned severity = twice(l, p);

	for (size_t i = 1, first = 0; i < p->uuids; i++) {
		if (strcasecmp(p->by_uuid[first]->uuid, p->by_uuid[i]->uuid) !=
		    0)
			first = i;
		else if (!tell_twice(l, 1200, severity, p->by_uuid[first],
			     p->by_uuid[i], e))
			return false;
	}
	for (size_t i = 1, first = 0; i < p->identifiers; i++) {
		if (strcmp(p->by_identifier[first]->identifier,
			p->by_identifier[i]->identifier) != 0)
			first = i;
		else if (!tell_twice(l, 1201, severity, p->by_identifier[first],
			     p->by_identifier[i], e))
			return false;
	}
	return true;
}

/* A payload that has what the profile has: common, and installs. */
static bool
check_profile_twice(
    const struct mc_lint *l, const struct mc_payloads *p, struct mc_err *e)
{
	const char *uuid = mc_plist_get_str(l->profile, "PayloadUUID");
	const char *id = mc_plist_get_str(l->profile, "PayloadIdentifier");
	const struct mc_payload_ref *same = uuid
	    ? mc_payloads_uuid_find(p, uuid)
	    : NULL;
	struct mc_payload_path at;
	char shown[MC_QUOTE_TEXT];

	if (same &&
	    !mc_lint_tell(l,
		MC_ABOUT(.code = 1200,
		    .path = mc_payload_path_init(&at, same->i, "PayloadUUID"),
		    .node = mc_plist_get(same->dict, "PayloadUUID"),
		    .severity = MC_AS(MC_WARNING)),
		e, "%s is the profile's own PayloadUUID",
		mc_path_quote(uuid, shown)))
		return false;
	same = id ? mc_payloads_identifier_find(p, id) : NULL;
	return !same ||
	    mc_lint_tell(l,
		MC_ABOUT(.code = 1201,
		    .path = mc_payload_path_init(
			&at, same->i, "PayloadIdentifier"),
		    .node = mc_plist_get(same->dict, "PayloadIdentifier"),
		    .severity = MC_AS(MC_NOTICE)),
		e, "%s is the profile's own PayloadIdentifier",
		mc_path_quote(id, shown));
}

static bool
check_one(const struct mc_lint *l, const mc_plist *dict,
    const struct mc_path *above, struct mc_err *e)
{
	struct mc_path uuid = { above, "PayloadUUID", 0 };
	struct mc_path identifier = { above, "PayloadIdentifier", 0 };

	return check_uuid(l, dict, &uuid, e) &&
	    check_identifier(l, dict, &identifier, e);
}

bool
mc_part_identifiers(const struct mc_lint *l, struct mc_err *e)
{
	AUTO_PAYLOADS p = { 0 };

	if (!mc_payloads_init(&p, l->profile, e) ||
	    !check_one(l, l->profile, NULL, e))
		return false;
	for (size_t i = 0; i < p.n; i++) {
		struct mc_payload_path at;

		if (!check_one(l, p.v[i].dict,
			mc_payload_path_init(&at, p.v[i].i, NULL), e))
			return false;
	}
	return check_payloads_twice(l, &p, e) && check_profile_twice(l, &p, e);
}

/* SPDX-License-Identifier: ISC */
#include "profile/configuration.h"

#include <stdlib.h>
#include <strings.h>

#define REMOVAL_PASSWORD "com.apple.profileRemovalPassword"

/* A payload; all lent. */
struct part {
	mc_plist *node;
	size_t i; /* in the array */
	const char *type;
	const char *identifier;
	const char *uuid;
};

struct parts {
	struct part *v;
	size_t n;
};

static void
parts_clear(struct parts *p)
{
	free(p->v);
}
#define AUTO_PARTS __attribute__((cleanup(parts_clear))) struct parts

typedef int order(const void *a, const void *b);

/* Where two are equal the order is that of the profile. */
static int
by_place(const struct part *a, const struct part *b)
{
	return a->i < b->i ? -1 : a->i > b->i;
}

static int
by_stem(const void *a, const void *b)
{
	const struct part *x = a;
	const struct part *y = b;
	int d = strcmp(mc_payload_stem(x->type), mc_payload_stem(y->type));

	return d ? d : by_place(x, y);
}

static int
by_identifier(const void *a, const void *b)
{
	const struct part *x = a;
	const struct part *y = b;
	int d = strcmp(x->identifier, y->identifier);

	return d ? d : by_place(x, y);
}

/* UUIDs are the same in either case. */
static int
by_uuid(const void *a, const void *b)
{
	const struct part *x = a;
	const struct part *y = b;
	int d = strcasecmp(x->uuid, y->uuid);

	return d ? d : by_place(x, y);
}

/* The text at key, which must be one if it is there at all. */
static bool
find_text(
    const mc_plist *dict, const char *key, const char **out, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(dict, key);

	*out = mc_plist_str(node);
	if (node && !*out)
		return mc_fail(e, MC_USAGE, "%s: want a string, not %s", key,
		    mc_plist_type_name(mc_plist_type(node)));
	if (*out && !**out)
		return mc_fail(e, MC_USAGE, "%s: is empty", key);
	return true;
}

static bool
get_text(const mc_plist *dict, const char *key, const char *like,
    const char **out, struct mc_err *e)
{
	if (!find_text(dict, key, out, e))
		return false;
	return *out ||
	    mc_fail(e, MC_USAGE, "%s is required; want one like %s", key, like);
}

static bool
list_parts(const mc_plist *content, struct parts *out, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = content };

	out->v = calloc(mc_plist_len(content) + 1, sizeof(*out->v));
	if (!out->v)
		return mc_fail_memory(e);
	while (mc_plist_iter_next(&it)) {
		struct part *p = &out->v[out->n++];

		p->node = it.value;
		p->i = it.i;
		if (mc_plist_type(it.value) != MC_PLIST_DICT)
			return mc_fail(e, MC_USAGE,
			    "PayloadContent[%zu]: want a dict, not %s", it.i,
			    mc_plist_type_name(mc_plist_type(it.value)));
		if (!get_text(p->node, "PayloadType", "com.apple.wifi.managed",
			&p->type, e) ||
		    !find_text(
			p->node, "PayloadIdentifier", &p->identifier, e) ||
		    !find_text(p->node, "PayloadUUID", &p->uuid, e))
			return mc_note(e, "PayloadContent[%zu]", it.i);
	}
	return true;
}

static bool
set_version(mc_plist *dict, struct mc_err *e)
{
	return mc_plist_get(dict, "PayloadVersion") ||
	    mc_payload_set(dict, "PayloadVersion", mc_plist_new_int(1), e);
}

static bool
set_uuid(mc_plist *dict, enum mc_uuid_way way, const char *profile,
    const char *payload, struct mc_err *e)
{
	char uuid[MC_UUID_TEXT];

	return mc_payload_uuid(way, profile, payload, uuid, e) &&
	    mc_payload_set_text(dict, "PayloadUUID", uuid, e);
}

/* "com.acme.wifi.wifi.managed.2": the nth of its stem, from 1 on. */
static bool
set_identifier(
    struct part *p, const char *profile, size_t nth, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!mc_payload_identifier(profile, p->type, nth, &text, e) ||
	    !mc_payload_set_text(
		p->node, "PayloadIdentifier", mc_buf_str(&text), e))
		return false;
	p->identifier = mc_plist_get_str(p->node, "PayloadIdentifier");
	return true;
}

static bool
same_stem(const struct part *a, const struct part *b)
{
	return strcmp(mc_payload_stem(a->type), mc_payload_stem(b->type)) == 0;
}

static bool
fill_parts(struct parts *parts, const char *profile, enum mc_uuid_way way,
    struct mc_err *e)
{
	size_t nth = 0;

	qsort(parts->v, parts->n, sizeof(*parts->v), by_stem);
	for (size_t i = 0; i < parts->n; i++) {
		struct part *p = &parts->v[i];

		nth = i && same_stem(&p[-1], p) ? nth + 1 : 1;
		if (!set_version(p->node, e) ||
		    (!p->identifier && !set_identifier(p, profile, nth, e)) ||
		    (!p->uuid &&
			!set_uuid(p->node, way, profile, p->identifier, e)))
			return false;
		p->uuid = mc_plist_get_str(p->node, "PayloadUUID");
	}
	return true;
}

static bool
check_unique(struct parts *parts, order *by, const char *key, struct mc_err *e)
{
	char text[MC_QUOTE_TEXT];

	qsort(parts->v, parts->n, sizeof(*parts->v), by);
	for (size_t i = 1; i < parts->n; i++) {
		const struct part *p = &parts->v[i - 1];
		const struct part *q = &parts->v[i];
		const char *a = by == by_uuid ? p->uuid : p->identifier;
		const char *b = by == by_uuid ? q->uuid : q->identifier;

		if (strcasecmp(a, b) == 0 && (by == by_uuid || !strcmp(a, b)))
			return mc_fail(e, MC_USAGE,
			    "PayloadContent[%zu] and [%zu] have one %s, %s",
			    p->i, q->i, key, mc_path_quote(a, text));
	}
	return true;
}

static bool
fill_top(mc_plist *profile, const char *identifier, enum mc_uuid_way way,
    struct mc_err *e)
{
	const char *type;
	const char *uuid;

	if (!find_text(profile, "PayloadType", &type, e) ||
	    !find_text(profile, "PayloadUUID", &uuid, e) ||
	    (!type &&
		!mc_payload_set_text(
		    profile, "PayloadType", "Configuration", e)) ||
	    !set_version(profile, e))
		return false;
	return uuid || set_uuid(profile, way, identifier, NULL, e);
}

/* The device looks there, not into the payloads, before it asks. */
static bool
set_passcode(mc_plist *profile, const struct parts *parts, struct mc_err *e)
{
	if (mc_plist_get(profile, "HasRemovalPasscode"))
		return true;
	for (size_t i = 0; i < parts->n; i++)
		if (strcmp(parts->v[i].type, REMOVAL_PASSWORD) == 0)
			return mc_payload_set(profile, "HasRemovalPasscode",
			    mc_plist_new_bool(true), e);
	return true;
}

bool
mc_configuration_finish(
    mc_plist **profile, enum mc_uuid_way way, struct mc_err *e)
{
	const mc_plist *content = mc_plist_get(*profile, "PayloadContent");
	AUTO_PARTS parts = { 0 };
	AUTO(mc_plist) *sorted = NULL;
	const char *identifier;

	if (!get_text(
		*profile, "PayloadIdentifier", "com.acme.wifi", &identifier, e))
		return false;
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_USAGE,
		    "PayloadContent: want an array, not %s",
		    mc_plist_type_name(mc_plist_type(content)));
	if (!list_parts(content, &parts, e) ||
	    !fill_top(*profile, identifier, way, e) ||
	    !fill_parts(&parts, identifier, way, e) ||
	    !check_unique(&parts, by_identifier, "PayloadIdentifier", e) ||
	    !check_unique(&parts, by_uuid, "PayloadUUID", e) ||
	    !set_passcode(*profile, &parts, e) || !mc_value_link(*profile, e) ||
	    !mc_configuration_sort(*profile, &sorted, e))
		return false;
	mc_plist_free(*profile);
	*profile = take(&sorted);
	return true;
}

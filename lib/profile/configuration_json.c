/* SPDX-License-Identifier: ISC */
/* A profile that is described in JSON. */
#include "profile/configuration.h"

#include "profile/payload.h"
#include "profile/value_json.h"

struct shorthand {
	const char *name;
	const char *key;
};

/* The first of each is what says the type, or holds the payloads. */
static const struct shorthand of_profile[] = {
	{ "payloads", "PayloadContent" },
	{ "identifier", "PayloadIdentifier" },
	{ "name", "PayloadDisplayName" },
	{ "organization", "PayloadOrganization" },
	{ "description", "PayloadDescription" },
	{ "uuid", "PayloadUUID" },
	{ "scope", "PayloadScope" },
	{ "removalDisallowed", "PayloadRemovalDisallowed" },
	{ "expirationDate", "PayloadExpirationDate" },
	{ "removalDate", "RemovalDate" },
	{ "durationUntilRemoval", "DurationUntilRemoval" },
	{ "consent", "ConsentText" },
	{ NULL, NULL },
};

static const struct shorthand of_payload[] = {
	{ "type", "PayloadType" },
	{ "identifier", "PayloadIdentifier" },
	{ "name", "PayloadDisplayName" },
	{ "organization", "PayloadOrganization" },
	{ "description", "PayloadDescription" },
	{ "uuid", "PayloadUUID" },
	{ NULL, NULL },
};

/* One object on its way into a dict. */
struct object {
	const struct mc_value_rules *rules;
	const char *type; /* the payload's, or MC_SCHEMA_TOP */
	const struct shorthand *shorthands;
	const struct mc_path *path; /* NULL: the profile */
};

/* Apple's name of a member; what the schema knows by that name comes first. */
static const char *
find_key(const struct object *o, const char *name)
{
	struct mc_schema_key known;

	if (mc_schema_payload_key_find(
		o->rules->schema, o->type, name, &known) &&
	    known.name)
		return name;
	for (const struct shorthand *s = o->shorthands; s->name; s++)
		if (strcmp(s->name, name) == 0)
			return s->key;
	return name;
}

static bool
fail(const struct object *o, const char *name, struct mc_err *e)
{
	const struct mc_path at = { .up = o->path, .key = name };
	char text[MC_PATH_TEXT];

	return mc_note(e, "%s", mc_path_encode(&at, text));
}

/* The schema does not have it; nor is it one of ours, if misspelt. */
static bool
fail_unknown(const struct object *o, const char *name, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(name);

	for (const struct shorthand *s = o->shorthands; s->name; s++)
		mc_near_add(&near, s->name);
	if (near.n)
		(void)mc_fail(e, MC_USAGE, "no such key; did you mean %s?",
		    mc_near_text(&near));
	return fail(o, name, e);
}

static bool
add_member(const struct object *o, mc_plist *dict, const char *name,
    json_t *json, struct mc_err *e)
{
	const struct mc_path at = { .up = o->path, .key = name };
	const struct mc_value_job job = { .rules = o->rules };
	const char *key = find_key(o, name);
	struct mc_value_found found;
	AUTO(mc_plist) *node = NULL;

	if (mc_plist_get(dict, key)) {
		(void)mc_fail(e, MC_USAGE, "%s is there already", key);
		return fail(o, name, e);
	}
	if (!mc_plist_text_check(key))
		return mc_fail(e, MC_USAGE,
			   "want a key without control characters") ||
		    fail(o, name, e);
	if (!mc_value_find_key(o->rules->schema, o->type, key, &found, e) &&
	    (fail_unknown(o, name, e) || !mc_value_problem(&job, e)))
		return false;
	return mc_value_json(&job, &found, json, &at, &node, e) &&
	    mc_payload_set(dict, key, take(&node), e);
}

/* All members of an object but one. */
static bool
add_members(const struct object *o, mc_plist *dict, json_t *json,
    const json_t *but, struct mc_err *e)
{
	const char *name;
	json_t *value;

	json_object_foreach(json, name, value)
	{
		if (value != but && !add_member(o, dict, name, value, e))
			return false;
	}
	return true;
}

/* A member by Apple's name or ours; NULL where there is none, or both. */
static json_t *
get_first(const json_t *json, const struct shorthand *s)
{
	json_t *a = json_object_get(json, s->key);
	json_t *b = json_object_get(json, s->name);

	return a ? a : b;
}

static bool
add_payload(const struct mc_value_rules *rules, mc_plist *content, json_t *json,
    const struct mc_path *path, struct mc_err *e)
{
	AUTO(mc_plist) *payload = mc_plist_new_dict();
	json_t *type = get_first(json, &of_payload[0]);
	const char *name = json_string_value(type);
	const struct object o = { rules, name, of_payload, path };
	char text[MC_PATH_TEXT];

	if (!json_is_object(json) || !name || !*name)
		return mc_fail(e, MC_USAGE,
		    "%s: want an object with a type, like "
		    "{\"type\": \"com.apple.wifi.managed\", ...}",
		    mc_path_encode(path, text));
	if (!mc_payload_set_text(payload, "PayloadType", name, e) ||
	    !add_members(&o, payload, json, type, e))
		return false;
	return mc_plist_append(content, take(&payload)) || mc_fail_memory(e);
}

static bool
add_payloads(const struct mc_value_rules *rules, mc_plist *content,
    json_t *json, struct mc_err *e)
{
	const struct mc_path list = { .key = of_profile[0].name };
	struct mc_path at = { .up = &list };
	json_t *payload;

	if (!json_is_array(json))
		return mc_fail(e, MC_USAGE, "payloads: want an array");
	json_array_foreach(json, at.i, payload)
	{
		if (!add_payload(rules, content, payload, &at, e))
			return false;
	}
	return true;
}

static bool
add_profile(const struct mc_value_rules *rules, json_t *json, mc_plist *profile,
    struct mc_err *e)
{
	const struct object o = { rules, MC_SCHEMA_TOP, of_profile, NULL };
	json_t *payloads = get_first(json, &of_profile[0]);

	if (!json_is_object(json))
		return mc_fail(e, MC_USAGE,
		    "want an object, like {\"identifier\": "
		    "\"com.acme.wifi\", \"payloads\": [...]}");
	if (!add_members(&o, profile, json, payloads, e))
		return false;
	return !payloads ||
	    add_payloads(
		rules, mc_plist_get(profile, "PayloadContent"), payloads, e);
}

/* Editors of Windows begin a file with a mark of its encoding. */
static bool
parse(const struct mc_buf *json, json_t **out, struct mc_err *e)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = strlen(mark);
	AUTO_BUF bare = MC_BUF_INIT;

	if (json->len < n || memcmp(json->data, mark, n) != 0)
		return mc_json_parse(json, out, e);
	return mc_buf_add(&bare, json->data + n, json->len - n, e) &&
	    mc_json_parse(&bare, out, e);
}

bool
mc_configuration_parse(const struct mc_value_rules *rules,
    const struct mc_buf *json, mc_plist *profile, struct mc_err *e)
{
	AUTO(json_t) *root = NULL;

	if (!parse(json, &root, e))
		return false;
	if (add_profile(rules, root, profile, e))
		return true;
	if (e->code == MC_USAGE)
		e->code = MC_MALFORMED;
	return false;
}

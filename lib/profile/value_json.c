/* SPDX-License-Identifier: ISC */
#include "profile/value_json.h"

/* What JSON has no value for: an object with one member. */
enum special { AT_NONE, AT_FILE, AT_SECRET, AT_BASE64, AT_DATE, AT_UUID };

static const struct {
	const char *name;
	enum special special;
} specials[] = {
	{ "@file", AT_FILE },
	{ "@secret", AT_SECRET },
	{ "@base64", AT_BASE64 },
	{ "@date", AT_DATE },
	{ "@uuid", AT_UUID },
};

static bool
fail(const struct mc_path *path, struct mc_err *e)
{
	char text[MC_PATH_TEXT];

	return path && mc_note(e, "%s", mc_path_encode(path, text));
}

static enum special
find_special(const json_t *json, const char **text)
{
	const json_t *v;

	if (!json_is_object(json) || json_object_size(json) != 1)
		return AT_NONE;
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++) {
		v = json_object_get(json, specials[i].name);
		if (json_is_string(v)) {
			*text = json_string_value(v);
			return specials[i].special;
		}
	}
	return AT_NONE;
}

static bool
fits(const struct mc_schema_key *key, enum mc_plist_type type)
{
	return !key || key->type == MC_PLIST_NONE ||
	    mc_schema_type_fits(key, type);
}

static bool
of_type(
    enum mc_plist_type type, const char *text, mc_plist **out, struct mc_err *e)
{
	const struct mc_schema_key key = { .type = type };

	return mc_value_parse(&key, text, out, e);
}

/* Text where the schema says so; else data where it says that, or a file. */
static bool
of_source(const struct mc_value_job *job, const struct mc_schema_key *key,
    const char *where, bool secret, mc_plist **out, struct mc_err *e)
{
	AUTO_VALUE_TEXT t = { 0 };
	struct mc_schema_key as = { .type = MC_PLIST_STRING };

	if (!mc_value_text_from(job->rules, where, secret, &t, e))
		return false;
	if (key && key->type != MC_PLIST_NONE)
		as = *key;
	else if (!secret && !mc_plist_text_check(mc_buf_str(&t.raw)))
		as.type = MC_PLIST_DATA;
	return mc_value_text_node(&as, &t, out, e);
}

static bool
of_special(const struct mc_value_job *job, const struct mc_schema_key *key,
    enum special special, const char *text, mc_plist **out, struct mc_err *e)
{
	switch (special) {
	case AT_FILE:
		return of_source(job, key, text, false, out, e);
	case AT_SECRET:
		return of_source(job, key, text, true, out, e);
	case AT_BASE64:
		return of_type(MC_PLIST_DATA, text, out, e);
	case AT_DATE:
		return of_type(MC_PLIST_DATE, text, out, e);
	case AT_UUID:
		return mc_value_reference_new(text, out, e);
	case AT_NONE:
		break;
	}
	return mc_fail(e, MC_INTERNAL, "no such member");
}

static bool
of_string(const struct mc_schema_key *key, const char *s, mc_plist **out,
    struct mc_err *e)
{
	if (fits(key, MC_PLIST_STRING))
		return of_type(MC_PLIST_STRING, s, out, e);
	if (fits(key, MC_PLIST_DATE))
		return of_type(MC_PLIST_DATE, s, out, e);
	if (fits(key, MC_PLIST_DATA))
		return mc_fail(e, MC_USAGE,
		    "want data: {\"@file\": PATH} or {\"@base64\": TEXT}");
	return of_type(MC_PLIST_STRING, s, out, e);
}

static bool
of_scalar(const struct mc_schema_key *key, const json_t *json, mc_plist **out,
    struct mc_err *e)
{
	if (json_is_string(json))
		return of_string(key, json_string_value(json), out, e);
	if (json_is_null(json))
		return mc_fail(e, MC_USAGE,
		    "property lists have no null: leave the key out");
	if (json_is_boolean(json))
		*out = mc_plist_new_bool(json_is_true(json));
	else if (json_is_integer(json) && !fits(key, MC_PLIST_INT) &&
	    fits(key, MC_PLIST_REAL))
		*out = mc_plist_new_real((double)json_integer_value(json));
	else if (json_is_integer(json))
		*out = mc_plist_new_int(json_integer_value(json));
	else
		*out = mc_plist_new_real(json_real_value(json));
	return *out || mc_fail_memory(e);
}

/* Which JSON values a type is written as. */
static bool
resembles(const struct mc_schema_key *key, const json_t *json)
{
	if (json_is_object(json))
		return fits(key, MC_PLIST_DICT);
	if (json_is_array(json))
		return fits(key, MC_PLIST_ARRAY);
	if (json_is_boolean(json))
		return fits(key, MC_PLIST_BOOL);
	if (json_is_integer(json))
		return fits(key, MC_PLIST_INT) || fits(key, MC_PLIST_REAL);
	if (json_is_real(json))
		return fits(key, MC_PLIST_REAL);
	return fits(key, MC_PLIST_STRING) || fits(key, MC_PLIST_DATE);
}

/* What describes a child; NULL where nothing does. */
static const struct mc_schema_key *
describe_child(const struct mc_value_job *job, const struct mc_schema_key *key,
    const char *name, const json_t *json, struct mc_schema_key *room)
{
	const struct mc_schema *schema = job->rules->schema;

	if (!key || key->type == MC_PLIST_NONE)
		return NULL;
	if (name)
		return mc_schema_key_find(
			   schema, key->first, key->n, name, room)
		    ? room
		    : NULL;
	for (uint32_t i = 0; i < key->n; i++) {
		*room = mc_schema_key_at(schema, key->first + i);
		if (key->n == 1 || resembles(room, json))
			return room;
	}
	return NULL;
}

/* By force a string stays one; that it does not fit is told in the end. */
static bool
convert_scalar(const struct mc_value_job *job, const struct mc_schema_key *key,
    const json_t *json, const struct mc_path *path, mc_plist **out,
    struct mc_err *e)
{
	const char *text = NULL;
	enum special special = find_special(json, &text);

	if (special ? of_special(job, key, special, text, out, e)
		    : of_scalar(key, json, out, e))
		return true;
	if (job->rules->force && json_is_string(json) &&
	    of_type(MC_PLIST_STRING, json_string_value(json), out, e))
		return true;
	return fail(path, e);
}

static bool
put(mc_plist *to, const struct mc_path *at, mc_plist *node, struct mc_err *e)
{
	AUTO(mc_plist) *own = node;

	if (at->key && !mc_plist_text_check(at->key)) {
		(void)mc_fail(
		    e, MC_USAGE, "want a key without control characters");
		return fail(at->up, e);
	}
	return (at->key ? mc_plist_set(to, at->key, take(&own))
			: mc_plist_append(to, take(&own))) ||
	    mc_fail_memory(e);
}

/* As deep as the JSON, which its reader has limited. */
static bool
convert(const struct mc_value_job *job, const struct mc_schema_key *key,
    json_t *json, const struct mc_path *path, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *to = NULL;
	struct mc_path at = { .up = path };
	const char *text;
	bool dict = json_is_object(json);
	size_t n = dict ? json_object_size(json) : json_array_size(json);
	void *it = dict ? json_object_iter(json) : NULL;

	if ((!dict && !json_is_array(json)) || find_special(json, &text))
		return convert_scalar(job, key, json, path, out, e);
	to = dict ? mc_plist_new_dict() : mc_plist_new_array();
	for (size_t i = 0; i < n; i++) {
		struct mc_schema_key room;
		mc_plist *node;
		json_t *v = dict ? json_object_iter_value(it)
				 : json_array_get(json, i);

		at.key = dict ? json_object_iter_key(it) : NULL;
		at.i = i;
		if (!convert(job, describe_child(job, key, at.key, v, &room), v,
			&at, &node, e) ||
		    !put(to, &at, node, e))
			return false;
		it = dict ? json_object_iter_next(json, it) : NULL;
	}
	*out = take(&to);
	return *out || mc_fail_memory(e);
}

/* What a container holds may come from a source of secrets. */
bool
mc_value_json(const struct mc_value_job *job,
    const struct mc_value_found *found, json_t *json,
    const struct mc_path *path, mc_plist **out, struct mc_err *e)
{
	struct mc_value_job own = *job;
	AUTO(mc_plist) *node = NULL;

	own.hide |= json_is_object(json) || json_is_array(json);
	if (!convert(
		&own, found->n ? &found->v[0] : NULL, json, path, &node, e) ||
	    !mc_value_fit_any(&own, found, node, path, e))
		return false;
	*out = take(&node);
	return true;
}

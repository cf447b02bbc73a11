/* SPDX-License-Identifier: ISC */
/* What the schema has at a key path. */
#include "profile/value_part.h"

/* Where a search ended, for the message. */
enum end { END_NONE, END_UNKNOWN, END_NO_DICT, END_NO_ARRAY };

struct search {
	const struct mc_schema *schema;
	const char *type;
	const struct mc_keypath *path;
	struct mc_value_found *out;
	bool open; /* it was found that anything may stand there */
	/* of the furthest that was come */
	enum end end;
	size_t at;                   /* the step */
	struct mc_schema_key parent; /* what has no such step; at > 0 */
};

static void
miss(struct search *s, enum end end, size_t at, const struct mc_schema_key *k)
{
	if (s->end == END_NONE || at >= s->at) {
		s->end = end;
		s->at = at;
		if (k)
			s->parent = *k;
	}
}

static void
hit(struct search *s, const struct mc_schema_key *k)
{
	if (s->out->n < MC_VALUE_FOUND_MAX)
		s->out->v[s->out->n++] = *k;
}

/* k is what stands at the first i steps of the path. */
static void
descend(struct search *s, const struct mc_schema_key *k, size_t i)
{
	const struct mc_step *step = &s->path->v[i];
	bool key = i < s->path->n && step->kind == MC_STEP_KEY;
	struct mc_schema_key next;
	bool one = !key && mc_fit_one_of_many(k, &next);

	if (i == s->path->n) {
		hit(s, k);
	} else if (!mc_schema_type_fits(
		       k, key ? MC_PLIST_DICT : MC_PLIST_ARRAY)) {
		miss(s, key ? END_NO_DICT : END_NO_ARRAY, i, k);
	} else if (k->type == MC_PLIST_NONE || (k->n == 0 && !one)) {
		s->open = true;
	} else if (!key && !one) {
		for (uint32_t j = 0; j < k->n; j++) {
			next = mc_schema_key_at(s->schema, k->first + j);
			descend(s, &next, i + 1);
		}
	} else if (one ||
	    mc_schema_key_find(s->schema, k->first, k->n, step->text, &next)) {
		descend(s, &next, i + 1);
	} else {
		miss(s, END_UNKNOWN, i, k);
	}
}

static void
near_keys(const struct mc_schema *schema, uint32_t first, uint32_t n,
    struct mc_near *near)
{
	const char *name;

	for (uint32_t i = 0; i < n; i++) {
		name = mc_schema_key_at(schema, first + i).name;
		if (name)
			mc_near_add(near, name);
	}
}

static void
near_top_keys(
    const struct mc_schema *schema, const char *type, struct mc_near *near)
{
	size_t at = 0;
	size_t n = mc_schema_find(schema, type, &at);
	struct mc_schema_payload part;

	for (size_t i = 0; i < n; i++) {
		part = mc_schema_at(schema, at + i);
		near_keys(schema, part.first, part.n, near);
	}
}

static bool
fail_unknown(const struct search *s, struct mc_err *e)
{
	const char *name = s->path->v[s->at].text;
	struct mc_near near = MC_NEAR_INIT(name);

	if (s->at > 0) {
		near_keys(s->schema, s->parent.first, s->parent.n, &near);
	} else {
		near_top_keys(s->schema, s->type, &near);
		if (strcmp(s->type, MC_SCHEMA_TOP) != 0)
			near_top_keys(s->schema, MC_SCHEMA_COMMON, &near);
	}
	if (near.n)
		return mc_fail(e, MC_USAGE, "no such key; did you mean %s?",
		    mc_near_text(&near));
	return mc_fail(e, MC_USAGE, "no such key");
}

static bool
fail(const struct search *s, struct mc_err *e)
{
	const struct mc_step *step = &s->path->v[s->at];
	char kind[MC_FIT_TEXT];
	char name[MC_QUOTE_TEXT];

	if (s->end == END_UNKNOWN || s->end == END_NONE)
		return fail_unknown(s, e);
	mc_fit_types_show(&s->parent, true, kind);
	if (s->end == END_NO_ARRAY)
		return mc_fail(e, MC_USAGE,
		    "what is in front of the bracket is %s, and has no items",
		    kind);
	mc_path_quote(step->text, name);
	if (s->parent.type == MC_PLIST_ARRAY)
		return mc_fail(e, MC_USAGE,
		    "what is in front of %s is an array: say which item, as "
		    "[0].%s",
		    name, name);
	return mc_fail(e, MC_USAGE,
	    "what is in front of %s is %s, and holds no keys", name, kind);
}

bool
mc_value_find(const struct mc_schema *schema, const char *type,
    const struct mc_keypath *path, struct mc_value_found *out, struct mc_err *e)
{
	struct search s = {
		.schema = schema, .type = type, .path = path, .out = out
	};
	struct mc_schema_said said[MC_SCHEMA_PARTS_MAX];
	size_t at;
	size_t n;

	*out = (struct mc_value_found){ 0 };
	if (path->n == 0 || path->v[0].kind != MC_STEP_KEY)
		return mc_fail(e, MC_USAGE, "want a key first");
	out->none = mc_schema_find(schema, type, &at) == 0;
	n = mc_schema_payload_keys_find(schema, type, path->v[0].text, said);
	for (size_t i = 0; i < n; i++)
		descend(&s, &said[i].key, 1);
	if (out->n || s.open || (n == 0 && out->none))
		return true;
	return fail(&s, e);
}

bool
mc_value_find_key(const struct mc_schema *schema, const char *type,
    const char *key, struct mc_value_found *out, struct mc_err *e)
{
	AUTO_KEYPATH path = { .n = 1 };

	path.v[0] = (struct mc_step){ .kind = MC_STEP_KEY,
		.text = strdup(key) };
	if (!path.v[0].text)
		return mc_fail_memory(e);
	return mc_value_find(schema, type, &path, out, e);
}

bool
mc_value_find_items(const struct mc_schema *schema,
    const struct mc_value_found *of, struct mc_value_found *out,
    struct mc_err *e)
{
	struct mc_value_found items = { .none = of->none };
	char kind[MC_FIT_TEXT];
	bool open = of->n == 0;

	for (size_t i = 0; i < of->n; i++) {
		const struct mc_schema_key *k = &of->v[i];

		if (!mc_schema_type_fits(k, MC_PLIST_ARRAY))
			continue;
		if (items.n < MC_VALUE_FOUND_MAX &&
		    mc_fit_one_of_many(k, &items.v[items.n])) {
			items.n++;
			continue;
		}
		open |= k->n == 0;
		for (uint32_t j = 0; j < k->n && items.n < MC_VALUE_FOUND_MAX;
		     j++)
			items.v[items.n++] = mc_schema_key_at(
			    schema, k->first + j);
	}
	if (!items.n && !open)
		return mc_fail(e, MC_USAGE, "+= adds to an array; this is %s",
		    mc_fit_types_show(&of->v[0], true, kind));
	*out = items;
	return true;
}

void
mc_value_near_types(const struct mc_schema *schema, struct mc_near *near)
{
	for (size_t i = 0; i < mc_schema_len(schema); i++)
		mc_near_add(near, mc_schema_at(schema, i).type);
}

/* SPDX-License-Identifier: ISC */
#include "lint/schema_walk.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "schema/fit.h"

/* How deep a key that stands in the wrong dict is looked for. */
#define ELSEWHERE_DEPTH 3

/* A key of the data as the schema has it: by its name, or as any key. */
static bool
find(const struct mc_walk *w, struct mc_keys in, const char *name,
    struct mc_schema_key *out)
{
	return mc_schema_key_find(w->s, in.first, in.n, name, out);
}

bool
mc_walk_missing(const struct mc_walk *w, const struct mc_schema_key *key,
    const struct mc_path *up)
{
	const struct mc_path path = { up, key->name, 0 };
	const struct mc_about about = { .code = 1103,
		.path = &path,
		.expected = mc_plist_type_name(key->type) };
	char name[MC_QUOTE_TEXT];

	return mc_lint_tell(w->l, &about, w->e, "%s is missing, and required",
	    mc_path_quote(key->name, name));
}

/* Where name is a key of a dict further down: "EAPClientConfiguration". */
static bool
elsewhere(const struct mc_walk *w, struct mc_keys in, const char *name,
    unsigned depth, struct mc_schema_key *out)
{
	struct mc_schema_key key;
	struct mc_schema_key below;

	for (uint32_t i = 0; i < in.n; i++) {
		key = mc_schema_key_at(w->s, in.first + i);
		if (key.type == MC_PLIST_DICT && key.name &&
		    find(w, (struct mc_keys){ key.first, key.n }, name,
			&below) &&
		    below.name) {
			*out = key;
			return true;
		}
		if (depth < ELSEWHERE_DEPTH && key.n &&
		    elsewhere(w, (struct mc_keys){ key.first, key.n }, name,
			depth + 1, out))
			return true;
	}
	return false;
}

static void
near_add(
    const struct mc_walk *w, const struct mc_keys *in, struct mc_near *near)
{
	struct mc_schema_key key;

	for (uint32_t i = 0; i < in->n; i++) {
		key = mc_schema_key_at(w->s, in->first + i);
		if (key.name)
			mc_near_add(near, key.name);
	}
}

bool
mc_walk_mistyped(const struct mc_walk *w, const struct mc_keys *sets, size_t n,
    const char *name)
{
	struct mc_near near = MC_NEAR_INIT(name);

	for (size_t i = 0; i < n && w->l->findings->n < MC_FINDINGS_MAX; i++)
		near_add(w, &sets[i], &near);
	return near.n > 0;
}

bool
mc_walk_unknown(const struct mc_walk *w, const struct mc_keys *sets, size_t n,
    const struct mc_path *path)
{
	struct mc_near near = MC_NEAR_INIT(path->key);
	struct mc_schema_key holder;
	char text[sizeof(near.text) + 40];
	char name[MC_QUOTE_TEXT];
	struct mc_about about = { .code = 1102, .path = path, .at_key = true };

	/* what is not kept any more need not be thought about */
	for (size_t i = 0; i < n && w->l->findings->n < MC_FINDINGS_MAX; i++)
		near_add(w, &sets[i], &near);
	if (near.n) {
		snprintf(text, sizeof(text), "did you mean %s?",
		    mc_near_text(&near));
		about.suggestion = text;
	}
	for (size_t i = 0;
	     i < n && !about.suggestion && w->l->findings->n < MC_FINDINGS_MAX;
	     i++)
		if (elsewhere(w, sets[i], path->key, 0, &holder)) {
			snprintf(text, sizeof(text), "it belongs in %s",
			    mc_path_quote(holder.name, name));
			about.suggestion = text;
		}
	return mc_lint_tell(w->l, &about, w->e, "unknown key %s in %s",
	    mc_path_quote(path->key, name), w->type);
}

bool
mc_walk_key(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, unsigned known)
{
	const struct mc_subject subject = { .name = path->key,
		.support = key->support,
		.path = path,
		.node = node };

	return mc_obstacles_tell(w, &subject, known, &known) &&
	    mc_walk_value(w, key, node, path, known);
}

static bool
walk_dict(const struct mc_walk *w, struct mc_keys keys, const mc_plist *dict,
    const struct mc_path *path, unsigned known)
{
	AUTO_PLIST_ITER it = { .in = dict };
	struct mc_schema_key key;

	while (mc_plist_iter_next(&it)) {
		const struct mc_path here = { path, it.key, 0 };

		if (!find(w, keys, it.key, &key)) {
			if (!mc_walk_unknown(w, &keys, 1, &here))
				return false;
		} else if (!mc_walk_key(w, &key, it.value, &here, known)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < keys.n; i++) {
		key = mc_schema_key_at(w->s, keys.first + i);
		if (key.required && key.name && !mc_plist_get(dict, key.name) &&
		    mc_obstacles_needed(w, key.support) &&
		    !mc_walk_missing(w, &key, path))
			return false;
	}
	return !it.failed || mc_fail_memory(w->e);
}

static bool
count_check(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path)
{
	size_t n = mc_plist_len(node);
	char want[MC_FIT_TEXT];
	const struct mc_about about = { .code = 1109,
		.path = path,
		.node = node,
		.expected = mc_fit_count_show(key, want) };

	if (mc_fit_count_check(key, node))
		return true;
	return mc_lint_tell(w->l, &about, w->e, "%zu item%s where %s %s wanted",
	    n, n == 1 ? "" : "s", want,
	    key->count_min == 1 && key->count_max == 1 ? "is" : "are");
}

static bool
walk_array(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, unsigned known)
{
	AUTO_PLIST_ITER it = { .in = node };
	struct mc_schema_key kind;

	if (!count_check(w, key, node, path))
		return false;
	while (mc_plist_iter_next(&it)) {
		const struct mc_path here = { path, NULL, it.i };

		if (mc_fit_kind_find(w->s, key, it.value, &kind) &&
		    !mc_walk_value(w, &kind, it.value, &here, known))
			return false;
	}
	return !it.failed || mc_fail_memory(w->e);
}

/* As deep as the data, whose depth its reader has bounded. */
bool
mc_walk_value(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, unsigned known)
{
	const struct mc_keys below = { key->first, key->n };
	bool go_on;

	if (!mc_value_lint(w, key, node, path, &go_on))
		return false;
	if (!go_on)
		return true;
	if (mc_plist_type(node) == MC_PLIST_ARRAY)
		return walk_array(w, key, node, path, known);
	/* without a type, or without keys, anything may be in it */
	if (mc_plist_type(node) != MC_PLIST_DICT ||
	    key->type != MC_PLIST_DICT || key->n == 0)
		return true;
	return walk_dict(w, below, node, path, known);
}

/* SPDX-License-Identifier: ISC */
/* Whether all is there that the schema requires. */
#include "profile/value_part.h"

/* The required ones of n keys that dict lacks, "A (a string), B (data)". */
static bool
list_missing(const struct mc_schema *schema, uint32_t first, uint32_t n,
    const mc_plist *dict, struct mc_buf *to, size_t *count, struct mc_err *e)
{
	char kind[MC_FIT_TEXT];
	struct mc_schema_key k;

	*count = 0;
	for (uint32_t i = 0; i < n; i++) {
		k = mc_schema_key_at(schema, first + i);
		if (!k.required || !k.name || mc_plist_get(dict, k.name))
			continue;
		if (!mc_buf_printf(to, e, "%s%s", to->len ? ", " : "", k.name))
			return false;
		if (k.type != MC_PLIST_NONE &&
		    !mc_buf_printf(
			to, e, " (%s)", mc_fit_types_show(&k, true, kind)))
			return false;
		++*count;
	}
	return true;
}

static bool
fail_missing(const struct mc_value_job *job, const struct mc_buf *list,
    size_t count, const struct mc_path *path, struct mc_err *e)
{
	char text[MC_PATH_TEXT];

	if (path)
		(void)mc_fail(e, MC_USAGE, "%s: %s %s required",
		    mc_path_encode(path, text), mc_buf_str(list),
		    count == 1 ? "is" : "are");
	else
		(void)mc_fail(e, MC_USAGE, "%s %s required", mc_buf_str(list),
		    count == 1 ? "is" : "are");
	return mc_value_problem(job, e);
}

static bool
check_count(const struct mc_value_job *job, const struct mc_schema_key *array,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e)
{
	char text[MC_PATH_TEXT];
	char count[MC_FIT_TEXT];

	if (mc_fit_count_check(array, node))
		return true;
	(void)mc_fail(e, MC_USAGE, "%s: want %s items, not %zu",
	    mc_path_encode(path, text), mc_fit_count_show(array, count),
	    mc_plist_len(node));
	return mc_value_problem(job, e);
}

static bool
check_dict(const struct mc_value_job *job, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e)
{
	AUTO_BUF list = MC_BUF_INIT;
	size_t n;

	if (!list_missing(
		job->rules->schema, key->first, key->n, node, &list, &n, e))
		return false;
	return n == 0 || fail_missing(job, &list, n, path, e);
}

/* What describes a child; false where nothing does. */
static bool
describe_child(const struct mc_schema *schema, const struct mc_schema_key *key,
    const struct mc_path *at, const mc_plist *node, struct mc_schema_key *out)
{
	if (at->key)
		return mc_schema_key_find(
		    schema, key->first, key->n, at->key, out);
	return mc_fit_kind_find(schema, key, node, out);
}

/* As deep as the tree, which its reader has limited. */
static bool
check_below(const struct mc_value_job *job, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e)
{
	enum mc_plist_type type = mc_plist_type(node);
	AUTO_PLIST_ITER it = { .in = node };
	struct mc_path at = { .up = path };
	struct mc_schema_key child;

	/* a type that the schema does not have here was somebody's wish */
	if (key->type == MC_PLIST_NONE || !mc_schema_type_fits(key, type) ||
	    (type != MC_PLIST_DICT && type != MC_PLIST_ARRAY))
		return true;
	if (type == MC_PLIST_DICT && !check_dict(job, key, node, path, e))
		return false;
	if (type == MC_PLIST_ARRAY && !check_count(job, key, node, path, e))
		return false;
	while (mc_plist_iter_next(&it)) {
		at.key = it.key;
		at.i = it.i;
		if (describe_child(
			job->rules->schema, key, &at, it.value, &child) &&
		    !check_below(job, &child, it.value, &at, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

/* The required keys of one part of the type, the one that lacks fewest. */
static bool
check_parts(
    const struct mc_value_job *job, const mc_plist *payload, struct mc_err *e)
{
	const struct mc_schema *schema = job->rules->schema;
	AUTO_BUF least = MC_BUF_INIT;
	size_t least_n = 0;
	size_t at = 0;
	size_t parts = mc_schema_find(schema, job->type, &at);

	for (size_t i = 0; i < parts; i++) {
		struct mc_schema_payload p = mc_schema_at(schema, at + i);
		AUTO_BUF list = MC_BUF_INIT;
		size_t n;

		if (!list_missing(schema, p.first, p.n, payload, &list, &n, e))
			return false;
		if (n == 0)
			return true;
		if (i == 0 || n < least_n) {
			least_n = n;
			mc_buf_swap(&list, &least);
		}
	}
	return parts == 0 || fail_missing(job, &least, least_n, NULL, e);
}

/* A value is whole if it is by one of the parts that have its key. */
static bool
check_top_key(const struct mc_value_job *job, const mc_plist *node,
    const char *name, struct mc_err *e)
{
	const struct mc_value_rules strict = { .schema = job->rules->schema };
	const struct mc_value_job quiet = { .rules = &strict };
	struct mc_path path = { .key = name };
	struct mc_value_found found;
	struct mc_err none = MC_ERR_INIT;

	if (!mc_value_find_key(
		job->rules->schema, job->type, name, &found, &none))
		return true; /* told when it was set */
	for (size_t i = 0; i + 1 < found.n; i++)
		if (check_below(&quiet, &found.v[i], node, &path, &none))
			return true;
	return found.n == 0 ||
	    check_below(job, &found.v[found.n - 1], node, &path, e);
}

bool
mc_value_payload_check(const struct mc_value_rules *rules, const char *type,
    const mc_plist *payload, struct mc_err *e)
{
	const struct mc_value_job job = { .rules = rules, .type = type };
	AUTO_PLIST_ITER it = { .in = payload };

	if (!check_parts(&job, payload, e))
		return mc_value_note_type(type, e);
	while (mc_plist_iter_next(&it))
		if (!check_top_key(&job, it.value, it.key, e))
			return mc_value_note_type(type, e);
	return !it.failed || mc_fail_memory(e);
}

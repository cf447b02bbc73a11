/* SPDX-License-Identifier: ISC */
/* Whether what is there fits what the schema wants. */
#include "profile/value_part.h"

#include <inttypes.h>
#include <stdio.h>

/* So many allowed values are told; the others are counted. */
#define TOLD 12
#define SCALAR_TEXT 32

const char *
mc_value_reference(const mc_plist *node)
{
	const char *s = mc_plist_str(node);
	const size_t n = strlen(MC_VALUE_REFERENCE);

	return s && strncmp(s, MC_VALUE_REFERENCE, n) == 0 ? s + n : NULL;
}

bool
mc_value_note_type(const char *type, struct mc_err *e)
{
	char text[MC_QUOTE_TEXT];

	if (!type || strcmp(type, MC_SCHEMA_TOP) == 0)
		return false;
	return mc_note(e, "%s", mc_path_quote(type, text));
}

bool
mc_value_problem(const struct mc_value_job *job, struct mc_err *e)
{
	if (!job->rules->force || e->code != MC_USAGE)
		return false;
	if (job->what)
		(void)mc_note(e, "%s", job->what);
	(void)mc_value_note_type(job->type, e);
	(void)mc_note(e, "warning");
	if (job->rules->say)
		job->rules->say(e->text);
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

/* A problem with the value at path, or with what stands there. */
static bool
problem(const struct mc_value_job *job, const struct mc_path *path,
    const char *value, struct mc_err *e)
{
	char text[MC_PATH_TEXT];
	char quoted[MC_QUOTE_TEXT];

	if (path && value && !job->hide && !mc_value_path_is_secret(path))
		(void)mc_note(e, "%s=%s", mc_path_encode(path, text),
		    mc_path_quote(value, quoted));
	else if (path)
		(void)mc_note(e, "%s", mc_path_encode(path, text));
	return mc_value_problem(job, e);
}

/* As the schema writes values; NULL for what it has no values of. */
static const char *
scalar(const mc_plist *node, char text[static SCALAR_TEXT])
{
	int64_t n;
	double r;
	bool b;

	if (mc_plist_bool(node, &b))
		return b ? "true" : "false";
	if (mc_plist_int(node, &n)) {
		snprintf(text, SCALAR_TEXT, "%" PRId64, n);
		return text;
	}
	if (mc_plist_real(node, &r)) {
		snprintf(text, SCALAR_TEXT, "%.17g", r);
		return text;
	}
	return mc_plist_str(node);
}

/* "want one of None, WEP, ... and 3 more", and what is near. */
static bool
fail_allowed(const struct mc_schema *schema, const struct mc_schema_key *key,
    const char *value, struct mc_err *e)
{
	AUTO_BUF list = MC_BUF_INIT;
	struct mc_near near = MC_NEAR_INIT(value);
	char range[MC_FIT_TEXT];
	const char *a;

	for (uint32_t i = 0; i < key->allowed_n; i++) {
		a = mc_schema_allowed(schema, key, i);
		mc_near_add(&near, a);
		if (i < TOLD &&
		    !mc_buf_printf(&list, e, "%s%s", i ? ", " : "", a))
			return false;
	}
	if (key->allowed_n > TOLD &&
	    !mc_buf_printf(&list, e, " and %u more", key->allowed_n - TOLD))
		return false;
	if (*mc_fit_range_show(key, range) &&
	    !mc_buf_printf(&list, e, " or %s", range))
		return false;
	if (key->allowed_n > TOLD && near.n)
		return mc_fail(e, MC_USAGE, "want one of %s; did you mean %s?",
		    mc_buf_str(&list), mc_near_text(&near));
	return mc_fail(e, MC_USAGE, "want %s%s",
	    key->allowed_n > 1 ? "one of " : "", mc_buf_str(&list));
}

static bool
check_scalar(const struct mc_value_job *job, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e)
{
	const struct mc_schema *schema = job->rules->schema;
	char text[SCALAR_TEXT];
	char range[MC_FIT_TEXT];
	const char *value = scalar(node, text);

	switch (mc_fit_check(schema, key, node)) {
	case MC_FIT_GOOD:
		return true;
	case MC_FIT_VALUE:
		(void)fail_allowed(schema, key, value ? value : "", e);
		break;
	case MC_FIT_RANGE:
		(void)mc_fail(
		    e, MC_USAGE, "want %s", mc_fit_range_show(key, range));
		break;
	case MC_FIT_PATTERN:
		(void)mc_fail(e, MC_USAGE, "want text like /%s/", key->pattern);
		break;
	case MC_FIT_FORM:
		(void)mc_fail(e, MC_USAGE, "want %s", mc_fit_form_show(key));
		break;
	}
	return problem(job, path, value, e);
}

static bool
fail_key(const struct mc_schema *schema, const struct mc_schema_key *dict,
    const char *name, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(name);
	const char *known;

	for (uint32_t i = 0; i < dict->n; i++) {
		known = mc_schema_key_at(schema, dict->first + i).name;
		if (known)
			mc_near_add(&near, known);
	}
	if (near.n)
		return mc_fail(e, MC_USAGE, "no such key; did you mean %s?",
		    mc_near_text(&near));
	return mc_fail(e, MC_USAGE, "no such key");
}

/* An item fits if it fits a kind; what is told is of the one it is most like.
 */
static bool
check_item(const struct mc_value_job *job, const struct mc_schema_key *array,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e)
{
	const struct mc_schema *schema = job->rules->schema;
	const struct mc_value_rules strict = { .schema = schema };
	const struct mc_value_job quiet = { .rules = &strict,
		.hide = job->hide };
	struct mc_err none = MC_ERR_INIT;
	struct mc_schema_key kind;

	if (!mc_fit_kind_find(schema, array, node, &kind) ||
	    mc_value_fit(&quiet, &kind, node, path, &none))
		return true;
	for (uint32_t i = 0; i < array->n; i++) {
		const struct mc_schema_key other = mc_schema_key_at(
		    schema, array->first + i);

		if (mc_value_fit(&quiet, &other, node, path, &none))
			return true;
	}
	return mc_value_fit(job, &kind, node, path, e);
}

static bool
check_child(const struct mc_value_job *job, const struct mc_schema_key *dict,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e)
{
	struct mc_schema_key key;

	if (mc_schema_key_find(
		job->rules->schema, dict->first, dict->n, path->key, &key))
		return mc_value_fit(job, &key, node, path, e);
	(void)fail_key(job->rules->schema, dict, path->key, e);
	return problem(job, path, NULL, e);
}

/* As deep as the tree, which its reader has limited. */
bool
mc_value_fit(const struct mc_value_job *job, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e)
{
	enum mc_plist_type type = mc_plist_type(node);
	AUTO_PLIST_ITER it = { .in = node };
	struct mc_path at = { .up = path };
	char kind[MC_FIT_TEXT];
	bool fine;

	if (key->type == MC_PLIST_NONE)
		return true;
	if (!mc_schema_type_fits(key, type)) {
		(void)mc_fail(e, MC_USAGE, "want %s, not %s%s",
		    mc_fit_types_show(key, true, kind), mc_fit_article(type),
		    mc_plist_type_name(type));
		return problem(job, path, NULL, e);
	}
	if (mc_value_reference(node))
		return true;
	if (type != MC_PLIST_DICT && type != MC_PLIST_ARRAY)
		return check_scalar(job, key, node, path, e);
	while (mc_plist_iter_next(&it)) {
		at.key = it.key;
		at.i = it.i;
		fine = !it.key ? check_item(job, key, it.value, &at, e)
		    : key->n   ? check_child(job, key, it.value, &at, e)
			       : true;
		if (!fine)
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_value_fit_any(const struct mc_value_job *job,
    const struct mc_value_found *found, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e)
{
	const struct mc_value_rules strict = { .schema = job->rules->schema };
	const struct mc_value_job quiet = { .rules = &strict,
		.hide = job->hide };
	struct mc_err none = MC_ERR_INIT;

	for (size_t i = 0; i + 1 < found->n; i++)
		if (mc_value_fit(&quiet, &found->v[i], node, path, &none))
			return true;
	return found->n == 0 ||
	    mc_value_fit(job, &found->v[found->n - 1], node, path, e);
}

bool
mc_value_check(const struct mc_value_rules *rules,
    const struct mc_schema_key *key, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e)
{
	const struct mc_value_job job = { .rules = rules };

	return mc_value_fit(&job, key, node, path, e);
}

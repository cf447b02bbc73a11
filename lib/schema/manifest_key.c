/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "schema/attribute.h"
#include "schema/manifest_part.h"
#include "schema/manifest_pattern.h"

static bool
type_parse(const char *name, enum mc_plist_type *out)
{
	static const struct {
		const char *name;
		enum mc_plist_type type;
	} types[] = {
		{ "array", MC_PLIST_ARRAY },
		{ "bool", MC_PLIST_BOOL },
		{ "boolean", MC_PLIST_BOOL },
		{ "data", MC_PLIST_DATA },
		{ "date", MC_PLIST_DATE },
		{ "dict", MC_PLIST_DICT },
		{ "dictionary", MC_PLIST_DICT },
		{ "float", MC_PLIST_REAL },
		{ "integer", MC_PLIST_INT },
		{ "real", MC_PLIST_REAL },
		{ "string", MC_PLIST_STRING },
		{ "url", MC_PLIST_STRING },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(name, types[i].name) == 0) {
			*out = types[i].type;
			return true;
		}
	return false;
}

static bool
is_scalar(enum mc_plist_type type)
{
	return type == MC_PLIST_STRING || type == MC_PLIST_BOOL ||
	    type == MC_PLIST_INT || type == MC_PLIST_REAL;
}

/*
 * What is said so far fits the key's type and itself.  What does not is
 * somebody else's slip: it costs us the fact that was added last.
 */
static bool
is_right(const struct mc_manifest *r, const struct mc_draft_key *k)
{
	struct mc_err why = MC_ERR_INIT;

	return mc_attributes_check(r->d, k, &why);
}

/* The allowed values, all or none. */
static bool
values(const struct mc_manifest *r, const struct mc_manifest_at *h,
    struct mc_draft_key *k, struct mc_err *e)
{
	const mc_plist *list;
	AUTO_PLIST_ITER it = { 0 };
	char text[MC_MANIFEST_TEXT];
	const char *s;
	uint32_t t;

	if (!mc_manifest_get(r, h, "pfm_range_list", MC_PLIST_ARRAY, &list, e))
		return false;
	if (!is_scalar(k->type) ||
	    mc_manifest_is_true(h->dict, "pfm_range_list_allow_custom_value"))
		return true;
	for (size_t i = 0; i < mc_plist_len(list); i++)
		if (!mc_manifest_scalar(mc_plist_at(list, i), text, &s))
			return true;
	k->values = r->d->values_n;
	it.in = list;
	while (mc_plist_iter_next(&it)) {
		if (!mc_manifest_scalar(it.value, text, &s) ||
		    !mc_draft_text_add(r->d, s, strlen(s), &t, e) ||
		    !mc_draft_value_add(r->d, t, e))
			return false;
		k->values_n++;
	}
	if (!is_right(r, k))
		k->values_n = 0;
	return true;
}

static bool
number(const mc_plist *node, double *out)
{
	int64_t i;

	if (mc_plist_real(node, out))
		return true;
	if (!mc_plist_int(node, &i))
		return false;
	*out = (double)i;
	return true;
}

static void
ranges(
    const struct mc_manifest *r, const mc_plist *dict, struct mc_draft_key *k)
{
	int64_t min = 0;
	int64_t max = MC_DRAFT_ENDLESS;
	bool has;

	if (k->type == MC_PLIST_INT || k->type == MC_PLIST_REAL) {
		k->has_min = number(
		    mc_plist_get(dict, "pfm_range_min"), &k->min);
		k->has_max = number(
		    mc_plist_get(dict, "pfm_range_max"), &k->max);
		if (!is_right(r, k))
			k->has_min = k->has_max = false;
	}
	if (k->type != MC_PLIST_ARRAY)
		return;
	has = mc_plist_int(mc_plist_get(dict, "pfm_repetition_min"), &min);
	has |= mc_plist_int(mc_plist_get(dict, "pfm_repetition_max"), &max);
	if (!has || min < 0 || max < min || max > MC_DRAFT_ENDLESS)
		return;
	k->has_count = true;
	k->count_min = (uint32_t)min;
	k->count_max = (uint32_t)max;
}

/* Of a text: the pattern, where POSIX has one like it. */
static bool
pattern(const struct mc_manifest *r, const struct mc_manifest_at *h,
    struct mc_draft_key *k, struct mc_err *e)
{
	AUTO_BUF posix = MC_BUF_INIT;
	const char *icu;
	bool is;

	if (!mc_manifest_text(r, h, "pfm_format", &icu, e))
		return false;
	if (!icu || k->type != MC_PLIST_STRING)
		return true;
	if (!mc_manifest_pattern(icu, &posix, &is, e))
		return false;
	return !is ||
	    mc_draft_text_add(
		r->d, mc_buf_str(&posix), posix.len, &k->pattern, e);
}

static bool
fallback(const struct mc_manifest *r, const struct mc_manifest_at *h,
    struct mc_draft_key *k, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(h->dict, "pfm_default");
	char text[MC_MANIFEST_TEXT];
	const char *s;

	if (mc_plist_type(node) != k->type || !is_scalar(k->type) ||
	    !mc_manifest_scalar(node, text, &s))
		return true;
	if (!mc_draft_text_add(r->d, s, strlen(s), &k->fallback, e))
		return false;
	if (!is_right(r, k))
		k->fallback = 0;
	return true;
}

/*
 * Always there; not where that depends on another key, nor where an editor
 * fills it in behind the scenes.
 */
static bool
required(const struct mc_manifest *r, const struct mc_manifest_at *h, bool *out,
    struct mc_err *e)
{
	const char *when;

	if (!mc_manifest_text(r, h, "pfm_require", &when, e))
		return false;
	*out = mc_manifest_is_true(h->dict, "pfm_required") ||
	    (when &&
		(strcmp(when, "always") == 0 ||
		    strcmp(when, "always-nested") == 0));
	*out = *out && !mc_plist_get(h->dict, "pfm_exclude") &&
	    !mc_plist_get(h->dict, "pfm_hidden");
	return true;
}

static bool
type_of(const struct mc_manifest *r, const struct mc_manifest_at *h,
    enum mc_plist_type *out, struct mc_err *e)
{
	const char *type;

	*out = MC_PLIST_NONE;
	if (!mc_manifest_text(r, h, "pfm_type", &type, e))
		return false;
	return !type || type_parse(type, out) ||
	    mc_manifest_wrong(r, h, "pfm_type",
		"must be array, boolean, data, date, dictionary, integer, "
		"real or string",
		e);
}

/* All that one key says but its children. */
bool
mc_manifest_facts(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const char *name, struct mc_draft_key *k, struct mc_err *e)
{
	if ((name &&
		!mc_draft_text_add(r->d, name, strlen(name), &k->name, e)) ||
	    !type_of(r, h, &k->type, e))
		return false;
	ranges(r, h->dict, k);
	return required(r, h, &k->required, e) && values(r, h, k, e) &&
	    pattern(r, h, k, e) && fallback(r, h, k, e);
}

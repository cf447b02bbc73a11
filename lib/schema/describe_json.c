/* SPDX-License-Identifier: ISC */
#include "schema/describe_part.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* Nothing where text is NULL. */
static bool
put_text(json_t *o, const char *name, const char *text, struct mc_err *e)
{
	return !text || mc_json_set(o, name, json_string(text), e);
}

static bool
may_be(const struct mc_schema_key *k, enum mc_plist_type type)
{
	return k->type == type || (k->types & 1U << type);
}

static bool
is_integer(const char *text, json_int_t *out)
{
	char *end = NULL;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return end != text && !*end && errno == 0;
}

/* A value that the schema has as text, as what it is for this key. */
static json_t *
typed(const struct mc_schema_key *k, const char *text)
{
	char *end = NULL;
	double r;
	json_int_t i;

	if (k->type == MC_PLIST_STRING)
		return json_string(text);
	if (may_be(k, MC_PLIST_BOOL) && strcmp(text, "true") == 0)
		return json_true();
	if (may_be(k, MC_PLIST_BOOL) && strcmp(text, "false") == 0)
		return json_false();
	if (k->type == MC_PLIST_INT && is_integer(text, &i))
		return json_integer(i);
	if (k->type == MC_PLIST_INT || may_be(k, MC_PLIST_REAL)) {
		r = strtod(text, &end);
		if (end != text && !*end)
			return json_real(r);
	}
	return json_string(text);
}

/* A whole number as one, where it is no real and fits. */
static json_t *
number(enum mc_plist_type type, double v)
{
	return type == MC_PLIST_REAL || v != trunc(v) || v < -0x1p63 ||
		v >= 0x1p63
	    ? json_real(v)
	    : json_integer((json_int_t)v);
}

static bool
put_version(json_t *o, const char *name, uint32_t v, struct mc_err *e)
{
	char text[MC_VERSION_TEXT];

	return v == 0 || put_text(o, name, mc_version_encode(v, text), e);
}

static bool
put_flags(json_t *o, unsigned flags, struct mc_err *e)
{
	AUTO(json_t) *names = json_array();

	for (const struct mc_flag_words *f = mc_flag_words; f->flag; f++)
		if ((flags & f->flag) &&
		    !mc_json_add(
			names, json_string(mc_support_flag_name(f->flag)), e))
			return false;
	return mc_json_set(o, "flags", take(&names), e);
}

/* An OS that is not named is one where it is not. */
static bool
put_support(json_t *to, const struct mc_support *support, struct mc_err *e)
{
	AUTO(json_t) *all = json_object();

	for (unsigned os = 0; os < MC_OS_COUNT; os++) {
		const struct mc_support *s = &support[os];
		AUTO(json_t) *o = json_object();

		if (s->there &&
		    (!put_version(o, "introduced", s->introduced, e) ||
			!put_version(o, "deprecated", s->deprecated, e) ||
			!put_version(o, "removed", s->removed, e) ||
			!put_flags(o, s->flags, e) ||
			!mc_json_set(all, mc_os_name(os), take(&o), e)))
			return false;
	}
	return mc_json_set(to, "os", take(&all), e);
}

/* All types that a key may have, where there are several. */
static bool
put_types(json_t *o, const struct mc_schema_key *k, struct mc_err *e)
{
	AUTO(json_t) *types = json_array();

	for (unsigned t = MC_PLIST_DICT; t <= MC_PLIST_DATA; t++)
		if ((k->types & 1U << t) &&
		    !mc_json_add(types, json_string(mc_schema_type_name(t)), e))
			return false;
	return k->types == 0 || mc_json_set(o, "types", take(&types), e);
}

static bool
put_allowed(const struct mc_schema *s, json_t *o, const struct mc_schema_key *k,
    struct mc_err *e)
{
	AUTO(json_t) *allowed = json_array();

	for (uint32_t i = 0; i < k->allowed_n; i++)
		if (!mc_json_add(
			allowed, typed(k, mc_schema_allowed(s, k, i)), e))
			return false;
	return k->allowed_n == 0 ||
	    mc_json_set(o, "allowed", take(&allowed), e);
}

static bool
put_count(json_t *o, const struct mc_schema_key *k, struct mc_err *e)
{
	AUTO(json_t) *count = json_object();

	if (!k->has_count)
		return true;
	return mc_json_set(count, "min", json_integer(k->count_min), e) &&
	    (k->count_max == UINT32_MAX ||
		mc_json_set(count, "max", json_integer(k->count_max), e)) &&
	    mc_json_set(o, "count", take(&count), e);
}

static bool
put_facts(const struct mc_schema *s, json_t *o, const struct mc_schema_key *k,
    struct mc_err *e)
{
	return mc_json_set(o, "name",
		   k->name ? json_string(k->name) : json_null(), e) &&
	    put_text(o, "type", mc_schema_type_name(k->type), e) &&
	    put_types(o, k, e) &&
	    mc_json_set(o, "required", json_boolean(k->required), e) &&
	    put_allowed(s, o, k, e) &&
	    (!k->has_min ||
		mc_json_set(o, "min", number(k->type, k->min), e)) &&
	    (!k->has_max ||
		mc_json_set(o, "max", number(k->type, k->max), e)) &&
	    (!k->fallback ||
		mc_json_set(o, "default", typed(k, k->fallback), e)) &&
	    put_text(o, "pattern", k->pattern, e) &&
	    put_text(o, "form", k->form, e) && put_count(o, k, e) &&
	    put_support(o, k->support, e);
}

/* What a key's children are called: "items" where it is an array. */
static const char *
children_name(enum mc_plist_type type)
{
	return type == MC_PLIST_ARRAY ? "items" : "keys";
}

static bool
put_twin(json_t *o, const struct mc_describe_step *twin, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	return mc_describe_step_encode(twin, &path, e) &&
	    put_text(o, "children_of", mc_buf_str(&path), e);
}

/* Append n keys from first on, and what is below them, to an array. */
static bool
put_keys(const struct mc_schema *s, const struct mc_describe_step *up,
    uint32_t first, uint32_t n, json_t *to, struct mc_err *e)
{
	for (uint32_t i = 0; i < n; i++) {
		AUTO(json_t) *o = json_object();
		AUTO(json_t) *below = json_array();
		struct mc_schema_key k = mc_schema_key_at(s, first + i);
		const struct mc_describe_step *twin = mc_describe_step_find(
		    up, k.first, k.n);
		struct mc_describe_step here = mc_describe_step_of(up, &k);

		if (!put_facts(s, o, &k, e))
			return false;
		if (twin ? !put_twin(o, twin, e)
			 : k.n > 0 &&
			    (!put_keys(s, &here, k.first, k.n, below, e) ||
				!mc_json_set(
				    o, children_name(k.type), take(&below), e)))
			return false;
		if (!mc_json_add(to, take(&o), e))
			return false;
	}
	return true;
}

struct writing {
	const struct mc_schema *s;
	json_t *parts;
};

static bool
put_part(void *ctx, const struct mc_found *f, struct mc_err *e)
{
	struct writing *w = ctx;
	AUTO(json_t) *part = json_object();
	AUTO(json_t) *keys = json_array();
	const struct mc_describe_step *up = &f->steps[f->n - 1];

	if (!put_text(part, "type", f->part.type, e) ||
	    !put_text(part, "release", f->part.release, e) ||
	    !put_support(part, f->part.support, e))
		return false;
	if (f->whole ? !put_keys(w->s, up, f->part.first, f->part.n, keys, e)
		     : !put_keys(w->s, up, f->key.id, 1, keys, e))
		return false;
	return mc_json_set(part, "keys", take(&keys), e) &&
	    mc_json_add(w->parts, take(&part), e);
}

static bool
encode(const json_t *value, struct mc_buf *to, struct mc_err *e)
{
	return mc_json_encode(value, JSON_INDENT(2), to, e) &&
	    mc_buf_puts(to, "\n", e);
}

bool
mc_describe_encode(const struct mc_schema *s, const char *type, const char *key,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *o = json_object();
	struct writing w = { .s = s, .parts = json_array() };

	if (!put_text(o, "type", type, e) || !put_text(o, "key", key, e) ||
	    !mc_json_set(o, "parts", w.parts, e)) /* which lends it to w */
		return false;
	return mc_found_list(s, type, key, put_part, &w, e) && encode(o, to, e);
}

/* One part of a type, in the list of types. */
static bool
put_summary(const struct mc_schema_payload *p, json_t *parts, struct mc_err *e)
{
	AUTO(json_t) *o = json_object();

	return put_text(o, "release", p->release, e) &&
	    mc_json_set(o, "keys", json_integer(p->n), e) &&
	    put_support(o, p->support, e) && mc_json_add(parts, take(&o), e);
}

static bool
put_type(
    void *ctx, const struct mc_schema *s, size_t at, size_t n, struct mc_err *e)
{
	json_t *types = ctx;
	AUTO(json_t) *o = json_object();
	AUTO(json_t) *parts = json_array();
	struct mc_schema_payload p;

	for (size_t i = at; i < at + n; i++) {
		p = mc_schema_at(s, i);
		if (!put_summary(&p, parts, e))
			return false;
	}
	p = mc_schema_at(s, at);
	return put_text(o, "type", p.type, e) &&
	    mc_json_set(o, "parts", take(&parts), e) &&
	    mc_json_add(types, take(&o), e);
}

bool
mc_types_encode(const struct mc_schema *s, const struct mc_types_filter *filter,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *types = json_array();

	return mc_types_list(s, filter, put_type, types, e) &&
	    encode(types, to, e);
}

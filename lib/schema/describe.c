/* SPDX-License-Identifier: ISC */
#include "schema/describe_part.h"

#include <string.h>

#include "base/near.h"

const struct mc_flag_words mc_flag_words[] = {
	{ MC_SUPPORT_MULTIPLE, "several allowed" },
	{ MC_SUPPORT_DEVICE, "device channel" },
	{ MC_SUPPORT_USER, "user channel" },
	{ MC_SUPPORT_MDM_ONLY, "by MDM only" },
	{ MC_SUPPORT_SUPERVISED, "supervised" },
	{ MC_SUPPORT_AUTOMATED, "automated enrolment only" },
	{ MC_SUPPORT_APPROVED, "user-approved MDM only" },
	{ MC_SUPPORT_PERSONAL_FORBIDDEN, "not in user enrolment" },
	{ MC_SUPPORT_PERSONAL_REQUIRED, "in user enrolment only" },
	{ MC_SUPPORT_PERSONAL_IGNORED, "ignored in user enrolment" },
	{ MC_SUPPORT_SHARED_FORBIDDEN, "not on a shared iPad" },
	{ MC_SUPPORT_SHARED_REQUIRED, "on a shared iPad only" },
	{ MC_SUPPORT_SHARED_IGNORED, "ignored on a shared iPad" },
	{ 0, NULL },
};

struct mc_describe_step
mc_describe_step_of(
    const struct mc_describe_step *up, const struct mc_schema_key *k)
{
	return (struct mc_describe_step){
		.up = up,
		.name = k->name,
		.item = up->array,
		.array = k->type == MC_PLIST_ARRAY,
		.first = k->first,
		.n = k->n,
		.support = k->support,
	};
}

const struct mc_describe_step *
mc_describe_step_find(
    const struct mc_describe_step *up, uint32_t first, uint32_t n)
{
	for (; up && n > 0; up = up->up)
		if (up->n > 0 && up->first == first)
			return up;
	return NULL;
}

/* A name as a key path has it: quoted where it holds what would end it. */
static bool
name_encode(const char *name, bool first, struct mc_buf *to, struct mc_err *e)
{
	if (!mc_buf_puts(to, first ? "" : ".", e))
		return false;
	if (mc_path_key_is_plain(name))
		return mc_buf_puts(to, name, e);
	if (!mc_buf_puts(to, "\"", e))
		return false;
	for (; *name; name++)
		if (!mc_buf_printf(to, e, "%s%c",
			*name == '"' || *name == '\\' ? "\\" : "", *name))
			return false;
	return mc_buf_puts(to, "\"", e);
}

bool
mc_describe_step_encode(
    const struct mc_describe_step *p, struct mc_buf *to, struct mc_err *e)
{
	if (!p || !p->up)
		return true;
	if (!mc_describe_step_encode(p->up, to, e))
		return false;
	if (p->item)
		return mc_buf_puts(to, "[0]", e);
	return name_encode(p->name ? p->name : "*", to->len == 0, to, e);
}

/* How far a path led, for the message where it led nowhere. */
struct miss {
	size_t depth;
	const struct mc_step *step; /* that is missing; lent by the path */
	struct mc_near near;        /* what is there instead */
};

/* What comes next is below this; false where the path is too long. */
static bool
descend(struct mc_found *f, struct mc_describe_step step)
{
	if (f->n == sizeof(f->steps) / sizeof(*f->steps))
		return false;
	f->steps[f->n++] = step;
	return true;
}

static void
begin(struct mc_found *f)
{
	f->n = 1;
	f->steps[0] = (struct mc_describe_step){
		.first = f->part.first,
		.n = f->part.n,
		.support = f->part.support,
	};
}

/* From an array to the first kind of item that it has. */
static bool
into_item(const struct mc_schema *s, struct mc_found *f)
{
	const struct mc_describe_step *in = &f->steps[f->n - 1];

	if (f->n < 2 || f->key.type != MC_PLIST_ARRAY || in->n == 0)
		return false;
	f->key = mc_schema_key_at(s, in->first);
	return descend(f, mc_describe_step_of(in, &f->key));
}

/* One step of a path.  "Dock.Type" is a key of Dock's items. */
static bool
follow_step(
    const struct mc_schema *s, const struct mc_step *step, struct mc_found *f)
{
	const struct mc_describe_step *in;

	if (step->kind != MC_STEP_KEY)
		return into_item(s, f);
	while (f->n > 1 && f->key.type == MC_PLIST_ARRAY) {
		if (!into_item(s, f))
			return false;
		if (f->key.name && strcmp(f->key.name, step->text) == 0)
			return true;
	}
	in = &f->steps[f->n - 1];
	return mc_schema_key_find(s, in->first, in->n, step->text, &f->key) &&
	    descend(f, mc_describe_step_of(in, &f->key));
}

/* Of several parts the one where the path led farthest tells, or all do. */
static void
missed(const struct mc_schema *s, const struct mc_describe_step *in,
    const struct mc_step *step, size_t depth, struct miss *miss)
{
	struct mc_schema_key k;

	if (miss->step && depth < miss->depth)
		return;
	if (!miss->step || depth > miss->depth)
		*miss = (struct miss){ .depth = depth,
			.step = step,
			.near = MC_NEAR_INIT(step->text ? step->text : "") };
	for (uint32_t i = 0; i < in->n; i++) {
		k = mc_schema_key_at(s, in->first + i);
		if (k.name)
			mc_near_add(&miss->near, k.name);
	}
}

/*
 * Follow a path from its first step on, which led to f->key, leaving f at the
 * key and what is above it.
 */
static bool
follow(const struct mc_schema *s, const struct mc_keypath *path,
    struct mc_found *f, struct miss *miss)
{
	if (!descend(f, mc_describe_step_of(&f->steps[0], &f->key)))
		return false;
	for (size_t i = 1; i < path->n; i++)
		if (!follow_step(s, &path->v[i], f)) {
			missed(s, &f->steps[f->n - 1], &path->v[i], i, miss);
			return false;
		}
	f->n--;
	return true;
}

static bool
no_key(const char *type, const struct miss *miss, struct mc_err *e)
{
	char quoted[MC_QUOTE_TEXT];
	const char *there;

	if (!miss->step || miss->step->kind != MC_STEP_KEY)
		return mc_fail(e, MC_NOINPUT,
		    "%s: that key path wants an item of what is no array",
		    type);
	mc_path_quote(miss->step->text, quoted);
	there = miss->depth ? " there" : "";
	if (miss->near.n)
		return mc_fail(e, MC_NOINPUT,
		    "%s has no key \"%s\"%s; did you mean %s?", type, quoted,
		    there, mc_near_text(&miss->near));
	return mc_fail(e, MC_NOINPUT,
	    "%s has no key \"%s\"%s; mcprofile-gen describe %s lists them",
	    type, quoted, there, type);
}

static bool
no_type(const struct mc_schema *s, const char *type, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(type);
	char quoted[MC_QUOTE_TEXT];
	const char *last = NULL;
	struct mc_schema_payload p;

	for (size_t i = 0; i < mc_schema_len(s); i++) {
		p = mc_schema_at(s, i);
		if (!last || strcmp(last, p.type) != 0)
			mc_near_add(&near, p.type);
		last = p.type;
	}
	mc_path_quote(type, quoted);
	if (near.n)
		return mc_fail(e, MC_NOINPUT,
		    "no payload type \"%s\"; did you mean %s?", quoted,
		    mc_near_text(&near));
	return mc_fail(e, MC_NOINPUT,
	    "no payload type \"%s\"; mcprofile-gen types lists them", quoted);
}

/* What to look for, and who is told. */
struct search {
	const struct mc_schema *s;
	bool (*each)(void *ctx, const struct mc_found *f, struct mc_err *e);
	void *ctx;
	struct miss miss;
	size_t hits;
};

/* Every part, whole. */
static bool
search_all(struct search *q, const char *type, struct mc_err *e)
{
	struct mc_found f = { .whole = true };
	size_t at = 0;
	size_t n = mc_schema_find(q->s, type, &at);

	for (size_t i = 0; i < n; i++) {
		f.part = mc_schema_at(q->s, at + i);
		begin(&f);
		q->hits++;
		if (!q->each(q->ctx, &f, e))
			return false;
	}
	return true;
}

/* The path leads nowhere from the top on. */
static void
missed_top(struct search *q, const char *type, const struct mc_step *step)
{
	struct mc_found f;
	size_t at = 0;
	size_t n = mc_schema_find(q->s, type, &at);

	for (size_t i = 0; i < n; i++) {
		f.part = mc_schema_at(q->s, at + i);
		begin(&f);
		missed(q->s, &f.steps[0], step, 0, &q->miss);
	}
}

/* By a path, or where path is NULL by the whole name of a top key. */
static bool
search_key(struct search *q, const char *type, const char *name,
    const struct mc_keypath *path, struct mc_err *e)
{
	struct mc_schema_said said[MC_SCHEMA_PARTS_MAX];
	size_t n = mc_schema_payload_keys_find(q->s, type, name, said);

	for (size_t i = 0; i < n; i++) {
		struct mc_found f = {
			.part = said[i].part,
			.key = said[i].key,
			.common = strcmp(said[i].part.type, type) != 0,
		};

		begin(&f);
		if (path ? !follow(q->s, path, &f, &q->miss) : !f.key.name)
			continue;
		q->hits++;
		if (!q->each(q->ctx, &f, e))
			return false;
	}
	return true;
}

/* Its whole name, dots and all, comes before what it says as a path. */
static bool
search_path(
    struct search *q, const char *type, const char *key, struct mc_err *e)
{
	AUTO_KEYPATH path = { 0 };
	const struct mc_step *first = &path.v[0];

	if (!mc_keypath_parse(key, strlen(key), &path, e) ||
	    !search_key(q, type, key, NULL, e))
		return false;
	if (q->hits == 0 && first->kind == MC_STEP_KEY &&
	    !search_key(q, type, first->text, &path, e))
		return false;
	if (q->hits > 0)
		return true;
	missed_top(q, type, first);
	missed_top(q, MC_SCHEMA_COMMON, first);
	return no_key(type, &q->miss, e);
}

bool
mc_found_list(const struct mc_schema *s, const char *type, const char *key,
    bool (*each)(void *ctx, const struct mc_found *f, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	struct search q = { .s = s, .each = each, .ctx = ctx };
	size_t at;

	if (mc_schema_find(s, type, &at) == 0)
		return no_type(s, type, e);
	return key ? search_path(&q, type, key, e) : search_all(&q, type, e);
}

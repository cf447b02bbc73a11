/* SPDX-License-Identifier: ISC */
#include "schema/schema.h"

#include <stdlib.h>

#include "schema/table.h"

void
mc_schema_free(struct mc_schema *s)
{
	free(s);
}

size_t
mc_schema_len(const struct mc_schema *s)
{
	return s->parts_n;
}

/* A text that is there, or NULL. */
static const char *
text(const struct mc_schema *s, uint32_t at)
{
	return at ? s->text + at : NULL;
}

struct mc_schema_payload
mc_schema_at(const struct mc_schema *s, size_t i)
{
	const struct mc_schema_part *p = &s->parts[i];

	return (struct mc_schema_payload){
		.id = (uint32_t)i,
		.type = text(s, p->type),
		.release = text(s, p->release),
		.support = s->support[p->support],
		.first = p->first,
		.n = p->n,
	};
}

/* The first part whose type is not less than this one. */
static size_t
lower_bound(const struct mc_schema *s, const char *type)
{
	size_t low = 0;
	size_t high = s->parts_n;
	size_t mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(s->text + s->parts[mid].type, type) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

size_t
mc_schema_find(const struct mc_schema *s, const char *type, size_t *at)
{
	size_t first = lower_bound(s, type);
	size_t n = 0;

	while (first + n < s->parts_n &&
	    strcmp(s->text + s->parts[first + n].type, type) == 0)
		n++;
	*at = first;
	return n;
}

struct mc_schema_key
mc_schema_key_at(const struct mc_schema *s, uint32_t id)
{
	const struct mc_schema_node *node = &s->nodes[id];

	return (struct mc_schema_key){
		.id = id,
		.name = text(s, node->name),
		.type = (enum mc_plist_type)node->type,
		.required = node->flags & MC_NODE_REQUIRED,
		.allowed_n = node->values_n,
		.has_min = node->flags & MC_NODE_MIN,
		.has_max = node->flags & MC_NODE_MAX,
		.min = node->min,
		.max = node->max,
		.fallback = text(s, node->fallback),
		.pattern = text(s, node->pattern),
		.form = text(s, node->form),
		.has_count = node->flags & MC_NODE_COUNT,
		.count_min = node->count_min,
		.count_max = node->count_max,
		.types = node->types,
		.support = s->support[node->support],
		.first = node->first,
		.n = node->n,
	};
}

const char *
mc_schema_allowed(
    const struct mc_schema *s, const struct mc_schema_key *k, uint32_t i)
{
	return s->text + s->values[s->nodes[k->id].values + i];
}

/* The key of exactly this name. */
static bool
find_named(const struct mc_schema *s, uint32_t first, uint32_t n,
    const char *name, struct mc_schema_key *out)
{
	uint32_t low = 0;
	uint32_t high = n;
	uint32_t mid;
	int cmp;

	while (low < high) {
		mid = low + (high - low) / 2;
		cmp = strcmp(
		    s->text + s->nodes[s->order[first + mid]].name, name);
		if (cmp == 0 && s->nodes[s->order[first + mid]].name) {
			*out = mc_schema_key_at(s, s->order[first + mid]);
			return true;
		}
		if (cmp <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* The key that stands for any: it comes before those with a name. */
static bool
find_any(const struct mc_schema *s, uint32_t first, uint32_t n,
    struct mc_schema_key *out)
{
	if (n == 0 || s->nodes[s->order[first]].name)
		return false;
	*out = mc_schema_key_at(s, s->order[first]);
	return true;
}

bool
mc_schema_key_find(const struct mc_schema *s, uint32_t first, uint32_t n,
    const char *name, struct mc_schema_key *out)
{
	return find_named(s, first, n, name, out) || find_any(s, first, n, out);
}

/* Of the parts of one type: those that have it by name, or for any. */
static size_t
said_in(const struct mc_schema *s, const char *type, const char *name, bool any,
    struct mc_schema_said out[static MC_SCHEMA_PARTS_MAX])
{
	struct mc_schema_payload part;
	size_t at;
	size_t parts = mc_schema_find(s, type, &at);
	size_t n = 0;

	for (size_t i = 0; i < parts && n < MC_SCHEMA_PARTS_MAX; i++) {
		part = mc_schema_at(s, at + i);
		if (any ? find_any(s, part.first, part.n, &out[n].key)
			: find_named(s, part.first, part.n, name, &out[n].key))
			out[n++].part = part;
	}
	return n;
}

size_t
mc_schema_payload_keys_find(const struct mc_schema *s, const char *type,
    const char *name, struct mc_schema_said out[static MC_SCHEMA_PARTS_MAX])
{
	size_t n = said_in(s, type, name, false, out);

	/* before any: PayloadUUID is one of these wherever all keys are good */
	if (n == 0 && strcmp(type, MC_SCHEMA_TOP) != 0)
		n = said_in(s, MC_SCHEMA_COMMON, name, false, out);
	return n > 0 ? n : said_in(s, type, name, true, out);
}

bool
mc_schema_payload_key_find(const struct mc_schema *s, const char *type,
    const char *name, struct mc_schema_key *out)
{
	struct mc_schema_said said[MC_SCHEMA_PARTS_MAX];

	if (mc_schema_payload_keys_find(s, type, name, said) == 0)
		return false;
	*out = said[0].key;
	return true;
}

bool
mc_schema_type_fits(const struct mc_schema_key *k, enum mc_plist_type type)
{
	if (type == MC_PLIST_NONE)
		return false;
	if (k->types)
		return k->types & (1U << type);
	return k->type == MC_PLIST_NONE || k->type == type;
}

/* SPDX-License-Identifier: ISC */
#include "schema/draft.h"

#include <stdlib.h>

#include "schema/table.h"

/*
 * One block holds all: the schema, then its arrays, those whose items are
 * widest first, so that each is aligned.
 */
struct block {
	struct mc_schema schema;
	struct mc_schema_node *nodes;
	struct mc_support (*support)[MC_OS_COUNT];
	struct mc_schema_part *parts;
	uint32_t *order;
	uint32_t *values;
	char *text;
};

struct build {
	const struct mc_draft *d;
	struct block *b;
	uint32_t *from; /* the draft's key that each node is of */
	uint32_t *to;   /* and the other way round */
	uint32_t *part; /* the draft's payload that each part is of */
};

static bool
allocate(struct build *b, struct mc_err *e)
{
	const struct mc_draft *d = b->d;
	size_t rows = (size_t)d->payloads_n + d->keys_n;
	size_t words = (size_t)d->keys_n + d->values_n;
	char *p;

	p = calloc(1,
	    sizeof(*b->b) + d->keys_n * sizeof(*b->b->nodes) +
		rows * sizeof(*b->b->support) +
		d->payloads_n * sizeof(*b->b->parts) +
		words * sizeof(uint32_t) + d->text_n + 2);
	b->from = calloc((size_t)d->keys_n + 1, sizeof(*b->from));
	b->to = calloc((size_t)d->keys_n + 1, sizeof(*b->to));
	b->part = calloc((size_t)d->payloads_n + 1, sizeof(*b->part));
	b->b = (struct block *)(void *)p;
	if (!p || !b->from || !b->to || !b->part)
		return mc_fail_memory(e);
	p += sizeof(*b->b);
	b->b->nodes = (struct mc_schema_node *)(void *)p;
	p += d->keys_n * sizeof(*b->b->nodes);
	b->b->support = (struct mc_support(*)[MC_OS_COUNT])(void *)p;
	p += rows * sizeof(*b->b->support);
	b->b->parts = (struct mc_schema_part *)(void *)p;
	p += d->payloads_n * sizeof(*b->b->parts);
	b->b->order = (uint32_t *)(void *)p;
	b->b->values = b->b->order + d->keys_n;
	b->b->text = (char *)(b->b->values + d->values_n);
	return true;
}

/* Of two versions, 0 being none, the one that comes first. */
static uint32_t
earlier(uint32_t a, uint32_t b)
{
	return !a || (b && b < a) ? b : a;
}

#define PERSONAL                                                               \
	(MC_SUPPORT_PERSONAL_FORBIDDEN | MC_SUPPORT_PERSONAL_REQUIRED |        \
	    MC_SUPPORT_PERSONAL_IGNORED)
#define SHARED                                                                 \
	(MC_SUPPORT_SHARED_FORBIDDEN | MC_SUPPORT_SHARED_REQUIRED |            \
	    MC_SUPPORT_SHARED_IGNORED)

/* Of forbidden, required and ignored there is one: the nearest. */
static unsigned
add_flags(unsigned above, unsigned own)
{
	if (own & PERSONAL)
		above &= ~(unsigned)PERSONAL;
	if (own & SHARED)
		above &= ~(unsigned)SHARED;
	return above | own;
}

/* A key cannot be there before, or outlive, what holds it. */
static void
inherit(const struct mc_support *above, const struct mc_draft_support *own,
    struct mc_support *out)
{
	*out = *above;
	if (own->said == MC_DRAFT_SAME || !above->there)
		return;
	if (own->said == MC_DRAFT_NOT) {
		*out = (struct mc_support){ .there = false };
		return;
	}
	if (own->introduced > out->introduced)
		out->introduced = own->introduced;
	out->deprecated = earlier(out->deprecated, own->deprecated);
	out->removed = earlier(out->removed, own->removed);
	out->flags = add_flags(out->flags, own->flags);
}

static bool
equal(const struct mc_support *a, const struct mc_support *b)
{
	return a->there == b->there && a->introduced == b->introduced &&
	    a->deprecated == b->deprecated && a->removed == b->removed &&
	    a->flags == b->flags;
}

/* The row of what has this above it; one that is the same is not repeated. */
static uint32_t
support_row(const struct build *b, const struct mc_support *above,
    uint32_t above_row, const struct mc_draft_support *own)
{
	struct mc_schema *s = &b->b->schema;
	struct mc_support *row = b->b->support[s->support_n];
	struct mc_support *last = s->support_n ? row - MC_OS_COUNT : NULL;
	bool as_above = above_row != MC_DRAFT_NONE;
	bool as_last = last != NULL;

	for (size_t i = 0; i < MC_OS_COUNT; i++) {
		inherit(&above[i], &own[i], &row[i]);
		as_above = as_above && equal(&row[i], &above[i]);
		as_last = as_last && equal(&row[i], &last[i]);
	}
	if (as_above || as_last)
		return as_above ? above_row : s->support_n - 1;
	return s->support_n++;
}

/* Where a payload says something, an OS that it does not name lacks it. */
static uint32_t
payload_row(const struct build *b, const struct mc_draft_payload *p)
{
	struct mc_support above[MC_OS_COUNT];

	memset(above, 0, sizeof(above));
	for (size_t i = 0; i < MC_OS_COUNT; i++)
		above[i].there = p->everywhere ||
		    p->own[i].said == MC_DRAFT_SAID;
	return support_row(b, above, MC_DRAFT_NONE, p->own);
}

static void
put_attributes(const struct mc_draft_key *k, struct mc_schema_node *node)
{
	node->min = k->min;
	node->max = k->max;
	node->name = k->name;
	node->fallback = k->fallback;
	node->pattern = k->pattern;
	node->form = k->form;
	node->count_min = k->count_min;
	node->count_max = k->count_max;
	node->types = (uint16_t)k->types;
	node->type = (uint8_t)k->type;
	node->flags = (uint8_t)((k->required ? MC_NODE_REQUIRED : 0U) |
	    (k->has_min ? MC_NODE_MIN : 0U) | (k->has_max ? MC_NODE_MAX : 0U) |
	    (k->has_count ? MC_NODE_COUNT : 0U));
	node->values = k->values;
	node->values_n = k->values_n;
}

/* The keys of one chain, beside each other. */
static void
put_keys(const struct build *b, uint32_t key, uint32_t row)
{
	struct mc_schema *s = &b->b->schema;
	const struct mc_draft_key *k;

	for (; key != MC_DRAFT_NONE; key = k->next) {
		k = &b->d->keys[key];
		b->from[s->nodes_n] = key;
		b->to[key] = s->nodes_n;
		b->b->nodes[s->nodes_n++].support = support_row(
		    b, b->b->support[row], row, k->own);
	}
}

/* What a node is, and the keys below it, which come after all there are. */
static void
fill_node(const struct build *b, uint32_t id)
{
	struct mc_schema_node *node = &b->b->nodes[id];
	const struct mc_draft_key *k = &b->d->keys[b->from[id]];

	if (k->again != MC_DRAFT_NONE) {
		/* it is above this one, and so was filled before */
		uint32_t support = node->support;

		*node = b->b->nodes[b->to[k->again]];
		node->support = support;
		return;
	}
	put_attributes(k, node);
	node->first = b->b->schema.nodes_n;
	node->n = k->n;
	put_keys(b, k->first, node->support);
}

static int
by_type(const void *x, const void *y, void *build)
{
	const struct mc_draft *d = ((const struct build *)build)->d;
	uint32_t a;
	uint32_t b;
	int cmp;

	memcpy(&a, x, sizeof(a));
	memcpy(&b, y, sizeof(b));
	cmp = strcmp(
	    d->text + d->payloads[a].type, d->text + d->payloads[b].type);
	return cmp ? cmp : (a > b) - (a < b); /* parts in their order */
}

static int
by_name(const void *x, const void *y, void *block)
{
	const struct block *b = block;
	uint32_t i;
	uint32_t j;
	int cmp;

	memcpy(&i, x, sizeof(i));
	memcpy(&j, y, sizeof(j));
	cmp = strcmp(b->text + b->nodes[i].name, b->text + b->nodes[j].name);
	return cmp ? cmp : (i > j) - (i < j);
}

static void
put_payloads(struct build *b)
{
	struct mc_schema *s = &b->b->schema;
	struct mc_draft_payload *p;
	struct mc_schema_part *part;

	for (uint32_t i = 0; i < b->d->payloads_n; i++)
		if (!b->d->payloads[i].replaced)
			b->part[s->parts_n++] = i;
	qsort_r(b->part, s->parts_n, sizeof(*b->part), by_type, b);
	for (uint32_t i = 0; i < s->parts_n; i++) {
		p = &b->d->payloads[b->part[i]];
		part = &b->b->parts[i];
		part->type = p->type;
		part->release = p->release;
		part->support = payload_row(b, p);
		part->first = s->nodes_n;
		part->n = p->n;
		put_keys(b, p->first, part->support);
	}
}

static void
sort_names(const struct build *b, uint32_t first, uint32_t n)
{
	qsort_r(b->b->order + first, n, sizeof(*b->b->order), by_name, b->b);
}

static void
lay_out(struct build *b)
{
	struct mc_schema *s = &b->b->schema;

	s->text = b->b->text;
	s->parts = b->b->parts;
	s->nodes = b->b->nodes;
	s->order = b->b->order;
	s->values = b->b->values;
	s->support = (const struct mc_support(*)[MC_OS_COUNT])b->b->support;
	s->text_n = b->d->text_n;
	if (b->d->text_n > 0)
		memcpy(b->b->text, b->d->text, b->d->text_n);
	s->values_n = b->d->values_n;
	if (s->values_n > 0)
		memcpy(b->b->values, b->d->values,
		    s->values_n * sizeof(*s->values));
	put_payloads(b);
	for (uint32_t i = 0; i < s->nodes_n; i++)
		fill_node(b, i);
	for (uint32_t i = 0; i < s->nodes_n; i++)
		b->b->order[i] = i;
	for (uint32_t i = 0; i < s->parts_n; i++)
		sort_names(b, s->parts[i].first, s->parts[i].n);
	for (uint32_t i = 0; i < s->nodes_n; i++)
		if (s->nodes[i].first > i)
			sort_names(b, s->nodes[i].first, s->nodes[i].n);
}

bool
mc_draft_build(
    const struct mc_draft *d, struct mc_schema **out, struct mc_err *e)
{
	struct build b = { .d = d };
	bool good = allocate(&b, e);

	if (good) {
		lay_out(&b);
		*out = &b.b->schema;
	} else {
		free(b.b);
	}
	free(b.from);
	free(b.to);
	free(b.part);
	return good;
}

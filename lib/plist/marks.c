/* SPDX-License-Identifier: ISC */
/*
 * An open-addressed hash by the node's address, at most three quarters full.
 * Nothing is ever taken out: a node that a duplicate key replaced leaves its
 * mark, and who gets its address overwrites that.
 */
#include "plist/marks.h"

#include <stdlib.h>

#define FIRST 64 /* a power of two */

struct mark {
	const mc_plist *node; /* NULL: free */
	struct mc_place key;
	struct mc_place value;
};

struct mc_marks {
	struct mark *v;
	size_t n;
	size_t cap; /* a power of two */
};

bool
mc_marks_new(struct mc_marks **out, struct mc_err *e)
{
	struct mc_marks *m = calloc(1, sizeof(*m));

	if (!m)
		return mc_fail_memory(e);
	m->v = calloc(FIRST, sizeof(*m->v));
	if (!m->v) {
		free(m);
		return mc_fail_memory(e);
	}
	m->cap = FIRST;
	*out = m;
	return true;
}

void
mc_marks_free(struct mc_marks *m)
{
	if (!m)
		return;
	free(m->v);
	free(m);
}

/* Its slot, or the free one that it would get. */
static struct mark *
slot(const struct mc_marks *m, const mc_plist *node)
{
	/* the low bits of what malloc(3) returns are all the same */
	uint64_t h = (uint64_t)(uintptr_t)node * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(h >> 32) & (m->cap - 1);

	while (m->v[i].node && m->v[i].node != node)
		i = (i + 1) & (m->cap - 1);
	return &m->v[i];
}

static bool
grow(struct mc_marks *m, struct mc_err *e)
{
	struct mc_marks more = { .n = m->n, .cap = 2 * m->cap };

	more.v = calloc(more.cap, sizeof(*more.v));
	if (!more.v)
		return mc_fail_memory(e);
	for (size_t i = 0; i < m->cap; i++)
		if (m->v[i].node)
			*slot(&more, m->v[i].node) = m->v[i];
	free(m->v);
	*m = more;
	return true;
}

bool
mc_marks_set(struct mc_marks *m, const mc_plist *node, struct mc_place key,
    struct mc_place value, struct mc_err *e)
{
	struct mark *at = slot(m, node);

	if (!at->node) {
		if (4 * m->n >= 3 * m->cap && !grow(m, e))
			return false;
		at = slot(m, node);
		m->n++;
	}
	*at = (struct mark){ node, key, value };
	return true;
}

struct mc_place
mc_marks_value(const struct mc_marks *m, const mc_plist *node)
{
	return m && node ? slot(m, node)->value : (struct mc_place){ 0, 0 };
}

struct mc_place
mc_marks_key(const struct mc_marks *m, const mc_plist *node)
{
	return m && node ? slot(m, node)->key : (struct mc_place){ 0, 0 };
}

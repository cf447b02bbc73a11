/* SPDX-License-Identifier: ISC */
#include "plist/build.h"

#include <stdlib.h>

#include "plist/path.h"

bool
mc_build_init(struct mc_build *b, unsigned depth, struct mc_err *e)
{
	*b = (struct mc_build){ .depth_max = depth };
	b->stack = calloc((size_t)depth + 1, sizeof(*b->stack));
	return b->stack || mc_fail_memory(e);
}

void
mc_build_clear(struct mc_build *b)
{
	for (unsigned i = 0; b->stack && i <= b->depth; i++)
		free(b->stack[i].key);
	free(b->stack);
	mc_plist_free(b->root);
	*b = (struct mc_build){ 0 };
}

bool
mc_build_check(
    struct mc_build *b, const char *name, bool is_key, struct mc_err *e)
{
	const struct mc_build_frame *f = &b->stack[b->depth];
	bool in_dict = mc_plist_type(f->node) == MC_PLIST_DICT;

	if (!f->node && b->root)
		return mc_fail(
		    e, MC_MALFORMED, "<%s>: a second value in <plist>", name);
	if (is_key && !in_dict)
		return mc_fail(e, MC_MALFORMED, "<%s> outside of a dict", name);
	if (is_key && f->key)
		return mc_fail(
		    e, MC_MALFORMED, "<%s>: the key before has no value", name);
	if (!is_key && in_dict && !f->key)
		return mc_fail(
		    e, MC_MALFORMED, "<%s>: want a <key> before it", name);
	if (!is_key && ++b->nodes > MC_PLIST_NODES)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d values", MC_PLIST_NODES);
	return true;
}

bool
mc_build_key(struct mc_build *b, const char *key, struct mc_err *e)
{
	struct mc_build_frame *f = &b->stack[b->depth];
	char quoted[MC_QUOTE_TEXT];

	if (mc_plist_len(f->node) == MC_PLIST_KEYS)
		return mc_fail(e, MC_MALFORMED, "more than %d keys in a dict",
		    MC_PLIST_KEYS);
	if (mc_plist_get(f->node, key))
		return mc_fail(e, MC_MALFORMED, "key \"%s\" is there twice",
		    mc_path_quote(key, quoted));
	f->key = strdup(key);
	return f->key || mc_fail_memory(e);
}

/* Give node to the innermost container; the first one is the document. */
static bool
attach(struct mc_build *b, mc_plist *node)
{
	struct mc_build_frame *f = &b->stack[b->depth];

	if (f->key)
		return mc_plist_set(f->node, f->key, node);
	if (f->node)
		return mc_plist_append(f->node, node);
	b->root = node;
	return node != NULL;
}

bool
mc_build_value(struct mc_build *b, mc_plist *node, struct mc_err *e)
{
	struct mc_build_frame *f = &b->stack[b->depth];
	bool done = attach(b, node);

	free(f->key);
	f->key = NULL;
	return done || mc_fail_memory(e);
}

bool
mc_build_open(struct mc_build *b, mc_plist *node, struct mc_err *e)
{
	if (b->depth == b->depth_max) {
		mc_plist_free(node);
		return mc_fail(
		    e, MC_MALFORMED, "nested more than %u deep", b->depth_max);
	}
	if (!mc_build_value(b, node, e))
		return false;
	b->stack[++b->depth] = (struct mc_build_frame){ .node = node };
	return true;
}

bool
mc_build_close(struct mc_build *b, struct mc_err *e)
{
	struct mc_build_frame *f = &b->stack[b->depth];
	char quoted[MC_QUOTE_TEXT];

	if (f->key)
		return mc_fail(e, MC_MALFORMED, "key \"%s\" has no value",
		    mc_path_quote(f->key, quoted));
	b->depth--;
	return true;
}

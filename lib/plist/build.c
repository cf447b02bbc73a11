/* SPDX-License-Identifier: ISC */
#include "plist/build.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "plist/marks.h"
#include "plist/path.h"

bool
mc_build_init(
    struct mc_build *b, const struct mc_plist_reading *how, struct mc_err *e)
{
	unsigned depth = how->depth && how->depth < MC_PLIST_DEPTH_FILE
	    ? how->depth
	    : MC_PLIST_DEPTH_FILE;

	*b = (struct mc_build){ .how = how, .depth_max = depth };
	b->stack = calloc((size_t)depth + 1, sizeof(*b->stack));
	if (!b->stack)
		return mc_fail_memory(e);
	return !how->marks || mc_marks_new(&b->marks, e);
}

void
mc_build_clear(struct mc_build *b)
{
	for (unsigned i = 0; b->stack && i <= b->depth; i++)
		free(b->stack[i].key);
	free(b->stack);
	mc_plist_free(b->root);
	mc_marks_free(b->marks);
	*b = (struct mc_build){ 0 };
}

void
mc_build_finish(struct mc_build *b, mc_plist **out)
{
	*out = take(&b->root);
	if (b->how->marks)
		*b->how->marks = take(&b->marks);
}

/*
 * The path of what is read now: an open container is in its parent already,
 * the value that comes next is not.
 */
static void
path_encode(const struct mc_build *b, char text[static MC_PATH_TEXT])
{
	struct mc_path steps[MC_PLIST_DEPTH_FILE];
	size_t n = 0;

	for (unsigned i = 1; i <= b->depth && n < MC_PLIST_DEPTH_FILE; i++) {
		const struct mc_build_frame *f = &b->stack[i];
		bool outer = i < b->depth;

		if (!outer && mc_plist_type(f->node) == MC_PLIST_DICT &&
		    !f->waiting)
			break;
		steps[n] = (struct mc_path){ n ? &steps[n - 1] : NULL, f->key,
			mc_plist_len(f->node) - outer };
		n++;
	}
	text[0] = '\0';
	if (n)
		mc_path_encode(&steps[n - 1], text);
}

bool
mc_build_fault(struct mc_build *b, enum mc_fault fault, struct mc_err *e,
    const char *fmt, ...)
{
	char text[sizeof(e->text)];
	char path[MC_PATH_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!b->how->fault)
		return mc_fail(e, MC_MALFORMED, "%s", text);
	if (b->faults++ == MC_PLIST_FAULTS)
		return mc_fail(e, MC_MALFORMED, "more than %d faults: %s",
		    MC_PLIST_FAULTS, text);
	path_encode(b, path);
	return b->how->fault(b->how->ctx, fault, b->at, path, text, e);
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
	if (is_key && f->waiting)
		return mc_fail(
		    e, MC_MALFORMED, "<%s>: the key before has no value", name);
	if (!is_key && in_dict && !f->waiting)
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
	bool again = mc_plist_get(f->node, key) != NULL;

	if (!again && mc_plist_len(f->node) == MC_PLIST_KEYS)
		return mc_fail(e, MC_MALFORMED, "more than %d keys in a dict",
		    MC_PLIST_KEYS);
	free(f->key);
	f->key = strdup(key);
	if (!f->key)
		return mc_fail_memory(e);
	f->waiting = true;
	f->key_at = b->at;
	return !again ||
	    mc_build_fault(b, MC_FAULT_DUPLICATE, e,
		"key \"%s\" is there twice", mc_path_quote(key, quoted));
}

void
mc_build_drop(struct mc_build *b)
{
	b->stack[b->depth].waiting = false;
}

/* Give node to the innermost container; the first one is the document. */
static bool
attach(struct mc_build *b, mc_plist *node)
{
	struct mc_build_frame *f = &b->stack[b->depth];

	if (f->waiting)
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
	struct mc_place key_at = f->waiting ? f->key_at : b->at;

	if (!attach(b, node))
		return mc_fail_memory(e);
	f->waiting = false;
	return !b->marks || mc_marks_set(b->marks, node, key_at, b->at, e);
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

	if (f->waiting)
		return mc_fail(e, MC_MALFORMED, "key \"%s\" has no value",
		    mc_path_quote(f->key, quoted));
	free(f->key);
	f->key = NULL;
	b->depth--;
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "plist/bplist.h"

#define MAGIC 8
#define TRAILER 32

uint64_t
mc_bplist_number(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

bool
mc_bplist_refuse(
    const struct mc_bplist_object *o, struct mc_err *e, const char *why)
{
	return mc_fail(
	    e, MC_MALFORMED, "offset %llu: %s", (unsigned long long)o->at, why);
}

bool
mc_bplist_parse(const struct mc_buf *in, struct mc_bplist *b, uint64_t *top,
    struct mc_err *e)
{
	const uint8_t *t;
	uint64_t end;

	if (in->len > MC_BUF_LIMIT)
		return mc_fail(
		    e, MC_MALFORMED, "more than %zu bytes", MC_BUF_LIMIT);
	if (in->len < MAGIC + TRAILER || memcmp(in->data, "bplist00", 8) != 0)
		return mc_fail(e, MC_MALFORMED,
		    "binary plist: want version 00, and all of it");
	end = in->len - TRAILER;
	t = in->data + end;
	b->p = in->data;
	b->offset_size = t[6];
	b->ref_size = t[7];
	b->objects = mc_bplist_number(t + 8, 8);
	*top = mc_bplist_number(t + 16, 8);
	b->table = mc_bplist_number(t + 24, 8);
	if (b->offset_size < 1 || b->offset_size > 8 || b->ref_size < 1 ||
	    b->ref_size > 8)
		return mc_fail(e, MC_MALFORMED,
		    "binary plist: numbers of %u and %u bytes; want 1 to 8",
		    b->offset_size, b->ref_size);
	if (b->objects == 0 || *top >= b->objects)
		return mc_fail(e, MC_MALFORMED,
		    "binary plist: its top is none of its objects");
	/* so that the product below cannot overflow */
	if (b->objects > end || b->table < MAGIC || b->table > end ||
	    b->table + b->objects * b->offset_size != end)
		return mc_fail(e, MC_MALFORMED,
		    "binary plist: its table of objects is not where it says");
	return true;
}

static bool
has_count(unsigned type)
{
	return type == MC_BPLIST_DATA || type == MC_BPLIST_ASCII ||
	    type == MC_BPLIST_UTF16 || type == MC_BPLIST_ARRAY ||
	    type == MC_BPLIST_DICT;
}

/* A length that does not fit in its half byte is an integer behind it. */
static bool
count_parse(struct mc_bplist_object *o, struct mc_err *e)
{
	unsigned n;

	o->count = o->low;
	if (o->low != 0xf)
		return true;
	if (o->room < 1 || o->body[0] >> 4 != MC_BPLIST_INTEGER ||
	    (o->body[0] & 0xf) > 3)
		return mc_bplist_refuse(o, e, "its length is no number");
	n = 1U << (o->body[0] & 0xf);
	if (o->room < 1 + n)
		return mc_bplist_refuse(o, e, "cut off");
	o->count = mc_bplist_number(o->body + 1, n);
	o->body += 1 + n;
	o->room -= 1 + n;
	return true;
}

uint64_t
mc_bplist_unit(const struct mc_bplist *b, const struct mc_bplist_object *o)
{
	if (o->type == MC_BPLIST_ARRAY)
		return b->ref_size;
	if (o->type == MC_BPLIST_DICT)
		return 2 * (uint64_t)b->ref_size;
	return o->type == MC_BPLIST_UTF16 ? 2 : 1;
}

bool
mc_bplist_object_parse(const struct mc_bplist *b, uint64_t ref,
    struct mc_bplist_object *o, struct mc_err *e)
{
	const uint8_t *entry;

	if (ref >= b->objects)
		return mc_fail(e, MC_MALFORMED,
		    "binary plist: object %llu is not there",
		    (unsigned long long)ref);
	entry = b->p + b->table + ref * b->offset_size;
	*o = (struct mc_bplist_object){ .at = mc_bplist_number(
					    entry, b->offset_size) };
	if (o->at < MAGIC || o->at >= b->table)
		return mc_bplist_refuse(o, e, "where no object can be");
	o->type = b->p[o->at] >> 4;
	o->low = b->p[o->at] & 0xf;
	o->body = b->p + o->at + 1;
	o->room = b->table - o->at - 1;
	if (o->type == MC_BPLIST_INTEGER || o->type == MC_BPLIST_REAL ||
	    o->type == MC_BPLIST_DATE)
		o->count = o->low > 4 ? UINT64_MAX : UINT64_C(1) << o->low;
	else if (has_count(o->type) && !count_parse(o, e))
		return false;
	if (o->count > o->room / mc_bplist_unit(b, o))
		return mc_bplist_refuse(o, e, "cut off");
	return true;
}

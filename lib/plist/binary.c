/* SPDX-License-Identifier: ISC */
#include "plist/binary.h"

#include <math.h>

#include "plist/bplist.h"
#include "plist/build.h"
#include "plist/utf16.h"

/* 1 January 2001, where its dates begin. */
#define EPOCH 978307200.0

struct reader {
	struct mc_build tree;
	struct mc_bplist file;
	size_t bytes; /* of text and data so far, wherever they are */
	struct mc_bplist_object open[MC_PLIST_DEPTH_FILE];
	uint64_t done[MC_PLIST_DEPTH_FILE]; /* how many of its items */
	struct mc_err *e;
};

static void
reader_clear(struct reader *r)
{
	mc_build_clear(&r->tree);
}
#define AUTO_READER __attribute__((cleanup(reader_clear))) struct reader

static bool
integer(struct reader *r, const struct mc_bplist_object *o, mc_plist **out)
{
	bool wide = o->count == 16;
	uint64_t high = wide ? mc_bplist_number(o->body, 8) : 0;
	uint64_t v = wide ? mc_bplist_number(o->body + 8, 8)
			  : mc_bplist_number(o->body, (unsigned)o->count);
	bool negative = high == UINT64_MAX && v > INT64_MAX;

	if (high && !negative)
		return mc_bplist_refuse(
		    o, r->e, "an integer of more than 64 bits");
	if (wide && !negative && v > INT64_MAX) {
		if (!mc_build_fault(&r->tree, MC_FAULT_INTEGER, r->e,
			"offset %llu: an integer of more than 63 bits",
			(unsigned long long)o->at))
			return false;
		v = INT64_MAX;
	}
	*out = mc_plist_new_int((int64_t)v);
	return true;
}

/* An IEEE 754 number of 4 or 8 bytes. */
static double
floating(const struct mc_bplist_object *o)
{
	uint64_t bits = mc_bplist_number(o->body, (unsigned)o->count);
	uint32_t few = (uint32_t)bits;
	float f;
	double d;

	if (o->count == 4) {
		memcpy(&f, &few, sizeof(f));
		return (double)f;
	}
	memcpy(&d, &bits, sizeof(d));
	return d;
}

static bool
real(struct reader *r, const struct mc_bplist_object *o, mc_plist **out)
{
	double v;

	if (o->count != 4 && o->count != 8)
		return mc_bplist_refuse(
		    o, r->e, "a real of neither 4 nor 8 bytes");
	v = floating(o);
	if (!isfinite(v)) {
		if (!mc_build_fault(&r->tree, MC_FAULT_REAL, r->e,
			"offset %llu: a real that is not finite",
			(unsigned long long)o->at))
			return false;
		v = 0;
	}
	*out = mc_plist_new_real(v);
	return true;
}

static bool
date(struct reader *r, const struct mc_bplist_object *o, mc_plist **out)
{
	double v;

	if (o->count != 8)
		return mc_bplist_refuse(
		    o, r->e, "a date of other than 8 bytes");
	v = floor(floating(o) + EPOCH);
	if (!(v >= (double)MC_PLIST_DATE_MIN &&
		v <= (double)MC_PLIST_DATE_MAX)) {
		if (!mc_build_fault(&r->tree, MC_FAULT_DATE, r->e,
			"offset %llu: want a date of " MC_PLIST_DATES,
			(unsigned long long)o->at))
			return false;
		v = v < 0   ? (double)MC_PLIST_DATE_MIN
		    : v > 0 ? (double)MC_PLIST_DATE_MAX
			    : 0;
	}
	*out = mc_plist_new_date((int64_t)v);
	return true;
}

/* Wherever they are referred to, their bytes are there again. */
static bool
spend(struct reader *r, const struct mc_bplist_object *o)
{
	r->bytes += o->count * mc_bplist_unit(&r->file, o);
	if (r->bytes <= MC_BUF_LIMIT)
		return true;
	return mc_fail(r->e, MC_MALFORMED,
	    "binary plist: more than %zu bytes of text and data in all",
	    MC_BUF_LIMIT);
}

static bool
text(struct reader *r, const struct mc_bplist_object *o, struct mc_buf *to)
{
	if (!spend(r, o))
		return false;
	if (o->type == MC_BPLIST_UTF16 &&
	    !mc_utf16_parse(o->body, o->count, to, r->e))
		return r->e->code == MC_MALFORMED
		    ? mc_bplist_refuse(o, r->e, "UTF-16 with half a character")
		    : false;
	if (o->type == MC_BPLIST_ASCII &&
	    !mc_buf_add(to, o->body, o->count, r->e))
		return false;
	for (size_t i = 0; o->type == MC_BPLIST_ASCII && i < to->len; i++)
		if (to->data[i] >= 0x80)
			return mc_bplist_refuse(o, r->e, "ASCII that is none");
	if (memchr(mc_buf_str(to), '\0', to->len) ||
	    !mc_plist_text_check(mc_buf_str(to)))
		return mc_bplist_refuse(
		    o, r->e, "text with a character that XML has not");
	return true;
}

static bool
string(struct reader *r, const struct mc_bplist_object *o, mc_plist **out)
{
	AUTO_BUF to = MC_BUF_INIT;

	if (!text(r, o, &to))
		return false;
	*out = mc_plist_new_str(mc_buf_str(&to));
	return true;
}

static bool
data(struct reader *r, const struct mc_bplist_object *o, mc_plist **out)
{
	if (!spend(r, o))
		return false;
	*out = mc_plist_new_data(o->body, (size_t)o->count);
	return true;
}

/* What an object is, *out being NULL where memory is out. */
static bool
node_parse(struct reader *r, const struct mc_bplist_object *o, mc_plist **out)
{
	switch (o->type) {
	case MC_BPLIST_INTEGER:
		return integer(r, o, out);
	case MC_BPLIST_REAL:
		return real(r, o, out);
	case MC_BPLIST_DATE:
		return date(r, o, out);
	case MC_BPLIST_DATA:
		return data(r, o, out);
	case MC_BPLIST_ASCII:
	case MC_BPLIST_UTF16:
		return string(r, o, out);
	case MC_BPLIST_ARRAY:
		*out = mc_plist_new_array();
		return true;
	case MC_BPLIST_DICT:
		*out = mc_plist_new_dict();
		return true;
	case MC_BPLIST_UID:
		return mc_bplist_refuse(o, r->e, "a UID, which no profile has");
	case MC_BPLIST_SET:
	case MC_BPLIST_ORDERED_SET:
		return mc_bplist_refuse(o, r->e, "a set, which no profile has");
	case MC_BPLIST_SINGLE:
		*out = mc_plist_new_bool(o->low == 9);
		return o->low == 8 || o->low == 9 ||
		    mc_bplist_refuse(o, r->e,
			o->low ? "no object of a plist"
			       : "null, which no profile has");
	default:
		return mc_bplist_refuse(o, r->e, "no object of a plist");
	}
}

static bool
open_check(struct reader *r, const struct mc_bplist_object *o)
{
	for (unsigned i = 0; i < r->tree.depth; i++)
		if (r->open[i].at == o->at)
			return mc_bplist_refuse(o, r->e, "it holds itself");
	return true;
}

static bool
value_read(struct reader *r, uint64_t ref)
{
	AUTO(mc_plist) *node = NULL;
	struct mc_bplist_object o;

	if (!mc_bplist_object_parse(&r->file, ref, &o, r->e) ||
	    !open_check(r, &o) || !node_parse(r, &o, &node))
		return false;
	if (!mc_build_check(&r->tree, "value", false, r->e))
		return mc_note(r->e, "offset %llu", (unsigned long long)o.at);
	if (o.type != MC_BPLIST_ARRAY && o.type != MC_BPLIST_DICT)
		return mc_build_value(&r->tree, take(&node), r->e);
	if (!mc_build_open(&r->tree, take(&node), r->e))
		return mc_note(r->e, "offset %llu", (unsigned long long)o.at);
	r->open[r->tree.depth - 1] = o;
	r->done[r->tree.depth - 1] = 0;
	return true;
}

/* *again: the dict has it; then the first one counts. */
static bool
key_read(struct reader *r, uint64_t ref, bool *again)
{
	AUTO_BUF to = MC_BUF_INIT;
	const mc_plist *dict = r->tree.stack[r->tree.depth].node;
	struct mc_bplist_object o;

	if (!mc_bplist_object_parse(&r->file, ref, &o, r->e))
		return false;
	if (o.type != MC_BPLIST_ASCII && o.type != MC_BPLIST_UTF16)
		return mc_bplist_refuse(&o, r->e, "a key that is no string");
	if (!text(r, &o, &to))
		return false;
	*again = mc_plist_get(dict, mc_buf_str(&to)) != NULL;
	return mc_build_key(&r->tree, mc_buf_str(&to), r->e) ||
	    mc_note(r->e, "offset %llu", (unsigned long long)o.at);
}

/* Item i of the innermost container: in a dict, the keys are first. */
static bool
item_read(struct reader *r, const struct mc_bplist_object *o, uint64_t i)
{
	const uint8_t *refs = o->body;
	bool again = false;

	if (o->type == MC_BPLIST_DICT) {
		if (!key_read(r,
			mc_bplist_number(
			    refs + i * r->file.ref_size, r->file.ref_size),
			&again))
			return false;
		refs += o->count * r->file.ref_size;
	}
	if (again) {
		mc_build_drop(&r->tree);
		return true;
	}
	return value_read(
	    r, mc_bplist_number(refs + i * r->file.ref_size, r->file.ref_size));
}

static bool
tree_read(struct reader *r, uint64_t top)
{
	if (!value_read(r, top))
		return false;
	while (r->tree.depth > 0) {
		unsigned i = r->tree.depth - 1;

		if (r->done[i] < r->open[i].count) {
			if (!item_read(r, &r->open[i], r->done[i]++))
				return false;
		} else if (!mc_build_close(&r->tree, r->e)) {
			return false;
		}
	}
	return true;
}

bool
mc_binary_read(const struct mc_buf *in, const struct mc_plist_reading *how,
    mc_plist **out, struct mc_err *e)
{
	AUTO_READER r = { .e = e };
	uint64_t top;

	if (!mc_bplist_parse(in, &r.file, &top, e) ||
	    !mc_build_init(&r.tree, how, e) || !tree_read(&r, top))
		return false;
	mc_build_finish(&r.tree, out);
	return true;
}

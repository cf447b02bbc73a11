/* SPDX-License-Identifier: ISC */
/*
 * The layout of a binary plist: "bplist00", objects, a table of their offsets,
 * a trailer of 32 bytes.
 *
 * An object is a byte of type and length, and what that says.  Dicts and arrays
 * hold numbers of objects, so that one object can be in several places, and a
 * small file be a very large tree: who walks it counts places.
 */
#ifndef MC_PLIST_BPLIST_H
#define MC_PLIST_BPLIST_H

#include "base/buf.h"

struct mc_bplist {
	const uint8_t *p; /* lent: the file */
	unsigned offset_size;
	unsigned ref_size;
	uint64_t objects;
	uint64_t table; /* where the offsets begin, and the objects end */
};

/* Types, in the upper half of an object's first byte. */
enum {
	MC_BPLIST_SINGLE = 0x0, /* null, false, true, fill */
	MC_BPLIST_INTEGER = 0x1,
	MC_BPLIST_REAL = 0x2,
	MC_BPLIST_DATE = 0x3,
	MC_BPLIST_DATA = 0x4,
	MC_BPLIST_ASCII = 0x5,
	MC_BPLIST_UTF16 = 0x6,
	MC_BPLIST_UID = 0x8,
	MC_BPLIST_ARRAY = 0xa,
	MC_BPLIST_ORDERED_SET = 0xb,
	MC_BPLIST_SET = 0xc,
	MC_BPLIST_DICT = 0xd,
};

struct mc_bplist_object {
	uint64_t at; /* its offset */
	unsigned type;
	unsigned low;        /* the other half of that byte */
	uint64_t count;      /* of bytes, UTF-16's units, items */
	const uint8_t *body; /* all of it is there */
	uint64_t room;       /* from there to the end of the objects */
};

/* The trailer, checked; *top is the number of the top object. */
MC_NODISCARD bool mc_bplist_parse(const struct mc_buf *in,
    struct mc_bplist *out, uint64_t *top, struct mc_err *e);

/* An object by its number. */
MC_NODISCARD bool mc_bplist_object_parse(const struct mc_bplist *b,
    uint64_t ref, struct mc_bplist_object *out, struct mc_err *e);

/* How many bytes each of its count takes. */
uint64_t
mc_bplist_unit(const struct mc_bplist *b, const struct mc_bplist_object *o);

/* n bytes, big-endian; of more than 8 the last ones. */
uint64_t mc_bplist_number(const uint8_t *p, unsigned n);

/* MC_MALFORMED, with its offset. */
bool mc_bplist_refuse(
    const struct mc_bplist_object *o, struct mc_err *e, const char *why);

#endif

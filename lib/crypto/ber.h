/* SPDX-License-Identifier: ISC */
/*
 * A bounded reader of BER, and so of DER (X.690), for hostile bytes.
 *
 * A struct mc_ber is a cursor over lent bytes: each call reads the next
 * element and moves past it, so that code reads like the ASN.1 it follows:
 *
 *	struct mc_ber msg, info, body;
 *
 *	mc_ber_init(&msg, der->data, der->len);
 *	return mc_ber_expect(&msg, MC_BER_SEQUENCE, "info", &info, e) &&
 *	    mc_ber_end(&msg, "message", e) &&
 *	    mc_ber_oid(&info, &id_data, "contentType", e) &&
 *	    mc_ber_expect(&info, MC_BER_CONTEXT(0), "content", &body, e) && ...
 *
 * Nothing is copied and nothing recurses.  Indefinite lengths are resolved
 * when an element is read: its body is always a stretch of bytes without the
 * end-of-contents.  Nesting is at most MC_BER_DEPTH, or MC_BER_DEPTH_FILE
 * where a cursor is marked as a file's; tag numbers over 30,
 * lengths of more than 4 bytes or past the end, the tag zero and indefinite
 * primitives are refused, all as MC_MALFORMED with "what" in front.
 *
 * An element that is skipped is not looked into: mc_ber_check() first, where
 * another parser will get the same bytes.
 */
#ifndef MC_BER_H
#define MC_BER_H

#include "base/buf.h"

/* Identifier octets, with the bit that says constructed. */
enum {
	MC_BER_CONSTRUCTED = 0x20,
	MC_BER_BOOLEAN = 0x01,
	MC_BER_INTEGER = 0x02,
	MC_BER_OCTETS = 0x04,
	MC_BER_NULL = 0x05,
	MC_BER_OID = 0x06,
	MC_BER_PRINTABLE = 0x13,
	MC_BER_SEQUENCE = 0x30,
	MC_BER_SET = 0x31,
};
/* [n], constructed: EXPLICIT anything, or IMPLICIT SEQUENCE, SET. */
#define MC_BER_CONTEXT(n) (0xa0U | (n))
/* [n] IMPLICIT of a primitive type. */
#define MC_BER_CONTEXT_PRIMITIVE(n) (0x80U | (n))

struct mc_ber {
	const uint8_t *p;
	size_t len; /* bytes left */
	unsigned depth;
	bool file; /* for the caller to set, after mc_ber_init() */
};

struct mc_ber_item {
	unsigned tag;       /* identifier octet */
	const uint8_t *p;   /* the whole element, header first ... */
	size_t len;         /* ... to its end, end-of-contents included */
	struct mc_ber body; /* the content */
};

/* An object identifier by its content octets. */
struct mc_oid {
	uint8_t len;
	uint8_t b[15];
};

void mc_ber_init(struct mc_ber *b, const void *data, size_t len);

/*
 * Walk all elements at every depth: is this whole and within the limits?
 * Bodies of primitives are not looked into.  b is left where it was.
 */
MC_NODISCARD bool
mc_ber_check(const struct mc_ber *b, const char *what, struct mc_err *e);

/*
 * One SEQUENCE that is all of it, whole and within the limits at every depth;
 * body may be NULL.
 */
MC_NODISCARD bool mc_ber_sequence_parse(const struct mc_buf *der,
    const char *what, struct mc_ber *body, struct mc_err *e);

/* Nothing is left; nothing may be left. */
bool mc_ber_done(const struct mc_ber *b);
MC_NODISCARD bool
mc_ber_end(const struct mc_ber *b, const char *what, struct mc_err *e);

/* The next element has this tag: for OPTIONAL and CHOICE.  Reads nothing. */
bool mc_ber_is(const struct mc_ber *b, unsigned tag);

/* The next element, whatever it is. */
MC_NODISCARD bool mc_ber_next(struct mc_ber *b, const char *what,
    struct mc_ber_item *out, struct mc_err *e);

/* The next element, of exactly this tag; body may be NULL to skip it. */
MC_NODISCARD bool mc_ber_expect(struct mc_ber *b, unsigned tag,
    const char *what, struct mc_ber *body, struct mc_err *e);

/* An INTEGER from 0 to 2^31 - 1. */
MC_NODISCARD bool mc_ber_uint(
    struct mc_ber *b, const char *what, unsigned *out, struct mc_err *e);

/* A NULL. */
MC_NODISCARD bool
mc_ber_null(struct mc_ber *b, const char *what, struct mc_err *e);

/*
 * An OCTET STRING, or a string under the primitive tag given: primitive, or
 * constructed of any number of OCTET STRINGs, joined and appended.
 */
MC_NODISCARD bool mc_ber_octets(struct mc_ber *b, unsigned tag,
    const char *what, struct mc_buf *to, struct mc_err *e);

/* Is this body of an OBJECT IDENTIFIER that one? */
bool mc_oid_equal(const struct mc_ber *body, const struct mc_oid *oid);

/* An OBJECT IDENTIFIER, exactly this one. */
MC_NODISCARD bool mc_ber_oid(struct mc_ber *b, const struct mc_oid *want,
    const char *what, struct mc_err *e);

/*
 * An OBJECT IDENTIFIER of a table of n; *which is its index.  One that is not
 * in the table is MC_DENIED: well formed, but nothing that we allow.
 */
MC_NODISCARD bool mc_ber_oid_of(struct mc_ber *b, const struct mc_oid *table,
    size_t n, const char *what, size_t *which, struct mc_err *e);

#endif

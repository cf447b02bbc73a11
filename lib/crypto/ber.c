/* SPDX-License-Identifier: ISC */
#include "crypto/ber.h"

#define LONG_FORM 0x80U
#define LENGTH_BYTES 4

struct header {
	unsigned tag;
	size_t len; /* of the header itself */
	bool indefinite;
	size_t body; /* bytes; 0 where indefinite */
};

void
mc_ber_init(struct mc_ber *b, const void *data, size_t len)
{
	*b = (struct mc_ber){ .p = data, .len = len };
}

static unsigned
limit(const struct mc_ber *b)
{
	return b->file ? MC_BER_DEPTH_FILE : MC_BER_DEPTH;
}

static bool
header_length(const uint8_t *p, size_t len, struct header *h, const char *what,
    struct mc_err *e)
{
	size_t n = p[1] & ~LONG_FORM;

	h->len = 2;
	if (!(p[1] & LONG_FORM)) {
		h->body = n;
		return true;
	}
	h->indefinite = n == 0;
	if (n > LENGTH_BYTES)
		return mc_fail(
		    e, MC_MALFORMED, "%s: length of %zu bytes", what, n);
	if (n > len - 2)
		return mc_fail(e, MC_MALFORMED, "%s: cut short", what);
	for (size_t i = 0; i < n; i++)
		h->body = h->body << 8 | p[2 + i];
	h->len += n;
	return true;
}

/* At end-of-contents the tag is 0; only callers inside one may meet it. */
static bool
header_parse(const uint8_t *p, size_t len, struct header *h, const char *what,
    struct mc_err *e)
{
	*h = (struct header){ 0 };
	if (len < 2)
		return mc_fail(e, MC_MALFORMED, "%s: %s", what,
		    len ? "cut short" : "is missing");
	h->tag = p[0];
	if ((h->tag & 0x1f) == 0x1f)
		return mc_fail(e, MC_MALFORMED, "%s: tag number over 30", what);
	if (!header_length(p, len, h, what, e))
		return false;
	if (h->tag == 0 && (h->indefinite || h->body))
		return mc_fail(e, MC_MALFORMED, "%s: tag zero", what);
	if (h->indefinite && !(h->tag & MC_BER_CONSTRUCTED))
		return mc_fail(
		    e, MC_MALFORMED, "%s: primitive of no length", what);
	if (h->body > len - h->len)
		return mc_fail(e, MC_MALFORMED, "%s: cut short", what);
	return true;
}

/*
 * Where the end-of-contents of an indefinite body is: *n bytes on.  Elements
 * of definite length are jumped over, so only open ones are counted.
 */
static bool
find_end(
    const struct mc_ber *body, const char *what, size_t *n, struct mc_err *e)
{
	unsigned open = 1;
	struct header h;
	size_t at = 0;

	for (size_t elements = 0;; elements++) {
		if (elements == MC_BER_ELEMENTS)
			return mc_fail(e, MC_MALFORMED,
			    "%s: more than %d elements", what, MC_BER_ELEMENTS);
		if (!header_parse(body->p + at, body->len - at, &h, what, e))
			return false;
		if (h.tag == 0 && --open == 0)
			break;
		at += h.len + h.body;
		if (!h.indefinite)
			continue;
		if (body->depth + open++ > limit(body))
			return mc_fail(
			    e, MC_MALFORMED, "%s: nested too deep", what);
	}
	*n = at;
	return true;
}

bool
mc_ber_next(struct mc_ber *b, const char *what, struct mc_ber_item *out,
    struct mc_err *e)
{
	struct header h;
	struct mc_ber_item item;

	if (!header_parse(b->p, b->len, &h, what, e))
		return false;
	if (h.tag == 0)
		return mc_fail(e, MC_MALFORMED, "%s: tag zero", what);
	if (b->depth >= limit(b))
		return mc_fail(e, MC_MALFORMED, "%s: nested too deep", what);

	item = (struct mc_ber_item){ .tag = h.tag, .p = b->p };
	item.body.p = b->p + h.len;
	item.body.depth = b->depth + 1;
	item.body.file = b->file;
	item.body.len = h.body;
	item.len = h.len + h.body;
	if (h.indefinite) {
		item.body.len = b->len - h.len;
		if (!find_end(&item.body, what, &item.body.len, e))
			return false;
		item.len = h.len + item.body.len + 2;
	}
	b->p += item.len;
	b->len -= item.len;
	*out = item;
	return true;
}

bool
mc_ber_check(const struct mc_ber *b, const char *what, struct mc_err *e)
{
	struct mc_ber open[MC_BER_DEPTH_FILE + 1] = { *b };
	struct mc_ber_item item;
	size_t n = 1;

	/* a body is one deeper than where it was found, so n stays in bounds */
	while (n > 0) {
		if (open[n - 1].len == 0) {
			n--;
			continue;
		}
		if (!mc_ber_next(&open[n - 1], what, &item, e))
			return false;
		if (item.tag & MC_BER_CONSTRUCTED)
			open[n++] = item.body;
	}
	return true;
}

bool
mc_ber_done(const struct mc_ber *b)
{
	return b->len == 0;
}

bool
mc_ber_end(const struct mc_ber *b, const char *what, struct mc_err *e)
{
	return b->len == 0 ||
	    mc_fail(e, MC_MALFORMED, "%s: %zu bytes too many", what, b->len);
}

bool
mc_ber_is(const struct mc_ber *b, unsigned tag)
{
	return b->len > 0 && b->p[0] == tag;
}

static bool
wrong_tag(
    const struct mc_ber *b, unsigned tag, const char *what, struct mc_err *e)
{
	if (b->len == 0)
		return mc_fail(e, MC_MALFORMED, "%s: is missing", what);
	return mc_fail(e, MC_MALFORMED, "%s: tag %02x instead of %02x", what,
	    b->p[0], tag);
}

bool
mc_ber_expect(struct mc_ber *b, unsigned tag, const char *what,
    struct mc_ber *body, struct mc_err *e)
{
	struct mc_ber_item item;

	if (!mc_ber_is(b, tag))
		return wrong_tag(b, tag, what, e);
	if (!mc_ber_next(b, what, &item, e))
		return false;
	if (body)
		*body = item.body;
	return true;
}

bool
mc_ber_sequence_parse(const struct mc_buf *der, const char *what,
    struct mc_ber *body, struct mc_err *e)
{
	struct mc_ber b;

	mc_ber_init(&b, der->data, der->len);
	return mc_ber_check(&b, what, e) &&
	    mc_ber_expect(&b, MC_BER_SEQUENCE, what, body, e) &&
	    mc_ber_end(&b, what, e);
}

bool
mc_ber_uint(struct mc_ber *b, const char *what, unsigned *out, struct mc_err *e)
{
	struct mc_ber v;
	unsigned n = 0;

	if (!mc_ber_expect(b, MC_BER_INTEGER, what, &v, e))
		return false;
	if (v.len == 0 || v.len > 4 || v.p[0] & 0x80)
		return mc_fail(e, MC_MALFORMED, "%s: out of range", what);
	for (size_t i = 0; i < v.len; i++)
		n = n << 8 | v.p[i];
	*out = n;
	return true;
}

bool
mc_ber_null(struct mc_ber *b, const char *what, struct mc_err *e)
{
	struct mc_ber v;

	return mc_ber_expect(b, MC_BER_NULL, what, &v, e) &&
	    mc_ber_end(&v, what, e);
}

/* The segments of a constructed string, which may be constructed again. */
static bool
join(const struct mc_ber *body, const char *what, struct mc_buf *to,
    struct mc_err *e)
{
	struct mc_ber open[MC_BER_DEPTH_FILE + 1] = { *body };
	struct mc_ber_item item;
	size_t n = 1;

	while (n > 0) {
		if (open[n - 1].len == 0) {
			n--;
			continue;
		}
		if (!mc_ber_next(&open[n - 1], what, &item, e))
			return false;
		if (item.tag == (MC_BER_OCTETS | MC_BER_CONSTRUCTED))
			open[n++] = item.body;
		else if (item.tag != MC_BER_OCTETS)
			return mc_fail(e, MC_MALFORMED,
			    "%s: tag %02x in a string", what, item.tag);
		else if (!mc_buf_add(to, item.body.p, item.body.len, e))
			return mc_note(e, "%s", what);
	}
	return true;
}

bool
mc_ber_octets(struct mc_ber *b, unsigned tag, const char *what,
    struct mc_buf *to, struct mc_err *e)
{
	struct mc_ber body;

	if (mc_ber_is(b, tag | MC_BER_CONSTRUCTED))
		return mc_ber_expect(
			   b, tag | MC_BER_CONSTRUCTED, what, &body, e) &&
		    join(&body, what, to, e);
	return mc_ber_expect(b, tag, what, &body, e) &&
	    (mc_buf_add(to, body.p, body.len, e) || mc_note(e, "%s", what));
}

bool
mc_oid_equal(const struct mc_ber *body, const struct mc_oid *oid)
{
	return body->len == oid->len && memcmp(body->p, oid->b, oid->len) == 0;
}

bool
mc_ber_oid(struct mc_ber *b, const struct mc_oid *want, const char *what,
    struct mc_err *e)
{
	struct mc_ber body;

	if (!mc_ber_expect(b, MC_BER_OID, what, &body, e))
		return false;
	return mc_oid_equal(&body, want) ||
	    mc_fail(e, MC_MALFORMED, "%s: another object identifier", what);
}

bool
mc_ber_oid_of(struct mc_ber *b, const struct mc_oid *table, size_t n,
    const char *what, size_t *which, struct mc_err *e)
{
	struct mc_ber body;

	if (!mc_ber_expect(b, MC_BER_OID, what, &body, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!mc_oid_equal(&body, &table[i]))
			continue;
		*which = i;
		return true;
	}
	return mc_fail(e, MC_DENIED, "%s: not an allowed one", what);
}

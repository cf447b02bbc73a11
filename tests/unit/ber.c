/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "crypto/ber.h"

#include "tap.h"

static struct mc_err e;

/* A cursor over a string literal's bytes. */
#define OVER(b, s) mc_ber_init(&(b), (s), sizeof(s) - 1)

static bool
check(const void *p, size_t len)
{
	struct mc_ber b;

	mc_ber_init(&b, p, len);
	return mc_ber_check(&b, "x", &e);
}
#define CHECK(s) check((s), sizeof(s) - 1)

static void
lengths(void)
{
	struct mc_ber_item item;
	struct mc_ber b;

	OVER(b, "\x04\x02hi\x05");
	ok(mc_ber_next(&b, "x", &item, &e) && item.tag == MC_BER_OCTETS &&
	    item.len == 4 && item.body.len == 2 && item.body.p[1] == 'i');
	ok(!mc_ber_done(&b) && !mc_ber_end(&b, "top", &e) &&
	    e.code == MC_MALFORMED &&
	    strcmp(e.text, "top: 1 bytes too many") == 0);
	ok(!mc_ber_next(&b, "x", &item, &e) && b.len == 1);
	ok(strcmp(e.text, "x: cut short") == 0);

	/* BER may write a length longer than it needs to */
	OVER(b, "\x04\x84\x00\x00\x00\x01z");
	ok(mc_ber_next(&b, "x", &item, &e) && item.body.len == 1 &&
	    item.len == 7 && mc_ber_end(&b, "x", &e));
	ok(CHECK("\x04\x81\x02hi"));
	ok(!CHECK("\x04\x85\x00\x00\x00\x00\x01z"));
	ok(strcmp(e.text, "x: length of 5 bytes") == 0);
	ok(!CHECK("\x04\xff\x01z"));
	ok(!CHECK("\x04\x84\xff\xff\xff\xffz"));
	ok(!CHECK("\x04\x84\x00\x00"));
	OVER(b, "\x04\x03hi");
	ok(!mc_ber_next(&b, "x", &item, &e) && b.len == 4);
	ok(!CHECK("\x30\x02\x04\x01"));
	ok(!CHECK("\x1f\x01z") && strcmp(e.text, "x: tag number over 30") == 0);
	ok(!CHECK("\x3f\x80\x00\x00"));
	ok(!CHECK("\x00\x00") && strcmp(e.text, "x: tag zero") == 0);
	ok(!CHECK("\x00\x01z"));
	ok(!CHECK("\x30\x02\x00\x00"));
	ok(CHECK(""));
	ok(CHECK("\x30\x00\x05\x00"));
}

/* all is "p" of n octets */
static bool
whole(const char *p, size_t n, size_t body)
{
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_ber b;

	return mc_buf_add(&der, p, n, &e) &&
	    mc_ber_sequence_parse(&der, "x", NULL, &e) &&
	    mc_ber_sequence_parse(&der, "x", &b, &e) && b.len == body;
}

static void
sequences(void)
{
	char deep[4 * MC_BER_DEPTH];

	ok(whole("0\0", 2, 0));
	ok(whole("0\3\2\1\7", 5, 3));
	ok(whole("0\x81\3\2\1\7", 6, 3));
	ok(!whole("", 0, 0) && !whole("0", 1, 0) && !whole("0\1", 2, 1));
	ok(!whole("0\3\2\1\7", 4, 3));
	ok(!whole("0\0\5\0", 4, 0) &&
	    strcmp(e.text, "x: 2 bytes too many") == 0);
	ok(!whole("1\0", 2, 0) &&
	    strcmp(e.text, "x: tag 31 instead of 30") == 0);
	/* what is in it is looked into */
	ok(!whole("0\4\x30\3\2\1", 6, 4));
	for (size_t i = 0; i < sizeof(deep); i += 2) {
		deep[i] = '0';
		deep[i + 1] = (char)(sizeof(deep) - i - 2);
	}
	ok(!whole(deep, sizeof(deep), sizeof(deep) - 2) &&
	    strcmp(e.text, "x: nested too deep") == 0);
}

static void
indefinite(void)
{
	struct mc_ber_item item;
	struct mc_ber b;
	struct mc_ber in;

	OVER(b, "\x30\x80\x04\x01z\x30\x80\x05\x00\x00\x00\x00\x00\x05\x00");
	ok(mc_ber_next(&b, "x", &item, &e) && item.len == 13 &&
	    item.body.len == 9);
	in = item.body;
	ok(mc_ber_expect(&in, MC_BER_OCTETS, "x", NULL, &e));
	ok(mc_ber_expect(&in, MC_BER_SEQUENCE, "x", &in, &e) &&
	    mc_ber_null(&in, "x", &e) && mc_ber_end(&in, "x", &e));
	ok(mc_ber_null(&b, "x", &e) && mc_ber_end(&b, "x", &e));
	ok(CHECK("\x30\x80\x00\x00"));
	ok(!CHECK("\x30\x80\x05\x00"));
	ok(!CHECK("\x30\x80\x05\x00\x00"));
	ok(!CHECK("\x30\x80\x00\x01z\x00\x00"));
	ok(!CHECK("\x04\x80\x00\x00") &&
	    strcmp(e.text, "x: primitive of no length") == 0);
	/* an end-of-contents does not end what has a length */
	ok(!CHECK("\x30\x80\x30\x02\x00\x00\x00\x00"));
}

/* n sequences in each other, of definite or indefinite length. */
static bool
nest_in(unsigned n, bool definite, bool file)
{
	uint8_t m[4 * 64];
	size_t len = 0;
	struct mc_ber b;

	for (unsigned i = 0; i < n; i++) {
		m[len++] = 0x30;
		m[len++] = definite ? (uint8_t)(2 * (n - 1 - i)) : 0x80;
	}
	for (unsigned i = 0; i < n && !definite; i++) {
		m[len++] = 0;
		m[len++] = 0;
	}
	mc_ber_init(&b, m, len);
	b.file = file;
	return mc_ber_check(&b, "x", &e);
}

static bool
nest(unsigned n, bool definite)
{
	return nest_in(n, definite, false);
}

static void
depth(void)
{
	static uint8_t deep[1 << 20];

	ok(nest(MC_BER_DEPTH, true));
	ok(!nest(MC_BER_DEPTH + 1, true));
	ok(strcmp(e.text, "x: nested too deep") == 0);
	ok(nest(MC_BER_DEPTH, false));
	ok(!nest(MC_BER_DEPTH + 1, false));
	ok(strcmp(e.text, "x: nested too deep") == 0);
	for (int definite = 0; definite < 2; definite++) {
		ok(nest_in(MC_BER_DEPTH_FILE, definite, true));
		ok(!nest_in(MC_BER_DEPTH_FILE + 1, definite, true));
		ok(strcmp(e.text, "x: nested too deep") == 0);
	}
	for (size_t i = 0; i < sizeof(deep); i += 2) {
		deep[i] = 0x30;
		deep[i + 1] = 0x80;
	}
	ok(!check(deep, sizeof(deep)));
}

static bool
octets(const void *p, size_t len, unsigned tag, const char *want)
{
	AUTO_BUF to = MC_BUF_INIT;
	struct mc_ber b;

	mc_ber_init(&b, p, len);
	return mc_ber_octets(&b, tag, "s", &to, &e) &&
	    mc_ber_end(&b, "s", &e) && mc_buf_is(&to, want);
}
#define OCTETS(s, tag, want) octets((s), sizeof(s) - 1, (tag), (want))

static void
strings(void)
{
	ok(OCTETS("\x04\x02hi", MC_BER_OCTETS, "hi"));
	ok(OCTETS("\x04\x00", MC_BER_OCTETS, ""));
	ok(OCTETS(
	    "\x24\x80\x04\x01h\x04\x00\x04\x01i\x00\x00", MC_BER_OCTETS, "hi"));
	ok(!OCTETS("\x24\x09\x24\x04\x04\x02he\xa4", MC_BER_OCTETS, ""));
	ok(OCTETS(
	    "\x24\x0a\x24\x05\x04\x03hel\x04\x01o", MC_BER_OCTETS, "helo"));
	ok(OCTETS(
	    "\xa0\x06\x04\x01h\x04\x01i", MC_BER_CONTEXT_PRIMITIVE(0), "hi"));
	ok(OCTETS("\x80\x02hi", MC_BER_CONTEXT_PRIMITIVE(0), "hi"));
	ok(OCTETS("\x24\x00", MC_BER_OCTETS, ""));
	/* segments keep the universal tag, and are strings */
	ok(!OCTETS("\xa0\x03\x80\x01h", MC_BER_CONTEXT_PRIMITIVE(0), "h"));
	ok(!OCTETS("\x24\x03\x0c\x01h", MC_BER_OCTETS, "h"));
	ok(strcmp(e.text, "s: tag 0c in a string") == 0);
	ok(!OCTETS("\x81\x02hi", MC_BER_CONTEXT_PRIMITIVE(0), "hi"));
	ok(strcmp(e.text, "s: tag 81 instead of 80") == 0);
	ok(!OCTETS("", MC_BER_OCTETS, ""));
	ok(strcmp(e.text, "s: is missing") == 0);
}

static bool
number(const void *p, size_t len, unsigned want)
{
	struct mc_ber b;
	unsigned n;

	mc_ber_init(&b, p, len);
	return mc_ber_uint(&b, "n", &n, &e) && mc_ber_end(&b, "n", &e) &&
	    n == want;
}
#define NUMBER(s, want) number((s), sizeof(s) - 1, (want))

static void
numbers(void)
{
	ok(NUMBER("\x02\x01\x00", 0));
	ok(NUMBER("\x02\x01\x7f", 127));
	ok(NUMBER("\x02\x02\x00\x80", 128));
	ok(NUMBER("\x02\x04\x7f\xff\xff\xff", 0x7fffffff));
	ok(!NUMBER("\x02\x01\x80", 128));
	ok(!NUMBER("\x02\x05\x00\xff\xff\xff\xff", 0xffffffff));
	ok(!NUMBER("\x02\x00", 0));
	ok(!NUMBER("\x0a\x01\x01", 1));
}

static void
identifiers(void)
{
	static const struct mc_oid table[] = {
		{ 3, { 0x55, 0x04, 0x03 } },
		{ 3, { 0x55, 0x04, 0x0a } },
	};
	struct mc_ber b;
	size_t which = 9;

	OVER(b, "\x06\x03\x55\x04\x0a\x06\x03\x55\x04\x03");
	ok(mc_ber_oid_of(&b, table, 2, "o", &which, &e) && which == 1);
	ok(mc_ber_oid(&b, &table[0], "o", &e) && mc_ber_done(&b));
	OVER(b, "\x06\x03\x55\x04\x0b");
	ok(!mc_ber_oid_of(&b, table, 2, "o", &which, &e) &&
	    e.code == MC_DENIED && which == 1);
	OVER(b, "\x06\x03\x55\x04\x0b");
	ok(!mc_ber_oid(&b, &table[0], "o", &e) && e.code == MC_MALFORMED);
	/* a prefix is another one */
	OVER(b, "\x06\x02\x55\x04");
	ok(!mc_ber_oid(&b, &table[0], "o", &e));
	OVER(b, "\x06\x04\x55\x04\x03\x00");
	ok(!mc_ber_oid(&b, &table[0], "o", &e));
	OVER(b, "\x05\x01\x00");
	ok(!mc_ber_null(&b, "null", &e));
}

/* NULLs in a body of indefinite length: as many as are let pass, and one more.
 */
static void
elements(void)
{
	for (size_t more = 0; more < 2; more++) {
		size_t n = MC_BER_ELEMENTS - 1 + more;
		uint8_t *p = calloc(n + 2, 2);
		struct mc_ber_item item;
		struct mc_ber b;

		ok(p != NULL);
		p[0] = 0x30;
		p[1] = 0x80;
		for (size_t i = 1; i <= n; i++)
			p[2 * i] = 0x05;
		mc_ber_init(&b, p, 2 * (n + 2));
		ok(mc_ber_next(&b, "x", &item, &e) == (more == 0));
		ok(!more ||
		    strcmp(e.text, "x: more than 1000000 elements") == 0);
		free(p);
	}
}

int
main(void)
{
	lengths();
	sequences();
	indefinite();
	depth();
	elements();
	strings();
	numbers();
	identifiers();
	return done();
}

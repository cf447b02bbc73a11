/* SPDX-License-Identifier: ISC */
/* Binary plists: what others write, and what hostile ones hold. */
#include <sys/resource.h>
#include <time.h>

#include "tool.h"

#include "plist_help.h"
#include "tap.h"

/* One object of a file made by hand. */
struct part {
	const char *b;
	size_t n;
};
#define B(s)                                                                   \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}

static void
add(struct mc_buf *b, const void *p, size_t n)
{
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(b, p, n, &e))
		abort();
}

static void
trailer_add(struct mc_buf *b, uint8_t offset_size, uint8_t ref_size,
    uint64_t objects, uint64_t top, uint64_t table)
{
	const uint64_t numbers[] = { objects, top, table };
	uint8_t t[32] = { 0 };

	t[6] = offset_size;
	t[7] = ref_size;
	for (size_t i = 0; i < 24; i++)
		t[8 + i] = (uint8_t)(numbers[i / 8] >> (56 - i % 8 * 8));
	add(b, t, sizeof(t));
}

/* The objects, the first one on top, each number one byte. */
static void
make(struct mc_buf *b, const struct part *v, size_t n)
{
	uint8_t offsets[256];
	size_t table;

	add(b, "bplist00", 8);
	for (size_t i = 0; i < n; i++) {
		offsets[i] = (uint8_t)b->len;
		add(b, v[i].b, v[i].n);
	}
	table = b->len;
	add(b, offsets, n);
	trailer_add(b, 1, 1, n, 0, table);
}

static bool
on_fault(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	(void)e;
	if (at.line || at.column)
		abort();
	snprintf(ctx, 200, "%d [%s] %s", (int)fault, path, text);
	return true;
}

static mc_plist *
read_binary(const struct mc_buf *b, char *fault)
{
	struct mc_plist_reading how = { .fault = fault ? on_fault : NULL,
		.ctx = fault };
	struct mc_err e = MC_ERR_INIT;
	mc_plist *p = NULL;

	if (mc_plist_read(b, &how, &p, &e) != (p != NULL) ||
	    (!p && e.code != MC_MALFORMED))
		abort();
	snprintf(said, sizeof(said), "%s", e.text);
	return p;
}

static bool
said_is(const char *want)
{
	if (strcmp(said, want) == 0)
		return true;
	printf("# want %s\n# have %s\n", want, said);
	return false;
}

static bool
refused(const struct mc_buf *b, const char *why)
{
	AUTO(mc_plist) *p = read_binary(b, NULL);

	return !p && said_is(why);
}

/* An array of one object: refused, and why. */
static bool
bad_object(const char *object, size_t n, const char *why)
{
	const struct part v[] = { B("\xa1\x01"), { object, n } };
	AUTO_BUF b = MC_BUF_INIT;

	make(&b, v, 2);
	return refused(&b, why);
}
#define bad(object, why) bad_object(object, sizeof(object) - 1, why)

/* An array of one object: a fault, if any, and the tree of xml. */
static bool
read_object(const char *object, size_t n, const char *want, const char *xml)
{
	const struct part v[] = { B("\xa1\x01"), { object, n } };
	char fault[200] = "";
	AUTO_BUF b = MC_BUF_INIT;
	AUTO_BUF one = MC_BUF_INIT;
	AUTO_BUF two = MC_BUF_INIT;
	AUTO(mc_plist) *p = NULL;
	AUTO(mc_plist) *q = parse(xml);
	AUTO(mc_plist) *strict = NULL;
	struct mc_err e = MC_ERR_INIT;

	make(&b, v, 2);
	p = read_binary(&b, fault);
	strict = read_binary(&b, NULL);
	if (strcmp(fault, want) != 0)
		printf("# want %s\n# have %s\n", want, fault);
	return p && q && strcmp(fault, want) == 0 && !strict == (*want != 0) &&
	    mc_plist_encode(p, &one, &e) && mc_plist_encode(q, &two, &e) &&
	    mc_buf_is(&one, mc_buf_str(&two));
}
#define good(object, xml)                                                      \
	read_object(object, sizeof(object) - 1, "", P("<array>" xml "</array>"))
#define faulty(object, fault, xml)                                             \
	read_object(                                                           \
	    object, sizeof(object) - 1, fault, P("<array>" xml "</array>"))

static void
objects(void)
{
	ok(good("\x08", "<false/>") && good("\x09", "<true/>"));
	ok(good("\x10\xff", "<integer>255</integer>"));
	ok(good("\x11\xff\xff", "<integer>65535</integer>"));
	ok(good("\x12\xff\xff\xff\xff", "<integer>4294967295</integer>"));
	ok(good(
	    "\x13\xff\xff\xff\xff\xff\xff\xff\xfe", "<integer>-2</integer>"));
	ok(good("\x14\0\0\0\0\0\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
	    "<integer>9223372036854775807</integer>"));
	ok(good("\x14\xff\xff\xff\xff\xff\xff\xff\xff\x80\0\0\0\0\0\0\0",
	    "<integer>-9223372036854775808</integer>"));
	ok(faulty("\x14\0\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\0",
	    "4 [[0]] offset 10: an integer of more than 63 bits",
	    "<integer>9223372036854775807</integer>"));
	ok(bad("\x14\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0",
	    "offset 10: an integer of more than 64 bits"));
	ok(good("\x22\x3f\x80\0\0", "<real>1</real>"));
	ok(good("\x23\xbf\xe0\0\0\0\0\0\0", "<real>-0.5</real>"));
	ok(faulty("\x23\x7f\xf0\0\0\0\0\0\0",
	    "5 [[0]] offset 10: a real that is not finite", "<real>0</real>"));
	ok(good(
	    "\x33\xbf\xe0\0\0\0\0\0\0", "<date>2000-12-31T23:59:59Z</date>"));
	ok(faulty("\x33\x7f\xe0\0\0\0\0\0\0",
	    "6 [[0]] offset 10: want a date of " MC_PLIST_DATES,
	    "<date>2069-01-19T03:14:07Z</date>"));
	ok(faulty("\x33\x7f\xf8\0\0\0\0\0\0",
	    "6 [[0]] offset 10: want a date of " MC_PLIST_DATES,
	    "<date>1970-01-01T00:00:00Z</date>"));
	ok(good("\x40", "<data></data>") &&
	    good("\x43\0\xff\x01", "<data>AP8B</data>"));
	ok(good("\x50", "<string></string>") &&
	    good("\x5f\x10\x01x", "<string>x</string>"));
	ok(good("\x64\0\xe9\x20\xac\xd8\x3d\xde\0",
	    "<string>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80</string>"));
	ok(good("\xa0", "<array/>") && good("\xd0", "<dict/>"));
}

static void
refusals(void)
{
	ok(bad("\x00", "offset 10: null, which no profile has"));
	ok(bad("\x0f", "offset 10: no object of a plist"));
	ok(bad("\x80\x01", "offset 10: a UID, which no profile has"));
	ok(bad("\xc0", "offset 10: a set, which no profile has"));
	ok(bad("\xb0", "offset 10: a set, which no profile has"));
	ok(bad("\x70", "offset 10: no object of a plist"));
	ok(bad("\xe0", "offset 10: no object of a plist"));
	ok(bad("\x15", "offset 10: cut off") &&
	    bad("\x12\0", "offset 10: cut off"));
	ok(bad("\x24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	    "offset 10: a real of neither 4 nor 8 bytes"));
	ok(bad("\x32\0\0\0\0", "offset 10: a date of other than 8 bytes"));
	ok(bad("\x52\x41", "offset 10: cut off"));
	ok(bad("\x5f", "offset 10: its length is no number"));
	ok(bad("\x5f\x50", "offset 10: its length is no number"));
	ok(bad("\x5f\x13\xff", "offset 10: cut off"));
	ok(bad(
	    "\x6f\x13\xff\xff\xff\xff\xff\xff\xff\xff", "offset 10: cut off"));
	ok(bad("\xdf\x13\x80\0\0\0\0\0\0\0", "offset 10: cut off"));
	ok(bad("\x62\0\x41\0", "offset 10: cut off"));
	ok(bad("\xa2\x01", "offset 10: cut off"));
	ok(bad("\xd2\x01\x01\x01", "offset 10: cut off"));
	ok(bad("\x62\xdc\0\xdc\0", "offset 10: UTF-16 with half a character"));
	ok(bad("\x51\x80", "offset 10: ASCII that is none"));
	ok(bad("\x51\0", "offset 10: text with a character that XML has not"));
	ok(bad(
	    "\x51\x1b", "offset 10: text with a character that XML has not"));
	ok(bad("\x61\xd8\0", "offset 10: UTF-16 with half a character"));
	ok(bad("\x62\xd8\0\0\x41", "offset 10: UTF-16 with half a character"));
	ok(bad("\x61\xdc\0", "offset 10: UTF-16 with half a character"));
	ok(bad("\xa1\x00", "offset 8: it holds itself"));
	ok(bad("\xa1\x02", "binary plist: object 2 is not there"));
	ok(bad("\xd1\x01\x00", "offset 10: a key that is no string"));
}

/* A key again: the first one counts, in a binary plist. */
static void
keys(void)
{
	static const struct part v[] = { B("\xd3\x01\x02\x01\x03\x04\x05"),
		B("\x51k"), B("\x51l"), B("\x10\x01"), B("\x10\x02"),
		B("\x10\x03") };
	AUTO_BUF b = MC_BUF_INIT;
	char fault[200] = "";
	AUTO(mc_plist) *p = NULL;
	int64_t n = 0;

	make(&b, v, 6);
	p = read_binary(&b, fault);
	ok(p && mc_plist_len(p) == 2 &&
	    mc_plist_int(mc_plist_get(p, "k"), &n) && n == 1);
	ok(strcmp(fault, "0 [k] key \"k\" is there twice") == 0);
	ok(refused(&b, "offset 15: key \"k\" is there twice"));
}

static void
trailers(void)
{
	static const struct {
		uint8_t offset_size, ref_size;
		uint64_t objects, top, table;
		const char *why;
	} bads[] = {
		{ 0, 1, 1, 0, 9,
		    "binary plist: numbers of 0 and 1 bytes; want 1 to 8" },
		{ 1, 9, 1, 0, 9,
		    "binary plist: numbers of 1 and 9 bytes; want 1 to 8" },
		{ 1, 1, 0, 0, 9,
		    "binary plist: its top is none of its objects" },
		{ 1, 1, 1, 1, 9,
		    "binary plist: its top is none of its objects" },
		{ 1, 1, 2, 0, 9,
		    "binary plist: its table of objects is not where it says" },
		{ 1, 1, 1, 0, 8,
		    "binary plist: its table of objects is not where it says" },
		{ 1, 1, 1, 0, UINT64_MAX,
		    "binary plist: its table of objects is not where it says" },
		{ 8, 1, UINT64_C(1) << 61, 0, 10,
		    "binary plist: its table of objects is not where it says" },
	};
	AUTO_BUF b = MC_BUF_INIT;

	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		mc_buf_clear(&b);
		add(&b, "bplist00\x09\x08", 10);
		trailer_add(&b, bads[i].offset_size, bads[i].ref_size,
		    bads[i].objects, bads[i].top, bads[i].table);
		ok(refused(&b, bads[i].why));
	}
	mc_buf_clear(&b);
	add(&b, "bplist00\x09\x07", 10);
	trailer_add(&b, 1, 1, 1, 0, 9);
	ok(refused(&b, "offset 7: where no object can be"));
	mc_buf_clear(&b);
	add(&b, "bplist00", 8);
	ok(refused(&b, "binary plist: want version 00, and all of it"));
	mc_buf_clear(&b);
	add(&b, "bplist15\x09\x08", 10);
	trailer_add(&b, 1, 1, 1, 0, 9);
	ok(refused(&b, "binary plist: want version 00, and all of it"));
}

/* Each array holds the next one many times: libplist needs 8 GB for it. */
static void
bomb(void)
{
	struct part v[10];
	char bodies[9][15];
	AUTO_BUF b = MC_BUF_INIT;
	struct rusage before, after;
	clock_t t = clock();

	for (size_t i = 0; i < 9; i++) {
		bodies[i][0] = '\xae';
		memset(bodies[i] + 1, (int)i + 1, 14);
		v[i] = (struct part){ bodies[i], sizeof(bodies[i]) };
	}
	v[9] = (struct part)B("\x08");
	make(&b, v, 10);
	getrusage(RUSAGE_SELF, &before);
	ok(refused(&b, "offset 143: more than 200000 values"));
	getrusage(RUSAGE_SELF, &after);
	ok((double)(clock() - t) / CLOCKS_PER_SEC < 2);
	/* kilobytes; a sanitizer has more of its own */
#ifndef MC_SANITIZE
	ok(after.ru_maxrss - before.ru_maxrss < 64 << 10);
#endif
	printf("# %zu bytes, %.3f s, %ld KB\n", b.len,
	    (double)(clock() - t) / CLOCKS_PER_SEC,
	    after.ru_maxrss - before.ru_maxrss);
}

/* One string of 100 KB, a thousand times. */
static void
large(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	AUTO_BUF ones = MC_BUF_INIT;
	size_t string;

	add(&b, "bplist00", 8);
	add(&b, "\xaf\x11\x03\xe8", 4);
	for (int i = 0; i < 1000; i++)
		add(&b, "\x01", 1);
	string = b.len;
	add(&b, "\x5f\x12\x00\x01\x86\xa0", 6);
	for (int i = 0; i < 1000; i++)
		add(&b,
		    "0123456789012345678901234567890123456789012345678901"
		    "234567890123456789012345678901234567890123456789",
		    100);
	add(&ones, (uint8_t[]){ 0, 8, (uint8_t)(string >> 8), (uint8_t)string },
	    4);
	string = b.len;
	add(&b, ones.data, 4);
	trailer_add(&b, 2, 1, 2, 0, string);
	ok(refused(&b,
	    "binary plist: more than 16777216 bytes of text and data in all"));
}

/* Nested as deep as may be, and one more. */
static void
deep(void)
{
	for (size_t n = 64; n <= 65; n++) {
		char bodies[70][2];
		struct part v[70];
		AUTO_BUF b = MC_BUF_INIT;
		AUTO(mc_plist) *p = NULL;

		for (size_t i = 0; i < n; i++) {
			bodies[i][0] = i + 1 < n ? '\xa1' : '\xa0';
			bodies[i][1] = (char)(i + 1);
			v[i] = (struct part){ bodies[i], 2 };
		}
		make(&b, v, n);
		p = read_binary(&b, NULL);
		ok(n == 64 ? p != NULL
			   : !p &&
			    said_is("offset 136: nested more than 64 deep"));
	}
}

static bool
same_as_xml(const char *name)
{
	AUTO_BUF binary = MC_BUF_INIT;
	AUTO_BUF xml = MC_BUF_INIT;
	AUTO_BUF one = MC_BUF_INIT;
	AUTO_BUF two = MC_BUF_INIT;
	AUTO(mc_plist) *p = NULL;
	AUTO(mc_plist) *q = NULL;
	struct mc_err e = MC_ERR_INIT;
	char file[40];

	snprintf(file, sizeof(file), "%s.bin", name);
	if (!mc_file_load(file, &binary, &e))
		return false;
	snprintf(file, sizeof(file), "%s.xml", name);
	if (mc_file_load(file, &xml, &e) &&
	    mc_plist_read(&binary, NULL, &p, &e) &&
	    mc_plist_read(&xml, NULL, &q, &e) && mc_plist_encode(p, &one, &e) &&
	    mc_plist_encode(q, &two, &e) && one.len > 150 &&
	    mc_buf_is(&one, mc_buf_str(&two)))
		return true;
	printf("# %s: %s\n", name, e.text);
	return false;
}

/* What Python writes, in both forms. */
static void
interop(void)
{
	static const char script[] =
	    "import plistlib, random, datetime\n"
	    "random.seed(4)\n"
	    "def value(depth):\n"
	    "    kind = random.randrange(9 if depth < 6 else 7)\n"
	    "    if kind == 0: return random.random() < .5\n"
	    "    if kind == 1: return random.choice([0, 1, 255, 256, 65535,\n"
	    "        65536, 2**31, 2**32, 2**63 - 1, -1, -2**63, -128])\n"
	    "    if kind == 2: return random.choice([0.0, 1.5, -2.25, 1e300])\n"
	    "    if kind == 3: return datetime.datetime(\n"
	    "        random.randrange(1933, 2069), random.randrange(1, 13), "
	    "28,\n"
	    "        random.randrange(24), 59, random.randrange(60))\n"
	    "    if kind == 4: return bytes(random.randrange(256)\n"
	    "        for i in range(random.randrange(40)))\n"
	    "    if kind == 5: return 'x' * random.randrange(400)\n"
	    "    if kind == 6: return random.choice(['', 'a&b', "
	    "'Schl\\u00fcssel',\n"
	    "        '\\u20ac', '\\U0001f600', 'line\\nline\\ttab'])\n"
	    "    n = random.randrange(20)\n"
	    "    if kind == 7: return [value(depth + 1) for i in range(n)]\n"
	    "    return {random.choice(['k', '\\u00e9']) + str(i):\n"
	    "        value(depth + 1) for i in range(n)}\n"
	    "for i in range(40):\n"
	    "    v = {'a': value(1), 'b': [value(1) for j in range(20)]}\n"
	    "    for name, f in (('bin', plistlib.FMT_BINARY),\n"
	    "            ('xml', plistlib.FMT_XML)):\n"
	    "        with open('%d.%s' % (i, name), 'wb') as to:\n"
	    "            plistlib.dump(v, to, fmt=f, sort_keys=False)\n";
	AUTO_BUF py = MC_BUF_INIT;
	AUTO_BUF says = MC_BUF_INIT;

	add(&py, script, strlen(script));
	ok(save("write.py", &py) && tool(&says, "python3 write.py") == 0);
	for (int i = 0; i < 40; i++) {
		char name[12];

		snprintf(name, sizeof(name), "%d", i);
		ok(same_as_xml(name));
	}
}

int
main(void)
{
	tool_init();
	objects();
	refusals();
	keys();
	trailers();
	bomb();
	large();
	deep();
	interop();
	tool_done();
	return done();
}

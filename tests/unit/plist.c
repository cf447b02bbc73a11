/* SPDX-License-Identifier: ISC */
#include "plist/plist.h"

#include <locale.h>
#include <time.h>

#include "plist_help.h"
#include "tap.h"

static bool
refused(const char *s, const char *why)
{
	AUTO(mc_plist) *p = parse(s);

	if (!p && strcmp(said, why) == 0)
		return true;
	printf("# want %s\n# have %s\n", why, p ? "no refusal" : said);
	return false;
}

static bool
is_str(const char *s, const char *want)
{
	AUTO(mc_plist) *p = parse(s);

	return p && mc_plist_str(p) && strcmp(mc_plist_str(p), want) == 0;
}

/* before, then n times unit, then after. */
static char *
repeat(const char *before, const char *unit, size_t n, const char *after)
{
	size_t len = strlen(unit);
	char *s = malloc(strlen(before) + n * len + strlen(after) + 1);
	char *p = s;

	if (!s)
		abort();
	p = stpcpy(p, before);
	while (n-- > 0)
		p = stpcpy(p, unit);
	strcpy(p, after);
	return s;
}

static double
seconds_since(clock_t t)
{
	return (double)(clock() - t) / CLOCKS_PER_SEC;
}

static void
values(void)
{
	AUTO(mc_plist) *p = parse(
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?>" DOCTYPE P(
		"<!-- c "
		"--><dict><key>s</key><string>a&amp;<![CDATA[<b>]]>&#xe9;"
		"</string><key>i</key><integer>-7</integer>"
		"<key>r</key><real>1.5</real><key>t</key><true/>"
		"<key>f</key><false></false>"
		"<key>d</key><date>2001-01-01T00:00:01Z</date>"
		"<key>b</key><data> AAEC\n\tAw== </data>"
		"<key>a</key><array><string/><dict/></array></dict>") "\n<!-- "
								      "e "
								      "-->\n");
	const uint8_t *data;
	size_t len;
	int64_t n;
	double v;
	bool b;

	ok(p && mc_plist_type(p) == MC_PLIST_DICT && mc_plist_len(p) == 8);
	ok(strcmp(mc_plist_get_str(p, "s"), "a&<b>\xc3\xa9") == 0);
	ok(mc_plist_int(mc_plist_get(p, "i"), &n) && n == -7);
	ok(mc_plist_real(mc_plist_get(p, "r"), &v) && v > 1.4 && v < 1.6);
	ok(mc_plist_bool(mc_plist_get(p, "t"), &b) && b);
	ok(mc_plist_bool(mc_plist_get(p, "f"), &b) && !b);
	ok(mc_plist_date(mc_plist_get(p, "d"), &n) && n == 978307201);
	ok(mc_plist_data(mc_plist_get(p, "b"), &data, &len) && len == 4 &&
	    memcmp(data, "\0\1\2\3", 4) == 0);
	ok(mc_plist_len(mc_plist_get(p, "a")) == 2);
	ok(strcmp(mc_plist_str(mc_plist_at(mc_plist_get(p, "a"), 0)), "") == 0);
	ok(!mc_plist_at(mc_plist_get(p, "a"), 2) && !mc_plist_at(p, 0));
	ok(key_is(p, 0, "s") && key_is(p, 7, "a"));
	/* the wrong type is no value */
	ok(!mc_plist_get_str(p, "i") &&
	    !mc_plist_int(mc_plist_get(p, "s"), &n));
	ok(!mc_plist_date(mc_plist_get(p, "i"), &n));
	ok(!mc_plist_bool(NULL, &b) && !mc_plist_get(NULL, "x"));
	ok(is_str("\xef\xbb\xbf" P("<string>bom</string>"), "bom"));
	ok(is_str("<?xml version=\"1.0\"?><!DOCTYPE plist PUBLIC "
		  "\"-//Apple Computer//DTD PLIST 1.0//EN\" \"x\">" P(
		      "<string>old</string>"),
	    "old"));
	/* a line end in a file is LF, a written one is kept */
	ok(is_str(P("<string>a\r\nb&#13;c</string>"), "a\nb\rc"));
}

static void
refusals(void)
{
	ok(refused("", "1:1: is empty"));
	ok(refused("bplist00\xa0",
	    "1:1: is a binary plist; want XML (plutil -convert xml1)"));
	ok(refused("\x30\x82\x01\x01",
	    "1:1: is a signed or encrypted message (DER), not XML"));
	ok(refused("-----BEGIN PKCS7-----", "1:1: is PEM, not XML"));
	ok(refused("\xff\xfe<",
	    "1:1: holds a NUL byte or is UTF-16; want XML in UTF-8"));
	ok(refused("hello", "1:1: syntax error"));
	ok(refused(" ", "1:2: ends too early: </plist> is missing"));
	ok(refused("<plist version=\"1.0\"><dict>",
	    "1:28: ends too early: </plist> is missing"));
	ok(refused(
	    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" P("<true/>"),
	    "1:1: encoding ISO-8859-1: want UTF-8"));
	ok(refused(P(""), "1:22: <plist> holds no value"));
	ok(refused(
	    P("<true/><true/>"), "1:29: <true>: a second value in <plist>"));
	ok(refused(P("<true/>") "x", "1:37: junk after document element"));
	ok(refused(
	    P("<true/>") P("<true/>"), "1:37: junk after document element"));
	ok(refused(
	    "<dict/>", "1:1: want <plist version=\"1.0\"> here, not <dict>"));
	ok(refused(
	    "<plist><true/></plist>", "1:1: want <plist version=\"1.0\">"));
	ok(refused("<plist version=\"2.0\"><true/></plist>",
	    "1:1: want <plist version=\"1.0\">"));
	ok(refused("<plist version=\"1.0\" a=\"b\"><true/></plist>",
	    "1:1: want <plist version=\"1.0\">"));
	ok(refused(P(P("<true/>")), "1:22: <plist> inside <plist>"));
	ok(refused(
	    P("\n  <string id=\"x\"/>"), "2:3: <string>: want no attributes"));
	ok(refused(
	    P("<ustring/>"), "1:22: <ustring>: not an element of a plist"));
	ok(refused(P("<string><b/></string>"),
	    "1:30: <b>: not an element of a plist's simple value"));
	ok(refused(P("<string>a<!-- -->b</string>"),
	    "1:31: a comment within <string>"));
	ok(refused(P("<?php x?><true/>"),
	    "1:22: <?php?>: want no processing instructions"));
	ok(refused(P("<true>x</true>"), "1:28: text outside of a value"));
	ok(refused(P("x<true/>"), "1:22: text outside of a value"));
	ok(refused(P("<key>a</key>"), "1:22: <key> outside of a dict"));
	ok(refused(
	    P("<array><key>a</key></array>"), "1:29: <key> outside of a dict"));
	ok(refused(
	    P("<dict><true/></dict>"), "1:28: <true>: want a <key> before it"));
	ok(refused(
	    P("<dict><key>a</key></dict>"), "1:40: key \"a\" has no value"));
	ok(refused(P("<dict><key>a</key><key>b</key></dict>"),
	    "1:40: <key>: the key before has no value"));
	ok(refused(P("<dict><key>a</key><true/>\n<key>a</key><true/></dict>"),
	    "2:1: key \"a\" is there twice"));
	ok(refused(P("<true></false>"), "1:30: mismatched tag"));
}

static void
strictness(void)
{
	static const char *const ints[] = { "", "-", "1.5", "0x10", " 1", "1 ",
		"1e3", "9223372036854775808", "-9223372036854775809", "1,0" };
	static const char *const reals[] = { "", ".", ".5", "5.", "nan", "inf",
		"0x1p3", "1e999", "1,5", " 1", "1e", "1e+" };
	static const char *const dates[] = { "", "2001-01-01",
		"2001-1-1T0:0:0Z", "2001-02-29T00:00:00Z",
		"2001-13-01T00:00:00Z", "2001-00-01T00:00:00Z",
		"2001-01-01T24:00:00Z", "2001-01-01T00:60:00Z",
		"2001-01-01T00:00:60Z", "2001-01-01T00:00:00",
		"2001-01-01 00:00:00Z", "0000-01-01T00:00:00Z",
		"2001-01-01T00:00:00+01", "1932-12-13T20:45:51Z",
		"2069-01-19T03:14:08Z" };
	static const char *const data[] = { "A", "AA", "AA=", "AAA",
		"A===", "AB==", "A=A=", "AAAA=", "AA-_", "AAAA*" };
	char s[200];

	for (size_t i = 0; i < sizeof(ints) / sizeof(*ints); i++) {
		snprintf(s, sizeof(s), P("<integer>%s</integer>"), ints[i]);
		ok(!parse(s));
	}
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
		snprintf(s, sizeof(s), P("<real>%s</real>"), reals[i]);
		ok(!parse(s));
	}
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		snprintf(s, sizeof(s), P("<date>%s</date>"), dates[i]);
		ok(!parse(s));
	}
	for (size_t i = 0; i < sizeof(data) / sizeof(*data); i++) {
		snprintf(s, sizeof(s), P("<data>%s</data>"), data[i]);
		ok(!parse(s));
	}
	ok(refused(P("\n<array>\n <integer>1x</integer></array>"),
	    "3:2: <integer>: want a decimal number of 64 bits, not \"1x\""));
	ok(refused(P("<date>now\n</date>"),
	    "1:22: <date>: want YYYY-MM-DDTHH:MM:SSZ, not \"now?\""));
	ok(refused(P("<date>9999-12-31T23:59:59Z</date>"),
	    "1:22: <date>: want a date of 1932-12-13T20:45:52Z to "
	    "2069-01-19T03:14:07Z, not \"9999-12-31T23:59:59Z\""));
	ok(refused(P("<date>1932-12-13T20:45:51Z</date>"),
	    "1:22: <date>: want a date of 1932-12-13T20:45:52Z to "
	    "2069-01-19T03:14:07Z, not \"1932-12-13T20:45:51Z\""));
	ok(refused(P("<data>A</data>"), "1:22: <data>: base64: bad length"));
}

/* The inputs of which libplist 2.2 makes a crash, a hang or a guess. */
static void
hostile(void)
{
	static const char with_nul[] = P("<string>a\0b</string>");
	char *s;
	clock_t t;
	AUTO(mc_plist) *amp = NULL;

	s = repeat("<plist version=\"1.0\">", "<array>", 175000, "");
	ok(refused(s, "1:470: nested more than 64 deep"));
	free(s);
	s = repeat("<plist version=\"1.0\"><string>", "&amp;", 1000000,
	    "</string></plist>");
	t = clock();
	amp = parse(s);
	ok(amp && strlen(mc_plist_str(amp)) == 1000000);
	ok(seconds_since(t) < 2);
	free(s);
	s = repeat("<plist version=\"1.0\"><array>", "<true/>", 200001,
	    "</array></plist>");
	ok(refused(s, "1:1400022: more than 200000 values"));
	free(s);
	ok(refused(P("<string>a & b</string>"), "1:32: a bare &: want &amp;"));
	ok(refused(
	    P("<string>R&D now</string>"), "1:31: a bare &: want &amp;"));
	ok(refused(P("<string>a < b</string>"), "1:32: a bare <: want &lt;"));
	ok(refused(P("<string>\x01</string>"),
	    "1:30: a control character, which XML has not"));
	ok(refused("\n<?xml version=\"1.0\"?><plist version=\"1.0\"/>",
	    "2:1: <?xml has to be the first in the file, without a blank or a "
	    "line before it"));
	ok(refused("<plist version=\"1.0\"><!-- x",
	    "1:22: ends too early: what begins here has no end"));
	ok(refused(" {\"a\": 1}",
	    "1:1: is JSON, or a plist of the old form; want a plist in XML"));
	ok(refused("\x89PNG\r\n", "1:1: is a PNG image; want a plist in XML"));
	ok(refused("%PDF-1.7", "1:1: is a PDF document; want a plist in XML"));
	ok(refused("PK\x03\x04", "1:1: is a zip archive; want a plist in XML"));
	ok(refused(P("<string>&#0;</string>"),
	    "1:30: reference to invalid character number"));
	ok(refused(P("<string>&#1;</string>"),
	    "1:30: reference to invalid character number"));
	ok(refused(P("<string>\xc3\x28</string>"),
	    "1:30: not UTF-8: want the file saved as UTF-8"));
	ok(refused(P("<string>\xed\xa0\x80</string>"),
	    "1:30: not UTF-8: want the file saved as UTF-8"));
	ok(!parse_bytes(with_nul, sizeof(with_nul) - 1, 8) &&
	    strcmp(said,
		"1:1: holds a NUL byte or is UTF-16; want XML in UTF-8") == 0);
	ok(refused(
	    "<!DOCTYPE plist [<!ENTITY a \"b\">]>" P("<string>&a;</string>"),
	    "1:17: DOCTYPE: want no declarations of its own"));
	ok(refused(
	    "<!DOCTYPE plist SYSTEM \"file:///etc/passwd\">" P("<true/>"),
	    "1:44: DOCTYPE: want Apple's \"-//Apple//DTD PLIST 1.0//EN\""));
	ok(refused(DOCTYPE P("<string>&a;</string>"),
	    "1:132: &a;: not one of XML's five entities"));
	ok(refused(P("<string>&a;</string>"), "1:30: undefined entity"));
	ok(refused(DOCTYPE "<plist version=\"1.0&a;\"><true/></plist>",
	    "1:103: want <plist version=\"1.0\">"));
	ok(refused(
	    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"x\" "
	    "[<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" P("<true/>"),
	    "1:58: DOCTYPE: want no declarations of its own"));
}

/* n keys that libplist's hash cannot tell apart, for "Ez" is as "FY" to it. */
static mc_plist *
colliding(int n)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool done = mc_buf_puts(&b, "<plist version=\"1.0\"><dict>", &e);

	for (int i = 0; i < n; i++) {
		done = done && mc_buf_puts(&b, "<key>", &e);
		for (int bit = 0; bit < 12; bit++)
			done = done &&
			    mc_buf_puts(&b, i >> bit & 1 ? "Ez" : "FY", &e);
		done = done && mc_buf_puts(&b, "</key><true/>\n", &e);
	}
	if (!done || !mc_buf_puts(&b, "</dict></plist>", &e))
		abort();
	return parse_bytes(b.data, b.len, 8);
}

/* A dict is as large as it may be, and no larger. */
static void
many_keys(void)
{
	clock_t t = clock();
	AUTO(mc_plist) *p = colliding(MC_PLIST_KEYS);
	AUTO(mc_plist) *q = colliding(MC_PLIST_KEYS + 1);

	ok(mc_plist_len(p) == MC_PLIST_KEYS);
	ok(mc_plist_get(p, "FYFYFYFYFYFYFYFYFYFYFYFY") &&
	    !mc_plist_get(p, "FYFYFYFYFYFYFYFYFYFYFYEz"));
	ok(!q && strcmp(said, "1025:1: more than 1024 keys in a dict") == 0);
	ok(seconds_since(t) < 1);
}

/* The longest walk, by index and step by step. */
static void
many_items(void)
{
	char *s = repeat("<plist version=\"1.0\"><array>", "<true/>", 199999,
	    "</array></plist>");
	clock_t t = clock();
	AUTO(mc_plist) *p = parse(s);
	AUTO_PLIST_ITER it = { .in = p };

	while (mc_plist_iter_next(&it))
		if (it.key || it.value != mc_plist_at(p, it.i))
			break;
	ok(!it.failed && it.next == 199999 && mc_plist_len(p) == 199999);
	ok(seconds_since(t) < 5);
	free(s);
}

int
main(void)
{
	setlocale(LC_ALL, "");
	values();
	refusals();
	strictness();
	hostile();
	many_keys();
	many_items();
	return done();
}

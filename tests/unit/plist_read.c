/* SPDX-License-Identifier: ISC */
/* Reading for tools that look: faults told, comments, places. */
#include <stdarg.h>
#include <time.h>

#include "plist/path.h"
#include "plist_help.h"
#include "tap.h"

/* What one reading told, a line each. */
struct told {
	char text[4096];
	bool stop;
};

static const char *const fault_names[] = {
	[MC_FAULT_DUPLICATE] = "duplicate",
	[MC_FAULT_DOCTYPE] = "doctype",
	[MC_FAULT_VERSION] = "version",
	[MC_FAULT_BLANKS] = "blanks",
	[MC_FAULT_INTEGER] = "integer",
	[MC_FAULT_REAL] = "real",
	[MC_FAULT_DATE] = "date",
	[MC_FAULT_BASE64] = "base64",
	[MC_FAULT_COMMENT] = "comment",
	[MC_FAULT_INSTRUCTION] = "instruction",
	[MC_FAULT_ATTRIBUTE] = "attribute",
	[MC_FAULT_TRAILING] = "trailing",
	[MC_FAULT_VALUE] = "value",
};

MC_PRINTF(2, 3)
static void
tell(struct told *told, const char *fmt, ...)
{
	size_t n = strlen(told->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(told->text + n, sizeof(told->text) - n, fmt, ap);
	va_end(ap);
}

static bool
on_fault(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	struct told *told = ctx;

	if (told->stop)
		return mc_fail(e, MC_DENIED, "enough");
	tell(told, "%u:%u %s [%s] %s\n", at.line, at.column, fault_names[fault],
	    path, text);
	return true;
}

static bool
on_comment(void *ctx, struct mc_place at, const char *text, struct mc_err *e)
{
	(void)e;
	tell(ctx, "%u:%u <!--%s-->\n", at.line, at.column, text);
	return true;
}

static struct mc_marks *marks;
static struct mc_place stopped;

static mc_plist *
look_bytes(const void *s, size_t n, struct told *told)
{
	struct mc_plist_reading how = { .fault = on_fault,
		.comment = on_comment,
		.ctx = told,
		.marks = &marks,
		.stopped = &stopped };
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	mc_plist *p = NULL;

	mc_marks_free(take(&marks));
	told->text[0] = '\0';
	if (!mc_buf_add(&b, s, n, &e))
		abort();
	if (mc_plist_read(&b, &how, &p, &e) != (p != NULL) ||
	    (marks != NULL) != (p != NULL))
		abort();
	if (p && (stopped.line || stopped.column))
		abort();
	/* the place is beside the message, not in it */
	if (stopped.line)
		snprintf(said, sizeof(said), "%u:%u: %s", stopped.line,
		    stopped.column, e.text);
	else
		snprintf(said, sizeof(said), "%s", e.text);
	return p;
}

static mc_plist *
look(const char *s, struct told *told)
{
	return look_bytes(s, strlen(s), told);
}

static bool
is(const char *have, const char *want)
{
	if (strcmp(have, want) == 0)
		return true;
	printf("# want %s\n# have %s\n", want, have);
	return false;
}

/* s is read with these faults, and the tree is what of is. */
static bool
tells(const char *s, const char *want, const char *of)
{
	struct told told = { .stop = false };
	AUTO(mc_plist) *p = look(s, &told);
	AUTO(mc_plist) *q = NULL;
	AUTO_BUF a = MC_BUF_INIT;
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!p || !is(told.text, want)) {
		printf("# %s\n", p ? "read" : said);
		return false;
	}
	q = parse(of);
	return q && mc_plist_encode(p, &a, &e) && mc_plist_encode(q, &b, &e) &&
	    is(mc_buf_str(&a), mc_buf_str(&b));
}

/* What is no fault at all. */
static void
harmless(void)
{
	static const char t[] = P("<true/>");

	ok(tells(P("<true/>"), "", t));
	ok(tells("\xef\xbb\xbf" P("<true/>"), "", t));
	ok(tells("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" DOCTYPE
		 "\r\n" P("\r\n<true/>\r\n") "\r\n",
	    "", t));
	ok(tells(
	    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
	    "\"https://www.apple.com/DTDs/PropertyList-1.0.dtd\">" P("<true/>"),
	    "", t));
	ok(tells("<!--a-->" P("<!-- b --><true/>\n<!---->") "<!--c-->",
	    "1:1 <!--a-->\n1:30 <!-- b -->\n2:1 <!---->\n2:16 <!--c-->\n", t));
	ok(tells(P("<dict><key>a</key><!-- x\ny --><true/></dict>"),
	    "1:40 <!-- x\ny -->\n", P("<dict><key>a</key><true/></dict>")));
}

static void
faults(void)
{
	ok(tells(P("<dict><key>a</key><dict/>\n<key>b</key><true/>"
		   "<key>a</key><integer>2</integer></dict>"),
	    "2:20 duplicate [a] key \"a\" is there twice\n",
	    P("<dict><key>a</key><integer>2</integer>"
	      "<key>b</key><true/></dict>")));
	ok(tells("<!DOCTYPE plist SYSTEM \"x\">" P("<true/>"),
	    "1:27 doctype [] DOCTYPE: want Apple's "
	    "\"-//Apple//DTD PLIST 1.0//EN\"\n",
	    P("<true/>")));
	ok(tells("<plist><true/></plist>",
	    "1:1 version [] want <plist version=\"1.0\">\n", P("<true/>")));
	ok(tells("<dict/>",
	    "1:1 version [] want <plist version=\"1.0\"> here, not <dict>\n",
	    P("<dict/>")));
	ok(tells(P("<string id=\"x\">a</string>"),
	    "1:22 attribute [] <string>: want no attributes\n",
	    P("<string>a</string>")));
	ok(tells(P("<?php x?><array><?php y?><true/></array>"),
	    "1:22 instruction [] <?php?>: want no processing instructions\n"
	    "1:38 instruction [[0]] <?php?>: want no processing "
	    "instructions\n",
	    P("<array><true/></array>")));
	ok(tells(P("<string>a<!-- x -->b</string>"),
	    "1:31 comment [] a comment within <string>\n",
	    P("<string>ab</string>")));
	/* and a value's own fault is where the value begins */
	ok(tells(P("<integer>\n<!-- x -->0x1</integer>"),
	    "2:1 comment [] a comment within <integer>\n"
	    "1:22 integer [] <integer>: want a decimal number of 64 bits, not "
	    "\"?0x1\"\n",
	    P("<integer>1</integer>")));
	ok(tells(P("<true/>") P("<false/>"),
	    "1:37 trailing [] junk after document element\n", P("<true/>")));
}

/* One value of this element: the fault, and what it is then. */
static bool
value(
    const char *element, const char *text, const char *fault, const char *then)
{
	struct told told = { .stop = false };
	char s[400];
	char want[40];
	char of[400];

	snprintf(s, sizeof(s), P("<array>\n<%s>%s</%s></array>"), element, text,
	    element);
	snprintf(of, sizeof(of), P("<array><%s>%s</%s></array>"), element, then,
	    element);
	snprintf(want, sizeof(want), "2:1 %s [[0]] <%s>: ", fault, element);
	mc_plist_free(look(s, &told));
	told.text[strlen(told.text) - 1] = '\0';
	return is(strncmp(told.text, want, strlen(want)) ? told.text : want,
		   want) &&
	    tells(s, strcat(told.text, "\n"), of);
}

static void
values(void)
{
	ok(value("integer", " 5", "blanks", "5"));
	ok(value("integer", "\n- 5", "blanks", "-5"));
	ok(value("integer", "5 ", "value", "5"));
	ok(value("integer", "0x1F", "integer", "31"));
	ok(value("integer", "-0x10", "integer", "-16"));
	ok(value("integer", "18446744073709551615", "integer",
	    "9223372036854775807"));
	ok(value(
	    "integer", "18446744073709551616", "value", "9223372036854775807"));
	ok(value("integer", "-9223372036854775809", "value",
	    "-9223372036854775808"));
	ok(value("integer", "0x0x5", "value", "0"));
	ok(value("integer", "", "value", "0"));
	ok(value("integer", "12a", "value", "0"));
	ok(value("real", " 1.5", "blanks", "1.5"));
	ok(value("real", "1.5 ", "value", "1.5"));
	ok(value("real", ".5", "real", "0.5"));
	ok(value("real", "-5.", "real", "-5"));
	ok(value("real", "inf", "real", "0"));
	ok(value("real", "-Infinity", "real", "0"));
	ok(value("real", "NaN", "real", "0"));
	ok(value("real", "1e999", "real", "0"));
	ok(value("real", "", "value", "0"));
	ok(value("real", ".", "value", "0"));
	ok(value("real", "1,5", "value", "0"));
	ok(value("real", "0x1p3", "value", "0"));
	ok(value("real", "nan(1)", "value", "0"));
	ok(value(
	    "date", "9999-12-31T23:59:59Z", "date", "2069-01-19T03:14:07Z"));
	ok(value(
	    "date", "0001-01-01T00:00:00Z", "date", "1932-12-13T20:45:52Z"));
	ok(value(
	    "date", "-2001-01-01T00:00:00Z", "date", "1932-12-13T20:45:52Z"));
	ok(value(
	    "date", "2001-02-29T24:00:00Z", "date", "2001-03-02T00:00:00Z"));
	ok(value("date", "2001-02-03", "value", "1970-01-01T00:00:00Z"));
	ok(value(
	    "date", "2001-02-03T00:00:00Z\n", "value", "2001-02-03T00:00:00Z"));
	ok(value("date", "2001-02-03T00:00:00+01:00", "value",
	    "1970-01-01T00:00:00Z"));
	ok(value("data", "AAEC*Aw==", "base64", "AAECAw=="));
	/* a group that is not whole is nothing */
	ok(value("data", "AAECAw", "base64", "AAEC"));
	ok(value("data", "AB==", "base64", "AA=="));
	ok(value("data", "AA=A", "base64", "AAAA"));
	ok(value("data", "AA\xc3\xa9==", "value", "AA=="));
}

/* All of one file's, with key paths; and what still ends it. */
static void
many(void)
{
	struct told told = { .stop = false };
	AUTO(mc_plist) *none = NULL;
	AUTO(mc_plist) *p = look(
	    P("<dict><key>a.b</key><array><dict><key>x</key>\n"
	      "<integer>0x1</integer><key>x</key><real>.5</real></dict>"
	      "<data>A</data></array>\n<key>c</key><date/></dict>"),
	    &told);

	ok(p &&
	    is(told.text,
		"2:1 integer [\"a.b\"[0].x] <integer>: want a decimal number "
		"of 64 bits, not \"0x1\"\n"
		"2:23 duplicate [\"a.b\"[0].x] key \"x\" is there twice\n"
		"2:35 real [\"a.b\"[0].x] <real>: want a finite decimal "
		"number, not \".5\"\n"
		"2:57 base64 [\"a.b\"[1]] <data>: base64: bad length\n"
		"3:13 value [c] <date>: want YYYY-MM-DDTHH:MM:SSZ, not "
		"\"\"\n"));
	none = look(P("<dict><key>a</key><integer>0x1</integer>\n"
		      " <true/></dict>"),
	    &told);
	ok(!none && is(said, "2:2: <true>: want a <key> before it") &&
	    stopped.line == 2 && stopped.column == 2);
	ok(!look("<!DOCTYPE plist [<!ENTITY a \"b\">]>" P("<true/>"), &told) &&
	    is(said, "1:17: DOCTYPE: want no declarations of its own"));
	/* characters of one to four bytes, each a column */
	ok(!look(P("\n<dict>e\xc3\xa9\xe2\x82\xac"), &told) &&
	    is(said, "2:7: text outside of a value"));
	ok(!look(P("\n<!-- e\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x90 --><x/>"),
	       &told) &&
	    is(said, "2:14: <x>: not an element of a plist") &&
	    stopped.line == 2 && stopped.column == 14);
	ok(!look("", &told) && is(said, "1:1: is empty") && stopped.line == 1);
	told.stop = true;
	ok(!look(P("\n<real>.5</real>"), &told) && is(said, "2:1: enough"));
}

static bool
place_is(struct mc_place at, uint32_t line, uint32_t column)
{
	if (at.line == line && at.column == column)
		return true;
	printf("# want %u:%u, have %u:%u\n", line, column, at.line, at.column);
	return false;
}

static void
places(void)
{
	struct told told = { .stop = false };
	AUTO(mc_plist) *p = look("\xef\xbb\xbf<plist version=\"1.0\"><dict>\r\n"
				 "<key>\xc3\xa9</key> <array>\r"
				 "\t<true/><false/>\n</array>\n"
				 "<key>k</key>\n\n <string>x</string>"
				 "</dict></plist>",
	    &told);
	const mc_plist *a = mc_plist_get(p, "\xc3\xa9");
	const mc_plist *k = mc_plist_get(p, "k");

	ok(place_is(mc_marks_value(marks, p), 1, 22));
	ok(place_is(mc_marks_key(marks, p), 1, 22));
	/* columns are characters; CR LF, CR and LF are a line's end each */
	ok(place_is(mc_marks_key(marks, a), 2, 1) &&
	    place_is(mc_marks_value(marks, a), 2, 14));
	ok(place_is(mc_marks_value(marks, mc_plist_at(a, 0)), 3, 2) &&
	    place_is(mc_marks_key(marks, mc_plist_at(a, 1)), 3, 9));
	ok(place_is(mc_marks_key(marks, k), 5, 1) &&
	    place_is(mc_marks_value(marks, k), 7, 2));
	ok(place_is(mc_marks_value(marks, NULL), 0, 0) &&
	    place_is(mc_marks_value(NULL, p), 0, 0) &&
	    place_is(
		mc_marks_key(marks, (const mc_plist *)(void *)&told), 0, 0));
}

/* What a duplicate key frees may be where the next value is put. */
static void
replaced(void)
{
	struct told told = { .stop = false };
	AUTO_BUF xml = MC_BUF_INIT;
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool done = mc_buf_puts(&xml, "<plist version=\"1.0\"><dict>\n", &e);

	for (int i = 0; i < 200; i++)
		done = done &&
		    mc_buf_printf(&xml, &e,
			"<key>k%d</key><array><true/></array>\n", i % 7);
	done = done && mc_buf_puts(&xml, "</dict></plist>", &e);
	p = look(mc_buf_str(&xml), &told);
	ok(done && p);
	for (uint32_t i = 0; i < 7; i++) {
		char key[8];
		uint32_t line = i < 200 % 7 ? 2 + 196 + i : 2 + 189 + i;

		snprintf(key, sizeof(key), "k%u", i);
		ok(place_is(
		    mc_marks_key(marks, mc_plist_get(p, key)), line, 1));
	}
}

/* As many faults as may be, and one more, which is where it ends. */
static void
limit(void)
{
	struct told told = { .stop = false };

	for (int n = MC_PLIST_FAULTS; n <= MC_PLIST_FAULTS + 1; n++) {
		AUTO_BUF xml = MC_BUF_INIT;
		struct mc_err e = MC_ERR_INIT;
		AUTO(mc_plist) *p = NULL;
		bool done = mc_buf_puts(
		    &xml, "<plist version=\"1.0\"><array>\n", &e);

		for (int i = 0; i < n; i++)
			done = done &&
			    mc_buf_puts(&xml, "<real>.5</real>\n", &e);
		done = done && mc_buf_puts(&xml, "</array></plist>", &e);
		p = look(mc_buf_str(&xml), &told);
		ok(done &&
		    (n == MC_PLIST_FAULTS
			    ? p != NULL
			    : !p && stopped.line == 2 + MC_PLIST_FAULTS &&
				is(said,
				    "1002:1: more than 1000 faults: <real>: "
				    "want a finite decimal number, not "
				    "\".5\"")));
	}
}

/* A thousand files of 20 KB, with marks. */
static void
fast(void)
{
	struct told told = { .stop = false };
	AUTO_BUF xml = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool done = mc_buf_puts(&xml, "<plist version=\"1.0\"><array>", &e);
	clock_t t;

	while (xml.len < 20000)
		done = done &&
		    mc_buf_puts(&xml,
			"<dict><key>PayloadType</key>\n\t<string>com.acme.x"
			"</string>\n<key>n</key><integer>1</integer></dict>\n",
			&e);
	done = done && mc_buf_puts(&xml, "</array></plist>", &e);
	t = clock();
	for (int i = 0; done && i < 1000; i++) {
		AUTO(mc_plist) *p = look_bytes(xml.data, xml.len, &told);

		done = p != NULL;
	}
	ok(done);
	ok((double)(clock() - t) / CLOCKS_PER_SEC < 20);
	printf("# %.2f s\n", (double)(clock() - t) / CLOCKS_PER_SEC);
}

int
main(void)
{
	harmless();
	faults();
	values();
	many();
	places();
	replaced();
	limit();
	fast();
	mc_marks_free(marks);
	return done();
}

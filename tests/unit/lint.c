/* SPDX-License-Identifier: ISC */
/* Findings, the catalogue, targets, suppression, a baseline, a whole file. */
#include <stdlib.h>
#include <string.h>

#include "lint/baseline.h"
#include "lint/lint.h"
#include "tap.h"

#define HEAD                                                                   \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                         \
	"<plist version=\"1.0\">\n"
#define TOP                                                                    \
	"<key>PayloadType</key><string>Configuration</string>\n"               \
	"<key>PayloadIdentifier</key><string>com.example.test</string>\n"      \
	"<key>PayloadUUID</key>"                                               \
	"<string>4CFA51A9-8E39-4C04-9C0B-2E6D6A8C0B11</string>\n"              \
	"<key>PayloadVersion</key><integer>1</integer>\n"                      \
	"<key>PayloadDisplayName</key><string>Test</string>\n"
#define WIFI                                                                   \
	"<key>PayloadType</key><string>com.apple.wifi.managed</string>\n"      \
	"<key>PayloadIdentifier</key><string>com.example.test.wifi</string>\n" \
	"<key>PayloadUUID</key>"                                               \
	"<string>6B9D9F0F-27C2-4A41-8C3E-4C9BBD1B9F02</string>\n"              \
	"<key>PayloadVersion</key><integer>1</integer>\n"                      \
	"<key>SSID_STR</key><string>x</string>\n"

static struct mc_err e;

/* Lint a text; options may be NULL. */
static void
lint(const char *text, const struct mc_lint_options *options,
    struct mc_findings *out)
{
	struct mc_lint_options plain = { .schema = mc_schema_builtin(),
		.now = 1800000000 };
	AUTO_BUF file = MC_BUF_INIT;

	mc_findings_clear(out);
	if (!mc_buf_puts(&file, text, &e) ||
	    !mc_lint_check(options ? options : &plain, &file, out, &e))
		exit(99);
}

/* How many findings of a code there are. */
static size_t
count(const struct mc_findings *f, unsigned code)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i].code->number == code;
	return n;
}

static const struct mc_finding *
find(const struct mc_findings *f, unsigned code)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].code->number == code)
			return &f->v[i];
	return NULL;
}

static bool
add(struct mc_findings *f, unsigned code, uint32_t line, const char *path,
    const char *message)
{
	struct mc_finding one = { .code = mc_lint_code_find(code),
		.severity = mc_lint_code_find(code)->severity,
		.at = { line, 1 },
		.path = strdup(path),
		.message = strdup(message) };

	return mc_findings_add(f, &one, &e);
}

static void
test_findings(void)
{
	AUTO_FINDINGS f = { 0 };

	ok(add(&f, 1102, 7, "b", "x"));
	ok(add(&f, 1103, 2, "a", "x"));
	ok(add(&f, 1102, 7, "b", "x"));
	ok(add(&f, 1101, 7, "b", "x"));
	ok(add(&f, 1102, 7, "b", "another"));
	mc_findings_sort(&f);
	ok(f.n == 4); /* the same one twice is once */
	ok(f.v[0].at.line == 2 && f.v[1].code->number == 1101);
	ok(strcmp(f.v[2].message, "another") == 0);

	mc_findings_clear(&f);
	ok(add(&f, 1102, 0, "P[10].x", "x") && add(&f, 1102, 0, "P[9].x", "x"));
	mc_findings_sort(&f);
	ok(strcmp(f.v[0].path, "P[9].x") == 0); /* without places: by paths */

	mc_findings_clear(&f);
	for (size_t i = 0; i < MC_FINDINGS_MAX + 3; i++)
		if (!add(&f, 1102, (uint32_t)i, "", "x"))
			exit(99);
	ok(f.n == MC_FINDINGS_MAX && f.lost == 3);
	/* what is worse has room of its own */
	ok(add(&f, 1103, 1, "", "x") && f.n == MC_FINDINGS_MAX + 1);
}

static void
test_catalogue(void)
{
	const struct mc_lint_code *c;
	const struct mc_lint_code *before = NULL;
	bool ordered = true;
	bool whole = true;

	for (size_t i = 0; (c = mc_lint_code_at(i)); i++) {
		ordered &= !before || before->number < c->number;
		whole &= c->number >= 1000 && c->number < 1700 &&
		    mc_lint_code_find(c->number) == c &&
		    mc_lint_code_parse(c->name) == c && *c->title &&
		    c->why[strlen(c->why) - 1] == '.' &&
		    c->mend[strlen(c->mend) - 1] == '.' &&
		    c->title[strlen(c->title) - 1] != '.' &&
		    strspn(c->name, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
			strlen(c->name);
		if (!whole)
			printf("# MC%u\n", c->number);
		before = c;
	}
	ok(ordered);
	ok(whole);
	c = mc_lint_code_find(1102);
	ok(c && mc_lint_code_parse("MC1102") == c);
	ok(mc_lint_code_parse("mc1102") == c &&
	    mc_lint_code_parse("1102") == c);
	ok(mc_lint_code_parse("Unknown-Key") == c);
	ok(!mc_lint_code_parse("") && !mc_lint_code_parse("MC"));
	ok(!mc_lint_code_parse("MC11020") && !mc_lint_code_parse("MC9999"));
	ok(!mc_lint_code_parse("MCMC1102") && !mc_lint_code_find(0));
}

static void
test_target(void)
{
	struct mc_lint_target t;

	ok(mc_lint_target_parse("ios:17.4", &t, &e) && t.os == MC_OS_IOS &&
	    t.version == 170400);
	ok(mc_lint_target_parse("macOS", &t, &e) && t.os == MC_OS_MACOS &&
	    t.version == 0);
	ok(!mc_lint_target_parse("linux", &t, &e) && e.code == MC_USAGE);
	ok(!mc_lint_target_parse("ios:", &t, &e) &&
	    strcmp(e.text,
		"ios:: want a version like 17 or 17.4 after the colon") == 0);
	ok(!mc_lint_target_parse("ios:0", &t, &e));
	ok(!mc_lint_target_parse("ios:17x", &t, &e));
	ok(!mc_lint_target_parse("", &t, &e));
}

static void
test_place(void)
{
	AUTO_FINDINGS f = { 0 };
	const struct mc_finding *one;

	lint(HEAD "<dict>\n" TOP "<key>PayloadContent</key><array><dict>\n" WIFI
		  "\t<key>SSID_STRING</key>\n\t\t<string>y</string>\n"
		  "\t<key>AutoJoin</key>\n\t\t<string>true</string>\n"
		  "</dict></array>\n</dict></plist>\n",
	    NULL, &f);
	one = find(&f, 1102);
	ok(one && one->at.line == 15 && one->at.column == 2); /* the key */
	ok(one && strcmp(one->path, "PayloadContent[0].SSID_STRING") == 0);
	ok(one && strcmp(one->suggestion, "did you mean SSID_STR?") == 0);
	one = find(&f, 1104);
	ok(one && one->at.line == 18 && one->at.column == 3); /* the value */
	ok(one && strcmp(one->message, "string instead of boolean") == 0);
	ok(f.n == 2);
}

/* What is missing is told where it should be. */
static void
test_missing_place(void)
{
	AUTO_FINDINGS f = { 0 };
	const struct mc_finding *one;

	lint(HEAD "<dict>\n" TOP "<key>PayloadContent</key><array>\n"
		  " <dict>\n" WIFI
		  "<key>EAPClientConfiguration</key><dict/></dict>\n"
		  " <dict>\n<key>PayloadType</key>"
		  "<string>com.apple.webClip.managed</string>\n"
		  "</dict></array>\n</dict></plist>\n",
	    NULL, &f);
	one = find(&f, 1103);
	ok(one && one->at.line == 16 && one->at.column == 34);
	ok(one &&
	    strcmp(one->path,
		"PayloadContent[0].EAPClientConfiguration.AcceptEAPTypes") ==
		0);
	ok(count(&f, 1103) == 6); /* three common ones, Label and URL besides */
}

static const char ignoring[] = HEAD
    "<!-- %s -->\n<dict>\n" TOP
    "<!-- %s --><key>PayloadContent</key><array>\n<!-- %s -->\n<dict>\n" WIFI
    "<!-- %s -->\n<key>A</key><string>y</string>\n"
    "<key>B</key><!-- %s --><string>y</string>\n"
    "</dict><dict>\n" WIFI "<key>C</key><string>y</string>\n"
    "</dict></array>\n<key>D</key><string/></dict></plist>\n";

/* How many unknown keys are left with a comment at one of five places. */
static size_t
left_with(unsigned at, const char *comment, size_t *ignored)
{
	AUTO_FINDINGS f = { 0 };
	AUTO_BUF text = MC_BUF_INIT;
	const char *piece = ignoring;
	size_t n;

	for (unsigned i = 0; piece; i++) {
		const char *next = strstr(piece, "%s");

		if (!mc_buf_add(&text, piece,
			next ? (size_t)(next - piece) : strlen(piece), &e) ||
		    (next && i == at && !mc_buf_puts(&text, comment, &e)))
			exit(99);
		piece = next ? next + 2 : NULL;
	}
	lint(mc_buf_str(&text), NULL, &f);
	n = count(&f, 1102);
	*ignored = f.ignored;
	return n;
}

static void
test_suppression(void)
{
	static const char all[] = "mcprofile-lint: ignore MC1102";
	size_t ignored;

	ok(left_with(9, "", &ignored) == 4 && ignored == 0);
	ok(left_with(0, all, &ignored) == 0 && ignored == 4); /* the file */
	ok(left_with(1, all, &ignored) == 1 && ignored == 3); /* not D */
	ok(left_with(2, all, &ignored) == 2 && ignored == 2); /* not C, D */
	ok(left_with(3, all, &ignored) == 3 && ignored == 1); /* A */
	ok(left_with(4, all, &ignored) == 3 && ignored == 1); /* B */
	/* what else is on the element's first line */
	ok(left_with(3,
	       "mcprofile-lint: ignore MC1102 --><key>E</key><true/>"
	       "<key>F</key><true/><!-- x",
	       &ignored) == 4 &&
	    ignored == 2);
	ok(left_with(0, "mcprofile-lint: ignore MC1103", &ignored) == 4);
	ok(left_with(
	       0, "mcprofile-lint: ignore MC1103, unknown-key", &ignored) == 0);
	ok(left_with(0, "mcprofile-lint: ignored MC1102", &ignored) == 4);
	ok(left_with(0, "not mcprofile-lint: ignore MC1102", &ignored) == 4);
}

static void
test_bad_suppression(void)
{
	AUTO_FINDINGS f = { 0 };
	const struct mc_finding *one;
	AUTO_BUF text = MC_BUF_INIT;

	ok(mc_buf_puts(&text, HEAD, &e));
	for (size_t i = 0; i < 300; i++)
		if (!mc_buf_puts(
			&text, "<!-- mcprofile-lint: ignore MC1102 -->", &e))
			exit(99);
	ok(mc_buf_puts(&text, "<dict><key>x</key><true/></dict></plist>", &e));
	lint(mc_buf_str(&text), NULL, &f);
	ok(count(&f, 1020) == 44); /* more than are remembered */
	lint(HEAD "<dict/><!-- mcprofile-lint: ignore MC0001 --></plist>", NULL,
	    &f);
	one = find(&f, 1020);
	ok(count(&f, 1020) == 1);
	ok(one &&
	    strcmp(one->message,
		"nothing is ignored from \"MC0001\" on: no such code") == 0);
}

static void
test_baseline(void)
{
	AUTO_BASELINE b = { 0 };
	AUTO_BASELINE again = { 0 };
	AUTO_FINDINGS f = { 0 };
	AUTO_BUF json = MC_BUF_INIT;
	size_t n = 0;

	ok(add(&f, 1102, 7, "P[10].x", "x") && add(&f, 1103, 9, "", "y") &&
	    add(&f, 1102, 8, "P[10].x", "z"));
	ok(mc_baseline_add(&b, "b.mobileconfig", &f, &e));
	ok(mc_baseline_add(&b, "a.mobileconfig", &f, &e));
	ok(mc_baseline_encode(&b, &json, &e));
	/* by file, path and code, each once, and without lines */
	ok(mc_buf_is(&json,
	    "{\n \"mcprofile-lint\": 1,\n \"findings\": [\n"
	    "  {\n   \"file\": \"a.mobileconfig\",\n"
	    "   \"code\": \"MC1103\",\n   \"path\": \"\"\n  },\n"
	    "  {\n   \"file\": \"a.mobileconfig\",\n"
	    "   \"code\": \"MC1102\",\n   \"path\": \"P[10].x\"\n  },\n"
	    "  {\n   \"file\": \"b.mobileconfig\",\n"
	    "   \"code\": \"MC1103\",\n   \"path\": \"\"\n  },\n"
	    "  {\n   \"file\": \"b.mobileconfig\",\n"
	    "   \"code\": \"MC1102\",\n   \"path\": \"P[10].x\"\n  }\n"
	    " ]\n}\n"));
	ok(mc_baseline_parse(&json, &again, &e) && again.n == 4);
	ok(mc_baseline_apply(&again, "c.mobileconfig", &f, &n, &e) && n == 0);
	ok(add(&f, 1101, 1, "P[10].x", "x"));
	ok(mc_baseline_apply(&again, "a.mobileconfig", &f, &n, &e) && n == 3);
	ok(f.n == 1 && f.v[0].code->number == 1101);
}

static void
refuse(const char *json, const char *why)
{
	AUTO_BASELINE b = { 0 };
	AUTO_BUF in = MC_BUF_INIT;

	ok(mc_buf_puts(&in, json, &e) && !mc_baseline_parse(&in, &b, &e) &&
	    e.code == MC_MALFORMED);
	if (!strstr(e.text, why))
		printf("# %s\n", e.text);
	ok(strstr(e.text, why));
}

static void
test_bad_baseline(void)
{
	refuse("", "1:");
	refuse("[]", "no baseline of mcprofile-lint");
	refuse("{\"findings\": []}", "no baseline of mcprofile-lint");
	refuse("{\"mcprofile-lint\": 2, \"findings\": []}", "no baseline");
	refuse("{\"mcprofile-lint\": 1, \"findings\": {}}", "no baseline");
	refuse(
	    "{\"mcprofile-lint\": 1, \"findings\": [{}]}", "findings[0]: want");
	refuse(
	    "{\"mcprofile-lint\": 1, \"findings\": [5]}", "findings[0]: want");
	refuse("{\"mcprofile-lint\": 1, \"findings\": [{\"file\": \"a\", "
	       "\"path\": \"\", \"code\": \"MC0001\"}]}",
	    "findings[0]: MC0001: no such code");
	refuse("{\"a\": 1, \"a\": 2}", "1:12: this object has two members");
	/* what stands there is not repeated */
	refuse("{\"a\": hunter2}", "1:12: this is not JSON");
	ok(!strstr(e.text, "hunter2"));
}

static void
test_unreadable(void)
{
	AUTO_FINDINGS f = { 0 };
	const struct mc_lint_options o = { .schema = mc_schema_builtin() };

	lint("", NULL, &f);
	ok(f.n == 1 && f.v[0].code->number == 1001);
	lint(HEAD "<dict>\n <key>a</key>\n  <strin>x</strin></dict></plist>",
	    NULL, &f);
	ok(f.n == 1 && f.v[0].code->number == 1003);
	ok(f.v[0].at.line == 5 && f.v[0].at.column == 3);
	ok(!strstr(f.v[0].message, "5:3")); /* told once */
	mc_findings_clear(&f);
	ok(mc_lint_check(&o, NULL, &f, &e) && f.n == 1 &&
	    f.v[0].code->number == 1002);
}

/* Many unknown keys are quick, and bounded. */
static void
test_many(void)
{
	AUTO_FINDINGS f = { 0 };
	AUTO_BUF text = MC_BUF_INIT;

	ok(mc_buf_puts(
	    &text, HEAD "<dict>" TOP "<key>PayloadContent</key><array>", &e));
	for (size_t i = 0; i < 20; i++) {
		if (!mc_buf_puts(&text, "<dict>" WIFI, &e))
			exit(99);
		for (size_t k = 0; k < 900; k++)
			if (!mc_buf_printf(
				&text, &e, "<key>K%zu</key><true/>", k))
				exit(99);
		if (!mc_buf_puts(&text, "</dict>", &e))
			exit(99);
	}
	ok(mc_buf_puts(&text, "</array></dict></plist>", &e));
	lint(mc_buf_str(&text), NULL, &f);
	ok(f.n <= 3 * MC_FINDINGS_MAX + 1 && f.lost >= 16000);
	ok(count(&f, 1024) == 1);
}

int
main(void)
{
	test_findings();
	test_catalogue();
	test_target();
	test_place();
	test_missing_place();
	test_suppression();
	test_bad_suppression();
	test_baseline();
	test_bad_baseline();
	test_unreadable();
	test_many();
	return done();
}

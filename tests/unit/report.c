/* SPDX-License-Identifier: ISC */
/* Each format to the letter, and what hostile names and texts become. */
#include "lint/report.h"

#include <stdlib.h>

#include "tap.h"

/* Codes of the catalogue's own, whatever they say. */
static const struct mc_lint_code *first;
static const struct mc_lint_code *second;

static void
add(struct mc_lint_result *r, const struct mc_lint_code *code,
    enum mc_severity severity, struct mc_place at, const char *path,
    const char *message, const char *expected, const char *suggestion)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_finding f = { .code = code,
		.severity = severity,
		.at = at,
		.path = strdup(path),
		.message = strdup(message),
		.expected = expected ? strdup(expected) : NULL,
		.suggestion = suggestion ? strdup(suggestion) : NULL };

	if (!mc_findings_add(&r->findings, &f, &e))
		abort();
}

/* Two files with findings, and one without. */
static void
report(enum mc_lint_format format, struct mc_lint_view view, struct mc_buf *to)
{
	struct mc_lint_report r = { .format = format, .view = view, .to = to };
	struct mc_lint_result a = { .file = "dir/a b.mobileconfig",
		.suppressed = 2 };
	struct mc_lint_result b = { .file = "-" };
	struct mc_lint_result c = { .file = "x%,:#\n\x1b[31m<&>\xff" };
	struct mc_err e = MC_ERR_INIT;

	add(&a, first, MC_ERROR, (struct mc_place){ 12, 5 },
	    "PayloadContent[0].SSID", "unknown key \"SSID\"",
	    "a key of com.apple.wifi.managed", "SSID_STR");
	add(&a, second, MC_WARNING, (struct mc_place){ 0, 0 }, "", "is old",
	    NULL, NULL);
	add(&c, second, MC_NOTICE, (struct mc_place){ 3, 0 }, "a.\"b<c\"",
	    "100% \x1b[1m<b> & 'c'\r\n::error::x ]]> \xff\xef\xbf\xbf", NULL,
	    "two\nlines");
	if (!mc_lint_report_begin(&r, &e) || !mc_lint_report_add(&r, &a, &e) ||
	    !mc_lint_report_add(&r, &b, &e) ||
	    !mc_lint_report_add(&r, &c, &e) || !mc_lint_report_end(&r, &e))
		abort();
	ok(r.files == 3 && r.with == 2 && r.counts[MC_ERROR] == 1 &&
	    r.counts[MC_WARNING] == 1 && r.counts[MC_NOTICE] == 1 &&
	    r.suppressed == 2);
	mc_findings_clear(&a.findings);
	mc_findings_clear(&c.findings);
}

/* want has @1 and @2 for the codes' numbers, @n and @m for their names. */
static bool
is(const struct mc_buf *have, const char *want)
{
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool done = true;

	for (const char *p = want; *p; p++) {
		if (*p != '@') {
			done = done && mc_buf_add(&text, p, 1, &e);
			continue;
		}
		p++;
		done = done &&
		    (*p == '1' || *p == '2'
			    ? mc_buf_printf(&text, &e, "MC%04u",
				  (*p == '1' ? first : second)->number)
			    : mc_buf_puts(&text,
				  (*p == 'n' ? first : second)->name, &e));
	}
	if (!done)
		abort();
	if (mc_buf_is(have, mc_buf_str(&text)))
		return true;
	printf("# want <<%s>>\n# have <<%s>>\n", mc_buf_str(&text),
	    mc_buf_str(have));
	return false;
}

#define C "x%,:#??[31m<&>?"
#define MESSAGE "100% ?[1m<b> & 'c'??::error::x ]]> ????"

static void
text(void)
{
	static const struct mc_lint_view plain = { .fail_on = MC_ERROR };
	static const struct mc_lint_view colour = {
		.colour = true, .columns = 30, .fail_on = MC_ERROR
	};
	AUTO_BUF to = MC_BUF_INIT;

	report(MC_FORMAT_TEXT, plain, &to);
	ok(is(&to,
	    "dir/a b.mobileconfig:12:5: error: unknown key \"SSID\" [@1]\n"
	    "    at PayloadContent[0].SSID\n"
	    "    want a key of com.apple.wifi.managed\n"
	    "    hint: SSID_STR\n"
	    "dir/a b.mobileconfig: warning: is old [@2]\n" C
	    ":3: notice: " MESSAGE " [@2]\n"
	    "    at a.\"b<c\"\n"
	    "    hint: two?lines\n"
	    "1 error, 1 warning, 1 notice in 2 of 3 files; 2 "
	    "suppressed\n"));
	mc_buf_clear(&to);
	report(MC_FORMAT_TEXT, colour, &to);
	ok(strstr(mc_buf_str(&to),
	    "\x1b[1mdir/a b.mobileconfig:12:5:\x1b[m \x1b[1;31merror:\x1b[m "
	    "unknown"));
	ok(strstr(mc_buf_str(&to),
	    "\n    want a key of\n    com.apple.wifi.managed\n"));
	ok(strstr(mc_buf_str(&to), "\x1b[1;31m1 error\x1b[m, \x1b[1;33m1"));
	mc_buf_clear(&to);
	report(MC_FORMAT_GCC, colour, &to);
	ok(is(&to,
	    "dir/a b.mobileconfig:12:5: error: PayloadContent[0].SSID: "
	    "unknown key \"SSID\"; want a key of com.apple.wifi.managed; "
	    "hint: SSID_STR [@1]\n"
	    "dir/a b.mobileconfig: warning: is old [@2]\n" C
	    ":3: notice: a.\"b<c\": " MESSAGE "; hint: two?lines [@2]\n"));
}

static void
github(void)
{
	static const struct mc_lint_view view = { .fail_on = MC_ERROR };
	AUTO_BUF to = MC_BUF_INIT;

	report(MC_FORMAT_GITHUB, view, &to);
	ok(is(&to,
	    "::error file=dir/a b.mobileconfig,line=12,col=5,title=@1 @n::"
	    "unknown key \"SSID\"%0Aat PayloadContent[0].SSID%0A"
	    "want a key of com.apple.wifi.managed%0Ahint: SSID_STR\n"
	    "::warning file=dir/a b.mobileconfig,title=@2 @m::is old\n"
	    "::notice file=x%25%2C%3A#??[31m<&>?,line=3,title=@2 @m::"
	    "100%25 ?[1m<b> & 'c'??::error::x ]]> ????%0Aat a.\"b<c\"%0A"
	    "hint: two?lines\n"));
}

static void
tap(void)
{
	static const struct mc_lint_view view = { .fail_on = MC_ERROR };
	static const struct mc_lint_view strict = { .fail_on = MC_NOTICE };
	AUTO_BUF to = MC_BUF_INIT;

	report(MC_FORMAT_TAP, view, &to);
	ok(is(&to,
	    "TAP version 13\n"
	    "not ok 1 - dir/a b.mobileconfig\n"
	    "  ---\n"
	    "  findings:\n"
	    "    - code: @1\n"
	    "      severity: error\n"
	    "      line: 12\n"
	    "      column: 5\n"
	    "      name: \"@n\"\n"
	    "      path: \"PayloadContent[0].SSID\"\n"
	    "      message: \"unknown key \\\"SSID\\\"\"\n"
	    "      expected: \"a key of com.apple.wifi.managed\"\n"
	    "      suggestion: \"SSID_STR\"\n"
	    "    - code: @2\n"
	    "      severity: warning\n"
	    "      name: \"@m\"\n"
	    "      message: \"is old\"\n"
	    "  ...\n"
	    "ok 2 - -\n"
	    "ok 3 - x%,:\\#??[31m<&>?\n"
	    "  ---\n"
	    "  findings:\n"
	    "    - code: @2\n"
	    "      severity: notice\n"
	    "      line: 3\n"
	    "      name: \"@m\"\n"
	    "      path: \"a.\\\"b<c\\\"\"\n"
	    "      message: \"" MESSAGE "\"\n"
	    "      suggestion: \"two?lines\"\n"
	    "  ...\n"
	    "1..3\n"));
	mc_buf_clear(&to);
	report(MC_FORMAT_TAP, strict, &to);
	ok(strstr(mc_buf_str(&to), "\nnot ok 3 - x"));
}

static void
junit(void)
{
	static const struct mc_lint_view view = { .fail_on = MC_ERROR };
	AUTO_BUF to = MC_BUF_INIT;

	report(MC_FORMAT_JUNIT, view, &to);
	ok(is(&to,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites name=\"mcprofile-lint\">\n"
	    "  <testsuite name=\"dir/a b.mobileconfig\" tests=\"2\" "
	    "failures=\"1\" errors=\"0\" skipped=\"0\">\n"
	    "    <testcase classname=\"dir/a b.mobileconfig\" name=\"@1 @n "
	    "PayloadContent[0].SSID\">\n"
	    "      <failure message=\"unknown key &quot;SSID&quot;\" "
	    "type=\"error\">dir/a b.mobileconfig:12:5: error: unknown key "
	    "&quot;SSID&quot;\n"
	    "at PayloadContent[0].SSID\n"
	    "want a key of com.apple.wifi.managed\n"
	    "hint: SSID_STR\n"
	    "</failure>\n"
	    "    </testcase>\n"
	    "    <testcase classname=\"dir/a b.mobileconfig\" name=\"@2 "
	    "@m\">\n"
	    "      <system-out>dir/a b.mobileconfig: warning: is old\n"
	    "</system-out>\n"
	    "    </testcase>\n"
	    "  </testsuite>\n"
	    "  <testsuite name=\"-\" tests=\"1\" failures=\"0\" errors=\"0\" "
	    "skipped=\"0\">\n"
	    "    <testcase classname=\"-\" name=\"no findings\"/>\n"
	    "  </testsuite>\n"
	    "  <testsuite name=\"x%,:#??[31m&lt;&amp;&gt;?\" tests=\"1\" "
	    "failures=\"0\" errors=\"0\" skipped=\"0\">\n"
	    "    <testcase classname=\"x%,:#??[31m&lt;&amp;&gt;?\" "
	    "name=\"@2 @m a.&quot;b&lt;c&quot;\">\n"
	    "      <system-out>x%,:#??[31m&lt;&amp;&gt;?:3: notice: 100% "
	    "?[1m&lt;b&gt; &amp; &apos;c&apos;??::error::x ]]&gt; ????\n"
	    "at a.&quot;b&lt;c&quot;\n"
	    "hint: two?lines\n"
	    "</system-out>\n"
	    "    </testcase>\n"
	    "  </testsuite>\n"
	    "</testsuites>\n"));
}

static void
json(void)
{
	static const struct mc_lint_view view = { .fail_on = MC_ERROR };
	AUTO_BUF to = MC_BUF_INIT;
	const char *s;

	report(MC_FORMAT_JSON, view, &to);
	ok(is(&to,
	    "{\"tool\":\"mcprofile-lint\",\"version\":\"" MC_VERSION "\","
	    "\"findings\":[\n"
	    "{\"file\":\"dir/a b.mobileconfig\",\"line\":12,\"column\":5,"
	    "\"severity\":\"error\",\"code\":\"@1\",\"name\":\"@n\","
	    "\"path\":\"PayloadContent[0].SSID\","
	    "\"message\":\"unknown key \\\"SSID\\\"\","
	    "\"expected\":\"a key of com.apple.wifi.managed\","
	    "\"suggestion\":\"SSID_STR\"},\n"
	    "{\"file\":\"dir/a b.mobileconfig\",\"line\":null,"
	    "\"column\":null,\"severity\":\"warning\",\"code\":\"@2\","
	    "\"name\":\"@m\",\"path\":null,\"message\":\"is old\","
	    "\"expected\":null,\"suggestion\":null},\n"
	    "{\"file\":\"" C "\",\"line\":3,\"column\":null,"
	    "\"severity\":\"notice\",\"code\":\"@2\",\"name\":\"@m\","
	    "\"path\":\"a.\\\"b<c\\\"\",\"message\":\"100% ?[1m<b> & 'c'??"
	    "::error::x ]]> ?\xef\xbf\xbf\",\"expected\":null,"
	    "\"suggestion\":\"two?lines\"}\n"
	    "],\"unread\":[],\"summary\":{\"files\":3,\"files_with_findings\":"
	    "2,"
	    "\"unread\":0,"
	    "\"errors\":1,\"warnings\":1,\"notices\":1,\"suppressed\":2,"
	    "\"not_shown\":0}}\n"));
	mc_buf_clear(&to);
	report(MC_FORMAT_SARIF, view, &to);
	s = mc_buf_str(&to);
	/* its shape is for others to check; what goes into it is here */
	ok(strstr(s, "{\"version\":\"2.1.0\",\"$schema\":\"https://") == s);
	ok(strstr(s,
	    "\"artifactLocation\":{\"uri\":\"dir/a%20b.mobileconfig\"}"
	    ",\"region\":{\"startLine\":12,\"startColumn\":5}}"));
	ok(strstr(s,
	    "\"artifactLocation\":{\"uri\":"
	    "\"x%25%2C%3A%23%0A%1B%5B31m%3C%26%3E%FF\"},"
	    "\"region\":{\"startLine\":3}}"));
	ok(strstr(s, "\"level\":\"note\""));
	ok(strstr(s, "\"partialFingerprints\":{\"findingHash/v1\":\""));
	ok(strstr(s,
	    "\"properties\":{\"expected\":\"a key of "
	    "com.apple.wifi.managed\",\"suggestion\":\"SSID_STR\"}"));
}

/* No file at all, and more findings than are kept. */
static void
edges(void)
{
	AUTO_BUF to = MC_BUF_INIT;
	struct mc_lint_report r = { .format = MC_FORMAT_TEXT,
		.view = { .fail_on = MC_ERROR },
		.to = &to };
	struct mc_lint_result many = { .file = "m" };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_lint_report_begin(&r, &e) && mc_lint_report_end(&r, &e) &&
	    is(&to, "nothing found in 0 files\n"));
	mc_buf_clear(&to);
	for (int i = 0; i < MC_FINDINGS_MAX + 3; i++)
		add(&many, first, MC_NOTICE, (struct mc_place){ 1, 1 }, "", "m",
		    NULL, NULL);
	ok(mc_lint_report_add(&r, &many, &e) && mc_lint_report_end(&r, &e) &&
	    r.lost == 3 &&
	    strstr(mc_buf_str(&to),
		"m: 3 more findings, not shown\n2000 notices in 1 of 1 "
		"file\n"));
	mc_findings_clear(&many.findings);
}

int
main(void)
{
	first = mc_lint_code_at(0);
	second = mc_lint_code_at(1);
	if (!first || !second)
		return 99;
	text();
	github();
	tap();
	junit();
	json();
	edges();
	return done();
}

/* SPDX-License-Identifier: ISC */
/* lib/base: what every other test takes for granted. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fact.h"
#include "base/fd.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/secret.h"
#include "base/table.h"
#include "base/text.h"
#include "base/time.h"
#include "base/uuid.h"
#include "tap.h"

static void
a_buffer_refuses_to_pass_its_limit(void)
{
	AUTO_BUF b = { .limit = 8 };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_buf_add(&b, "12345678", 8, &e));
	ok(!mc_buf_add(&b, "9", 1, &e) && e.code == MC_MALFORMED);
	ok(b.len == 8 && mc_buf_is(&b, "12345678"));
	ok(!mc_buf_printf(&b, &e, "%d", 9) && b.len == 8);
}

static void
a_buffer_is_a_c_string_at_every_length(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool good = true;

	ok(strcmp(mc_buf_str(&b), "") == 0 && mc_buf_is(&b, ""));
	for (size_t i = 0; i < 10000; i++)
		good = good && mc_buf_puts(&b, "x", &e) &&
		    strlen(mc_buf_str(&b)) == i + 1;
	ok(good);
	mc_buf_clear(&b);
	ok(mc_buf_printf(&b, &e, "%s-%03d", "a", 7) && mc_buf_is(&b, "a-007"));
}

static void
errors_read_outermost_first(void)
{
	struct mc_err e = MC_ERR_INIT;

	ok(!mc_fail(&e, MC_IO, "disk full"));
	ok(!mc_note(&e, "write %s", "x"));
	ok(strcmp(e.text, "write x: disk full") == 0);
	ok(mc_exit_status(e.code) == 74 && mc_http_status(e.code) == 500);
	ok(mc_code_find(12) == MC_UNTRUSTED && mc_code_find(2) == MC_INTERNAL);
	ok(strcmp(mc_code_name(MC_DENIED), "DENIED") == 0);
	ok(mc_code_is_verdict(MC_DENIED) && mc_code_is_verdict(MC_REVOKED));
	ok(!mc_code_is_verdict(MC_OK) && !mc_code_is_verdict(MC_USAGE) &&
	    !mc_code_is_verdict(MC_MALFORMED) && !mc_code_is_verdict(MC_RETRY));
	ok(mc_code_is_own(MC_USAGE) && mc_code_is_own(MC_INTERNAL) &&
	    mc_code_is_own(MC_IO) && mc_code_is_own(MC_RETRY));
	ok(!mc_code_is_own(MC_OK) && !mc_code_is_own(MC_DENIED) &&
	    !mc_code_is_own(MC_MALFORMED) && !mc_code_is_own(MC_NOINPUT));
}

struct args {
	const char *key;
	const char *word;
	bool flag;
	unsigned n;
	unsigned choice;
	int64_t ttl;
	struct mc_list many;
};

static const struct mc_opt opts[] = {
	MC_STR(struct args, key, 'k', "key", "FILE", "a key", true),
	MC_FLAG(struct args, flag, 0, "flag", "a flag"),
	MC_UINT(struct args, n, 'n', "number", "N", "a number"),
	MC_CHOICE(struct args, choice, 0, "format", "der|pem|p7", "a form"),
	MC_SECONDS(struct args, ttl, 0, "ttl", "TIME", "a time"),
	MC_LIST(struct args, many, 'm', "many", "X", "some", false),
	MC_WORD(struct args, word, "word", "WORD", "a word", false),
	MC_OPT_END,
};

/* Parse the words of a line; what it says on failure is in e. */
static bool
parse(const char *line, struct args *a, struct mc_err *e)
{
	static char text[256];
	char *argv[32] = { (char *)(uintptr_t) "test" };
	struct mc_opt_set sets[] = { { opts, a }, { NULL, NULL } };
	int argc = 1;
	int i = 1;

	*a = (struct args){ 0 };
	snprintf(text, sizeof(text), "%s", line);
	for (char *w = strtok(text, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	return mc_opt_parse(sets, argc, argv, &i, e) &&
	    (i == argc || mc_fail(e, MC_USAGE, "left: %s", argv[i])) &&
	    mc_opt_check(sets, e);
}

static bool
says(const char *line, const char *text)
{
	struct args a;
	struct mc_err e = MC_ERR_INIT;

	return !parse(line, &a, &e) && e.code == MC_USAGE &&
	    strcmp(e.text, text) == 0;
}

static void
options_are_parsed_by_their_table(void)
{
	struct args a;
	struct mc_err e = MC_ERR_INIT;

	ok(parse("-k f --flag --number=7 --format pem --ttl 2h -m a w "
		 "--many=b",
	    &a, &e));
	ok(a.flag && a.n == 7 && a.choice == 1 && a.ttl == 7200);
	ok(strcmp(a.key, "f") == 0 && strcmp(a.word, "w") == 0);
	ok(a.many.n == 2 && strcmp(a.many.v[1], "b") == 0);
	ok(parse("--key f -- -x", &a, &e) && strcmp(a.word, "-x") == 0);
	ok(parse("--key f -", &a, &e) && strcmp(a.word, "-") == 0);
	ok(says("--flag", "--key FILE is required"));
	ok(says("--ke f", "--ke: no such option; --help lists them"));
	ok(says("--key", "--key needs FILE"));
	ok(says("--key f --flag=1", "--flag takes no value"));
	ok(says("--key f -n -1", "--number: not a number: -1"));
	ok(says("--key f -n 4294967296", "--number: not a number: 4294967296"));
	ok(says(
	    "--key f --format pe", "--format: want one of der|pem|p7, not pe"));
	ok(says("--key f --ttl 5w",
	    "--ttl: want a time like 90s, 15m, 1h or 2d, not 5w"));
	ok(says("--key f a b", "left: b"));
}

static bool
conf(const char *text, struct args *a, struct mc_buf *b, struct mc_err *e)
{
	*a = (struct args){ 0 };
	mc_buf_clear(b);
	return mc_buf_puts(b, text, e) &&
	    mc_opt_conf_parse(opts, "site.conf", b, a, e);
}

static void
the_same_table_reads_a_file(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct args a;
	struct mc_err e = MC_ERR_INIT;

	ok(conf("# x\n\n key = a b # c \nflag = yes\nmany=1\nmany = 2", &a, &b,
	    &e));
	ok(strcmp(a.key, "a b # c") == 0 && a.flag && a.many.n == 2);
	ok(!conf("key = a\nkex = b\n", &a, &b, &e));
	ok(strcmp(e.text,
	       "site.conf:2: kex: no such setting; did you mean key?") == 0);
	ok(!conf("key\n", &a, &b, &e));
	ok(strcmp(e.text, "site.conf:1: want NAME = VALUE") == 0);
	ok(!conf("key =\n", &a, &b, &e));
	ok(!conf("key = a\nkey = b\n", &a, &b, &e));
	ok(strcmp(e.text, "site.conf:2: key: is there twice") == 0);
	ok(!conf("number = 1\nnumber = 2\nkey = a\n", &a, &b, &e));
	ok(!conf("format = x\nkey = a\n", &a, &b, &e));
	ok(strcmp(e.text,
	       "site.conf:1: format: want one of der|pem|p7, not x") == 0);
	ok(!conf("flag = yes\n", &a, &b, &e));
	ok(strcmp(e.text, "site.conf: key is required") == 0);
}

static bool
fault(const char *s, const char *want)
{
	const char *why = "";

	return mc_text_check(s, strlen(s), &why) == !*want &&
	    strcmp(why, want) == 0;
}

static bool
cleaned(const char *s, const char *want)
{
	char text[64];

	snprintf(text, sizeof(text), "%s", s);
	mc_text_clean(text);
	return strcmp(text, want) == 0 && fault(text, "");
}

static void
text_is_utf8_without_control_characters(void)
{
	static const char *const broken[] = { "\x80", "a\xbf", "\xc3", "\xc3(",
		"\xc0\x8a", "\xc1\xbf", "\xe2\x80", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf8\x88\x80\x80\x80", "\xff" };
	static const char *const control[] = { "\n", "a\tb", "\x1f", "\x7f",
		"\xc2\x80", "x\xc2\x9f" };
	const char *why = "";

	ok(fault("", "") && fault("a ~", "") && fault("\xc2\xa0", ""));
	ok(fault("\xef\xbf\xbd\xf4\x8f\xbf\xbf\xed\x9f\xbf", ""));
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		ok(fault(broken[i], "is not UTF-8"));
	for (size_t i = 0; i < sizeof(control) / sizeof(*control); i++)
		ok(fault(control[i], "holds a control character"));
	ok(!mc_text_check("a\0b", 3, &why) && strstr(why, "control"));
	ok(!mc_text_check("\xc3\xa4", 1, &why) && strstr(why, "UTF-8"));

	ok(cleaned("a\nb\x7f\xc2\x9b"
		   "31m",
	    "a?b???31m"));
	ok(cleaned("\xc3\xa4\xff!\xe2\x80", "\xc3\xa4?!??"));
	ok(cleaned("a\xe2\x80\xae" /* data stays as it is */
		   "b",
	    "a\xe2\x80\xae"
	    "b"));
}

/* People see one character in the middle of a name as "?", or as it is. */
static bool
is_shown(unsigned c, bool as_it_is)
{
	const char utf8[] = { (char)(0xe0 | c >> 12),
		(char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)), 0 };
	char text[16];
	char want[16];

	snprintf(text, sizeof(text), "a%sb", utf8);
	snprintf(want, sizeof(want), "a%sb", as_it_is ? utf8 : "?");
	mc_text_show(text);
	return strcmp(text, want) == 0;
}

static void
text_for_people_hides_nothing(void)
{
	static const struct {
		unsigned first, last;
	} hidden[] = { { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x2069 }, { 0xfeff, 0xfeff } };
	char text[] = "\xe2\x80\xae\n\xff\xc2\x9bok \xc3\xa4"
		      "\xe2\x82\xac\xf0\x9f\x8d\x8f\xe2\x81";
	char empty[] = "";
	bool right = true;

	for (unsigned c = 0x800; c <= 0xffff; c++) {
		bool odd = false;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
			odd = odd ||
			    (c >= hidden[i].first && c <= hidden[i].last);
		right = right && is_shown(c, !odd);
	}
	ok(right);
	mc_text_show(text);
	ok(strcmp(text, "????ok \xc3\xa4\xe2\x82\xac\xf0\x9f\x8d\x8f??") == 0);
	mc_text_show(empty);
	ok(!*empty);
}

static bool
table(const char *rows, const char *want)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_buf_puts(&in, rows, &e) && mc_table_encode(&in, &out, &e) &&
	    mc_buf_is(&out, want);
}

#define FORTY "0123456789012345678901234567890123456789"

static void
tables_are_aligned(void)
{
	ok(table("a\tb\tc\nlong\t\xc3\xa4\xc3\xb6\xc3\xbc\tx\n"
		 "z\t\t\n\t\ty\n",
	    "a     b    c\nlong  \xc3\xa4\xc3\xb6\xc3\xbc  x\nz\n"
	    "           y\n"));
	ok(table("1\t2\t3\t4\t5\t6\t7\t8\t9\t10",
	    "1  2  3  4  5  6  7  8  9  10\n"));
	ok(table("", ""));
	/* a name that would turn its line around is as wide as it is shown */
	ok(table("a\xe2\x80\xae"
		 "b\tx\nabcd\ty\n",
	    "a?b   x\nabcd  y\n"));
	ok(table("a\tb\xe2\x80\x8b\x1b[1m\n", "a  b??[1m\n"));
	/* what another cell follows is cut, a row's last one never */
	ok(table(FORTY "\t" FORTY "1\n", FORTY "  " FORTY "1\n"));
	ok(table(FORTY "1\tx\n\xc3\xa4\tx\n",
	    "012345678901234567890123456789012345678\xe2\x80\xa6  x\n"
	    "\xc3\xa4                                         x\n"));
	ok(table("\xc3\xa4" FORTY "\tx\n",
	    "\xc3\xa4"
	    "01234567890123456789012345678901234567"
	    "\xe2\x80\xa6  x\n"));
}

static const char *
second_is_green(size_t column, const char *cell, size_t n)
{
	return column == 1 && n == 2 && memcmp(cell, "ok", 2) == 0 ? "<g>"
								   : NULL;
}

static bool
shown(const char *rows, struct mc_table_view view, const char *want)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_buf_puts(&in, rows, &e) &&
	    mc_table_show(&in, &view, &out, &e) && mc_buf_is(&out, want);
}

static void
tables_fit_a_terminal(void)
{
	const char *rows = "id\tst\twho\tname\n"
			   "0123456789\tok\tsomebody with a name\tphone\n";

	/* wide enough: as ever */
	ok(shown(rows, (struct mc_table_view){ .width = 80, .headings = true },
	    "id          st  who                   name\n"
	    "0123456789  ok  somebody with a name  phone\n"));
	/* the widest column but the first gives way, so that the last has 8 */
	ok(shown(rows, (struct mc_table_view){ .width = 36, .headings = true },
	    "id          st  who         name\n"
	    "0123456789  ok  somebody \xe2\x80\xa6  phone\n"));
	/* last cells are cut where nothing else can be */
	ok(shown(rows, (struct mc_table_view){ .width = 28, .headings = true },
	    "id          st  who       n\xe2\x80\xa6\n"
	    "0123456789  ok  somebod\xe2\x80\xa6  p\xe2\x80\xa6\n"));
	ok(shown("\xc3\xa4\xc3\xb6\xc3\xbc\n",
	    (struct mc_table_view){ .width = 3, .headings = false },
	    "\xc3\xa4\xc3\xb6\xc3\xbc\n"));
	ok(shown("\xc3\xa4\xc3\xb6\xc3\xbc\n",
	    (struct mc_table_view){ .width = 2, .headings = false },
	    "\xc3\xa4\xe2\x80\xa6\n"));
	/* escape sequences take no room */
	ok(shown("a\tst\tc\nb\tok\td\n",
	    (struct mc_table_view){
		.width = 80, .headings = true, .colour = second_is_green },
	    "\x1b[1ma\x1b[0m  \x1b[1mst\x1b[0m  \x1b[1mc\x1b[0m\n"
	    "b  <g>ok\x1b[0m  d\n"));
	ok(shown(
	    "", (struct mc_table_view){ .width = 10, .headings = true }, ""));
	/* a rigid column keeps its width, and an end is kept where it is cut */
	ok(shown("id\t2027-11-22\tsomebody\t/O=ACME/CN=\xc3\xa4\n",
	    (struct mc_table_view){
		.width = 34, .rigid = 1U << 1, .tails = 1U << 3 },
	    "id  2027-11-22  somebody  \xe2\x80\xa6"
	    "ME/CN=\xc3\xa4\n"));
	/* the last one has its room before others */
	ok(shown("id\tsomebody with a name\t/CN=a longer one\n",
	    (struct mc_table_view){ .width = 36 },
	    "id  somebody with\xe2\x80\xa6  /CN=a longer one\n"));
	ok(shown(FORTY "12\tx\n", (struct mc_table_view){ .whole = true },
	    FORTY "12  x\n"));
}

static void
days_and_times_are_read(void)
{
	static const char *const bad[] = { "", "2026", "2026-02-30",
		"2026-00-10", "2026-1-01", "2026-11-22T12:00:00",
		"2026-11-22 12:00:00Z", "2026-11-22T24:00:00Z",
		"2026-11-22T12:60:00Z", "1969-12-31", "20x6-11-22",
		"2026-11-22T12:00:00z", "2026/11/22", "2026-11-22Z",
		"2023-02-29", "+026-11-22" };
	char text[MC_TIME_TEXT];
	int64_t t = 7;

	ok(mc_time_parse("1970-01-01", &t) && t == 0);
	ok(mc_time_parse("2026-11-22", &t) && t == 1795305600);
	ok(mc_time_parse("2026-11-22T12:34:56Z", &t) && t == 1795350896);
	ok(strcmp(mc_time_format(t, text), "2026-11-22T12:34:56Z") == 0);
	ok(mc_time_parse("2024-02-29", &t) && t == 1709164800);
	ok(mc_time_parse("9999-12-31T23:59:59Z", &t) && t == 253402300799);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!mc_time_parse(bad[i], &t));
}

static void
facts_hold_no_control_characters(void)
{
	AUTO_FACTS f = { 0 };
	AUTO_BUF lines = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char *env[] = { (char *)(uintptr_t) "PATH=/bin",
		(char *)(uintptr_t) "MCPROFILE_USER=bob", NULL };

	ok(mc_facts_set(&f, "USER", "alice", &e));
	ok(mc_facts_load(&f, env, &e) && f.n == 1);
	ok(strcmp(mc_facts_get(&f, "USER"), "bob") == 0);
	ok(!mc_facts_get(&f, "USE"));
	ok(!mc_facts_set(&f, "USER", "a\nb", &e) && e.code == MC_MALFORMED);
	ok(!mc_facts_set(&f, "USER", "a\xc2\x9b", &e) &&
	    strcmp(e.text, "fact USER: holds a control character") == 0);
	ok(!mc_facts_set(&f, "USER", "a\xff", &e) &&
	    strcmp(e.text, "fact USER: is not UTF-8") == 0);
	ok(strcmp(mc_facts_get(&f, "USER"), "bob") == 0);
	ok(!mc_facts_set(&f, "user", "a", &e));
	ok(!mc_facts_set(&f, "", "a", &e));
	ok(mc_buf_puts(&lines, "A=1\nB=2=3\n\nC=", &e));
	ok(mc_facts_parse(&f, &lines, &e) && f.n == 4);
	ok(strcmp(mc_facts_get(&f, "B"), "2=3") == 0);
	mc_buf_clear(&lines);
	ok(mc_buf_puts(&lines, "nonsense\n", &e));
	ok(!mc_facts_parse(&f, &lines, &e));
	mc_buf_clear(&lines);
	ok(mc_facts_encode(&f, &lines, &e) &&
	    mc_buf_is(&lines, "USER=bob\nA=1\nB=2=3\nC=\n"));
}

static void
facts_have_a_limit(void)
{
	AUTO_FACTS f = { 0 };
	AUTO_BUF value = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char name[16];
	bool good = true;

	while (good && value.len < MC_FACT_LIMIT)
		good = mc_buf_puts(&value, "x", &e);
	ok(good && mc_facts_set(&f, "A", mc_buf_str(&value), &e));
	ok(mc_buf_puts(&value, "x", &e));
	ok(!mc_facts_set(&f, "A", mc_buf_str(&value), &e) &&
	    e.code == MC_MALFORMED);
	ok(strcmp(e.text, "fact A: longer than 16384 bytes") == 0);
	ok(strlen(mc_facts_get(&f, "A")) == MC_FACT_LIMIT);
	for (int i = 1; good && i < MC_FACTS_MAX; i++) {
		snprintf(name, sizeof(name), "N%d", i);
		good = mc_facts_set(&f, name, "", &e);
	}
	ok(good && !mc_facts_set(&f, "M", "", &e) && e.code == MC_MALFORMED);
	ok(mc_facts_set(&f, "N1", "replaced", &e) && f.n == MC_FACTS_MAX);
}

static bool
base64(const char *s, bool lax, const char *want)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_base64_parse(s, strlen(s), lax, &b, &e))
		return want == NULL;
	return want && mc_buf_is(&b, want);
}

static void
base64_is_strict(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	uint8_t raw[2];

	ok(base64("Zm9vYmFy", false, "foobar"));
	ok(base64("Zm9v\n\tYg==", false, "foob"));
	ok(base64("Zm9vYg", true, "foob") && base64("Zm9vYg", false, NULL));
	ok(base64("Zm9vYg=", true, NULL) && base64("Zm9vYh==", false, NULL));
	ok(base64("Zm9v=", false, NULL) && base64("Zg==Zg==", false, NULL));
	ok(base64("Z", true, NULL) && base64("Zm9-", false, NULL));
	ok(base64("", false, ""));
	ok(mc_base64_encode("foob", 4, &b, &e) && mc_buf_is(&b, "Zm9vYg=="));
	ok(mc_hex_parse("0aFf", raw, 2) && raw[0] == 10 && raw[1] == 255);
	ok(!mc_hex_parse("0aF", raw, 2) && !mc_hex_parse("0aFg", raw, 2));
}

static void
times_are_utc(void)
{
	char text[MC_TIME_TEXT];
	int64_t began;
	int64_t s;

	ok(strcmp(mc_time_format(0, text), "1970-01-01T00:00:00Z") == 0);
	ok(strcmp(mc_time_format(4102444800, text), "2100-01-01T00:00:00Z") ==
	    0);
	ok(mc_time_seconds_parse("90", &s) && s == 90);
	ok(mc_time_seconds_parse("1y", &s) && s == 31536000);
	ok(!mc_time_seconds_parse("", &s) && !mc_time_seconds_parse("h", &s));
	ok(!mc_time_seconds_parse("1hh", &s) &&
	    !mc_time_seconds_parse("99999999999", &s));
	s = 7;
	ok(!mc_time_seconds_parse("0", &s) && !mc_time_seconds_parse("0s", &s));
	ok(!mc_time_seconds_parse("000h", &s) && s == 7);
	ok(mc_time_seconds_parse("01m", &s) && s == 60);
	mc_time_set(1000);
	ok(mc_time_now() == 1000);
	mc_time_set(0);
	ok(mc_time_now() > 1700000000);
	began = mc_time_ms();
	usleep(20000);
	ok(mc_time_ms() - began >= 20 && mc_time_ms() - began < 10000);
}

static void
files_appear_whole_or_not_at_all(const char *dir)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF b = MC_BUF_INIT;
	AUTO_BUF back = MC_BUF_INIT;
	AUTO_BUF link = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct mc_err why = MC_ERR_INIT;
	struct stat st;

	ok(mc_path_join(dir, "f", &path, &e) && mc_buf_puts(&b, "one", &e));
	ok(mc_file_create(mc_buf_str(&path), &b, 0600, &e));
	ok(!mc_file_create(mc_buf_str(&path), &b, 0600, &e) &&
	    e.code == MC_DENIED);
	ok(mc_path_join(dir, "f: exists already", &back, &why));
	ok(strcmp(e.text, mc_buf_str(&back)) == 0); /* said once */
	mc_buf_clear(&back);
	ok(stat(mc_buf_str(&path), &st) == 0 && (st.st_mode & 0777) == 0600);
	mc_buf_clear(&b);
	ok(mc_buf_puts(&b, "two", &e));
	ok(mc_file_save(mc_buf_str(&path), &b, 0644, &e));
	ok(mc_file_load(mc_buf_str(&path), &back, &e) &&
	    mc_buf_is(&back, "two"));
	ok(mc_file_update(mc_buf_str(&path), &b, 0600, &e));
	ok(stat(mc_buf_str(&path), &st) == 0 && (st.st_mode & 0777) == 0644);
	ok(mc_path_join(dir, "link", &link, &e) &&
	    symlink("f", mc_buf_str(&link)) == 0);
	ok(mc_file_update(mc_buf_str(&link), &link, 0600, &e));
	ok(lstat(mc_buf_str(&link), &st) == 0 && S_ISLNK(st.st_mode));
	mc_buf_clear(&back);
	ok(mc_file_load(mc_buf_str(&path), &back, &e) &&
	    mc_buf_is(&back, mc_buf_str(&link)));
	unlink(mc_buf_str(&path));
	ok(!mc_file_update(mc_buf_str(&link), &b, 0600, &e) &&
	    e.code == MC_IO && strstr(e.text, "link: its target: "));
	ok(mc_file_update(mc_buf_str(&path), &b, 0600, &e));
	ok(stat(mc_buf_str(&path), &st) == 0 && (st.st_mode & 0777) == 0600);
	unlink(mc_buf_str(&link));
	ok(!mc_file_load("/nonexistent", &back, &e) && e.code == MC_NOINPUT);
	ok(!mc_file_save("/nonexistent/f", &b, 0644, &e) && e.code == MC_IO);
	ok(!mc_file_save("/dev/full", &b, 0644, &e) && e.code == MC_IO);
	ok(mc_dir_make(dir, 0700, &e) &&
	    !mc_dir_make(mc_buf_str(&path), 0700, &e));
	unlink(mc_buf_str(&path));
}

static void
secrets_come_from_places(const char *dir)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF spec = MC_BUF_INIT;
	AUTO_BUF s = MC_BUF_INIT;
	AUTO_FACTS f = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_path_join(dir, "s", &path, &e) && mc_buf_puts(&s, "pw\n", &e));
	ok(mc_file_save(mc_buf_str(&path), &s, 0600, &e));
	mc_buf_clear(&s);
	ok(mc_buf_printf(&spec, &e, "file:%s", mc_buf_str(&path)));
	ok(mc_secret_load(mc_buf_str(&spec), NULL, &s, &e) &&
	    mc_buf_is(&s, "pw"));
	mc_buf_clear(&s);
	setenv("SOME_SECRET", "xyz", 1);
	ok(mc_secret_load("env:SOME_SECRET", NULL, &s, &e) &&
	    mc_buf_is(&s, "xyz"));
	ok(!getenv("SOME_SECRET"));
	ok(!mc_secret_load("env:SOME_SECRET", NULL, &s, &e) &&
	    e.code == MC_NOINPUT);
	ok(!mc_secret_load("hunter2", NULL, &s, &e) && e.code == MC_USAGE);
	ok(!strstr(e.text, "hunter2"));
	mc_buf_clear(&s);
	ok(mc_facts_set(&f, "TOKEN", "t", &e) &&
	    mc_secret_load("env:MCPROFILE_TOKEN", &f, &s, &e) &&
	    mc_buf_is(&s, "t"));
	ok(!mc_secret_load("fd:x", NULL, &s, &e) && e.code == MC_USAGE);
	ok(!mc_secret_load("fd:1", NULL, &s, &e) && e.code == MC_USAGE);
	ok(truncate(mc_buf_str(&path), 0) == 0);
	ok(!mc_secret_load(mc_buf_str(&spec), NULL, &s, &e) &&
	    e.code == MC_MALFORMED);
	unlink(mc_buf_str(&path));
}

static void
a_log_line_cannot_be_forged(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct mc_log_field fields[] = { { "user", "a\"\n{\"x\":1}" },
		{ "none", NULL }, { "bytes", "\xff!" }, { "csi", "\xc2\x9b" },
		{ NULL, NULL } };

	ok(mc_log_encode(fields, &b, &e));
	ok(mc_buf_is(&b,
	    "{\"user\":\"a\\\"\\n{\\\"x\\\":1}\",\"bytes\":\"?!\","
	    "\"csi\":\"\\u009B\"}\n"));
}

static void
uuids_are_upper_case(void)
{
	char a[MC_UUID_TEXT];
	char b[MC_UUID_TEXT];

	mc_uuid_new(a);
	mc_uuid_new(b);
	ok(mc_uuid_check(a) && strcmp(a, b) != 0 && a[14] == '4');
	ok(strspn(a, "0123456789ABCDEF-") == 36);
	ok(!mc_uuid_check("x") && !mc_uuid_check(""));
}

int
main(void)
{
	char dir[] = "/tmp/mcprofile-unit-XXXXXX";

	if (!mkdtemp(dir))
		return 1;
	a_buffer_refuses_to_pass_its_limit();
	a_buffer_is_a_c_string_at_every_length();
	errors_read_outermost_first();
	options_are_parsed_by_their_table();
	the_same_table_reads_a_file();
	text_is_utf8_without_control_characters();
	text_for_people_hides_nothing();
	tables_are_aligned();
	tables_fit_a_terminal();
	days_and_times_are_read();
	facts_hold_no_control_characters();
	facts_have_a_limit();
	base64_is_strict();
	times_are_utc();
	files_appear_whole_or_not_at_all(dir);
	secrets_come_from_places(dir);
	a_log_line_cannot_be_forged();
	uuids_are_upper_case();
	rmdir(dir);
	return done();
}

/* SPDX-License-Identifier: ISC */
#include "plist/plist.h"

#include <float.h>
#include <locale.h>

#include "plist/path.h"
#include "plist_help.h"
#include "tap.h"

/* Encoding gives want, and parsing that gives the same bytes again. */
static bool
encodes(const mc_plist *p, struct mc_buf *out)
{
	AUTO_BUF again = MC_BUF_INIT;
	AUTO(mc_plist) *q = NULL;
	struct mc_err e = MC_ERR_INIT;

	return p && mc_plist_encode(p, out, &e) &&
	    mc_plist_parse(out, 64, &q, &e) && mc_plist_encode(q, &again, &e) &&
	    again.len == out->len &&
	    memcmp(again.data, out->data, out->len) == 0;
}

static bool
round_trip(const char *text)
{
	AUTO(mc_plist) *p = mc_plist_new_dict();
	AUTO(mc_plist) *q = NULL;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return p && mc_plist_set(p, text, mc_plist_new_str(text)) &&
	    encodes(p, &out) && mc_plist_parse(&out, 64, &q, &e) &&
	    mc_plist_get_str(q, text) &&
	    strcmp(mc_plist_get_str(q, text), text) == 0;
}

static void
writing(void)
{
	static const char want[] =
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" DOCTYPE
	    "\n<plist version=\"1.0\">\n<dict>\n\t<key>k&lt;</key>\n"
	    "\t<array>\n\t\t<string>a&amp;&lt;b&gt;&#13;</string>\n"
	    "\t\t<true/>\n\t\t<false/>\n\t\t<integer>-9223372036854775808"
	    "</integer>\n\t\t<real>0.10000000000000001</real>\n"
	    "\t\t<date>2069-01-19T03:14:07Z</date>\n"
	    "\t\t<date>1932-12-13T20:45:52Z</date>\n\t\t<data>\n\t\tAAEC\n"
	    "\t\t</data>\n\t\t<dict/>\n\t\t<array/>\n\t</array>\n</dict>\n"
	    "</plist>\n";
	AUTO(mc_plist) *p = mc_plist_new_dict();
	mc_plist *a = mc_plist_new_array();
	AUTO_BUF out = MC_BUF_INIT;

	ok(mc_plist_append(a, mc_plist_new_str("a&<b>\r")) &&
	    mc_plist_append(a, mc_plist_new_bool(true)) &&
	    mc_plist_append(a, mc_plist_new_bool(false)) &&
	    mc_plist_append(a, mc_plist_new_int(INT64_MIN)) &&
	    mc_plist_append(a, mc_plist_new_real(0.1)) &&
	    mc_plist_append(a, mc_plist_new_date(MC_PLIST_DATE_MAX)) &&
	    mc_plist_append(a, mc_plist_new_date(MC_PLIST_DATE_MIN)) &&
	    mc_plist_append(a, mc_plist_new_data("\0\1\2", 3)) &&
	    mc_plist_append(a, mc_plist_new_dict()) &&
	    mc_plist_append(a, mc_plist_new_array()) &&
	    mc_plist_set(p, "k<", a));
	ok(encodes(p, &out));
	ok(mc_buf_is(&out, want));
	ok(round_trip("]]>") && round_trip("</string><key>") &&
	    round_trip("&amp;&#13;") && round_trip("\t\r\n\r\r\n a ") &&
	    round_trip("\xf0\x9f\x98\x80\xc2\x85\xe2\x80\xa8") &&
	    round_trip(""));
}

/* Every number comes back as it was, through the text. */
static void
numbers(void)
{
	static const int64_t ints[] = { 0, -1, 1, INT64_MIN, INT64_MIN + 1,
		INT64_MAX, INT64_MAX - 1, INT32_MIN, UINT32_MAX };
	static const double reals[] = { 0, 0.1, 1e300, -0.5, 5, 1.0 / 3,
		DBL_MAX, -DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 123456789.12345679 };
	AUTO(mc_plist) *a = mc_plist_new_array();
	AUTO(mc_plist) *q = NULL;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	size_t n = sizeof(ints) / sizeof(*ints);
	int64_t i;
	double v;

	for (size_t k = 0; k < n; k++)
		ok(mc_plist_append(a, mc_plist_new_int(ints[k])));
	for (size_t k = 0; k < sizeof(reals) / sizeof(*reals); k++)
		ok(mc_plist_append(a, mc_plist_new_real(reals[k])));
	ok(encodes(a, &out) && mc_plist_parse(&out, 1, &q, &e));
	for (size_t k = 0; k < n; k++)
		ok(mc_plist_int(mc_plist_at(q, k), &i) && i == ints[k]);
	for (size_t k = 0; k < sizeof(reals) / sizeof(*reals); k++)
		ok(mc_plist_real(mc_plist_at(q, n + k), &v) &&
		    memcmp(&v, &reals[k], sizeof(v)) == 0);
}

/* A copy has the bytes of what it was made from, and nothing else of it. */
static void
copying(void)
{
	AUTO(mc_plist) *p = parse(P(
	    "<dict><key>a</key><array><true/><integer>-1</integer><real>0.5"
	    "</real><date>2020-02-29T23:59:59Z</date><data>AAEC</data><data/>"
	    "<string>x&#13;</string><dict/><array/></array><key></key><false/>"
	    "</dict>"));
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	AUTO(mc_plist) *q = mc_plist_dup(p);

	ok(p && encodes(p, &once));
	mc_plist_free(take(&p));
	ok(encodes(q, &twice) && mc_buf_is(&twice, mc_buf_str(&once)));
	ok(!mc_plist_dup(NULL));
}

static void
walking(void)
{
	AUTO(mc_plist) *p = parse(
	    P("<dict><key>b</key><array><false/><true/></array>"
	      "<key>a</key><string/></dict>"));
	AUTO_PLIST_ITER it = { .in = p };
	AUTO_PLIST_ITER items = { .in = mc_plist_get(p, "b") };
	AUTO_PLIST_ITER none = { .in = mc_plist_get(p, "a") };
	AUTO_PLIST_ITER nothing = { 0 };
	bool b;

	ok(mc_plist_iter_next(&it) && it.i == 0 && strcmp(it.key, "b") == 0 &&
	    it.value == mc_plist_get(p, "b"));
	ok(mc_plist_iter_next(&it) && it.i == 1 && strcmp(it.key, "a") == 0 &&
	    it.value == mc_plist_get(p, "a"));
	ok(!mc_plist_iter_next(&it) && !it.key && !it.value && !it.failed &&
	    !mc_plist_iter_next(&it));
	ok(mc_plist_iter_next(&items) && mc_plist_iter_next(&items) &&
	    items.i == 1 && !items.key && mc_plist_bool(items.value, &b) && b);
	ok(!mc_plist_iter_next(&items));
	ok(!mc_plist_iter_next(&none) && !mc_plist_iter_next(&nothing));
}

static void
building(void)
{
	AUTO(mc_plist) *p = mc_plist_new_dict();
	AUTO(mc_plist) *s = mc_plist_new_str("text");

	ok(mc_plist_set(p, "a", mc_plist_new_int(1)) &&
	    mc_plist_set(p, "b", mc_plist_new_str("old")) &&
	    mc_plist_set(p, "c", mc_plist_new_int(3)));
	ok(mc_plist_set(p, "b", mc_plist_new_str("new")) &&
	    mc_plist_len(p) == 3 && key_is(p, 1, "b") &&
	    strcmp(mc_plist_get_str(p, "b"), "new") == 0);
	/* what cannot be added is freed */
	ok(!mc_plist_set(p, "d", NULL) && !mc_plist_set(NULL, "d", NULL) &&
	    !mc_plist_append(p, mc_plist_new_int(1)) &&
	    !mc_plist_set(p, "\1", mc_plist_new_int(1)) &&
	    !mc_plist_set(s, "k", mc_plist_new_int(1)) && mc_plist_len(p) == 3);
	ok(mc_plist_remove(p, "b") && !mc_plist_get(p, "b") &&
	    !mc_plist_remove(p, "b") && !mc_plist_remove(s, "b"));
	ok(mc_plist_remove(p, "a") && key_is(p, 0, "c") &&
	    mc_plist_len(p) == 1);
	ok(mc_plist_str_set(s, "other") &&
	    strcmp(mc_plist_str(s), "other") == 0 &&
	    !mc_plist_str_set(s, "\1") && !mc_plist_str_set(p, "x"));
	ok(!mc_plist_new_str("\1") && !mc_plist_new_str("\xc3") &&
	    !mc_plist_new_str("\xc0\x80") &&
	    !mc_plist_new_str("\xed\xa0\x80") &&
	    !mc_plist_new_str("\xef\xbf\xbf") &&
	    !mc_plist_new_str("\xf4\x90\x80\x80"));
	ok(mc_plist_text_check("\xf4\x8f\xbf\xbf\xee\x80\x80\xed\x9f\xbf\x7f"));
	ok(!mc_plist_new_real(1e308 * 10) &&
	    !mc_plist_new_date(MC_PLIST_DATE_MAX + 1) &&
	    !mc_plist_new_date(MC_PLIST_DATE_MIN - 1));
}

static void
paths(void)
{
	struct mc_path a = { NULL, "PayloadContent", 0 };
	struct mc_path b = { &a, NULL, 2 };
	struct mc_path c = { &b, "SSID\n_STR", 0 };
	char long_key[200];
	char text[MC_PATH_TEXT];
	char quoted[MC_QUOTE_TEXT];

	ok(strcmp(mc_path_encode(NULL, text), "the top") == 0);
	ok(strcmp(mc_path_encode(&c, text), "PayloadContent[2].SSID?_STR") ==
	    0);
	memset(long_key, 'x', sizeof(long_key) - 1);
	long_key[sizeof(long_key) - 1] = '\0';
	ok(strlen(mc_path_quote(long_key, quoted)) == MC_QUOTE_TEXT - 1);
	memcpy(long_key + MC_QUOTE_TEXT - 5, "\xc3\xa9", 2);
	ok(mc_plist_text_check(mc_path_quote(long_key, quoted)) &&
	    strcmp(quoted + strlen(quoted) - 4, "x...") == 0);
	ok(strcmp(mc_path_quote("a\xc2\x9b"
				"b\x1b",
		      quoted),
	       "a??b?") == 0);
}

int
main(void)
{
	setlocale(LC_ALL, "");
	writing();
	numbers();
	building();
	copying();
	walking();
	paths();
	return done();
}

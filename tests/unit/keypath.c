/* SPDX-License-Identifier: ISC */
/* Key paths: what people write, what messages say, what is at them. */
#include "plist/path.h"

#include "plist_help.h"
#include "tap.h"

static const char profile[] = P(
    "<dict><key>PayloadContent</key><array><dict>"
    "<key>PayloadType</key><string>com.apple.wifi.managed</string>"
    "<key>PayloadIdentifier</key><string>com.acme.wifi</string>"
    "<key>PayloadUUID</key><string>0A0B</string>"
    "<key>SSID_STR</key><string>ACME</string>"
    "<key>EAPClientConfiguration</key><dict><key>UserName</key>"
    "<string>alice</string></dict></dict><dict>"
    "<key>PayloadType</key><string>com.apple.wifi.managed</string>"
    "<key>key.with.dots</key><true/></dict></array>"
    "<key>PayloadVersion</key><integer>1</integer><key></key><false/>"
    "</dict>");

static bool
path_parse(const char *s, struct mc_keypath *p)
{
	struct mc_err e = MC_ERR_INIT;
	bool done = mc_keypath_parse(s, strlen(s), p, &e);

	if (!done && e.code != MC_USAGE)
		abort();
	snprintf(said, sizeof(said), "%s", e.text);
	return done;
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
bad_path(const char *s, const char *why)
{
	AUTO_KEYPATH p = { .n = 0 };

	return !path_parse(s, &p) && p.n == 0 && said_is(why);
}

/* What is at path of the profile; NULL, and what was said. */
static mc_plist *
at(const mc_plist *top, const char *path)
{
	AUTO_KEYPATH p = { .n = 0 };
	struct mc_err e = MC_ERR_INIT;
	mc_plist *node = NULL;

	if (!path_parse(path, &p))
		abort();
	if (mc_keypath_get(top, &p, &node, &e) != (node != NULL))
		abort();
	snprintf(said, sizeof(said), "%s", e.text);
	return node;
}

static bool
nothing_at(const mc_plist *top, const char *path, const char *why)
{
	return !at(top, path) && said_is(why);
}

static bool
set(mc_plist *top, const char *path, mc_plist *node)
{
	AUTO_KEYPATH p = { .n = 0 };
	struct mc_err e = MC_ERR_INIT;
	bool done;

	if (!path_parse(path, &p))
		abort();
	done = mc_keypath_set(top, &p, node, &e);
	snprintf(said, sizeof(said), "%s", e.text);
	return done;
}

static bool
removed(mc_plist *top, const char *path)
{
	AUTO_KEYPATH p = { .n = 0 };
	struct mc_err e = MC_ERR_INIT;
	bool done;

	if (!path_parse(path, &p))
		abort();
	done = mc_keypath_remove(top, &p, &e);
	snprintf(said, sizeof(said), "%s", e.text);
	return done;
}

static void
parsing(void)
{
	AUTO_KEYPATH p = { .n = 0 };
	AUTO_KEYPATH q = { .n = 0 };

	ok(path_parse("PayloadContent[12].a\\.b.\"c.d\\\"e\"[+][com.x]", &p));
	ok(p.n == 6 && p.v[0].kind == MC_STEP_KEY &&
	    strcmp(p.v[0].text, "PayloadContent") == 0);
	ok(p.v[1].kind == MC_STEP_INDEX && p.v[1].i == 12 && p.v[1].at == 14);
	ok(strcmp(p.v[2].text, "a.b") == 0 && p.v[2].at == 19);
	ok(strcmp(p.v[3].text, "c.d\"e") == 0);
	ok(p.v[4].kind == MC_STEP_APPEND);
	ok(p.v[5].kind == MC_STEP_MATCH && strcmp(p.v[5].text, "com.x") == 0);
	ok(path_parse("[0][\"1\"].\"\"", &q) && q.n == 3 &&
	    q.v[0].kind == MC_STEP_INDEX && q.v[1].kind == MC_STEP_MATCH &&
	    strcmp(q.v[1].text, "1") == 0 && q.v[2].kind == MC_STEP_KEY &&
	    strcmp(q.v[2].text, "") == 0);
	ok(bad_path("", "key path \"\", column 1: want a key here"));
	ok(bad_path("a.", "key path \"a.\", column 3: want a key here"));
	ok(bad_path("a..b", "key path \"a..b\", column 3: want a key here"));
	ok(bad_path(".a", "key path \".a\", column 1: want a key here"));
	ok(bad_path(
	    "a[0]b", "key path \"a[0]b\", column 5: want \".\" or \"[\" here"));
	ok(bad_path(
	    "a[0", "key path \"a[0\", column 2: the bracket does not end"));
	ok(bad_path("a[]",
	    "key path \"a[]\", column 2: want a number, +, or a payload's type "
	    "or identifier in brackets"));
	ok(bad_path("a[1234567890]",
	    "key path \"a[1234567890]\", column 2: a number that no array "
	    "has"));
	ok(bad_path(
	    "a.\"b", "key path \"a.\"b\", column 3: the quotes do not end"));
	ok(bad_path("a\\",
	    "key path \"a\\\", column 2: a backslash with nothing behind it"));
	ok(bad_path("a\x01",
	    "key path \"a?\", column 1: not UTF-8, or a control character"));
	ok(bad_path("\xc3",
	    "key path \"\xc3\", column 1: not UTF-8, or a control character"));
}

static void
getting(void)
{
	AUTO(mc_plist) *top = parse(profile);
	bool b;

	ok(strcmp(mc_plist_str(at(top, "PayloadContent[0].SSID_STR")),
	       "ACME") == 0);
	ok(strcmp(mc_plist_str(at(top,
		      "PayloadContent[com.acme.wifi].EAPClientConfiguration."
		      "UserName")),
	       "alice") == 0);
	ok(at(top, "PayloadContent[0a0b]") == at(top, "PayloadContent[0]"));
	ok(mc_plist_bool(at(top, "PayloadContent[1].\"key.with.dots\""), &b));
	ok(mc_plist_bool(at(top, "PayloadContent[1].key\\.with\\.dots"), &b));
	ok(mc_plist_bool(at(top, "\"\""), &b) && !b);
	ok(nothing_at(top, "PayloadContent[0].SSID_STRR",
	    "PayloadContent[0]: no key \"SSID_STRR\"; near it: SSID_STR"));
	ok(nothing_at(top, "PayloadContent[1].Zzz",
	    "PayloadContent[1]: no key \"Zzz\"; it has PayloadType, "
	    "key.with.dots"));
	ok(nothing_at(top, "PayloadContent[2]",
	    "PayloadContent: no item [2]; it has 2, from [0] on"));
	ok(nothing_at(top, "PayloadContent[7]",
	    "PayloadContent: no item [7]; it has 2, from [0] on"));
	ok(nothing_at(top, "PayloadContent.Foo",
	    "PayloadContent: is an array, not a dict with a key \"Foo\"; want "
	    "[0] or another item"));
	ok(nothing_at(top, "PayloadVersion.Foo",
	    "PayloadVersion: is an integer, not a dict with a key \"Foo\""));
	ok(nothing_at(top, "[0]", "the top: is a dict, not an array"));
	ok(nothing_at(top, "PayloadContent[com.apple.wifi.managed]",
	    "PayloadContent: \"com.apple.wifi.managed\" is item [0] and item "
	    "[1]: want a number, or a PayloadIdentifier"));
	ok(nothing_at(top, "PayloadContent[com.apple.wifi.mananged]",
	    "PayloadContent: no payload \"com.apple.wifi.mananged\"; near it: "
	    "com.apple.wifi.managed"));
	ok(nothing_at(top, "PayloadContent[+]",
	    "PayloadContent[+]: is for a new item, not one there"));
}

/* What a message says of a place can be given as a path again. */
static void
telling(void)
{
	AUTO(mc_plist) *top = parse(profile);
	AUTO(mc_plist) *two = parse(
	    P("<dict><key>PayloadContents</key><true/><key>PayloadContent</key>"
	      "<true/></dict>"));

	ok(nothing_at(top, "PayloadContent[\"3\"].a",
	    "PayloadContent: no payload \"3\"; it has com.apple.wifi.managed, "
	    "com.apple.wifi.managed"));
	ok(set(top, "PayloadContent[1].PayloadIdentifier",
	       mc_plist_new_str("3")) &&
	    nothing_at(top, "PayloadContent[\"3\"].\"a]b\"",
		"PayloadContent[\"3\"]: no key \"a]b\"; it has PayloadType, "
		"key.with.dots, PayloadIdentifier"));
	ok(nothing_at(two, "PayloadConten",
	    "the top: no key \"PayloadConten\"; near it: PayloadContents, "
	    "PayloadContent"));
	ok(mc_keypath_len("A[\"x]=y\"].B:=z") == 11);
	ok(mc_keypath_len("\"a=\".b\\=c+=1") == 9);
	ok(mc_keypath_len("a\\+=1") == 3 && mc_keypath_len("a:b=:=") == 3);
	ok(mc_keypath_len("=x") == 0 && mc_keypath_len(":=x") == 0 &&
	    mc_keypath_len("a[b=c") == 0 && mc_keypath_len("abc") == 0);
}

static void
setting(void)
{
	AUTO(mc_plist) *top = parse(profile);
	AUTO_BUF before = MC_BUF_INIT;
	AUTO_BUF after = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	int64_t n;

	ok(set(top, "PayloadVersion", mc_plist_new_int(2)) &&
	    mc_plist_int(at(top, "PayloadVersion"), &n) && n == 2);
	ok(set(top, "PayloadContent[com.acme.wifi].Proxies[0].Host[+].a",
	       mc_plist_new_int(3)) &&
	    mc_plist_int(
		at(top, "PayloadContent[0].Proxies[0].Host[0].a"), &n) &&
	    n == 3);
	ok(set(top, "PayloadContent[1]", mc_plist_new_int(4)) &&
	    mc_plist_int(at(top, "PayloadContent[1]"), &n) && n == 4);
	ok(set(top, "PayloadContent[2]", mc_plist_new_int(5)) &&
	    set(top, "PayloadContent[+]", mc_plist_new_int(6)) &&
	    mc_plist_int(at(top, "PayloadContent[3]"), &n) && n == 6);
	/* what fails has changed nothing */
	ok(mc_plist_encode(top, &before, &e));
	ok(!set(top, "New.a[1]", mc_plist_new_int(1)) &&
	    said_is("New.a: no item [1]; it has 0"));
	ok(!set(top, "New[com.x].a", mc_plist_new_int(1)) &&
	    said_is("New: no payload \"com.x\": it has none"));
	ok(!set(top, "PayloadVersion.a", mc_plist_new_int(1)) &&
	    said_is("PayloadVersion: is an integer, not a dict with a key "
		    "\"a\""));
	ok(!set(top, "PayloadContent[9]", mc_plist_new_int(1)) &&
	    said_is("PayloadContent: no item [9]; it has 4, from [0] on"));
	ok(!set(top, "a", NULL));
	ok(mc_plist_encode(top, &after, &e) &&
	    mc_buf_is(&after, mc_buf_str(&before)));
	ok(removed(top, "PayloadContent[1]") &&
	    mc_plist_len(at(top, "PayloadContent")) == 3 &&
	    mc_plist_int(at(top, "PayloadContent[1]"), &n) && n == 5);
	ok(removed(top, "PayloadContent[com.acme.wifi].SSID_STR") &&
	    !at(top, "PayloadContent[0].SSID_STR"));
	ok(!removed(top, "Nope") &&
	    said_is("the top: no key \"Nope\"; it has PayloadContent, "
		    "PayloadVersion, "));
}

/* What a message calls a place is a key path to it. */
static bool
reads_back(const char *key, size_t i)
{
	AUTO_KEYPATH p = { .n = 0 };
	struct mc_path a = { NULL, key, 0 };
	struct mc_path b = { &a, NULL, i };
	struct mc_path c = { &b, key, 0 };
	char text[MC_PATH_TEXT];

	return path_parse(mc_path_encode(&c, text), &p) && p.n == 3 &&
	    strcmp(p.v[0].text, key) == 0 && p.v[1].i == i &&
	    p.v[1].kind == MC_STEP_INDEX && strcmp(p.v[2].text, key) == 0;
}

static void
reading_back(void)
{
	static const char letters[] = "a.[]\"\\=+: 0b\xc3";
	size_t n = strlen(letters) - 1;
	char key[16];
	unsigned failed = 0;

	/* every text of up to four of these, and some of the others */
	for (size_t i = 0; i < n * n * n * n; i++) {
		size_t rest = i;
		size_t len = 0;

		for (; rest; rest /= n)
			key[len++] = letters[rest % n];
		key[len] = '\0';
		failed += !reads_back(key, i);
	}
	ok(failed == 0);
	ok(reads_back("Schl\xc3\xbcssel", 7) && reads_back("", 0));
}

static void
long_paths(void)
{
	struct mc_path v[40];
	char text[MC_PATH_TEXT];

	for (size_t i = 0; i < 40; i++)
		v[i] = (struct mc_path){ i ? &v[i - 1] : NULL, "tenletters",
			0 };
	mc_path_encode(&v[39], text);
	ok(strlen(text) < MC_PATH_TEXT &&
	    strcmp(text + strlen(text) - 13, "tenletters...") == 0);
}

int
main(void)
{
	parsing();
	getting();
	telling();
	setting();
	reading_back();
	long_paths();
	return done();
}

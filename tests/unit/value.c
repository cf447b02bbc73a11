/* SPDX-License-Identifier: ISC */
#include "profile/value.h"

#include <unistd.h>

#include "base/fd.h"
#include "base/json.h"
#include "profile_help.h"
#include "tap.h"

#define WIFI "com.apple.wifi.managed"
#define CLIP "com.apple.webClip.managed"
#define SSO "com.apple.extensiblesso"
#define OURS "com.acme.settings"

#define K(name, value) "<key>" name "</key>" value
#define S(text) "<string>" text "</string>"
#define I(n) "<integer>" n "</integer>"
#define D(body) "<dict>" body "</dict>"
#define A_(body) "<array>" body "</array>"

static char told[2048];

static void
tell(const char *line)
{
	snprintf(
	    told + strlen(told), sizeof(told) - strlen(told), "%s\n", line);
}

static struct mc_value_rules
rules(bool force)
{
	return (struct mc_value_rules){
		.schema = mc_schema_builtin(), .force = force, .say = tell
	};
}

/* One word, or several that a tab divides, assigned. */
static bool
assign(const struct mc_value_rules *r, const char *type, const char *words,
    mc_plist *payload, struct mc_err *e)
{
	char text[1024];
	char *rest = text;
	char *word;

	snprintf(text, sizeof(text), "%s", words);
	while ((word = strsep(&rest, "\t")) != NULL)
		if (!mc_value_assign(r, type, payload, word, e))
			return false;
	return true;
}

static bool
same(const mc_plist *a, const char *body)
{
	AUTO(mc_plist) *b = plist(body);
	AUTO_BUF x = MC_BUF_INIT;
	AUTO_BUF y = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_plist_encode(a, &x, &e) || !mc_plist_encode(b, &y, &e))
		return false;
	if (mc_buf_is(&x, mc_buf_str(&y)))
		return true;
	printf("# want %s\n# have %s\n", mc_buf_str(&y), mc_buf_str(&x));
	return false;
}

static bool
makes(const char *type, const char *words, const char *body)
{
	struct mc_value_rules r = rules(false);
	AUTO(mc_plist) *p = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;

	if (assign(&r, type, words, p, &e))
		return same(p, body);
	printf("# %s\n", e.text);
	return false;
}

static bool
says_code(
    const char *type, const char *words, enum mc_code code, const char *want)
{
	struct mc_value_rules r = rules(false);
	AUTO(mc_plist) *p = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;

	return failed(assign(&r, type, words, p, &e), &e, code, want);
}

static bool
says(const char *type, const char *words, const char *want)
{
	return says_code(type, words, MC_USAGE, want);
}

/* By force: this is what comes out, and what is told. */
static bool
forced(const char *type, const char *words, const char *body, const char *want)
{
	struct mc_value_rules r = rules(true);
	AUTO(mc_plist) *p = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;

	*told = '\0';
	if (!assign(&r, type, words, p, &e)) {
		printf("# %s\n", e.text);
		return false;
	}
	if (strcmp(told, want) != 0) {
		printf("# want %s# told %s", want, told);
		return false;
	}
	return same(p, body);
}

static void
typed(void)
{
	ok(makes(WIFI, "SSID_STR=true\tAutoJoin=true\tHIDDEN_NETWORK=false",
	    D(K("SSID_STR", S("true")) K("AutoJoin", "<true/>")
		    K("HIDDEN_NETWORK", "<false/>"))));
	ok(makes(
	    WIFI, "ProxyServerPort=0080", D(K("ProxyServerPort", I("80")))));
	ok(makes(WIFI, "SSID_STR=", D(K("SSID_STR", "<string></string>"))));
	ok(makes(WIFI, "SSID_STR=a=b+=c:=d", D(K("SSID_STR", S("a=b+=c:=d")))));
	ok(makes(WIFI, "SSID_STR=@@fd:3", D(K("SSID_STR", S("@fd:3")))));
	ok(makes(WIFI, "SSID_STR=@@", D(K("SSID_STR", S("@")))));
	/* a key with dots in it, as the schema has it */
	ok(makes(".GlobalPreferences",
	    "com.apple.autologout.AutoLogOutDelay=1.5",
	    D(K("com.apple.autologout.AutoLogOutDelay", "<real>1.5</real>"))));
	ok(makes(".GlobalPreferences",
	    "\"com.apple.autologout.AutoLogOutDelay\"=3",
	    D(K("com.apple.autologout.AutoLogOutDelay", "<real>3</real>"))));
	/* a later one replaces */
	ok(makes(WIFI, "SSID_STR=a\tSSID_STR=b", D(K("SSID_STR", S("b")))));
	/* the profile's own */
	ok(makes(MC_SCHEMA_TOP, "PayloadScope=User",
	    D(K("PayloadScope", S("User")))));
	/* and those of every payload, before what may be any key */
	ok(makes(".GlobalPreferences", "PayloadDisplayName=x",
	    D(K("PayloadDisplayName", S("x")))));
	ok(makes(
	    WIFI, "PayloadDisplayName=x", D(K("PayloadDisplayName", S("x")))));
}

static void
nested(void)
{
	ok(makes(WIFI,
	    "EAPClientConfiguration.UserName=alice\t"
	    "EAPClientConfiguration.AcceptEAPTypes+=13\t"
	    "EAPClientConfiguration.AcceptEAPTypes+=25",
	    D(K("EAPClientConfiguration",
		D(K("UserName", S("alice"))
			K("AcceptEAPTypes", A_(I("13") I("25"))))))));
	ok(makes(WIFI, "EAPClientConfiguration.AcceptEAPTypes[0]=13",
	    D(K("EAPClientConfiguration",
		D(K("AcceptEAPTypes", A_(I("13"))))))));
	ok(makes("com.apple.security.acme",
	    "Subject[0][0][0]=CN\tSubject[0][0][1]=x",
	    D(K("Subject", A_(A_(A_(S("CN") S("x"))))))));
	ok(makes("com.apple.security.acme", "Subject:=json:[[[\"CN\",\"x\"]]]",
	    D(K("Subject", A_(A_(A_(S("CN") S("x"))))))));
	/* a string, or an array of them */
	ok(makes("com.apple.security.acme",
	    "SubjectAltName.dNSName+=a\tSubjectAltName.dNSName+=b\t"
	    "SubjectAltName.rfc822Name=c",
	    D(K("SubjectAltName",
		D(K("dNSName", A_(S("a") S("b"))) K("rfc822Name", S("c")))))));
	ok(makes("com.apple.AssetCache.managed",
	    "ListenRanges[+].first=10.0.0.1\tListenRanges[0].last=10.0.0.9\t"
	    "ListenRanges[+].first=10.1.0.1",
	    D(K("ListenRanges",
		A_(D(K("first", S("10.0.0.1")) K("last", S("10.0.0.9")))
			D(K("first", S("10.1.0.1"))))))));
	ok(makes("com.apple.AssetCache.managed",
	    "ListenRanges:=json:[{\"first\":\"10.0.0.1\"},{\"last\":\"b\"}]",
	    D(K("ListenRanges",
		A_(D(K("first", S("10.0.0.1"))) D(K("last", S("b"))))))));
	ok(says("com.apple.AssetCache.managed",
	    "ListenRanges:=json:[{\"frist\":\"10.0.0.1\"}]",
	    "com.apple.AssetCache.managed: ListenRanges: [0].frist: "
	    "no such key; did you mean first?"));
	ok(says("com.apple.AssetCache.managed",
	    "ListenRanges:=json:[{\"first\":10}]",
	    "com.apple.AssetCache.managed: ListenRanges: [0].first: "
	    "want a string, not an integer"));
}

static bool
date_is(const char *text, const char *want)
{
	char word[100];
	char body[200];

	snprintf(word, sizeof(word), "RemovalDate=%s", text);
	snprintf(
	    body, sizeof(body), D(K("RemovalDate", "<date>%s</date>")), want);
	return makes(MC_SCHEMA_TOP, word, body);
}

static bool
no_date(const char *text)
{
	struct mc_value_rules r = rules(false);
	AUTO(mc_plist) *p = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;
	char word[100];

	snprintf(word, sizeof(word), "RemovalDate=%s", text);
	return !mc_value_assign(&r, MC_SCHEMA_TOP, p, word, &e) &&
	    e.code == MC_USAGE && strstr(e.text, "want a date") &&
	    mc_plist_len(p) == 0;
}

static void
dates(void)
{
	ok(date_is("2030-12-31T23:59:59Z", "2030-12-31T23:59:59Z"));
	ok(date_is("2030-12-31t23:59:59z", "2030-12-31T23:59:59Z"));
	ok(date_is("2030-12-31T23:59:59+01:00", "2030-12-31T22:59:59Z"));
	ok(date_is("2030-12-31T23:59:59-05:30", "2031-01-01T05:29:59Z"));
	ok(date_is("2030-12-31T23:59:59-00:00", "2030-12-31T23:59:59Z"));
	ok(date_is("2028-02-29", "2028-02-29T00:00:00Z"));
	ok(no_date("2027-02-29"));
	ok(no_date("2030-12-31T23:59:60Z"));
	ok(no_date("2030-12-31T24:00:00Z"));
	ok(no_date("2030-12-31T23:59:59"));
	ok(no_date("2030-12-31 23:59:59Z"));
	ok(no_date("2030-12-31T23:59:59.5Z"));
	ok(no_date("2030-12-31T23:59:59+0100"));
	ok(no_date("2030-12-31T23:59:59+24:00"));
	ok(no_date("2030-12-31T23:59:59+01:60"));
	ok(no_date("2030-12-31T23:59:59+:1:00"));
	ok(no_date("2030-12-31T23:59:59Zx"));
	ok(no_date("tomorrow"));
	ok(no_date(""));
	/* what libplist could not hold */
	ok(no_date("2070-01-01"));
	ok(no_date("0001-01-01"));
	ok(no_date("2069-01-19T03:14:07-00:01"));
}

static void
refused(void)
{
	ok(says(WIFI, "SSID_STRING=x",
	    WIFI ": SSID_STRING: no such key; did you mean SSID_STR?"));
	ok(says(WIFI, "Colour=x", WIFI ": Colour: no such key"));
	ok(says(WIFI, "EAPClientConfiguration.UserNam=x",
	    WIFI ": EAPClientConfiguration.UserNam: no such key; "
		 "did you mean UserName?"));
	ok(says(WIFI, "EncryptionType=WPA9",
	    WIFI ": EncryptionType=WPA9: want one of WEP, WPA, WPA2, WPA3, "
		 "Any, None"));
	ok(says(
	    WIFI, "AutoJoin=yes", WIFI ": AutoJoin=yes: want true or false"));
	ok(says(WIFI, "AutoJoin=1", WIFI ": AutoJoin=1: want true or false"));
	ok(says(WIFI, "ProxyServerPort=80a",
	    WIFI ": ProxyServerPort=80a: want an integer, decimal and of 64 "
		 "bits"));
	ok(says(WIFI, "ProxyServerPort=9223372036854775808",
	    WIFI ": ProxyServerPort=9223372036854775808: want an integer, "
		 "decimal and of 64 bits"));
	ok(says(WIFI, "ProxyServerPort=99999",
	    WIFI ": ProxyServerPort=99999: want 0 to 65535"));
	ok(says(WIFI, "EAPClientConfiguration=x",
	    WIFI ": EAPClientConfiguration: want a dict: name a key of it, "
		 "KEY.NAME=VALUE, or all of it, KEY:=json:{...}"));
	ok(says(WIFI, "EAPClientConfiguration.AcceptEAPTypes=13",
	    WIFI ": EAPClientConfiguration.AcceptEAPTypes: want an array: add "
		 "items, KEY+=VALUE or KEY[0].NAME=VALUE, or all of it, "
		 "KEY:=json:[...]"));
	ok(says(WIFI, "EAPClientConfiguration.AcceptEAPTypes+=x",
	    WIFI ": EAPClientConfiguration.AcceptEAPTypes=x: want an integer, "
		 "decimal and of 64 bits"));
	ok(says(WIFI, "SSID_STR+=x",
	    WIFI ": SSID_STR: += adds to an array; this is a string"));
	ok(says(WIFI, "SSID_STR.x=1",
	    WIFI ": SSID_STR.x: what is in front of x is a string, and holds "
		 "no keys"));
	ok(says(WIFI, "SSID_STR[0]=1",
	    WIFI ": SSID_STR[0]: what is in front of the bracket is a string, "
		 "and has no items"));
	ok(says("com.apple.AssetCache.managed", "ListenRanges.first=1",
	    "com.apple.AssetCache.managed: ListenRanges.first: what is in "
	    "front of first is an array: say which item, as [0].first"));
	ok(says(CLIP, "URL=acme.com",
	    "com.apple.webClip.managed: URL=acme.com: want a URL, beginning "
	    "with its scheme"));
	ok(says("com.apple.security.acme",
	    "SubjectAltName:=json:{\"dNSName\":[\"a\",1]}",
	    "com.apple.security.acme: SubjectAltName: dNSName[1]: want a "
	    "string, "
	    "not an integer"));
	ok(says(CLIP, "Icon=hunter2",
	    CLIP ": Icon: want data: the name of a file, as @FILE, or base64, "
		 "as :=data:TEXT"));
	ok(says(WIFI, "SSID_STR=a\x01z",
	    WIFI ": SSID_STR=a?z: want text, UTF-8 without control "
		 "characters"));
	ok(says(WIFI, "SSID_STR=@",
	    WIFI ": SSID_STR: want @FILE, or @@ for a text that begins with "
		 "@"));
	ok(says(WIFI, "SSID_STR=@uuid:",
	    WIFI ": SSID_STR=@uuid:: want the type or the identifier of a "
		 "payload behind @uuid:"));
	ok(says(WIFI, "AutoJoin=@uuid:x",
	    WIFI ": AutoJoin=@uuid:x: want a boolean; @uuid: gives a string"));
	/* what is no assignment may be a password */
	ok(says(WIFI, "hunter2",
	    WIFI ": want KEY=VALUE, KEY+=VALUE or KEY:=TYPE:VALUE; a value "
		 "with blanks needs quotes"));
	ok(says(WIFI, "=hunter2",
	    WIFI ": want KEY=VALUE, KEY+=VALUE or KEY:=TYPE:VALUE; a value "
		 "with blanks needs quotes"));
	ok(says(WIFI, ":=hunter2",
	    WIFI ": want KEY=VALUE, KEY+=VALUE or KEY:=TYPE:VALUE; a value "
		 "with blanks needs quotes"));
	ok(says(WIFI, "Foo[=hunter2",
	    WIFI ": Foo[: is no key path: a quote or a bracket is not closed"));
	ok(says(MC_SCHEMA_TOP, "PayloadScope=All",
	    "PayloadScope=All: want one of System, User"));
}

static void
explicit_types(void)
{
	ok(makes(OURS,
	    "a:=string:5\tb:=boolean:true\tc:=integer:-5\td:=real:0.5\t"
	    "e:=date:2030-01-01\tf:=data:AAE=\tg:=json:{\"h\":[1,1.5,\"x\"]}",
	    D(K("a", S("5")) K("b", "<true/>") K("c", I("-5")) K(
		"d", "<real>0.5</real>") K("e",
		"<date>2030-01-01T00:00:00Z</date>") K("f", "<data>AAE=</data>")
		    K("g", D(K("h", A_(I("1") "<real>1.5</real>" S("x"))))))));
	/* whatever the schema says */
	ok(makes(WIFI, "SSID_STRING:=integer:5", D(K("SSID_STRING", I("5")))));
	ok(makes(WIFI, "AutoJoin:=string:x", D(K("AutoJoin", S("x")))));
	ok(says(OURS, "a=5",
	    OURS ": a: the schema does not have this payload, so say the "
		 "type: :=string:TEXT, :=integer:5"));
	ok(says("com.apple.wifi.mananged", "SSID_STR=x",
	    "com.apple.wifi.mananged: SSID_STR: no such payload type; did you "
	    "mean " WIFI "?"));
	ok(says(OURS, "a:=int:5",
	    OURS ": a: want string:, boolean:, integer:, real:, date:, data: "
		 "or json: behind :="));
	ok(says(OURS, "a:=interger:5",
	    OURS ": a: no such type behind :=; did you mean integer?"));
	ok(says(OURS, "Password:=hunter2",
	    OURS ": Password: want string:, boolean:, integer:, real:, date:, "
		 "data: or json: behind :="));
	ok(says(OURS, "a:=data:A", OURS ": a: want data in base64"));
	ok(says_code(OURS, "a:=json:{\"hunter2\"", MC_MALFORMED,
	    OURS ": a: 1:10: the input ends too early"));
	ok(says_code(OURS, "a:=json:hunter2", MC_MALFORMED,
	    OURS ": a: 1:6: this is not JSON"));
	ok(says(OURS, "a:=json:[null]",
	    OURS ": a: [0]: property lists have no null: leave the key out"));
	/* ANY, in a payload that is known */
	ok(says("com.apple.app.lock", "App.Thing=1",
	    "com.apple.app.lock: App.Thing: no such key"));
}

/* A type of several parts: a value may fit any of them. */
static void
parts(void)
{
	ok(makes("com.apple.MCX",
	    "EnableGuestAccount=true\ttimeServer=x\tdontAllowFDEDisable=true",
	    D(K("EnableGuestAccount", "<true/>") K("timeServer", S("x"))
		    K("dontAllowFDEDisable", "<true/>"))));
	ok(makes(SSO, "ExtensionIdentifier=com.acme.sso\tType=Redirect",
	    D(K("ExtensionIdentifier", S("com.acme.sso"))
		    K("Type", S("Redirect")))));
	ok(makes(SSO, "ExtensionData.pwReqLength=8",
	    D(K("ExtensionData", D(K("pwReqLength", I("8")))))));
	ok(says(SSO, "Type=Other",
	    SSO ": Type=Other: want one of Credential, Redirect"));
	/* anything may be there in the other part */
	ok(says(SSO, "ExtensionData.colour=red",
	    SSO ": ExtensionData.colour: any type will do there, so say "
		"which: :=string:TEXT, :=integer:5"));
	ok(makes(SSO, "ExtensionData.colour:=string:red",
	    D(K("ExtensionData", D(K("colour", S("red")))))));
}

static void
by_force(void)
{
	ok(forced(WIFI, "SSID_STRING=x", D(K("SSID_STRING", S("x"))),
	    "warning: " WIFI
	    ": SSID_STRING: no such key; did you mean SSID_STR?\n"));
	ok(forced(WIFI, "EncryptionType=WPA9",
	    D(K("EncryptionType", S("WPA9"))),
	    "warning: " WIFI
	    ": EncryptionType=WPA9: want one of WEP, WPA, WPA2, WPA3, "
	    "Any, None\n"));
	ok(forced(WIFI, "AutoJoin=yes", D(K("AutoJoin", S("yes"))),
	    "warning: " WIFI ": AutoJoin=yes: want true or false\n"));
	ok(forced(WIFI, "ProxyServerPort=99999",
	    D(K("ProxyServerPort", I("99999"))),
	    "warning: " WIFI ": ProxyServerPort=99999: want 0 to 65535\n"));
	ok(forced(OURS, "a=5", D(K("a", S("5"))),
	    "warning: " OURS
	    ": a: the schema does not have this payload, so say the "
	    "type: :=string:TEXT, :=integer:5\n"));
}

static void
save(const char *name, const char *text, size_t n)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&b, text, n, &e) || !mc_file_save(name, &b, 0600, &e))
		abort();
}

/* fd 9 gives the text, once. */
static void
feed(const char *text)
{
	int p[2];

	if (pipe(p) == -1 || dup2(p[0], 9) == -1 ||
	    write(p[1], text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	close(p[0]);
	close(p[1]);
}

static void
sources(void)
{
	struct mc_value_rules r = rules(false);
	AUTO(mc_plist) *p = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;
	bool secret = false;

	save("text", "two\nlines\r\n", 11);
	save("bytes", "\0\1\n", 3);
	ok(makes(WIFI, "SSID_STR=@text", D(K("SSID_STR", S("two\nlines")))));
	ok(makes(CLIP, "Icon=@bytes", D(K("Icon", "<data>AAEK</data>"))));
	/* a source's last line end is data's own */
	ok(makes(CLIP, "Icon=@file:bytes", D(K("Icon", "<data>AAEK</data>"))));
	ok(makes(OURS, "a:=data:@bytes", D(K("a", "<data>AAEK</data>"))));
	ok(says(WIFI, "SSID_STR=@bytes",
	    WIFI ": SSID_STR: want a string; what was read holds a NUL"));
	ok(says_code(WIFI, "SSID_STR=@nothere", MC_NOINPUT,
	    WIFI ": SSID_STR: nothere: No such file or directory"));
	feed("s3cret\n");
	r.secret = &secret;
	ok(mc_value_assign(&r, WIFI, p, "SSID_STR=@text", &e) && !secret);
	ok(mc_value_assign(&r, WIFI, p, "Password=@fd:9", &e) && secret);
	ok(is(mc_plist_get(p, "Password"), "s3cret"));
	setenv("MC_TEST_PORT", "8080", 1);
	ok(makes(WIFI, "ProxyServerPort=@env:MC_TEST_PORT",
	    D(K("ProxyServerPort", I("8080")))));
	ok(getenv("MC_TEST_PORT") == NULL);
	ok(says_code(WIFI, "Password=@env:MC_TEST_PORT", MC_NOINPUT,
	    WIFI ": Password: env:MC_TEST_PORT: there is no such variable"));
	feed("\n");
	ok(says_code(WIFI, "Password=@fd:9", MC_MALFORMED,
	    WIFI ": Password: fd:9: is empty"));
	unlink("text");
	unlink("bytes");
}

/* What came from a source, or sounds like a secret, is in no message. */
static void
silence(void)
{
	static const char *const words[] = { "EncryptionType=@env:H",
		"AutoJoin=@env:H", "ProxyServerPort=@env:H",
		"EAPClientConfiguration=@env:H", "RemovalDate=@env:H",
		"SSID_STR:=boolean:@env:H", "Password:=integer:hunter2",
		"Password:=json:hunter2", "Password:=hunter2", "hunter2",
		"Pasword=hunter2", "x:=json:@env:H", "Password=hunter2\x01",
		"EAPClientConfiguration:=json:{\"UserName\":{\"@secret\":"
		"\"env:H\"},\"TLSMinimumVersion\":\"hunter2\"}",
		"Password.hunter2" };
	struct mc_value_rules r = rules(false);
	const size_t n = sizeof(words) / sizeof(*words);

	for (size_t i = 0; i < 2 * n; i++) {
		AUTO(mc_plist) *p = mc_plist_new_dict();
		struct mc_err e = MC_ERR_INIT;
		bool done;

		setenv("H", "hunter2", 1);
		*told = '\0';
		r.force = i >= n;
		done = mc_value_assign(&r, WIFI, p, words[i % n], &e);
		ok((r.force || !done) && !strstr(e.text, "hunter2") &&
		    !strstr(told, "hunter2"));
	}
}

static bool
whole(const char *type, const char *body, const char *want)
{
	struct mc_value_rules r = rules(false);
	AUTO(mc_plist) *p = plist(body);
	struct mc_err e = MC_ERR_INIT;
	bool done = mc_value_payload_check(&r, type, p, &e);

	if (done && !want)
		return true;
	return failed(done, &e, MC_USAGE, want ? want : "");
}

static void
required(void)
{
	ok(whole(CLIP, "<dict/>",
	    CLIP ": URL (a string), Label (a string) are required"));
	ok(whole(
	    CLIP, D(K("URL", S("x"))), CLIP ": Label (a string) is required"));
	ok(whole(CLIP, D(K("URL", S("x")) K("Label", S("y"))), NULL));
	ok(whole("com.apple.AssetCache.managed",
	    D(K("ListenRanges", A_(D(K("first", S("x")))))),
	    "com.apple.AssetCache.managed: ListenRanges[0]: last (a string) "
	    "is required"));
	ok(whole("com.apple.MCX", "<dict/>", NULL));
	ok(whole("com.apple.MCX",
	    D(K("com.apple.EnergySaver.desktop.Schedule",
		D(K("RepeatingPowerOn", "<dict/>")))),
	    "com.apple.MCX: \"com.apple.EnergySaver.desktop.Schedule\"."
	    "RepeatingPowerOn: eventtype (a string) is required"));
	ok(whole(SSO, "<dict/>",
	    SSO ": ExtensionIdentifier (a string), Type (a string) are "
		"required"));
	ok(whole(OURS, "<dict/>", NULL));
	ok(whole("com.apple.security.acme",
	    D(K("DirectoryURL", S("x")) K("ClientIdentifier", S("x")) K(
		"KeySize", I("384")) K("KeyType", S("EC")) K("HardwareBound",
		"<true/>") K("Subject", A_(A_(A_(S("CN")))))),
	    "com.apple.security.acme: Subject[0][0]: want 2 items, "
	    "not 1"));
}

static void
checks(void)
{
	struct mc_value_rules r = rules(false);
	AUTO(mc_plist) *p = plist(D(K("UserName", I("5")) K("Nme", "<true/>")));
	struct mc_path path = { .key = "EAPClientConfiguration" };
	struct mc_schema_key key;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_schema_payload_key_find(
	    r.schema, WIFI, "EAPClientConfiguration", &key));
	ok(failed(mc_value_check(&r, &key, p, &path, &e), &e, MC_USAGE,
	    "EAPClientConfiguration.UserName: want a string, not an "
	    "integer"));
	r.force = true;
	*told = '\0';
	ok(mc_value_check(&r, &key, p, &path, &e));
	ok(strcmp(told,
	       "warning: EAPClientConfiguration.UserName: want a string, "
	       "not an integer\n"
	       "warning: EAPClientConfiguration.Nme: no such key\n") == 0);
}

int
main(void)
{
	typed();
	nested();
	dates();
	refused();
	explicit_types();
	parts();
	by_force();
	sources();
	silence();
	required();
	checks();
	return done();
}

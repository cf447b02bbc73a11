/* SPDX-License-Identifier: ISC */
#include "profile/configuration.h"

#include "base/uuid.h"
#include "profile_help.h"
#include "tap.h"

#define K(name, value) "<key>" name "</key>" value
#define S(text) "<string>" text "</string>"
#define ID K("PayloadIdentifier", S("com.acme.x"))
#define CONTENT(body) K("PayloadContent", "<array>" body "</array>")
#define PAYLOAD(body) "<dict>" body "</dict>"
#define TYPE(text) K("PayloadType", S(text))
#define WIFI "com.apple.wifi.managed"

static mc_plist *
finish(const char *body, enum mc_uuid_way way, struct mc_err *e)
{
	AUTO(mc_plist) *p = plist(body);

	return mc_configuration_finish(&p, way, e) ? take(&p) : NULL;
}

static bool
says(const char *body, const char *want)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = finish(body, MC_UUID_NAMED, &e);

	return failed(p != NULL, &e, MC_USAGE, want);
}

static const mc_plist *
payload(const mc_plist *p, size_t i)
{
	return mc_plist_at(mc_plist_get(p, "PayloadContent"), i);
}

static bool
id_is(const mc_plist *p, size_t i, const char *want)
{
	return is(mc_plist_get(payload(p, i), "PayloadIdentifier"), want);
}

static bool
uuid_is(const mc_plist *dict, const char *name, size_t n)
{
	char want[MC_UUID_TEXT];

	mc_uuid_named(name, n, want);
	return is(mc_plist_get(dict, "PayloadUUID"), want);
}

static void
filled_in(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = finish(
	    "<dict>" ID CONTENT(
		PAYLOAD(TYPE(WIFI)) PAYLOAD(TYPE("com.acme.own"))
		    PAYLOAD(TYPE(WIFI) ID) PAYLOAD(TYPE(WIFI))) "</dict>",
	    MC_UUID_NAMED, &e);
	int64_t n = 0;

	ok(p && is(mc_plist_get(p, "PayloadType"), "Configuration"));
	ok(mc_plist_int(mc_plist_get(p, "PayloadVersion"), &n) && n == 1);
	ok(mc_plist_int(mc_plist_get(payload(p, 1), "PayloadVersion"), &n) &&
	    n == 1);
	ok(id_is(p, 0, "com.acme.x.wifi.managed"));
	ok(id_is(p, 1, "com.acme.x.com.acme.own"));
	ok(id_is(p, 2, "com.acme.x"));
	ok(id_is(p, 3, "com.acme.x.wifi.managed.3"));
	ok(uuid_is(p, "com.acme.x", 10));
	ok(uuid_is(payload(p, 0), "com.acme.x\0com.acme.x.wifi.managed", 34));
	ok(uuid_is(payload(p, 2), "com.acme.x\0com.acme.x", 21));
	ok(!mc_plist_get(p, "HasRemovalPasscode"));
}

/* Types of which the same is left without com.apple. */
static void
alike(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = finish(
	    "<dict>" ID CONTENT(PAYLOAD(TYPE("loginwindow")) PAYLOAD(
		TYPE("com.apple.loginwindow")) PAYLOAD(TYPE("com.apple."))
		    PAYLOAD(TYPE(".GlobalPreferences"))) "</dict>",
	    MC_UUID_NAMED, &e);

	ok(id_is(p, 0, "com.acme.x.loginwindow"));
	ok(id_is(p, 1, "com.acme.x.loginwindow.2"));
	ok(id_is(p, 2, "com.acme.x.com.apple."));
	ok(id_is(p, 3, "com.acme.x.GlobalPreferences"));
}

/* What is there stays. */
static void
left_alone(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = finish(
	    "<dict>" ID TYPE("Other") K("PayloadUUID", S("mine"))
		K("PayloadVersion", "<integer>2</integer>")
		    K("HasRemovalPasscode", "<false/>")
			CONTENT(PAYLOAD(TYPE("com.apple.profileRemovalPassword")
				K("PayloadUUID", S("theirs")))) "</dict>",
	    MC_UUID_NAMED, &e);
	int64_t n = 0;
	bool b = true;

	ok(p && is(mc_plist_get(p, "PayloadType"), "Other"));
	ok(is(mc_plist_get(p, "PayloadUUID"), "mine"));
	ok(is(mc_plist_get(payload(p, 0), "PayloadUUID"), "theirs"));
	ok(mc_plist_int(mc_plist_get(p, "PayloadVersion"), &n) && n == 2);
	ok(mc_plist_bool(mc_plist_get(p, "HasRemovalPasscode"), &b) && !b);
}

static void
ways(void)
{
	static const char body[] = "<dict>" ID CONTENT(
	    PAYLOAD(TYPE("com.apple.profileRemovalPassword"))) "</dict>";
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *a = finish(body, MC_UUID_RANDOM, &e);
	AUTO(mc_plist) *b = finish(body, MC_UUID_RANDOM, &e);
	const char *x = mc_plist_get_str(payload(a, 0), "PayloadUUID");
	const char *y = mc_plist_get_str(payload(b, 0), "PayloadUUID");
	bool has = false;

	ok(x && y && strcmp(x, y) != 0 && x[14] == '4');
	ok(mc_plist_get_str(a, "PayloadUUID")[14] == '4');
	ok(mc_plist_bool(mc_plist_get(a, "HasRemovalPasscode"), &has) && has);
}

static void
refused(void)
{
	ok(says("<dict/>",
	    "PayloadIdentifier is required; want one like com.acme.wifi"));
	ok(says("<dict>" K("PayloadIdentifier", S("")) CONTENT("") "</dict>",
	    "PayloadIdentifier: is empty"));
	ok(says("<dict>" K("PayloadIdentifier", "<true/>")
		    CONTENT("") "</dict>",
	    "PayloadIdentifier: want a string, not boolean"));
	ok(says("<dict>" ID "</dict>",
	    "PayloadContent: want an array, not nothing"));
	ok(says("<dict>" ID CONTENT("<true/>") "</dict>",
	    "PayloadContent[0]: want a dict, not boolean"));
	ok(says("<dict>" ID CONTENT("<dict/>") "</dict>",
	    "PayloadContent[0]: PayloadType is required; want one like "
	    "com.apple.wifi.managed"));
	ok(says("<dict>" ID CONTENT(
		    PAYLOAD(TYPE(WIFI) ID) PAYLOAD(TYPE("a") ID)) "</dict>",
	    "PayloadContent[0] and [1] have one PayloadIdentifier, "
	    "com.acme.x"));
	ok(says("<dict>" ID CONTENT(PAYLOAD(TYPE("b") K("PayloadUUID", S(B)))
			PAYLOAD(TYPE("c")) PAYLOAD(
			    TYPE("a") K("PayloadUUID", S(B_UPPER)))) "</dict>",
	    "PayloadContent[0] and [2] have one PayloadUUID, " B));
	/* one that was given, and one that is made */
	ok(says("<dict>" ID CONTENT(PAYLOAD(TYPE("a")) PAYLOAD(TYPE("b")
			K("PayloadIdentifier", S("com.acme.x.a")))) "</dict>",
	    "PayloadContent[0] and [1] have one PayloadIdentifier, "
	    "com.acme.x.a"));
}

static bool
refer(mc_plist *p, const char *who)
{
	struct mc_value_rules r = { .schema = mc_schema_builtin() };
	mc_plist *to = mc_plist_at(mc_plist_get(p, "PayloadContent"), 0);
	struct mc_err e = MC_ERR_INIT;
	char word[200];

	snprintf(word, sizeof(word), "PayloadCertificateUUID=@uuid:%s", who);
	return mc_value_assign(&r, WIFI, to, word, &e);
}

#define SCEP "com.apple.security.scep"

/* Refer to who from the first payload: the i-th one's UUID, or this text. */
static bool
links(const char *who, size_t i, const char *want)
{
	AUTO(mc_plist) *p = plist("<dict>" ID CONTENT(PAYLOAD(TYPE(WIFI))
		PAYLOAD(TYPE(SCEP) K("PayloadIdentifier", S("com.acme.one")))
		    PAYLOAD(TYPE(SCEP))
			PAYLOAD(TYPE("com.apple.security.root"))) "</dict>");
	struct mc_err e = MC_ERR_INIT;
	bool done;

	if (!refer(p, who))
		return false;
	done = mc_configuration_finish(&p, MC_UUID_NAMED, &e);
	if (want)
		return failed(done, &e, MC_USAGE, want);
	return done &&
	    is(mc_plist_get(payload(p, 0), "PayloadCertificateUUID"),
		mc_plist_get_str(payload(p, i), "PayloadUUID"));
}

static void
references(void)
{
	ok(links("com.acme.one", 1, NULL));
	ok(links("com.acme.x.security.scep.2", 2, NULL));
	ok(links("com.apple.security.root", 3, NULL));
	ok(links(SCEP, 0,
	    "PayloadContent[0].PayloadCertificateUUID: @uuid:" SCEP
	    ": several payloads are of that type: say an identifier"));
	ok(links("com.apple.security.rot", 0,
	    "PayloadContent[0].PayloadCertificateUUID: @uuid:"
	    "com.apple.security.rot: no payload here has that type or "
	    "identifier; did you mean com.apple.security.root?"));
	ok(links("nobody", 0,
	    "PayloadContent[0].PayloadCertificateUUID: @uuid:nobody: no "
	    "payload here has that type or identifier"));
}

static void
sorting(void)
{
	AUTO(mc_plist) *p = plist("<dict>" CONTENT(PAYLOAD(
	    K("b", PAYLOAD(K("z", "<true/>") K("PayloadUUID", "<true/>"))) K(
		"PayloadContent", "<dict/>") K("a", "<true/>") K("Z", "<true/>")
		TYPE("x"))) K("Zoo", "<true/>") K("PayloadDescription", S("d"))
		K("PayloadUUID", S("u")) "</dict>");
	AUTO(mc_plist) *q = NULL;
	AUTO(mc_plist) *again = NULL;
	struct mc_err e = MC_ERR_INIT;
	const mc_plist *in;

	ok(mc_configuration_sort(p, &q, &e));
	ok(key_is(q, 0, "PayloadUUID") && key_is(q, 1, "PayloadDescription") &&
	    key_is(q, 2, "Zoo") && key_is(q, 3, "PayloadContent"));
	in = payload(q, 0);
	ok(key_is(in, 0, "PayloadType") && key_is(in, 1, "PayloadContent") &&
	    key_is(in, 2, "Z") && key_is(in, 3, "a") && key_is(in, 4, "b"));
	ok(key_is(mc_plist_get(in, "b"), 0, "PayloadUUID"));
	/* and what was given is as it was */
	ok(key_is(p, 0, "PayloadContent") && mc_plist_len(p) == 4);
	ok(mc_configuration_sort(q, &again, &e) && key_is(again, 2, "Zoo"));
}

static char told[1024];

static void
tell(const char *line)
{
	snprintf(
	    told + strlen(told), sizeof(told) - strlen(told), "%s\n", line);
}

static bool
from_json(const char *text, bool force, mc_plist **out, struct mc_err *e)
{
	struct mc_value_rules r = {
		.schema = mc_schema_builtin(), .force = force, .say = tell
	};
	AUTO(mc_plist) *p = plist("<dict>" CONTENT("") "</dict>");
	AUTO_BUF in = MC_BUF_INIT;

	if (!mc_buf_puts(&in, text, e) ||
	    !mc_configuration_parse(&r, &in, p, e))
		return false;
	*out = take(&p);
	return true;
}

static bool
json_says(const char *text, const char *want)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = NULL;

	return failed(from_json(text, false, &p, &e), &e, MC_MALFORMED, want);
}

static bool
json_is(const char *text, const char *body)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = NULL;
	AUTO(mc_plist) *want = plist(body);
	AUTO(mc_plist) *have = NULL;
	AUTO_BUF x = MC_BUF_INIT;
	AUTO_BUF y = MC_BUF_INIT;

	if (!from_json(text, false, &p, &e) ||
	    !mc_configuration_sort(p, &have, &e) ||
	    !mc_plist_encode(have, &x, &e) || !mc_plist_encode(want, &y, &e)) {
		printf("# %s\n", e.text);
		return false;
	}
	if (mc_buf_is(&x, mc_buf_str(&y)))
		return true;
	printf("# want %s\n# have %s\n", mc_buf_str(&y), mc_buf_str(&x));
	return false;
}

#define PAYLOADS(body) "{\"payloads\":[" body "]}"
#define CLIP(body) PAYLOADS("{\"type\":\"com.apple.webClip.managed\"" body "}")

static void
json(void)
{
	ok(json_is("{\"identifier\":\"a\",\"name\":\"b\",\"organization\":"
		   "\"c\",\"description\":\"d\",\"scope\":\"User\","
		   "\"removalDisallowed\":true,\"expirationDate\":"
		   "\"2030-01-01T00:00:00+01:00\",\"durationUntilRemoval\":60,"
		   "\"consent\":{\"en\":\"x\"}}",
	    "<dict>" K("PayloadIdentifier", S("a")) K("PayloadOrganization",
		S("c")) K("PayloadDisplayName", S("b")) K("PayloadDescription",
		S("d")) K("ConsentText", "<dict>" K("en", S("x")) "</dict>")
		K("DurationUntilRemoval", "<real>60</real>")
		    K("PayloadExpirationDate",
			"<date>2029-12-31T23:00:00Z</date>")
			K("PayloadRemovalDisallowed", "<true/>")
			    K("PayloadScope", S("User"))
				K("PayloadContent", "<array/>") "</dict>"));
	ok(json_is("{\"PayloadIdentifier\":\"a\",\"PayloadContent\":[{"
		   "\"PayloadType\":\"" WIFI
		   "\",\"name\":\"n\",\"SSID_STR\":\"x\"}]}",
	    "<dict>" K("PayloadIdentifier", S("a"))
		CONTENT(PAYLOAD(TYPE(WIFI) K("PayloadDisplayName", S("n"))
			K("SSID_STR", S("x")))) "</dict>"));
	ok(json_is(CLIP(",\"Icon\":{\"@base64\":\"AAE=\"}"),
	    "<dict>" CONTENT(PAYLOAD(TYPE("com.apple.webClip.managed")
		    K("Icon", "<data>AAE=</data>"))) "</dict>"));
	/* of what the schema does not know JSON tells the type */
	ok(json_is(PAYLOADS("{\"type\":\"a.b.c\",\"type2\":1,\"x\":1.0,\"y\":"
			    "{\"@date\":\"2030-01-01\"},\"z\":[{}]}"),
	    "<dict>" CONTENT(PAYLOAD(TYPE("a.b.c")
		    K("type2", "<integer>1</integer>") K("x", "<real>1</real>")
			K("y", "<date>2030-01-01T00:00:00Z</date>")
			    K("z", "<array><dict/></array>"))) "</dict>"));
}

static void
json_refused(void)
{
	ok(json_says("", "1:1: want JSON, not nothing"));
	ok(json_says("{", "1:1: the input ends too early"));
	ok(json_says("{\n  \"a\": 1,\n  \"a\": 2 }",
	    "3:5: this object has two members of one name"));
	ok(json_says("{} x", "1:4: want nothing after the value"));
	ok(json_says("{\"a\":\n9223372036854775808}",
	    "2:19: the number does not fit 64 bits"));
	ok(json_says("{\"a\":1e999}", "1:10: the number does not fit 64 bits"));
	ok(json_says("{\"a\":\"\\u0000\"}", "1:13: holds a NUL"));
	ok(json_says("{\"a\":'x'}", "1:6: this is not JSON"));
	ok(json_says("{\"a\":\"\xff\"}", "1:6: want UTF-8"));
	ok(json_says("[]",
	    "want an object, like {\"identifier\": \"com.acme.wifi\", "
	    "\"payloads\": [...]}"));
	ok(json_says("{\"payloads\":{}}", "payloads: want an array"));
	ok(json_says("{\"payloads\":[{}]}",
	    "payloads[0]: want an object with a type, like {\"type\": "
	    "\"com.apple.wifi.managed\", ...}"));
	ok(json_says("{\"payloads\":[7]}",
	    "payloads[0]: want an object with a type, like {\"type\": "
	    "\"com.apple.wifi.managed\", ...}"));
	ok(json_says("{\"identifer\":\"a\"}",
	    "identifer: no such key; did you mean identifier?"));
	ok(json_says("{\"name\":\"a\",\"PayloadDisplayName\":\"b\"}",
	    "PayloadDisplayName: PayloadDisplayName is there already"));
	ok(json_says(
	    "{\"identifier\":5}", "identifier: want a string, not an integer"));
	ok(json_says("{\"removalDate\":\"soon\"}",
	    "removalDate: want a date like 2030-12-31T23:59:59Z or "
	    "2030-12-31T23:59:59+01:00"));
	ok(json_says(
	    "{\"scope\":\"All\"}", "scope=All: want one of System, User"));
	ok(json_says(CLIP(",\"Icon\":\"x\""),
	    "payloads[0].Icon: want data: {\"@file\": PATH} or {\"@base64\": "
	    "TEXT}"));
	ok(json_says(CLIP(",\"Icon\":{\"@base64\":\"x\"}"),
	    "payloads[0].Icon: want data in base64"));
	ok(json_says(CLIP(",\"Icon\":{\"@fiel\":\"x\"}"),
	    "payloads[0].Icon: want data, not a dict"));
	ok(json_says(CLIP(",\"IsRemovable\":\"true\""),
	    "payloads[0].IsRemovable: want a boolean, not a string"));
	ok(json_says(CLIP(",\"IsRemovable\":null"),
	    "payloads[0].IsRemovable: property lists have no null: leave the "
	    "key out"));
	ok(json_says(CLIP(",\"Lable\":\"x\""),
	    "payloads[0].Lable: no such key; did you mean Label?"));
	ok(json_says(CLIP(",\"Label\":\"a\\u0001\""),
	    "payloads[0].Label: want text, UTF-8 without control "
	    "characters"));
}

/* What came from a source of secrets is not told. */
static void
json_quiet(void)
{
	setenv("H", "hunter2", 1);
	ok(json_says(
	    PAYLOADS("{\"type\":\"" WIFI "\",\"EAPClientConfiguration\":{"
		     "\"TLSMinimumVersion\":{\"@secret\":\"env:H\"}}}"),
	    "payloads[0].EAPClientConfiguration.TLSMinimumVersion: want one "
	    "of 1.0, 1.1, 1.2, 1.3"));
	setenv("H", "hunter2", 1);
	ok(json_says(PAYLOADS("{\"type\":\"" WIFI "\",\"EncryptionType\":{"
			      "\"@secret\":\"env:H\"}}"),
	    "payloads[0].EncryptionType: want one of WEP, WPA, WPA2, WPA3, "
	    "Any, None"));
	ok(json_says(PAYLOADS("{\"type\":\"" WIFI "\",\"EncryptionType\":"
			      "\"WPA9\"}"),
	    "payloads[0].EncryptionType=WPA9: want one of WEP, WPA, WPA2, "
	    "WPA3, Any, None"));
}

static void
json_deep(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = NULL;
	char text[200] = "";
	size_t n;

	memset(text, '[', 65);
	ok(json_says(text, "1:65: nested more than 64 deep"));
	/* brackets within text are none */
	n = (size_t)snprintf(text, sizeof(text), "{\"name\":\"\\\"");
	memset(text + n, '{', 80);
	snprintf(text + n + 80, sizeof(text) - n - 80, "\"}");
	ok(from_json(text, false, &p, &e));
}

static void
json_forced(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = NULL;

	ok(from_json(CLIP(",\"Lable\":\"x\",\"IsRemovable\":\"a\",\"Icon\":"
			  "\"i\",\"Label\":{\"x\":1}"),
	    true, &p, &e));
	ok(is(mc_plist_get(payload(p, 0), "Lable"), "x"));
	ok(is(mc_plist_get(payload(p, 0), "Icon"), "i"));
	ok(strcmp(told,
	       "warning: payloads[0].Lable: no such key; did you mean Label?\n"
	       "warning: payloads[0].IsRemovable: want a boolean, not a "
	       "string\n"
	       "warning: payloads[0].Icon: want data, not a string\n"
	       "warning: payloads[0].Label: want a string, not a dict\n") == 0);
}

int
main(void)
{
	filled_in();
	alike();
	left_alone();
	ways();
	refused();
	references();
	sorting();
	json();
	json_refused();
	json_quiet();
	json_deep();
	json_forced();
	return done();
}

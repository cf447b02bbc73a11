/* SPDX-License-Identifier: ISC */
/* Profiles united and taken apart, and UUIDs that are named. */
#include "base/uuid.h"
#include "profile/merge.h"
#include "profile/renew.h"
#include "profile/split.h"
#include "profile_help.h"
#include "tap.h"

#define TOP(who, more)                                                         \
	"<dict><key>PayloadType</key><string>Configuration</string>"           \
	"<key>PayloadIdentifier</key><string>" who "</string>" more
#define CONTENT(body) "<key>PayloadContent</key><array>" body "</array></dict>"
#define PAYLOAD(type, who, uuid, more)                                         \
	"<dict><key>PayloadType</key><string>" type "</string>"                \
	"<key>PayloadIdentifier</key><string>" who "</string>"                 \
	"<key>PayloadUUID</key><string>" uuid "</string>" more "</dict>"
#define KEY(name, value) "<key>" name "</key><string>" value "</string>"

#define C "cccccccc-3333-4333-8333-333333333333"
#define D "dddddddd-4444-4444-8444-444444444444"

static char said[512];

static void
say(const char *line)
{
	snprintf(
	    said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

static mc_plist *
merged(const char *one, const char *two, struct mc_err *e)
{
	AUTO(mc_plist) *p = plist(one);
	AUTO(mc_plist) *q = plist(two);
	const struct mc_merge_part parts[] = { { "one", p }, { "two", q } };
	mc_plist *out = NULL;

	said[0] = '\0';
	if (!mc_profile_merge(parts, 2, say, &out, e))
		return NULL;
	return out;
}

/* The types of all payloads, a blank behind each. */
static const char *
types(const mc_plist *profile)
{
	static char text[512];
	const mc_plist *content = mc_plist_get(profile, "PayloadContent");

	text[0] = '\0';
	for (size_t i = 0; i < mc_plist_len(content); i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s ",
		    mc_plist_get_str(mc_plist_at(content, i), "PayloadType"));
	return text;
}

static void
merging(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = merged(
	    TOP("one",
		KEY("PayloadDisplayName", "1") KEY("PayloadScope", "User"))
		CONTENT(PAYLOAD("a", "x.a", A, "") PAYLOAD("b", "x.b", B, "")),
	    TOP("two",
		KEY("PayloadDisplayName", "2") KEY("PayloadScope", "System")
		    KEY("Extra", "kept")) CONTENT(PAYLOAD("c", "x.c", C,
		KEY("ref", D)) PAYLOAD("b", "x.b", B, "")),
	    &e);

	ok(p && strcmp(types(p), "a b c ") == 0);
	ok(is(mc_plist_get(p, "PayloadIdentifier"), "one"));
	ok(is(mc_plist_get(p, "PayloadDisplayName"), "1"));
	ok(is(mc_plist_get(p, "PayloadScope"), "User"));
	ok(is(mc_plist_get(p, "Extra"), "kept"));
	ok(strcmp(said,
	       "warning: two: its PayloadScope is dropped, one has"
	       " another\n") == 0);
	ok(is(mc_plist_get(
		  mc_plist_at(mc_plist_get(p, "PayloadContent"), 2), "ref"),
	    D));
}

static bool
merge_says(const char *payload, enum mc_code code, const char *want)
{
	struct mc_err e = MC_ERR_INIT;
	char two[2048];
	AUTO(mc_plist) *p = NULL;

	snprintf(two, sizeof(two), TOP("two", "") CONTENT("%s"), payload);
	p = merged(TOP("one", "") CONTENT(PAYLOAD("a", "x.a", A, KEY("k", "v"))
			   PAYLOAD("b", "x.b", B, "")),
	    two, &e);
	return failed(p, &e, code, want);
}

static void
merging_refused(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = NULL;

	ok(merge_says(PAYLOAD("a", "x.a", A, KEY("k", "other")), MC_DENIED,
	    "two: PayloadContent[0]: has the PayloadIdentifier of another"
	    " payload, x.a, one PayloadContent[0]"));
	/* one value less is another payload too */
	ok(merge_says(PAYLOAD("a", "x.a", A, ""), MC_DENIED,
	    "two: PayloadContent[0]: has the PayloadIdentifier of another"
	    " payload, x.a, one PayloadContent[0]"));
	/* UUIDs of either case are one */
	ok(merge_says(PAYLOAD("c", "x.c", B_UPPER, ""), MC_DENIED,
	    "two: PayloadContent[0]: has the PayloadUUID of another "
	    "payload, " B_UPPER ", one PayloadContent[1]"));
	ok(merge_says("<true/>", MC_MALFORMED,
	    "two: PayloadContent[0]: want a dict, not boolean"));
	p = merged("<dict><key>EncryptedPayloadContent</key><data/></dict>",
	    TOP("two", "") CONTENT(""), &e);
	ok(failed(p, &e, MC_MALFORMED,
	    "one: its payloads are encrypted; they must be decrypted first"));
	/* the order of keys is no difference */
	p = merged(TOP("one", "") CONTENT("<dict>" KEY("PayloadUUID", A)
			   KEY("PayloadType", "a") "</dict>"),
	    TOP("two", "") CONTENT("<dict>" KEY("PayloadType", "a")
		    KEY("PayloadUUID", A) "</dict>"),
	    &e);
	ok(p && strcmp(types(p), "a ") == 0);
}

/* "IDENTIFIER: TYPES/" of each part. */
static const char *
parts_of(const char *body)
{
	static char text[1024];
	AUTO(mc_plist) *p = plist(body);
	AUTO(mc_plist) *all = NULL;
	struct mc_err e = MC_ERR_INIT;
	const mc_plist *part;

	if (!mc_profile_split(p, &all, &e)) {
		snprintf(text, sizeof(text), "!%s", e.text);
		return text;
	}
	text[0] = '\0';
	for (size_t i = 0; i < mc_plist_len(all); i++) {
		part = mc_plist_at(all, i);
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s: %s/", mc_plist_get_str(part, "PayloadIdentifier"),
		    types(part));
	}
	return text;
}

static bool
splits(const char *body, const char *want)
{
	const char *have = parts_of(body);

	if (strcmp(have, want) == 0)
		return true;
	printf("# want %s\n# have %s\n", want, have);
	return false;
}

static void
splitting(void)
{
	ok(splits(TOP("p", "")
		      CONTENT(PAYLOAD("com.apple.a", "1", A, "") PAYLOAD(
			  "b", "2", B, "") PAYLOAD("com.apple.a", "3", C, "")),
	    "p.a: com.apple.a /p.b: b /p.a.2: com.apple.a /"));
	ok(splits(TOP("p", "")
		      CONTENT(PAYLOAD(".GlobalPreferences", "1", A, "") PAYLOAD(
			  "com.apple.x", "2", B, "") PAYLOAD("x", "3", C, "")),
	    "p.GlobalPreferences: .GlobalPreferences /p.x: com.apple.x "
	    "/p.x.2: x /"));
	/* a reference, backwards, of the other case, deep, not named UUID */
	ok(splits(
	    TOP("p", "") CONTENT(PAYLOAD("cert", "1", B, "") PAYLOAD(
		"x", "2", C, "") PAYLOAD("wifi", "3", A,
		"<key>l</key><array><string>" B_UPPER "</string></array>")),
	    "p.wifi: cert wifi /p.x: x /"));
	/* through a third one, and in a ring */
	ok(splits(TOP("p", "") CONTENT(PAYLOAD("a", "1", A, KEY("rUUID", B))
			  PAYLOAD("b", "2", B, KEY("rUUID", C))
			      PAYLOAD("c", "3", C, KEY("rUUID", A))
				  PAYLOAD("d", "4", D, "")),
	    "p.a: a b c /p.d: d /"));
	/* what is no UUID refers only under a key that says so */
	ok(splits(TOP("p", "") CONTENT(PAYLOAD("a", "1", "u1", "")
			  PAYLOAD("b", "2", "u2", KEY("Name", "u1"))
			      PAYLOAD("c", "3", "u3", KEY("AnchorUUID", "u2"))),
	    "p.a: a /p.c: b c /"));
	ok(splits(TOP("p", "") CONTENT(""), ""));
	ok(splits(TOP("p", "") CONTENT("<dict/>"), "p.payload: (null) /"));
}

static void
splitting_refused(void)
{
	ok(splits("<dict><key>PayloadType</key><string>Configuration</string>"
		  "<key>PayloadContent</key><array/></dict>",
	    "!PayloadIdentifier: want a string; the parts are named after it"));
	ok(splits(TOP("p", "") CONTENT(
		      PAYLOAD("a", "1", B, "") PAYLOAD("b", "2", B_UPPER, "")),
	    "!PayloadUUID " B_UPPER ": two payloads have it"));
	ok(splits(
	    "<array/>", "!want a Configuration profile, a dict, not array"));
}

/* Each part is to be removed with the password, and stays a profile. */
static void
removal_password(void)
{
	AUTO(mc_plist) *p = plist(
	    TOP("p", KEY("PayloadUUID", D) KEY("PayloadDisplayName", "All"))
		CONTENT(PAYLOAD("com.apple.profileRemovalPassword", "pw", A,
		    KEY("RemovalPassword", "x"))
			PAYLOAD("a", "1", B, KEY("PayloadDisplayName", "One"))
			    PAYLOAD("b", "2", C, "")));
	AUTO(mc_plist) *all = NULL;
	struct mc_err e = MC_ERR_INIT;
	char uuid[MC_UUID_TEXT];
	const mc_plist *one;
	const mc_plist *two;

	ok(mc_profile_split(p, &all, &e) && mc_plist_len(all) == 2);
	one = mc_plist_at(all, 0);
	two = mc_plist_at(all, 1);
	ok(strcmp(types(one), "com.apple.profileRemovalPassword a ") == 0);
	ok(strcmp(types(two), "com.apple.profileRemovalPassword b ") == 0);
	mc_uuid_named("p.a", 3, uuid);
	ok(is(mc_plist_get(one, "PayloadUUID"), uuid));
	ok(is(mc_plist_get(one, "PayloadDisplayName"), "One"));
	ok(is(mc_plist_get(two, "PayloadDisplayName"), "All"));
	one = mc_plist_at(mc_plist_get(one, "PayloadContent"), 0);
	two = mc_plist_at(mc_plist_get(two, "PayloadContent"), 0);
	ok(is(mc_plist_get(one, "PayloadIdentifier"),
	    "p.a.profileRemovalPassword"));
	ok(is(mc_plist_get(one, "RemovalPassword"), "x"));
	ok(strcmp(mc_plist_get_str(one, "PayloadUUID"),
	       mc_plist_get_str(two, "PayloadUUID")) != 0);
	/* alone it is a payload like others */
	ok(splits(TOP("p", "") CONTENT(
		      PAYLOAD("com.apple.profileRemovalPassword", "pw", A, "")),
	    "p.profileRemovalPassword: com.apple.profileRemovalPassword /"));
}

static void
naming(void)
{
	AUTO(mc_plist) *p = plist(TOP("p", KEY("PayloadUUID", D)) CONTENT(
	    PAYLOAD("a", "x", A, KEY("rUUID", B)) PAYLOAD("b", "y", B, "")));
	AUTO(mc_plist) *same = plist(TOP(D, KEY("PayloadUUID", D)) CONTENT(""));
	AUTO(mc_plist) *twice = plist(
	    TOP("p", KEY("PayloadUUID", D)) CONTENT(PAYLOAD("a", "x", A, "")
		    PAYLOAD("c", "z", C, "") PAYLOAD("b", "x", B, "")));
	AUTO(mc_plist) *none = plist(TOP("p", KEY("PayloadUUID", D)) CONTENT(
	    "<dict>" KEY("PayloadType", "a") KEY("PayloadUUID", A) "</dict>"));
	struct mc_err e = MC_ERR_INIT;
	char top[MC_UUID_TEXT];
	char y[MC_UUID_TEXT];
	const mc_plist *content;

	mc_uuid_named("p", 1, top);
	mc_uuid_named("p\0y", 3, y);
	ok(mc_renew_uuids_named(p, &e));
	content = mc_plist_get(p, "PayloadContent");
	ok(is(mc_plist_get(p, "PayloadUUID"), top));
	ok(is(mc_plist_get(mc_plist_at(content, 1), "PayloadUUID"), y));
	ok(is(mc_plist_get(mc_plist_at(content, 0), "rUUID"), y));
	/* once more: the same */
	ok(mc_renew_uuids_named(p, &e));
	ok(is(mc_plist_get(mc_plist_at(content, 0), "rUUID"), y));
	/* who a payload is stays, though it is a UUID too */
	ok(mc_renew_uuids_named(same, &e));
	ok(is(mc_plist_get(same, "PayloadIdentifier"), D));
	ok(failed(mc_renew_uuids_named(twice, &e), &e, MC_MALFORMED,
	    "PayloadIdentifier x: two payloads have it, and so would have one"
	    " PayloadUUID"));
	ok(failed(mc_renew_uuids_named(none, &e), &e, MC_MALFORMED,
	    "the a payload has a PayloadUUID, and no PayloadIdentifier to make"
	    " another one of"));
}

int
main(void)
{
	merging();
	merging_refused();
	splitting();
	splitting_refused();
	removal_password();
	naming();
	return done();
}

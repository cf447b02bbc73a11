/* SPDX-License-Identifier: ISC */
#include "profile/template.h"

#include <stdlib.h>

#include "base/uuid.h"
#include "profile/renew.h"
#include "profile_help.h"
#include "tap.h"

static bool
check_says(const char *body, const char *want)
{
	AUTO(mc_plist) *p = plist(body);
	struct mc_err e = MC_ERR_INIT;

	return failed(mc_template_check(p, &e), &e, MC_MALFORMED, want);
}

static void
template_checks(void)
{
	AUTO(mc_plist) *good = plist(
	    "<dict><key>PayloadType</key><string>Configuration</string>"
	    "<key>PayloadContent</key><array><dict/></array></dict>");
	struct mc_err e = MC_ERR_INIT;

	ok(mc_template_check(good, &e));
	ok(check_says(
	    "<array/>", "want a Configuration profile, a dict, not array"));
	ok(check_says("<dict/>",
	    "PayloadType: want the string Configuration: is this a profile?"));
	ok(check_says("<dict><key>PayloadType</key><string>Profile\nService</"
		      "string></dict>",
	    "PayloadType: want Configuration, not \"Profile?Service\""));
	ok(check_says(
	    "<dict><key>PayloadType</key><string>Configuration</string></dict>",
	    "PayloadContent: want an array, not nothing"));
	ok(check_says(
	    "<dict><key>PayloadType</key><string>Configuration</string>"
	    "<key>EncryptedPayloadContent</key><data/></dict>",
	    "EncryptedPayloadContent: want a template that is not encrypted"));
	ok(check_says(
	    "<dict><key>PayloadType</key><string>Configuration</string>"
	    "<key>PayloadContent</key><array><dict/><true/></array></dict>",
	    "PayloadContent[1]: want a dict, not boolean"));
}

static bool
fill_says(const char *body, const struct mc_vars *vars, enum mc_code code,
    const char *want)
{
	AUTO(mc_plist) *p = plist(body);
	AUTO(mc_plist) *out = NULL;
	struct mc_err e = MC_ERR_INIT;

	return failed(mc_template_fill(p, vars, &out, &e), &e, code, want) &&
	    !out;
}

static void
filling(void)
{
	AUTO_VARS vars = { 0 };
	AUTO(mc_plist) *from = plist(
	    "<dict><key>k-${user}</key><array><string>${user}"
	    "</string><integer>1</integer></array><key>d</"
	    "key><data>JHt1c2VyfQ==</data>"
	    "<key>last</key><string>x</string></dict>");
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;
	const uint8_t *data;
	size_t len;

	ok(mc_vars_add(&vars, "user", "]]></string><key>", &e));
	ok(mc_template_fill(from, &vars, &p, &e));
	/* in its place, as text */
	ok(key_is(p, 0, "k-]]></string><key>") && key_is(p, 2, "last") &&
	    mc_plist_len(p) == 3);
	ok(is(mc_plist_at(mc_plist_get(p, "k-]]></string><key>"), 0),
	    "]]></string><key>"));
	/* and the template is as it was */
	ok(key_is(from, 0, "k-${user}") &&
	    is(mc_plist_at(mc_plist_get(from, "k-${user}"), 0), "${user}"));
	ok(mc_plist_data(mc_plist_get(p, "d"), &data, &len) && len == 7 &&
	    memcmp(data, "${user}", 7) == 0);
	ok(fill_says(
	    "<dict><key>PayloadContent</key><array><dict><key>SSID_STR</key>"
	    "<string>${usr}</string></dict></array></dict>",
	    &vars, MC_USAGE,
	    "PayloadContent[0].SSID_STR: ${usr}: no such variable; near: "
	    "user"));
	ok(fill_says("<array><dict><key>${x</key><true/></dict></array>", &vars,
	    MC_MALFORMED,
	    "[0].${x: \"${x\": want ${NAME}, or $${ for a plain ${"));
	ok(fill_says("<dict><key>]]&gt;&lt;/string>&lt;key></key><true/>"
		     "<key>${user}</key><true/></dict>",
	    &vars, MC_MALFORMED,
	    "${user}: key \"]]></string><key>\" is there already"));
	ok(fill_says("<dict><key>${user}</key><true/>"
		     "<key>]]&gt;&lt;/string>&lt;key></key><array/></dict>",
	    &vars, MC_MALFORMED,
	    "]]></string><key>: key \"]]></string><key>\" is there "
	    "already"));
}

/* What a template may blow up to is limited. */
static void
bombs(void)
{
	AUTO_VARS vars = { 0 };
	AUTO_BUF body = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char value[16001];
	bool done = mc_buf_puts(&body, "<array>", &e);

	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	ok(mc_vars_add(&vars, "x", value, &e));
	for (int i = 0; i < 1100; i++)
		done = done && mc_buf_puts(&body, "<string>${x}</string>", &e);
	ok(done && mc_buf_puts(&body, "</array>", &e));
	ok(fill_says(mc_buf_str(&body), &vars, MC_MALFORMED,
	    "[1048]: more than 16777216 bytes of text"));
}

static void
uuids(void)
{
	AUTO(mc_plist) *p = plist(
	    "<dict><key>PayloadUUID</key><string>" A "</string>"
	    "<key>PayloadContent</key><array>"
	    "<dict><key>PayloadUUID</key><string>" B "</string></dict>"
	    "<dict><key>PayloadUUID</key><string>wifi</string>"
	    "<key>PayloadCertificateUUID</key><string>" B_UPPER "</string>"
	    "<key>PayloadCertificateAnchorUUID</key><array><string>" B
	    "</string></array>"
	    "<key>PayloadIdentifier</key><string>com.acme." B "</string>"
	    "<key>SSID_STR</key><string>wifi</string>"
	    "<key>OtherUUID</key><string>wifi</string>"
	    "<key>ListUUID</key><array><string>wifi</string></array>"
	    "<key>List</key><array><string>wifi</string></array>"
	    "<key>Free</key><string>" A "</string></dict></array></dict>");
	const mc_plist *content = mc_plist_get(p, "PayloadContent");
	const mc_plist *wifi = mc_plist_at(content, 1);
	const char *b;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_renew_uuids(p, &e));
	ok(mc_uuid_check(mc_plist_get_str(p, "PayloadUUID")) &&
	    !is(mc_plist_get(p, "PayloadUUID"), A));
	b = mc_plist_get_str(mc_plist_at(content, 0), "PayloadUUID");
	ok(mc_uuid_check(b) && strcmp(b, B) != 0);
	ok(is(mc_plist_get(wifi, "PayloadCertificateUUID"), b));
	ok(is(
	    mc_plist_at(mc_plist_get(wifi, "PayloadCertificateAnchorUUID"), 0),
	    b));
	ok(is(mc_plist_get(wifi, "Free"), mc_plist_get_str(p, "PayloadUUID")));
	ok(is(mc_plist_get(wifi, "PayloadIdentifier"), "com.acme." B));
	ok(is(mc_plist_get(wifi, "SSID_STR"), "wifi"));
	ok(mc_uuid_check(mc_plist_get_str(wifi, "PayloadUUID")));
	ok(is(mc_plist_get(wifi, "OtherUUID"),
	    mc_plist_get_str(wifi, "PayloadUUID")));
	ok(is(mc_plist_at(mc_plist_get(wifi, "ListUUID"), 0),
	       mc_plist_get_str(wifi, "PayloadUUID")) &&
	    is(mc_plist_at(mc_plist_get(wifi, "List"), 0), "wifi"));
	{
		AUTO(mc_plist) *twice = plist(
		    "<array><dict><key>PayloadUUID</key><string>" B
		    "</string></dict><dict><key>PayloadUUID</"
		    "key><string>" B_UPPER "</string></dict></array>");

		ok(!mc_renew_uuids(twice, &e) && e.code == MC_MALFORMED &&
		    strstr(e.text, ": two payloads have it"));
	}
}

int
main(void)
{
	template_checks();
	filling();
	bombs();
	uuids();
	return done();
}

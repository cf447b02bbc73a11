/* SPDX-License-Identifier: ISC */
#include "base/near.h"
#include "base/uuid.h"
#include "profile/profile_service.h"
#include "profile/scep_payload.h"
#include "profile/subject.h"
#include "profile/url.h"
#include "profile_help.h"
#include "tap.h"

/* text expanded is want; or the failure's text is. */
static bool
expands(const struct mc_vars *vars, const char *text, const char *want)
{
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool done = mc_vars_expand(vars, text, &out, &e);

	const char *said = done ? mc_buf_str(&out) : e.text;

	if (strcmp(said, want) == 0)
		return true;
	printf("# want %s\n# have %s\n", want, said);
	return false;
}

static void
variables(void)
{
	AUTO_VARS vars = { 0 };
	AUTO_FACTS facts = { 0 };
	struct mc_err e = MC_ERR_INIT;

	vars.facts = &facts;
	ok(mc_facts_set(&facts, "USER", "fact", &e) &&
	    mc_facts_set(&facts, "DEVICE_NAME", "Phone", &e) &&
	    mc_vars_add_pair(&vars, "mail=a=b", &e) &&
	    mc_vars_add_pair(&vars, "empty=", &e) &&
	    mc_vars_add(&vars, "self", "${mail}", &e));
	ok(expands(&vars, "", "") &&
	    expands(&vars, "$ { } $$ $}", "$ { } $$ $}"));
	ok(expands(&vars, "<${mail}>${empty}${mail}", "<a=b>a=b"));
	ok(expands(&vars, "${user} ${device-name} ${Device_Name}",
	    "fact Phone Phone"));
	/* a value is not looked into again */
	ok(expands(&vars, "${self}", "${mail}"));
	ok(expands(&vars, "$${mail} $${ $$${mail}", "${mail} ${ $${mail}"));
	ok(mc_vars_add(&vars, "user", "given", &e));
	ok(expands(&vars, "${user}", "given"));
	ok(expands(&vars, "${", "\"${\": want ${NAME}, or $${ for a plain ${"));
	ok(expands(&vars, "a${mail",
	    "\"${mail\": want ${NAME}, or $${ for a plain ${"));
	ok(expands(
	    &vars, "${}", "\"${}\": want ${NAME}, or $${ for a plain ${"));
	ok(expands(
	    &vars, "${1a}", "\"${1a}\": want ${NAME}, or $${ for a plain ${"));
	ok(expands(&vars, "${a b}",
	    "\"${a b}\": want ${NAME}, or $${ for a plain ${"));
	ok(expands(&vars, "${maul}", "${maul}: no such variable; near: mail"));
	ok(expands(&vars, "${DEVICENAME}",
	    "${DEVICENAME}: no such variable; near: DEVICE_NAME"));
	ok(expands(&vars, "${zzzz}",
	    "${zzzz}: no such variable; --var zzzz=... sets it"));
	ok(failed(mc_vars_add_pair(&vars, "x", &e), &e, MC_USAGE,
	    "\"x\": want NAME=VALUE"));
	ok(failed(mc_vars_add_pair(&vars, "a b=1", &e), &e, MC_USAGE,
	    "\"a b\": not a variable's name"));
	ok(failed(mc_vars_add_pair(&vars, "=1", &e), &e, MC_USAGE,
	    "\"\": not a variable's name"));
	ok(failed(mc_vars_add_pair(&vars, "mail=2", &e), &e, MC_USAGE,
	    "mail: is given twice"));
	ok(failed(mc_vars_add_pair(&vars, "c=\x01", &e), &e, MC_MALFORMED,
	    "c: want UTF-8 without control characters"));
	ok(failed(mc_vars_add_secret(&vars, "c=hunter2", &e), &e, MC_USAGE,
	    "c: want file:PATH, fd:N or env:NAME, not the secret itself"));
}

static void
many_variables(void)
{
	AUTO_VARS vars = { 0 };
	struct mc_err e = MC_ERR_INIT;
	char name[16];
	bool done = true;

	for (int i = 0; i < MC_VARS_MAX; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		done = done && mc_vars_add(&vars, name, "", &e);
	}
	ok(done);
	ok(failed(mc_vars_add(&vars, "one-more", "", &e), &e, MC_USAGE,
	    "too many variables"));
}

static void
nearness(void)
{
	struct mc_near near = MC_NEAR_INIT("organisation");

	mc_near_add(&near, "ORGANIZATION");
	mc_near_add(&near, "organ");
	mc_near_add(&near, "user");
	ok(near.n == 1 && strcmp(mc_near_text(&near), "ORGANIZATION") == 0);
	/* once, and by its whole name */
	mc_near_add(&near, "organisations");
	mc_near_add(&near, "organisation");
	mc_near_add(&near, "organisations");
	ok(strcmp(mc_near_text(&near),
	       "ORGANIZATION, organisations, organisation") == 0);
	mc_near_add(&near, "organisation1");
	mc_near_add(&near, "organisation2");
	mc_near_add(&near, "organisation3");
	ok(near.n == MC_NEAR_MAX);
}

/* What begins with the word comes first; what only goes on like it, never. */
static void
half_a_word_is_near(void)
{
	struct mc_near near = MC_NEAR_INIT("SSID");

	mc_near_add(&near, "HESSID");
	mc_near_add(&near, "SSID_STR");
	mc_near_add(&near, "ssid-x");
	mc_near_add(&near, "ssids");
	mc_near_add(&near, "SSIDsettings");
	ok(strcmp(mc_near_text(&near), "ssid-x, SSID_STR, HESSID, ssids") == 0);
	near = (struct mc_near)MC_NEAR_INIT("SS");
	mc_near_add(&near, "SS_LONGER");
	ok(near.n == 0);
}

/* "TYPE=value|..." of a Subject array. */
static bool
subject_is(const char *text, const struct mc_vars *vars, const char *want)
{
	AUTO(mc_plist) *names = NULL;
	AUTO_BUF flat = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	const mc_plist *pair;

	if (!mc_subject_parse(text, vars, &names, &e))
		return failed(false, &e, MC_USAGE, want);
	for (size_t i = 0; i < mc_plist_len(names); i++) {
		pair = mc_plist_at(mc_plist_at(names, i), 0);
		if (mc_plist_len(mc_plist_at(names, i)) != 1 ||
		    mc_plist_len(pair) != 2 ||
		    !mc_buf_printf(&flat, &e, "%s=%s|",
			mc_plist_str(mc_plist_at(pair, 0)),
			mc_plist_str(mc_plist_at(pair, 1))))
			return false;
	}
	if (mc_buf_is(&flat, want))
		return true;
	printf("# want %s\n# have %s\n", want, mc_buf_str(&flat));
	return false;
}

static void
subjects(void)
{
	AUTO_VARS vars = { 0 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF many = MC_BUF_INIT;
	bool done = true;

	ok(mc_vars_add(&vars, "evil", "x/O=Other\\", &e) &&
	    mc_vars_add(&vars, "none", "", &e) &&
	    mc_vars_add(&vars, "lines", "a\nb", &e));
	ok(subject_is("/O=ACME Inc./CN=a=b", &vars, "O=ACME Inc.|CN=a=b|"));
	ok(subject_is("/CN=a\\/b\\\\c", &vars, "CN=a/b\\c|"));
	ok(subject_is("/CN=${evil}/OU=x", &vars, "CN=x/O=Other\\|OU=x|"));
	ok(subject_is("/CN=${evil}", NULL, "CN=${evil}|"));
	ok(subject_is("/emailAddress=a@b/1.2.5.3=bar", &vars,
	    "1.2.840.113549.1.9.1=a@b|1.2.5.3=bar|"));
	ok(subject_is(
	    "CN=a", &vars, "\"CN=a\": a name begins with a slash, /CN=Alice"));
	ok(subject_is(
	    "", &vars, "\"\": a name begins with a slash, /CN=Alice"));
	ok(subject_is("/", &vars, "\"\": want TYPE=value"));
	ok(subject_is("/CN=a/", &vars, "\"\": want TYPE=value"));
	ok(subject_is("/CN/O=a", &vars, "\"CN/O=a\": want TYPE=value"));
	ok(subject_is("/CN=", &vars, "CN: is empty"));
	ok(subject_is("/CN=${none}", &vars, "CN: is empty"));
	ok(subject_is("/CN=${lines}", &vars, "CN: holds a control character"));
	ok(subject_is("/CN=\xff", &vars, "CN: is not UTF-8"));
	ok(subject_is(
	    "/C=DEU", &vars, "C: want a country code of two letters"));
	ok(subject_is("/CN=a\\", &vars, "nothing after the last \\"));
	ok(subject_is(
	    "/CN=${nome}", &vars, "CN: ${nome}: no such variable; near: none"));
	ok(subject_is("/XX=a", &vars,
	    "\"XX\": want C, L, ST, O, OU, CN, emailAddress, DC, UID, "
	    "serialNumber, SN, GN, title, street or a dotted OID"));
	for (int i = 0; i < 33; i++)
		done = done && mc_buf_puts(&many, "/OU=x", &e);
	ok(done &&
	    subject_is(
		mc_buf_str(&many), &vars, "a name has at most 32 parts"));
}

static void
oids(void)
{
	static const char *const bad[] = { "/1=a", "/1.=a", "/.1=a", "/1..2=a",
		"/3.1=a", "/1.02=a", "/1.2x=a" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		AUTO(mc_plist) *names = NULL;
		struct mc_err e = MC_ERR_INIT;

		ok(!mc_subject_parse(bad[i], NULL, &names, &e) && !names);
	}
	ok(subject_is("/2.5.4.0=a", NULL, "2.5.4.0=a|"));
}

static void
urls(void)
{
	struct mc_err e = MC_ERR_INIT;

	ok(mc_url_check("http://host/path?x=1", &e) &&
	    mc_url_check("HTTPS://[::1]:8443/", &e) &&
	    mc_url_check_https("https://mdm.example.com", &e));
	ok(failed(mc_url_check("ftp://x/", &e), &e, MC_USAGE,
	    "ftp://x/: want a URL that begins https:// or http://"));
	ok(failed(mc_url_check("https:///path", &e), &e, MC_USAGE,
	    "https:///path: names no host"));
	ok(failed(mc_url_check("https://:80/", &e), &e, MC_USAGE,
	    "https://:80/: names no host"));
	ok(failed(mc_url_check("https://u:p@h/", &e), &e, MC_USAGE,
	    "https://u:p@h/: want no user or password in a URL"));
	ok(mc_url_check("https://h/a@b", &e));
	ok(failed(mc_url_check("https://h/#x", &e), &e, MC_USAGE,
	    "https://h/#x: want no fragment: it never reaches a server"));
	ok(failed(mc_url_check("https://h/ x", &e), &e, MC_USAGE,
	    "the URL: want only the characters that a URL has; others as %XX"));
	ok(!mc_url_check("https://h/\n", &e) &&
	    !mc_url_check("https://\xc3\xa9/", &e));
	ok(!mc_url_check_https("http://h/", &e) && e.code == MC_USAGE);
}

/* By Python's uuid5(), of "id", and behind a NUL "id.scep" and the type. */
#define NAMED_PROFILE "AB3AD682-2E4B-5F01-8A92-73E2A75F7FEE"
#define NAMED_PAYLOAD "F2969CDF-C25C-5895-8801-4BE45F173BAF"
#define NAMED_SERVICE "B34C6E4C-163F-531A-8B76-4D27C8755B45"

static void
builders(void)
{
	static const char *const order[] = { "PayloadType", "PayloadVersion",
		"PayloadIdentifier", "PayloadUUID", "PayloadOrganization",
		"PayloadDisplayName", "PayloadDescription", "PayloadContent" };
	struct mc_profile_service p = {
		.common = { .identifier = "id",
		    .organization = "o",
		    .display_name = "n",
		    .description = "d" },
		.url = "https://h/",
	};
	struct mc_scep_payload s = { .common = p.common,
		.url = "http://h/scep",
		.key_size = 4096,
		.key_usage = 1 };
	AUTO(mc_plist) *out = NULL;
	AUTO(mc_plist) *scep = NULL;
	AUTO(mc_plist) *none = NULL;
	struct mc_err e = MC_ERR_INIT;
	const mc_plist *payload;

	ok(mc_profile_service_new(&p, &out, &e));
	for (size_t i = 0; i < 8; i++)
		ok(key_is(out, i, order[i]));
	ok(mc_plist_len(out) == 8 &&
	    is(mc_plist_get(out, "PayloadUUID"), NAMED_SERVICE));
	ok(mc_plist_len(mc_plist_get(
	       mc_plist_get(out, "PayloadContent"), "DeviceAttributes")) == 4);
	ok(mc_scep_payload_new(&s, mc_plist_new_array(), &scep, &e));
	payload = mc_plist_at(mc_plist_get(scep, "PayloadContent"), 0);
	ok(mc_plist_len(mc_plist_get(scep, "PayloadContent")) == 1);
	ok(is(mc_plist_get(payload, "PayloadIdentifier"), "id.scep") &&
	    is(mc_plist_get(payload, "PayloadUUID"), NAMED_PAYLOAD));
	ok(is(mc_plist_get(scep, "PayloadUUID"), NAMED_PROFILE));
	payload = mc_plist_get(payload, "PayloadContent");
	ok(!mc_plist_get(payload, "Challenge") &&
	    !mc_plist_get(payload, "Name") &&
	    !mc_plist_get(payload, "CAFingerprint"));
	s.url = "https://h/scep?x";
	ok(failed(mc_scep_payload_new(&s, mc_plist_new_array(), &none, &e), &e,
	    MC_USAGE,
	    "https://h/scep?x: want no query: devices drop it; what must come "
	    "back belongs into the path"));
	p.common.identifier = "";
	ok(failed(mc_profile_service_new(&p, &none, &e), &e, MC_USAGE,
	    "PayloadIdentifier: is empty; want one like com.acme.wifi"));
	p.common.identifier = "\xff";
	ok(failed(mc_profile_service_new(&p, &none, &e), &e, MC_MALFORMED,
	    "PayloadIdentifier: want UTF-8 without control characters"));
	ok(!none);
}

int
main(void)
{
	variables();
	many_variables();
	nearness();
	half_a_word_is_near();
	subjects();
	oids();
	urls();
	builders();
	return done();
}

/* SPDX-License-Identifier: ISC */
/* ProfileManifests: what is taken from them, and what is wrong in them. */
#include <stdlib.h>
#include <string.h>

#include "schema/manifest.h"
#include "schema/manifest_pattern.h"
#include "tap.h"

#define PLIST(body) "<plist version=\"1.0\">" body "</plist>"
#define K(name, value) "<key>" name "</key>" value
#define S(name, value) K(name, "<string>" value "</string>")
#define KEY(name, type, more)                                                  \
	"<dict>" S("pfm_name", name) S("pfm_type", type) more "</dict>"
#define MANIFEST(head, keys)                                                   \
	PLIST("<dict>" S("pfm_domain", "com.acme.app")                         \
		head K("pfm_subkeys", "<array>" keys "</array>") "</dict>")

/* The schema of one manifest; NULL with *is, or the error, told. */
static struct mc_schema *
read_manifest(const char *xml, bool *is, struct mc_err *e)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_DRAFT d = MC_DRAFT_INIT;
	struct mc_schema *s = NULL;

	*is = false;
	*e = (struct mc_err)MC_ERR_INIT;
	if (!mc_buf_puts(&in, xml, e) ||
	    !mc_manifest_parse(&in, "app.plist", 1, &d, is, e) || !*is ||
	    !mc_draft_build(&d, &s, e))
		return NULL;
	return s;
}

static struct mc_schema *
good(const char *xml)
{
	struct mc_err e;
	bool is;
	struct mc_schema *s = read_manifest(xml, &is, &e);

	ok(s);
	if (!s) {
		printf("# %s\n", e.text);
		exit(1);
	}
	return s;
}

/* A manifest is refused, with this text. */
static void
bad(const char *xml, const char *text)
{
	struct mc_err e;
	bool is;
	struct mc_schema *s = read_manifest(xml, &is, &e);

	ok(!s && e.code == MC_MALFORMED && strcmp(e.text, text) == 0);
	if (s || strcmp(e.text, text) != 0)
		printf("# %s\n", s ? "accepted" : e.text);
	mc_schema_free(s);
}

static struct mc_schema_key
key_of(const struct mc_schema *s, const char *name)
{
	struct mc_schema_payload p = mc_schema_at(s, 0);
	struct mc_schema_key k = { 0 };

	ok(mc_schema_key_find(s, p.first, p.n, name, &k));
	return k;
}

static bool
no_key(const struct mc_schema *s, const char *name)
{
	struct mc_schema_payload p = mc_schema_at(s, 0);
	struct mc_schema_key k;

	return !mc_schema_key_find(s, p.first, p.n, name, &k);
}

static void
payload(void)
{
	struct mc_schema *s = good(MANIFEST(
	    K("pfm_platforms",
		"<array><string>macOS</string><string>iOS</string></array>")
		K("pfm_targets", "<array><string>system</string></array>")
		    K("pfm_unique", "<true/>") K("pfm_supervised", "<true/>")
			S("pfm_macos_min", "11") S("pfm_ios_min", "13.4.1")
			    S("pfm_macos_deprecated", "14.0") S("pfm_ios_max",
				"16.4") K("pfm_unheard_of", "<array/>"),
	    ""));
	struct mc_schema_payload p = mc_schema_at(s, 0);
	const struct mc_support *mac = &p.support[MC_OS_MACOS];
	const struct mc_support *ios = &p.support[MC_OS_IOS];

	ok(mc_schema_len(s) == 1 && strcmp(p.type, "com.acme.app") == 0);
	ok(strcmp(p.release, "app.plist") == 0);
	ok(mac->there && mac->introduced == 110000 &&
	    mac->deprecated == 140000 && mac->removed == 0);
	ok(mac->flags == (MC_SUPPORT_DEVICE | MC_SUPPORT_APPROVED));
	/* the last that has it is 16.4: it is gone in 16.5 */
	ok(ios->there && ios->introduced == 130401 && ios->removed == 160500);
	ok(ios->flags == MC_SUPPORT_SUPERVISED);
	ok(!p.support[MC_OS_TVOS].there && !p.support[MC_OS_WATCHOS].there);
	mc_schema_free(s);

	/* what is not said: macOS, both channels, as many as one likes */
	s = good(MANIFEST("", ""));
	p = mc_schema_at(s, 0);
	ok(p.support[MC_OS_MACOS].there && !p.support[MC_OS_IOS].there);
	ok(p.support[MC_OS_MACOS].flags ==
	    (MC_SUPPORT_MULTIPLE | MC_SUPPORT_DEVICE | MC_SUPPORT_USER));
	mc_schema_free(s);

	s = good(MANIFEST(
	    K("pfm_targets", "<array><string>user-managed</string></array>")
		S("pfm_macos_min", "Sonoma"),
	    ""));
	p = mc_schema_at(s, 0);
	ok(p.support[MC_OS_MACOS].flags ==
	    (MC_SUPPORT_MULTIPLE | MC_SUPPORT_USER | MC_SUPPORT_MDM_ONLY));
	ok(p.support[MC_OS_MACOS].introduced == 0);
	mc_schema_free(s);
}

/* The version that the last one that has it is told by, and what follows. */
static void
last_versions(void)
{
	struct mc_schema *s = good(MANIFEST("",
	    KEY("A", "string", S("pfm_macos_max", "13.4.1"))
		KEY("B", "string", S("pfm_macos_max", "10.15"))
		    KEY("C", "string", S("pfm_macos_max", "12"))));
	struct mc_schema_key k = key_of(s, "A");

	ok(k.support[MC_OS_MACOS].removed == 130402);
	k = key_of(s, "B");
	ok(k.support[MC_OS_MACOS].removed == 101600);
	k = key_of(s, "C");
	ok(k.support[MC_OS_MACOS].removed == 130000);
	mc_schema_free(s);
}

static void
facts(void)
{
	struct mc_schema *s = good(MANIFEST("",
	    KEY("Mode", "string",
		S("pfm_require", "always") S("pfm_default", "fast")
		    K("pfm_range_list",
			"<array><string>fast</string><string>slow</string>"
			"</array>") S("pfm_format", "^\\w+$")) KEY("Port",
		"integer",
		K("pfm_range_min", "<integer>1</integer>") K("pfm_range_max",
		    "<integer>65535</integer>") K("pfm_default",
		    "<integer>443</integer>")) KEY("Level", "integer",
		K("pfm_range_list",
		    "<array><integer>1</integer><integer>2</integer>"
		    "</array>") K("pfm_range_list_allow_custom_value",
		    "<true/>")) KEY("Ratio", "float",
		K("pfm_range_max", "<real>0.5</real>")) KEY("On", "boolean",
		K("pfm_required", "<true/>") K("pfm_default",
		    "<string>yes</string>")) KEY("Sometimes", "string",
		S("pfm_require", "always") K("pfm_exclude", "<array/>"))
		KEY("Pushed", "string", S("pfm_require", "push")) KEY("Filled",
		    "url", S("pfm_require", "always") S("pfm_hidden", "all"))
		    KEY("Made", "union policy", "")));
	struct mc_schema_key k = key_of(s, "Mode");

	ok(k.type == MC_PLIST_STRING && k.required && k.allowed_n == 2);
	ok(strcmp(mc_schema_allowed(s, &k, 1), "slow") == 0);
	ok(strcmp(k.fallback, "fast") == 0);
	ok(strcmp(k.pattern, "^[[:alnum:]_]+$") == 0);
	k = key_of(s, "Port");
	ok(k.type == MC_PLIST_INT && k.has_min && k.min == 1 && k.has_max &&
	    k.max == 65535 && strcmp(k.fallback, "443") == 0 && !k.required);
	/* what is only suggested is not asked for */
	k = key_of(s, "Level");
	ok(k.allowed_n == 0);
	k = key_of(s, "Ratio");
	ok(k.type == MC_PLIST_REAL && !k.has_min && k.has_max && k.max == .5);
	/* a default of another type is none */
	k = key_of(s, "On");
	ok(k.type == MC_PLIST_BOOL && k.required && !k.fallback);
	k = key_of(s, "Sometimes");
	ok(!k.required);
	k = key_of(s, "Pushed");
	ok(!k.required);
	k = key_of(s, "Filled");
	ok(!k.required && k.type == MC_PLIST_STRING);
	ok(no_key(s, "Made"));
	mc_schema_free(s);
}

static void
nested(void)
{
	struct mc_schema *s = good(MANIFEST("",
	    KEY("Rules", "array",
		K("pfm_repetition_min", "<integer>1</integer>")
		    K("pfm_repetition_max", "<integer>4</integer>") K(
			"pfm_subkeys",
			"<array>"
			"<dict>" S("pfm_type", "dictionary") S(
			    "pfm_require", "always") K("pfm_subkeys",
			    "<array>" KEY("Path", "string",
				S("pfm_require",
				    "always-nested")) "</arr"
						      "ay>") "</dict></array>"))
		KEY("Any", "dictionary",
		    K("pfm_subkeys",
			"<array>" KEY("{{key}}", "string", "")
			    KEY("{{value}}", "integer",
				S("pfm_require", "always")) "</array>"))));
	struct mc_schema_key k = key_of(s, "Rules");
	struct mc_schema_key in;

	ok(k.type == MC_PLIST_ARRAY && k.has_count && k.count_min == 1 &&
	    k.count_max == 4 && k.n == 1);
	k = mc_schema_key_at(s, k.first);
	ok(k.type == MC_PLIST_DICT && !k.name && !k.required && k.n == 1);
	ok(mc_schema_key_find(s, k.first, k.n, "Path", &in) && in.required);
	k = key_of(s, "Any");
	ok(k.type == MC_PLIST_DICT && k.n == 1);
	ok(mc_schema_key_find(s, k.first, k.n, "whatever", &in) && !in.name &&
	    in.type == MC_PLIST_INT && !in.required);
	mc_schema_free(s);
}

static void
systems(void)
{
	struct mc_schema *s = good(MANIFEST(
	    K("pfm_platforms",
		"<array><string>macOS</string><string>iOS</string></array>")
		S("pfm_macos_min", "10.15"),
	    KEY("Mac", "boolean",
		K("pfm_platforms", "<array><string>macOS</string></array>")
		    S("pfm_macos_min", "12.0")) KEY("NotMac", "boolean",
		K("pfm_n_platforms", "<array><string>macOS</string></array>")
		    K("pfm_supervised", "<true/>")) KEY("Above", "dictionary",
		K("pfm_platforms", "<array><string>iOS</string></array>")
		    K("pfm_subkeys",
			"<array>" KEY("Below", "string",
			    S("pfm_macos_min", "13.0")) "</array>"))));
	struct mc_schema_key k = key_of(s, "Mac");

	ok(k.support[MC_OS_MACOS].introduced == 120000);
	ok(!k.support[MC_OS_IOS].there);
	k = key_of(s, "NotMac");
	ok(!k.support[MC_OS_MACOS].there && k.support[MC_OS_IOS].there);
	ok(k.support[MC_OS_IOS].flags & MC_SUPPORT_SUPERVISED);
	ok(!k.support[MC_OS_TVOS].there);
	/* what holds it is not there, whatever it says itself */
	k = key_of(s, "Above");
	k = mc_schema_key_at(s, k.first);
	ok(!k.support[MC_OS_MACOS].there && k.support[MC_OS_IOS].there);
	mc_schema_free(s);
}

static void
left_out(void)
{
	struct mc_schema *s = good(MANIFEST("",
	    KEY("PFC_SegmentedControl_0", "string", S("pfm_require", "always"))
		KEY("PayloadDisplayName", "string", S("pfm_require", "always"))
		    KEY("Real", "string", "") KEY("Twice", "string",
			S("pfm_require", "always") K("pfm_range_list",
			    "<array><string>a</string>"
			    "</array>")) KEY("Twice", "integer", "")));
	struct mc_schema_key k;
	struct mc_err e;
	bool is;

	ok(mc_schema_at(s, 0).n == 2);
	ok(no_key(s, "PFC_SegmentedControl_0"));
	ok(no_key(s, "PayloadDisplayName"));
	/* described for two cases: whatever suits one of them */
	k = key_of(s, "Twice");
	ok(mc_schema_type_fits(&k, MC_PLIST_STRING) &&
	    mc_schema_type_fits(&k, MC_PLIST_INT) &&
	    !mc_schema_type_fits(&k, MC_PLIST_BOOL));
	ok(!k.required && k.allowed_n == 0);
	mc_schema_free(s);

	ok(!read_manifest(PLIST("<dict/>"), &is, &e) && !is && !e.code);
	ok(!read_manifest(
	       PLIST("<array><string>x</string></array>"), &is, &e) &&
	    !is && !e.code);
	ok(!read_manifest(PLIST("<dict>" S("pfm_domain", "Configuration")
				  K("pfm_subkeys", "<array/>") "</dict>"),
	       &is, &e) &&
	    !is && !e.code);
	/* dates with zones are found in them */
	s = good(MANIFEST(
	    K("pfm_last_modified", "<date>2025-05-13T13:40:28-0700</date>"),
	    ""));
	mc_schema_free(s);
}

#define ON(os) K("pfm_platforms", "<array><string>" os "</string></array>")
#define BELOW(keys) K("pfm_subkeys", "<array>" keys "</array>")

/* A key that is told once for each system is on both, with what is below. */
static void
twice_on_systems(void)
{
	struct mc_schema *s = good(MANIFEST(
	    K("pfm_platforms",
		"<array><string>macOS</string><string>iOS</string></array>"),
	    KEY("A", "string", ON("iOS") S("pfm_ios_min", "15.0")) KEY(
		"A", "string", ON("macOS") S("pfm_macos_min", "12.0")) KEY("B",
		"string", S("pfm_ios_min", "15.0") S("pfm_ios_max", "16.0"))
		KEY("B", "string", S("pfm_ios_min", "14.0")) KEY("D",
		    "dictionary",
		    ON("iOS") BELOW(KEY("Both", "string", "")
			    KEY("Phone", "string", ""))) KEY("D", "dictionary",
		    ON("macOS") BELOW(
			KEY("Both", "string", "") KEY("Mac", "string", "")))));
	struct mc_schema_key k = key_of(s, "A");
	struct mc_schema_key in;

	ok(k.support[MC_OS_MACOS].there && k.support[MC_OS_IOS].there);
	ok(!k.support[MC_OS_TVOS].there);
	ok(k.support[MC_OS_MACOS].introduced == 120000);
	ok(k.support[MC_OS_IOS].introduced == 150000);
	k = key_of(s, "B");
	ok(k.support[MC_OS_IOS].introduced == 140000);
	ok(k.support[MC_OS_IOS].removed == 0);
	k = key_of(s, "D");
	ok(k.n == 3);
	ok(mc_schema_key_find(s, k.first, k.n, "Both", &in));
	ok(in.support[MC_OS_MACOS].there && in.support[MC_OS_IOS].there);
	ok(mc_schema_key_find(s, k.first, k.n, "Phone", &in));
	ok(!in.support[MC_OS_MACOS].there && in.support[MC_OS_IOS].there);
	ok(mc_schema_key_find(s, k.first, k.n, "Mac", &in));
	ok(in.support[MC_OS_MACOS].there && !in.support[MC_OS_IOS].there);
	mc_schema_free(s);
}

static void
twice_of_types(void)
{
	struct mc_schema *s = good(MANIFEST("",
	    KEY("A", "string", "") KEY("A", "integer", "") "<dict>" S(
		"pfm_name", "A") "</dict>" KEY("B", "string", "")
		KEY("B", "array", BELOW(KEY("Item", "string", "")))
		    KEY("B", "dictionary", BELOW(KEY("Key", "string", "")))
			KEY("C", "string", S("pfm_default", "x"))
			    KEY("C", "string", S("pfm_default", "y"))));
	struct mc_schema_key k = key_of(s, "A");

	ok(k.type == MC_PLIST_NONE && k.types == 0);
	ok(mc_schema_type_fits(&k, MC_PLIST_DATE));
	/* the items stay items, and keys are none of them */
	k = key_of(s, "B");
	ok(mc_schema_type_fits(&k, MC_PLIST_STRING));
	ok(mc_schema_type_fits(&k, MC_PLIST_DICT));
	ok(k.type == MC_PLIST_ARRAY && k.n == 1);
	k = mc_schema_key_at(s, k.first);
	ok(strcmp(k.name, "Item") == 0);
	k = key_of(s, "C");
	ok(!k.fallback);
	mc_schema_free(s);
}

/* What contradicts the key is left out, and nothing else of the key. */
static void
slips(void)
{
	struct mc_schema *s = good(MANIFEST("",
	    KEY("Range", "integer",
		K("pfm_range_min", "<integer>5</integer>")
		    K("pfm_range_max", "<integer>1</integer>") K("pfm_default",
			"<integer>3</integer>")) KEY("YesNo", "boolean",
		S("pfm_require", "always") K("pfm_range_list",
		    "<array><string>Yes</string><string>No</string></array>")
		    K("pfm_default", "<true/>"))
		KEY("Huge", "real", K("pfm_default", "<real>1e300</real>"))));
	struct mc_schema_key k = key_of(s, "Range");

	ok(!k.has_min && !k.has_max && strcmp(k.fallback, "3") == 0);
	k = key_of(s, "YesNo");
	ok(k.allowed_n == 0 && k.required && strcmp(k.fallback, "true") == 0);
	k = key_of(s, "Huge");
	ok(!k.fallback);
	mc_schema_free(s);
}

static void
refused(void)
{
	bad(PLIST("<dict>" K("pfm_subkeys", "<array/>") "</dict>"),
	    "app.plist:1: the top: has no pfm_domain");
	bad(PLIST("<dict>" S("pfm_domain", "a.b") "</dict>"),
	    "app.plist:1: the top: has no pfm_subkeys");
	bad(PLIST(
		"<dict>\n" K("pfm_domain", "\n<integer>1</integer>") "</dict>"),
	    "app.plist:3: pfm_domain: must be of type string, not integer");
	bad(MANIFEST("", "\n\n<string>x</string>"),
	    "app.plist:3: pfm_subkeys[0]: must be of type dict");
	bad(MANIFEST("", "<dict>" S("pfm_type", "string") "</dict>"),
	    "app.plist:1: pfm_subkeys[0]: has no pfm_name");
	bad(MANIFEST("", KEY("A", "string", "") KEY("B", "text", "")),
	    "app.plist:1: pfm_subkeys[1].pfm_type: must be array, boolean, "
	    "data, date, dictionary, integer, real or string");
	bad(MANIFEST("",
		KEY("A", "dictionary",
		    K("pfm_subkeys",
			"<array>" KEY("B", "integer",
			    S("pfm_range_list", "1")) "</array>"))),
	    "app.plist:1: pfm_subkeys[0].pfm_subkeys[0].pfm_range_list: must "
	    "be of type array, not string");
	bad("", "app.plist:1:1: is empty");
}

static void
pattern(const char *icu, const char *posix)
{
	AUTO_BUF to = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool is = false;

	ok(mc_manifest_pattern(icu, &to, &is, &e));
	ok(is == (posix != NULL) && (!posix || mc_buf_is(&to, posix)));
	if (is != (posix != NULL) || (posix && !mc_buf_is(&to, posix)))
		printf("# %s: %s\n", icu, is ? mc_buf_str(&to) : "none");
}

static void
patterns(void)
{
	static const char *const same[] = { "^[0-9A-Za-z]{8}-x$", "a|b",
		"^https?://.*$", "(ab)+", "[^a-z]", "a\\.b", "x{2,5}", "[a-]" };

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		pattern(same[i], same[i]);
	pattern("^\\d{1,3}$", "^[0-9]{1,3}$");
	pattern("[\\d\\w_]", "[0-9[:alnum:]__]");
	pattern("\\S", "[^[:space:]]");
	pattern("(?:a|b)c", "(a|b)c");
	/* in brackets POSIX has no escapes */
	pattern("[^\\*\\.]", "[^*.]");
	pattern("[a\\]b]", "[]ab]");
	pattern("[a\\-z]", "[az-]");
	pattern("a\\/b", "a/b");
	/* what POSIX has not */
	pattern("(?=a)", NULL);
	pattern("(?i)a", NULL);
	pattern("a*?", NULL);
	pattern("a{2}+", NULL);
	pattern("\\bword", NULL);
	pattern("\\p{L}", NULL);
	pattern("(a)\\1", NULL);
	pattern("[[a-z]&&[^b]]", NULL);
	pattern("\xc3\xa9+", NULL);
	pattern("a(", NULL);
	pattern("[a", NULL);
	pattern("", NULL);
	pattern("a\\", NULL);
	pattern("a{3,2}", NULL);
	/* which would take more memory than there is */
	pattern("((a{255}){255}){255}", NULL);
}

int
main(void)
{
	payload();
	last_versions();
	facts();
	nested();
	systems();
	left_out();
	twice_on_systems();
	twice_of_types();
	slips();
	refused();
	patterns();
	return done();
}

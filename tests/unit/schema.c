/* SPDX-License-Identifier: ISC */
/* The schema that is compiled in: all of it is there, and says what Apple's. */
#include "schema/schema.h"

#include <regex.h>

#include "schema/parse.h"
#include "schema/table.h"
#include "tap.h"

static const struct mc_schema *s;

/* The key at a path of names in a payload's parts; "*" is any, "[]" an item. */
static bool
find(const char *type, const char *path, struct mc_schema_key *k)
{
	char step[128];
	size_t n = strcspn(path, "/");

	snprintf(step, sizeof(step), "%.*s", (int)n, path);
	if (!mc_schema_payload_key_find(s, type, step, k))
		return false;
	for (path += n; *path; path += n) {
		path++;
		n = strcspn(path, "/");
		snprintf(step, sizeof(step), "%.*s", (int)n, path);
		if (strcmp(step, "[]") == 0) {
			if (k->n == 0)
				return false;
			*k = mc_schema_key_at(s, k->first);
		} else if (!mc_schema_key_find(s, k->first, k->n, step, k)) {
			return false;
		}
	}
	return true;
}

static struct mc_schema_key
key(const char *type, const char *path)
{
	struct mc_schema_key k = { .id = UINT32_MAX, .name = "none" };

	if (!find(type, path, &k))
		printf("# no %s in %s\n", path, type);
	return k;
}

/* Its allowed values, with blanks between them. */
static bool
allows(const struct mc_schema_key *k, const char *want)
{
	char text[1024] = "";
	size_t n = 0;

	for (uint32_t i = 0; i < k->allowed_n && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    i ? " " : "", mc_schema_allowed(s, k, i));
	if (strcmp(text, want) == 0)
		return true;
	printf("# %s\n", text);
	return false;
}

static bool
is(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

/* "4.0-7.0 personal-forbidden": what there is on one OS; "" where nothing. */
static bool
on(const struct mc_support *support, enum mc_os os, const char *want)
{
	const struct mc_support *v = &support[os];
	char version[MC_VERSION_TEXT];
	char text[256] = "";
	size_t n;

	n = v->there ? (size_t)snprintf(text, sizeof(text), "%s",
			   mc_version_encode(v->introduced, version))
		     : 0;
	if (v->deprecated)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "~%s",
		    mc_version_encode(v->deprecated, version));
	if (v->removed)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "-%s",
		    mc_version_encode(v->removed, version));
	for (unsigned bit = 1; bit <= MC_SUPPORT_SHARED_IGNORED; bit <<= 1)
		if (v->flags & bit)
			n += (size_t)snprintf(text + n, sizeof(text) - n, " %s",
			    mc_support_flag_name(bit));
	if (strcmp(text, want) == 0)
		return true;
	printf("# %s\n", text);
	return false;
}

static void
counts(void)
{
	const char *last = "";
	size_t types = 0;
	size_t unsorted = 0;
	size_t at;

	for (size_t i = 0; i < mc_schema_len(s); i++) {
		struct mc_schema_payload p = mc_schema_at(s, i);

		types += strcmp(last, p.type) != 0;
		unsorted += strcmp(last, p.type) > 0;
		last = p.type;
	}
	ok(mc_schema_len(s) == 128);
	ok(types == 122);
	ok(unsorted == 0);
	ok(mc_schema_find(s, "com.apple.MCX", &at) == 6);
	ok(mc_schema_at(s, at + 1).n == 6 && mc_schema_at(s, at + 5).n == 3);
	ok(mc_schema_find(s, "com.apple.extensiblesso", &at) == 2);
	ok(mc_schema_find(s, MC_SCHEMA_TOP, &at) == 1);
	ok(is(mc_schema_at(s, at).type, "TopLevel"));
	ok(is(mc_schema_at(s, at).release, "iOS 18.1, macOS 15.1"));
	ok(mc_schema_find(s, "com.apple.wifi", &at) == 0);
	ok(mc_schema_find(s, "", &at) == 0);
	ok(mc_schema_find(s, "~", &at) == 0);
	ok(mc_schema_find(s, ".GlobalPreferences", &at) == 1 && at == 0);
	ok(mc_schema_find(s, "loginwindow", &at) == 1);
	ok(at == mc_schema_len(s) - 1);
}

/* The release as Apple has it, before the overrides: none of it is lost. */
static void
published(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_DRAFT d = MC_DRAFT_INIT;
	size_t again = 0;
	size_t any = 0;
	size_t required = 0;
	size_t valued = 0;
	size_t defaults = 0;

	ok(mc_buf_puts(&text, mc_schema_release_text, &e));
	ok(mc_schema_parse(&text, "x", 0, MC_PARSE_PAYLOADS, &d, &e));
	for (uint32_t i = 0; i < d.keys_n; i++) {
		again += d.keys[i].again != MC_DRAFT_NONE;
		any += d.keys[i].name == 0;
		required += d.keys[i].required;
		valued += d.keys[i].values_n > 0;
		defaults += d.keys[i].fallback != 0;
	}
	ok(d.payloads_n == 128);
	ok(d.keys_n == 2220 + 3 && again == 3);
	ok(any == 31);
	ok(required == 422);
	ok(valued == 321);
	ok(defaults == 662);
}

/* Every type and every key is found by its name. */
static void
found(void)
{
	size_t lost = 0;
	size_t at;

	for (size_t i = 0; i < mc_schema_len(s); i++) {
		struct mc_schema_payload p = mc_schema_at(s, i);
		struct mc_schema_key k;

		lost += mc_schema_find(s, p.type, &at) == 0 || at > i;
		for (uint32_t id = p.first; id < p.first + p.n; id++) {
			const char *name = mc_schema_key_at(s, id).name;

			if (!mc_schema_key_find(
				s, p.first, p.n, name ? name : "xyz", &k) ||
			    k.id != id)
				lost++;
			if (name &&
			    !mc_schema_payload_key_find(s, p.type, name, &k))
				lost++;
		}
	}
	for (uint32_t id = 0; id < s->nodes_n; id++) {
		struct mc_schema_key k = mc_schema_key_at(s, id);

		for (uint32_t c = k.first; c < k.first + k.n; c++) {
			struct mc_schema_key got;
			const char *name = mc_schema_key_at(s, c).name;

			lost += !mc_schema_key_find(s, k.first, k.n,
				    name ? name : "xyz", &got) ||
			    got.id != c;
		}
	}
	ok(lost == 0);
}

/* What the comments of the table promise. */
static void
whole(void)
{
	size_t bad = 0;
	size_t recursive = 0;
	regex_t re;

	for (uint32_t id = 0; id < s->nodes_n; id++) {
		struct mc_schema_key k = mc_schema_key_at(s, id);

		bad += k.first + k.n > s->nodes_n;
		recursive += k.n > 0 && k.first <= id;
		bad += k.n > 0 && k.type != MC_PLIST_DICT &&
		    k.type != MC_PLIST_ARRAY;
		bad += k.type == MC_PLIST_ARRAY && k.n == 0;
		for (size_t os = 0; os < MC_OS_COUNT; os++)
			bad += !k.support[os].there &&
			    (k.support[os].introduced || k.support[os].flags);
		if (!k.pattern)
			continue;
		if (regcomp(&re, k.pattern, REG_EXTENDED | REG_NOSUB) != 0) {
			printf("# %s\n", k.pattern);
			bad++;
			continue;
		}
		regfree(&re);
	}
	ok(bad == 0);
	ok(recursive == 3);
}

static void
wifi(void)
{
	const char *t = "com.apple.wifi.managed";
	struct mc_schema_key k = key(t, "ProxyType");
	size_t at;

	ok(k.type == MC_PLIST_STRING && !k.required);
	ok(allows(&k, "None Manual Auto") && is(k.fallback, "None"));
	ok(on(k.support, MC_OS_IOS, "4.0 multiple personal-forbidden"));
	ok(on(k.support, MC_OS_MACOS, "10.7 multiple device user"));
	k = key(t, "AutoJoin");
	ok(k.type == MC_PLIST_BOOL && is(k.fallback, "true"));
	ok(on(k.support, MC_OS_IOS, "5.0 multiple"));
	ok(on(k.support, MC_OS_WATCHOS, "3.2 multiple"));
	k = key(t, "ProxyServerPort");
	ok(k.has_min && k.min == 0 && k.has_max && k.max == 65535);
	k = key(t, "EAPClientConfiguration");
	ok(k.type == MC_PLIST_DICT && k.n == 19);
	k = key(t, "EAPClientConfiguration/AcceptEAPTypes");
	ok(k.type == MC_PLIST_ARRAY && k.required && k.n == 1);
	k = key(t, "EAPClientConfiguration/AcceptEAPTypes/[]");
	ok(is(k.name, "EAPType") && k.type == MC_PLIST_INT);
	ok(allows(&k, "13 17 18 21 23 25 43"));
	k = key(t, "EAPClientConfiguration/TLSAllowTrustExceptions");
	ok(on(k.support, MC_OS_IOS, "4.0-8.0 multiple"));
	ok(on(k.support, MC_OS_VISIONOS, ""));
	k = key(t, "SetupModes/[]");
	ok(on(k.support, MC_OS_IOS, "") && k.required);
	ok(on(k.support, MC_OS_MACOS, "10.7 multiple device user"));
	k = key(t, "PayloadUUID");
	ok(k.required && mc_schema_find(s, MC_SCHEMA_COMMON, &at) == 1);
	ok(k.id >= mc_schema_at(s, at).first);
	ok(!find(t, "SSID", &k) && !find(t, "SSID_STR/x", &k));
}

/* A key from each corner of the notation. */
static void
corners(void)
{
	struct mc_schema_key k;

	k = key("com.apple.MCX", "com.apple.EnergySaver.desktop.ACPower");
	ok(k.type == MC_PLIST_DICT && k.n == 10);
	k = key("com.apple.MCX",
	    "com.apple.EnergySaver.portable.ACPower/Wake On Modem Ring");
	ok(k.type == MC_PLIST_INT && allows(&k, "0 1"));
	k = key("com.apple.MCX", "timeServer"); /* of the fifth part */
	ok(on(k.support, MC_OS_MACOS, "10.12.4 device personal-forbidden"));
	k = key("com.apple.applicationaccess", "safariAcceptCookies");
	ok(k.type == MC_PLIST_REAL && allows(&k, "0.0 1.0 1.5 2.0"));
	ok(is(k.fallback, "2.0"));
	k = key("com.apple.applicationaccess", "allowCallRecording");
	ok(on(k.support, MC_OS_IOS,
	    "18.1 multiple supervised personal-forbidden shared-forbidden"));
	ok(on(k.support, MC_OS_MACOS, ""));
	k = key("com.apple.font", "Name");
	ok(is(k.fallback, ""));
	k = key("com.apple.cellularprivatenetwork.managed",
	    "Geofences/[]/Latitude");
	ok(k.min == -90 && k.max == 90 && k.type == MC_PLIST_REAL);
	k = key("com.apple.extensiblesso", "PlatformSSO/LoginFrequency");
	ok(k.has_min && k.min == 3600 && !k.has_max);
	k = key("com.apple.security.scep", "PayloadContent/Subject/[]/[]");
	ok(k.has_count && k.count_min == 2 && k.count_max == 2);
	ok(key("com.apple.security.scep", "PayloadContent/Key Type").type ==
	    MC_PLIST_STRING);
	k = key("com.apple.webClip.managed", "URL");
	ok(is(k.form, "url") && k.required && !k.pattern);
	k = key("com.apple.mdm", "CheckInURL");
	ok(is(k.pattern, "^https://.*$"));
	k = key("com.apple.mdm", "ManagedAppleID");
	ok(on(k.support, MC_OS_IOS, "13.1~17.0-18.0 personal-required"));
	k = key("com.apple.mobiledevice.passwordpolicy", "pinHistory");
	/* the key's own mode, not the payload's */
	ok(on(k.support, MC_OS_IOS,
	    "4.0 multiple personal-ignored shared-forbidden"));
	k = key("com.apple.dnsProxy.managed", "ProviderConfiguration/x");
	ok(!k.name && k.type == MC_PLIST_NONE);
	k = key("com.apple.firstethernet.managed", "SSID_STR");
	ok(!k.name && !k.required);
	/* any key is good there, and still this one is known */
	k = key("com.apple.firstethernet.managed", "PayloadUUID");
	ok(is(k.name, "PayloadUUID") && k.required);
	k = key("loginwindow", "DisableLoginItemsSuppression");
	ok(on(k.support, MC_OS_MACOS, "10.7 device personal-forbidden"));
	k = key("com.apple.extensiblesso", "ExtensionIdentifier");
	ok(k.id == key("com.apple.extensiblesso", "Realm").id - 3);
}

/* What the overrides are for: profiles that work are right. */
static void
mended(void)
{
	const char *tcc = "com.apple.TCC.configuration-profile-policy";
	struct mc_schema_key k;

	k = key("com.apple.wifi.managed", "PayloadEnabled");
	ok(k.type == MC_PLIST_BOOL && !k.required);
	k = key(tcc, "Services/Camera/[]/Allowed");
	ok(k.type == MC_PLIST_BOOL && !k.required);
	ok(!key(tcc, "Services/Camera/[]/Authorization").required);
	ok(key(tcc, "Services/Camera/[]/CodeRequirement").required);
	k = key(MC_SCHEMA_TOP, "ConsentText/de");
	ok(!k.name && k.type == MC_PLIST_STRING && k.n == 0);
	ok(!key(MC_SCHEMA_TOP, "PayloadContent").required);
	k = key(
	    "com.apple.security.scep", "PayloadContent/SubjectAltName/dNSName");
	ok(mc_schema_type_fits(&k, MC_PLIST_STRING) &&
	    mc_schema_type_fits(&k, MC_PLIST_ARRAY) &&
	    !mc_schema_type_fits(&k, MC_PLIST_DATA));
	k = key("com.apple.MCX",
	    "com.apple.EnergySaver.portable.BatteryPower/Disk Sleep Timer");
	ok(!k.allowed_n && k.min == 0 && k.max == 180);
	k = key("com.apple.vpn.managed", "IKEv2/EnablePFS");
	ok(allows(&k, "0 1 true false") &&
	    mc_schema_type_fits(&k, MC_PLIST_BOOL));
	k = key("com.apple.vpn.managed", "VendorConfig/Realm");
	ok(is(k.name, "Realm") && k.type == MC_PLIST_STRING);
	ok(!key("com.apple.vpn.managed", "VendorConfig/Acme").name);
	k = key("com.apple.homescreenlayout", "Dock/[]/Pages/[]/[]/Type");
	ok(allows(&k, "Application Folder WebClip App"));
	k = key("com.apple.system.logging", "Subsystems");
	ok(k.support[MC_OS_MACOS].there && k.support[MC_OS_IOS].there);
}

static void
recursion(void)
{
	const char *t = "com.apple.homescreenlayout";
	struct mc_schema_key icon = key(t, "Dock/[]");
	struct mc_schema_key again = key(t, "Dock/[]/Pages/[]/[]");

	ok(is(icon.name, "IconItem") && is(again.name, "IconItem"));
	ok(icon.id != again.id && icon.first == again.first && icon.n == 5);
	ok(again.n == 5 && again.type == MC_PLIST_DICT);
	icon = key(t, "Pages/[]");
	again = key(t, "Pages/[]/[]/Pages/[]");
	ok(icon.first == again.first && again.type == MC_PLIST_ARRAY);
	icon = key("com.apple.applicationaccess.new", "whiteList/[]");
	again = key(
	    "com.apple.applicationaccess.new", "whiteList/[]/subApps/[]");
	ok(icon.first == again.first && again.n == icon.n);
	again = key("com.apple.applicationaccess.new",
	    "whiteList/[]/subApps/[]/subApps/[]/bundleID");
	ok(is(again.name, "bundleID") && again.required);
}

static void
words(void)
{
	char text[MC_VERSION_TEXT];
	enum mc_plist_type type;
	enum mc_os os;
	uint32_t v;

	ok(mc_version_parse("17", &v) && v == 170000);
	ok(mc_version_parse("17.4.1", &v) && v == 170401);
	ok(is(mc_version_encode(v, text), "17.4.1"));
	ok(is(mc_version_encode(101304, text), "10.13.4"));
	ok(is(mc_version_encode(40000, text), "4.0"));
	ok(is(mc_version_encode(UINT32_MAX, text), "96.72.95"));
	ok(!mc_version_parse("", &v) && !mc_version_parse("0", &v));
	ok(!mc_version_parse("17.", &v) && !mc_version_parse(".4", &v));
	ok(!mc_version_parse("017", &v) && !mc_version_parse("17.04", &v));
	ok(!mc_version_parse("17.4.1.2", &v) && !mc_version_parse("100", &v));
	ok(!mc_version_parse(" 17", &v) && !mc_version_parse("17x", &v));
	ok(mc_os_parse("iPadOS", 6, &os) && os == MC_OS_IOS);
	ok(mc_os_parse("MACOS:14", 5, &os) && os == MC_OS_MACOS);
	ok(!mc_os_parse("mac", 3, &os) && !mc_os_parse("", 0, &os));
	for (size_t i = 0; i < MC_OS_COUNT; i++) {
		const char *name = mc_os_name((enum mc_os)i);

		ok(mc_os_parse(name, strlen(name), &os) && os == i);
		ok(mc_os_parse(mc_os_title(os), strlen(name), &os) && os == i);
	}
	for (unsigned bit = 1; bit <= MC_SUPPORT_SHARED_IGNORED; bit <<= 1)
		ok(mc_support_flag_find(mc_support_flag_name(bit)) == bit);
	ok(!mc_support_flag_name(3) && !mc_support_flag_find("many"));
	ok(!mc_support_flag_name(MC_SUPPORT_SHARED_IGNORED << 1));
	for (unsigned i = 0; i <= MC_PLIST_DATA; i++)
		ok(mc_schema_type_find(
		       mc_schema_type_name((enum mc_plist_type)i), &type) &&
		    type == i);
	ok(!mc_schema_type_find("nothing", &type));
}

static void
fitting(void)
{
	struct mc_schema_key k = { .type = MC_PLIST_STRING };

	ok(mc_schema_type_fits(&k, MC_PLIST_STRING));
	ok(!mc_schema_type_fits(&k, MC_PLIST_ARRAY));
	k.types = 1U << MC_PLIST_STRING | 1U << MC_PLIST_ARRAY;
	ok(mc_schema_type_fits(&k, MC_PLIST_ARRAY));
	ok(!mc_schema_type_fits(&k, MC_PLIST_DICT));
	k = (struct mc_schema_key){ .type = MC_PLIST_NONE };
	ok(mc_schema_type_fits(&k, MC_PLIST_DATE));
	ok(!mc_schema_type_fits(&k, MC_PLIST_NONE));
	k.type = MC_PLIST_REAL; /* coercion is for those who know the target */
	ok(!mc_schema_type_fits(&k, MC_PLIST_INT));
}

int
main(void)
{
	s = mc_schema_builtin();
	counts();
	published();
	found();
	whole();
	wifi();
	corners();
	mended();
	recursion();
	words();
	fitting();
	return done();
}

/* SPDX-License-Identifier: ISC */
/* The schema's rule, over a schema of its own: who needs what, and where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint/lint.h"
#include "plist/plist.h"
#include "tap.h"
#include "tool.h"

static const char text[] =
    "payload com.acme.app on ios 12.0 multiple, macos 11.0 device mdm-only"
    " approved\n"
    "\tServer string required\n"
    "\tPhone string required on not macos\n"
    "\tMac string required on not ios\n"
    "\tSupervised boolean on ios supervised\n"
    "\tLate boolean on ios 17.0, macos 14.0\n"
    "\tGone boolean on ios removed 15.0, macos removed 13.0\n"
    "\tOld boolean on ios deprecated 15.0\n"
    "\tPersonal boolean on ios personal-forbidden\n"
    "\tLevel integer values 0 from 5 to 9\n"
    "\tMode string values one, two\n"
    "\tVersion string values 1.0, 1.1\n"
    "\tSite string form url\n"
    "\tHost string form hostname\n"
    "\tCode string pattern ^[a-z]{3}$\n"
    "\tTwo array items 2\n"
    "\t\titem One string values a, b\n"
    "\t\titem Other string values c\n"
    "\tTree dict\n"
    "\t\tName string required\n"
    "\t\tBelow array\n"
    "\t\t\titem Kind dict\n"
    "\t\t\t\tA string required\n"
    "\t\t\titem Other dict\n"
    "\t\t\t\tB string required\n"
    "\t\t\t\tC string\n"
    "\t\t\titem Word string\n"
    "payload com.acme.two on macos 10.7 multiple user\n"
    "\tX string\n";

static struct mc_schema *schema;
static struct mc_err e;

struct asked {
	const char *keys;    /* of the payload, besides the common ones */
	const char *top;     /* of the profile; NULL: none */
	const char *type;    /* NULL: com.acme.app */
	const char *targets; /* "ios:17 macos"; NULL: none */
	enum mc_lint_way way;
	enum mc_lint_channel channel;
};

static void
targets_set(const char *s, struct mc_lint_options *o)
{
	char word[32];
	size_t n;

	for (; s && *s; s += n) {
		s += strspn(s, " ");
		n = strcspn(s, " ");
		snprintf(word, sizeof(word), "%.*s", (int)n, s);
		if (!mc_lint_target_parse(word, &o->targets[o->n++], &e))
			exit(99);
	}
}

static const char *
or_empty(const char *s)
{
	return s ? s : "";
}

/* "1103e:Server 1112w:Gone": codes from 1101 on, severity, the last step. */
static const char *
lint(const struct asked *a)
{
	static char said[512];
	struct mc_lint_options o = {
		.schema = schema, .way = a->way, .channel = a->channel
	};
	AUTO_BUF file = MC_BUF_INIT;
	AUTO_FINDINGS f = { 0 };
	size_t n = 0;

	targets_set(a->targets, &o);
	if (!mc_buf_printf(&file, &e,
		"<plist version=\"1.0\"><dict>"
		"<key>PayloadType</key><string>Configuration</string>"
		"<key>PayloadIdentifier</key><string>com.acme</string>"
		"<key>PayloadUUID</key>"
		"<string>4CFA51A9-8E39-4C04-9C0B-2E6D6A8C0B11</string>"
		"<key>PayloadVersion</key><integer>1</integer>%s"
		"<key>PayloadContent</key><array><dict>"
		"<key>PayloadType</key><string>%s</string>"
		"<key>PayloadIdentifier</key><string>com.acme.x</string>"
		"<key>PayloadUUID</key>"
		"<string>6B9D9F0F-27C2-4A41-8C3E-4C9BBD1B9F02</string>"
		"<key>PayloadVersion</key><integer>1</integer>%s"
		"</dict></array></dict></plist>",
		or_empty(a->top), a->type ? a->type : "com.acme.app",
		a->keys) ||
	    !mc_lint_check(&o, &file, &f, &e))
		exit(99);
	said[0] = '\0';
	for (size_t i = 0; i < f.n; i++) {
		const char *dot = strrchr(f.v[i].path, '.');

		if (f.v[i].code->number <= 1100 || f.v[i].code->number >= 1200)
			continue;
		n += (size_t)snprintf(said + n, sizeof(said) - n, "%s%u%c:%s",
		    n ? " " : "", f.v[i].code->number,
		    mc_severity_name(f.v[i].severity)[0],
		    dot ? dot + 1 : f.v[i].path);
	}
	return said;
}

static bool
finds(const struct asked *a, const char *want)
{
	const char *said = lint(a);

	if (strcmp(said, want) != 0)
		printf("# said: %s\n# want: %s\n", said, want);
	return strcmp(said, want) == 0;
}

#define SERVER "<key>Server</key><string>x</string>"
#define FLAG(k) "<key>" k "</key><true/>"

static void
test_required(void)
{
	/* on each OS that it may be for: not the ones of one OS only */
	ok(finds(&(struct asked){ .keys = "" }, "1103e:Server"));
	ok(finds(&(struct asked){ .keys = "", .targets = "ios" },
	    "1103e:Phone 1103e:Server"));
	ok(finds(&(struct asked){ .keys = SERVER, .targets = "macos:12" },
	    "1103e:Mac"));
	ok(finds(&(struct asked){ .keys = SERVER }, ""));
	/* of two parts that may be meant: what both of them require */
	ok(finds(
	    &(struct asked){ .keys = "", .type = "com.apple.extensiblesso" },
	    "1103e:ExtensionIdentifier 1103e:Type"));
}

static void
test_versions(void)
{
	const char *late = SERVER FLAG("Late");
	const char *phone = SERVER
	    "<key>Phone</key><string>x</string>" FLAG("Late");

	ok(finds(&(struct asked){ .keys = late }, ""));
	ok(finds(&(struct asked){ .keys = phone, .targets = "ios:16" },
	    "1111w:Late"));
	ok(finds(&(struct asked){ .keys = phone, .targets = "ios:17" }, ""));
	ok(finds(&(struct asked){ .keys = phone, .targets = "ios" }, ""));
	ok(finds(&(struct asked){ .keys = phone, .targets = "ios:16 ios:18" },
	    "1111n:Late"));
	/* a payload that is not there has no keys that are told of */
	ok(finds(&(struct asked){ .keys = phone, .targets = "tvos" },
	    "1110e:PayloadType"));
	ok(finds(&(struct asked){ .keys = phone, .targets = "ios:11" },
	    "1111e:PayloadType"));
	ok(finds(&(struct asked){ .keys = SERVER FLAG("Gone") }, "1112n:Gone"));
	ok(finds(&(struct asked){ .keys = phone, .targets = "ios:18" }, ""));
	ok(finds(&(struct asked){ .keys = SERVER FLAG("Old") }, ""));
	ok(finds(&(struct asked){ .keys = SERVER
		     "<key>Phone</key><string>x</string>" FLAG("Old"),
		     .targets = "ios:14" },
	    ""));
	ok(finds(&(struct asked){ .keys = SERVER
		     "<key>Phone</key><string>x</string>" FLAG("Old"),
		     .targets = "ios:15" },
	    "1113w:Old"));
}

static void
test_ways(void)
{
	const char *keys = SERVER "<key>Phone</key><string>x</string>" FLAG(
	    "Supervised") FLAG("Personal");

	ok(finds(&(struct asked){ .keys = keys, .targets = "ios" }, ""));
	ok(finds(
	    &(struct asked){
		.keys = keys, .targets = "ios", .way = MC_WAY_MDM },
	    "1120w:Supervised"));
	ok(finds(
	    &(struct asked){
		.keys = keys, .targets = "ios", .way = MC_WAY_SUPERVISED },
	    ""));
	ok(finds(
	    &(struct asked){
		.keys = keys, .targets = "ios", .way = MC_WAY_PERSONAL },
	    "1120w:Supervised 1124w:Personal"));
	ok(finds(
	    &(struct asked){ .keys = SERVER "<key>Mac</key><string>x</string>",
		.targets = "macos",
		.way = MC_WAY_MANUAL },
	    "1123e:PayloadType"));
	/* it can be installed by hand on the other one */
	ok(finds(&(struct asked){ .keys = SERVER, .way = MC_WAY_MANUAL }, ""));
}

static void
test_channels(void)
{
	const char *keys = SERVER "<key>Mac</key><string>x</string>";
	const char *user = "<key>PayloadScope</key><string>User</string>";

	ok(finds(
	    &(struct asked){
		.keys = keys, .targets = "macos", .channel = MC_CHANNEL_USER },
	    "1130e:PayloadType"));
	ok(finds(&(struct asked){ .keys = keys,
		     .targets = "macos",
		     .channel = MC_CHANNEL_DEVICE },
	    ""));
	ok(finds(
	    &(struct asked){ .keys = keys, .targets = "macos", .top = user },
	    "1131w:PayloadType"));
	ok(finds(&(struct asked){ .keys = SERVER, .top = user }, ""));
	ok(finds(
	    &(struct asked){ .keys = "", .type = "com.acme.two", .top = user },
	    ""));
	ok(finds(&(struct asked){ .keys = "",
		     .type = "com.acme.two",
		     .channel = MC_CHANNEL_DEVICE },
	    "1130e:PayloadType"));
}

static void
test_values(void)
{
	static const char *const level[][2] = {
		{ "<integer>0</integer>", "" },
		{ "<integer>5</integer>", "" },
		{ "<integer>9</integer>", "" },
		{ "<integer>4</integer>", "1106e:Level" },
		{ "<integer>10</integer>", "1106e:Level" },
		{ "<string>9</string>", "1105w:Level" },
		{ "<string>4</string>", "1105w:Level 1106e:Level" },
		{ "<string>x</string>", "1104e:Level" },
		{ "<real>6</real>", "1105w:Level" },
		{ "<real>6.5</real>", "1104e:Level" },
		{ "<false/>", "1105n:Level" },
		{ "<array/>", "1104e:Level" },
	};
	char keys[200];

	for (size_t i = 0; i < sizeof(level) / sizeof(*level); i++) {
		snprintf(keys, sizeof(keys), SERVER "<key>Level</key>%s",
		    level[i][0]);
		ok(finds(&(struct asked){ .keys = keys }, level[i][1]));
	}
}

static void
test_strings(void)
{
	static const char *const set[][3] = {
		{ "Version", "<string>1.0</string>", "" },
		/* text is compared as text */
		{ "Version", "<string>1</string>", "1106e:Version" },
		{ "Site", "<string>https://acme.com/</string>", "" },
		{ "Site", "<string>acme.com</string>", "1108w:Site" },
		{ "Host", "<string>acme.com</string>", "" },
		{ "Host", "<string>https://acme.com/</string>", "1108w:Host" },
		{ "Code", "<string>abc</string>", "" },
		{ "Code", "<string>abcd</string>", "1108w:Code" },
		{ "Two", "<array><string>c</string><string>a</string></array>",
		    "" },
		{ "Two", "<array><string>c</string></array>", "1109e:Two" },
		{ "Two", "<array><string>c</string><string>d</string></array>",
		    "1106e:Two[1]" },
	};
	char keys[200];

	for (size_t i = 0; i < sizeof(set) / sizeof(*set); i++) {
		snprintf(keys, sizeof(keys), SERVER "<key>%s</key>%s",
		    set[i][0], set[i][1]);
		ok(finds(&(struct asked){ .keys = keys }, set[i][2]));
	}
}

/* What a server will fill in is no value yet; other dollars are text. */
static void
test_variables(void)
{
	static const char *const mode[][2] = {
		{ "one", "" },
		{ "three", "1106e:Mode" },
		{ "${mode}", "" },
		{ "{{ mode }}", "" },
		{ "$FLEET_VAR_MODE", "" },
		{ "a$AB", "1106e:Mode" },
		{ "{{", "1106e:Mode" },
		{ "50%of%", "1106e:Mode" },
	};
	char keys[200];

	for (size_t i = 0; i < sizeof(mode) / sizeof(*mode); i++) {
		snprintf(keys, sizeof(keys),
		    SERVER "<key>Mode</key><string>%s</string>", mode[i][0]);
		ok(finds(&(struct asked){ .keys = keys }, mode[i][1]));
	}
}

/* Where any key is good, those of every payload are still what they are. */
static void
test_any_key(void)
{
	static const char *const types[] = { "com.apple.firstethernet.managed",
		".GlobalPreferences" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		ok(finds(&(struct asked){ .type = types[i],
			     .keys = "<key>AKeyOfAnyProgram</key><true/>" },
		    ""));
		ok(finds(&(struct asked){ .type = types[i],
			     .keys = "<key>PayloadDisplayName</key><true/>" },
		    "1104e:PayloadDisplayName"));
	}
}

static void
test_kinds(void)
{
	static const char *const below[][2] = {
		{ "<dict><key>A</key><string>x</string></dict>", "" },
		{ "<dict><key>B</key><string>x</string></dict>", "" },
		{ "<dict><key>C</key><string>x</string></dict>", "1103e:B" },
		{ "<string>x</string>", "" },
		{ "<true/>", "1104e:Below[0]" },
		{ "<dict><key>A</key><string>x</string><key>D</key><true/>"
		  "</dict>",
		    "1102w:D" },
	};
	char keys[300];

	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		snprintf(keys, sizeof(keys),
		    SERVER "<key>Tree</key><dict><key>Name</key>"
			   "<string>x</string><key>Below</key><array>%s"
			   "</array></dict>",
		    below[i][0]);
		ok(finds(&(struct asked){ .keys = keys }, below[i][1]));
	}
	ok(finds(&(struct asked){ .keys = SERVER "<key>Tree</key><dict/>" },
	    "1103e:Name"));
}

int
main(void)
{
	AUTO_BUF file = MC_BUF_INIT;
	const char *path = "acme.schema";

	tool_init();
	if (!mc_buf_puts(&file, text, &e) ||
	    !mc_file_save(path, &file, 0600, &e) ||
	    !mc_schema_load(&path, 1, &schema, &e)) {
		printf("# %s\n", e.text);
		exit(99);
	}
	test_required();
	test_versions();
	test_ways();
	test_channels();
	test_values();
	test_strings();
	test_variables();
	test_any_key();
	test_kinds();
	mc_schema_free(schema);
	tool_done();
	return done();
}

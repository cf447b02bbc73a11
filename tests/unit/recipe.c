/* SPDX-License-Identifier: ISC */
#include "profile/recipe.h"

#include "profile/configuration.h"
#include "profile_help.h"
#include "tap.h"

#define S "summary s\n"
#define P "payload com.apple.wifi.managed\n\tSSID_STR=x\n"

static const struct mc_opt taken_opts[] = {
	{ MC_OPT_FLAG, 0, "name", NULL, "", false, 0 },
	MC_OPT_END,
};
static const struct mc_opt *const taken[] = { taken_opts, NULL };

/* One part, "id", whose text is ctx. */
static bool
part(void *ctx, const char *name, struct mc_buf *text, struct mc_buf *file,
    struct mc_err *e)
{
	if (strcmp(name, "id") != 0)
		return mc_fail(
		    e, MC_NOINPUT, "%s: there is no such part", name);
	return mc_buf_puts(text, ctx, e) && mc_buf_puts(file, "id.part", e);
}

static bool
parse(const char *text, const char *included, mc_recipe **out, struct mc_err *e)
{
	char copy[512];
	const struct mc_recipe_reading how = { included ? part : NULL, copy,
		taken };
	AUTO_BUF b = MC_BUF_INIT;

	snprintf(copy, sizeof(copy), "%s", included ? included : "");
	return mc_buf_puts(&b, text, e) &&
	    mc_recipe_parse("r", &b, &how, out, e);
}

static bool
says(const char *text, const char *want)
{
	AUTO(mc_recipe) *r = NULL;
	struct mc_err e = MC_ERR_INIT;

	return failed(parse(text, NULL, &r, &e), &e, MC_MALFORMED, want) && !r;
}

static bool
part_says(const char *text, const char *included, const char *want)
{
	AUTO(mc_recipe) *r = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool done = parse(text, included, &r, &e);

	return failed(done, &e, e.code, want) && e.code != MC_OK && !r;
}

static void
statements(void)
{
	ok(says("", "r: no recipe: has no summary"));
	ok(says(P, "r: no recipe: has no summary"));
	ok(says(S, "r: no recipe: has no payload"));
	ok(says(S "profile\n\tPayloadScope=User\n",
	    "r: no recipe: has no payload"));
	ok(says(S S, "r:2:9: a second summary"));
	ok(says("summary\n", "r:1:8: want summary TEXT"));
	ok(says(S "sumary x\n",
	    "r:2:1: sumary: no such statement; did you mean summary?"));
	ok(says(S "\xc3\xa4\x80\n", "r:2:1: the line is not UTF-8"));
	ok(says(S "\ta\x01\n", "r:2:2: the line holds a control character"));
	ok(says("\tx\n",
	    "r:1:2: an indented line that belongs to nothing above it"));
	ok(says("description x\n", "r:1:13: one word too many"));
	ok(says("include x y\n", "r:1:9: x: no such part"));
	ok(says("payload wifi\n",
	    "r:1:9: want payload TYPE, like com.apple.wifi.managed"));
	ok(says("payload a.b is x\n",
	    "r:1:13: want as NAME, NAME being small letters, digits and "
	    "hyphens"));
	ok(says("payload a.b as X\n",
	    "r:1:16: want as NAME, NAME being small letters, digits and "
	    "hyphens"));
	ok(says("payload a.b as x y\n", "r:1:18: one word too many"));
	ok(says(S "profile\n" P "profile\n", "r:5:8: a second profile"));
	ok(says("require x\n", "r:1:9: x: no option above has this name"));
	ok(says(
	    "certificates x\n", "r:1:14: x: no option above has this name"));
	ok(says("option a text A\ncertificates a\n",
	    "r:2:14: a: want an option that is of certificates"));
	ok(says("if a: summary\n", "r:1:4: a: no option above has this name"));
	ok(says("option a text A\nif a: summary x\n",
	    "r:2:7: summary: has no condition"));
	ok(says("option a text A\nif a summary x\n",
	    "r:2:1: want if NAME:, if not NAME: or if NAME=VALUE:"));
	ok(says("option a text A\nif a=b: payload x.y\n",
	    "r:2:6: a is no choice: want if a: or if not a:"));
	ok(says("option a choice x|y\nif a=x|z: payload x.y\n",
	    "r:2:8: want one of x|y, not z"));
	ok(says("option a choice x|y\nif a: \n", "r:2:7: want a statement"));
}

static void
options(void)
{
	ok(says("option\n",
	    "r:1:7: want option NAME KIND, NAME being small letters, digits "
	    "and hyphens"));
	ok(says("option A\n",
	    "r:1:8: want option NAME KIND, NAME being small letters, digits "
	    "and hyphens"));
	ok(says("option a\n",
	    "r:1:9: want option NAME KIND ARG, and required or = DEFAULT"));
	ok(says("option a tekst\n",
	    "r:1:10: tekst: no such kind of option; did you mean text?"));
	ok(says("option a x\n",
	    "r:1:10: x: no such kind of option: want text, secret, file, "
	    "subject, integer, choice, flag, list or certificates"));
	ok(says("option name text N\n",
	    "r:1:8: name: every recipe has this option; want another name"));
	ok(says("option help flag\n",
	    "r:1:8: help: every recipe has this option; want another name"));
	ok(says("option a flag\noption a flag\n", "r:2:8: a: is there twice"));
	ok(says("option a text\n",
	    "r:1:14: want what stands for the value, in capitals, like TEXT"));
	ok(says("option a choice A\n", "r:1:17: want choice ONE|OTHER"));
	ok(says("option a choice x||y\n", "r:1:17: want choice ONE|OTHER"));
	ok(says("option a text A must\n",
	    "r:1:17: want the end of the line, required or = DEFAULT"));
	ok(says("option a flag required\n",
	    "r:1:15: want the end of the line, for a flag is there or not"));
	ok(says("option a text A required = x\n", "r:1:26: one word too many"));
	ok(says("option a text A =\n", "r:1:18: is empty"));
	ok(says("option a integer N = x\n", "r:1:22: want a number, not x"));
	ok(says("option a choice x|y = z\n", "r:1:23: want one of x|y, not z"));
	ok(says("option a secret S = x\n", "r:1:21: a secret has no default"));
	ok(says("words a text A\n",
	    "r:1:14: words are a list or certificates, not a text"));
	ok(says("option a text A = x\nrequire a\n",
	    "r:2:9: a: want an option that is no flag and has no default"));
	ok(says(S "option a text A\n\thelp\n" P,
	    "r:2:8: a: nothing uses this option"));
	ok(says(S "option a text A\n" P "\tif a: AutoJoin=true\n",
	    "r:2:8: a: want its help, an indented line below"));
}

static bool
line_says(const char *line, const char *want)
{
	char text[512];

	snprintf(text, sizeof(text),
	    "option te text T\noption li list L\noption m list M\n"
	    "option fi file F\noption fl flag\noption ce certificates C\n"
	    "payload x.y\n\t%s\n",
	    line);
	return says(text, want);
}

static void
lines(void)
{
	ok(line_says("x",
	    "r:8:2: want KEY=VALUE, KEY+=VALUE or "
	    "KEY:=TYPE:VALUE"));
	ok(line_says("=x",
	    "r:8:2: want KEY=VALUE, KEY+=VALUE or "
	    "KEY:=TYPE:VALUE"));
	ok(line_says("K:=int:5",
	    "r:8:5: want KEY:=TYPE:VALUE, TYPE being string, boolean, integer, "
	    "real, date, data or json"));
	ok(line_says("K:=integer",
	    "r:8:5: want KEY:=TYPE:VALUE, TYPE being string, boolean, integer, "
	    "real, date, data or json"));
	ok(line_says("K=", "r:8:4: want a value"));
	ok(line_says("K=${", "r:8:4: want ${NAME}, or $${ for a plain ${"));
	ok(line_says("K=${}", "r:8:4: want ${NAME}, or $${ for a plain ${"));
	ok(line_says("K=a${tee}",
	    "r:8:5: tee: no option above has this name; near: te"));
	ok(line_says("K=${te}${x\xc3\xbcx}",
	    "r:8:9: x\xc3\xbcx: no option above has this name"));
	ok(line_says("K=${fl}",
	    "r:8:4: ${fl}: a flag has no value: say if fl: KEY=VALUE"));
	ok(line_says("K=${ce}",
	    "r:8:4: ${ce}: certificates have payloads of their own: say "
	    "certificates ce"));
	ok(line_says("K=x${fi}",
	    "r:8:5: ${fi}: a file is a value of its own: want KEY=${fi}"));
	ok(line_says("K+=${fi}",
	    "r:8:5: ${fi}: a file is a value of its own: want KEY=${fi}"));
	ok(line_says(
	    "K=${li}", "r:8:4: ${li}: a list adds items: want KEY+=${li}"));
	ok(line_says("K+=${li}${m}", "r:8:10: two lists in one value"));
	/* a recipe brings in nothing from outside by itself */
	ok(line_says("K=@/etc/passwd",
	    "r:8:4: a recipe names no files and secrets: want an option, or @@ "
	    "for a plain @"));
	ok(line_says("K:=string:@env:HOME",
	    "r:8:12: a recipe names no files and secrets: want an option, or "
	    "@@ for a plain @"));
	ok(line_says("K=@uuid:",
	    "r:8:4: want KEY=@uuid:NAME, NAME being a "
	    "payload's"));
	ok(line_says("K=@uuid:com.acme",
	    "r:8:4: want KEY=@uuid:NAME, NAME "
	    "being a payload's"));
	ok(says(S "payload x.y as me\n\tK=@uuid:you\n",
	    "r:3:2: @uuid:you: no payload is named so: want as you"));
	ok(says("option ce certificates C\ncertificates ce\n\tK=x\n",
	    "r:3:2: certificates have no lines of their own"));
}

static void
parts(void)
{
	AUTO(mc_recipe) *r = NULL;
	struct mc_err e = MC_ERR_INIT;

	ok(part_says(
	    S "\ninclude ix\n", "", "r:3:9: ix: there is no such part"));
	ok(part_says(S "include id\n", "\noptions\n",
	    "id.part:2:1: options: no such statement; did you mean option?"));
	ok(part_says(S "include id\n", "include id\n",
	    "id.part:1:1: include: is not for a part"));
	ok(part_says(
	    S "include id\nsummary t\n", P, "r:3:9: a second summary"));
	ok(part_says(S "include id\n" P, "option a text A\n\th\n",
	    "id.part:1:8: a: nothing uses this option"));
	ok(parse(S "include id\nrequire a\n" P "\tif a: AutoJoin=true\n",
	    "option a text A\n\th\n", &r, &e));
	ok(r && mc_recipe_len(r) == 1);
}

static bool
names(const char *text, const char *first, const char *second)
{
	const struct mc_value_rules rules = { .schema = mc_schema_builtin() };
	const union mc_recipe_value none = { .text = NULL };
	AUTO(mc_recipe) *r = NULL;
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;
	const mc_plist *content;

	if (!parse(text, NULL, &r, &e) ||
	    !mc_recipe_fill(r, &none, "com.acme.x", &rules, &p, &e))
		return false;
	content = mc_plist_get(p, "PayloadContent");
	return is(mc_plist_get(mc_plist_at(content, 0), "PayloadIdentifier"),
		   first) &&
	    is(mc_plist_get(mc_plist_at(content, 1), "PayloadIdentifier"),
		second);
}

/* As any profile's payloads are. */
static void
identifiers(void)
{
	ok(names(S "payload .GlobalPreferences\n\tK:=integer:1\n"
		   "payload com.acme.own\n\tK:=integer:1\n",
	    "com.acme.x.GlobalPreferences", "com.acme.x.com.acme.own"));
	ok(names(S "payload com.apple.zz.own\n\tK:=integer:1\n"
		   "payload zz.own\n\tK:=integer:1\n",
	    "com.acme.x.zz.own", "com.acme.x.zz.own.2"));
}

/* Too much of anything is refused, not cut. */
static void
limits(void)
{
	AUTO_BUF many = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool made = true;

	for (int i = 0; i <= MC_RECIPE_OPTIONS; i++)
		made = made && mc_buf_printf(&many, &e, "option a%d flag\n", i);
	ok(made && says(mc_buf_str(&many), "r:65:1: more than 64 options"));
	mc_buf_clear(&many);
	for (int i = 0; i <= MC_RECIPE_PAYLOADS; i++)
		made = made && mc_buf_puts(&many, "payload a.b\n", &e);
	ok(made && says(mc_buf_str(&many), "r:33:9: more than 32 payloads"));
	mc_buf_clear(&many);
	made = made && mc_buf_puts(&many, "payload a.b\n", &e);
	for (int i = 0; i <= MC_RECIPE_LINES; i++)
		made = made && mc_buf_puts(&many, "\tk=v\n", &e);
	ok(made && says(mc_buf_str(&many), "r:514:2: more than 512 lines"));
	mc_buf_clear(&many);
	while (made && many.len <= MC_CONF_LIMIT)
		made = mc_buf_puts(&many, "# a comment of some length\n", &e);
	ok(made && says(mc_buf_str(&many), "r: more than 262144 bytes"));
}

static const char full[] = S
    "description\n\tone\n\ttwo\n"
    "option ssid text NAME required\n\tthe\n\tname\n"
    "option kind choice a|b|c = b\n\tk\n"
    "if kind=a|c: option only text T required\n\to\n"
    "option hidden flag\n\th\n"
    "option names list N\n\tn\n"
    "option max integer N\n\tm\n"
    "option icon file F\n\ti\n"
    "option subject subject NAME\n\ts\n"
    "option secret secret S\n\ts\n"
    "profile\n\tPayloadDisplayName=P ${ssid}\n"
    "payload com.apple.wifi.managed as wifi\n"
    "\tSSID_STR=${ssid}/$${ssid}\n"
    "\tif hidden: HIDDEN_NETWORK=true\n"
    "\tif not hidden: HIDDEN_NETWORK=false\n"
    "\tEAPClientConfiguration.TLSTrustedServerNames+=*.${names}\n"
    "\tif kind=a|c: DomainName=${only}\n"
    "\tProxyServerPort=${max}\n"
    "\tPassword=${secret}\n"
    "if icon: payload com.apple.webClip.managed\n"
    "\tLabel=@@x\n"
    "\tIcon=${icon}\n"
    "\tTargetApplicationBundleIdentifier:=string:${ssid}\n"
    "payload com.apple.vpn.managed\n"
    "\tIKEv2.PayloadCertificateUUID=@uuid:wifi\n"
    "\tVPN.ProviderBundleIdentifier=@uuid:clip\n"
    "if icon: payload com.apple.webClip.managed as clip\n"
    "\tURL=https://acme.com/${ssid}\n"
    "if subject: payload com.apple.security.acme\n"
    "\tSubject=${subject}\n";

enum { SSID, KIND, ONLY, HIDDEN, NAMES, MAX, ICON, SUBJECT, SECRET, LEN };

static bool
fill(const mc_recipe *r, const union mc_recipe_value *v, bool *secret,
    mc_plist **out, struct mc_err *e)
{
	const struct mc_value_rules rules = { .schema = mc_schema_builtin(),
		.secret = secret };

	return mc_recipe_fill(r, v, "com.acme.x", &rules, out, e);
}

static bool
fill_says(const mc_recipe *r, const union mc_recipe_value *v, enum mc_code code,
    const char *want)
{
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;

	return failed(fill(r, v, NULL, &p, &e), &e, code, want) && !p;
}

static void
table(const mc_recipe *r)
{
	struct mc_opt opts[LEN + 1] = { { 0 } };

	ok(mc_recipe_len(r) == LEN);
	ok(strcmp(mc_recipe_summary(r), "s") == 0);
	ok(strcmp(mc_recipe_description(r), "one\ntwo") == 0);
	mc_recipe_opts(r, 100, opts);
	ok(opts[SSID].kind == MC_OPT_STR && opts[SSID].required &&
	    strcmp(opts[SSID].help, "the name") == 0 && opts[SSID].off == 100);
	ok(strcmp(opts[KIND].help, "k (default b)") == 0 &&
	    strcmp(opts[KIND].arg, "a|b|c") == 0);
	/* what is required only sometimes is not for the table to ask for */
	ok(!opts[ONLY].required &&
	    strcmp(opts[ONLY].help, "o (required with --kind a|c)") == 0);
	ok(opts[HIDDEN].kind == MC_OPT_FLAG && !opts[HIDDEN].arg);
	ok(opts[NAMES].kind == MC_OPT_LIST &&
	    opts[NAMES].off == 100 + NAMES * sizeof(union mc_recipe_value));
	ok(strcmp(opts[SECRET].help, "s, from file:PATH, fd:N or env:NAME") ==
	    0);
	ok(!opts[LEN].kind);
}

static void
filling(const mc_recipe *r)
{
	union mc_recipe_value v[LEN] = { { 0 } };
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;
	const mc_plist *wifi;
	bool hidden = true;
	bool secret = false;

	/* nothing that is put in is looked into, or becomes anything else */
	v[SSID].text = "@uuid:wifi ${kind}";
	ok(fill(r, v, &secret, &p, &e));
	wifi = mc_plist_at(mc_plist_get(p, "PayloadContent"), 0);
	ok(is(mc_plist_get(wifi, "SSID_STR"), "@uuid:wifi ${kind}/${ssid}"));
	ok(is(mc_plist_get(wifi, "PayloadIdentifier"),
	    "com.acme.x.wifi.managed"));
	ok(is(mc_plist_get(p, "PayloadDisplayName"), "P @uuid:wifi ${kind}"));
	ok(mc_plist_bool(mc_plist_get(wifi, "HIDDEN_NETWORK"), &hidden) &&
	    !hidden);
	ok(!mc_plist_get(wifi, "EAPClientConfiguration") &&
	    !mc_plist_get(wifi, "ProxyServerPort") &&
	    !mc_plist_get(wifi, "Password") && !secret);
	ok(mc_plist_len(mc_plist_get(p, "PayloadContent")) == 2);
	ok(mc_configuration_finish(&p, MC_UUID_NAMED, &e));
	wifi = mc_plist_at(mc_plist_get(p, "PayloadContent"), 0);
	ok(is(
	    mc_plist_get(
		mc_plist_get(
		    mc_plist_at(mc_plist_get(p, "PayloadContent"), 1), "IKEv2"),
		"PayloadCertificateUUID"),
	    mc_plist_get_str(wifi, "PayloadUUID")));
	/* what refers to a payload that is not there is left out */
	ok(!mc_plist_get(
	    mc_plist_at(mc_plist_get(p, "PayloadContent"), 1), "VPN"));
}

/* All of it. */
static void
everything(const mc_recipe *r, const char *file)
{
	union mc_recipe_value v[LEN] = { { 0 } };
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;
	const mc_plist *content;
	const mc_plist *wifi;
	const uint8_t *data;
	bool secret = false;
	int64_t n = 0;
	size_t len = 0;

	setenv("RECIPE_SECRET", "hunter2", 1);
	v[SSID].text = "@s";
	v[KIND].text = "c";
	v[ONLY].text = "acme.com";
	v[HIDDEN].flag = true;
	v[NAMES].list = (struct mc_list){ { "a", "b" }, 2 };
	v[MAX].text = "8080";
	v[ICON].text = file;
	v[SUBJECT].text = "/O=x/CN=${y}";
	v[SECRET].text = "env:RECIPE_SECRET";
	ok(fill(r, v, &secret, &p, &e));
	content = mc_plist_get(p, "PayloadContent");
	wifi = mc_plist_at(content, 0);
	ok(secret && is(mc_plist_get(wifi, "Password"), "hunter2"));
	ok(is(mc_plist_get(wifi, "DomainName"), "acme.com"));
	ok(mc_plist_int(mc_plist_get(wifi, "ProxyServerPort"), &n) &&
	    n == 8080);
	ok(mc_plist_len(
	       mc_plist_get(mc_plist_get(wifi, "EAPClientConfiguration"),
		   "TLSTrustedServerNames")) == 2);
	ok(is(mc_plist_at(
		  mc_plist_get(mc_plist_get(wifi, "EAPClientConfiguration"),
		      "TLSTrustedServerNames"),
		  1),
	    "*.b"));
	ok(is(mc_plist_get(mc_plist_at(content, 1), "Label"), "@x"));
	ok(is(mc_plist_get(
		  mc_plist_at(content, 1), "TargetApplicationBundleIdentifier"),
	    "@s"));
	ok(mc_plist_data(
	       mc_plist_get(mc_plist_at(content, 1), "Icon"), &data, &len) &&
	    len > 1000);
	/* the second of a type */
	ok(is(mc_plist_get(mc_plist_at(content, 3), "PayloadIdentifier"),
	    "com.acme.x.webClip.managed.2"));
	ok(is(mc_plist_at(
		  mc_plist_at(
		      mc_plist_at(
			  mc_plist_get(mc_plist_at(content, 4), "Subject"), 1),
		      0),
		  1),
	    "${y}"));
}

static void
refusals(const mc_recipe *r)
{
	union mc_recipe_value v[LEN] = { { 0 } };

	ok(fill_says(r, v, MC_USAGE, "--ssid NAME is required"));
	v[SSID].text = "x";
	v[KIND].text = "d";
	ok(fill_says(r, v, MC_USAGE, "--kind: want one of a|b|c, not d"));
	v[KIND].text = "a";
	ok(fill_says(r, v, MC_USAGE, "--only T is required with --kind a|c"));
	v[ONLY].text = "o";
	v[KIND].text = "b";
	ok(fill_says(r, v, MC_USAGE, "--only T is only with --kind a|c"));
	v[KIND].text = NULL;
	ok(fill_says(r, v, MC_USAGE, "--only T is only with --kind a|c"));
	v[ONLY].text = NULL;
	v[MAX].text = "1x";
	ok(fill_says(r, v, MC_USAGE, "--max: want a number, not 1x"));
	v[MAX].text = "70000";
	ok(fill_says(r, v, MC_USAGE,
	    "--max: com.apple.wifi.managed: ProxyServerPort=70000: want 0 to "
	    "65535"));
	v[MAX].text = NULL;
	v[SECRET].text = "hunter2";
	ok(fill_says(r, v, MC_USAGE,
	    "--secret: want file:PATH, fd:N or env:NAME, not the secret "
	    "itself"));
	v[SECRET].text = NULL;
	v[SUBJECT].text = "x";
	ok(fill_says(r, v, MC_USAGE,
	    "--subject: \"x\": a name begins with a slash, /CN=Alice"));
	v[SUBJECT].text = NULL;
	v[ICON].text = "/nonexistent";
	ok(fill_says(r, v, MC_NOINPUT,
	    "--icon: /nonexistent: No such file or directory"));
}

/* A secret that does not fit is not told; the recipe's faults have a place. */
static void
faults(void)
{
	AUTO(mc_recipe) *r = NULL;
	AUTO(mc_recipe) *wrong = NULL;
	AUTO(mc_recipe) *two = NULL;
	union mc_recipe_value v[1] = { { 0 } };
	struct mc_err e = MC_ERR_INIT;

	ok(parse(S "option s secret S\n\ts\npayload com.apple.wifi.managed\n"
		   "\tProxyServerPort=${s}\n",
	    NULL, &r, &e));
	setenv("RECIPE_SECRET", "hunter2", 1);
	v[0].text = "env:RECIPE_SECRET";
	ok(fill_says(r, v, MC_USAGE,
	    "--s: what it names is no value for ProxyServerPort"));
	ok(parse(S "payload com.apple.wifi.managed\n\tAutoJoin=true\n"
		   "\tAutoJion=true\n",
	    NULL, &wrong, &e));
	ok(fill_says(wrong, v, MC_MALFORMED,
	    "r:4:2: com.apple.wifi.managed: AutoJion: no such key; did you "
	    "mean AutoJoin?"));
	ok(parse(S "payload a.b as x\npayload a.c as x\n"
		   "payload com.apple.wifi.managed\n"
		   "\tPayloadCertificateUUID=@uuid:x\n",
	    NULL, &two, &e));
	ok(fill_says(
	    two, v, MC_MALFORMED, "r:5:2: @uuid:x: two payloads are named so"));
}

/* Those that come with the tools. */
static bool
shipped_part(void *ctx, const char *name, struct mc_buf *text,
    struct mc_buf *file, struct mc_err *e)
{
	const struct mc_recipe_text *t = mc_recipe_texts;

	(void)ctx;
	for (; t->file; t++)
		if (strncmp(t->file, name, strlen(name)) == 0 &&
		    strcmp(t->file + strlen(name), ".part") == 0)
			return mc_buf_add(text, t->text, t->len, e) &&
			    mc_buf_puts(file, t->file, e);
	return mc_fail(e, MC_NOINPUT, "%s: there is no such part", name);
}

static void
shipped(void)
{
	const struct mc_recipe_reading how = { .part = shipped_part };
	const char *last = "";

	for (const struct mc_recipe_text *t = mc_recipe_texts; t->file; t++) {
		AUTO(mc_recipe) *r = NULL;
		AUTO_BUF text = MC_BUF_INIT;
		struct mc_err e = MC_ERR_INIT;
		bool recipe = strstr(t->file, ".recipe");
		char *summary = NULL;

		ok(strcmp(last, t->file) < 0);
		last = t->file;
		ok(mc_buf_add(&text, t->text, t->len, &e) &&
		    mc_recipe_parse(t->file, &text, &how, &r, &e) == recipe);
		printf("# %s: %s\n", t->file, e.text);
		ok(!recipe ||
		    (mc_recipe_summary_parse(t->file, &text, &summary, &e) &&
			strcmp(summary, mc_recipe_summary(r)) == 0));
		free(summary);
	}
}

int
main(void)
{
	const char *src = getenv("SRC");
	AUTO(mc_recipe) *r = NULL;
	AUTO_BUF file = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_buf_printf(
	    &file, &e, "%s/share/templates/mdm.recipe", src ? src : "."));
	statements();
	options();
	lines();
	parts();
	identifiers();
	limits();
	ok(parse(full, NULL, &r, &e));
	printf("# %s\n", e.text);
	if (r) {
		table(r);
		filling(r);
		everything(r, mc_buf_str(&file));
		refusals(r);
	}
	faults();
	shipped();
	return done();
}

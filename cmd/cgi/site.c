/* SPDX-License-Identifier: ISC */
#include "cgi/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"

#define T struct mc_settings
/* clang-format off */
static const struct mc_opt settings[] = {
	MC_STR(T, url, 0, "url", "URL",
	    "where the site is, https, as devices see it", true),
	MC_STR(T, organization, 0, "organization", "TEXT",
	    "who runs it, for people", true),
	MC_STR(T, identifier, 0, "identifier", "NAME",
	    "reverse-domain name that the profiles' identifiers begin with",
	    false),
	MC_STR(T, name, 0, "name", "TEXT",
	    "what the first profile is called on the device", false),
	MC_STR(T, description, 0, "description", "TEXT",
	    "what the first profile says that it does", false),
	MC_STR(T, routes, 0, "routes", "FILE", "the routes file", false),
	MC_STR(T, htdocs, 0, "htdocs", "DIR", "the pages", false),
	MC_FLAG(T, private_ca, 0, "private-ca",
	    "devices have to be given the CA of the web server first"),
	MC_FLAG(T, hsts, 0, "hsts", "never again without TLS, for a year"),
	MC_STR(T, sign_cert, 0, "sign-cert", "FILE",
	    "certificate that signs the profiles, PEM", false),
	MC_STR(T, sign_key, 0, "sign-key", "FILE", "its key, PEM", false),
	MC_STR(T, sign_chain, 0, "sign-chain", "FILE",
	    "the intermediate certificates, PEM", false),
	MC_STR(T, sign_passphrase, 0, "sign-passphrase", "SECRET",
	    "passphrase of the key", false),
	MC_STR(T, ca, 0, "ca", "DIR", "our own CA's folder", false),
	MC_STR(T, track, 0, "track", "DIR", "the record of enrolments", false),
	MC_LIST(T, device_ca, 0, "device-ca", "DIR",
	    "a device maker's anchors", false),
	MC_LIST(T, attribute, 0, "attribute", "NAME",
	    "what devices are asked about themselves", false),
	MC_STR(T, enrolled_ca, 0, "enrolled-ca", "DIR|FILE",
	    "who issues the devices' certificates", false),
	MC_CHOICE(T, min_digest, 0, "min-digest", "sha256|sha1",
	    "the weakest digest of an enrolled device's signature"),
	MC_STR(T, template, 0, "template", "FILE",
	    "the profile that devices get in the end", false),
	MC_CHOICE(T, cipher, 0, "cipher", "aes256|aes128|des3",
	    "how the final profile is encrypted"),
	MC_STR(T, subject, 0, "subject", "NAME",
	    "subject of a device's certificate", false),
	MC_STR(T, scep_url, 0, "scep-url", "URL",
	    "the SCEP server, where it is not ours", false),
	MC_STR(T, scep_profile, 0, "scep-profile", "NAME",
	    "the profile of our own CA that the devices' certificates are of",
	    false),
	MC_STR(T, scep_name, 0, "scep-name", "NAME",
	    "the CA's name for the SCEP server", false),
	MC_STR(T, scep_challenge, 0, "scep-challenge", "SECRET",
	    "the fixed challenge of a SCEP server that is not ours", false),
	MC_CHOICE(T, key_size, 0, "key-size", "2048|1024|4096",
	    "size of a device's key"),
	MC_STR(T, allowed_udids, 0, "allowed-udids", "FILE",
	    "the devices that may enrol", false),
	MC_CHOICE(T, returning, 0, "returning", "deliver|reenroll",
	    "what a device gets that comes again"),
	MC_SECONDS(T, token_lifetime, 0, "token-lifetime", "TIME",
	    "how long a person has to begin"),
	MC_SECONDS(T, challenge_lifetime, 0, "challenge-lifetime", "TIME",
	    "how long a device has to get its certificate"),
	MC_STR(T, decide, 0, "decide", "PROGRAM",
	    "asked before each delivery", false),
	MC_STR(T, checkpassword, 0, "checkpassword", "PROGRAM ARG...",
	    "who checks passwords, where the web server does not", false),
	MC_SECONDS(T, stage_timeout, 0, "stage-timeout", "TIME",
	    "how long a program in a chain may take"),
	MC_CHOICE(T, log, 0, "log", "stderr|syslog", "where the log goes"),
	MC_OPT_END,
};
/* clang-format on */
#define NSETTINGS (sizeof(settings) / sizeof(*settings) - 1)

static const char guard[] = "mcprofile-verify --extract "
			    "[--device-ca %{device-ca}] "
			    "[--enrolled-ca %{enrolled-ca}] "
			    "[--min-digest %{min-digest}]";

void
mc_site_clear(struct mc_site *s)
{
	for (size_t i = 0; s->chains && i < s->routes.n; i++)
		mc_chain_clear(&s->chains[i]);
	free(s->chains);
	free(s->number);
	s->chains = NULL;
	s->number = NULL;
	mc_chain_clear(&s->guard);
	mc_chain_clear(&s->login);
	mc_routes_clear(&s->routes);
	mc_buf_clear(&s->text);
	mc_buf_clear(&s->words);
}

static const struct mc_opt *
find(const char *name)
{
	for (const struct mc_opt *o = settings; o->kind; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

/* Settings made of url; of what is left out. */
static const char *
derived(const struct mc_site *s, const char *name)
{
	static const char *const names[] = { "enroll-url", "profile-url",
		"scep-url", "ca-url", "home-url" };
	const char *p = mc_buf_str(&s->words);

	for (size_t i = 0; i < 5 && s->words.len; i++, p += strlen(p) + 1)
		if (strcmp(name, names[i]) == 0)
			return p;
	return strcmp(name, "enrolled-ca") == 0 ? s->set.ca : NULL;
}

const char *
mc_site_get(const void *site, const char *name, size_t i)
{
	const struct mc_site *s = site;
	const struct mc_opt *o = find(name);
	const char *field = o ? (const char *)&s->set + o->off : NULL;
	const struct mc_list *list;
	const char *text = NULL;

	if (o && o->kind == MC_OPT_LIST) {
		list = (const void *)field;
		return i < list->n ? list->v[i] : NULL;
	}
	if (i > 0)
		return NULL;
	if (o && o->kind == MC_OPT_STR)
		memcpy(&text, field, sizeof(text));
	else if (o && s->number[o - settings][0])
		text = s->number[o - settings];
	return text ? text : derived(s, name);
}

const char *
mc_site_page(const struct mc_route *route)
{
	return strncmp(route->chain, "page ", 5) == 0
	    ? route->chain + 5 + strspn(route->chain + 5, " \t")
	    : NULL;
}

bool
mc_site_syslog(const struct mc_site *s)
{
	return s->set.log == 1;
}

/* The i-th word of "a|b". */
static void
choice(const struct mc_opt *o, unsigned i, char out[MC_SITE_NUMBER])
{
	const char *p = o->arg;

	for (; i > 0; i--)
		p += strcspn(p, "|") + 1;
	snprintf(out, MC_SITE_NUMBER, "%.*s", (int)strcspn(p, "|"), p);
}

/* What is not a string, as the text that a chain needs; "" if not set. */
static bool
format(struct mc_site *s, struct mc_err *e)
{
	const char *field;
	unsigned n;
	int64_t time;

	s->number = calloc(NSETTINGS, sizeof(*s->number));
	if (!s->number)
		return mc_fail_memory(e);
	for (size_t i = 0; i < NSETTINGS; i++) {
		field = (const char *)&s->set + settings[i].off;
		memcpy(&n, field, sizeof(n));
		if (settings[i].kind == MC_OPT_UINT && n)
			snprintf(s->number[i], MC_SITE_NUMBER, "%u", n);
		if (settings[i].kind == MC_OPT_CHOICE)
			choice(&settings[i], n, s->number[i]);
		if (settings[i].kind != MC_OPT_SECONDS)
			continue;
		memcpy(&time, field, sizeof(time));
		if (time)
			snprintf(s->number[i], MC_SITE_NUMBER, "%lld",
			    (long long)time);
	}
	return true;
}

static bool
derive(struct mc_site *s, struct mc_err *e)
{
	static const char *const paths[] = { "/enroll", "/profile", "/scep",
		"/CA", "/" };
	static const struct mc_list apple = { { MC_DATADIR "/device-ca" }, 1 };

	for (size_t i = 0; i < 5; i++) {
		const char *more = strcmp(paths[i], "/scep") == 0
		    ? s->set.scep_profile
		    : NULL;

		if (!mc_buf_printf(&s->words, e, "%s%s%s%s", s->set.url,
			paths[i], more ? "/" : "", more ? more : "") ||
		    !mc_buf_add(&s->words, "", 1, e))
			return false;
	}
	if (!s->set.routes)
		s->set.routes = MC_DATADIR "/routes";
	if (!s->set.htdocs)
		s->set.htdocs = MC_DATADIR "/htdocs";
	if (s->set.device_ca.n == 0)
		s->set.device_ca = apple;
	return true;
}

/* A setting that a route names exists, and is set unless it may be left out. */
static bool
check_name(const void *ctx, const char *name, bool may, struct mc_err *e)
{
	if (*name >= 'A' && *name <= 'Z')
		return true; /* a fact: only the request can tell */
	if (!find(name) && !derived(ctx, name))
		return mc_fail(
		    e, MC_MALFORMED, "%%{%s}: there is no such setting", name);
	if (!may && !mc_site_get(ctx, name, 0))
		return mc_fail(e, MC_MALFORMED,
		    "%%{%s}: this route needs the setting %s in site.conf",
		    name, name);
	if (!may && mc_site_get(ctx, name, 1))
		return mc_fail(e, MC_MALFORMED,
		    "%%{%s}: is a list: write it in [ ]", name);
	return true;
}

static bool
check_page(const char *name, struct mc_err *e)
{
	if (!*name ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		return mc_fail(e, MC_MALFORMED,
		    "page %s: want one name of small letters, digits and -",
		    name);
	return true;
}

/* A chain of which the settings leave nothing is that of no row. */
static bool
parse_chain(struct mc_site *s, size_t i, bool *left, struct mc_err *e)
{
	const struct mc_chain_env env = { .lookup = mc_site_get, .ctx = s };
	const char *page = mc_site_page(&s->routes.v[i]);

	*left = true;
	if (page)
		return check_page(page, e);
	if (!mc_chain_parse(s->routes.v[i].chain, &s->chains[i], e) ||
	    !mc_chain_names(&s->chains[i], check_name, s, e))
		return false;
	*left = mc_chain_check(&s->chains[i], &env);
	return true;
}

static bool
parse_chains(struct mc_site *s, struct mc_err *e)
{
	struct mc_route *row = s->routes.v;
	size_t i = 0;
	bool left;

	s->chains = calloc(MC_ROUTES_MAX, sizeof(*s->chains));
	if (!s->chains)
		return mc_fail_memory(e);
	while (i < s->routes.n) {
		if (!parse_chain(s, i, &left, e))
			return mc_note(e, "%s:%u", s->set.routes, row[i].line);
		if (left) {
			i++;
			continue;
		}
		mc_chain_clear(&s->chains[i]);
		s->routes.n--;
		memmove(&row[i], &row[i + 1], (s->routes.n - i) * sizeof(*row));
	}
	return mc_chain_parse(guard, &s->guard, e);
}

/* PROGRAM ARG...: words, no chain. */
static bool
parse_login(struct mc_site *s, struct mc_err *e)
{
	if (!s->set.checkpassword)
		return true;
	if (!mc_chain_parse(s->set.checkpassword, &s->login, e))
		return mc_note(e, "checkpassword");
	for (size_t i = 0; i < s->login.n; i++)
		if (s->login.word[i].kind != MC_CHAIN_TEXT)
			return mc_fail(e, MC_MALFORMED,
			    "checkpassword: want PROGRAM ARG..., with | [ ] "
			    "only in quotes");
	return true;
}

static bool
load_routes(struct mc_site *s, struct mc_err *e)
{
	AUTO_BUF text = { .limit = MC_CONF_LIMIT };

	return mc_file_load(s->set.routes, &text, e) &&
	    mc_routes_parse(&text, s->set.routes, &s->routes, e) &&
	    parse_chains(s, e);
}

static bool
go_to_folder(const char *path, struct mc_err *e)
{
	const char *slash = strrchr(path, '/');
	AUTO_BUF dir = MC_BUF_INIT;

	if (!slash)
		return true;
	if (!mc_buf_add(&dir, path, (size_t)(slash + 1 - path), e))
		return false;
	return chdir(mc_buf_str(&dir)) == 0 ||
	    mc_fail_errno(e, MC_NOINPUT, "%s", mc_buf_str(&dir));
}

bool
mc_site_load(const char *path, struct mc_site *out, struct mc_err *e)
{
	mc_site_clear(out);
	out->text.limit = MC_CONF_LIMIT;
	if (!mc_file_load(path, &out->text, e) ||
	    !mc_opt_conf_parse(settings, path, &out->text, &out->set, e))
		return false;
	if (!mc_site_check(out, e) || !parse_login(out, e))
		return mc_note(e, "%s", path);
	return derive(out, e) && format(out, e) && go_to_folder(path, e) &&
	    load_routes(out, e);
}

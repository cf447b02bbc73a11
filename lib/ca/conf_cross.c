/* SPDX-License-Identifier: ISC */
#include "ca/conf_table.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "crypto/key.h"
#include "crypto/ossl.h"

#define HMAC_SECRET_MIN 16 /* bytes */

static size_t
option_index(const char *setting)
{
	size_t i = 0;

	while (strcmp(mc_ca_section_opts[i].name, setting) != 0)
		i++;
	return i;
}

/* "NAME:LINE: ", the line being the last one that had a part in it. */
static bool
blame(const char *name, const unsigned *line, const char *a, const char *b,
    struct mc_err *e)
{
	unsigned at = line[option_index(a)];

	if (b && line[option_index(b)] > at)
		at = line[option_index(b)];
	e->code = MC_USAGE;
	return mc_note(e, "%s:%u", name, at);
}

static bool
accept_check(const struct mc_ca_profile *p, const char *name,
    const unsigned *line, struct mc_err *e)
{
	if ((p->accept & MC_ACCEPT_HMAC) && !p->hmac_secret) {
		(void)mc_fail(e, MC_USAGE,
		    "accept: hmac needs the secret: hmac-secret = file:PATH");
		return blame(name, line, "accept", "hmac-secret", e);
	}
	if ((p->accept & MC_ACCEPT_PROGRAM) && !p->decide.v[0]) {
		(void)mc_fail(e, MC_USAGE,
		    "accept: program needs the program: decide = PATH");
		return blame(name, line, "accept", "decide", e);
	}
	if (p->subject == MC_SUBJECT_NONE && p->names == MC_FROM_NOWHERE) {
		(void)mc_fail(e, MC_USAGE,
		    "subject: a certificate without subject needs names");
		return blame(name, line, "subject", "names", e);
	}
	return true;
}

static bool
rsa_check(const struct mc_ca_profile *p, const char *name, const unsigned *line,
    struct mc_err *e)
{
	if (p->rsa_min < MC_RSA_OLD || p->rsa_min > MC_RSA_MAX) {
		(void)mc_fail(e, MC_USAGE, "rsa-min: want %d to %d", MC_RSA_OLD,
		    MC_RSA_MAX);
		return blame(name, line, "rsa-min", NULL, e);
	}
	if (p->rsa_max < MC_RSA_OLD || p->rsa_max > MC_RSA_MAX) {
		(void)mc_fail(e, MC_USAGE, "rsa-max: want %d to %d", MC_RSA_OLD,
		    MC_RSA_MAX);
		return blame(name, line, "rsa-max", NULL, e);
	}
	if (p->rsa_min > p->rsa_max) {
		(void)mc_fail(e, MC_USAGE,
		    "rsa-min: is %u, and rsa-max %u: no RSA key would do",
		    p->rsa_min, p->rsa_max);
		return blame(name, line, "rsa-min", "rsa-max", e);
	}
	return true;
}

static bool
usage_check(const struct mc_ca_profile *p, const char *name,
    const unsigned *line, struct mc_err *e)
{
	const unsigned cut = KU_ENCIPHER_ONLY | KU_DECIPHER_ONLY;

	/* an EC key encrypts nothing, so that bit is left out for it, and a
	 * certificate without any bit would be for everything */
	if (p->key_usage == KU_KEY_ENCIPHERMENT && p->keys != MC_KEYS_RSA) {
		(void)mc_fail(e, MC_USAGE,
		    "key-usage: leaves nothing for an EC key: add "
		    "digitalSignature, or say keys = rsa");
		return blame(name, line, "key-usage", "keys", e);
	}
	if ((p->key_usage & cut) && !(p->key_usage & KU_KEY_AGREEMENT)) {
		(void)mc_fail(e, MC_USAGE,
		    "key-usage: encipherOnly and decipherOnly mean nothing "
		    "without keyAgreement");
		return blame(name, line, "key-usage", NULL, e);
	}
	if ((p->key_usage & cut) == cut) {
		(void)mc_fail(e, MC_USAGE,
		    "key-usage: encipherOnly and decipherOnly exclude each "
		    "other");
		return blame(name, line, "key-usage", NULL, e);
	}
	return true;
}

static bool
renewal_check(const struct mc_ca_profile *p, const char *name,
    const unsigned *line, struct mc_err *e)
{
	if (!p->renew || p->renew_window <= p->lifetime)
		return true;
	(void)mc_fail(e, MC_USAGE,
	    "renew-window: is longer than lifetime: say 0 for any time");
	return blame(name, line, "renew-window", "lifetime", e);
}

bool
mc_ca_section_check(const struct mc_ca_section *s, const char *name,
    const unsigned *line, struct mc_err *e)
{
	return accept_check(&s->p, name, line, e) &&
	    rsa_check(&s->p, name, line, e) &&
	    usage_check(&s->p, name, line, e) &&
	    renewal_check(&s->p, name, line, e);
}

static bool
has_hmac(const struct mc_ca_profile *p)
{
	return p->hmac_secret != NULL;
}
static bool
uses_hmac(const struct mc_ca_profile *p)
{
	return p->accept & MC_ACCEPT_HMAC;
}
static bool
has_decide(const struct mc_ca_profile *p)
{
	return p->decide.v[0] != NULL;
}
static bool
uses_decide(const struct mc_ca_profile *p)
{
	return p->accept & MC_ACCEPT_PROGRAM;
}

static bool
has_replaced(const struct mc_ca_profile *p)
{
	return p->revoke_replaced;
}
static bool
uses_replaced(const struct mc_ca_profile *p)
{
	return p->revoke_replaced && p->renew;
}

/* A setting that would be mistaken for a rule that is in force. */
static const struct {
	const char *setting, *lacks;
	bool (*has)(const struct mc_ca_profile *);
	bool (*uses)(const struct mc_ca_profile *);
} uses[] = {
	{ "hmac-secret", "accept = hmac", has_hmac, uses_hmac },
	{ "decide", "accept = program", has_decide, uses_decide },
	{ "revoke-replaced", "renew = yes", has_replaced, uses_replaced },
};

bool
mc_ca_conf_use_check(const struct mc_ca_conf *c, const char *name,
    const unsigned (*line)[MC_OPT_CONF_MAX], struct mc_err *e)
{
	for (size_t u = 0; u < sizeof(uses) / sizeof(*uses); u++) {
		size_t said = c->n;
		bool used = false;

		for (size_t i = c->n; i-- > 0;) {
			used = used || uses[u].uses(&c->profile[i]);
			if (uses[u].has(&c->profile[i]))
				said = i;
		}
		if (used || said == c->n)
			continue;
		(void)mc_fail(e, MC_USAGE,
		    "%s: no profile has a use for it: say %s, or leave it out",
		    uses[u].setting, uses[u].lacks);
		return blame(name, line[said], uses[u].setting, NULL, e);
	}
	return true;
}

/* What comes by env: or fd: is there only when the server starts us. */
static bool
secret_check(
    const char *setting, const char *spec, size_t least, struct mc_err *e)
{
	AUTO_BUF secret = MC_BUF_INIT;
	struct stat st;

	if (!spec || strncmp(spec, "file:", 5) != 0)
		return true;
	if (!mc_secret_load(spec, NULL, &secret, e))
		return mc_note(e, "%s", setting);
	if (secret.len < least)
		return mc_fail(e, MC_USAGE,
		    "%s: %s: want %zu bytes or more, as \"openssl rand -hex "
		    "32\" makes",
		    setting, spec, least);
	if (stat(spec + 5, &st) == 0 && (st.st_mode & (S_IROTH | S_IWOTH)))
		return mc_fail(e, MC_USAGE,
		    "%s: %s: is for others to read: chmod o= %s", setting, spec,
		    spec + 5);
	return true;
}

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

/* dir has so many bytes and no NUL. */
static bool
is_program_in(const char *dir, size_t n, const char *name)
{
	AUTO_BUF path = MC_BUF_INIT;
	struct mc_err odd = MC_ERR_INIT;

	return mc_buf_add(&path, dir, n, &odd) &&
	    mc_buf_printf(&path, &odd, "/%s", name) &&
	    is_program(mc_buf_str(&path));
}

/* As stage/spawn.h looks for it: beside this program, then in PATH. */
static bool
is_found(const char *name)
{
	const char *path = getenv("PATH");
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));

	while (n > 0 && self[n - 1] != '/')
		n--;
	if (n > 0 && is_program_in(self, (size_t)n, name))
		return true;
	for (size_t len; path && *path; path += len + (path[len] == ':')) {
		len = strcspn(path, ":");
		if (len > 0 && is_program_in(path, len, name))
			return true;
	}
	return false;
}

static bool
program_check(
    const char *setting, const struct mc_ca_words *w, struct mc_err *e)
{
	const char *name = w->v[0];

	if (!name || (*name == '/' ? is_program(name) : is_found(name)))
		return true;
	return mc_fail(e, MC_USAGE, "%s: %s: no such program that we may run",
	    setting, name);
}

static bool
profile_check(const struct mc_ca_profile *p, struct mc_err *e)
{
	for (size_t i = 0; p->eku.v[i]; i++) {
		AUTO(ASN1_OBJECT) *oid = OBJ_txt2obj(p->eku.v[i], 0);

		ERR_clear_error();
		if (!oid)
			return mc_fail(e, MC_USAGE,
			    "extended-key-usage: %s: this OpenSSL does not "
			    "know it: write the dotted OID",
			    p->eku.v[i]);
	}
	return secret_check(
		   "hmac-secret", p->hmac_secret, HMAC_SECRET_MIN, e) &&
	    program_check("decide", &p->decide, e) &&
	    program_check("notify", &p->notify, e);
}

bool
mc_ca_conf_check(const struct mc_ca_conf *c, const char *name, struct mc_err *e)
{
	if (!secret_check("ca-passphrase", c->ca_passphrase, 1, e) ||
	    !secret_check("ra-passphrase", c->ra_passphrase, 1, e) ||
	    !secret_check("ocsp-passphrase", c->ocsp_passphrase, 1, e))
		return mc_note(e, "%s", name);
	for (size_t i = 0; i < c->n; i++)
		if (!profile_check(&c->profile[i], e))
			return mc_note(
			    e, "%s: profile %s", name, c->profile[i].name);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "ca/make.h"

#include <limits.h>
#include <stdlib.h>

#include "crypto/cert.h"
#include "crypto/keyref.h"
#include "crypto/name.h"

void
mc_making_clear(struct mc_making *m)
{
	if (m->ca)
		mc_ca_free(m->ca);
	mc_keyring_clear(&m->ring);
	mc_ca_secrets_clear(&m->secrets);
	mc_buf_clear(&m->absolute);
	mc_buf_clear(&m->ca_absolute);
	*m = (struct mc_making){ 0 };
}

static bool
spec_check(const struct mc_making *m, struct mc_err *e)
{
	const struct mc_ca_spec *s = m->spec;
	AUTO(X509_NAME) *name = NULL;
	int64_t lifetime;

	if (s->ca_chain && !s->ca_cert)
		return mc_fail(
		    e, MC_USAGE, "a chain without the CA's certificate");
	if (s->ca_cert && (s->subject || s->lifetime))
		return mc_fail(e, MC_USAGE,
		    "a CA that exists has its subject and lifetime already");
	if (!s->ca_cert && !m->subject)
		return mc_fail(e, MC_USAGE, "a new CA needs a subject");
	if (s->ca_cert && !s->ca_key && !m->ca->conf->ca_key)
		return mc_fail(
		    e, MC_USAGE, "a CA that exists is here with its key only");
	if (m->subject && !mc_name_parse(m->subject, &name, e))
		return mc_note(e, "subject");
	return mc_ca_lifetime(s->lifetime, &lifetime, e);
}

/* ca.conf is read by processes in other folders. */
static bool
absolute_spec(const char *spec, struct mc_buf *to, struct mc_err *e)
{
	char path[PATH_MAX];
	const char *file = strncmp(spec, "file:", 5) == 0 ? spec + 5 : NULL;

	if (!file)
		return mc_buf_puts(to, spec, e);
	if (!realpath(file, path))
		return mc_fail_errno(
		    e, MC_NOINPUT, "passphrase: file:%s", file);
	return mc_buf_printf(to, e, "file:%s", path);
}

/*
 * What opens a key that exists already is ca.conf's to say, or spec's.  Who
 * has the CA's key encrypted, in a file, wants the ones beside it no less so.
 */
static const char *
wanted_passphrase(const struct mc_making *m, enum mc_role role)
{
	const struct mc_ca_conf *conf = m->ca->conf;
	const char *said = mc_role_passphrase(conf, role);
	const char *all = m->spec->passphrase ? mc_buf_str(&m->absolute) : NULL;
	const char *given = m->spec->ca_passphrase ? mc_buf_str(&m->ca_absolute)
						   : NULL;
	const char *own = role == MC_ROLE_CA ? given : NULL;

	if (role == MC_ROLE_CA && m->uri)
		return own ? own : said;
	if (mc_role_key(conf, role) && !(role == MC_ROLE_CA && m->spec->ca_key))
		return said ? said : own;
	if (all)
		return all;
	return said || m->uri ? said : given;
}

static bool
passphrase_choose(struct mc_making *m, enum mc_role role, struct mc_err *e)
{
	struct mc_ca_conf *conf = m->ca->conf;
	const char **const slots[] = { &conf->ca_passphrase,
		&conf->ra_passphrase, &conf->ocsp_passphrase };
	const char *said = *slots[role];
	const char *wanted = wanted_passphrase(m, role);

	if (!wanted || (said && strcmp(said, wanted) == 0))
		return true;
	if (said && m->rollover)
		return mc_fail(e, MC_USAGE,
		    "%s/ca.conf: %s-passphrase is for the keys of both CAs; "
		    "another one cannot be given",
		    m->spec->dir, mc_role_name(role));
	m->passphrase[role] = wanted;
	*slots[role] = wanted;
	return true;
}

static bool
passphrases_choose(struct mc_making *m, struct mc_err *e)
{
	const struct mc_ca_spec *s = m->spec;
	const struct mc_buf *unused; /* read before anything is made */

	if ((s->passphrase && !absolute_spec(s->passphrase, &m->absolute, e)) ||
	    (s->ca_passphrase &&
		!absolute_spec(s->ca_passphrase, &m->ca_absolute, e)))
		return false;
	m->uri = s->ca_key && mc_keyref_is_uri(s->ca_key) ? s->ca_key : NULL;
	for (enum mc_role role = MC_ROLE_CA; role < MC_ROLES; role++)
		if (!passphrase_choose(m, role, e) ||
		    !mc_ca_secret_get(&m->secrets,
			mc_role_passphrase(m->ca->conf, role), &unused, e))
			return false;
	return true;
}

static bool
ca_key_get(struct mc_making *m, struct mc_err *e)
{
	const struct mc_ca_spec *s = m->spec;
	const struct mc_buf *passphrase = NULL;
	EVP_PKEY *named = NULL;

	if (s->ca_key) {
		m->file[MC_ROLE_CA] = !m->uri;
		return (!s->ca_passphrase ||
			   mc_ca_secret_get(&m->secrets,
			       mc_buf_str(&m->ca_absolute), &passphrase, e)) &&
		    mc_keyref_load(s->ca_key, passphrase, &m->ca->key, e);
	}
	if (!mc_keyring_get(&m->ring, MC_ROLE_CA, &named, e))
		return mc_note(e, "%s/ca.conf: ca-key", s->dir);
	m->file[MC_ROLE_CA] = !named;
	if (!named)
		return mc_key_new(
		    s->kind, s->bits ? s->bits : MC_CA_BITS, &m->ca->key, e);
	EVP_PKEY_up_ref(named);
	m->ca->key = named;
	return true;
}

static bool
ca_issue(struct mc_making *m, struct mc_err *e)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec root = {
		.key = m->ca->key,
		.issuer_key = m->ca->key,
		.not_before = m->not_before,
		.ca = true,
		.path_len = 0,
		/* it signs the announcement of the CA that follows it */
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN |
		    KU_CRL_SIGN,
	};
	int64_t lifetime;

	if (!mc_key_check(m->ca->key, MC_RSA_MIN, e))
		return mc_note(e, "the CA's key");
	if (!mc_name_parse(m->subject, &name, e))
		return mc_note(e, "subject");
	if (!mc_ca_lifetime(m->spec->lifetime, &lifetime, e))
		return false;
	root.subject = name;
	root.not_after = lifetime +
	    (m->rollover ? m->not_before : m->not_before + MC_CA_BACKDATE);
	return mc_cert_issue(&root, &m->ca->cert, e);
}

static bool
helper_make(
    struct mc_making *m, enum mc_role role, struct mc_ra *out, struct mc_err *e)
{
	const struct mc_ca *ca = m->ca;
	unsigned bits = m->spec->ra_bits ? m->spec->ra_bits : MC_RA_BITS;
	const struct mc_ca_span span = { m->not_before, 0 };

	if (!mc_ca_helper_key(&m->ring, ca, role, &out->key, e))
		return false;
	m->file[role] = !out->key;
	if (!out->key &&
	    !(role == MC_ROLE_OCSP ? mc_ca_ocsp_key_new(ca, &out->key, e)
				   : mc_key_new_rsa(bits, &out->key, e)))
		return false;
	return mc_ca_helper_issue(ca, role, out->key, &span, &out->cert, e);
}

/* The files of a rollover are not those that ca.conf names. */
static bool
vacant_check(const struct mc_making *m, struct mc_err *e)
{
	for (enum mc_role role = MC_ROLE_CA; role < MC_ROLES; role++)
		if (!m->rollover && m->file[role] &&
		    !mc_keyring_vacant_check(&m->ring, role, e))
			return false;
	return true;
}

bool
mc_making_run(struct mc_making *m, struct mc_err *e)
{
	m->secrets.facts = m->spec->facts;
	if (!mc_ca_new(&m->ca, e) ||
	    !mc_ca_conf_load(m->spec->dir, &m->ca->conf, e) ||
	    !spec_check(m, e) || !passphrases_choose(m, e))
		return false;
	m->ring.dir = m->spec->dir;
	m->ring.conf = m->ca->conf;
	m->ring.secrets = &m->secrets;
	if (!ca_key_get(m, e) ||
	    !(m->spec->ca_cert
		    ? mc_ca_import(m->spec, m->ca->key, m->rollover, m->ca, e)
		    : ca_issue(m, e)))
		return false;
	m->ca->ras = 1;
	return helper_make(m, MC_ROLE_RA, &m->ca->ra[0], e) &&
	    helper_make(m, MC_ROLE_OCSP, &m->ca->ocsp, e) && vacant_check(m, e);
}

/*
 * A key that is not in a file has one that says where it is, so that ca.conf
 * may name the key of another generation.
 */
static bool
key_save(const struct mc_making *m, const char *at, enum mc_role role,
    struct mc_err *e)
{
	const struct mc_buf *passphrase;
	struct mc_ca_secrets *secrets = m->ring.secrets;
	EVP_PKEY *const keys[] = { m->ca->key, m->ca->ra[0].key,
		m->ca->ocsp.key };
	const char *uri = role == MC_ROLE_CA && m->uri
	    ? m->uri
	    : mc_role_key(m->ca->conf, role);
	AUTO_BUF name = MC_BUF_INIT;

	if (!mc_buf_printf(&name, e, "%s.key", mc_role_name(role)))
		return false;
	if (!m->file[role])
		return !uri || !mc_keyref_is_uri(uri) ||
		    mc_ca_reference_save(at, mc_buf_str(&name), uri, e);
	return mc_ca_secret_get(secrets, mc_role_passphrase(m->ca->conf, role),
		   &passphrase, e) &&
	    mc_ca_key_save(at, mc_buf_str(&name), keys[role], passphrase, e);
}

/* What an earlier CA or an interrupted call left would be taken for ours. */
static bool
leftovers_remove(const char *at, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;

	for (const char *const *base = mc_ca_older; *base; base++) {
		mc_buf_clear(&name);
		if (!mc_buf_printf(&name, e, "%s.pem", *base) ||
		    !mc_ca_file_remove(at, mc_buf_str(&name), e))
			return false;
	}
	return true;
}

bool
mc_making_save(const struct mc_making *m, const char *dir, const char *at,
    struct mc_err *e)
{
	const struct mc_ca *ca = m->ca;
	const struct mc_ca_setting settings[] = {
		{ "ca-key", m->rollover ? NULL : m->uri },
		{ "ca-passphrase", m->passphrase[MC_ROLE_CA] },
		{ "ra-passphrase", m->passphrase[MC_ROLE_RA] },
		{ "ocsp-passphrase", m->passphrase[MC_ROLE_OCSP] },
	};

	for (enum mc_role role = MC_ROLE_CA; role < MC_ROLES; role++)
		if (!key_save(m, at, role, e))
			return false;
	return leftovers_remove(at, e) &&
	    mc_ca_cert_save(at, "ra.pem", ca->ra[0].cert, false, e) &&
	    mc_ca_cert_save(at, "ocsp.pem", ca->ocsp.cert, false, e) &&
	    mc_ca_chain_save(at, ca->chain, e) &&
	    mc_ca_conf_note(
		dir, settings, sizeof(settings) / sizeof(*settings), e) &&
	    mc_ca_cert_save(at, "ca.pem", ca->cert, true, e);
}

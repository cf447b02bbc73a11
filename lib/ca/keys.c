/* SPDX-License-Identifier: ISC */
#include "ca/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/secret.h"
#include "crypto/keyref.h"

const char *
mc_role_name(enum mc_role role)
{
	static const char *const names[] = { "ca", "ra", "ocsp" };

	return names[role];
}

const char *
mc_role_key(const struct mc_ca_conf *conf, enum mc_role role)
{
	const char *const keys[] = { conf->ca_key, conf->ra_key,
		conf->ocsp_key };

	return keys[role];
}

const char *
mc_role_passphrase(const struct mc_ca_conf *conf, enum mc_role role)
{
	const char *const specs[] = { conf->ca_passphrase, conf->ra_passphrase,
		conf->ocsp_passphrase };

	return specs[role];
}

void
mc_ca_secrets_clear(struct mc_ca_secrets *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].spec);
		mc_buf_clear(&s->v[i].value);
	}
	s->n = 0;
}

bool
mc_ca_secret_get(struct mc_ca_secrets *s, const char *spec,
    const struct mc_buf **out, struct mc_err *e)
{
	AUTO_BUF value = { .limit = MC_SECRET_LIMIT };

	*out = NULL;
	if (!spec)
		return true;
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->v[i].spec, spec) == 0) {
			*out = &s->v[i].value;
			return true;
		}
	if (s->n == MC_CA_SECRETS)
		return mc_fail(e, MC_INTERNAL, "more passphrases than keys");
	if (!mc_secret_load(spec, s->facts, &value, e))
		return mc_note(e, "passphrase");
	s->v[s->n].spec = strdup(spec);
	if (!s->v[s->n].spec)
		return mc_fail_memory(e);
	s->v[s->n].value = (struct mc_buf)MC_BUF_INIT;
	mc_buf_swap(&s->v[s->n].value, &value);
	*out = &s->v[s->n++].value;
	return true;
}

void
mc_keyring_clear(struct mc_keyring *k)
{
	for (int i = 0; i < MC_ROLES; i++)
		EVP_PKEY_free(k->by_conf[i]);
	*k = (struct mc_keyring){ 0 };
}

/* A key of ours is ours alone; one of root's may be our group's. */
static bool
mode_check(const char *path, struct mc_err *e)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return mc_fail_errno(
		    e, errno == ENOENT ? MC_NOINPUT : MC_IO, "%s", path);
	if (st.st_mode & (st.st_uid == geteuid() ? 077U : 007U))
		return mc_fail(e, MC_USAGE,
		    "%s: others may read it or write to it: chmod 600 %s", path,
		    path);
	return true;
}

static bool
ref_load(struct mc_keyring *k, enum mc_role role, const char *ref,
    EVP_PKEY **out, struct mc_err *e)
{
	const struct mc_buf *passphrase;

	if (!mc_keyref_is_uri(ref) && !mode_check(ref, e))
		return false;
	return mc_ca_secret_get(k->secrets, mc_role_passphrase(k->conf, role),
		   &passphrase, e) &&
	    mc_keyref_load(ref, passphrase, out, e);
}

/* A file that ca.conf names without a slash at its beginning is in dir. */
static bool
conf_ref(const struct mc_keyring *k, enum mc_role role, struct mc_buf *to,
    struct mc_err *e)
{
	const char *ref = mc_role_key(k->conf, role);

	mc_buf_clear(to);
	if (*ref == '/' || mc_keyref_is_uri(ref))
		return mc_buf_puts(to, ref, e);
	return mc_path_join(k->dir, ref, to, e);
}

bool
mc_keyring_get(
    struct mc_keyring *k, enum mc_role role, EVP_PKEY **out, struct mc_err *e)
{
	AUTO_BUF ref = MC_BUF_INIT;

	if (!k->by_conf[role] && mc_role_key(k->conf, role) &&
	    (!conf_ref(k, role, &ref, e) ||
		!ref_load(k, role, mc_buf_str(&ref), &k->by_conf[role], e)))
		return false;
	*out = k->by_conf[role];
	return true;
}

bool
mc_keyring_vacant_check(
    const struct mc_keyring *k, enum mc_role made, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF ref = MC_BUF_INIT;
	struct stat there, named;

	if (!mc_buf_printf(&path, e, "%s/%s.key", k->dir, mc_role_name(made)))
		return false;
	if (stat(mc_buf_str(&path), &there) == -1)
		return true;
	for (enum mc_role role = MC_ROLE_CA; role < MC_ROLES; role++) {
		if (role == made || !mc_role_key(k->conf, role))
			continue;
		if (!conf_ref(k, role, &ref, e))
			return false;
		if (stat(mc_buf_str(&ref), &named) == 0 &&
		    named.st_dev == there.st_dev &&
		    named.st_ino == there.st_ino)
			return mc_fail(e, MC_USAGE,
			    "%s/ca.conf: %s-key: %s is where the new %s key "
			    "goes: give the file another name",
			    k->dir, mc_role_name(role), mc_buf_str(&path),
			    mc_role_name(made));
	}
	return true;
}

/* *out is NULL where there is no such file, or another key in it. */
static bool
file_try(struct mc_keyring *k, enum mc_role role, const char *path,
    const X509 *cert, EVP_PKEY **out, struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;

	*out = NULL;
	if (access(path, F_OK) == -1 && errno == ENOENT)
		return true;
	if (!ref_load(k, role, path, &key, e))
		return false;
	if (mc_key_equal(key, X509_get0_pubkey(cert)))
		*out = take(&key);
	return true;
}

/* What of BASE.key and BASE-new.key fits; path is where it was, or "". */
static bool
files_try(struct mc_keyring *k, enum mc_role role, const char *at,
    const char *base, const X509 *cert, struct mc_buf *path, EVP_PKEY **out,
    struct mc_err *e)
{
	static const char *const ends[] = { ".key", "-new.key" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		mc_buf_clear(path);
		if (!mc_buf_printf(path, e, "%s/%s%s", at, base, ends[i]) ||
		    !file_try(k, role, mc_buf_str(path), cert, out, e))
			return false;
		if (*out)
			return true;
	}
	return true;
}

static bool
fail_unfit(struct mc_keyring *k, enum mc_role role, const char *at,
    const char *base, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_buf_printf(&path, e, "%s/%s.key", at, base))
		return false;
	if (access(mc_buf_str(&path), F_OK) == 0)
		return mc_fail(e, MC_MALFORMED,
		    "%s: not the key of the certificate beside it",
		    mc_buf_str(&path));
	if (k->by_conf[role])
		return mc_fail(e, MC_MALFORMED,
		    "%s/ca.conf: %s-key: not the key of %s/%s.pem", k->dir,
		    mc_role_name(role), at, base);
	return mc_fail(
	    e, MC_NOINPUT, "%s: No such file or directory", mc_buf_str(&path));
}

bool
mc_ca_key_load(struct mc_keyring *k, enum mc_role role, const char *at,
    const char *base, const X509 *cert, struct mc_buf *from, EVP_PKEY **out,
    struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO_BUF path = MC_BUF_INIT;
	EVP_PKEY *named;

	if (!mc_keyring_get(k, role, &named, e))
		return mc_note(
		    e, "%s/ca.conf: %s-key", k->dir, mc_role_name(role));
	if (named && mc_key_equal(named, X509_get0_pubkey(cert))) {
		if (!conf_ref(k, role, &path, e))
			return false;
		EVP_PKEY_up_ref(named);
		key = named;
	} else if (!files_try(k, role, at, base, cert, &path, &key, e)) {
		return false;
	}
	if (!key)
		return fail_unfit(k, role, at, base, e);
	if (from)
		mc_buf_swap(from, &path);
	*out = take(&key);
	return true;
}

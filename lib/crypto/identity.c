/* SPDX-License-Identifier: ISC */
#include "crypto/identity.h"

#include "base/fd.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/keyref.h"
#include "crypto/pbe.h"
#include "crypto/pem.h"
#include "crypto/pkcs12.h"

void
mc_identity_clear(struct mc_identity *id)
{
	X509_free(id->cert);
	EVP_PKEY_free(id->key);
	mc_certs_free(id->chain);
	*id = (struct mc_identity){ 0 };
}

static int64_t
expiry(const X509 *cert)
{
	struct mc_err none = MC_ERR_INIT;
	int64_t from, to = INT64_MIN;

	if (!mc_cert_validity(cert, &from, &to, &none))
		return INT64_MIN;
	return to;
}

/* Where in certs the key's is; of several, renewed, the one that lasts. */
static int
own_find(const mc_certs *certs, const EVP_PKEY *key)
{
	int found = -1;

	for (int i = 0; i < sk_X509_num(certs); i++) {
		const X509 *cert = sk_X509_value(certs, i);

		if (mc_key_equal(X509_get0_pubkey(cert), key) &&
		    (found < 0 ||
			expiry(cert) > expiry(sk_X509_value(certs, found))))
			found = i;
	}
	return found;
}

static bool
pkcs12_parse(const struct mc_buf *file, const struct mc_buf *passphrase,
    struct mc_identity *id, struct mc_err *e)
{
	AUTO_PKCS12 p = { 0 };
	unsigned rounds = MC_PBE_ROUNDS;
	int own;

	if (!mc_pkcs12_open(file, passphrase, &rounds, &p, e))
		return false;
	if (p.keys == 0)
		return mc_fail(e, MC_MALFORMED,
		    "holds no private key, only %d certificate(s): the "
		    "identity has to be exported, not its certificate",
		    sk_X509_num(p.certs));
	if (p.keys > 1)
		return mc_fail(e, MC_MALFORMED,
		    "holds %u private keys, and nothing says which one is "
		    "meant; export one identity",
		    p.keys);
	own = own_find(p.certs, p.key);
	if (own < 0)
		return mc_fail(e, MC_MALFORMED,
		    "holds a private key, and no certificate of it");
	if (!mc_key_check(p.key, MC_RSA_OLD, e))
		return false;
	id->cert = sk_X509_delete(p.certs, own);
	id->key = take(&p.key);
	id->chain = take(&p.certs);
	return true;
}

static bool
pkcs12_load(const struct mc_identity_spec *spec, struct mc_identity *id,
    struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_NET_LIMIT };

	if (!mc_file_load(spec->p12, &file, e))
		return false;
	if (mc_pem_is(&file))
		return mc_fail(e, MC_MALFORMED,
		    "%s: is PEM, not PKCS #12; --cert and --key take it",
		    spec->p12);
	return pkcs12_parse(&file, spec->passphrase, id, e) ||
	    mc_note(e, "%s", spec->p12);
}

/* Instead of "no certificate" or "no key": both are in there. */
static bool
pkcs12_refuse(const char *path, struct mc_err *e)
{
	struct mc_err none = MC_ERR_INIT;
	AUTO_BUF file = { .limit = MC_NET_LIMIT };

	if (mc_keyref_is_uri(path) || !mc_file_load(path, &file, &none) ||
	    !mc_pkcs12_check(&file, &none))
		return true;
	return mc_fail(e, MC_USAGE,
	    "%s: is PKCS #12, certificate and key in one; --p12 takes it",
	    path);
}

static bool
cert_load(const char *path, struct mc_identity *id, struct mc_err *e)
{
	AUTO(mc_certs) *certs = sk_X509_new_null();

	if (!certs)
		return mc_fail_memory(e);
	if (!pkcs12_refuse(path, e) || !mc_pem_certs_load(path, certs, e))
		return false;
	if (!mc_key_check(
		X509_get0_pubkey(sk_X509_value(certs, 0)), MC_RSA_OLD, e))
		return mc_note(e, "%s", path);
	id->cert = sk_X509_shift(certs);
	id->chain = take(&certs);
	return true;
}

/* A PIN in a URI is nobody's business. */
static bool
fail_pair(const struct mc_identity_spec *spec, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;

	if (!spec->key)
		return mc_fail(e, MC_USAGE,
		    "%s: its key is not that of its first certificate",
		    spec->cert);
	if (!mc_keyref_show(spec->key, &name, e))
		return false;
	return mc_fail(e, MC_USAGE, "%s: not the key of %s", mc_buf_str(&name),
	    spec->cert);
}

static bool
pair_load(const struct mc_identity_spec *spec, struct mc_identity *id,
    struct mc_err *e)
{
	const char *key = spec->key ? spec->key : spec->cert;

	if (!cert_load(spec->cert, id, e) || !pkcs12_refuse(key, e) ||
	    !mc_keyref_load(key, spec->passphrase, &id->key, e))
		return false;
	return mc_key_equal(X509_get0_pubkey(id->cert), id->key) ||
	    fail_pair(spec, e);
}

bool
mc_identity_load(const struct mc_identity_spec *spec, struct mc_identity *id,
    struct mc_err *e)
{
	bool done;

	mc_identity_clear(id);
	if (spec->p12 ? spec->cert || spec->key : !spec->cert)
		return mc_fail(e, MC_USAGE,
		    "want one of two: PKCS #12, or a certificate and its key");
	done = spec->p12 ? pkcs12_load(spec, id, e) : pair_load(spec, id, e);
	ERR_clear_error();
	return done;
}

bool
mc_identity_key_load(const char *ref, const struct mc_buf *passphrase,
    EVP_PKEY **out, struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO_BUF name = MC_BUF_INIT;

	if (!mc_keyref_show(ref, &name, e) ||
	    !mc_keyref_load(ref, passphrase, &key, e))
		return false;
	if (!mc_key_check(key, MC_RSA_OLD, e))
		return mc_note(e, "%s", mc_buf_str(&name));
	*out = take(&key);
	return true;
}

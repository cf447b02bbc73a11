/* SPDX-License-Identifier: ISC */
#include "device/identity.h"

#include "base/fd.h"
#include "crypto/key.h"
#include "crypto/pem.h"

struct mc_identity
mc_identity_take(struct mc_identity *id)
{
	struct mc_identity parts = *id;

	*id = (struct mc_identity){ 0 };
	return parts;
}

bool
mc_identity_key_new(unsigned bits, EVP_PKEY **out, struct mc_err *e)
{
	if (bits >= 2048)
		return mc_key_new_rsa(bits, out, e);
	*out = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	return *out ? true : mc_fail_ossl(e, MC_INTERNAL, "short RSA key");
}

static bool
file_name(const char *dir, const char *name, const char *suffix,
    struct mc_buf *path, struct mc_err *e)
{
	return mc_path_join(dir, name, path, e) && mc_buf_puts(path, suffix, e);
}

bool
mc_identity_dir_save(const char *dir, const char *name,
    const struct mc_identity *id, struct mc_err *e)
{
	AUTO_BUF certs = MC_BUF_INIT;
	AUTO_BUF key = MC_BUF_INIT;
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_pem_cert_encode(id->cert, &certs, e) ||
	    !mc_pem_key_encode(id->key, &key, e))
		return false;
	for (int i = 0; i < sk_X509_num(id->chain); i++)
		if (!mc_pem_cert_encode(sk_X509_value(id->chain, i), &certs, e))
			return false;
	return file_name(dir, name, ".key", &path, e) &&
	    mc_file_save(mc_buf_str(&path), &key, 0600, e) &&
	    file_name(dir, name, ".pem", &path, e) &&
	    mc_file_save(mc_buf_str(&path), &certs, 0644, e);
}

bool
mc_identity_dir_load(
    const char *dir, const char *name, struct mc_identity *id, struct mc_err *e)
{
	AUTO_IDENTITY got = { 0 };
	AUTO_BUF path = MC_BUF_INIT;

	got.chain = sk_X509_new_null();
	if (!got.chain)
		return mc_fail_memory(e);
	if (!file_name(dir, name, ".pem", &path, e) ||
	    !mc_pem_certs_load(mc_buf_str(&path), got.chain, e) ||
	    !file_name(dir, name, ".key", &path, e) ||
	    !mc_pem_key_load(mc_buf_str(&path), NULL, &got.key, e))
		return false;
	got.cert = sk_X509_shift(got.chain);
	if (!mc_key_equal(X509_get0_pubkey(got.cert), got.key))
		return mc_fail(e, MC_MALFORMED,
		    "%s: is not the key of %s.pem beside it", mc_buf_str(&path),
		    name);
	*id = mc_identity_take(&got);
	return true;
}

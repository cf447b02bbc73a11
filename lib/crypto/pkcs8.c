/* SPDX-License-Identifier: ISC */
#include "crypto/pkcs8.h"

#include <limits.h>

#include "crypto/ber.h"
#include "crypto/pbe.h"

CLEANUP(X509_SIG, X509_SIG_free);
CLEANUP(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free);

static bool
fail_damaged(struct mc_err *e)
{
	ERR_clear_error();
	return mc_fail(e, MC_MALFORMED, "holds a damaged private key");
}

bool
mc_pkcs8_key_get(
    const PKCS8_PRIV_KEY_INFO *info, EVP_PKEY **out, struct mc_err *e)
{
	EVP_PKEY *key = EVP_PKCS82PKEY(info);

	/* of a decoder that was tried in vain something may stay behind */
	ERR_clear_error();
	if (!key)
		return mc_fail(e, MC_MALFORMED,
		    "holds a private key that is damaged, or of a kind that is "
		    "not known here");
	*out = key;
	return true;
}

bool
mc_pkcs8_open(const X509_SIG *sig, const struct mc_pass *pass, unsigned *rounds,
    EVP_PKEY **out, struct mc_err *e)
{
	AUTO(PKCS8_PRIV_KEY_INFO) *info = NULL;
	const X509_ALGOR *alg = NULL;
	OSSL_LIB_CTX *ctx = NULL;

	X509_SIG_get0(sig, &alg, NULL);
	if (!alg || !mc_pbe_check(alg, rounds, &ctx, e))
		return alg ? false : fail_damaged(e);
	info = PKCS8_decrypt_ex(sig, pass->text, pass->len, ctx, NULL);
	return info ? mc_pkcs8_key_get(info, out, e) : mc_pbe_fail(e);
}

static bool
encrypted_parse(const struct mc_buf *der, const struct mc_buf *passphrase,
    unsigned *rounds, EVP_PKEY **out, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(X509_SIG) *sig = d2i_X509_SIG(NULL, &p, (long)der->len);
	struct mc_pass pass;

	if (!sig || p != der->data + der->len)
		return fail_damaged(e);
	if (!passphrase)
		return mc_fail(e, MC_MALFORMED,
		    "is encrypted, and no passphrase was given");
	pass = (struct mc_pass){ mc_buf_str(passphrase), (int)passphrase->len };
	return mc_pkcs8_open(sig, &pass, rounds, out, e);
}

static bool
plain_parse(const struct mc_buf *der, EVP_PKEY **out, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(PKCS8_PRIV_KEY_INFO) *info = d2i_PKCS8_PRIV_KEY_INFO(
	    NULL, &p, (long)der->len);

	if (!info || p != der->data + der->len)
		return fail_damaged(e);
	return mc_pkcs8_key_get(info, out, e);
}

/* PKCS #1, SEC 1. */
static bool
bare_parse(const struct mc_buf *der, int type, EVP_PKEY **out, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(EVP_PKEY) *key = d2i_PrivateKey(type, NULL, &p, (long)der->len);

	ERR_clear_error();
	if (!key || p != der->data + der->len)
		return fail_damaged(e);
	*out = take(&key);
	return true;
}

bool
mc_pkcs8_parse(const struct mc_buf *der, const struct mc_buf *passphrase,
    unsigned *rounds, EVP_PKEY **out, struct mc_err *e)
{
	struct mc_err none = MC_ERR_INIT;
	struct mc_ber body;
	unsigned version;

	if (der->len > LONG_MAX || (passphrase && passphrase->len > INT_MAX) ||
	    !mc_ber_sequence_parse(der, "", &body, &none))
		return mc_fail(e, MC_MALFORMED, "holds no private key");
	/* each of them begins in its own way */
	if (mc_ber_is(&body, MC_BER_SEQUENCE))
		return encrypted_parse(der, passphrase, rounds, out, e);
	if (!mc_ber_uint(&body, "", &version, &none))
		return mc_fail(e, MC_MALFORMED, "holds no private key");
	if (version <= 1 && mc_ber_is(&body, MC_BER_SEQUENCE))
		return plain_parse(der, out, e);
	if (version <= 1 && mc_ber_is(&body, MC_BER_INTEGER))
		return bare_parse(der, EVP_PKEY_RSA, out, e);
	if (version == 1 && mc_ber_is(&body, MC_BER_OCTETS))
		return bare_parse(der, EVP_PKEY_EC, out, e);
	return mc_fail(e, MC_MALFORMED, "holds no private key");
}

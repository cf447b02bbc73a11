/* SPDX-License-Identifier: ISC */
#include "crypto/key.h"

bool
mc_key_new_rsa(unsigned bits, EVP_PKEY **out, struct mc_err *e)
{
	if (bits < MC_RSA_MIN || bits > MC_RSA_MAX)
		return mc_fail(e, MC_USAGE,
		    "an RSA key of %u bits; %d to %d are possible", bits,
		    MC_RSA_MIN, MC_RSA_MAX);
	*out = EVP_RSA_gen(bits);
	return *out || mc_fail_ossl(e, MC_INTERNAL, "RSA key");
}

bool
mc_key_new(
    enum mc_key_kind kind, unsigned bits, EVP_PKEY **out, struct mc_err *e)
{
	switch (kind) {
	case MC_KEY_RSA:
		return mc_key_new_rsa(bits, out, e);
	case MC_KEY_P256:
		*out = EVP_EC_gen("P-256");
		break;
	case MC_KEY_P384:
		*out = EVP_EC_gen("P-384");
		break;
	default:
		return mc_fail(e, MC_USAGE, "a key of no known kind");
	}
	return *out || mc_fail_ossl(e, MC_INTERNAL, "EC key");
}

/* Key transport is RSAES, which a key for RSASSA-PSS only is not made for. */
bool
mc_key_encrypts(const EVP_PKEY *key)
{
	return key && EVP_PKEY_is_a(key, "RSA");
}

static bool
rsa_check(EVP_PKEY *key, unsigned min_bits, struct mc_err *e)
{
	AUTO(BIGNUM) *n = NULL;
	AUTO(BIGNUM) *exp = NULL;
	int bits = EVP_PKEY_get_bits(key);

	if (bits > MC_RSA_LIMIT || bits < (int)min_bits)
		return mc_fail(e, MC_DENIED,
		    "an RSA key of %d bits; %u to %d are accepted", bits,
		    min_bits, MC_RSA_LIMIT);
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) != 1 ||
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exp) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "RSA key");
	if (!BN_is_word(exp, RSA_F4))
		return mc_fail(e, MC_DENIED,
		    "an RSA key whose exponent is not %lu",
		    (unsigned long)RSA_F4);
	if (!BN_is_odd(n))
		return mc_fail(e, MC_DENIED, "an RSA key with even modulus");
	return true;
}

static bool
ec_check(EVP_PKEY *key, struct mc_err *e)
{
	char group[80] = "";
	int explicit = 0;

	if (EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) != 1)
		group[0] = '\0';
	if (EVP_PKEY_get_int_param(key,
		OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
		&explicit) != 1)
		explicit = 0;
	ERR_clear_error();
	if (explicit ||
	    (strcmp(group, SN_X9_62_prime256v1) != 0 &&
		strcmp(group, SN_secp384r1) != 0))
		return mc_fail(e, MC_DENIED,
		    "an EC key on another curve than P-256 or P-384");
	return true;
}

bool
mc_key_check(EVP_PKEY *key, unsigned min_bits, struct mc_err *e)
{
	if (key && (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS")))
		return rsa_check(key, min_bits, e);
	if (key && EVP_PKEY_is_a(key, "EC"))
		return ec_check(key, e);
	ERR_clear_error();
	return mc_fail(e, MC_DENIED, "a key that is neither RSA nor EC");
}

bool
mc_key_equal(const EVP_PKEY *a, const EVP_PKEY *b)
{
	bool equal = a && b && EVP_PKEY_eq(a, b) == 1;

	ERR_clear_error();
	return equal;
}

bool
mc_key_sha256(
    const EVP_PKEY *key, char out[static MC_SHA256_HEX], struct mc_err *e)
{
	AUTO_BUF spki = MC_BUF_INIT;
	unsigned char *der = NULL;

	return mc_der_take(
		   &der, i2d_PUBKEY(key, &der), "public key", &spki, e) &&
	    mc_sha256_hex(spki.data, spki.len, out, e);
}

const EVP_MD *
mc_sign_md(const EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS"))
		return EVP_sha256();
	if (!EVP_PKEY_is_a(key, "EC"))
		return NULL;
	return EVP_PKEY_get_bits(key) > 256 ? EVP_sha384() : EVP_sha256();
}

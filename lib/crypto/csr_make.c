/* SPDX-License-Identifier: ISC */
#include "crypto/csr.h"

#include <limits.h>

#include "crypto/cert.h"
#include "crypto/key.h"

/* PrintableString where it can be (RFC 2985 section 5.4.1). */
static bool
challenge_set(X509_REQ *csr, const char *challenge, struct mc_err *e)
{
	size_t len = strlen(challenge);
	const unsigned char *p = (const unsigned char *)challenge;
	int type;

	if (len == 0 || len > INT_MAX)
		return mc_fail(e, MC_USAGE, "an empty challenge");
	type = ASN1_PRINTABLE_type(p, (int)len) == V_ASN1_PRINTABLESTRING
	    ? V_ASN1_PRINTABLESTRING
	    : MBSTRING_UTF8;
	if (X509_REQ_add1_attr_by_NID(
		csr, NID_pkcs9_challengePassword, type, p, (int)len) != 1)
		return mc_fail_ossl(e, MC_USAGE, "challenge");
	return true;
}

static bool
usage_set(X509_REQ *csr, unsigned key_usage, struct mc_err *e)
{
	AUTO(ASN1_BIT_STRING) *bits = mc_key_usage_new(key_usage);
	AUTO(X509_EXTENSION) *usage = NULL;
	AUTO(mc_extensions) *sk = sk_X509_EXTENSION_new_null();

	if (!bits || !sk)
		return mc_fail_memory(e);
	usage = X509V3_EXT_i2d(NID_key_usage, 1, bits);
	if (!usage || sk_X509_EXTENSION_push(sk, usage) <= 0)
		return mc_fail_memory(e);
	(void)take(&usage);
	if (X509_REQ_add_extensions(csr, sk) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "extensionRequest");
	return true;
}

static bool
encode(X509_REQ *csr, struct mc_buf *to, struct mc_err *e)
{
	unsigned char *der = NULL;

	return mc_der_take(
	    &der, i2d_X509_REQ(csr, &der), "request to DER", to, e);
}

bool
mc_csr_make(EVP_PKEY *key, const X509_NAME *subject, const char *challenge,
    unsigned key_usage, struct mc_buf *to, struct mc_err *e)
{
	AUTO(X509_REQ) *csr = X509_REQ_new();
	const EVP_MD *md = mc_sign_md(key);

	if (!md)
		return mc_fail(e, MC_USAGE, "a key that is neither RSA nor EC");
	if (!csr)
		return mc_fail_memory(e);
	if (X509_REQ_set_version(csr, X509_REQ_VERSION_1) != 1 ||
	    X509_REQ_set_subject_name(csr, subject) != 1 ||
	    X509_REQ_set_pubkey(csr, key) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "new request");
	if ((challenge && !challenge_set(csr, challenge, e)) ||
	    (key_usage && !usage_set(csr, key_usage, e)))
		return false;
	if (X509_REQ_sign(csr, key, md) <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "signing a request");
	return encode(csr, to, e);
}

/* SPDX-License-Identifier: ISC */
#include "crypto/csr.h"

#include <limits.h>

#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"

typedef STACK_OF(X509_EXTENSION) extensions;

static inline void
extensions_free(extensions *sk)
{
	sk_X509_EXTENSION_pop_free(sk, X509_EXTENSION_free);
}
CLEANUP(extensions, extensions_free);

/* Possession is proven by a digest that still binds, SHA-1 at the least. */
static bool
digest_check(const X509_REQ *csr, struct mc_err *e)
{
	int md = NID_undef;

	if (OBJ_find_sigid_algs(X509_REQ_get_signature_nid(csr), &md, NULL) ==
	    1)
		switch (md) {
		case NID_sha1:
		case NID_sha256:
		case NID_sha384:
		case NID_sha512:
			return true;
		default:
			break;
		}
	ERR_clear_error();
	return mc_fail(e, MC_DENIED,
	    "a request signed with %s; SHA-1, SHA-256, SHA-384 and SHA-512 "
	    "are accepted",
	    md != NID_undef ? OBJ_nid2sn(md)
			    : OBJ_nid2sn(X509_REQ_get_signature_nid(csr)));
}

/* The structure, all of it; no arithmetic with what it holds. */
static bool
structure_parse(const struct mc_buf *der, X509_REQ **out, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(X509_REQ) *csr = NULL;

	if (der->len > 0 && der->len <= LONG_MAX)
		csr = d2i_X509_REQ(NULL, &p, (long)der->len);
	ERR_clear_error();
	if (!csr)
		return mc_fail(e, MC_MALFORMED, "not a certification request");
	if (p != der->data + der->len)
		return mc_fail(
		    e, MC_MALFORMED, "bytes follow a certification request");
	if (X509_NAME_entry_count(X509_REQ_get_subject_name(csr)) <= 0)
		return mc_fail(e, MC_MALFORMED, "a request without a subject");
	*out = take(&csr);
	return true;
}

static bool
signed_by(X509_REQ *csr, EVP_PKEY *key)
{
	bool holds = X509_REQ_verify(csr, key) == 1;

	ERR_clear_error();
	return holds;
}

bool
mc_csr_parse(const struct mc_buf *der, unsigned min_bits, X509_REQ **out,
    struct mc_err *e)
{
	AUTO(X509_REQ) *csr = NULL;
	EVP_PKEY *key;

	if (!structure_parse(der, &csr, e))
		return false;
	key = X509_REQ_get0_pubkey(csr);
	/* no verdict before the proof, just what verifying it may cost */
	if (!mc_key_check(key, 0, e)) {
		e->code = MC_MALFORMED;
		return false;
	}
	if (!signed_by(csr, key))
		return mc_fail(e, MC_ALTERED,
		    "a request that was not signed by its own key");
	if (!mc_key_check(key, min_bits, e) || !digest_check(csr, e))
		return false;
	*out = take(&csr);
	return true;
}

bool
mc_csr_is_by(const struct mc_buf *der, EVP_PKEY *key)
{
	AUTO(X509_REQ) *csr = NULL;
	struct mc_err unused = MC_ERR_INIT;

	return structure_parse(der, &csr, &unused) &&
	    mc_key_equal(X509_REQ_get0_pubkey(csr), key) && signed_by(csr, key);
}

/* The text types of RFC 2985, and IA5String, which old clients use. */
static const ASN1_STRING *
text_of(const ASN1_TYPE *value)
{
	switch (value ? value->type : V_ASN1_UNDEF) {
	case V_ASN1_PRINTABLESTRING:
	case V_ASN1_UTF8STRING:
	case V_ASN1_T61STRING:
	case V_ASN1_IA5STRING:
	case V_ASN1_BMPSTRING:
	case V_ASN1_UNIVERSALSTRING:
		return value->value.asn1_string;
	default:
		return NULL;
	}
}

bool
mc_csr_challenge(
    const X509_REQ *csr, struct mc_buf *to, bool *found, struct mc_err *e)
{
	const int nid = NID_pkcs9_challengePassword;
	int at = X509_REQ_get_attr_by_NID(csr, nid, -1);
	X509_ATTRIBUTE *attr;
	const ASN1_STRING *text;

	*found = false;
	if (at < 0)
		return true;
	if (X509_REQ_get_attr_by_NID(csr, nid, at) >= 0)
		return mc_fail(e, MC_MALFORMED, "two challengePasswords");
	attr = X509_REQ_get_attr(csr, at);
	if (X509_ATTRIBUTE_count(attr) != 1)
		return mc_fail(
		    e, MC_MALFORMED, "a challengePassword of several values");
	text = text_of(X509_ATTRIBUTE_get0_type(attr, 0));
	if (!text)
		return mc_fail(
		    e, MC_MALFORMED, "a challengePassword that is no text");
	if (!mc_asn1_text(text, to, e))
		return mc_note(e, "challengePassword");
	*found = true;
	return true;
}

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
	AUTO(extensions) *sk = sk_X509_EXTENSION_new_null();

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
	int n = i2d_X509_REQ(csr, &der);
	bool done;

	if (n <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "request to DER");
	done = mc_buf_add(to, der, (size_t)n, e);
	OPENSSL_clear_free(der, (size_t)n);
	return done;
}

bool
mc_csr_make(EVP_PKEY *key, const X509_NAME *subject, const char *challenge,
    unsigned key_usage, struct mc_buf *to, struct mc_err *e)
{
	AUTO(X509_REQ) *csr = X509_REQ_new();
	AUTO(EVP_MD) *md = EVP_MD_fetch(NULL, "SHA256", NULL);

	if (!csr || !md)
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

/* SPDX-License-Identifier: ISC */
#include "crypto/csr.h"

#include "crypto/key.h"
#include "crypto/name.h"
#include "tap.h"

static EVP_PKEY *key;
static X509_NAME *name;

static bool
parses(const struct mc_buf *der, enum mc_code want)
{
	AUTO(X509_REQ) *csr = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool good = mc_csr_parse(der, 2048, &csr, &e);

	if (!good)
		printf("# %s\n", e.text);
	return good == (want == MC_OK) && e.code == want &&
	    ERR_peek_error() == 0;
}

/* A request with what mc_csr_make() would not write. */
static X509_REQ *
draft(void)
{
	X509_REQ *csr = X509_REQ_new();

	X509_REQ_set_subject_name(csr, name);
	X509_REQ_set_pubkey(csr, key);
	return csr;
}

static void
encode(const X509_REQ *csr, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	unsigned char *der = NULL;
	int n = i2d_X509_REQ(csr, &der);

	mc_buf_clear(to);
	ok(n > 0 && mc_buf_add(to, der, (size_t)n, &e));
	OPENSSL_free(der);
}

static void
round_trip(const char *challenge, int type)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(X509_REQ) *csr = NULL;
	struct mc_err e = MC_ERR_INIT;
	X509_ATTRIBUTE *attr;
	bool found = true;
	int at;

	ok(mc_csr_make(key, name, challenge, KU_DIGITAL_SIGNATURE, &der, &e));
	ok(mc_csr_parse(&der, 2048, &csr, &e));
	ok(mc_csr_challenge(csr, &text, &found, &e));
	ok(found == (challenge != NULL));
	ok(mc_buf_is(&text, challenge ? challenge : ""));
	ok(X509_NAME_cmp(X509_REQ_get_subject_name(csr), name) == 0);
	ok(mc_key_equal(X509_REQ_get0_pubkey(csr), key));
	if (!challenge)
		return;
	at = X509_REQ_get_attr_by_NID(csr, NID_pkcs9_challengePassword, -1);
	attr = X509_REQ_get_attr(csr, at);
	ok(ASN1_TYPE_get(X509_ATTRIBUTE_get0_type(attr, 0)) == type);
}

static void
structure(void)
{
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_csr_make(key, name, "x", 0, &der, &e));
	ok(parses(&der, MC_OK));
	der.data[der.len - 1] ^= 1;
	ok(parses(&der, MC_ALTERED));
	der.data[der.len - 1] ^= 1;
	ok(mc_buf_add(&der, "", 1, &e));
	ok(parses(&der, MC_MALFORMED));
	der.len -= 2;
	ok(parses(&der, MC_MALFORMED));
	der.len = 0;
	ok(parses(&der, MC_MALFORMED));
	ok(!mc_csr_make(key, name, "", 0, &der, &e) && e.code == MC_USAGE);
}

static void
refusals(void)
{
	AUTO(X509_REQ) *csr = draft();
	AUTO(X509_NAME) *none = X509_NAME_new();
	AUTO(EVP_PKEY) *other = EVP_EC_gen("P-256");
	AUTO(EVP_PKEY) *small = EVP_RSA_gen(1024);
	AUTO_BUF der = MC_BUF_INIT;

	ok(X509_REQ_sign(csr, key, EVP_sha1()) > 0);
	encode(csr, &der);
	ok(parses(&der, MC_OK));
	ok(X509_REQ_sign(csr, key, EVP_md5()) > 0);
	encode(csr, &der);
	ok(parses(&der, MC_DENIED));
	/* nothing is judged that is not proven */
	der.data[der.len - 1] ^= 1;
	ok(parses(&der, MC_ALTERED));
	/* signed by a key that is not in it */
	ok(X509_REQ_sign(csr, other, EVP_sha256()) > 0);
	encode(csr, &der);
	ok(parses(&der, MC_ALTERED));
	ok(X509_REQ_set_pubkey(csr, small) == 1 &&
	    X509_REQ_sign(csr, small, EVP_sha256()) > 0);
	encode(csr, &der);
	ok(parses(&der, MC_DENIED));
	der.data[der.len - 1] ^= 1;
	ok(parses(&der, MC_ALTERED));
	ok(X509_REQ_set_pubkey(csr, key) == 1 &&
	    X509_REQ_set_subject_name(csr, none) == 1 &&
	    X509_REQ_sign(csr, key, EVP_sha256()) > 0);
	encode(csr, &der);
	ok(parses(&der, MC_MALFORMED));
}

/* A key that nothing is calculated with: 16384 bits, or even. */
static EVP_PKEY *
absurd_key(bool even)
{
	AUTO(BIGNUM) *n = BN_new();
	AUTO(BIGNUM) *exp = BN_new();
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *made = NULL;

	ok(BN_set_bit(n, even ? 2047 : 16383) == 1 &&
	    (even || BN_set_bit(n, 0) == 1) && BN_set_word(exp, RSA_F4) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, exp) == 1);
	params = OSSL_PARAM_BLD_to_param(bld);
	ok(EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &made, EVP_PKEY_PUBLIC_KEY, params) == 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	return made;
}

static void
absurd_keys(void)
{
	for (int even = 0; even < 2; even++) {
		AUTO(X509_REQ) *csr = draft();
		AUTO(EVP_PKEY) *absurd = absurd_key(even);
		AUTO_BUF der = MC_BUF_INIT;

		ok(X509_REQ_set_pubkey(csr, absurd) == 1 &&
		    X509_REQ_sign(csr, key, EVP_sha256()) > 0);
		encode(csr, &der);
		ok(parses(&der, MC_MALFORMED));
		ok(!mc_csr_is_by(&der, key));
	}
	ERR_clear_error();
}

/* For this key and by it, and a clean queue whatever comes. */
static bool
is_by(const struct mc_buf *der, EVP_PKEY *by)
{
	bool is = mc_csr_is_by(der, by);

	ok(ERR_peek_error() == 0);
	return is;
}

static void
proof(void)
{
	AUTO(X509_REQ) *csr = draft();
	AUTO(EVP_PKEY) *other = EVP_RSA_gen(2048);
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF none = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(X509_REQ_sign(csr, key, EVP_sha256()) > 0);
	encode(csr, &der);
	ok(is_by(&der, key));
	ok(!is_by(&der, other));
	ok(!is_by(&der, NULL));
	ok(!is_by(&none, key));
	der.data[der.len - 1] ^= 1;
	ok(!is_by(&der, key));
	der.data[der.len - 1] ^= 1;
	ok(mc_buf_add(&der, "", 1, &e) && !is_by(&der, key));
	/* for one key, by the other, either way round */
	ok(X509_REQ_sign(csr, other, EVP_sha256()) > 0);
	encode(csr, &der);
	ok(!is_by(&der, key) && !is_by(&der, other));
}

static bool
no_challenge(const X509_REQ *csr)
{
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool found = true;

	return !mc_csr_challenge(csr, &text, &found, &e) &&
	    e.code == MC_MALFORMED && !found;
}

/* Values of one challengePassword. */
static bool
challenge_refused(int values, int type, const char *data, int len)
{
	AUTO(X509_REQ) *csr = draft();
	X509_ATTRIBUTE *attr;

	if (X509_REQ_add1_attr_by_NID(csr, NID_pkcs9_challengePassword, type,
		(const unsigned char *)data, len) != 1)
		return false;
	attr = X509_REQ_get_attr(csr, 0);
	for (int i = 1; i < values; i++)
		if (X509_ATTRIBUTE_set1_data(attr, type, data, len) != 1)
			return false;
	return no_challenge(csr);
}

/* libcrypto writes no attribute twice: an unstructuredName is made one. */
static void
two_challenges(void)
{
	AUTO(X509_REQ) *csr = draft();
	AUTO(X509_REQ) *back = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	static const uint8_t oid[] = { 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		1, 9, 2 };
	const unsigned char *p;
	uint8_t *at;

	ok(X509_REQ_add1_attr_by_NID(csr, NID_pkcs9_challengePassword,
	       V_ASN1_PRINTABLESTRING, (const unsigned char *)"a", 1) == 1);
	ok(X509_REQ_add1_attr_by_NID(csr, NID_pkcs9_unstructuredName,
	       V_ASN1_PRINTABLESTRING, (const unsigned char *)"b", 1) == 1);
	ok(X509_REQ_sign(csr, key, EVP_sha256()) > 0);
	encode(csr, &der);
	at = memmem(der.data, der.len, oid, sizeof(oid));
	ok(at != NULL);
	if (!at)
		return;
	at[10] = 7;
	p = der.data;
	back = d2i_X509_REQ(NULL, &p, (long)der.len);
	ok(back && no_challenge(back));
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;

	ok(mc_key_new_rsa(2048, &key, &e));
	ok(mc_name_parse("/O=ACME Inc./CN=Alice", &name, &e));
	round_trip(NULL, 0);
	round_trip("secret 12", V_ASN1_PRINTABLESTRING);
	round_trip("p\xc3\xa4ss_word", V_ASN1_UTF8STRING);
	structure();
	refusals();
	absurd_keys();
	proof();
	ok(challenge_refused(2, V_ASN1_PRINTABLESTRING, "a", 1));
	two_challenges();
	ok(challenge_refused(1, V_ASN1_OCTET_STRING, "a", 1));
	ok(challenge_refused(1, V_ASN1_UTF8STRING, "a\0b", 3));
	ok(!challenge_refused(1, V_ASN1_UTF8STRING, "ab", 2));
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return done();
}

/* SPDX-License-Identifier: ISC */
#include "crypto/cert.h"

#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/trust.h"
#include "tap.h"

#define Y2049 INT64_C(2524607999) /* 2049-12-31T23:59:59Z */

static EVP_PKEY *rsa;

static X509_NAME *
name_of(const char *text)
{
	X509_NAME *name = NULL;
	struct mc_err e = MC_ERR_INIT;

	return mc_name_parse(text, &name, &e) ? name : NULL;
}

/* A public RSA key of these numbers, in hexadecimal. */
static EVP_PKEY *
rsa_of(const char *n, const char *exp)
{
	AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;
	BIGNUM *bn = NULL;
	BIGNUM *be = NULL;

	if (BN_hex2bn(&bn, n) && BN_hex2bn(&be, exp) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, be) == 1)
		params = OSSL_PARAM_BLD_to_param(b);
	if (params && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	BN_free(bn);
	BN_free(be);
	return key;
}

/* bits/4 hexadecimal digits, odd. */
static const char *
number(int bits, char text[static 8192])
{
	memset(text, 'f', (size_t)bits / 4);
	text[bits / 4] = '\0';
	return text;
}

static bool
judged(int n_bits, const char *exp, unsigned min_bits)
{
	char n[8192];
	AUTO(EVP_PKEY) *key = rsa_of(number(n_bits, n), exp);
	struct mc_err e = MC_ERR_INIT;

	if (mc_key_check(key, min_bits, &e))
		return true;
	printf("# %s\n", e.text);
	return e.code != MC_DENIED;
}

static void
keys(void)
{
	AUTO(EVP_PKEY) *p256 = EVP_EC_gen("P-256");
	AUTO(EVP_PKEY) *p384 = EVP_EC_gen("P-384");
	AUTO(EVP_PKEY) *p521 = EVP_EC_gen("P-521");
	AUTO(EVP_PKEY) *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	struct mc_err e = MC_ERR_INIT;
	char exp[8192];
	char even[8192];
	AUTO(EVP_PKEY) *two = NULL;

	ok(judged(2048, "10001", 2048));
	ok(judged(8192, "10001", 2048));
	ok(judged(1024, "10001", 1024));
	ok(!judged(1024, "10001", 2048));
	ok(!judged(512, "10001", 1024));
	ok(!judged(8196, "10001", 2048));
	ok(!judged(16384, number(3072, exp), 2048));
	ok(!judged(2048, number(3072, exp), 2048));
	ok(!judged(2048, "3", 2048));
	number(2048, even);
	even[511] = 'e';
	two = rsa_of(even, "10001");
	ok(!mc_key_check(two, 2048, &e) && e.code == MC_DENIED);
	ok(mc_key_check(p256, 2048, &e) && mc_key_check(p384, 2048, &e));
	ok(!mc_key_check(p521, 2048, &e) && e.code == MC_DENIED);
	ok(!mc_key_check(ed, 2048, &e) && e.code == MC_DENIED);
	ok(!mc_key_check(NULL, 2048, &e) && e.code == MC_DENIED);
	ok(!mc_key_equal(p256, p384) && mc_key_equal(p256, p256));
	ok(!mc_key_equal(p256, rsa) && !mc_key_equal(NULL, NULL));
}

static bool
issue(int64_t from, int64_t to, X509 *issuer, X509 **out, struct mc_err *e)
{
	AUTO(X509_NAME) *name = name_of(issuer ? "/CN=leaf" : "/CN=ca");
	const struct mc_cert_spec spec = {
		.subject = name,
		.key = rsa,
		.issuer = issuer,
		.issuer_key = rsa,
		.not_before = from,
		.not_after = to,
		.ca = !issuer,
		.path_len = -1,
		.key_usage = issuer ? KU_DIGITAL_SIGNATURE | KU_DECIPHER_ONLY
				    : KU_KEY_CERT_SIGN | KU_CRL_SIGN,
	};

	return mc_cert_issue(&spec, out, e);
}

static int
tag_of(int64_t after)
{
	AUTO(X509) *cert = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (!issue(1700000000, after, NULL, &cert, &e))
		return -1;
	return ASN1_STRING_type(X509_get0_notAfter(cert));
}

static void
dates(void)
{
	AUTO(X509) *ca = NULL;
	AUTO(X509) *leaf = NULL;
	AUTO(X509) *none = NULL;
	struct mc_err e = MC_ERR_INIT;
	int64_t from = 0;
	int64_t to = 0;

	/* RFC 5280 section 4.1.2.5 */
	ok(tag_of(Y2049) == V_ASN1_UTCTIME);
	ok(tag_of(Y2049 + 1) == V_ASN1_GENERALIZEDTIME);
	ok(issue(1700000000, 1900000000, NULL, &ca, &e));
	ok(issue(1700000001, 1800000000, ca, &leaf, &e));
	ok(mc_cert_validity(leaf, &from, &to, &e));
	ok(from == 1700000001 && to == 1800000000);
	X509_free(leaf);
	leaf = NULL;
	/* nothing outlives its issuer */
	ok(issue(1700000000, 2000000000, ca, &leaf, &e));
	ok(mc_cert_validity(leaf, &from, &to, &e) && to == 1900000000);
	ok(!issue(1900000000, 2000000000, ca, &none, &e) && e.code == MC_USAGE);
}

static void
extensions(void)
{
	AUTO(X509) *ca = NULL;
	AUTO(X509) *leaf = NULL;
	struct mc_err e = MC_ERR_INIT;
	const ASN1_INTEGER *serial;

	ok(issue(1700000000, 1900000000, NULL, &ca, &e));
	ok(issue(1700000000, 1900000000, ca, &leaf, &e));
	ok(X509_check_ca(ca) == 1 && X509_check_ca(leaf) == 0);
	ok(X509_get_key_usage(ca) == (KU_KEY_CERT_SIGN | KU_CRL_SIGN));
	ok(X509_get_key_usage(leaf) ==
	    (KU_DIGITAL_SIGNATURE | KU_DECIPHER_ONLY));
	ok(ASN1_OCTET_STRING_cmp(X509_get0_subject_key_id(ca),
	       X509_get0_authority_key_id(leaf)) == 0);
	ok(X509_check_issued(ca, leaf) == X509_V_OK);
	serial = X509_get0_serialNumber(leaf);
	ok(ASN1_STRING_length(serial) == 16 &&
	    ASN1_STRING_type(serial) == V_ASN1_INTEGER);
	ok(ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(ca)) != 0);
}

static void
not_ours(void)
{
	AUTO(X509) *ca = NULL;
	AUTO(X509) *none = NULL;
	AUTO(EVP_PKEY) *other = EVP_EC_gen("P-256");
	AUTO(X509_NAME) *name = name_of("/CN=x");
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = { .not_before = 1, .not_after = 9 };

	ok(issue(1700000000, 1900000000, NULL, &ca, &e));
	spec.subject = name;
	spec.key = rsa;
	spec.issuer = ca;
	spec.issuer_key = other;
	ok(!mc_cert_issue(&spec, &none, &e) && e.code == MC_USAGE);
}

/* A signer with an absurd key is refused for it, before it is tried. */
static void
absurd_signer(void)
{
	char n[8192];
	char exp[8192];
	AUTO(EVP_PKEY) *key = rsa_of(number(16384, n), number(3072, exp));
	AUTO(X509_NAME) *name = name_of("/CN=absurd");
	AUTO(X509) *ca = NULL;
	AUTO(X509) *cert = NULL;
	AUTO(mc_trust) *t = NULL;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = {
		.not_before = 1700000000,
		.not_after = 1900000000,
	};

	ok(issue(1700000000, 1900000000, NULL, &ca, &e));
	spec.subject = name;
	spec.key = key;
	spec.issuer = ca;
	spec.issuer_key = rsa;
	ok(mc_cert_issue(&spec, &cert, &e) && mc_trust_new(&t, &e));
	ok(!mc_trust_check(t, cert, NULL, 0, NULL, &e));
	ok(e.code == MC_UNTRUSTED);
	ok(strstr(e.text, "absurd\": an RSA key of 16384 bits") != NULL);
}

static void
parsing(void)
{
	AUTO(X509) *ca = NULL;
	AUTO(X509) *back = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char serial[MC_SERIAL_TEXT];

	ok(issue(1700000000, 1900000000, NULL, &ca, &e));
	ok(mc_cert_encode(ca, &der, &e));
	ok(mc_cert_parse(der.data, der.len, &back, &e));
	ok(X509_cmp(ca, back) == 0);
	ok(mc_cert_serial(ca, serial, &e) && strlen(serial) == 32);
	X509_free(back);
	back = NULL;
	ok(mc_buf_add(&der, "", 1, &e));
	ok(!mc_cert_parse(der.data, der.len, &back, &e) && !back);
	ok(!mc_cert_parse(der.data, der.len - 2, &back, &e) && !back);
	ok(!mc_cert_parse(NULL, 0, &back, &e) && !back);
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;

	ok(mc_key_new_rsa(2048, &rsa, &e));
	keys();
	dates();
	extensions();
	not_ours();
	absurd_signer();
	parsing();
	EVP_PKEY_free(rsa);
	return done();
}

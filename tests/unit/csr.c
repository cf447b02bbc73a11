/* SPDX-License-Identifier: ISC */
#include "crypto/csr.h"

#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/names.h"
#include "tap.h"
#include "tool.h"

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

/* A request that openssl writes; options of "openssl req -new". */
static bool
made(const char *options, enum mc_code want, X509_REQ **out)
{
	AUTO_BUF said = MC_BUF_INIT;
	AUTO_BUF file = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool good;

	if (tool(&said, "openssl req -new -subj /CN=x %s -out csr.pem",
		options) != 0 ||
	    !mc_file_load("csr.pem", &file, &e) ||
	    !mc_csr_der(&file, &der, &e)) {
		printf("# %s%s\n", e.text, mc_buf_str(&said));
		return false;
	}
	good = mc_csr_parse(&der, 2048, out, &e);
	if (!good)
		printf("# %s\n", e.text);
	return good == (want == MC_OK) && e.code == want &&
	    ERR_peek_error() == 0;
}

/* Every way that a key of ours or of a device may sign. */
static void
schemes(void)
{
	static const struct {
		const char *key, *options;
		enum mc_code want;
	} all[] = {
		{ "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-sha256",
		    MC_OK },
		{ "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-sha1",
		    MC_OK },
		{ "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-sha384",
		    MC_OK },
		{ "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "-sha512",
		    MC_OK },
		{ "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-sha224",
		    MC_DENIED },
		{ "-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "-sha512",
		    MC_MALFORMED },
		{ "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt "
		  "ec_param_enc:explicit",
		    "-sha256", MC_MALFORMED },
		{ "-algorithm ED25519", "", MC_MALFORMED },
		{ "-algorithm RSA", "-sha256 -sigopt rsa_padding_mode:pss",
		    MC_OK },
		{ "-algorithm RSA", "-sha1 -sigopt rsa_padding_mode:pss",
		    MC_OK },
		{ "-algorithm RSA",
		    "-sha512 -sigopt rsa_padding_mode:pss -sigopt "
		    "rsa_pss_saltlen:20",
		    MC_OK },
		{ "-algorithm RSA", "-sha224 -sigopt rsa_padding_mode:pss",
		    MC_DENIED },
		{ "-algorithm RSA", "-sha224", MC_DENIED },
		{ "-algorithm RSA", "-sha3-256", MC_DENIED },
		{ "-algorithm RSA-PSS", "-sha384", MC_OK },
		{ "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024", "-sha256",
		    MC_DENIED },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		AUTO(X509_REQ) *csr = NULL;
		AUTO_BUF said = MC_BUF_INIT;
		char options[200];

		ok(tool(&said, "openssl genpkey %s -out key.pem", all[i].key) ==
		    0);
		snprintf(options, sizeof(options), "-key key.pem %s",
		    all[i].options);
		ok(made(options, all[i].want, &csr));
		ok(!csr == (all[i].want != MC_OK));
	}
}

/* Our own by each kind of key, as openssl sees them. */
static void
kinds(void)
{
	static const struct {
		enum mc_key_kind kind;
		const char *says;
	} all[] = { { MC_KEY_P256, "ecdsa-with-SHA256" },
		{ MC_KEY_P384, "ecdsa-with-SHA384" },
		{ MC_KEY_RSA, "sha256WithRSAEncryption" } };
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		AUTO(EVP_PKEY) *mine = NULL;
		AUTO_BUF der = MC_BUF_INIT;
		AUTO_BUF said = MC_BUF_INIT;

		ok(mc_key_new(all[i].kind, 2048, &mine, &e));
		ok(mc_csr_make(mine, name, "pw", 0, &der, &e));
		ok(parses(&der, MC_OK) && save("csr.der", &der));
		ok(tool(&said,
		       "openssl req -inform DER -in csr.der -verify "
		       "-text -noout") == 0);
		ok(says(&said, all[i].says) && says(&said, "verify OK"));
	}
}

static bool
names_are(const X509_REQ *csr, enum mc_code want, const char *text)
{
	AUTO_BUF names = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool good = csr && mc_csr_names(csr, &names, &e);

	if (!good)
		printf("# %s\n", e.text);
	return good == (want == MC_OK) && e.code == want &&
	    mc_buf_is(&names, text) && ERR_peek_error() == 0;
}

static void
names(void)
{
	static const struct {
		const char *san;
		enum mc_code want;
		const char *text;
	} all[] = {
		{ "DNS:a.example,IP:10.0.0.1,email:u@x,URI:urn:x:a", MC_OK,
		    "dns:a.example,ip:10.0.0.1,email:u@x,uri:urn:x:a" },
		{ "otherName:1.3.6.1.4.1.311.20.2.3\\;UTF8:u@x", MC_OK,
		    "upn:u@x" },
		{ "DNS:a,DNS:A,DNS:b", MC_OK, "dns:a,dns:b" },
		{ "otherName:1.3.6.1.4.1.311.20.2.4\\;UTF8:u@x", MC_MALFORMED,
		    "" },
		{ "RID:1.2.3.4", MC_MALFORMED, "" },
		{ "DNS:a_b", MC_MALFORMED, "" },
		{ "DNS:-a", MC_MALFORMED, "" },
	};
	AUTO(X509_REQ) *none = draft();

	ok(names_are(none, MC_OK, ""));
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		AUTO(X509_REQ) *csr = NULL;
		char options[300];

		snprintf(options, sizeof(options),
		    "-newkey rsa:2048 -nodes -keyout key.pem -addext "
		    "subjectAltName=%s",
		    all[i].san);
		ok(made(options, MC_OK, &csr));
		ok(names_are(csr, all[i].want, all[i].text));
	}
}

typedef STACK_OF(X509_EXTENSION) exts;

/* An attribute that asks for n subjectAltNames, dns:h0 and on. */
static void
ask(X509_REQ *csr, int nid, int n)
{
	exts *all = sk_X509_EXTENSION_new_null();
	unsigned char *der = NULL;
	int len;

	for (int i = 0; i < n; i++) {
		GENERAL_NAMES *san = NULL;
		struct mc_err e = MC_ERR_INIT;
		char text[20];

		snprintf(text, sizeof(text), "dns:h%d", i);
		ok(mc_names_parse(text, &san, &e));
		sk_X509_EXTENSION_push(
		    all, X509V3_EXT_i2d(NID_subject_alt_name, 0, san));
		GENERAL_NAMES_free(san);
	}
	len = ASN1_item_i2d(
	    (ASN1_VALUE *)all, &der, ASN1_ITEM_rptr(X509_EXTENSIONS));
	ok(X509_REQ_add1_attr_by_NID(csr, nid, V_ASN1_SEQUENCE, der, len) == 1);
	OPENSSL_free(der);
	sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
}

static void
asked_oddly(void)
{
	static const struct {
		int standard, microsoft; /* names in each; -1: no attribute */
		enum mc_code want;
		const char *text;
	} all[] = { { 1, -1, MC_OK, "dns:h0" }, { -1, 1, MC_OK, "dns:h0" },
		{ 0, 1, MC_OK, "dns:h0" }, { 1, 0, MC_OK, "dns:h0" },
		{ 0, 0, MC_OK, "" }, { 1, 1, MC_MALFORMED, "" },
		{ 2, -1, MC_MALFORMED, "" }, { -1, 2, MC_MALFORMED, "" } };
	AUTO(X509_REQ) *text = draft();
	AUTO(X509_REQ) *cut = draft();
	AUTO(X509_REQ) *several = draft();
	X509_ATTRIBUTE *attr;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		AUTO(X509_REQ) *csr = draft();

		if (all[i].standard >= 0)
			ask(csr, NID_ext_req, all[i].standard);
		if (all[i].microsoft >= 0)
			ask(csr, NID_ms_ext_req, all[i].microsoft);
		ok(names_are(csr, all[i].want, all[i].text));
	}
	ok(X509_REQ_add1_attr_by_NID(text, NID_ext_req, V_ASN1_UTF8STRING,
	       (const unsigned char *)"x", 1) == 1);
	ok(names_are(text, MC_MALFORMED, ""));
	ok(X509_REQ_add1_attr_by_NID(cut, NID_ext_req, V_ASN1_SEQUENCE,
	       (const unsigned char *)"0\2\5\0", 4) == 1);
	ok(names_are(cut, MC_MALFORMED, ""));
	ask(several, NID_ext_req, 0);
	attr = X509_REQ_get_attr(several, 0);
	ok(X509_ATTRIBUTE_set1_data(attr, V_ASN1_SEQUENCE, "0\0", 2) == 1);
	ok(names_are(several, MC_MALFORMED, ""));
}

static bool
armor(const char *text, size_t len, enum mc_code want)
{
	AUTO_BUF file = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool good = mc_buf_add(&file, text, len, &e) &&
	    mc_csr_der(&file, &der, &e);

	if (!good)
		printf("# %s\n", e.text);
	return good == (want == MC_OK) && e.code == want &&
	    good == (der.len > 0) && ERR_peek_error() == 0;
}

static void
files(void)
{
#define B(label) "-----BEGIN " label "-----\n"
#define E(label) "-----END " label "-----\n"
#define OLD "NEW CERTIFICATE REQUEST"
#define NEW "CERTIFICATE REQUEST"
#define IS(text, want) ok(armor(text, sizeof(text) - 1, want))
	IS(B(NEW) "MAA=\n" E(NEW), MC_OK);
	IS(B(OLD) "MAA=\n" E(OLD), MC_OK);
	IS("words before\n" B(NEW) "MAA=\n" E(NEW) "words after\n", MC_OK);
	IS("\x30\x00", MC_OK);
	IS("", MC_MALFORMED);
	IS("MAA=", MC_MALFORMED);
	IS("\x31\x00", MC_MALFORMED);
	IS(B("CERTIFICATE") "MAA=\n" E("CERTIFICATE"), MC_MALFORMED);
	IS(B(NEW) "MAA=\n" E(NEW) B(NEW) "MAA=\n" E(NEW), MC_MALFORMED);
	IS(B(NEW) "MAA=\n", MC_MALFORMED);
	IS(B(NEW) "M*A=\n" E(NEW), MC_MALFORMED);
	IS(B(NEW) "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
		  "000102030405060708090A0B0C0D0E0F\n\nMAA=\n" E(NEW),
	    MC_MALFORMED);
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
	tool_init();
	schemes();
	kinds();
	names();
	asked_oddly();
	files();
	tool_done();
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	return done();
}

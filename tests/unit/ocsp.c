/* SPDX-License-Identifier: ISC */
#include "crypto/ocsp.h"

#include "base/time.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "tap.h"
#include "tool.h"

static int64_t now;

/* A CA with two certificates, a delegated responder, and a stranger. */
struct world {
	EVP_PKEY *ca_key, *key;
	X509 *ca, *one, *two, *responder, *stranger;
};

static bool
cert_new(const char *subject, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
    bool responder, X509 **out)
{
	static const char *const purposes[] = { "OCSPSigning", NULL };
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = {
		.key = key,
		.issuer = issuer,
		.issuer_key = issuer_key,
		.not_before = now - 60,
		.not_after = now + 86400,
		.ca = !issuer,
		.path_len = -1,
		.key_usage = issuer ? KU_DIGITAL_SIGNATURE
				    : KU_KEY_CERT_SIGN | KU_CRL_SIGN,
		.eku = responder ? purposes : NULL,
		.ocsp_nocheck = responder,
	};

	if (!mc_name_parse(subject, &name, &e))
		return false;
	spec.subject = name;
	return mc_cert_issue(&spec, out, &e);
}

static bool
world_new(enum mc_key_kind kind, struct world *w)
{
	struct mc_err e = MC_ERR_INIT;

	return mc_key_new(kind, 2048, &w->ca_key, &e) &&
	    mc_key_new(kind, 2048, &w->key, &e) &&
	    cert_new("/CN=CA", w->ca_key, NULL, w->ca_key, false, &w->ca) &&
	    cert_new("/CN=1", w->key, w->ca, w->ca_key, false, &w->one) &&
	    cert_new("/CN=2", w->key, w->ca, w->ca_key, false, &w->two) &&
	    cert_new(
		"/CN=OCSP", w->key, w->ca, w->ca_key, true, &w->responder) &&
	    cert_new("/CN=CA", w->key, NULL, w->key, false, &w->stranger) &&
	    save_cert("ca.pem", w->ca) && save_cert("one.pem", w->one) &&
	    save_cert("two.pem", w->two) &&
	    save_cert("stranger.pem", w->stranger) &&
	    save_cert("responder.pem", w->responder) &&
	    save_key("responder.key", w->key);
}

static void
world_free(struct world *w)
{
	EVP_PKEY_free(w->ca_key);
	EVP_PKEY_free(w->key);
	X509_free(w->ca);
	X509_free(w->one);
	X509_free(w->two);
	X509_free(w->responder);
	X509_free(w->stranger);
}

/* A request that openssl writes: its options. */
static bool
asked(const char *options, mc_ocsp **out)
{
	AUTO_BUF said = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (tool(&said, "openssl ocsp -reqout req.der %s", options) != 0 ||
	    !mc_file_load("req.der", &der, &e))
		return false;
	if (mc_ocsp_parse(&der, out, &e))
		return true;
	printf("# %s\n", e.text);
	return false;
}

static bool
answered(mc_ocsp *o, const struct world *w)
{
	const struct mc_ocsp_validity valid = { now, now + 3600 };
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (mc_ocsp_sign(o, w->responder, w->key, &valid, &der, &e))
		return save("resp.der", &der);
	printf("# %s\n", e.text);
	return false;
}

static void
serials(const mc_ocsp *o, const struct world *w)
{
	char want[MC_SERIAL_TEXT];
	char is[MC_SERIAL_TEXT];
	struct mc_err e = MC_ERR_INIT;

	ok(mc_ocsp_count(o) == 2);
	ok(mc_cert_serial(w->one, want, &e) && mc_ocsp_get(o, 0, is, &e) &&
	    strcmp(want, is) == 0);
	ok(mc_cert_serial(w->two, want, &e) && mc_ocsp_get(o, 1, is, &e) &&
	    strcmp(want, is) == 0);
	ok(!mc_ocsp_get(o, 2, is, &e) && e.code == MC_INTERNAL);
	for (size_t i = 0; i < 2; i++)
		ok(mc_ocsp_issued_by(o, i, w->ca) &&
		    !mc_ocsp_issued_by(o, i, w->stranger) &&
		    !mc_ocsp_issued_by(o, i, w->one));
	ok(!mc_ocsp_issued_by(o, 2, w->ca));
}

/* Two certificates, a nonce; openssl checks signature, chain and nonce. */
static void
two(const struct world *w)
{
	const struct mc_ocsp_single good = { .status = MC_OCSP_GOOD };
	const struct mc_ocsp_single revoked = { MC_OCSP_REVOKED, now - 5, 1 };
	const struct mc_ocsp_single plain = { MC_OCSP_REVOKED, now - 5, 0 };
	const struct mc_ocsp_validity valid = { now, now + 3600 };
	const struct mc_ocsp_single unknown = { .status = MC_OCSP_UNKNOWN };
	AUTO(mc_ocsp) *o = NULL;
	AUTO_BUF said = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	const char *nonce = "openssl ocsp -reqin req.der -respin resp.der "
			    "-CAfile ca.pem";
	const char *check = "openssl ocsp -reqin req.der -respin resp.der "
			    "-CAfile ca.pem -issuer ca.pem -cert one.pem "
			    "-cert two.pem -resp_text -no_nonce";

	ok(asked("-issuer ca.pem -cert one.pem -cert two.pem", &o));
	if (!o)
		return;
	serials(o, w);
	ok(mc_ocsp_answer(o, 0, &good, &e));
	ok(!mc_ocsp_sign(o, w->responder, w->key, &valid, &der, &e) &&
	    e.code == MC_INTERNAL && der.len == 0);
	ok(!mc_ocsp_answer(o, 2, &good, &e));
	ok(mc_ocsp_answer(o, 1, &revoked, &e));
	ok(!mc_ocsp_sign(o, w->responder, w->ca_key, &valid, &der, &e) &&
	    e.code == MC_USAGE);
	mc_time_set(now + 7);
	ok(answered(o, w));
	mc_time_set(0);
	ok(tool(&said, "%s", check) == 0);
	ok(says(&said, "Response verify OK"));
	ok(!strstr(mc_buf_str(&said), "WARNING"));
	ok(says(&said, "one.pem: good") && says(&said, "two.pem: revoked"));
	ok(says(&said, "Reason: keyCompromise"));
	ok(says(&said, "OCSP Nonce") && says(&said, "CN = OCSP"));
	ok(says(&said, "OCSP No Check"));
	ok(tool(&said, "%s", nonce) == 0);
	ok(says(&said, "Response verify OK"));
	ok(!strstr(mc_buf_str(&said), "once"));
	ok(mc_ocsp_answer(o, 0, &plain, &e) &&
	    mc_ocsp_answer(o, 1, &unknown, &e));
	ok(answered(o, w));
	ok(tool(&said, "%s", check) == 0);
	ok(says(&said, "one.pem: revoked") && says(&said, "two.pem: unknown"));
	ok(!strstr(mc_buf_str(&said), "Revocation Reason"));
	tool(&said, "%s -CAfile stranger.pem", check);
	ok(says(&said, "Response Verify Failure"));
	/* another nonce is not this one */
	ok(tool(&said,
	       "openssl ocsp -reqout req.der -issuer ca.pem -cert "
	       "one.pem -cert two.pem") == 0);
	tool(&said, "%s", nonce);
	ok(says(&said, "Nonce Verify error"));
}

/* producedAt is by the clock that tests set, to the second. */
static void
produced(const struct world *w)
{
	const struct mc_ocsp_single good = { .status = MC_OCSP_GOOD };
	AUTO(mc_ocsp) *o = NULL;
	AUTO_BUF said = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(asked("-issuer ca.pem -cert one.pem -no_nonce", &o));
	if (!o)
		return;
	ok(mc_ocsp_answer(o, 0, &good, &e));
	mc_time_set(1700000000);
	ok(answered(o, w));
	mc_time_set(0);
	ok(tool(&said, "openssl ocsp -respin resp.der -noverify -resp_text") ==
	    0);
	ok(says(&said, "Produced At: Nov 14 22:13:20 2023 GMT"));
	ok(!strstr(mc_buf_str(&said), "Nonce"));
	/* GnuTLS has its own parser and its own verification */
	ok(tool(&said, "ocsptool -j --infile resp.der") == 0);
	ok(says(&said, "Response Status: Successful"));
	ok(says(&said, "Certificate Status: good"));
	ok(tool(&said,
	       "ocsptool -e --load-signer responder.pem --infile "
	       "resp.der") == 0);
	ok(says(&said, "Verifying OCSP Response: Success"));
}

static void
hashes(const struct world *w)
{
	static const struct {
		const char *name;
		bool known;
	} md[] = { { "sha1", true }, { "sha256", true }, { "sha384", true },
		{ "sha512", true }, { "md5", false }, { "sha224", false } };
	const struct mc_ocsp_single good = { .status = MC_OCSP_GOOD };
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < sizeof(md) / sizeof(*md); i++) {
		AUTO(mc_ocsp) *o = NULL;
		AUTO_BUF said = MC_BUF_INIT;
		char ask[100];

		snprintf(ask, sizeof(ask), "-%s -issuer ca.pem -cert one.pem",
		    md[i].name);
		ok(asked(ask, &o));
		ok(o && mc_ocsp_issued_by(o, 0, w->ca) == md[i].known);
		ok(o && !mc_ocsp_issued_by(o, 0, w->stranger));
		ok(o && mc_ocsp_answer(o, 0, &good, &e) && answered(o, w));
		ok(tool(&said,
		       "openssl ocsp -respin resp.der -reqin req.der "
		       "-CAfile ca.pem -no_nonce %s",
		       ask) == 0);
		ok(says(&said, "Response verify OK") &&
		    says(&said, "one.pem: good"));
	}
}

static void
refusals(void)
{
	static const struct {
		enum mc_ocsp_refusal why;
		const char *text;
	} all[] = { { MC_OCSP_MALFORMED, "malformedrequest (1)" },
		{ MC_OCSP_INTERNAL, "internalerror (2)" },
		{ MC_OCSP_TRY_LATER, "trylater (3)" },
		{ MC_OCSP_UNAUTHORIZED, "unauthorized (6)" } };
	AUTO_BUF said = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		AUTO_BUF der = MC_BUF_INIT;

		ok(mc_ocsp_refuse(all[i].why, &der, &e));
		ok(der.len == 5 && save("no.der", &der));
		tool(&said, "openssl ocsp -respin no.der -noverify");
		ok(says(&said, all[i].text));
	}
}

static bool
parses(const struct mc_buf *der, enum mc_code want)
{
	AUTO(mc_ocsp) *o = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool good = mc_ocsp_parse(der, &o, &e);

	if (!good)
		printf("# %s\n", e.text);
	return good == (want == MC_OK) && e.code == want &&
	    good == (o != NULL) && ERR_peek_error() == 0;
}

/* n certificates, a nonce of so many octets, and one critical extension. */
static void
request(int n, int nonce, int critical, struct mc_buf *to)
{
	AUTO(OCSP_REQUEST) *req = OCSP_REQUEST_new();
	AUTO(X509_NAME) *name = X509_NAME_new();
	AUTO(ASN1_INTEGER) *serial = ASN1_INTEGER_new();
	AUTO(ASN1_BIT_STRING) *key = ASN1_BIT_STRING_new();
	unsigned char *der = NULL;
	struct mc_err e = MC_ERR_INIT;
	int len;

	for (int i = 0; i < n; i++) {
		ASN1_INTEGER_set(serial, i + 1);
		OCSP_request_add0_id(
		    req, OCSP_cert_id_new(EVP_sha1(), name, key, serial));
	}
	if (nonce >= 0)
		OCSP_request_add1_nonce(req, NULL, nonce);
	if (critical)
		OCSP_REQUEST_add1_ext_i2d(
		    req, critical, ASN1_NULL_new(), 1, X509V3_ADD_APPEND);
	len = i2d_OCSP_REQUEST(req, &der);
	mc_buf_clear(to);
	ok(len > 0 && mc_buf_add(to, der, (size_t)len, &e));
	OPENSSL_free(der);
}

static void
limits(void)
{
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	request(1, -1, 0, &der);
	ok(parses(&der, MC_OK));
	ok(mc_buf_add(&der, "", 1, &e) && parses(&der, MC_MALFORMED));
	der.len--;
	for (size_t n = der.len; n-- > 0;) {
		der.len = n;
		ok(parses(&der, MC_MALFORMED));
	}
	request(0, -1, 0, &der);
	ok(parses(&der, MC_MALFORMED));
	request(MC_OCSP_MAX, -1, 0, &der);
	ok(parses(&der, MC_OK));
	request(MC_OCSP_MAX + 1, -1, 0, &der);
	ok(parses(&der, MC_MALFORMED));
	request(1, 1, 0, &der);
	ok(parses(&der, MC_OK));
	request(1, MC_OCSP_NONCE_MAX, 0, &der);
	ok(parses(&der, MC_OK));
	request(1, MC_OCSP_NONCE_MAX + 1, 0, &der);
	ok(parses(&der, MC_MALFORMED));
	request(1, 16, NID_id_pkix_OCSP_noCheck, &der);
	ok(parses(&der, MC_MALFORMED));
}

/* [0] EXPLICIT INTEGER before the list, which both lengths have to know. */
static void
version_put(struct mc_buf *der, uint8_t version)
{
	const uint8_t field[] = { 0xa0, 3, 2, 1, version };
	struct mc_err e = MC_ERR_INIT;

	ok(der->len < 120 && mc_buf_add(der, field, sizeof(field), &e));
	memmove(der->data + 4 + sizeof(field), der->data + 4,
	    der->len - 4 - sizeof(field));
	memcpy(der->data + 4, field, sizeof(field));
	der->data[1] = (uint8_t)(der->data[1] + sizeof(field));
	der->data[3] = (uint8_t)(der->data[3] + sizeof(field));
}

/* n more extensions of this kind, none critical, each a nonce's value. */
static void
extend(int nid, int n, struct mc_buf *der)
{
	static const uint8_t nonce[] = { 4, 2, 'a', 'b' };
	AUTO(OCSP_REQUEST) *req = NULL;
	AUTO(ASN1_OCTET_STRING) *value = ASN1_OCTET_STRING_new();
	const unsigned char *p = der->data;
	unsigned char *raw = NULL;
	struct mc_err e = MC_ERR_INIT;
	int len;

	req = d2i_OCSP_REQUEST(NULL, &p, (long)der->len);
	ok(req && ASN1_OCTET_STRING_set(value, nonce, sizeof(nonce)) == 1);
	for (int i = 0; i < n; i++) {
		AUTO(X509_EXTENSION) *ext = X509_EXTENSION_create_by_NID(
		    NULL, nid, 0, value);

		ok(OCSP_REQUEST_add_ext(req, ext, -1) == 1);
	}
	len = i2d_OCSP_REQUEST(req, &raw);
	mc_buf_clear(der);
	ok(len > 0 && mc_buf_add(der, raw, (size_t)len, &e));
	OPENSSL_free(raw);
}

static void
extensions(void)
{
	AUTO_BUF der = MC_BUF_INIT;

	request(1, -1, 0, &der);
	extend(NID_id_pkix_OCSP_Nonce, 1, &der);
	ok(parses(&der, MC_OK));
	extend(NID_id_pkix_OCSP_Nonce, 1, &der);
	ok(parses(&der, MC_MALFORMED));
	/* others, not critical, are nobody's business, up to a point */
	request(1, -1, 0, &der);
	extend(NID_subject_key_identifier, 16, &der);
	ok(parses(&der, MC_OK));
	extend(NID_subject_key_identifier, 1, &der);
	ok(parses(&der, MC_MALFORMED));
}

/* One certificate whose serial number has this many octets, the first ff. */
static bool
serial_parses(int octets, enum mc_code want)
{
	AUTO(OCSP_REQUEST) *req = OCSP_REQUEST_new();
	AUTO(X509_NAME) *name = X509_NAME_new();
	AUTO(ASN1_INTEGER) *serial = ASN1_INTEGER_new();
	AUTO(ASN1_BIT_STRING) *key = ASN1_BIT_STRING_new();
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	unsigned char *raw = NULL;
	uint8_t number[64];
	int len;

	memset(number, 0xff, sizeof(number));
	ASN1_STRING_set(serial, number, octets);
	OCSP_request_add0_id(
	    req, OCSP_cert_id_new(EVP_sha1(), name, key, serial));
	len = i2d_OCSP_REQUEST(req, &raw);
	ok(len > 0 && mc_buf_add(&der, raw, (size_t)len, &e));
	OPENSSL_free(raw);
	return parses(&der, want);
}

static void
versions(void)
{
	AUTO_BUF der = MC_BUF_INIT;

	request(1, -1, 0, &der);
	version_put(&der, 0);
	ok(parses(&der, MC_OK));
	request(1, -1, 0, &der);
	version_put(&der, 1);
	ok(parses(&der, MC_MALFORMED));
}

/* What libcrypto would not write: bytes by hand. */
static void
by_hand(void)
{
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	uint8_t *at;

	/* an empty nonce, a bare one: cut from one of 16 octets */
	request(1, 16, 0, &der);
	at = memmem(der.data, der.len, "\x04\x12\x04\x10", 4);
	ok(at != NULL);
	if (!at)
		return;
	at[3] = 0x0f; /* one byte too many behind it */
	ok(parses(&der, MC_MALFORMED));
	at[3] = 0x10;
	at[2] = 0x0c; /* another type */
	ok(parses(&der, MC_MALFORMED));
	at[2] = 0x04;
	ok(parses(&der, MC_OK));
	/* a serial number of none, an indefinite length that does not end */
	request(1, -1, 0, &der);
	ok(der.data[der.len - 3] == 2 && der.data[der.len - 2] == 1);
	der.data[der.len - 3] = 4;
	ok(parses(&der, MC_MALFORMED));
	der.data[der.len - 3] = 2;
	der.data[1] = 0x80;
	ok(parses(&der, MC_MALFORMED));
	/* one that does: BER, which our reader and libcrypto's agree on */
	ok(mc_buf_add(&der, "\0\0", 2, &e) && parses(&der, MC_OK));
}

int
main(void)
{
	static const enum mc_key_kind kinds[] = { MC_KEY_RSA, MC_KEY_P256,
		MC_KEY_P384 };

	tool_init();
	now = mc_time_now();
	for (size_t i = 0; i < 3; i++) {
		struct world w = { 0 };

		ok(world_new(kinds[i], &w));
		two(&w);
		produced(&w);
		if (kinds[i] == MC_KEY_P256)
			hashes(&w);
		world_free(&w);
	}
	refusals();
	limits();
	extensions();
	versions();
	ok(serial_parses(20, MC_OK));
	ok(serial_parses(21, MC_MALFORMED));
	ok(serial_parses(40, MC_MALFORMED));
	by_hand();
	tool_done();
	return done();
}

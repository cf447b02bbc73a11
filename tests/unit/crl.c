/* SPDX-License-Identifier: ISC */
#include "crypto/crl.h"

#include "base/time.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "tap.h"
#include "tool.h"

#define MANY 100000

static int64_t now;

struct ca {
	EVP_PKEY *key;
	X509 *cert;
};

static bool
ca_new(enum mc_key_kind kind, unsigned usage, struct ca *out)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = {
		.not_before = now - 60,
		.not_after = now + 86400,
		.ca = true,
		.path_len = 0,
		.key_usage = usage,
	};

	if (!mc_key_new(kind, 2048, &out->key, &e) ||
	    !mc_name_parse("/O=ACME/CN=CA", &name, &e))
		return false;
	spec.subject = name;
	spec.key = spec.issuer_key = out->key;
	return mc_cert_issue(&spec, &out->cert, &e);
}

static void
ca_free(struct ca *ca)
{
	X509_free(ca->cert);
	EVP_PKEY_free(ca->key);
}

static bool
facts(const struct mc_buf *file, X509 *issuer, enum mc_code want,
    struct mc_crl_facts *out)
{
	struct mc_err e = MC_ERR_INIT;
	bool good = mc_crl_parse(file, issuer, out, &e);

	if (!good)
		printf("# %s\n", e.text);
	return good == (want == MC_OK) && e.code == want &&
	    ERR_peek_error() == 0;
}

static void
read_by_others(void)
{
	AUTO_BUF said = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;
	AUTO_BUF both = MC_BUF_INIT;
	AUTO_BUF ca = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;
	struct mc_crl_facts f = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(tool(&said,
	       "openssl crl -inform DER -in crl.der -CAfile ca.pem "
	       "-noout -text") == 0);
	ok(says(&said, "verify OK"));
	ok(says(&said, "Version 2"));
	ok(says(&said, "X509v3 CRL Number: \n                7"));
	ok(says(&said, "X509v3 Authority Key Identifier"));
	ok(says(&said, "Serial Number: 0A\n"));
	ok(says(&said, "Key Compromise"));
	ok(says(&said, "Privilege Withdrawn"));
	ok(!strstr(mc_buf_str(&said), "Unspecified"));
	ok(tool(&said, "certtool --crl-info --inder --infile crl.der") == 0);
	ok(says(&said, "Version: 2") &&
	    says(&said, "Revoked certificates (3)"));
	ok(says(&said, "CRL Number (not critical): 07"));
	ok(tool(&said, "openssl crl -inform DER -in crl.der -out crl.pem") ==
	    0);
	ok(tool(&said,
	       "certtool --verify-crl --load-ca-certificate "
	       "ca.pem --infile crl.pem") == 0);
	ok(says(&said, "Verified"));
	ok(mc_file_load("crl.pem", &pem, &e));
	ok(mc_pem_cert_load("ca.pem", &cert, &e));
	ok(facts(&pem, cert, MC_OK, &f) && f.entries == 3);
	ok(tool(&said, "cat crl.pem crl.pem > both.pem") == 0);
	ok(mc_file_load("both.pem", &both, &e));
	ok(facts(&both, cert, MC_MALFORMED, &f));
	ok(mc_file_load("ca.pem", &ca, &e));
	ok(facts(&ca, cert, MC_MALFORMED, &f));
}

static void
round_trip(enum mc_key_kind kind)
{
	struct ca ca = { NULL, NULL };
	struct ca other = { NULL, NULL };
	AUTO(mc_crl_draft) *d = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_crl_facts f = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(ca_new(kind, KU_KEY_CERT_SIGN | KU_CRL_SIGN, &ca));
	ok(ca_new(kind, 0, &other));
	ok(mc_crl_new(ca.cert, 7, now, now + 3600, &d, &e));
	ok(mc_crl_add(
	    d, "7F00000000000000000000000000000000000001", now - 9, 9, &e));
	ok(mc_crl_add(d, "0A", now - 5, 0, &e));
	ok(mc_crl_add(d, "00ff", now - 7, 1, &e));
	ok(!mc_crl_sign(d, other.key, &der, &e) && e.code == MC_USAGE);
	ok(der.len == 0);
	ok(mc_crl_sign(d, ca.key, &der, &e));
	ok(facts(&der, ca.cert, MC_OK, &f));
	ok(f.number == 7 && f.this_update == now &&
	    f.next_update == now + 3600 && f.entries == 3);
	/* the same name, another key */
	ok(facts(&der, other.cert, MC_ALTERED, &f));
	ok(save("crl.der", &der) && save_cert("ca.pem", ca.cert));
	read_by_others();
	der.data[der.len / 2] ^= 1;
	ok(!facts(&der, ca.cert, MC_OK, &f));
	der.data[der.len / 2] ^= 1;
	ok(mc_buf_add(&der, "", 1, &e) &&
	    facts(&der, ca.cert, MC_MALFORMED, &f));
	der.len -= 2;
	ok(facts(&der, ca.cert, MC_MALFORMED, &f));
	der.len = 0;
	ok(facts(&der, ca.cert, MC_MALFORMED, &f));
	ca_free(&ca);
	ca_free(&other);
}

static void
refusals(const struct ca *ca)
{
	struct ca mute = { NULL, NULL };
	AUTO(mc_crl_draft) *d = NULL;
	AUTO(mc_crl_draft) *none = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	static const char *const bad[] = { "", "-", "A", "0G", "0x01", " 01",
		"01 ", "000102030405060708090A0B0C0D0E0F1011121314" };
	struct mc_err e = MC_ERR_INIT;

	ok(!mc_crl_new(ca->cert, -1, now, now + 1, &none, &e) &&
	    e.code == MC_USAGE);
	ok(!mc_crl_new(ca->cert, 1, now, now, &none, &e) && e.code == MC_USAGE);
	ok(ca_new(MC_KEY_P256, KU_KEY_CERT_SIGN, &mute));
	ok(!mc_crl_new(mute.cert, 1, now, now + 1, &none, &e) &&
	    e.code == MC_USAGE && !none);
	ok(mc_crl_new(ca->cert, 1, now, now + 1, &d, &e));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!mc_crl_add(d, bad[i], now, 1, &e) &&
		    e.code == MC_MALFORMED);
	ok(!mc_crl_add(d, "01", now, 7, &e) && e.code == MC_USAGE);
	ok(!mc_crl_add(d, "01", now, 8, &e) && e.code == MC_USAGE);
	ok(!mc_crl_add(d, "01", now, 11, &e) &&
	    !mc_crl_add(d, "01", now, -1, &e));
	ok(mc_crl_add(d, "01", now, 1, &e) && mc_crl_add(d, "02", now, 1, &e) &&
	    mc_crl_add(d, "0001", now, 1, &e));
	ok(!mc_crl_sign(d, ca->key, &der, &e) && e.code == MC_INTERNAL);
	ok(der.len == 0 && ERR_peek_error() == 0);
	ca_free(&mute);
}

/* Nothing revoked is no revokedCertificates at all (RFC 5280, 5.1.2.6). */
static void
empty(const struct ca *ca)
{
	AUTO(mc_crl_draft) *d = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF said = MC_BUF_INIT;
	struct mc_crl_facts f = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_crl_new(ca->cert, INT64_C(1) << 40, now, now + 3600, &d, &e) &&
	    mc_crl_sign(d, ca->key, &der, &e));
	ok(facts(&der, ca->cert, MC_OK, &f) && f.entries == 0 &&
	    f.number == INT64_C(1) << 40);
	ok(save("none.der", &der));
	ok(tool(&said, "openssl crl -inform DER -in none.der -noout -text") ==
	    0);
	ok(says(&said, "No Revoked Certificates"));
}

static int
tag_of(const ASN1_TIME *t)
{
	return ASN1_STRING_type(t);
}

/* RFC 5280 section 5.1.2.4: as a certificate's. */
static void
year_2050(const struct ca *ca)
{
	const int64_t y2050 = INT64_C(2524608000);
	AUTO(mc_crl_draft) *d = NULL;
	AUTO(X509_CRL) *crl = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	const unsigned char *p;
	struct mc_crl_facts f = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_crl_new(ca->cert, 1, y2050 - 1, y2050, &d, &e) &&
	    mc_crl_sign(d, ca->key, &der, &e));
	p = der.data;
	crl = d2i_X509_CRL(NULL, &p, (long)der.len);
	ok(crl && tag_of(X509_CRL_get0_lastUpdate(crl)) == V_ASN1_UTCTIME);
	ok(crl &&
	    tag_of(X509_CRL_get0_nextUpdate(crl)) == V_ASN1_GENERALIZEDTIME);
	ok(facts(&der, ca->cert, MC_OK, &f) && f.next_update == y2050);
}

static void
many(const struct ca *ca)
{
	AUTO(mc_crl_draft) *d = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF said = MC_BUF_INIT;
	AUTO_BUF tight = { .limit = 100000 };
	struct mc_crl_facts f = { 0 };
	struct mc_err e = MC_ERR_INIT;
	int64_t from = mc_time_ms();
	char serial[MC_SERIAL_TEXT];
	bool all = true;

	ok(mc_crl_new(ca->cert, 1, now, now + 3600, &d, &e));
	for (uint32_t i = 0; i < MANY; i++) {
		/* in no order */
		snprintf(serial, sizeof(serial), "%08X%024X",
		    0x40000000U | (i * 2654435761U & 0x3fffffffU), i);
		all = all && mc_crl_add(d, serial, now - i, i % 6, &e);
	}
	ok(all && mc_crl_sign(d, ca->key, &der, &e));
	printf("# %d entries: %zu bytes, %lld ms\n", MANY, der.len,
	    (long long)(mc_time_ms() - from));
	ok(facts(&der, ca->cert, MC_OK, &f) && f.entries == MANY);
	ok(save("many.der", &der));
	ok(tool(&said,
	       "openssl crl -inform DER -in many.der -noout -text | "
	       "sed -n 's/.*Serial Number: //p' > serials; "
	       "wc -l < serials; LC_ALL=C sort -c serials && "
	       "echo sorted") == 0);
	ok(says(&said, "100000") && says(&said, "sorted"));
	ok(!mc_crl_sign(d, ca->key, &tight, &e) && tight.len == 0);
	printf("# %s\n", e.text);
}

static void
reasons(void)
{
	static const char all[] = MC_CRL_REASONS;
	char name[40];

	for (const char *p = all; *p; p += strcspn(p, "|"), p += *p == '|') {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(p, "|"), p);
		ok(mc_crl_reason_find(name) >= 0 &&
		    strcmp(mc_crl_reason_name(mc_crl_reason_find(name)),
			name) == 0);
	}
	ok(mc_crl_reason_find("keyCompromise") == 1);
	ok(mc_crl_reason_find("privilegeWithdrawn") == 9);
	ok(mc_crl_reason_find("keycompromise") == -1);
	ok(mc_crl_reason_find("") == -1);
	ok(!mc_crl_reason_name(7) && !mc_crl_reason_name(-1) &&
	    !mc_crl_reason_name(11) && !mc_crl_reason_name(INT64_MIN));
}

int
main(void)
{
	struct ca ca = { NULL, NULL };

	tool_init();
	now = mc_time_now();
	round_trip(MC_KEY_RSA);
	round_trip(MC_KEY_P256);
	round_trip(MC_KEY_P384);
	ok(ca_new(MC_KEY_P256, KU_CRL_SIGN | KU_KEY_CERT_SIGN, &ca));
	refusals(&ca);
	empty(&ca);
	year_2050(&ca);
	many(&ca);
	reasons();
	ca_free(&ca);
	tool_done();
	return done();
}

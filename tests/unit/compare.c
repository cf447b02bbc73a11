/* SPDX-License-Identifier: ISC */
/* A finished certificate that differs from what was decided, in each way. */
#include "ca/job.h"

#include "crypto/name.h"
#include "tap.h"

static EVP_PKEY *ca_key, *key, *other;
static X509 *ca_cert, *other_cert;
static const uint8_t serial[16] = { 0x41, 2, 3 };
static const char names[] = "dns:a.example.com,email:a@example.com";

static const char *const eku[] = { "clientAuth", "1.3.6.1.5.5.7.3.17", NULL };
static const char *const eku_less[] = { "clientAuth", NULL };
static const char *const eku_turned[] = { "1.3.6.1.5.5.7.3.17", "clientAuth",
	NULL };
static const char *const urls[] = { "http://a.example/x", "http://b.example/x",
	NULL };
static const char *const one[] = { "http://a.example/x", NULL };

static X509_NAME *
name(const char *text)
{
	struct mc_err e = MC_ERR_INIT;
	X509_NAME *out = NULL;

	return mc_name_parse(text, &out, &e) ? out : NULL;
}

static GENERAL_NAMES *
alt(const char *text)
{
	struct mc_err e = MC_ERR_INIT;
	GENERAL_NAMES *out = NULL;

	return mc_names_parse(text, &out, &e) ? out : NULL;
}

/* Make it of the one, compare it with the other; "" for no difference. */
static const char *
differs(const struct mc_cert_spec *made, const struct mc_cert_spec *decided,
    const char *text)
{
	static struct mc_err e;
	AUTO(X509) *cert = NULL;
	AUTO_BUF der = MC_BUF_INIT;

	e = (struct mc_err)MC_ERR_INIT;
	if (!mc_cert_issue(made, &cert, &e) || !mc_cert_encode(cert, &der, &e))
		return e.text;
	if (mc_job_compare(&der, decided, text, &e))
		return "";
	ok(e.code == MC_INTERNAL);
	return strrchr(e.text, ':') ? strrchr(e.text, ':') + 2 : e.text;
}

#define IS(what) ok(strcmp(differs(&made, &want, names), what) == 0)
#define BOTH(field, value, what)                                               \
	do {                                                                   \
		struct mc_cert_spec made = want;                               \
                                                                               \
		made.field = value;                                            \
		IS(what);                                                      \
	} while (0)

static void
values(const struct mc_cert_spec *decided)
{
	const struct mc_cert_spec want = *decided;
	static const uint8_t next[16] = { 0x41, 2, 4 };
	AUTO(X509_NAME) *lower = name("/O=acme/CN=Alice");
	AUTO(X509_NAME) *empty = X509_NAME_new();
	AUTO(GENERAL_NAMES) *fewer = alt("dns:a.example.com");
	AUTO(GENERAL_NAMES) *turned = alt(
	    "email:a@example.com,dns:a.example.com");

	BOTH(ca, false, "");
	BOTH(serial, next, "version, serial number or issuer");
	BOTH(subject, lower, "subject");
	BOTH(subject, empty, "subject");
	BOTH(key, other, "key");
	BOTH(not_before, want.not_before + 1, "validity");
	BOTH(not_after, want.not_after - 1, "validity");
	BOTH(ca, true, "basicConstraints");
	BOTH(key_usage, KU_DIGITAL_SIGNATURE, "keyUsage");
	BOTH(key_usage, want.key_usage | KU_KEY_CERT_SIGN, "keyUsage");
	BOTH(key_usage, 0, "keyUsage");
	BOTH(eku, eku_less, "extKeyUsage");
	BOTH(eku, eku_turned, "extKeyUsage");
	BOTH(eku, NULL, "extKeyUsage");
	BOTH(names, fewer, "subjectAltName");
	BOTH(names, turned, "subjectAltName");
	BOTH(names, NULL, "subjectAltName");
	BOTH(crl_urls, one, "cRLDistributionPoints");
	BOTH(crl_urls, NULL, "cRLDistributionPoints");
	BOTH(ocsp_urls, urls, "authorityInfoAccess");
	BOTH(ocsp_urls, NULL, "authorityInfoAccess");
	BOTH(issuer_urls, NULL, "authorityInfoAccess");
	BOTH(ocsp_nocheck, true, "an extension");
}

/* What is there although nobody has decided that it should. */
static void
additions(const struct mc_cert_spec *more)
{
	struct mc_cert_spec want = *more;

	want.key_usage = 0;
	ok(strcmp(differs(more, &want, names), "keyUsage") == 0);
	want = *more;
	want.eku = NULL;
	ok(strcmp(differs(more, &want, names), "extKeyUsage") == 0);
	want = *more;
	ok(strcmp(differs(more, &want, NULL), "subjectAltName") == 0);
	want.crl_urls = NULL;
	ok(strcmp(differs(more, &want, names), "cRLDistributionPoints") == 0);
	want = *more;
	want.ocsp_urls = want.issuer_urls = NULL;
	ok(strcmp(differs(more, &want, names), "authorityInfoAccess") == 0);
}

/* Another issuer of the same name has signed it. */
static void
issuers(const struct mc_cert_spec *decided)
{
	const struct mc_cert_spec want = *decided;
	struct mc_cert_spec made = want;

	made.issuer = other_cert;
	made.issuer_key = other;
	IS("version, serial number or issuer");
}

static X509 *
self_signed(EVP_PKEY *by)
{
	AUTO(X509_NAME) *subject = name("/CN=CA");
	struct mc_err e = MC_ERR_INIT;
	X509 *out = NULL;
	struct mc_cert_spec spec = { .subject = subject,
		.key = by,
		.issuer_key = by,
		.not_before = 1000000000,
		.not_after = 2000000000,
		.ca = true,
		.path_len = -1,
		.key_usage = KU_KEY_CERT_SIGN };

	return mc_cert_issue(&spec, &out, &e) ? out : NULL;
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_NAME) *subject = name("/O=ACME/CN=Alice");
	AUTO(GENERAL_NAMES) *wanted = alt(names);
	struct mc_cert_spec spec = { .subject = subject,
		.serial = serial,
		.not_before = 1100000000,
		.not_after = 1200000000,
		.path_len = -1,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
		.eku = eku,
		.names = wanted,
		.crl_urls = urls,
		.ocsp_urls = one,
		.issuer_urls = one };

	ok(mc_key_new(MC_KEY_P256, 0, &ca_key, &e) &&
	    mc_key_new(MC_KEY_P256, 0, &other, &e) &&
	    mc_key_new(MC_KEY_RSA, 2048, &key, &e));
	ca_cert = self_signed(ca_key);
	other_cert = self_signed(other);
	ok(ca_cert && other_cert && subject && wanted);
	spec.key = key;
	spec.issuer = ca_cert;
	spec.issuer_key = ca_key;
	values(&spec);
	additions(&spec);
	issuers(&spec);
	X509_free(ca_cert);
	X509_free(other_cert);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(other);
	EVP_PKEY_free(key);
	ok(ERR_peek_error() == 0);
	return done();
}

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/fd.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/cms.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "crypto/trust.h"
#include "tap.h"

static const char *
vector(const char *name, char path[static 256])
{
	const char *src = getenv("SRC");

	snprintf(path, 256, "%s/tests/vectors/%s", src ? src : ".", name);
	return path;
}

/* The whole of a device's answer, as the verify stage does it. */
static enum mc_code
check(const struct mc_trust *t, const struct mc_buf *msg, struct mc_buf *out)
{
	AUTO(mc_signed) *s = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (mc_signed_parse(msg, MC_GATE_STRICT, mc_trust_certs(t), &s, &e) &&
	    mc_trust_check(
		t, mc_signed_signer(s), mc_signed_bag(s), 0, NULL, &e) &&
	    mc_signed_content(s, out, &e))
		return MC_OK;
	return e.code;
}

static enum mc_code
check_vector(const struct mc_trust *t, const char *name, size_t *len)
{
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	enum mc_code code;
	char path[256];

	if (!mc_file_load(vector(name, path), &msg, &e))
		return MC_INTERNAL;
	code = check(t, &msg, &out);
	*len = out.len;
	return code;
}

static void
vectors(void)
{
	static const struct {
		const char *name;
		enum mc_code code;
	} want[] = {
		{ "good-ios6.p7", MC_OK },
		{ "good-macos13-no-attrs.p7", MC_OK },
		{ "good-leaf-only.p7", MC_OK },
		{ "good-sha256.p7", MC_OK },
		{ "good-extra-certificate.p7", MC_OK },
		{ "bad-swapped-body.p7", MC_ALTERED },
		{ "bad-signature.p7", MC_ALTERED },
		{ "bad-forged-issuer.p7", MC_UNTRUSTED },
		{ "bad-forged-beside-real-ca.p7", MC_UNTRUSTED },
		{ "bad-two-signers.p7", MC_MALFORMED },
		{ "bad-no-signer.p7", MC_MALFORMED },
		{ "bad-attributes-as-content.p7", MC_MALFORMED },
		{ "bad-two-digests.p7", MC_MALFORMED },
		{ "bad-no-digest.p7", MC_MALFORMED },
		{ "bad-trailing-byte.p7", MC_MALFORMED },
		{ "bad-truncated.p7", MC_MALFORMED },
		{ "good-ios6.plist", MC_UNSIGNED },
	};
	AUTO(mc_trust) *t = NULL;
	struct mc_err e = MC_ERR_INIT;
	char path[256];
	size_t len = 0;

	ok(mc_trust_new(&t, &e));
	ok(mc_trust_device_load(t, vector(".", path), &e));
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		printf("# %s\n", want[i].name);
		ok(check_vector(t, want[i].name, &len) == want[i].code);
		ok((len > 0) == (want[i].code == MC_OK));
	}
}

/* A key and a self-signed certificate. */
static bool
identity(const char *subject, EVP_PKEY **key, X509 **cert)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec spec = {
		.not_before = 1700000000,
		.not_after = 4000000000,
	};

	if (!mc_key_new_rsa(2048, key, &e) ||
	    !mc_name_parse(subject, &name, &e))
		return false;
	spec.subject = name;
	spec.key = *key;
	spec.issuer_key = *key;
	return mc_cert_issue(&spec, cert, &e);
}

static void
round_trip(EVP_PKEY *key, X509 *cert)
{
	static const char nonce[] = "\0\1\2\3";
	const struct mc_cms_attr attrs[] = {
		{ "2.16.840.1.113733.1.9.2", V_ASN1_PRINTABLESTRING, "19", 2 },
		{ "2.16.840.1.113733.1.9.5", V_ASN1_OCTET_STRING, nonce, 4 },
		{ 0 },
	};
	struct mc_cms_sign_spec spec = {
		.cert = cert,
		.key = key,
		.attrs = attrs,
	};
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	AUTO_BUF value = MC_BUF_INIT;
	AUTO(mc_signed) *s = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool found = false;
	int64_t when = 0;

	mc_time_set(1800000000);
	ok(mc_buf_puts(&in, "a\nb\r\n", &e));
	ok(mc_cms_sign(&spec, &in, &der, &e));
	mc_time_set(0);
	ok(mc_signed_parse(&der, MC_GATE_STRICT, NULL, &s, &e));
	ok(mc_signed_content(s, &out, &e));
	ok(out.len == in.len && memcmp(out.data, in.data, in.len) == 0);
	ok(mc_signed_time(s, &when) && when == 1800000000);
	ok(strcmp(mc_signed_digest(s), "SHA256") == 0);
	ok(mc_signed_attr(
	       s, attrs[0].oid, V_ASN1_PRINTABLESTRING, &value, &found, &e) &&
	    found && mc_buf_is(&value, "19"));
	ok(!mc_signed_attr(
	       s, attrs[0].oid, V_ASN1_OCTET_STRING, &value, &found, &e) &&
	    e.code == MC_MALFORMED);
	mc_buf_clear(&value);
	ok(mc_signed_attr(
	       s, attrs[1].oid, V_ASN1_OCTET_STRING, &value, &found, &e) &&
	    value.len == 4 && memcmp(value.data, nonce, 4) == 0);
	ok(mc_signed_attr(s, "2.16.840.1.113733.1.9.7", V_ASN1_PRINTABLESTRING,
	       &value, &found, &e) &&
	    !found);
}

static void
no_content(EVP_PKEY *key, X509 *cert)
{
	struct mc_cms_sign_spec spec = {
		.cert = cert,
		.key = key,
		.no_content = true,
	};
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	AUTO(mc_signed) *s = NULL;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_cms_sign(&spec, &in, &der, &e));
	ok(mc_signed_parse(&der, MC_GATE_STRICT, NULL, &s, &e));
	ok(!mc_signed_has_content(s));
	ok(mc_signed_content(s, &out, &e) && out.len == 0);
}

/* A detached message of content, with these flags more. */
static bool
detach(EVP_PKEY *key, X509 *cert, const struct mc_buf *content, unsigned flags,
    struct mc_buf *der)
{
	AUTO(BIO) *in = mc_bio_view(content);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_sign(
	    cert, key, NULL, in, CMS_BINARY | CMS_DETACHED | flags);
	struct mc_err e = MC_ERR_INIT;

	return cms && i2d_CMS_bio(out, cms) == 1 && mc_bio_drain(out, der, &e);
}

static enum mc_code
judge_detached(const struct mc_buf *der, const struct mc_buf *content)
{
	AUTO(mc_signed) *s = NULL;
	struct mc_err e = MC_ERR_INIT;

	return mc_signed_parse(der, MC_GATE_FILE, NULL, &s, &e) &&
		mc_signed_detached_check(s, content, &e)
	    ? MC_OK
	    : e.code;
}

static void
detached(EVP_PKEY *key, X509 *cert)
{
	struct mc_buf good = { .data = (uint8_t[]){ "a\nb" }, .len = 3 };
	struct mc_buf other = { .data = (uint8_t[]){ "a\nc" }, .len = 3 };
	struct mc_buf set = { .data = (uint8_t[]){ "1\0" }, .len = 2 };
	struct mc_buf nothing = MC_BUF_INIT;
	struct mc_cms_sign_spec spec = { .cert = cert, .key = key };
	struct mc_err e = MC_ERR_INIT;

	for (unsigned flags = 0; flags <= CMS_NOATTR; flags += CMS_NOATTR) {
		AUTO_BUF der = MC_BUF_INIT;
		AUTO_BUF empty = MC_BUF_INIT;
		AUTO_BUF attrs = MC_BUF_INIT;

		ok(detach(key, cert, &good, flags, &der));
		ok(judge_detached(&der, &good) == MC_OK);
		ok(judge_detached(&der, &other) == MC_ALTERED);
		ok(judge_detached(&der, &nothing) == MC_ALTERED);
		ok(detach(key, cert, &nothing, flags, &empty));
		ok(judge_detached(&empty, &nothing) == MC_OK);
		ok(judge_detached(&empty, &good) == MC_ALTERED);
		/* what may be another message's attributes proves nothing */
		ok(detach(key, cert, &set, flags, &attrs));
		ok(judge_detached(&attrs, &set) ==
		    (flags ? MC_MALFORMED : MC_OK));
	}
	{
		AUTO_BUF der = MC_BUF_INIT;

		ok(mc_cms_sign(&spec, &good, &der, &e));
		ok(judge_detached(&der, &good) == MC_MALFORMED);
	}
}

static void
no_certs(EVP_PKEY *key, X509 *cert, X509 *other)
{
	AUTO(mc_certs_lent) *chain = sk_X509_new_null();
	AUTO(BIO) *in = BIO_new_mem_buf("text", 4);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_sign(
	    cert, key, NULL, in, CMS_BINARY | CMS_NOCERTS);
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_signed) *s = NULL;
	struct mc_err e = MC_ERR_INIT;

	ok(cms && i2d_CMS_bio(out, cms) == 1 && mc_bio_drain(out, &der, &e));
	ok(!mc_signed_parse(&der, MC_GATE_STRICT, NULL, &s, &e) &&
	    e.code == MC_UNTRUSTED);
	ok(sk_X509_push(chain, other) == 1 && sk_X509_push(chain, cert) == 2);
	ok(mc_signed_parse(&der, MC_GATE_STRICT, chain, &s, &e));
	ok(X509_cmp(mc_signed_signer(s), cert) == 0);
}

static void
certs_only(X509 *cert, X509 *other)
{
	AUTO(mc_certs_lent) *in = sk_X509_new_null();
	AUTO(mc_certs) *out = sk_X509_new_null();
	AUTO(mc_signed) *s = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(sk_X509_push(in, cert) == 1 && sk_X509_push(in, other) == 2);
	ok(mc_cms_certs_encode(in, &der, &e));
	ok(mc_cms_certs_parse(&der, out, &e) && sk_X509_num(out) == 2);
	ok(!mc_signed_parse(&der, MC_GATE_FILE, NULL, &s, &e) &&
	    e.code == MC_MALFORMED);
	der.len--;
	ok(!mc_cms_certs_parse(&der, out, &e) && e.code == MC_MALFORMED);
}

/* One flipped bit in any byte never gives other content. */
static void
flipped_bits(EVP_PKEY *key, X509 *cert)
{
	struct mc_cms_sign_spec spec = { .cert = cert, .key = key };
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	size_t other = 0;

	ok(mc_buf_puts(&in, "the content", &e) &&
	    mc_cms_sign(&spec, &in, &der, &e));
	for (size_t i = 0; i < der.len; i++) {
		AUTO_BUF out = MC_BUF_INIT;
		AUTO(mc_signed) *s = NULL;

		der.data[i] ^= (uint8_t)(1 << i % 8);
		if (mc_signed_parse(&der, MC_GATE_STRICT, NULL, &s, &e) &&
		    mc_signed_content(s, &out, &e))
			other += !mc_buf_is(&out, "the content");
		else
			other += out.len;
		der.data[i] ^= (uint8_t)(1 << i % 8);
	}
	ok(other == 0);
}

int
main(void)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(EVP_PKEY) *key2 = NULL;
	AUTO(X509) *cert = NULL;
	AUTO(X509) *cert2 = NULL;

	vectors();
	ok(identity("/CN=one", &key, &cert));
	ok(identity("/CN=two", &key2, &cert2));
	round_trip(key, cert);
	no_content(key, cert);
	detached(key, cert);
	no_certs(key, cert, cert2);
	certs_only(cert, cert2);
	flipped_bits(key, cert);
	return done();
}

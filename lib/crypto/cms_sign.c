/* SPDX-License-Identifier: ISC */
#include "crypto/cms.h"

#include <limits.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/weak.h"

/*
 * Without CMS_BINARY the content is "canonicalised": LF becomes CRLF.  PARTIAL
 * leaves time to add attributes before CMS_final() signs them.
 */
#define SIGN_FLAGS (CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP)

static bool
encode(CMS_ContentInfo *cms, struct mc_buf *der, struct mc_err *e)
{
	unsigned char *p = NULL;

	return mc_der_take(
	    &p, i2d_CMS_ContentInfo(cms, &p), "CMS to DER", der, e);
}

static bool
attr_add(CMS_SignerInfo *si, const char *oid, int type, const void *data,
    size_t len, struct mc_err *e)
{
	AUTO(ASN1_OBJECT) *obj = OBJ_txt2obj(oid, 1);

	if (!obj || len > INT_MAX ||
	    CMS_signed_add1_attr_by_OBJ(si, obj, type, data, (int)len) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, oid);
	return true;
}

/* Our clock, not libcrypto's: there is one clock in the house. */
static bool
time_add(CMS_SignerInfo *si, int64_t at, struct mc_err *e)
{
	AUTO(ASN1_TIME) *t = ASN1_TIME_set(
	    NULL, (time_t)(at ? at : mc_time_now()));

	if (!t)
		return mc_fail_memory(e);
	return attr_add(si, MC_OID_SIGNING_TIME, ASN1_STRING_type(t),
	    ASN1_STRING_get0_data(t), (size_t)ASN1_STRING_length(t), e);
}

/* libcrypto refuses a certificate that is there already. */
static bool
bag_add(
    CMS_ContentInfo *cms, const struct mc_cms_sign_spec *spec, struct mc_err *e)
{
	for (int i = 0; i < sk_X509_num(spec->chain); i++) {
		X509 *cert = sk_X509_value(spec->chain, i);
		bool twice = X509_cmp(cert, spec->cert) == 0;

		for (int j = 0; !twice && j < i; j++)
			twice = X509_cmp(cert, sk_X509_value(spec->chain, j)) ==
			    0;
		if (!twice && CMS_add1_cert(cms, cert) != 1)
			return mc_fail_ossl(e, MC_INTERNAL, "certificate bag");
	}
	return true;
}

static const char *
digest_name(const struct mc_cms_sign_spec *spec)
{
	const EVP_MD *md = spec->md ? NULL : mc_sign_md(spec->key);

	if (spec->md)
		return spec->md;
	return md ? EVP_MD_get0_name(md) : "SHA256";
}

/* libcrypto says rsaEncryption even for a key that cannot sign so. */
static bool
pss_set(CMS_SignerInfo *si)
{
	EVP_PKEY_CTX *ctx = CMS_SignerInfo_get0_pkey_ctx(si);

	return ctx &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static bool
signer_add(CMS_ContentInfo *cms, OSSL_LIB_CTX *ctx,
    const struct mc_cms_sign_spec *spec, struct mc_err *e)
{
	const char *name = digest_name(spec);
	AUTO(EVP_MD) *md = EVP_MD_fetch(ctx, name, NULL);
	bool pss = EVP_PKEY_is_a(spec->key, "RSA-PSS");
	unsigned flags = SIGN_FLAGS | (pss ? CMS_KEY_PARAM : 0);
	CMS_SignerInfo *si;

	if (!md) {
		ERR_clear_error();
		return mc_fail(e, MC_USAGE, "%s: no such digest", name);
	}
	si = CMS_add1_signer(cms, spec->cert, spec->key, md, flags);
	if (!si || (pss && !pss_set(si)))
		return mc_fail_ossl(e, MC_INTERNAL, "CMS signer");
	for (const struct mc_cms_attr *a = spec->attrs; a && a->oid; a++)
		if (!attr_add(si, a->oid, a->type, a->data, a->len, e))
			return false;
	return time_add(si, spec->at, e);
}

bool
mc_cms_sign(const struct mc_cms_sign_spec *spec, const struct mc_buf *content,
    struct mc_buf *der, struct mc_err *e)
{
	static const struct mc_buf nothing = MC_BUF_INIT;
	unsigned flags = SIGN_FLAGS |
	    (spec->no_content || spec->detach ? CMS_DETACHED : 0);
	OSSL_LIB_CTX *ctx = NULL;
	AUTO(CMS_ContentInfo) *cms = NULL;
	AUTO(BIO) *in = mc_bio_view(spec->no_content ? &nothing : content);

	if (!in)
		return mc_fail_memory(e);
	if (!mc_key_equal(X509_get0_pubkey(spec->cert), spec->key))
		return mc_fail(e, MC_USAGE, "the key is not the certificate's");
	if (strcmp(digest_name(spec), "MD5") == 0 && !mc_weak_get(&ctx, e))
		return false;
	cms = CMS_sign_ex(NULL, NULL, NULL, NULL, flags, ctx, NULL);
	if (!cms)
		return mc_fail_ossl(e, MC_INTERNAL, "CMS");
	if (!signer_add(cms, ctx, spec, e) || !bag_add(cms, spec, e))
		return false;
	if (CMS_final(cms, in, NULL, flags) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "signing");
	return encode(cms, der, e);
}

/* An element with this first octet around a body. */
static bool
element_add(
    struct mc_buf *to, uint8_t tag, const struct mc_buf *body, struct mc_err *e)
{
	uint8_t head[4] = { tag };
	size_t n = 1;

	if (body->len > UINT16_MAX)
		return mc_fail(e, MC_INTERNAL, "certificate bag: too long");
	if (body->len > 0xff)
		head[n++] = 0x82;
	else if (body->len > 0x7f)
		head[n++] = 0x81;
	if (body->len > 0xff)
		head[n++] = (uint8_t)(body->len >> 8);
	head[n++] = (uint8_t)body->len;
	return mc_buf_add(to, head, n, e) &&
	    mc_buf_add(to, body->data, body->len, e);
}

/*
 * By hand: DER sorts the elements of a SET OF, as libcrypto does, and clients
 * take the first certificate for the one that they want.  BER leaves them as
 * they are (RFC 5652 section 5.1 asks for no more than that).  eContent is
 * absent, not empty (section 5.2).
 */
bool
mc_cms_certs_encode(const mc_certs *certs, struct mc_buf *der, struct mc_err *e)
{
	static const uint8_t before[] = { 0x02, 0x01, 0x01, 0x31, 0x00, 0x30,
		0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
		0x07, 0x01 };
	static const uint8_t signers[] = { 0x31, 0x00 };
	static const uint8_t type[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
		0xf7, 0x0d, 0x01, 0x07, 0x02 };
	AUTO_BUF bag = MC_BUF_INIT;
	AUTO_BUF fields = MC_BUF_INIT;
	AUTO_BUF data = MC_BUF_INIT;
	AUTO_BUF info = MC_BUF_INIT;

	for (int i = 0; i < sk_X509_num(certs); i++)
		if (!mc_cert_encode(sk_X509_value(certs, i), &bag, e))
			return false;
	return mc_buf_add(&fields, before, sizeof(before), e) &&
	    element_add(&fields, 0xa0, &bag, e) &&
	    mc_buf_add(&fields, signers, sizeof(signers), e) &&
	    element_add(&data, 0x30, &fields, e) &&
	    mc_buf_add(&info, type, sizeof(type), e) &&
	    element_add(&info, 0xa0, &data, e) &&
	    element_add(der, 0x30, &info, e);
}

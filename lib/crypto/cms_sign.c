/* SPDX-License-Identifier: ISC */
#include "crypto/cms.h"

#include <limits.h>

#include "base/time.h"
#include "crypto/key.h"

/*
 * Without CMS_BINARY the content is "canonicalised": LF becomes CRLF.  PARTIAL
 * leaves time to add attributes before CMS_final() signs them.
 */
#define SIGN_FLAGS (CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP)

static bool
encode(CMS_ContentInfo *cms, struct mc_buf *der, struct mc_err *e)
{
	unsigned char *p = NULL;
	int n = i2d_CMS_ContentInfo(cms, &p);
	bool done;

	if (n <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "CMS to DER");
	done = mc_buf_add(der, p, (size_t)n, e);
	OPENSSL_free(p);
	return done;
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
time_add(CMS_SignerInfo *si, struct mc_err *e)
{
	AUTO(ASN1_TIME) *now = ASN1_TIME_set(NULL, (time_t)mc_time_now());

	if (!now)
		return mc_fail_memory(e);
	return attr_add(si, MC_OID_SIGNING_TIME, ASN1_STRING_type(now),
	    ASN1_STRING_get0_data(now), (size_t)ASN1_STRING_length(now), e);
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

static bool
signer_add(
    CMS_ContentInfo *cms, const struct mc_cms_sign_spec *spec, struct mc_err *e)
{
	const char *name = spec->md ? spec->md : "SHA256";
	AUTO(EVP_MD) *md = EVP_MD_fetch(NULL, name, NULL);
	CMS_SignerInfo *si;

	if (!md) {
		ERR_clear_error();
		return mc_fail(e, MC_USAGE, "%s: no such digest", name);
	}
	si = CMS_add1_signer(cms, spec->cert, spec->key, md, SIGN_FLAGS);
	if (!si)
		return mc_fail_ossl(e, MC_INTERNAL, "CMS signer");
	for (const struct mc_cms_attr *a = spec->attrs; a && a->oid; a++)
		if (!attr_add(si, a->oid, a->type, a->data, a->len, e))
			return false;
	return time_add(si, e);
}

bool
mc_cms_sign(const struct mc_cms_sign_spec *spec, const struct mc_buf *content,
    struct mc_buf *der, struct mc_err *e)
{
	static const struct mc_buf nothing = MC_BUF_INIT;
	unsigned flags = SIGN_FLAGS | (spec->no_content ? CMS_DETACHED : 0);
	AUTO(CMS_ContentInfo) *cms = NULL;
	AUTO(BIO) *in = mc_bio_view(spec->no_content ? &nothing : content);

	if (!in)
		return mc_fail_memory(e);
	if (!mc_key_equal(X509_get0_pubkey(spec->cert), spec->key))
		return mc_fail(e, MC_USAGE, "the key is not the certificate's");
	cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	if (!cms)
		return mc_fail_ossl(e, MC_INTERNAL, "CMS");
	if (!signer_add(cms, spec, e) || !bag_add(cms, spec, e))
		return false;
	if (CMS_final(cms, in, NULL, flags) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "signing");
	return encode(cms, der, e);
}

bool
mc_cms_certs_encode(const mc_certs *certs, struct mc_buf *der, struct mc_err *e)
{
	/* DETACHED: eContent is absent, not empty (RFC 5652 section 5.2) */
	const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_DETACHED;
	AUTO(CMS_ContentInfo) *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);

	if (!cms)
		return mc_fail_ossl(e, MC_INTERNAL, "CMS");
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (CMS_add1_cert(cms, sk_X509_value(certs, i)) != 1)
			return mc_fail_ossl(e, MC_INTERNAL, "certificate bag");
	return encode(cms, der, e);
}

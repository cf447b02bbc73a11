/* SPDX-License-Identifier: ISC */
#include "scep/crl.h"

#include <limits.h>

typedef STACK_OF(X509_CRL) crls;

static inline void
crls_free(crls *sk)
{
	sk_X509_CRL_pop_free(sk, X509_CRL_free);
}
CLEANUP(crls, crls_free);

bool
mc_scep_crl_encode(
    const struct mc_buf *crl, struct mc_buf *der, struct mc_err *e)
{
	/* DETACHED: eContent is absent, not empty (RFC 5652 section 5.2) */
	const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_DETACHED;
	AUTO(CMS_ContentInfo) *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	const unsigned char *p = crl->data;
	AUTO(X509_CRL) *list = NULL;
	unsigned char *out = NULL;

	if (crl->len > 0 && crl->len <= LONG_MAX)
		list = d2i_X509_CRL(NULL, &p, (long)crl->len);
	if (!list || p != crl->data + crl->len) {
		ERR_clear_error();
		return mc_fail(e, MC_INTERNAL, "our own CRL is none");
	}
	if (!cms || CMS_add1_crl(cms, list) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "CMS of a CRL");
	return mc_der_take(
	    &out, i2d_CMS_ContentInfo(cms, &out), "CRL to DER", der, e);
}

bool
mc_scep_crl_parse(
    const struct mc_buf *der, struct mc_buf *crl, struct mc_err *e)
{
	AUTO(mc_certs) *none = sk_X509_new_null();
	AUTO(CMS_ContentInfo) *cms = NULL;
	const unsigned char *p = der->data;
	AUTO(crls) *lists = NULL;
	unsigned char *out = NULL;

	if (!none)
		return mc_fail_memory(e);
	/* our own reader first: it has the limits */
	if (!mc_cms_certs_parse(der, none, e))
		return false;
	cms = d2i_CMS_ContentInfo(NULL, &p, (long)der->len);
	if (cms)
		lists = CMS_get1_crls(cms);
	ERR_clear_error();
	if (!lists || sk_X509_CRL_num(lists) != 1)
		return mc_fail(e, MC_MALFORMED, "want exactly one CRL");
	return mc_der_take(&out,
	    i2d_X509_CRL(sk_X509_CRL_value(lists, 0), &out), "CRL to DER", crl,
	    e);
}

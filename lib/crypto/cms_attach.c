/* SPDX-License-Identifier: ISC */
#include "crypto/cms.h"

#include <limits.h>

#include "crypto/pem.h"

/* A detached signature that fits the content, whoever's it is. */
static bool
fits(const struct mc_buf *der, const struct mc_buf *content, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;

	return mc_signed_parse(der, MC_GATE_FILE, NULL, &s, e) &&
	    mc_signed_detached_check(s, content, e);
}

/*
 * The whole, as whoever verifies it reads it: libcrypto has sorted the
 * attributes, and those of a signer who does not sort them no longer fit.
 */
static bool
whole_check(
    const struct mc_buf *der, const struct mc_buf *content, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;
	AUTO_BUF again = { .limit = MC_SIGNED_LIMIT };
	struct mc_err why = MC_ERR_INIT;

	if (mc_signed_parse(der, MC_GATE_FILE, NULL, &s, &why) &&
	    mc_signed_content(s, &again, &why) && again.len == content->len &&
	    (again.len == 0 ||
		memcmp(again.data, content->data, again.len) == 0))
		return true;
	return mc_fail(e, MC_MALFORMED,
	    "cannot be attached: what is signed of it is not in DER's order");
}

static bool
join(const struct mc_buf *signature, const struct mc_buf *content,
    struct mc_buf *der, struct mc_err *e)
{
	const unsigned char *p = signature->data;
	AUTO(CMS_ContentInfo) *cms = d2i_CMS_ContentInfo(
	    NULL, &p, (long)signature->len);
	ASN1_OCTET_STRING **slot = cms ? CMS_get0_content(cms) : NULL;
	unsigned char *out = NULL;

	if (!slot || *slot)
		return mc_fail_ossl(e, MC_INTERNAL, "detached signature");
	*slot = ASN1_OCTET_STRING_new();
	if (!*slot ||
	    ASN1_OCTET_STRING_set(*slot, content->data, (int)content->len) != 1)
		return mc_fail_memory(e);
	return mc_der_take(
	    &out, i2d_CMS_ContentInfo(cms, &out), "CMS to DER", der, e);
}

bool
mc_cms_attach(const struct mc_buf *signature, const struct mc_buf *content,
    struct mc_buf *der, struct mc_err *e)
{
	AUTO_BUF bare = { .limit = MC_SIGNED_LIMIT };
	AUTO_BUF whole = { .limit = MC_SIGNED_LIMIT };
	const struct mc_buf *in;

	if (signature->len > INT_MAX || content->len > INT_MAX)
		return mc_fail(e, MC_MALFORMED, "too large");
	if (!mc_pem_cms_find(signature, &bare, &in, e))
		return false;
	if (!in)
		return mc_fail(e, MC_MALFORMED, "not a signature");
	return fits(in, content, e) && join(in, content, &whole, e) &&
	    whole_check(&whole, content, e) &&
	    mc_buf_add(der, whole.data, whole.len, e);
}

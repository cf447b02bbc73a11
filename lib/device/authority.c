/* SPDX-License-Identifier: ISC */
#include "device/authority.h"

#include <strings.h>

#include "crypto/cert.h"
#include "crypto/cms.h"
#include "scep/scep.h"

void
mc_authority_clear(struct mc_authority *a)
{
	mc_certs_free(a->all);
	mc_certs_free(a->recipient);
	*a = (struct mc_authority){ 0 };
}

mc_certs *
mc_authority_chain(const struct mc_authority *a, X509 *cert)
{
	AUTO(X509_STORE) *store = X509_STORE_new();
	AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
	mc_certs *chain = NULL;

	if (!store || !ctx || !X509_STORE_add_cert(store, a->ca) ||
	    !X509_STORE_CTX_init(ctx, store, cert, a->all))
		return NULL;
	X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
	if (X509_verify_cert(ctx) == 1)
		chain = X509_STORE_CTX_get1_chain(ctx);
	ERR_clear_error();
	if (chain)
		X509_free(sk_X509_shift(chain));
	return chain;
}

static bool
chains(const struct mc_authority *a, X509 *cert)
{
	AUTO(mc_certs) *chain = mc_authority_chain(a, cert);

	return chain != NULL;
}

/* Apple's documents say MD5 and SHA-1; longer ones are in use too. */
static bool
has_fingerprint(const X509 *cert, const uint8_t *print, size_t len)
{
	const EVP_MD *md = len == 16 ? EVP_md5()
	    : len == 20              ? EVP_sha1()
	    : len == 32              ? EVP_sha256()
				     : EVP_sha512();
	unsigned char got[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	return len == 0 ||
	    (X509_digest(cert, md, got, &n) == 1 && n == len &&
		memcmp(got, print, len) == 0);
}

static bool
may(X509 *cert, unsigned usage)
{
	return (X509_get_key_usage(cert) & usage) == usage;
}

/* The first end-entity certificate that may be used so. */
static X509 *
find_ra(const mc_certs *all, unsigned usage)
{
	for (int i = 0; i < sk_X509_num(all); i++) {
		X509 *cert = sk_X509_value(all, i);

		if (!X509_check_ca(cert) && may(cert, usage))
			return cert;
	}
	return NULL;
}

/* The CA of this fingerprint that both of the RA's certificates chain to. */
static bool
find_ca(
    struct mc_authority *a, X509 *const ra[2], const uint8_t *print, size_t len)
{
	for (int i = 0; i < sk_X509_num(a->all); i++) {
		a->ca = sk_X509_value(a->all, i);
		if (X509_check_ca(a->ca) &&
		    has_fingerprint(a->ca, print, len) && chains(a, ra[0]) &&
		    chains(a, ra[1]))
			return true;
	}
	return false;
}

static bool
choose_recipient(struct mc_authority *a, X509 *cert, struct mc_err *e)
{
	a->recipient = sk_X509_new_null();
	if (!a->recipient)
		return mc_fail_memory(e);
	return mc_certs_add(a->recipient, cert, e);
}

static bool
parse_alone(const struct mc_buf *body, const uint8_t *print, size_t len,
    struct mc_authority *a, struct mc_err *e)
{
	if (!mc_cert_parse(body->data, body->len, &a->ca, e))
		return false;
	if (!sk_X509_push(a->all, a->ca)) {
		X509_free(a->ca);
		return mc_fail_memory(e);
	}
	if (!has_fingerprint(a->ca, print, len))
		return mc_fail(e, MC_UNTRUSTED,
		    "this is not the CA of the payload's CAFingerprint");
	if (!may(a->ca, KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT))
		return mc_fail(e, MC_MALFORMED,
		    "a CA without an RA must be usable for digitalSignature"
		    " and keyEncipherment");
	return choose_recipient(a, a->ca, e);
}

static bool
parse_with_ra(const struct mc_buf *body, const uint8_t *print, size_t len,
    struct mc_authority *a, struct mc_err *e)
{
	X509 *ra[2];

	if (!mc_cms_certs_parse(body, a->all, e))
		return false;
	ra[0] = find_ra(a->all, KU_DIGITAL_SIGNATURE);
	ra[1] = find_ra(a->all, KU_KEY_ENCIPHERMENT);
	if (!ra[0] || !ra[1])
		return mc_fail(e, MC_MALFORMED,
		    "a device wants an RA certificate usable for %s here",
		    ra[0] ? "keyEncipherment" : "digitalSignature");
	if (!find_ca(a, ra, print, len))
		return mc_fail(e, MC_UNTRUSTED,
		    "the RA does not chain to a CA in the same answer%s",
		    len ? " that has the payload's CAFingerprint" : "");
	return choose_recipient(a, ra[1], e);
}

static bool
parse(const char *type, const struct mc_buf *body, const uint8_t *print,
    size_t len, struct mc_authority *a, struct mc_err *e)
{
	a->all = sk_X509_new_null();
	if (!a->all)
		return mc_fail_memory(e);
	if (strcasecmp(type, MC_SCEP_HTTP_CERT) == 0)
		return parse_alone(body, print, len, a, e);
	if (strcasecmp(type, MC_SCEP_HTTP_CERTS) == 0)
		return parse_with_ra(body, print, len, a, e);
	return mc_fail(e, MC_MALFORMED,
	    "Content-Type: a device wants exactly %s or %s, not %s",
	    MC_SCEP_HTTP_CERT, MC_SCEP_HTTP_CERTS,
	    *type ? type : "none at all");
}

bool
mc_authority_parse(const char *type, const struct mc_buf *body,
    const uint8_t *fingerprint, size_t len, struct mc_authority *out,
    struct mc_err *e)
{
	AUTO_AUTHORITY a = { 0 };
	bool done = parse(type, body, fingerprint, len, &a, e);

	/* questions about a broken extension are answered, and leave words */
	ERR_clear_error();
	if (!done)
		return false;
	*out = a;
	a = (struct mc_authority){ 0 };
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "ca/make.h"

#include "crypto/cert.h"
#include "crypto/name.h"
#include "crypto/pem.h"

static bool
self_signed(X509 *cert)
{
	bool self = X509_self_signed(cert, 1) == 1;

	ERR_clear_error();
	return self;
}

/* Where in pool is what has issued cert?  -1: nowhere. */
static int
issuer_at(const mc_certs *pool, X509 *cert)
{
	int at = -1;

	for (int i = 0; at < 0 && i < sk_X509_num(pool); i++) {
		X509 *above = sk_X509_value(pool, i);

		if (X509_check_issued(above, cert) == X509_V_OK &&
		    X509_verify(cert, X509_get0_pubkey(above)) == 1)
			at = i;
	}
	ERR_clear_error();
	return at;
}

/* The same certificate in both files, or the CA's own, is there once. */
static void
drop(mc_certs *pool, const X509 *cert)
{
	for (int i = sk_X509_num(pool); i-- > 0;)
		if (X509_cmp(sk_X509_value(pool, i), cert) == 0)
			X509_free(sk_X509_delete(pool, i));
}

/* Out of pool in order, from what has issued cert up to the root. */
static bool
chain_order(mc_certs *pool, X509 *cert, mc_certs *chain, struct mc_err *e)
{
	char text[MC_NAME_TEXT];
	X509 *below = cert;

	drop(pool, cert);
	while (!self_signed(below)) {
		int at = issuer_at(pool, below);
		X509 *above = at < 0 ? NULL : sk_X509_value(pool, at);

		if (!above)
			break;
		if (sk_X509_num(chain) == MC_CHAIN_MAX)
			return mc_fail(e, MC_USAGE,
			    "a chain of more than %d certificates",
			    MC_CHAIN_MAX);
		if (!mc_certs_add(chain, above, e))
			return false;
		below = above;
		drop(pool, sk_X509_value(chain, sk_X509_num(chain) - 1));
	}
	if (sk_X509_num(pool) > 0)
		return mc_fail(e, MC_USAGE, "%s is not above the CA",
		    mc_name_show(
			X509_get_subject_name(sk_X509_value(pool, 0)), text));
	return true;
}

/* All that RFC 5280 section 6 asks, with what is on top as the anchor. */
static bool
path_check(X509 *cert, mc_certs *chain, int64_t now, struct mc_err *e)
{
	AUTO(X509_STORE) *anchors = X509_STORE_new();
	AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
	X509 *top = sk_X509_num(chain) > 0
	    ? sk_X509_value(chain, sk_X509_num(chain) - 1)
	    : cert;
	char text[MC_NAME_TEXT];
	int why;

	if (!anchors || !ctx || X509_STORE_add_cert(anchors, top) != 1 ||
	    X509_STORE_CTX_init(ctx, anchors, cert, chain) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "chain");
	X509_STORE_CTX_set_flags(
	    ctx, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE);
	X509_STORE_CTX_set_time(ctx, 0, (time_t)now);
	if (X509_verify_cert(ctx) == 1)
		return true;
	ERR_clear_error();
	why = X509_STORE_CTX_get_error(ctx);
	cert = X509_STORE_CTX_get_current_cert(ctx);
	return mc_fail(e,
	    why == X509_V_ERR_CERT_HAS_EXPIRED ||
		    why == X509_V_ERR_CERT_NOT_YET_VALID
		? MC_OUTOFDATE
		: MC_USAGE,
	    "%s: %s",
	    cert ? mc_name_show(X509_get_subject_name(cert), text) : "chain",
	    X509_verify_cert_error_string(why));
}

/* What OpenSSL does not ask of the last one: that it may be a CA, and issue. */
static bool
path_len_check(const mc_certs *chain, struct mc_err *e)
{
	char text[MC_NAME_TEXT];

	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *above = sk_X509_value(chain, i);
		long len = X509_get_pathlen(above);

		ERR_clear_error();
		if (len >= 0 && len < i + 1)
			return mc_fail(e, MC_USAGE,
			    "%s: allows %ld CAs below it, and this is number "
			    "%d",
			    mc_name_show(X509_get_subject_name(above), text),
			    len, i + 1);
	}
	return true;
}

static bool
chain_make(const struct mc_ca_spec *spec, mc_certs *pool, struct mc_ca *ca,
    struct mc_err *e)
{
	ca->chain = sk_X509_new_null();
	if (!ca->chain)
		return mc_fail_memory(e);
	return (!spec->ca_chain ||
		   mc_pem_certs_load(spec->ca_chain, pool, e)) &&
	    (chain_order(pool, ca->cert, ca->chain, e) ||
		mc_note(
		    e, "%s", spec->ca_chain ? spec->ca_chain : spec->ca_cert));
}

static bool
key_check(const struct mc_ca_spec *spec, X509 *cert, const EVP_PKEY *key,
    struct mc_err *e)
{
	EVP_PKEY *own = X509_get0_pubkey(cert);

	if (!mc_key_check(own, MC_RSA_MIN, e))
		return mc_note(e, "%s", spec->ca_cert);
	if (EVP_PKEY_is_a(own, "RSA") && EVP_PKEY_get_bits(own) > MC_RSA_MAX)
		return mc_fail(e, MC_DENIED,
		    "%s: an RSA key of %d bits; %d to %d are possible",
		    spec->ca_cert, EVP_PKEY_get_bits(own), MC_RSA_MIN,
		    MC_RSA_MAX);
	return mc_key_equal(own, key) ||
	    mc_fail(e, MC_USAGE, "%s: has another key than the one given",
		spec->ca_cert);
}

bool
mc_ca_import(const struct mc_ca_spec *spec, const EVP_PKEY *key, bool follows,
    struct mc_ca *ca, struct mc_err *e)
{
	AUTO(mc_certs) *pool = sk_X509_new_null();
	int64_t now = mc_time_now();
	int64_t since, until;

	if (!pool)
		return mc_fail_memory(e);
	if (!mc_pem_certs_load(spec->ca_cert, pool, e))
		return false;
	ca->cert = sk_X509_shift(pool);
	if (!mc_ca_cert_check(ca->cert, e) ||
	    !mc_cert_validity(ca->cert, &since, &until, e))
		return mc_note(e, "%s", spec->ca_cert);
	if (follows && since > now)
		now = since;
	if (!key_check(spec, ca->cert, key, e) ||
	    !chain_make(spec, pool, ca, e))
		return false;
	return (path_check(ca->cert, ca->chain, now, e) &&
		   path_len_check(ca->chain, e)) ||
	    mc_note(e, "%s", spec->ca_cert);
}

/* SPDX-License-Identifier: ISC */
#include "ca/make.h"

#include "crypto/cert.h"
#include "crypto/name.h"

#define LIFETIME_MIN MC_DAY
#define LIFETIME_MAX (MC_DAY * 365 * 50)
#define CN_MAX 64 /* characters, X.520 */

bool
mc_ca_lifetime(int64_t asked, int64_t *out, struct mc_err *e)
{
	if (asked && (asked < LIFETIME_MIN || asked > LIFETIME_MAX))
		return mc_fail(e, MC_USAGE,
		    "a CA lives for a day at least and 50 years at most");
	*out = asked ? asked : MC_CA_LIFETIME;
	return true;
}

/* Take the last CN out, as text; at is where it was, -1 where there is none. */
static bool
cn_take(X509_NAME *name, int *at, struct mc_buf *cn, struct mc_err *e)
{
	X509_NAME_ENTRY *last;
	int next;
	bool done;

	*at = -1;
	while (
	    (next = X509_NAME_get_index_by_NID(name, NID_commonName, *at)) >= 0)
		*at = next;
	if (*at < 0)
		return true;
	last = X509_NAME_delete_entry(name, *at);
	done = mc_asn1_text(X509_NAME_ENTRY_get_data(last), cn, e);
	X509_NAME_ENTRY_free(last);
	return done;
}

/* "CN=ACME CA" -> "CN=ACME CA RA"; a name without room for it gets its own. */
static bool
helper_name(
    const X509_NAME *ca, const char *what, X509_NAME **out, struct mc_err *e)
{
	AUTO(X509_NAME) *name = X509_NAME_dup(ca);
	AUTO_BUF cn = MC_BUF_INIT;
	int at;

	if (!name)
		return mc_fail_memory(e);
	if (!cn_take(name, &at, &cn, e))
		return false;
	if (cn.len == 0 || cn.len > CN_MAX - 1 - strlen(what)) {
		mc_buf_clear(&cn);
		at = -1;
	}
	if (!mc_buf_printf(&cn, e, "%s %s", cn.len ? "" : "SCEP", what))
		return false;
	if (X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
		cn.data, (int)cn.len, at, 0) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, what);
	*out = take(&name);
	return true;
}

bool
mc_ca_helper_issue(const struct mc_ca *ca, enum mc_role role, EVP_PKEY *key,
    const struct mc_ca_span *span, X509 **out, struct mc_err *e)
{
	static const char *const ocsp_signing[] = { "OCSPSigning", NULL };
	AUTO(X509_NAME) *name = NULL;
	bool ocsp = role == MC_ROLE_OCSP;
	struct mc_cert_spec leaf = {
		.key = key,
		.issuer = ca->cert,
		.issuer_key = ca->key,
		.key_usage = KU_DIGITAL_SIGNATURE |
		    (ocsp ? 0U : (unsigned)KU_KEY_ENCIPHERMENT),
		.eku = ocsp ? ocsp_signing : NULL,
		.ocsp_nocheck = ocsp,
	};

	if (!helper_name(X509_get_subject_name(ca->cert), ocsp ? "OCSP" : "RA",
		&name, e) ||
	    !mc_cert_validity(ca->cert, &leaf.not_before, &leaf.not_after, e))
		return false;
	leaf.subject = name;
	if (span->from > leaf.not_before)
		leaf.not_before = span->from;
	if (span->until && span->until < leaf.not_after)
		leaf.not_after = span->until;
	return mc_cert_issue(&leaf, out, e);
}

bool
mc_ca_ocsp_key_new(const struct mc_ca *ca, EVP_PKEY **out, struct mc_err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(ca->cert);
	enum mc_key_kind kind = MC_KEY_RSA;

	if (EVP_PKEY_is_a(key, "EC"))
		kind = EVP_PKEY_get_bits(key) > 256 ? MC_KEY_P384 : MC_KEY_P256;
	return mc_key_new(kind, MC_RA_BITS, out, e);
}

bool
mc_ca_helper_key(struct mc_keyring *ring, const struct mc_ca *ca,
    enum mc_role role, EVP_PKEY **out, struct mc_err *e)
{
	const char *name = mc_role_name(role);
	EVP_PKEY *key;

	*out = NULL;
	if (!mc_keyring_get(ring, role, &key, e))
		return mc_note(e, "%s/ca.conf: %s-key", ring->dir, name);
	if (!key)
		return true;
	if (!mc_key_check(key, MC_RSA_MIN, e))
		return mc_note(e, "%s/ca.conf: %s-key", ring->dir, name);
	if (role == MC_ROLE_RA && !mc_key_encrypts(key))
		return mc_fail(e, MC_USAGE,
		    "%s/ca.conf: ra-key: not an RSA key: devices encrypt to it",
		    ring->dir);
	if (mc_key_equal(key, X509_get0_pubkey(ca->cert)))
		return mc_fail(e, MC_USAGE,
		    "%s/ca.conf: %s-key: the CA's own key; it needs another "
		    "one",
		    ring->dir, name);
	EVP_PKEY_up_ref(key);
	*out = key;
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "crypto/crl.h"

#include <limits.h>

#include "crypto/armor.h"
#include "crypto/ber.h"
#include "crypto/key.h"

#define CRL_VERSION_2 1

struct mc_crl_draft {
	X509 *issuer;
	X509_CRL *crl;
};

/* RFC 5280 section 5.3.1; 7 is not used. */
static const char *const reasons[] = {
	[0] = "unspecified",
	[1] = "keyCompromise",
	[2] = "cACompromise",
	[3] = "affiliationChanged",
	[4] = "superseded",
	[5] = "cessationOfOperation",
	[6] = "certificateHold",
	[8] = "removeFromCRL",
	[9] = "privilegeWithdrawn",
	[10] = "aACompromise",
};
#define REASONS (int)(sizeof(reasons) / sizeof(*reasons))

static bool
add(X509_CRL *crl, int nid, void *value, struct mc_err *e)
{
	if (!value)
		return mc_fail_memory(e);
	if (X509_CRL_add1_ext_i2d(crl, nid, value, 0, X509V3_ADD_DEFAULT) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, OBJ_nid2sn(nid));
	return true;
}

static bool
extensions_add(X509_CRL *crl, X509 *issuer, int64_t number, struct mc_err *e)
{
	AUTO(ASN1_INTEGER) *value = ASN1_INTEGER_new();
	AUTO(AUTHORITY_KEYID) *authority = mc_authority_id_new(issuer);

	if (!value || ASN1_INTEGER_set_int64(value, number) != 1)
		return mc_fail_memory(e);
	return add(crl, NID_authority_key_identifier, authority, e) &&
	    add(crl, NID_crl_number, value, e);
}

/* ASN1_TIME_set() makes them GeneralizedTimes from 2050 on. */
static bool
times_set(X509_CRL *crl, int64_t this, int64_t next, struct mc_err *e)
{
	AUTO(ASN1_TIME) *last = ASN1_TIME_set(NULL, (time_t)this);
	AUTO(ASN1_TIME) *until = ASN1_TIME_set(NULL, (time_t)next);

	if (!last || !until || X509_CRL_set1_lastUpdate(crl, last) != 1 ||
	    X509_CRL_set1_nextUpdate(crl, until) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "times of a CRL");
	return true;
}

bool
mc_crl_new(X509 *issuer, int64_t number, int64_t this_update,
    int64_t next_update, mc_crl_draft **out, struct mc_err *e)
{
	AUTO(mc_crl_draft) *d = OPENSSL_zalloc(sizeof(*d));

	if (number < 0 || this_update >= next_update)
		return mc_fail(e, MC_USAGE,
		    "a CRL of a negative number, or that ends before it "
		    "begins");
	/* all bits where the certificate does not say */
	if (!(X509_get_key_usage(issuer) & KU_CRL_SIGN))
		return mc_fail(e, MC_USAGE,
		    "the issuing certificate's key usage has no cRLSign");
	if (!d || !(d->crl = X509_CRL_new()))
		return mc_fail_memory(e);
	X509_up_ref(issuer);
	d->issuer = issuer;
	if (X509_CRL_set_version(d->crl, CRL_VERSION_2) != 1 ||
	    X509_CRL_set_issuer_name(d->crl, X509_get_subject_name(issuer)) !=
		1)
		return mc_fail_ossl(e, MC_INTERNAL, "new CRL");
	if (!times_set(d->crl, this_update, next_update, e) ||
	    !extensions_add(d->crl, issuer, number, e))
		return false;
	*out = take(&d);
	return true;
}

void
mc_crl_draft_free(mc_crl_draft *d)
{
	X509_CRL_free(d->crl);
	X509_free(d->issuer);
	OPENSSL_free(d);
}

static bool
reason_add(X509_REVOKED *entry, int64_t reason, struct mc_err *e)
{
	AUTO(ASN1_ENUMERATED) *value = NULL;

	if (reason == 0)
		return true;
	value = ASN1_ENUMERATED_new();
	if (!value || ASN1_ENUMERATED_set_int64(value, reason) != 1 ||
	    X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, value, 0, 0) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "reason of a revocation");
	return true;
}

bool
mc_crl_add(mc_crl_draft *d, const char *serial, int64_t at, int64_t reason,
    struct mc_err *e)
{
	AUTO(X509_REVOKED) *entry = X509_REVOKED_new();
	AUTO(ASN1_TIME) *when = ASN1_TIME_set(NULL, (time_t)at);
	AUTO(ASN1_INTEGER) *number = NULL;

	if (!mc_crl_reason_name(reason) || reason == MC_CRL_REMOVE_FROM_CRL)
		return mc_fail(e, MC_USAGE, "%s: reason %lld of a revocation",
		    serial, (long long)reason);
	if (!mc_serial_parse(serial, &number, e))
		return false;
	if (!entry || !when)
		return mc_fail_ossl(e, MC_INTERNAL, "entry of a CRL");
	if (X509_REVOKED_set_serialNumber(entry, number) != 1 ||
	    X509_REVOKED_set_revocationDate(entry, when) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "entry of a CRL");
	if (!reason_add(entry, reason, e))
		return false;
	if (X509_CRL_add0_revoked(d->crl, entry) != 1)
		return mc_fail_memory(e);
	(void)take(&entry);
	return true;
}

static bool
encode(const X509_CRL *crl, struct mc_buf *to, struct mc_err *e)
{
	unsigned char *der = NULL;
	int n = i2d_X509_CRL(crl, &der);

	if (mc_der_take(&der, n, "CRL to DER", to, e))
		return true;
	return n > 0 ? mc_note(e, "a CRL of %d bytes", n) : false;
}

bool
mc_crl_der_parse(const void *der, size_t len, X509_CRL **out, struct mc_err *e)
{
	const unsigned char *p = der;
	AUTO(X509_CRL) *crl = NULL;
	struct mc_ber gate;

	mc_ber_init(&gate, der, len);
	if (!mc_ber_check(&gate, "CRL", e))
		return false;
	if (len > 0 && len <= LONG_MAX)
		crl = d2i_X509_CRL(NULL, &p, (long)len);
	ERR_clear_error();
	if (!crl)
		return mc_fail(e, MC_MALFORMED, "not a CRL");
	if (p != (const unsigned char *)der + len)
		return mc_fail(e, MC_MALFORMED, "bytes follow a CRL");
	*out = take(&crl);
	return true;
}

static bool
signed_by(X509_CRL *crl, X509 *issuer)
{
	bool holds = X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;

	ERR_clear_error();
	return holds;
}

/* Sorted, so that the same two are neighbours. */
static bool
unique_check(X509_CRL *crl, struct mc_err *e)
{
	STACK_OF(X509_REVOKED) *all = X509_CRL_get_REVOKED(crl);

	for (int i = 1; i < sk_X509_REVOKED_num(all); i++)
		if (ASN1_INTEGER_cmp(X509_REVOKED_get0_serialNumber(
					 sk_X509_REVOKED_value(all, i - 1)),
			X509_REVOKED_get0_serialNumber(
			    sk_X509_REVOKED_value(all, i))) == 0)
			return mc_fail(
			    e, MC_INTERNAL, "a serial number twice in a CRL");
	return true;
}

static bool
sign(mc_crl_draft *d, EVP_PKEY *issuer_key, struct mc_err *e)
{
	const EVP_MD *md = mc_sign_md(issuer_key);

	if (!md || !mc_key_equal(issuer_key, X509_get0_pubkey(d->issuer)))
		return mc_fail(
		    e, MC_USAGE, "the key is not the issuing certificate's");
	if (X509_CRL_sort(d->crl) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "sorting a CRL");
	if (!unique_check(d->crl, e))
		return false;
	if (X509_CRL_sign(d->crl, issuer_key, md) <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "signing a CRL");
	return true;
}

bool
mc_crl_sign(
    mc_crl_draft *d, EVP_PKEY *issuer_key, struct mc_buf *der, struct mc_err *e)
{
	AUTO_BUF made = { .limit = der->limit };
	AUTO(X509_CRL) *crl = NULL;

	if (!sign(d, issuer_key, e) || !encode(d->crl, &made, e) ||
	    !mc_crl_der_parse(made.data, made.len, &crl, e))
		return false;
	if (!signed_by(crl, d->issuer))
		return mc_fail(
		    e, MC_INTERNAL, "a new CRL that does not verify");
	return mc_buf_add(der, made.data, made.len, e);
}

static bool
time_get(const ASN1_TIME *t, int64_t *out, struct mc_err *e)
{
	return mc_asn1_time_get(t, out) ||
	    mc_fail(e, MC_MALFORMED, "a CRL's time");
}

/* 0 where there is none: a CRL of version 1. */
static bool
number_get(const X509_CRL *crl, int64_t *out, struct mc_err *e)
{
	int found = 0;
	AUTO(ASN1_INTEGER) *number = X509_CRL_get_ext_d2i(
	    crl, NID_crl_number, &found, NULL);

	ERR_clear_error();
	*out = 0;
	if (!number && found == -1)
		return true;
	if (number && ASN1_INTEGER_get_int64(out, number) == 1 && *out >= 0)
		return true;
	ERR_clear_error();
	return mc_fail(e, MC_MALFORMED, "a CRL's number");
}

static bool
facts_get(X509_CRL *crl, struct mc_crl_facts *out, struct mc_err *e)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
	int entries = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl));
	struct mc_crl_facts facts = {
		.entries = entries > 0 ? (size_t)entries : 0,
	};

	if (!number_get(crl, &facts.number, e) ||
	    !time_get(X509_CRL_get0_lastUpdate(crl), &facts.this_update, e) ||
	    (next && !time_get(next, &facts.next_update, e)))
		return false;
	*out = facts;
	return true;
}

bool
mc_crl_parse(const struct mc_buf *file, X509 *issuer, struct mc_crl_facts *out,
    struct mc_err *e)
{
	static const char *const labels[] = { PEM_STRING_X509_CRL, NULL };
	AUTO_BUF der = { .limit = file->limit };
	AUTO(X509_CRL) *crl = NULL;

	if (!mc_armor_parse(file, labels, "CRL", &der, e) ||
	    !mc_crl_der_parse(der.data, der.len, &crl, e))
		return false;
	if (X509_NAME_cmp(
		X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0)
		return mc_fail(e, MC_UNTRUSTED, "a CRL of another issuer");
	if (!signed_by(crl, issuer))
		return mc_fail(
		    e, MC_ALTERED, "a CRL that its issuer's key did not sign");
	return facts_get(crl, out, e);
}

int
mc_crl_reason_find(const char *name)
{
	for (int i = 0; i < REASONS; i++)
		if (reasons[i] && strcmp(reasons[i], name) == 0)
			return i;
	return -1;
}

const char *
mc_crl_reason_name(int64_t reason)
{
	return reason >= 0 && reason < REASONS ? reasons[reason] : NULL;
}

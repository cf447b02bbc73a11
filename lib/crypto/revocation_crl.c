/* SPDX-License-Identifier: ISC */
#include "crypto/revocation_part.h"

#include "base/time.h"

CLEANUP(ISSUING_DIST_POINT, ISSUING_DIST_POINT_free);

/* X509_CRL_get0_by_cert()'s word for an entry that says removeFromCRL. */
#define REMOVED 2

static bool
known(const ASN1_OBJECT *id, const int *nids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (OBJ_obj2nid(id) == nids[i])
			return true;
	return false;
}

/* One that is not known may change what an entry, or a CRL, means. */
static bool
critical_check(const mc_extensions *all, struct mc_err *e)
{
	static const int nids[] = { NID_authority_key_identifier,
		NID_crl_number, NID_issuing_distribution_point, NID_crl_reason,
		NID_invalidity_date };

	for (int i = 0; i < sk_X509_EXTENSION_num(all); i++) {
		X509_EXTENSION *ext = sk_X509_EXTENSION_value(all, i);

		if (X509_EXTENSION_get_critical(ext) &&
		    !known(X509_EXTENSION_get_object(ext), nids,
			sizeof(nids) / sizeof(*nids)))
			return mc_fail(e, MC_MALFORMED,
			    "a CRL with a critical extension that is not "
			    "known");
	}
	return true;
}

static bool
entries_check(X509_CRL *crl, struct mc_err *e)
{
	STACK_OF(X509_REVOKED) *all = X509_CRL_get_REVOKED(crl);

	for (int i = 0; i < sk_X509_REVOKED_num(all); i++) {
		const X509_REVOKED *one = sk_X509_REVOKED_value(all, i);

		if (X509_REVOKED_get_ext_by_NID(
			one, NID_certificate_issuer, -1) >= 0)
			return mc_fail(e, MC_MALFORMED,
			    "an indirect CRL: only an issuer's own is read");
		if (!critical_check(X509_REVOKED_get0_extensions(one), e))
			return false;
	}
	return true;
}

/* *out NULL where there is none. */
static bool
point_get(X509_CRL *crl, ISSUING_DIST_POINT **out, struct mc_err *e)
{
	int found = 0;

	*out = X509_CRL_get_ext_d2i(
	    crl, NID_issuing_distribution_point, &found, NULL);
	ERR_clear_error();
	return *out || found == -1 ||
	    mc_fail(e, MC_MALFORMED, "a CRL's distribution point");
}

bool
mc_statement_crl_check(X509_CRL *crl, struct mc_err *e)
{
	AUTO(ISSUING_DIST_POINT) *point = NULL;
	int64_t when;

	if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0)
		return mc_fail(e, MC_MALFORMED,
		    "a delta CRL: only complete ones are read");
	if (!point_get(crl, &point, e))
		return false;
	if (point && point->indirectCRL > 0)
		return mc_fail(e, MC_MALFORMED,
		    "an indirect CRL: only an issuer's own is read");
	if (point && (point->onlysomereasons || point->onlyattr > 0))
		return mc_fail(e, MC_MALFORMED,
		    "a CRL for some reasons, or for attribute certificates, "
		    "only: complete ones are read");
	if (!mc_asn1_time_get(X509_CRL_get0_lastUpdate(crl), &when) ||
	    (X509_CRL_get0_nextUpdate(crl) &&
		!mc_asn1_time_get(X509_CRL_get0_nextUpdate(crl), &when)))
		return mc_fail(e, MC_MALFORMED, "a CRL's time");
	return critical_check(X509_CRL_get0_extensions(crl), e) &&
	    entries_check(crl, e);
}

static bool
names_meet(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(a); i++)
		for (int k = 0; k < sk_GENERAL_NAME_num(b); k++)
			if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i),
				sk_GENERAL_NAME_value(b, k)) == 0)
				return true;
	return false;
}

/* A part of an issuer's CRLs, by where it is fetched: does cert name it? */
static bool
point_is_of(const DIST_POINT_NAME *name, const X509 *cert)
{
	AUTO(CRL_DIST_POINTS) *points = NULL;

	/* type 0 is a full name; the other form is nobody's */
	if (name->type != 0)
		return false;
	points = X509_get_ext_d2i(
	    cert, NID_crl_distribution_points, NULL, NULL);
	ERR_clear_error();
	for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
		const DIST_POINT *p = sk_DIST_POINT_value(points, i);

		if (p->distpoint && p->distpoint->type == 0 &&
		    names_meet(
			name->name.fullname, p->distpoint->name.fullname))
			return true;
	}
	return false;
}

/* Is it about certificates like this one (RFC 5280 section 6.3.3, b.2)? */
static bool
in_scope(X509_CRL *crl, X509 *cert)
{
	AUTO(ISSUING_DIST_POINT) *point = NULL;
	struct mc_err unused = MC_ERR_INIT;
	bool ca = X509_check_ca(cert) == 1;

	if (!point_get(crl, &point, &unused))
		return false;
	return !point ||
	    ((point->onlyuser <= 0 || !ca) && (point->onlyCA <= 0 || ca) &&
		(!point->distpoint || point_is_of(point->distpoint, cert)));
}

static bool
signed_by(X509_CRL *crl, X509 *issuer)
{
	const X509_ALGOR *alg;
	bool holds;

	X509_CRL_get0_signature(crl, NULL, &alg);
	holds = X509_NAME_cmp(X509_CRL_get_issuer(crl),
		    X509_get_subject_name(issuer)) == 0 &&
	    (X509_get_key_usage(issuer) & KU_CRL_SIGN) &&
	    mc_statement_strong(alg) &&
	    X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
	ERR_clear_error();
	return holds;
}

static void
entry_get(const X509_REVOKED *entry, struct mc_revoked_facts *out)
{
	int found = 0;
	AUTO(ASN1_ENUMERATED) *reason = X509_REVOKED_get_ext_d2i(
	    entry, NID_crl_reason, &found, NULL);

	ERR_clear_error();
	out->status = MC_REVOKED_YES;
	out->reason = reason ? ASN1_ENUMERATED_get(reason) : -1;
	if (!mc_asn1_time_get(
		X509_REVOKED_get0_revocationDate(entry), &out->at))
		out->at = 0;
}

void
mc_statement_crl_ask(const struct mc_statement *s,
    const struct mc_revocation_ask *ask, struct mc_revoked_facts *out)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(s->crl);
	X509_REVOKED *entry = NULL;
	int listed;

	if (!signed_by(s->crl, ask->issuer) ||
	    !mc_asn1_time_get(X509_CRL_get0_lastUpdate(s->crl), &out->from) ||
	    (next && !mc_asn1_time_get(next, &out->till)))
		return;
	if (!next)
		out->till = out->from + MC_REVOCATION_CRL_DAYS * MC_DAY;
	listed = X509_CRL_get0_by_cert(s->crl, &entry, ask->cert);
	if (listed == 1) {
		/* whatever its scope, it is that issuer's word */
		entry_get(entry, out);
		return;
	}
	if (listed != REMOVED && !in_scope(s->crl, ask->cert))
		return;
	out->status = MC_REVOKED_NO;
	mc_statement_date(ask->at, out);
}

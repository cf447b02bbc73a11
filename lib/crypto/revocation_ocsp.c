/* SPDX-License-Identifier: ISC */
#include "crypto/revocation_part.h"

#include "base/time.h"
#include "crypto/ber.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/ocsp.h"

bool
mc_statement_ocsp_parse(
    const struct mc_buf *der, OCSP_BASICRESP **out, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(OCSP_RESPONSE) *response = NULL;
	AUTO(OCSP_BASICRESP) *basic = NULL;
	int status;

	if (!mc_ber_sequence_parse(der, "OCSP response", NULL, e))
		return false;
	response = d2i_OCSP_RESPONSE(NULL, &p, (long)der->len);
	ERR_clear_error();
	if (!response || p != der->data + der->len)
		return mc_fail(e, MC_MALFORMED, "not an OCSP response");
	status = OCSP_response_status(response);
	if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		return mc_fail(e, MC_MALFORMED,
		    "an OCSP responder's refusal, \"%s\"",
		    OCSP_response_status_str(status));
	basic = OCSP_response_get1_basic(response);
	ERR_clear_error();
	if (!basic)
		return mc_fail(
		    e, MC_MALFORMED, "an OCSP response of no known type");
	if (OCSP_resp_count(basic) > MC_OCSP_MAX)
		return mc_fail(e, MC_MALFORMED,
		    "an OCSP response for more than %d certificates",
		    MC_OCSP_MAX);
	*out = take(&basic);
	return true;
}

/* A responder that the issuer appointed (RFC 6960 section 4.2.2.2). */
static bool
appointed(X509 *responder, const struct mc_revocation_ask *ask)
{
	struct mc_err unused = MC_ERR_INIT;
	uint32_t flags = X509_get_extension_flags(responder);
	const X509_ALGOR *alg;

	X509_get0_signature(NULL, &alg, responder);
	return X509_NAME_cmp(X509_get_issuer_name(responder),
		   X509_get_subject_name(ask->issuer)) == 0 &&
	    (flags & EXFLAG_XKUSAGE) && !(flags & EXFLAG_CRITICAL) &&
	    (X509_get_extended_key_usage(responder) & XKU_OCSP_SIGN) &&
	    (X509_get_key_usage(responder) & KU_DIGITAL_SIGNATURE) &&
	    mc_key_check(X509_get0_pubkey(responder), MC_RSA_MIN, &unused) &&
	    mc_statement_strong(alg) &&
	    mc_cert_dates_check(responder, ask->at, &unused) &&
	    X509_verify(responder, X509_get0_pubkey(ask->issuer)) == 1;
}

static bool
signed_for(OCSP_BASICRESP *basic, const struct mc_revocation_ask *ask)
{
	AUTO(mc_certs_lent) *issuer = sk_X509_new_null();
	X509 *signer = NULL;
	bool holds;

	if (!issuer || sk_X509_push(issuer, ask->issuer) <= 0)
		return false;
	/*
	 * NOVERIFY leaves only the chain of the signer out, which is this very
	 * certificate, looked at here.
	 */
	holds = OCSP_resp_get0_signer(basic, &signer, issuer) == 1 &&
	    mc_statement_strong(OCSP_resp_get0_tbs_sigalg(basic)) &&
	    (X509_cmp(signer, ask->issuer) == 0 || appointed(signer, ask)) &&
	    OCSP_basic_verify(basic, issuer, NULL, OCSP_NOVERIFY) == 1;
	ERR_clear_error();
	return holds;
}

/* The id says by hashes whose certificate it is about. */
static bool
is_about(const OCSP_SINGLERESP *single, const struct mc_revocation_ask *ask)
{
	/* OCSP_id_get0_info() takes no const, and changes nothing */
	AUTO(OCSP_CERTID) *id = OCSP_CERTID_dup(
	    OCSP_SINGLERESP_get0_id(single));
	AUTO(OCSP_CERTID) *ours = NULL;
	ASN1_OBJECT *digest = NULL;
	const EVP_MD *md = NULL;

	if (id && OCSP_id_get0_info(NULL, &digest, NULL, NULL, id) == 1)
		md = EVP_get_digestbyobj(digest);
	if (md)
		ours = OCSP_cert_to_id(md, ask->cert, ask->issuer);
	ERR_clear_error();
	return ours && OCSP_id_cmp(ours, id) == 0;
}

static void
single_get(OCSP_SINGLERESP *single, int64_t at, struct mc_revoked_facts *out)
{
	ASN1_GENERALIZEDTIME *revoked = NULL;
	ASN1_GENERALIZEDTIME *from = NULL;
	ASN1_GENERALIZEDTIME *till = NULL;
	int reason = -1;
	int status = OCSP_single_get0_status(
	    single, &reason, &revoked, &from, &till);

	if (status == V_OCSP_CERTSTATUS_UNKNOWN ||
	    !mc_asn1_time_get(from, &out->from))
		return;
	if (!till)
		out->till = out->from + MC_DAY;
	else if (!mc_asn1_time_get(till, &out->till))
		return;
	if (status == V_OCSP_CERTSTATUS_REVOKED) {
		out->status = MC_REVOKED_YES;
		out->reason = reason;
		if (!mc_asn1_time_get(revoked, &out->at))
			out->at = 0;
	} else if (status == V_OCSP_CERTSTATUS_GOOD) {
		out->status = MC_REVOKED_NO;
		mc_statement_date(at, out);
	}
}

void
mc_statement_ocsp_ask(const struct mc_statement *s,
    const struct mc_revocation_ask *ask, struct mc_revoked_facts *out)
{
	for (int i = 0; i < OCSP_resp_count(s->ocsp); i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(s->ocsp, i);

		if (!is_about(single, ask))
			continue;
		if (signed_for(s->ocsp, ask))
			single_get(single, ask->at, out);
		return;
	}
}

/* SPDX-License-Identifier: ISC */
#include "ca/revoke.h"

#include "crypto/ocsp.h"

/*
 * RFC 6960 section 4.2.2.2: a responder speaks for the CA that has issued its
 * certificate, so each generation has its own, and an answer is signed by one.
 * The first certificate that we can speak for says by which; what the request
 * asks of others is "unknown" there (section 2.2: "usually because the request
 * indicates an unrecognized issuer that is not served by this responder").
 * Where there is none at all, nothing could be signed with authority, and
 * "unauthorized" says so (section 2.3).
 */
static const struct mc_ca *
responsible_find(const struct mc_ca *ca, const mc_ocsp *o)
{
	for (size_t i = 0; i < mc_ocsp_count(o); i++)
		for (const struct mc_ca *g = ca; g; g = g->previous)
			if (g->ocsp.key && mc_ocsp_issued_by(o, i, g->cert))
				return g;
	return NULL;
}

/*
 * "good" is for what is on record as issued: whoever holds a certificate that
 * is not has it from a key that was stolen.  Of an intent nothing was signed,
 * or nobody has it.
 */
static bool
status_find(const struct mc_ca *ca, const struct mc_ca *of, const char *serial,
    struct mc_ocsp_single *out, struct mc_err *e)
{
	AUTO_CERTIFICATE record = { 0 };
	bool found = false;

	*out = (struct mc_ocsp_single){ .status = MC_OCSP_UNKNOWN };
	if (!mc_store_certificate_find(ca->store, serial, &record, &found, e))
		return false;
	if (!found || strcmp(record.issuer, of->id) != 0)
		return true;
	if (record.state == MC_CERTIFICATE_VALID)
		out->status = MC_OCSP_GOOD;
	if (record.state == MC_CERTIFICATE_REVOKED)
		*out = (struct mc_ocsp_single){
			.status = MC_OCSP_REVOKED,
			.revoked_at = record.revoked_at,
			.reason = record.reason,
		};
	return true;
}

static bool
answer(const struct mc_ca *ca, const struct mc_ca *of, mc_ocsp *o, size_t i,
    struct mc_err *e)
{
	struct mc_ocsp_single single = { .status = MC_OCSP_UNKNOWN };
	char serial[MC_SERIAL_TEXT];

	if (mc_ocsp_issued_by(o, i, of->cert) &&
	    (!mc_ocsp_get(o, i, serial, e) ||
		!status_find(ca, of, serial, &single, e)))
		return false;
	return mc_ocsp_answer(o, i, &single, e);
}

bool
mc_ocsp_respond(const struct mc_ca *ca, const struct mc_buf *request,
    struct mc_buf *response, struct mc_err *e)
{
	AUTO(mc_ocsp) *o = NULL;
	const struct mc_ca *of;
	int64_t now = mc_time_now();
	const struct mc_ocsp_validity valid = { now,
		now + ca->conf->ocsp_lifetime };

	if (!ca->store)
		return mc_fail(e, MC_USAGE, "OCSP needs the store");
	if (!mc_ocsp_parse(request, &o, e)) {
		if (e->code != MC_MALFORMED)
			return false;
		*e = (struct mc_err)MC_ERR_INIT;
		return mc_ocsp_refuse(MC_OCSP_MALFORMED, response, e);
	}
	of = responsible_find(ca, o);
	if (!of)
		return mc_ocsp_refuse(MC_OCSP_UNAUTHORIZED, response, e);
	if (!mc_cert_dates_check(of->ocsp.cert, now, e))
		return mc_note(e, "the OCSP responder's certificate");
	for (size_t i = 0; i < mc_ocsp_count(o); i++)
		if (!answer(ca, of, o, i, e))
			return false;
	return mc_ocsp_sign(
	    o, of->ocsp.cert, of->ocsp.key, &valid, response, e);
}

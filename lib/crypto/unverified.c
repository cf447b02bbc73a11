/* SPDX-License-Identifier: ISC */
#include "crypto/unverified.h"

#include "crypto/ber.h"
#include "crypto/cms_gate.h"

/* The body of SignedData (RFC 5652 section 5.1). */
static bool
signed_parse(const struct mc_buf *msg, struct mc_ber *body, struct mc_err *e)
{
	struct mc_ber info, type, explicit;

	if (!mc_ber_sequence_parse(msg, "message", &info, e))
		return false;
	if (!mc_ber_is(&info, MC_BER_OID) ||
	    !mc_ber_expect(&info, MC_BER_OID, "contentType", &type, e) ||
	    !mc_oid_equal(&type, &mc_oid_signed))
		return mc_fail(e, MC_UNSIGNED, "not signed");
	return mc_ber_expect(
		   &info, MC_BER_CONTEXT(0), "content", &explicit, e) &&
	    mc_ber_expect(&explicit, MC_BER_SEQUENCE, "SignedData", body, e);
}

bool
mc_unverified_content(
    const struct mc_buf *msg, struct mc_buf *content, struct mc_err *e)
{
	struct mc_ber body, encap, explicit;
	unsigned version;

	if (!signed_parse(msg, &body, e) ||
	    !mc_ber_uint(&body, "version", &version, e) ||
	    !mc_ber_expect(&body, MC_BER_SET, "digestAlgorithms", NULL, e) ||
	    !mc_ber_expect(
		&body, MC_BER_SEQUENCE, "encapContentInfo", &encap, e) ||
	    !mc_ber_expect(&encap, MC_BER_OID, "eContentType", NULL, e))
		return false;
	if (mc_ber_done(&encap))
		return mc_fail(e, MC_MALFORMED,
		    "a detached signature: the content is not in it");
	return mc_ber_expect(
		   &encap, MC_BER_CONTEXT(0), "eContent", &explicit, e) &&
	    mc_ber_octets(&explicit, MC_BER_OCTETS, "eContent", content, e);
}

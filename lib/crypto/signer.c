/* SPDX-License-Identifier: ISC */
#include "crypto/signer.h"

#include "base/hex.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/name.h"

static bool
cert_set(const X509 *cert, struct mc_facts *facts, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF base64 = MC_BUF_INIT;

	return mc_cert_encode(cert, &der, e) &&
	    mc_base64_encode(der.data, der.len, &base64, e) &&
	    mc_facts_set(facts, "SIGNER_CERT", mc_buf_str(&base64), e);
}

/* A name that has no such form is nobody to later stages. */
static bool
subject_set(const X509 *cert, struct mc_facts *facts, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	struct mc_err odd = MC_ERR_INIT;

	return !mc_name_encode(X509_get_subject_name(cert), &name, &odd) ||
	    mc_facts_set(facts, "SIGNER_SUBJECT", mc_buf_str(&name), e);
}

bool
mc_signer_facts_set(
    const struct mc_signed *s, struct mc_facts *facts, struct mc_err *e)
{
	const X509 *cert = mc_signed_signer(s);
	char sha256[MC_SHA256_HEX];
	char serial[MC_SERIAL_TEXT];
	char when[MC_TIME_TEXT];
	int64_t at;

	if (!mc_cert_sha256(cert, sha256, e) ||
	    !mc_cert_serial(cert, serial, e) || !cert_set(cert, facts, e) ||
	    !mc_facts_set(facts, "SIGNER_SHA256", sha256, e) ||
	    !mc_facts_set(facts, "SIGNER_SERIAL", serial, e) ||
	    !subject_set(cert, facts, e))
		return false;
	return !mc_signed_time(s, &at) ||
	    mc_facts_set(facts, "SIGNED_AT", mc_time_format(at, when), e);
}

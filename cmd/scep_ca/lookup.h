/* SPDX-License-Identifier: ISC */
/*
 * What GetCert and GetCRL name (RFC 8894 section 3.3.4), looked for in the
 * record.  Whatever is not found is MC_DENIED with MC_SCEP_NO_CERT.
 */
#ifndef MC_CA_LOOKUP_H
#define MC_CA_LOOKUP_H

#include "ca/ca.h"
#include "scep/scep.h"

/* A certificate that was issued and given out, revoked or not. */
MC_NODISCARD bool mc_ca_lookup_cert(const struct mc_ca *ca,
    const struct mc_scep_id *id, X509 **out, struct mc_err *e);

/*
 * Append the CRL that would list this certificate: DER.  crl may be NULL: only
 * whether there would be one.
 */
MC_NODISCARD bool mc_ca_lookup_crl(const struct mc_ca *ca,
    const struct mc_scep_id *id, struct mc_buf *crl, struct mc_err *e);

#endif

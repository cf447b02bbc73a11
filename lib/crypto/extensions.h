/* SPDX-License-Identifier: ISC */
/*
 * The extensions of a certificate that is being made (RFC 5280 section 4.2):
 * each is built as a structure, so no value can become another extension.
 */
#ifndef MC_EXTENSIONS_H
#define MC_EXTENSIONS_H

#include "crypto/cert.h"

/*
 * Add what spec asks for to a certificate that has its subject and its public
 * key.  issuer is cert itself where it signs itself.
 */
MC_NODISCARD bool mc_extensions_add(const struct mc_cert_spec *spec, X509 *cert,
    X509 *issuer, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* What a certificate's row says because the certificate itself does. */
#ifndef MC_CA_ROW_H
#define MC_CA_ROW_H

#include "crypto/cert.h"
#include "store/certificate.h"

/*
 * Fill in serial, subject, names, key, not_before, not_after of a row that has
 * none of them; whoever clears it frees them.  A subject that has no such text
 * as base/subject.h's (two types in one part) is what mc_name_show() makes of
 * it.  MC_MALFORMED for subjectAltNames that crypto/names.h has no form for.
 */
MC_NODISCARD bool
mc_ca_row_parse(X509 *cert, struct mc_certificate *out, struct mc_err *e);

#endif

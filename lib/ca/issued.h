/* SPDX-License-Identifier: ISC */
/* Is a certificate one of ours, by the record and not by its looks? */
#ifndef MC_CA_ISSUED_H
#define MC_CA_ISSUED_H

#include "ca/ca.h"
#include "store/certificate.h"

/*
 * The store of the CA in dir has this very certificate and has not revoked
 * it.  owner receives the enrolment that it was issued in, or "".
 * MC_UNTRUSTED without a record, MC_REVOKED; the dates are not looked at.
 */
MC_NODISCARD bool mc_ca_issued_check(const char *dir, X509 *cert,
    char owner[static MC_OWNER_TEXT], struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* An OCSP request in the path of a GET (RFC 6960 appendix A.1). */
#ifndef MC_CA_OCSP_PATH_H
#define MC_CA_OCSP_PATH_H

#include "base/buf.h"

/*
 * Append the request that ends an unescaped path, "/ocsp/MEow...": base64,
 * which may hold slashes, so where it begins is found by what it is, one
 * whole SEQUENCE in DER.  Nothing is appended where there is none.
 */
MC_NODISCARD bool
mc_ca_ocsp_path(const char *path, struct mc_buf *to, struct mc_err *e);

#endif

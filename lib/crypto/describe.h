/* SPDX-License-Identifier: ISC */
/* Certificates in words, for people. */
#ifndef MC_DESCRIBE_H
#define MC_DESCRIBE_H

#include "crypto/ossl.h"

/* Append "29 days left", "expired 3 days ago", "not valid for 5 days yet". */
MC_NODISCARD bool mc_cert_days(
    const X509 *cert, int64_t now, struct mc_buf *to, struct mc_err *e);

/*
 * Append a chain as a tree, anchor first, a line a certificate with its days;
 * all but the first line begin with indent.
 */
MC_NODISCARD bool mc_chain_show(const mc_certs *chain, int64_t now,
    const char *indent, struct mc_buf *to, struct mc_err *e);

#endif

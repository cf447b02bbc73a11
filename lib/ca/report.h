/* SPDX-License-Identifier: ISC */
/* What a CA has, in words and tables for people. */
#ifndef MC_CA_REPORT_H
#define MC_CA_REPORT_H

#include "ca/ca.h"

/* Where everything is, and the fingerprint as openssl prints it. */
MC_NODISCARD bool
mc_ca_report(const char *dir, struct mc_buf *to, struct mc_err *e);

/* SHA-256, as openssl x509 -fingerprint prints it, to be compared by eye. */
MC_NODISCARD bool
mc_ca_report_fingerprint(const X509 *cert, struct mc_buf *to, struct mc_err *e);

/* A line of headings and a line for each; the newest first. */
MC_NODISCARD bool mc_ca_report_certificates(
    struct mc_store *s, unsigned limit, struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool mc_ca_report_challenges(
    struct mc_store *s, struct mc_buf *to, struct mc_err *e);

#endif

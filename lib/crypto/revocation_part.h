/* SPDX-License-Identifier: ISC */
/* What revocation.c loads, and the two kinds of statement in it. */
#ifndef MC_REVOCATION_PART_H
#define MC_REVOCATION_PART_H

#include "crypto/revocation.h"

/* A CRL or a response; the other one is NULL. */
struct mc_statement {
	X509_CRL *crl;
	OCSP_BASICRESP *ocsp;
	char *source; /* the file */
};

/* Whose status is asked, and when. */
struct mc_revocation_ask {
	X509 *cert;
	X509 *issuer;
	int64_t at;
};

/*
 * Is it a CRL that we can make use of?  MC_MALFORMED for a delta, an indirect
 * or a partial one, and for a critical extension that is not known.
 */
MC_NODISCARD bool mc_statement_crl_check(X509_CRL *crl, struct mc_err *e);

/*
 * What it says of the certificate; MC_REVOKED_UNKNOWN where it says nothing, or
 * is not signed by who may say it.  source is left alone.
 */
void mc_statement_crl_ask(const struct mc_statement *s,
    const struct mc_revocation_ask *ask, struct mc_revoked_facts *out);

/* DER, every byte.  MC_MALFORMED, also for an answer that is a refusal. */
MC_NODISCARD bool mc_statement_ocsp_parse(
    const struct mc_buf *der, OCSP_BASICRESP **out, struct mc_err *e);
void mc_statement_ocsp_ask(const struct mc_statement *s,
    const struct mc_revocation_ask *ask, struct mc_revoked_facts *out);

/* A signature of this algorithm proves something. */
bool mc_statement_strong(const X509_ALGOR *alg);

/* Set status to stale where the statement is not of that time. */
void mc_statement_date(int64_t at, struct mc_revoked_facts *out);

#endif

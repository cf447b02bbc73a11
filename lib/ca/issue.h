/* SPDX-License-Identifier: ISC */
/*
 * Issue one certificate, exactly once.
 *
 *	one transaction: the request is new, its challenge is good -> the
 *	    challenge is used up, the intent recorded with its serial number
 *	sign, read back, compare with the intent
 *	one transaction: the certificate is recorded
 *
 * Only then is it given out.  A request that comes again (same transaction,
 * same key, same certification request) gets the same certificate, to the
 * byte; one that a crash left at its intent is finished, with the serial
 * number that it was promised.  The certificate's subject is the challenge's
 * and its extensions are the CA's: of what the request asks for, only the
 * key counts, and the subject where the challenge leaves it open.
 */
#ifndef MC_CA_ISSUE_H
#define MC_CA_ISSUE_H

#include "ca/ca.h"
#include "ca/policy.h"

#define MC_ISSUE_LIFETIME (MC_DAY * 365)

struct mc_issue_profile {
	int64_t lifetime;  /* seconds; 0: MC_ISSUE_LIFETIME; cut to the CA's */
	unsigned bits_min; /* RSA; 0: MC_KEY_BITS_MIN */
};

struct mc_issue_request {
	const char *transaction;
	EVP_PKEY *signer;         /* the key that signed the message */
	const struct mc_buf *csr; /* DER */
};

/*
 * False with verdict->code other than MC_GRANTED is a refusal (e says why,
 * for the log), with MC_GRANTED a failure: nothing has been decided, and the
 * same request may come again.
 */
MC_NODISCARD bool mc_issue(const struct mc_ca *ca,
    const struct mc_issue_profile *profile, const struct mc_issue_request *r,
    X509 **out, struct mc_verdict *verdict, struct mc_err *e);

#endif

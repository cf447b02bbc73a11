/* SPDX-License-Identifier: ISC */
/*
 * May this request have a certificate?  A pure function from facts to a
 * verdict: no clock, no store, no randomness; so every rule is a line of a
 * test.  It knows nothing of SCEP.
 *
 * A requester is told the same of every challenge that does not do, whether
 * it is missing, unknown, expired or used up; the log is told which.
 */
#ifndef MC_CA_POLICY_H
#define MC_CA_POLICY_H

#include "crypto/key.h"
#include "store/challenge.h"

#define MC_KEY_BITS_MIN MC_RSA_MIN /* where nothing else is said */

enum mc_verdict_code {
	MC_GRANTED,
	MC_BAD_KEY,       /* key type or size, or a digest */
	MC_BAD_CHALLENGE, /* missing, unknown, expired, used up */
	MC_BAD_SUBJECT,   /* not the one that the challenge was made for */
	MC_BAD_CSR,       /* no certification request, or not its own key's */
	MC_BAD_SIGNER,    /* signed by another key than the one to certify */
	MC_WITHDRAWN,     /* its certificate was revoked since */
};

struct mc_verdict {
	enum mc_verdict_code code;
	const char *told; /* for the requester, a constant sentence */
	const char *why;  /* for the log, a constant phrase */
};

struct mc_policy_facts {
	int64_t now;
	const struct mc_challenge *challenge; /* the row, or NULL: unknown */
	bool challenge_given;                 /* the request brought one */
	const X509_NAME *bound; /* challenge's subject, parsed; NULL: any */
	const X509_NAME *asked; /* the request's subject */
	EVP_PKEY *key;          /* to certify */
	EVP_PKEY *signer;       /* key that signed the request */
	unsigned bits_min;      /* RSA; 0: MC_KEY_BITS_MIN */
};

struct mc_verdict mc_policy_check(const struct mc_policy_facts *f);

/* The verdict of this code, for rules that need more than facts. */
struct mc_verdict mc_verdict_new(enum mc_verdict_code code, const char *why);

#endif

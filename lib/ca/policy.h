/* SPDX-License-Identifier: ISC */
/*
 * May this request have a certificate?  A pure function from facts to a
 * verdict: no clock, no store, no randomness; so every rule is a line of a
 * test.  It knows nothing of SCEP.
 *
 * A requester is told the same of every challenge that does not do, whether
 * it is missing, unknown, expired, revoked, for another profile or used up; the
 * log is told which.
 */
#ifndef MC_CA_POLICY_H
#define MC_CA_POLICY_H

#include "ca/conf.h"
#include "crypto/key.h"
#include "store/certificate.h"
#include "store/challenge.h"

enum mc_verdict_code {
	MC_GRANTED,
	MC_WAITING,       /* for a person, or for a program that said so */
	MC_BAD_KEY,       /* key type or size, or a digest */
	MC_BAD_CHALLENGE, /* missing, unknown, expired, used up ... */
	MC_BAD_SUBJECT,   /* not the one that may be asked */
	MC_BAD_NAMES,     /* subjectAltName: likewise */
	MC_BAD_CSR,       /* no certification request, or not its own key's */
	MC_BAD_SIGNER,    /* signed by another key than the one to certify */
	MC_BAD_RENEWAL, /* expired, revoked, unknown, too early, not allowed */
	MC_WITHDRAWN,   /* its certificate was revoked since */
	MC_REJECTED,    /* a person or a program said no */
	MC_TOO_MANY,    /* failures from this source: ask again later */
	MC_NO_REQUEST,  /* a poll for what nobody asked for */
};

struct mc_verdict {
	enum mc_verdict_code code;
	const char *told; /* for the requester, a constant sentence */
	const char *why;  /* for the log, a constant phrase */
};

struct mc_policy_facts {
	int64_t now;
	const struct mc_ca_profile *profile;
	const struct mc_challenge *challenge; /* the row, or NULL: unknown */
	bool challenge_given;                 /* the request brought one */
	enum mc_certificate_way
	    way; /* what vouches for it, once that is known */
	/* RENEWAL: the certificate that signed, on record, and what it says */
	const struct mc_certificate *renewed; /* NULL: not on record */
	const X509_NAME *renewed_subject;
	const char *renewed_names;
	int64_t successors;      /* in force, that it was renewed to already */
	const X509_NAME *bound;  /* challenge's subject, parsed; NULL: any */
	const X509_NAME *asked;  /* the request's subject; NULL: none */
	const char *asked_names; /* the request's subjectAltName; NULL: none */
	EVP_PKEY *key;           /* to certify */
	EVP_PKEY *signer;        /* key that signed the request */
};

/*
 * The key, then what vouches for the request, then what it asks for.  With
 * way MC_WAY_PROGRAM or MC_WAY_APPROVAL the vouching is somebody else's, asked
 * when this has granted; MC_WAY_ADMIN needs none.
 */
struct mc_verdict mc_policy_check(const struct mc_policy_facts *f);

/*
 * The subject that it will have, lent by the facts; NULL: an empty one.  The
 * challenge's or the old certificate's spelling is the one that counts.
 */
const X509_NAME *mc_policy_subject(const struct mc_policy_facts *f);

/*
 * The subjectAltName that it will have, lent by the facts; NULL: none.  A
 * renewal keeps its own.  Names that a challenge has are the only ones; where
 * none vouches, whoever says yes sees those that are asked for.
 */
const char *mc_policy_names(const struct mc_policy_facts *f);

/* Does it match a profile's subject-match? */
bool mc_policy_subject_match(const X509_NAME *name, const char *pattern);

/* The verdict of this code, for rules that need more than facts. */
struct mc_verdict mc_verdict_new(enum mc_verdict_code code, const char *why);

#endif

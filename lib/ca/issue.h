/* SPDX-License-Identifier: ISC */
/*
 * Issue one certificate, exactly once.
 *
 *	one transaction: the request is new, what vouches for it is good ->
 *	    the challenge is used, the intent recorded with its serial number
 *	sign, read back, compare with the intent
 *	one transaction: the certificate is recorded
 *	those who are to know before it leaves are told (hooks->notify); where
 *	    one of them fails, it is revoked and does not leave
 *
 * Only then is it given out.  A request that comes again (same transaction,
 * same key, same certification request) gets the same certificate, to the
 * byte; one that a crash left at its intent is finished, with the serial
 * number that it was promised; one that nobody was told of is told.  Subject,
 * names and extensions are the profile's and the challenge's: of what the
 * request asks for, only the key counts, and what the profile leaves open.
 *
 * What vouches: the signer's certificate, where it is one of ours (a renewal,
 * which stays in its certificate's profile, whichever it was sent to); else
 * the challenge that the request brings, which the store knows or a MAC
 * proves, and which then decides alone; else the profile's program; else, for
 * a request without a challenge, a person.  A challenge of either form is
 * never looked for as one of the other.  What a renewal renews is part of what
 * makes its request the same: with the same key it may be, byte for byte, the
 * one of the time before.
 *
 * The administrator's own is the same request as long as its certificate is
 * valid; after that, or where he wants another, the next one follows it, and is
 * the one that is found from then on.
 *
 * Two processes that tell at the same time may come to different ends: the
 * first to commit its own is right.  A certificate that could not be told of is
 * revoked as cessationOfOperation: nothing is compromised, and nothing follows
 * it.
 */
#ifndef MC_CA_ISSUE_H
#define MC_CA_ISSUE_H

#include "ca/ca.h"
#include "ca/policy.h"

struct mc_issue_request {
	const char *transaction; /* of the administrator's own, what he said, so
				    that the same words are the same request;
				    NULL: always new */
	X509 *signer; /* certificate that signed the message; ours: a renewal;
			 NULL: the administrator's own, which needs nothing
			 that vouches for it */
	const struct mc_buf *csr; /* DER; NULL: a poll */
	const char *source;       /* the address that asks, or NULL */
	/* the administrator's: what to certify instead of what is asked */
	const char *subject, *names, *user;
	bool another; /* although he has one that is valid */
};

/* What a program is told of a request; everything is lent. */
struct mc_issue_facts {
	const struct mc_issue_request *asked;
	const struct mc_ca_profile *profile;
	enum mc_certificate_way way;
	const char *subject;      /* as it would be, "/O=../CN=.." */
	const char *names;        /* or NULL */
	const char *owner, *user; /* or NULL */
	const X509 *cert;         /* for notify; NULL for decide */
};

/* What a program that decides may say; free() is called on the strings. */
enum mc_decision_code { MC_DECIDED_YES, MC_DECIDED_NO, MC_DECIDED_WAIT };
struct mc_decision {
	enum mc_decision_code code;
	char *subject; /* instead of what was asked, or NULL */
	char *names;
	char *owner, *user;
	char *profile; /* another one, or NULL */
};

/*
 * Called between the transactions, so they may take their time.  False is a
 * failure with e: of decide, to be tried again; of notify, a no.
 */
struct mc_issue_hooks {
	bool (*decide)(void *ctx, const struct mc_issue_facts *f,
	    struct mc_decision *out, struct mc_err *e);
	bool (*notify)(
	    void *ctx, const struct mc_issue_facts *f, struct mc_err *e);
	void *ctx;
};

/* What came of it.  cert is the caller's to free. */
struct mc_issued {
	struct mc_verdict verdict;
	X509 *cert;      /* GRANTED */
	int64_t waiting; /* WAITING: the number that people call it by */
	bool repeated;   /* it was there already */
	enum mc_certificate_way way;
};

/*
 * False with verdict.code other than MC_GRANTED and MC_WAITING is a refusal (e
 * says why, for the log), with MC_GRANTED a failure: nothing has been decided,
 * and the same request may come again.  MC_WAITING is true, without a
 * certificate.  hooks may be NULL where the profile names no program.
 */
MC_NODISCARD bool
mc_issue(const struct mc_ca *ca, const struct mc_ca_profile *profile,
    const struct mc_issue_request *r, const struct mc_issue_hooks *hooks,
    struct mc_issued *out, struct mc_err *e);

/*
 * What would come of it now, without any effect: nothing is recorded, used,
 * counted or signed, no program is run (a program's profile is MC_WAITING).
 */
MC_NODISCARD bool
mc_issue_check(const struct mc_ca *ca, const struct mc_ca_profile *profile,
    const struct mc_issue_request *r, struct mc_issued *out, struct mc_err *e);

/* Approve or reject what waits; by is a login name, reason may be NULL.
 * MC_DENIED where it does not wait, MC_NOINPUT where there is no such number.
 */
MC_NODISCARD bool mc_issue_decide(struct mc_store *s, int64_t waiting, bool yes,
    const char *by, const char *reason, struct mc_err *e);

/*
 * Has this one failures left, by mc_budget_who()'s name (ca/budget.h)?  Before
 * anything is decrypted.
 */
MC_NODISCARD bool mc_issue_budget_check(
    const struct mc_ca *ca, const char *who, bool *left, struct mc_err *e);
/* Count a failure that happened outside of mc_issue(), which counts its own. */
MC_NODISCARD bool mc_issue_budget_spend(
    const struct mc_ca *ca, const char *who, struct mc_err *e);

#endif

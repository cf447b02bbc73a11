/* SPDX-License-Identifier: ISC */
/*
 * What mcprofile-verify found out about one message: each question with its
 * own answer, a struct mc_err that is MC_OK for yes and else has the reason.
 * What is told of it, and in which form, is others' (report.h, device.h).
 */
#ifndef MC_VERIFY_VERDICT_H
#define MC_VERIFY_VERDICT_H

#include "ca/issued.h"
#include "crypto/cms.h"
#include "crypto/revocation.h"
#include "crypto/trust.h"

/* One way to be trusted. */
struct mc_leg {
	const char *kind; /* the fact SIGNER: "device", "enrolled", "anchor" */
	const char *as;   /* the same for people */
	const char *ca;   /* scep-ca's folder, whose store has the last word */
	mc_trust *trust;
};

struct mc_verdict {
	const char *file; /* lent; NULL: standard input */
	int64_t at;       /* the time that all is judged at */
	bool elsewhen;    /* ... which is not now */
	bool device;      /* held to the letter: it is to be from a device */
	bool device_ca;   /* factories were asked for, ... */
	bool enrolled_ca; /* ... and enrolled devices */
	bool demanding;   /* something was demanded of it */

	/* MC_OK: a signed message that could be read; else what it is:
	 * MC_UNSIGNED, MC_MALFORMED, or MC_UNTRUSTED for a signer whose
	 * certificate is missing or proves nothing.  Then message is NULL. */
	struct mc_err form;
	mc_signed *message;

	struct mc_err intact;     /* MC_ALTERED */
	struct mc_err trust;      /* MC_UNTRUSTED */
	const struct mc_leg *leg; /* whose it is; NULL: none trusts it */
	mc_certs *chain;          /* signer first; NULL: none was found */
	struct mc_err dates;      /* MC_OUTOFDATE */
	bool dateless;            /* a factory chain: dates were not asked */
	struct mc_err revoked;    /* MC_REVOKED; or not known, or stale */
	bool revocable;           /* somebody was asked about that */
	struct mc_revoked_facts revocation; /* of the signer, by files */
	struct mc_err demands;              /* MC_MISMATCH */
	char owner[MC_OWNER_TEXT];

	/* What was signed, where intact; where unsigned, the input.  Else
	 * empty. */
	struct mc_buf content;
};

#define AUTO_VERDICT                                                           \
	__attribute__((cleanup(mc_verdict_clear))) struct mc_verdict
void mc_verdict_clear(struct mc_verdict *v);

/*
 * The verdict on all that was asked, in *e: MC_OK or the first failure of
 * malformed, unsigned, altered, untrusted, revoked, out of date, mismatch.
 */
bool mc_verdict_check(const struct mc_verdict *v, struct mc_err *e);

/*
 * The certificate of its chain that expires first, or the signer where there is
 * none, lent; and the seconds left to it.  False where there is none at all.
 */
bool mc_verdict_first(const struct mc_verdict *v, X509 **first, int64_t *left);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What mcprofile-verify found out about a message, and how it is told to
 * people.  A stranger's content, or a changed one, is never described.
 */
#ifndef MC_VERIFY_VERDICT_H
#define MC_VERIFY_VERDICT_H

#include "ca/issued.h"
#include "crypto/cms.h"
#include "crypto/trust.h"

/* One way to be trusted. */
struct mc_leg {
	const char *kind; /* the fact SIGNER */
	const char *as;   /* the same for people */
	const char *ca;   /* scep-ca's folder, whose store has the last word */
	mc_trust *trust;
};

/* What was found out about a message. */
struct mc_verdict {
	mc_signed *message;
	const struct mc_leg *leg; /* NULL: none trusts the signer */
	mc_certs *chain;          /* NULL: none was found */
	struct mc_err trust;      /* MC_OK, or why not */
	struct mc_err intact;
	struct mc_buf content; /* only to be given out when both are MC_OK */
	char owner[MC_OWNER_TEXT];
};

#define AUTO_VERDICT                                                           \
	__attribute__((cleanup(mc_verdict_clear))) struct mc_verdict
void mc_verdict_clear(struct mc_verdict *v);

/* Append the report: verdicts, signer, chain, and what is in the profile. */
MC_NODISCARD bool mc_verdict_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The chain that a signer brings along, completed and judged before anything
 * is signed.  Not about trust: whoever verifies has anchors of their own.
 */
#ifndef MC_COMPLETE_H
#define MC_COMPLETE_H

#include "crypto/ossl.h"

/* What is let pass where somebody says so. */
enum {
	MC_PASS_INCOMPLETE = 1, /* no root was found */
	MC_PASS_DATES = 2,      /* expired, or not valid yet */
	MC_PASS_USAGE = 4,      /* may not sign, or may not issue */
	MC_PASS_WEAK = 8,       /* small keys, old digests */
};

struct mc_complete_spec {
	const mc_certs *certs; /* to complete it with; may be NULL */
	bool system;           /* and with the system's store */
	int64_t at;            /* when it is signed: seconds since 1970 */
	unsigned pass;         /* MC_PASS_* */
};

struct mc_completed {
	mc_certs *chain; /* from what issued the signer up to the root, as far
			    as it was found; owned, without the signer */
	bool root; /* the last one, or the signer itself, is self-signed */
	int64_t
	    not_after;   /* of the one that expires first, signer among them */
	char first[256]; /* ... its subject, mc_name_show()'s */
};
#define AUTO_COMPLETED                                                         \
	__attribute__((cleanup(mc_completed_clear))) struct mc_completed
void mc_completed_clear(struct mc_completed *c);

/*
 * Find the chain of signer, each link's signature checked.  MC_UNTRUSTED for
 * one that does not end in a root, or has a fault (a CA that is none, a path
 * that is too long, a weak link); MC_OUTOFDATE for one that is out of date at
 * that time; MC_USAGE for a signer whose key usage does not allow signatures.
 * The message names the certificate and what is wrong, and *fault (may be NULL)
 * is the MC_PASS_* that would let it pass, or 0, for the caller to name the
 * option.
 */
MC_NODISCARD bool
mc_complete_find(X509 *signer, const struct mc_complete_spec *spec,
    struct mc_completed *out, unsigned *fault, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* What somebody wants a message to say, besides that it is good. */
#ifndef MC_VERIFY_DEMANDS_H
#define MC_VERIFY_DEMANDS_H

#include "base/hex.h"
#include "verify/args.h"
#include "verify/verdict.h"

struct mc_demands {
	struct {
		bool key; /* of the key, else of the certificate */
		char sha256[MC_SHA256_HEX];
	} signers[MC_LIST_MAX]; /* one of them is enough */
	size_t n;
	unsigned min_days;
	const char *identifier; /* lent by the options */
	unsigned min_digest;    /* bits; 0: none demanded */
};

/* From the options.  MC_USAGE, naming the option. */
MC_NODISCARD bool mc_demands_parse(const struct mc_verify_args *args,
    struct mc_demands *out, struct mc_err *e);

/* Is anything demanded at all? */
bool mc_demands_any(const struct mc_demands *d);

/*
 * Set the verdict's answer: MC_OK, or MC_MISMATCH with the first that is not
 * met.  What of a verdict is not known meets no demand.
 */
MC_NODISCARD bool mc_demands_check(
    const struct mc_demands *d, struct mc_verdict *v, struct mc_err *e);

#endif

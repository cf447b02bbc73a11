/* SPDX-License-Identifier: ISC */
/* Whom to trust: the legs that the options name, in the order of asking. */
#ifndef MC_VERIFY_ANCHORS_H
#define MC_VERIFY_ANCHORS_H

#include "verify/args.h"
#include "verify/verdict.h"

struct mc_legs {
	struct mc_leg v[2 * MC_LIST_MAX + 2];
	size_t n;
	mc_certs *files;           /* from all of them: a signer may be there */
	mc_revocation *revocation; /* NULL: no file of that kind */
};

#define AUTO_LEGS __attribute__((cleanup(mc_legs_clear))) struct mc_legs
void mc_legs_clear(struct mc_legs *l);

/* Load all that the options name.  Messages name the option and the file. */
MC_NODISCARD bool mc_legs_load(
    const struct mc_verify_args *args, struct mc_legs *l, struct mc_err *e);

#endif

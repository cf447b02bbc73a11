/* SPDX-License-Identifier: ISC */
/* What is done to one profile, or to many. */
#ifndef MC_SIGN_WORK_H
#define MC_SIGN_WORK_H

#include "sign/signer.h"
#include "stage/files.h"

/* What is the same for every profile. */
struct mc_sign_work {
	const struct mc_sign_args *args; /* lent */
	struct mc_signer signer;         /* but for --attach */
	struct mc_buf old;               /* of --replaces */
	struct mc_buf signature;         /* of --attach */
	struct mc_files from;
	struct mc_files into; /* empty: to standard output */
};
#define AUTO_SIGN_WORK                                                         \
	__attribute__((cleanup(mc_sign_work_clear))) struct mc_sign_work
void mc_sign_work_clear(struct mc_sign_work *w);

/* Find files and load keys, as the options, which are checked, say. */
MC_NODISCARD bool mc_sign_work_init(struct mc_sign_work *w,
    const struct mc_sign_args *args, struct mc_io *io, struct mc_err *e);

/* Sign them all, each looked at before and verified after. */
MC_NODISCARD bool mc_sign_work_run(
    const struct mc_sign_work *w, struct mc_io *io, struct mc_err *e);

#endif

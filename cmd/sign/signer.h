/* SPDX-License-Identifier: ISC */
/* Who signs: an identity that is fit for it, and the chain it brings along. */
#ifndef MC_SIGN_SIGNER_H
#define MC_SIGN_SIGNER_H

#include "crypto/identity.h"
#include "sign/args.h"
#include "stage/stage.h"

struct mc_signer {
	struct mc_identity id;
	mc_certs *bag;   /* what goes along with the signer's own */
	int64_t at;      /* signingTime; 0: the clock's when it is signed */
	bool no_forking; /* the key is in a token */
};
#define AUTO_SIGNER __attribute__((cleanup(mc_signer_clear))) struct mc_signer
void mc_signer_clear(struct mc_signer *s);

/*
 * Load and judge one.  Messages name the option that says where it is, and the
 * one that lets pass what is refused; what is only worth knowing goes to
 * io->say.
 */
MC_NODISCARD bool mc_signer_load(struct mc_signer *s,
    const struct mc_sign_args *args, const struct mc_io *io, struct mc_err *e);

#endif

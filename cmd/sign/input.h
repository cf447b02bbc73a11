/* SPDX-License-Identifier: ISC */
/* What comes in, looked at before anything is signed. */
#ifndef MC_SIGN_INPUT_H
#define MC_SIGN_INPUT_H

#include "base/buf.h"

/*
 * The profile in a message: what comes in, or, with resign, the content of a
 * signature that holds, which is put into own.  MC_MALFORMED for what no device
 * installs (it is no plist, or no profile), and for what is signed already;
 * MC_ALTERED for a signature that does not hold.
 */
MC_NODISCARD bool mc_sign_input_get(const struct mc_buf *in, bool resign,
    struct mc_buf *own, const struct mc_buf **profile, struct mc_err *e);

/* Would devices take this signed message as an update of old?  MC_DENIED. */
MC_NODISCARD bool mc_sign_update_check(
    const struct mc_buf *old, const struct mc_buf *message, struct mc_err *e);

#endif

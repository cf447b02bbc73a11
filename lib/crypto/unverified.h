/* SPDX-License-Identifier: ISC */
/*
 * The content of a message that nobody has verified: for people who want to
 * look at it all the same, and never for a decision.
 */
#ifndef MC_UNVERIFIED_H
#define MC_UNVERIFIED_H

#include "base/buf.h"

/*
 * Append the eContent of a SignedData, BER or DER, as it is.  MC_MALFORMED
 * where the message cannot be read, or has none; MC_UNSIGNED for what is no
 * SignedData.
 */
MC_NODISCARD bool mc_unverified_content(
    const struct mc_buf *msg, struct mc_buf *content, struct mc_err *e);

#endif

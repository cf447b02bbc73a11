/* SPDX-License-Identifier: ISC */
/* Bytes in a profile that are certificates, or an envelope. */
#ifndef MC_VERIFY_BLOB_H
#define MC_VERIFY_BLOB_H

#include "base/buf.h"

/*
 * Append lines about bytes, each indented by depth; none where they are
 * nothing that is known.  No days left: what is the same reads the same.
 */
MC_NODISCARD bool mc_blob_describe(const struct mc_buf *bytes, unsigned depth,
    struct mc_buf *to, struct mc_err *e);

#endif

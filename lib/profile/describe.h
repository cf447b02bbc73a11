/* SPDX-License-Identifier: ISC */
/* What a profile, or a device's answer, says, in a few lines for people. */
#ifndef MC_PROFILE_DESCRIBE_H
#define MC_PROFILE_DESCRIBE_H

#include "base/buf.h"

/*
 * Append lines about content, a plist or not; all but the first begin with
 * indent.  Fails for want of memory only.
 */
MC_NODISCARD bool mc_profile_describe(const struct mc_buf *content,
    const char *indent, struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* What people take for an XML profile is refused in words of its own. */
#ifndef MC_PLIST_KIND_H
#define MC_PLIST_KIND_H

#include "base/buf.h"

/* Not empty, binary, DER, PEM, UTF-16 or too large.  MC_MALFORMED. */
MC_NODISCARD bool mc_kind_check(const struct mc_buf *in, struct mc_err *e);

#endif

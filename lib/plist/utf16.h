/* SPDX-License-Identifier: ISC */
/* UTF-16 as binary plists have it, big-endian, made UTF-8. */
#ifndef MC_PLIST_UTF16_H
#define MC_PLIST_UTF16_H

#include "base/buf.h"

/* Append n units.  MC_MALFORMED where one is half a surrogate pair. */
MC_NODISCARD bool mc_utf16_parse(
    const uint8_t *p, uint64_t n, struct mc_buf *to, struct mc_err *e);

#endif

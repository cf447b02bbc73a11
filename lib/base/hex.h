/* SPDX-License-Identifier: ISC */
/* Hexadecimal and base64.  Decoders are strict: every character counts. */
#ifndef MC_HEX_H
#define MC_HEX_H

#include "base/buf.h"

#define MC_SHA256_HEX 65 /* room for a digest and its NUL */

/* Append len bytes as lower-case hexadecimal. */
MC_NODISCARD bool mc_hex_encode(
    const void *data, size_t len, struct mc_buf *to, struct mc_err *e);

/* Decode hexadecimal of exactly len bytes; either case; false otherwise. */
bool mc_hex_parse(const char *s, uint8_t *out, size_t len);

/* Append standard base64 (RFC 4648 section 4) on one line, padded. */
MC_NODISCARD bool mc_base64_encode(
    const void *data, size_t len, struct mc_buf *to, struct mc_err *e);

/*
 * Append what len characters of base64 decode to.  Blanks and line ends are
 * skipped; missing padding is accepted where lax, wrong padding never is.
 */
MC_NODISCARD bool mc_base64_parse(
    const char *s, size_t len, bool lax, struct mc_buf *to, struct mc_err *e);

#endif

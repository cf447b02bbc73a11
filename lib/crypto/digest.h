/* SPDX-License-Identifier: ISC */
/* SHA-256, HMAC-SHA-256 and random bytes. */
#ifndef MC_DIGEST_H
#define MC_DIGEST_H

#include "base/hex.h"
#include "crypto/ossl.h"

#define MC_SHA256_LEN 32

MC_NODISCARD bool mc_sha256(const void *data, size_t len,
    uint8_t out[static MC_SHA256_LEN], struct mc_err *e);

/* As lower-case hexadecimal. */
MC_NODISCARD bool mc_sha256_hex(const void *data, size_t len,
    char out[static MC_SHA256_HEX], struct mc_err *e);

MC_NODISCARD bool mc_hmac_sha256(const struct mc_buf *key, const void *data,
    size_t len, uint8_t out[static MC_SHA256_LEN], struct mc_err *e);

MC_NODISCARD bool mc_rand_bytes(void *out, size_t len, struct mc_err *e);

/* Append a secret: 128 random bits in lower-case hexadecimal. */
#define MC_RAND_HEX 33 /* with a NUL */
MC_NODISCARD bool mc_rand_hex(struct mc_buf *to, struct mc_err *e);

#endif

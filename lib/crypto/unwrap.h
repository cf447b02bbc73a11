/* SPDX-License-Identifier: ISC */
/*
 * The two steps of opening an envelope that touch secrets: RSA key transport
 * (RFC 8017: RSAES-PKCS1-v1_5, section 7.2, and RSAES-OAEP, section 7.1) and
 * CBC with padding (RFC 5652 section 6.3), without an oracle in any.
 *
 * Whether the RSA padding was good is not told, neither by the result nor by
 * the time: a block that is not well formed unwraps to a pseudo-random key
 * instead, the same one for the same message, unknown without the RSA key
 * (implicit rejection, which OpenSSL 3.0 does not have).  For both paddings
 * the key does one thing, raw RSA, which a token can do as well.
 */
#ifndef MC_UNWRAP_H
#define MC_UNWRAP_H

#include "crypto/envelope.h"

#define MC_UNWRAP_KEY 32   /* the longest content key */
#define MC_UNWRAP_BLOCK 16 /* the longest block, and so IV */

/*
 * The content key of len bytes that is encrypted to this RSA key.  oaep is the
 * digest of RSAES-OAEP; NULL: PKCS #1 v1.5.  False only for what has nothing
 * to do with encrypted: MC_USAGE for a key too small or too large, MC_DENIED
 * for one too small for that digest, MC_INTERNAL.
 */
MC_NODISCARD bool
mc_unwrap_key(EVP_PKEY *pkey, const char *oaep, const struct mc_buf *encrypted,
    size_t len, uint8_t key[static MC_UNWRAP_KEY], struct mc_err *e);

/* A cipher in CBC mode, with what it needs.  Everything is lent. */
struct mc_unwrap_cipher {
	OSSL_LIB_CTX *ctx; /* NULL: the default one */
	const char *name;  /* OpenSSL's: "AES-256-CBC" */
	size_t block;      /* bytes; the IV's length too */
	const uint8_t *key;
	const uint8_t *iv;
};

/*
 * Append what encrypted, whole blocks and at least one, decrypts to, without
 * its padding.  MC_DENIED, nothing appended, for bad padding.
 */
MC_NODISCARD bool mc_unwrap_cbc(const struct mc_unwrap_cipher *c,
    const struct mc_buf *encrypted, struct mc_buf *to, struct mc_err *e);

#endif

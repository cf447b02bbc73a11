/* SPDX-License-Identifier: ISC */
/*
 * A content key under a password: PBKDF2 (RFC 8018) makes a key of it, and
 * that one wraps the content key twice over in CBC mode, with three bytes by
 * which a wrong password is seen (RFC 3211 section 2.3).
 */
#ifndef MC_PWRI_H
#define MC_PWRI_H

#include "crypto/envelope.h"

#define MC_PWRI_SALT_MIN 8
#define MC_PWRI_SALT_MAX 64
/* A wrapped content key, with its padding: more than two blocks of AES. */
#define MC_PWRI_WRAPPED 64

struct mc_pwri {
	const char *prf; /* digest of HMAC: "SHA256" */
	uint8_t salt[MC_PWRI_SALT_MAX];
	size_t salt_len;
	unsigned iterations;
	enum mc_cipher kek; /* not MC_DES_CBC */
	uint8_t iv[16];
};

/* A content key, and whether its check bytes are right. */
struct mc_pwri_key {
	uint8_t b[32];
	size_t len;    /* the caller's to set */
	uint32_t good; /* all ones or all zeros */
};

/*
 * The content key of key->len bytes.  A wrong password is no failure here: it
 * is not good then, and something else.  Look at that only when the content
 * has been decrypted, so that no time is told.  False, MC_MALFORMED, for what
 * cannot hold such a key.
 */
MC_NODISCARD bool
mc_pwri_unwrap(const struct mc_pwri *p, const struct mc_buf *password,
    const struct mc_buf *wrapped, struct mc_pwri_key *key, struct mc_err *e);

/* Append key, of len bytes, wrapped. */
MC_NODISCARD bool
mc_pwri_wrap(const struct mc_pwri *p, const struct mc_buf *password,
    const uint8_t *key, size_t len, struct mc_buf *wrapped, struct mc_err *e);

#endif

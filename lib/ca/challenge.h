/* SPDX-License-Identifier: ISC */
/*
 * One-time challenges: 128 random bits, of which only a hash is kept.
 *
 * They are looked up by that hash, so no comparison sees the secret itself.
 * What a certificate may say, and to whom it belongs, is decided here, when
 * the challenge is made, and never by the request that brings it.
 */
#ifndef MC_CA_CHALLENGE_H
#define MC_CA_CHALLENGE_H

#include "base/time.h"
#include "crypto/digest.h"
#include "store/challenge.h"

#define MC_CHALLENGE_TTL MC_HOUR

struct mc_challenge_spec {
	const char *subject; /* "/O=../CN=.."; NULL: whatever is asked */
	const char *owner;   /* enrolment id, printable ASCII, or NULL */
	int64_t ttl;         /* seconds; 0: MC_CHALLENGE_TTL */
};

/*
 * Record a new challenge and append it to text: 32 hexadecimal digits.  Works
 * inside a transaction and without one.  MC_MALFORMED for a subject that is
 * no name, MC_USAGE for a time to live that is over at once or too long, and
 * for an owner that is no such id.
 */
MC_NODISCARD bool
mc_challenge_new(struct mc_store *s, const struct mc_challenge_spec *spec,
    struct mc_buf *text, struct mc_err *e);

/* What the store knows a challenge by. */
MC_NODISCARD bool mc_challenge_hash(const struct mc_buf *text,
    char out[static MC_SHA256_HEX], struct mc_err *e);

#endif

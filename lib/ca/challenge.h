/* SPDX-License-Identifier: ISC */
/*
 * Challenges.  Those of the store are 128 random bits, of which only a hash is
 * kept; they are looked up by that hash, so no comparison sees the secret
 * itself.  Those that a shared secret signs (HMAC) come from elsewhere and say
 * themselves what they are good for; the store learns of one when it is used.
 *
 * What a certificate may say, and to whom it belongs, is decided here, when
 * the challenge is made, and never by the request that brings it.
 */
#ifndef MC_CA_CHALLENGE_H
#define MC_CA_CHALLENGE_H

#include "base/time.h"
#include "crypto/digest.h"
#include "store/challenge.h"

#define MC_CHALLENGE_TTL MC_HOUR
#define MC_CHALLENGE_MAX 255 /* characters of one with a MAC */

struct mc_challenge_spec {
	const char *subject; /* "/O=../CN=.."; NULL: whatever is asked */
	const char *names;   /* subjectAltName, crypto/names.h, or NULL */
	const char *owner;   /* enrolment id, printable ASCII, or NULL */
	const char *user;    /* printable, or NULL */
	const char *profile; /* NULL: "default"; MC_CHALLENGE_ANY: any */
	int64_t ttl;         /* seconds; 0: MC_CHALLENGE_TTL */
	unsigned uses;       /* 0: one */
	/*
	 * It also opens envelopes (RFC 8894 section 3.1, for keys that cannot
	 * decrypt): it is kept, encrypted to this RA.  NULL: it does not.
	 */
	X509 *ra;
};

/*
 * What of it needs no parsing: lengths, characters, the time to live.
 * MC_USAGE.
 */
MC_NODISCARD bool
mc_challenge_spec_check(const struct mc_challenge_spec *spec, struct mc_err *e);

/*
 * Record a new challenge and append it to text: 32 hexadecimal digits.  Works
 * inside a transaction and without one.  MC_MALFORMED for a subject that is
 * no name, MC_USAGE for a time to live that is over at once or too long, and
 * for an owner that is no such id.
 */
MC_NODISCARD bool
mc_challenge_new(struct mc_store *s, const struct mc_challenge_spec *spec,
    struct mc_buf *text, struct mc_err *e);

/* What the store knows one of its own by. */
MC_NODISCARD bool mc_challenge_hash(const struct mc_buf *text,
    char out[static MC_SHA256_HEX], struct mc_err *e);

/*
 * Make one that the store does not know, signed with secret (16 bytes or
 * more), and append it:
 *
 *	BODY "." MAC
 *	BODY	base64url, unpadded, of lines "name=value": expires (seconds
 *		since 1970), id (16 characters or more, random), and where
 *		they are wanted uses, subject, names, owner, user, profile
 *		(without which it is "default"; "*" is any)
 *	MAC	HMAC-SHA-256 of BODY, 64 hexadecimal digits, lower case
 *
 * ra has no meaning here.  At most MC_CHALLENGE_MAX characters: MC_USAGE where
 * it says more.
 */
MC_NODISCARD bool mc_challenge_mint(const struct mc_buf *secret,
    const struct mc_challenge_spec *spec, struct mc_buf *text,
    struct mc_err *e);

/*
 * Read one: *genuine is false where it has another form or another MAC, which
 * is compared in constant time and in its one spelling.  out's hash is that of
 * BODY, by which the store counts its uses: whatever else could be spelled in
 * two ways would be good for two times as many.  MC_MALFORMED for one that is
 * genuine, but says what cannot be: whoever holds the secret is told.
 */
MC_NODISCARD bool
mc_challenge_hmac_parse(const struct mc_buf *secret, const struct mc_buf *text,
    struct mc_challenge *out, bool *genuine, struct mc_err *e);

#endif

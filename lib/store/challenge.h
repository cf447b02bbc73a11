/* SPDX-License-Identifier: ISC */
/*
 * One-time challenges.  Only a hash is stored; identity comes from the row.
 *
 * These work inside a transaction that the caller began.
 */
#ifndef MC_STORE_CHALLENGE_H
#define MC_STORE_CHALLENGE_H

#include "base/hex.h"
#include "store/store.h"

struct mc_challenge {
	char hash[MC_SHA256_HEX]; /* SHA-256 of the challenge, hexadecimal: the
				     key */
	char *subject; /* "/O=../CN=..": what may be asked; NULL: any */
	char *owner;   /* enrolment id, or NULL */
	int64_t created;
	int64_t expires;
	char used_by[MC_SHA256_HEX]; /* request key that used it up, "" while
					unused */
};

#define AUTO_CHALLENGE                                                         \
	__attribute__((cleanup(mc_challenge_clear))) struct mc_challenge

void mc_challenge_clear(struct mc_challenge *c);

/* Strings of c are copied. */
MC_NODISCARD bool mc_store_challenge_add(
    struct mc_store *s, const struct mc_challenge *c, struct mc_err *e);

/* By hash; *found false where there is none. */
MC_NODISCARD bool mc_store_challenge_find(struct mc_store *s, const char *hash,
    struct mc_challenge *out, bool *found, struct mc_err *e);

/* Mark as used up by a request.  MC_DENIED if it is used already. */
MC_NODISCARD bool mc_store_challenge_use(struct mc_store *s, const char *hash,
    const char *request, struct mc_err *e);

/* Every one, newest first; each's false stops with its error. */
MC_NODISCARD bool mc_store_challenge_list(struct mc_store *s,
    bool (*each)(void *ctx, const struct mc_challenge *c, struct mc_err *e),
    void *ctx, struct mc_err *e);

#endif

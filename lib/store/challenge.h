/* SPDX-License-Identifier: ISC */
/*
 * Challenges: what certificates they are good for, and how often.  Only a hash
 * is stored; identity comes from the row.
 *
 * These work inside a transaction that the caller began.
 */
#ifndef MC_STORE_CHALLENGE_H
#define MC_STORE_CHALLENGE_H

#include "base/hex.h"
#include "store/store.h"

/* A challenge's profile: every one.  It is no profile's name. */
#define MC_CHALLENGE_ANY "*"

/* Challenges that may open envelopes, looked through for one request. */
#define MC_CHALLENGE_SEALED_MAX 32

struct mc_challenge {
	char hash[MC_SHA256_HEX]; /* SHA-256 of the challenge: the key */
	char *subject; /* "/O=../CN=..": what may be asked; NULL: any */
	char *names;   /* subjectAltName to issue, crypto/names.h, or NULL */
	char *owner;   /* enrolment id, or NULL */
	char *user;    /* whose certificates they will be, or NULL */
	char *profile; /* of ca.conf, the only one; NULL: "default";
			  MC_CHALLENGE_ANY: each that takes challenges */
	int64_t created;
	int64_t expires;
	unsigned uses;        /* how often it may be used, 1 or more */
	unsigned used;        /* how often it was */
	unsigned failures;    /* requests that brought it and were refused */
	int64_t revoked_at;   /* 0: never */
	struct mc_buf sealed; /* the challenge, encrypted to the RA, for
				 requesters that encrypt with it; or empty */
	char used_by[MC_SHA256_HEX]; /* request key that used it last, or "" */
};

#define AUTO_CHALLENGE                                                         \
	__attribute__((cleanup(mc_challenge_clear))) struct mc_challenge

void mc_challenge_clear(struct mc_challenge *c);

/* "open", "used", "expired", "revoked" */
const char *mc_challenge_status(const struct mc_challenge *c, int64_t now);

/* Strings of c are copied; used, failures and revoked_at are not looked at. */
MC_NODISCARD bool mc_store_challenge_add(
    struct mc_store *s, const struct mc_challenge *c, struct mc_err *e);

/* By hash; *found false where there is none. */
MC_NODISCARD bool mc_store_challenge_find(struct mc_store *s, const char *hash,
    struct mc_challenge *out, bool *found, struct mc_err *e);

/* Count one use, by this request.  MC_DENIED if none is left. */
MC_NODISCARD bool mc_store_challenge_use(struct mc_store *s, const char *hash,
    const char *request, struct mc_err *e);

/*
 * Count a refusal of a request that brought it; *failures is the new count.
 * MC_INTERNAL where there is no such challenge: find it first.
 */
MC_NODISCARD bool mc_store_challenge_fail(
    struct mc_store *s, const char *hash, unsigned *failures, struct mc_err *e);

/*
 * Take back every open one whose hash begins with prefix (12 hexadecimal
 * digits or more), or of this user, or with this owner: the one that is not
 * NULL.  *n is how many; MC_USAGE for a prefix that is none.
 */
MC_NODISCARD bool mc_store_challenge_revoke(struct mc_store *s,
    const char *prefix, const char *user, const char *owner, int64_t at,
    unsigned *n, struct mc_err *e);

/*
 * Delete those that expired before this time, and have no certificate and no
 * request that waits.
 */
MC_NODISCARD bool mc_store_challenge_purge(
    struct mc_store *s, int64_t before, unsigned *n, struct mc_err *e);

typedef bool
mc_challenge_each(void *ctx, const struct mc_challenge *c, struct mc_err *e);

/* Newest first, at most limit (0: all); each's false stops with its error. */
MC_NODISCARD bool mc_store_challenge_list(struct mc_store *s, unsigned limit,
    mc_challenge_each *each, void *ctx, struct mc_err *e);

/*
 * Those that have a sealed part and are neither expired nor revoked: the open
 * ones first, then those used up, whose request may come again and has to be
 * opened for that; newest first, MC_CHALLENGE_SEALED_MAX.
 */
MC_NODISCARD bool mc_store_challenge_list_sealed(struct mc_store *s,
    int64_t now, mc_challenge_each *each, void *ctx, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Requests that wait for a person (or a program) to decide: SCEP's PENDING.
 *
 * The certification request itself is not kept, for it may hold a challenge:
 * what is to be certified is, and the hash by which a repetition is known.
 */
#ifndef MC_STORE_REQUEST_H
#define MC_STORE_REQUEST_H

#include "base/hex.h"
#include "store/certificate.h"

enum mc_request_state {
	MC_REQUEST_PENDING,
	MC_REQUEST_APPROVED, /* the requester's next message gets it */
	MC_REQUEST_REJECTED,
	MC_REQUEST_ISSUED,
};

struct mc_request {
	int64_t id;                  /* what people call it by */
	char request[MC_SHA256_HEX]; /* as in a certificate's row */
	char *transaction;
	char signer[MC_SHA256_HEX];
	char csr[MC_SHA256_HEX];
	char *profile;
	char *subject;                 /* as it will be issued */
	char *names;                   /* or NULL */
	char *owner, *user, *source;   /* or NULL */
	char challenge[MC_SHA256_HEX]; /* used up by it, or "" */
	char replaces[MC_SERIAL_TEXT];
	struct mc_buf key; /* SubjectPublicKeyInfo, DER */
	enum mc_request_state state;
	int64_t created;
	int64_t expires;
	int64_t decided;  /* 0: not yet */
	char *decided_by; /* login name of who did, or NULL */
	char *reason;     /* why it was rejected, for the log, or NULL */
};

#define AUTO_REQUEST                                                           \
	__attribute__((cleanup(mc_request_clear))) struct mc_request

void mc_request_clear(struct mc_request *r);

/* "pending", "approved", "rejected", "issued" */
const char *mc_request_state_name(enum mc_request_state state);

/* As pending; id and what is decided later are not looked at. */
MC_NODISCARD bool mc_store_request_add(
    struct mc_store *s, const struct mc_request *r, struct mc_err *e);

/* By the key of the request. */
MC_NODISCARD bool mc_store_request_find(struct mc_store *s, const char *request,
    struct mc_request *out, bool *found, struct mc_err *e);

/* A poll's: the newest of this transaction and signer. */
MC_NODISCARD bool
mc_store_request_find_poll(struct mc_store *s, const char *transaction,
    const char *signer, struct mc_request *out, bool *found, struct mc_err *e);

MC_NODISCARD bool mc_store_request_find_id(struct mc_store *s, int64_t id,
    struct mc_request *out, bool *found, struct mc_err *e);

/*
 * From one state to another; *changed is false where it is in another one, or
 * not there.  by and reason may be NULL.
 */
MC_NODISCARD bool mc_store_request_decide(struct mc_store *s, int64_t id,
    enum mc_request_state from, enum mc_request_state to, int64_t at,
    const char *by, const char *reason, bool *changed, struct mc_err *e);

typedef bool
mc_request_each(void *ctx, const struct mc_request *r, struct mc_err *e);

/* Oldest first; of one state, or all where all. */
MC_NODISCARD bool
mc_store_request_list(struct mc_store *s, enum mc_request_state state, bool all,
    unsigned limit, mc_request_each *each, void *ctx, struct mc_err *e);

/* How many wait and have not expired: all, of a source, of a signer's key. */
MC_NODISCARD bool mc_store_request_count(
    struct mc_store *s, int64_t now, int64_t *pending, struct mc_err *e);
MC_NODISCARD bool mc_store_request_count_source(struct mc_store *s, int64_t now,
    const char *source, int64_t *pending, struct mc_err *e);
MC_NODISCARD bool mc_store_request_count_signer(struct mc_store *s, int64_t now,
    const char *signer, int64_t *pending, struct mc_err *e);

/*
 * Delete those that would have waited until before this time at most, whatever
 * came of them: the oldest, at most limit (0: all).  *n is how many.
 */
MC_NODISCARD bool mc_store_request_purge(struct mc_store *s, int64_t before,
    unsigned limit, unsigned *n, struct mc_err *e);

#endif

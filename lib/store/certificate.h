/* SPDX-License-Identifier: ISC */
/*
 * What the CA has issued, or is about to.
 *
 * A row is first an intent, committed before anything is signed, with its
 * serial number; then the certificate is put into it.  So no certificate
 * exists that is not on record, and a crash between the two leaves an intent,
 * which the request's next attempt finishes.  Hashes are SHA-256 in lower-case
 * hexadecimal and come from above: nothing here computes one.
 */
#ifndef MC_STORE_CERTIFICATE_H
#define MC_STORE_CERTIFICATE_H

#include "base/hex.h"
#include "store/store.h"

#define MC_OWNER_TEXT 129 /* an enrolment id of 128 characters, NUL */

enum mc_certificate_state {
	MC_CERTIFICATE_INTENT,
	MC_CERTIFICATE_VALID, /* as far as the CA is concerned: see not_after */
	MC_CERTIFICATE_REVOKED,
};

struct mc_certificate {
	int64_t id; /* order of issue */
	char serial[MC_SERIAL_TEXT];
	char request[MC_SHA256_HEX]; /* key of the request: hash of the next
					three */
	char *transaction;           /* SCEP's transactionID */
	char
	    signer[MC_SHA256_HEX]; /* hash of the key that signed the request */
	char csr[MC_SHA256_HEX];   /* hash of the certification request */
	char *subject;             /* "/O=../CN=.." */
	char *owner; /* enrolment id, from the challenge, or NULL */
	char
	    challenge[MC_SHA256_HEX]; /* hash of the challenge it used, or "" */
	int64_t not_before;
	int64_t not_after;
	enum mc_certificate_state state;
	struct mc_buf der; /* empty while an intent */
	int64_t created;
	int64_t revoked_at; /* 0: never */
	int64_t reason;     /* CRLReason, RFC 5280 section 5.3.1 */
};

#define AUTO_CERTIFICATE                                                       \
	__attribute__((cleanup(mc_certificate_clear))) struct mc_certificate

void mc_certificate_clear(struct mc_certificate *c);

/* "intent", "valid", "revoked" */
const char *mc_certificate_state_name(enum mc_certificate_state state);

/*
 * Record an intent; c's id, state, der and revocation are not looked at.
 * MC_DENIED where the serial number or the request is there already: look for
 * the request first, in the same transaction.
 */
MC_NODISCARD bool mc_store_certificate_add(
    struct mc_store *s, const struct mc_certificate *c, struct mc_err *e);

/*
 * Put the certificate into the intent with this serial number.  *finished is
 * false where there is no such intent any more: another process was faster.
 */
MC_NODISCARD bool
mc_store_certificate_finish(struct mc_store *s, const char *serial,
    const struct mc_buf *der, bool *finished, struct mc_err *e);

/* *revoked is false where no valid certificate has this serial number. */
MC_NODISCARD bool
mc_store_certificate_revoke(struct mc_store *s, const char *serial, int64_t at,
    int64_t reason, bool *revoked, struct mc_err *e);

/* *found is false where there is none; out is then left alone. */
MC_NODISCARD bool
mc_store_certificate_find(struct mc_store *s, const char *serial,
    struct mc_certificate *out, bool *found, struct mc_err *e);
MC_NODISCARD bool
mc_store_certificate_find_request(struct mc_store *s, const char *request,
    struct mc_certificate *out, bool *found, struct mc_err *e);

/* c is lent for the call; false stops the list with its error. */
typedef bool mc_certificate_each(
    void *ctx, const struct mc_certificate *c, struct mc_err *e);

/* At most limit of them, newest first. */
MC_NODISCARD bool mc_store_certificate_list(struct mc_store *s, unsigned limit,
    mc_certificate_each *each, void *ctx, struct mc_err *e);

#endif

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

/* By what right it was issued. */
enum mc_certificate_way {
	MC_WAY_CHALLENGE, /* a one-time challenge of the store */
	MC_WAY_HMAC,      /* a challenge that a shared secret signed */
	MC_WAY_RENEWAL,   /* the certificate that it follows */
	MC_WAY_PROGRAM,   /* the profile's program said so */
	MC_WAY_APPROVAL,  /* a person said so */
	MC_WAY_ADMIN,     /* scep-ca sign */
	MC_WAY_IMPORT,    /* issued elsewhere, by the same CA */
};

struct mc_certificate {
	int64_t id; /* order of issue */
	char serial[MC_SERIAL_TEXT];
	char request[MC_SHA256_HEX]; /* key of the request: hash of the next
					three */
	char *transaction;           /* SCEP's transactionID */
	char signer[MC_SHA256_HEX];  /* key that signed the request */
	char csr[MC_SHA256_HEX];     /* the certification request */
	char key[MC_SHA256_HEX];     /* the key that is certified, and that of
					the CA that signs: "" in old rows */
	char issuer[MC_SHA256_HEX];
	enum mc_certificate_way way;
	char *profile; /* of ca.conf */
	char *subject; /* "/O=../CN=.." */
	char *names;   /* subjectAltName, crypto/names.h; NULL: none */
	char *owner;   /* enrolment id, from the challenge, or NULL */
	char *user;    /* whose it is, or NULL */
	char *source;  /* the address that asked, or NULL */
	char
	    challenge[MC_SHA256_HEX]; /* hash of the challenge it used, or "" */
	char replaces[MC_SERIAL_TEXT]; /* the certificate it renews, or "" */
	int64_t not_before;
	int64_t not_after;
	enum mc_certificate_state state;
	struct mc_buf der; /* empty while an intent */
	int64_t created;
	int64_t told; /* when those to be told before had been; 0: not yet */
	int64_t revoked_at; /* 0: never */
	int64_t reason;     /* CRLReason, RFC 5280 section 5.3.1 */
};

#define AUTO_CERTIFICATE                                                       \
	__attribute__((cleanup(mc_certificate_clear))) struct mc_certificate

void mc_certificate_clear(struct mc_certificate *c);

/* "intent", "valid", "revoked" */
const char *mc_certificate_state_name(enum mc_certificate_state state);
/* "challenge", "hmac", "renewal", "program", "approval", "admin", "import" */
const char *mc_certificate_way_name(enum mc_certificate_way way);

/*
 * Record an intent; c's id, state, der, told and revocation are not looked
 * at.  MC_DENIED where the serial number or the request is there already:
 * look for the request first, in the same transaction.
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

/* Those who are to know before the certificate leaves know it. */
MC_NODISCARD bool mc_store_certificate_told(
    struct mc_store *s, const char *serial, int64_t at, struct mc_err *e);

/*
 * A certificate that another record had: as add and finish in one, with its
 * state, told and revocation; its request may be "".  MC_DENIED where the
 * serial number, or the request, is there already.
 */
MC_NODISCARD bool mc_store_certificate_import(
    struct mc_store *s, const struct mc_certificate *c, struct mc_err *e);

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

/* Which of them; what is 0 or NULL does not choose.  Everything is lent. */
enum mc_certificate_status {
	MC_STATUS_ANY,
	MC_STATUS_VALID, /* and not expired */
	MC_STATUS_EXPIRED,
	MC_STATUS_REVOKED,
	MC_STATUS_INTENT,
};

struct mc_certificate_filter {
	enum mc_certificate_status status;
	int64_t now;            /* what "expired" means; always set */
	int64_t expires_before; /* not_after in now..this, valid only */
	int64_t created_from, created_until; /* inclusive */
	const char *pattern; /* part of the subject, the names, the user or the
				owner in any case (with less than three
				characters, that is of ASCII), or how a serial
				number begins, colons or not */
	const char *pattern_serial; /* the serial number that the pattern is
				       as a whole, or NULL: found, too */
	const char *serial;
	const char *line; /* serial number: that certificate, and all that were
			     renewed from it, by way of others, too */
	const char *user;
	const char *owner;
	const char *challenge; /* hash */
	const char *key;       /* hash */
	const char *profile;
	const char *transaction;
	unsigned limit; /* 0: all */
};

/* c is lent for the call; false stops the list with its error. */
typedef bool mc_certificate_each(
    void *ctx, const struct mc_certificate *c, struct mc_err *e);

/*
 * The newest first.  Rows come as they are read, and may be changed by each:
 * nothing is held in memory but ids that have to be sorted.
 *
 * One condition is looked up in an index, the first of serial, line, challenge,
 * transaction, key, owner, user, pattern, expires_before, created, status and
 * profile (status before pattern where it is revoked or intent, and few are);
 * each row that meets it is read, and passed over where it does not meet the
 * others.  So the time depends on how many meet that one, not on how many
 * there are.  Two indexes are read for more than is found: valid ones among
 * as many expired ones, or the other way round, are passed over in theirs; and
 * for a pattern of one or two characters the lists of all groups of three that
 * begin with it are read.
 */
MC_NODISCARD bool mc_store_certificate_list(struct mc_store *s,
    const struct mc_certificate_filter *f, mc_certificate_each *each, void *ctx,
    struct mc_err *e);

/* How many there are of each status, for metrics: from counters or an index. */
struct mc_certificate_counts {
	int64_t valid, expired, revoked, intent;
	int64_t next_expiry; /* the earliest not_after of a valid one; 0 */
};
MC_NODISCARD bool mc_store_certificate_count(struct mc_store *s, int64_t now,
    struct mc_certificate_counts *out, struct mc_err *e);

/*
 * How many certificates this one was renewed to that are in force, or promised,
 * and were not renewed themselves.
 */
MC_NODISCARD bool mc_store_certificate_count_replaced(struct mc_store *s,
    const char *serial, int64_t now, int64_t *n, struct mc_err *e);

/*
 * What a CRL needs, in the order of serial numbers: every revoked certificate
 * of an issuer that has not expired at now.  Rows that were written when there
 * was no "issuer" yet have none, and are on everybody's.
 */
typedef bool mc_revoked_each(void *ctx, const char *serial, int64_t at,
    int64_t reason, struct mc_err *e);
MC_NODISCARD bool
mc_store_certificate_revoked(struct mc_store *s, const char *issuer,
    int64_t now, mc_revoked_each *each, void *ctx, struct mc_err *e);

#endif

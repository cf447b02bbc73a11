/* SPDX-License-Identifier: ISC */
/*
 * OCSP (RFC 6960): requests read under our own gate, answers made.  Knows
 * nothing of who revoked what.
 */
#ifndef MC_OCSP_H
#define MC_OCSP_H

#include "crypto/cert.h"

#define MC_OCSP_MAX 64       /* certificates asked for in one request */
#define MC_OCSP_NONCE_MAX 32 /* RFC 8954 */

/*
 * responseStatus of an answer that is none; the second and third are for a
 * failure of our own.
 */
enum mc_ocsp_refusal {
	MC_OCSP_MALFORMED = 1,
	MC_OCSP_INTERNAL = 2,
	MC_OCSP_TRY_LATER = 3,
	MC_OCSP_UNAUTHORIZED = 6,
};

enum mc_ocsp_status { MC_OCSP_GOOD, MC_OCSP_REVOKED, MC_OCSP_UNKNOWN };

typedef struct mc_ocsp mc_ocsp; /* a request, and the answer as it grows */
void mc_ocsp_free(mc_ocsp *o);
CLEANUP(mc_ocsp, mc_ocsp_free);

/* DER, every byte; a signature on a request is not looked at. */
MC_NODISCARD bool
mc_ocsp_parse(const struct mc_buf *der, mc_ocsp **out, struct mc_err *e);

size_t mc_ocsp_count(const mc_ocsp *o);

/*
 * Certificate number i: its serial number as the store writes it, and whether
 * its CertID names this issuer (by SHA-1, SHA-256, SHA-384 or SHA-512 of name
 * and key).
 */
MC_NODISCARD bool mc_ocsp_get(const mc_ocsp *o, size_t i,
    char serial[static MC_SERIAL_TEXT], struct mc_err *e);
bool mc_ocsp_issued_by(const mc_ocsp *o, size_t i, X509 *issuer);

struct mc_ocsp_single {
	enum mc_ocsp_status status;
	int64_t revoked_at;
	int64_t reason; /* CRLReason; 0 is left out */
};
MC_NODISCARD bool mc_ocsp_answer(
    mc_ocsp *o, size_t i, const struct mc_ocsp_single *s, struct mc_err *e);

struct mc_ocsp_validity {
	int64_t this_update, next_update;
};

/*
 * Sign with the responder's certificate, which the answer brings along; append
 * the DER.  A nonce comes back.  Every certificate was answered for.
 */
MC_NODISCARD bool mc_ocsp_sign(mc_ocsp *o, X509 *responder, EVP_PKEY *key,
    const struct mc_ocsp_validity *valid, struct mc_buf *der, struct mc_err *e);

/* An unsigned refusal, DER appended. */
MC_NODISCARD bool
mc_ocsp_refuse(enum mc_ocsp_refusal why, struct mc_buf *der, struct mc_err *e);

#endif

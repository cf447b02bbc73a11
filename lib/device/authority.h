/* SPDX-License-Identifier: ISC */
/*
 * Whom a device asks for its certificate: the answer to GetCACert, sorted.
 *
 * Apple's devices want, in a ca-ra answer, an RA that may sign and one that
 * may take key encipherment (the same, or a pair), chaining to the CA.
 */
#ifndef MC_AUTHORITY_H
#define MC_AUTHORITY_H

#include "crypto/ossl.h"

struct mc_authority {
	mc_certs *all;       /* as they came; replies are signed by one */
	mc_certs *recipient; /* one: whom requests are encrypted to */
	X509 *ca;            /* lent by all */
};

#define AUTO_AUTHORITY                                                         \
	__attribute__((cleanup(mc_authority_clear))) struct mc_authority
void mc_authority_clear(struct mc_authority *a);

/*
 * type is the Content-Type.  fingerprint (len 0: none) must be the CA's:
 * MC_UNTRUSTED if it is not.  MC_MALFORMED for what devices do not take.
 */
MC_NODISCARD bool mc_authority_parse(const char *type,
    const struct mc_buf *body, const uint8_t *fingerprint, size_t len,
    struct mc_authority *out, struct mc_err *e);

/* From cert (left out) up to the CA; NULL where cert does not chain to it. */
mc_certs *mc_authority_chain(const struct mc_authority *a, X509 *cert);

#endif

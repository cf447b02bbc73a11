/* SPDX-License-Identifier: ISC */
/* Certificate revocation lists (RFC 5280 section 5): make, read. */
#ifndef MC_CRL_H
#define MC_CRL_H

#include "crypto/cert.h"

typedef struct mc_crl_draft mc_crl_draft;

/*
 * A complete v2 CRL of this issuer, with nothing in it yet.  MC_USAGE for an
 * issuer whose key usage forbids it.
 */
MC_NODISCARD bool mc_crl_new(X509 *issuer, int64_t number, int64_t this_update,
    int64_t next_update, mc_crl_draft **out, struct mc_err *e);
void mc_crl_draft_free(mc_crl_draft *d);
CLEANUP(mc_crl_draft, mc_crl_draft_free);

/* serial as the store writes it; reason 0 is left out (section 5.3.1), and
 * removeFromCRL, which is for delta CRLs, is MC_USAGE. */
MC_NODISCARD bool mc_crl_add(mc_crl_draft *d, const char *serial, int64_t at,
    int64_t reason, struct mc_err *e);

/*
 * Sort, sign, read again, verify; append the DER, at most der's limit: of
 * MC_BUF_LIMIT some 300,000 entries.  MC_INTERNAL for a serial number that was
 * added twice.
 */
MC_NODISCARD bool mc_crl_sign(mc_crl_draft *d, EVP_PKEY *issuer_key,
    struct mc_buf *der, struct mc_err *e);

/* DER, all of it; nobody's signature is looked at. */
MC_NODISCARD bool
mc_crl_der_parse(const void *der, size_t len, X509_CRL **out, struct mc_err *e);

/*
 * Of one in DER or PEM that this issuer signed.  MC_UNTRUSTED for another
 * issuer's, MC_ALTERED for a signature that does not hold.
 */
struct mc_crl_facts {
	int64_t number; /* cRLNumber; 0 where there is none */
	int64_t this_update;
	int64_t next_update; /* 0 where there is none */
	size_t entries;
};
MC_NODISCARD bool mc_crl_parse(const struct mc_buf *file, X509 *issuer,
    struct mc_crl_facts *out, struct mc_err *e);

/* Those of CRLReason (RFC 5280 section 5.3.1) that our code has to name. */
enum mc_crl_reason {
	MC_CRL_SUPERSEDED = 4,
	MC_CRL_CESSATION = 5,
	MC_CRL_REMOVE_FROM_CRL = 8, /* of delta CRLs only */
};

/* CRLReason by name, "keyCompromise", and back; -1, NULL where it is none. */
int mc_crl_reason_find(const char *name);
const char *mc_crl_reason_name(int64_t reason);
/* "unspecified|keyCompromise|..." as options want their choices. */
#define MC_CRL_REASONS                                                         \
	"unspecified|keyCompromise|cACompromise|affiliationChanged|"           \
	"superseded|cessationOfOperation|privilegeWithdrawn"

#endif

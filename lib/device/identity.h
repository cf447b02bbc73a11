/* SPDX-License-Identifier: ISC */
/*
 * A certificate, its key and what it chains to: the factory's, or the one
 * that a device gets by SCEP.  On disk: NAME.pem (the leaf first) and
 * NAME.key (0600).
 */
#ifndef MC_IDENTITY_H
#define MC_IDENTITY_H

#include "crypto/ossl.h"

struct mc_identity {
	X509 *cert;
	EVP_PKEY *key;
	mc_certs *chain; /* without cert; may be empty, never NULL once set */
};

#define AUTO_IDENTITY                                                          \
	__attribute__((cleanup(mc_identity_clear))) struct mc_identity
void mc_identity_clear(struct mc_identity *id);
/* Its parts for a new owner; id is empty afterwards. */
struct mc_identity mc_identity_take(struct mc_identity *id);

/*
 * An RSA key as devices make it: 1024 bits too, where nothing else here makes
 * one so short.
 */
MC_NODISCARD bool
mc_identity_key_new(unsigned bits, EVP_PKEY **out, struct mc_err *e);

/* Write both files, replacing others. */
MC_NODISCARD bool mc_identity_save(const char *dir, const char *name,
    const struct mc_identity *id, struct mc_err *e);

/*
 * Read both; id must be empty.  MC_NOINPUT where they are not, MC_MALFORMED
 * where the key is not the certificate's.
 */
MC_NODISCARD bool mc_identity_load(const char *dir, const char *name,
    struct mc_identity *id, struct mc_err *e);

#endif

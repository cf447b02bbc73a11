/* SPDX-License-Identifier: ISC */
/*
 * A device's identities: the factory's, or the one that it gets by SCEP.  On
 * disk, in a folder: NAME.pem (the leaf first) and NAME.key (0600).
 */
#ifndef MC_DEVICE_IDENTITY_H
#define MC_DEVICE_IDENTITY_H

#include "crypto/identity.h"

/* Its parts for a new owner; id is empty afterwards. */
struct mc_identity mc_identity_take(struct mc_identity *id);

/*
 * An RSA key as devices make it: 1024 bits too, where nothing else here makes
 * one so short.
 */
MC_NODISCARD bool
mc_identity_key_new(unsigned bits, EVP_PKEY **out, struct mc_err *e);

/* Write both files, replacing others. */
MC_NODISCARD bool mc_identity_dir_save(const char *dir, const char *name,
    const struct mc_identity *id, struct mc_err *e);

/*
 * Read both; id must be empty.  MC_NOINPUT where they are not, MC_MALFORMED
 * where the key is not the certificate's.
 */
MC_NODISCARD bool mc_identity_dir_load(const char *dir, const char *name,
    struct mc_identity *id, struct mc_err *e);

#endif

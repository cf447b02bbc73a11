/* SPDX-License-Identifier: ISC */
/*
 * Keys in tokens where OpenSSL has no store for them: the engine "pkcs11".
 *
 * Debian 12 is such a place: its OpenSSL is 3.0, and what it packages for
 * PKCS #11 is libp11's engine.  For keyref.c, which asks the stores first.
 */
#ifndef MC_ENGINE_H
#define MC_ENGINE_H

#include "crypto/ossl.h"

/*
 * Load the private key of a "pkcs11:" URI; name stands for it in messages, pin
 * (which may be NULL: it is in the URI, or none is wanted) opens the token, and
 * is tried once.  The engine is started when its first key is loaded, and ends
 * with the last one: load keys after a fork, not before.
 */
MC_NODISCARD bool mc_engine_key_load(const char *uri, const char *name,
    const struct mc_buf *pin, EVP_PKEY **out, struct mc_err *e);

#endif

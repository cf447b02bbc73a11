/* SPDX-License-Identifier: ISC */
/*
 * Private keys by reference: a PEM file, or the URI of an OpenSSL store
 * ("pkcs11:token=ca;object=key").
 *
 * A URI is what begins with letters and a colon, and is no file.  A provider
 * that has a store for its scheme is asked first; where there is none, as on
 * systems with OpenSSL 3.0, the engine "pkcs11" serves pkcs11: URIs.  Neither
 * can take the key out of a token: all uses of it go through EVP.  A file may
 * also hold such a URI instead of a key, alone on its line.
 */
#ifndef MC_KEYREF_H
#define MC_KEYREF_H

#include "crypto/ossl.h"

/* Does ref name a store and not a file? */
bool mc_keyref_is_uri(const char *ref);

/*
 * Is what ref names in a store, by itself or by what a file says?  Such a key
 * may be in a token, and is then of no use behind a fork.
 */
bool mc_keyref_is_stored(const char *ref);

/* Append it for people: a PIN in a URI is left out. */
MC_NODISCARD bool
mc_keyref_show(const char *ref, struct mc_buf *to, struct mc_err *e);

/*
 * Load it.  passphrase opens an encrypted PEM file and is the PIN of a token;
 * it may be NULL (a PIN may then be in the URI, as pin-source or pin-value).
 * Errors as mc_pem_key_load()'s; MC_NOINPUT where the token or the object is
 * not there, MC_DENIED for a wrong PIN.  Never prompts.
 */
MC_NODISCARD bool mc_keyref_load(const char *ref,
    const struct mc_buf *passphrase, EVP_PKEY **out, struct mc_err *e);

/*
 * As mc_pem_key_encode(), encrypted: PKCS #8, PBKDF2, AES-256-CBC.  With as few
 * rounds as OpenSSL has by default, for a CA's keys are opened at each request:
 * let the passphrase be a long random one.
 */
MC_NODISCARD bool mc_keyref_encrypt(EVP_PKEY *key,
    const struct mc_buf *passphrase, struct mc_buf *to, struct mc_err *e);

#endif

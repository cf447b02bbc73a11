/* SPDX-License-Identifier: ISC */
/* Asymmetric keys: make, compare, judge. */
#ifndef MC_KEY_H
#define MC_KEY_H

#include "crypto/digest.h"

/* Bits of an RSA key of our own, and of others' where nothing else is said. */
#define MC_RSA_MIN 2048
/* Devices of old have such keys, and SCEP's payload asks for them. */
#define MC_RSA_OLD 1024
/* The largest that every device reads, and so that we make and certify. */
#define MC_RSA_MAX 4096
/* The largest of others that any arithmetic is done with. */
#define MC_RSA_LIMIT 8192

/* RSA of MC_RSA_MIN..MC_RSA_MAX bits, e = 65537. */
MC_NODISCARD bool
mc_key_new_rsa(unsigned bits, EVP_PKEY **out, struct mc_err *e);

enum mc_key_kind { MC_KEY_RSA, MC_KEY_P256, MC_KEY_P384 };

/* bits is for RSA only. */
MC_NODISCARD bool mc_key_new(
    enum mc_key_kind kind, unsigned bits, EVP_PKEY **out, struct mc_err *e);

/*
 * Can something be encrypted to it by key transport?  RSA can; EC, and RSA
 * that is for PSS only, cannot.
 */
bool mc_key_encrypts(const EVP_PKEY *key);

/*
 * Is this public key one to work with?  RSA of min_bits..MC_RSA_LIMIT bits with
 * e = 65537, or EC on P-256 or P-384.  Cheap for any hostile key: sizes are
 * looked at before any arithmetic.  MC_DENIED, with what is wrong, if not.
 */
MC_NODISCARD bool
mc_key_check(EVP_PKEY *key, unsigned min_bits, struct mc_err *e);

/* The same public key. */
bool mc_key_equal(const EVP_PKEY *a, const EVP_PKEY *b);

/* SHA-256 of the SubjectPublicKeyInfo, hexadecimal. */
MC_NODISCARD bool mc_key_sha256(
    const EVP_PKEY *key, char out[static MC_SHA256_HEX], struct mc_err *e);

/*
 * The digest that this key signs with: SHA-256, for P-384 SHA-384.  NULL for a
 * key of another kind.
 */
const EVP_MD *mc_sign_md(const EVP_PKEY *key);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A profile's payloads, for the eyes of some devices only.
 *
 * PayloadContent becomes EncryptedPayloadContent: EnvelopedData around an XML
 * plist whose top is the array that PayloadContent was (Apple, Configuration
 * Profile Reference).  The outside stays a readable profile, so encryption
 * comes first and the signature last: what is signed is refused by both.
 */
#ifndef MC_SEALED_H
#define MC_SEALED_H

#include "crypto/envelope.h"
#include "plist/plist.h"

/*
 * Append in, a Configuration profile in XML or binary, with its payloads
 * encrypted to each of certs, whose keys are RSA (mc_envelope_seal()).
 * MC_MALFORMED for what is no such profile, is signed or is encrypted.
 */
MC_NODISCARD bool
mc_profile_seal(const struct mc_buf *in, const mc_certs *certs,
    enum mc_cipher cipher, struct mc_buf *out, struct mc_err *e);

/*
 * The envelope of a profile's tree, appended.  MC_MALFORMED where it is not
 * one, has none, or has its payloads beside it.
 */
MC_NODISCARD bool mc_sealed_get(
    const mc_plist *profile, struct mc_buf *envelope, struct mc_err *e);

/*
 * What one with an envelope was, in its place: envelope is opened by a key, as
 * mc_envelope_open() has it, and read.  By a wrong key it is MC_DENIED, or
 * MC_MALFORMED about once in 256 times.
 */
MC_NODISCARD bool mc_sealed_open(mc_plist *profile,
    const struct mc_buf *envelope, X509 *cert, EVP_PKEY *key, struct mc_err *e);

/* The whole of it: append the profile that in was before mc_profile_seal(). */
MC_NODISCARD bool mc_profile_open(const struct mc_buf *in, X509 *cert,
    EVP_PKEY *key, struct mc_buf *out, struct mc_err *e);

#endif

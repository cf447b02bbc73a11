/* SPDX-License-Identifier: ISC */
/*
 * CMS EnvelopedData (RFC 5652 section 6) to RSA keys.
 *
 * Opening never asks libcrypto whether the padding was good: OpenSSL 3.0 has
 * no implicit rejection, so CMS_decrypt()'s outcome is an oracle.  A wrong key
 * or bad padding yields a pseudo-random content key, the same one each time,
 * and all failures after the structure was read are one failure.
 */
#ifndef MC_ENVELOPE_H
#define MC_ENVELOPE_H

#include "crypto/ossl.h"

/* The one text of all failures that depend on a secret. */
#define MC_ENVELOPE_UNREADABLE "it cannot be decrypted"

enum mc_cipher { MC_AES256_CBC, MC_AES192_CBC, MC_AES128_CBC, MC_DES3_CBC };

/* MC_USAGE for a key that is not RSA, or a key usage without keyEncipherment.
 */
MC_NODISCARD bool mc_envelope_recipient_check(X509 *cert, struct mc_err *e);

/*
 * Append the DER of content enveloped to each of certs: definite lengths,
 * encryptedContent primitive.  Only that the keys are RSA is looked at here
 * (MC_USAGE): a SCEP client's temporary certificate may have any key usage,
 * and its reply has to be encrypted to it.
 */
MC_NODISCARD bool
mc_envelope_seal(const struct mc_buf *content, const mc_certs *certs,
    enum mc_cipher cipher, struct mc_buf *der, struct mc_err *e);

/* What can be read of an envelope without a key. */
struct mc_envelope_facts {
	enum mc_cipher cipher;
	size_t recipients;
};

/*
 * The structure alone: BER or DER, every byte used.  MC_MALFORMED, or
 * MC_DENIED for an algorithm that is not in enum mc_cipher.
 */
MC_NODISCARD bool mc_envelope_parse(
    const struct mc_buf *msg, struct mc_envelope_facts *out, struct mc_err *e);

/*
 * Append the content.  Exactly one recipient, by issuer and serial, ours;
 * where any_recipient, ours among several (a file for several devices).
 *
 * What needs no key to see has its own text: MC_MALFORMED for the structure,
 * MC_DENIED for another cipher or recipient, MC_USAGE for a key that is not
 * cert's.  Whatever comes of the key is MC_DENIED with one text; about once in
 * 256 times it is not seen here at all, and content is random bytes: only what
 * is inside can tell (a signature, a well-formed document).
 */
MC_NODISCARD bool
mc_envelope_open(const struct mc_buf *msg, X509 *cert, EVP_PKEY *key,
    bool any_recipient, struct mc_buf *content, struct mc_err *e);

#endif

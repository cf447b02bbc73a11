/* SPDX-License-Identifier: ISC */
/* PKCS#10 certification requests (RFC 2986) with a challengePassword. */
#ifndef MC_CSR_H
#define MC_CSR_H

#include "crypto/ossl.h"

/*
 * DER, all of it; subject and key present; proof of possession verified.
 * MC_MALFORMED, also for a key of a kind or size that nothing is verified
 * with; MC_ALTERED for a signature by another key.  Only what its own key
 * has signed is judged: MC_DENIED for less than min_bits or for a digest that
 * is not accepted.
 */
MC_NODISCARD bool mc_csr_parse(const struct mc_buf *der, unsigned min_bits,
    X509_REQ **out, struct mc_err *e);

/*
 * Is it a request for this key, signed by it?  A yes or a no and never a
 * reason, for bytes of which nothing may be told to somebody who cannot prove
 * that he made them.  The key must be one that was checked: no other is
 * calculated with.
 */
bool mc_csr_is_by(const struct mc_buf *der, EVP_PKEY *key);

/*
 * Append the challengePassword (RFC 2985 section 5.4.1) as UTF-8; *found says
 * whether there is one.  More than one, or a multi-valued one, is
 * MC_MALFORMED.
 */
MC_NODISCARD bool mc_csr_challenge(
    const X509_REQ *csr, struct mc_buf *to, bool *found, struct mc_err *e);

/*
 * The subjectAltName that its extensionRequest (RFC 2985 section 5.4.2, or
 * Microsoft's 1.3.6.1.4.1.311.2.1.14) asks for, in crypto/names.h's text,
 * appended; nothing where it asks for none. MC_MALFORMED for two of them, or
 * one that has no such text.
 */
MC_NODISCARD bool
mc_csr_names(const X509_REQ *csr, struct mc_buf *to, struct mc_err *e);

/*
 * The DER, appended, of a file that has a request in PEM ("CERTIFICATE
 * REQUEST" or "NEW CERTIFICATE REQUEST") or DER: for files of the user's, and
 * then for mc_csr_parse().
 */
MC_NODISCARD bool
mc_csr_der(const struct mc_buf *file, struct mc_buf *der, struct mc_err *e);

/*
 * Make and sign a request, DER appended to to, with the digest of
 * mc_sign_md().  challenge may be NULL.
 */
MC_NODISCARD bool
mc_csr_make(EVP_PKEY *key, const X509_NAME *subject, const char *challenge,
    unsigned key_usage, struct mc_buf *to, struct mc_err *e);

#endif

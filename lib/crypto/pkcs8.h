/* SPDX-License-Identifier: ISC */
/*
 * Private keys in DER: PKCS #8 (RFC 5958), encrypted or not, and the bare ones
 * of before it: PKCS #1 and SEC 1.
 *
 * What is encrypted with a cipher of old is decrypted in crypto/weak.h's
 * context; the key is always the default one's.  Never prompts, and leaves
 * nothing in libcrypto's queue.
 */
#ifndef MC_PKCS8_H
#define MC_PKCS8_H

#include "crypto/ossl.h"

/* What unlocks: bytes, or NULL, which PKCS #12 does not take for "". */
struct mc_pass {
	const char *text;
	int len;
};

/*
 * A key, all of der.  MC_MALFORMED for what is none, and for an encrypted one
 * without a passphrase (NULL); MC_DENIED where that is wrong.  rounds is the
 * budget (crypto/pbe.h).
 */
MC_NODISCARD bool
mc_pkcs8_parse(const struct mc_buf *der, const struct mc_buf *passphrase,
    unsigned *rounds, EVP_PKEY **out, struct mc_err *e);

/* The encrypted one that sig is, within a budget of rounds (crypto/pbe.h). */
MC_NODISCARD bool mc_pkcs8_open(const X509_SIG *sig, const struct mc_pass *pass,
    unsigned *rounds, EVP_PKEY **out, struct mc_err *e);

/* One that is open. */
MC_NODISCARD bool mc_pkcs8_key_get(
    const PKCS8_PRIV_KEY_INFO *info, EVP_PKEY **out, struct mc_err *e);

#endif

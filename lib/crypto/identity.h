/* SPDX-License-Identifier: ISC */
/*
 * Who signs or decrypts: a certificate, its private key, and what came along
 * with them.
 *
 * Keys come as PEM or DER (PKCS #8, encrypted or not, PKCS #1, SEC 1), in PKCS
 * #12, or from an OpenSSL store ("pkcs11:...": crypto/keyref.h).  What macOS
 * exports is opened in crypto/weak.h's context and leaves it as plain numbers:
 * an identity is always the default context's.  Nothing here prompts; what a
 * person types is in a secret already.
 */
#ifndef MC_IDENTITY_H
#define MC_IDENTITY_H

#include "base/fact.h"
#include "crypto/ossl.h"

struct mc_identity {
	X509 *cert;
	EVP_PKEY *key;
	mc_certs *chain; /* what else was in the files; never NULL */
};
#define AUTO_IDENTITY                                                          \
	__attribute__((cleanup(mc_identity_clear))) struct mc_identity
void mc_identity_clear(struct mc_identity *id);

/* Where it comes from: p12, or cert and key.  All lent, all may be NULL. */
struct mc_identity_spec {
	const char *p12;  /* a file */
	const char *cert; /* a file, PEM or DER; what follows its first
			     certificate goes to chain */
	const char *key;  /* a file, or a URI; NULL: in cert's file */
	const struct mc_buf *passphrase; /* of any of them; NULL: none */
};

/*
 * Load one into id, which is cleared by the caller in any case.  MC_USAGE for a
 * key that is not the certificate's (both files are named), and where the spec
 * is neither of the two; of a passphrase, errors as mc_pem_key_load()'s:
 * MC_MALFORMED where one is needed, MC_DENIED where it is wrong.  Messages name
 * the file; the caller names the option: where cert is there after a failure,
 * it was not the certificate's.  Keys are RSA of MC_RSA_OLD bits and more,
 * P-256 or P-384, and MC_DENIED else: who signs asks for MC_RSA_MIN besides.
 */
MC_NODISCARD bool mc_identity_load(const struct mc_identity_spec *spec,
    struct mc_identity *id, struct mc_err *e);

/*
 * The key alone in a file of any of these forms but PKCS #12, or by URI.
 */
MC_NODISCARD bool mc_identity_key_load(const char *ref,
    const struct mc_buf *passphrase, EVP_PKEY **out, struct mc_err *e);

#endif

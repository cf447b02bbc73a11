/* SPDX-License-Identifier: ISC */
/*
 * Keys and certificates from files, and to PEM.  Never prompts.
 *
 * Both may be PEM or DER.  Messages name the file.
 */
#ifndef MC_PEM_H
#define MC_PEM_H

#include "crypto/ossl.h"

/* The first certificate in a file. */
MC_NODISCARD bool
mc_pem_cert_load(const char *path, X509 **out, struct mc_err *e);

/* Every certificate in a file, at least one; appended to certs. */
MC_NODISCARD bool
mc_pem_certs_load(const char *path, mc_certs *certs, struct mc_err *e);

/*
 * A private key, PKCS #8, PKCS #1 or SEC 1; the first in PEM, all of DER.
 * passphrase may be NULL: an encrypted key is then MC_MALFORMED with a text
 * that says so.  A wrong passphrase is MC_DENIED.
 */
MC_NODISCARD bool mc_pem_key_load(const char *path,
    const struct mc_buf *passphrase, EVP_PKEY **out, struct mc_err *e);

/* As mc_pem_key_load(), from a file's content; name is for messages. */
MC_NODISCARD bool mc_pem_key_parse(const struct mc_buf *file, const char *name,
    const struct mc_buf *passphrase, EVP_PKEY **out, struct mc_err *e);

/*
 * The public key of the first certificate in a file, of a request that proves
 * it, or alone in PEM ("PUBLIC KEY").
 */
MC_NODISCARD bool
mc_pem_pubkey_load(const char *path, EVP_PKEY **out, struct mc_err *e);

/* Does it look like PEM?  Text may stand before it (RFC 7468 section 2). */
bool mc_pem_is(const struct mc_buf *text);

/*
 * Append the DER of the CMS message that a PEM text holds, labelled CMS, PKCS7
 * or PKCS #7 SIGNED DATA; nothing follows it.
 */
MC_NODISCARD bool mc_pem_cms_parse(
    const struct mc_buf *text, struct mc_buf *der, struct mc_err *e);

/*
 * The message that a file holds: DER or BER as it is, PEM, or base64 of DER,
 * decoded into own (its limit is the caller's).  *out is in or own, or NULL
 * where the file is none of them, by how it begins.
 */
MC_NODISCARD bool mc_pem_cms_find(const struct mc_buf *in, struct mc_buf *own,
    const struct mc_buf **out, struct mc_err *e);

/* One block of a PEM text: three pieces of libcrypto's. */
struct mc_pem_block {
	char *label;
	char *header; /* "" where it is not encrypted */
	unsigned char *data;
	long len;
};
void mc_pem_block_clear(struct mc_pem_block *b);
#define AUTO_PEM_BLOCK                                                         \
	__attribute__((cleanup(mc_pem_block_clear))) struct mc_pem_block

/*
 * The next block, into b, which is cleared first.  Text around blocks is
 * passed over, and the end of them is no error: *more is false there.
 * MC_MALFORMED for one that is cut or garbled.
 */
MC_NODISCARD bool mc_pem_block_next(
    BIO *in, struct mc_pem_block *b, bool *more, struct mc_err *e);

/* By its label, "CERTIFICATE" or "X509 CERTIFICATE". */
bool mc_pem_block_is_cert(const struct mc_pem_block *b);

/* Append PEM; DER with a label, and lines of 64 characters. */
MC_NODISCARD bool mc_pem_encode(const struct mc_buf *der, const char *label,
    struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool
mc_pem_cert_encode(X509 *cert, struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool
mc_pem_key_encode(EVP_PKEY *key, struct mc_buf *to, struct mc_err *e);

#endif

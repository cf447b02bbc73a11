/* SPDX-License-Identifier: ISC */
/*
 * PKCS #12 (RFC 7292): is it one, is this its password, and what is in it?
 *
 * The password is tried on the MAC alone, which needs none of the ciphers that
 * such files are made with (RC2, 40 bits); and only within a budget, for the
 * number of rounds is the file's.  What has passed that is opened, the old
 * ciphers in crypto/weak.h's context.
 */
#ifndef MC_PKCS12_H
#define MC_PKCS12_H

#include "crypto/ossl.h"

/* Rounds for all the files that one message brings: some 0.3 s. */
#define MC_PKCS12_ROUNDS 600000

enum mc_pkcs12_password {
	MC_PKCS12_UNKNOWN, /* it cannot be told: no MAC, too many rounds */
	MC_PKCS12_RIGHT,
	MC_PKCS12_WRONG,
};

/* The structure: version 3, and a content with the OID of data or signed data,
 * all of it.  MC_MALFORMED. */
MC_NODISCARD bool mc_pkcs12_check(const struct mc_buf *der, struct mc_err *e);

/*
 * Is this the password?  rounds, of which what is done is taken, is the budget.
 * der is one that mc_pkcs12_check() found to be one.
 */
enum mc_pkcs12_password mc_pkcs12_password_check(
    const struct mc_buf *der, const char *password, unsigned *rounds);

/* What was in one, all of the default context. */
struct mc_pkcs12 {
	EVP_PKEY *key;   /* the first; NULL where there is none */
	unsigned keys;   /* how many there are */
	mc_certs *certs; /* in the file's order */
};
void mc_pkcs12_clear(struct mc_pkcs12 *p);
#define AUTO_PKCS12 __attribute__((cleanup(mc_pkcs12_clear))) struct mc_pkcs12

/*
 * Open it.  CRLs and other secrets are passed over.  A file without a MAC is
 * refused: nothing would tell that it is whole, or that its passphrase has to
 * do with what it holds.
 *
 * passphrase NULL is none: MC_MALFORMED where one is needed.  MC_DENIED where
 * it is wrong, which it is as well where the file has none.  rounds is the
 * budget for all of it.
 */
MC_NODISCARD bool
mc_pkcs12_open(const struct mc_buf *der, const struct mc_buf *passphrase,
    unsigned *rounds, struct mc_pkcs12 *out, struct mc_err *e);

#endif

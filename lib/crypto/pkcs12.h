/* SPDX-License-Identifier: ISC */
/*
 * PKCS #12 (RFC 7292) as far as it can be judged without being opened: is it
 * one, and is this its password?
 *
 * The password is tried on the MAC alone, which needs none of the ciphers that
 * such files are made with (RC2, 40 bits); and only within a budget, for the
 * number of rounds is the file's.
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

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Encryption under a passphrase (RFC 8018, RFC 7292 appendix B, RFC 7914),
 * judged before any of it is done: the kind is of a closed list, and the work
 * that a file asks for is within a budget.
 */
#ifndef MC_PBE_H
#define MC_PBE_H

#include "crypto/ossl.h"

/* Rounds of hashing for one file: some seconds. */
#define MC_PBE_ROUNDS 10000000

/*
 * Where it is to be undone: *ctx is NULL for the default context, and
 * crypto/weak.h's for RC2, RC4 and single DES.  rounds is the budget, of which
 * what it will take is taken.  MC_MALFORMED for a kind that is not known, and
 * for more rounds than are left.
 */
MC_NODISCARD bool mc_pbe_check(const X509_ALGOR *alg, unsigned *rounds,
    OSSL_LIB_CTX **ctx, struct mc_err *e);

/* Take n off the budget; the same refusal. */
MC_NODISCARD bool mc_pbe_spend(int64_t n, unsigned *rounds, struct mc_err *e);

/*
 * What the error queue has to say of a decryption that failed, which it
 * empties: MC_DENIED, "wrong passphrase"; MC_INTERNAL where libcrypto could not
 * try.
 */
bool mc_pbe_fail(struct mc_err *e);

#endif

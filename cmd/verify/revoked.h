/* SPDX-License-Identifier: ISC */
/* What the files of --crl and --ocsp say of a chain. */
#ifndef MC_VERIFY_REVOKED_H
#define MC_VERIFY_REVOKED_H

#include "verify/judge.h"

/*
 * *why is MC_REVOKED where a certificate of the chain is revoked; MC_UNTRUSTED
 * where nothing is known of the signer, with --crl-check-all of any but the
 * anchor; MC_OUTOFDATE where what is known is stale.  The anchor's own issuer
 * is looked for among the files' certificates and those of the message, bag; of
 * a signer that issued itself nothing has to be known.  signer is what is known
 * of the first one.
 */
void mc_revoked_check(const struct mc_judge *j, const mc_certs *chain,
    const mc_certs *bag, int64_t at, struct mc_err *why,
    struct mc_revoked_facts *signer);

#endif

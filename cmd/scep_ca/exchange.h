/* SPDX-License-Identifier: ISC */
/*
 * One pkiMessage and its CertRep: where SCEP meets the CA.  lib/scep knows
 * messages, lib/ca decides.
 */
#ifndef MC_CA_EXCHANGE_H
#define MC_CA_EXCHANGE_H

#include "scep_ca/certrep.h"

/*
 * Append the CertRep to io->out; or, where x->said, only say what it would be.
 * x has ca (MC_CA_ALL), profile, io and source, and keeps what was read.  A
 * refusal is an answer too; it is an error where nobody can be answered, and
 * where it is our own failure.  Sets the facts SCEP_TYPE, TRANSACTION, and
 * ISSUED, WAITING or REFUSED.
 */
MC_NODISCARD bool mc_ca_exchange(
    struct mc_exchange *x, const struct mc_buf *msg, struct mc_err *e);

/* What a profile accepts of a message's outer form, now. */
struct mc_scep_accept mc_ca_accept(const struct mc_ca_profile *profile);

/*
 * The RA that a request is encrypted to; the first where it is encrypted with
 * a password; NULL where it is for none of ours.
 */
const struct mc_ra *
mc_ca_ra_find(const struct mc_ca *ca, const struct mc_scep_request *r);

/* The failInfo of a verdict; -1 of one that is no refusal. */
int mc_ca_fail_of(enum mc_verdict_code code);

#endif

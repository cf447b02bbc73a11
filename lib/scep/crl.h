/* SPDX-License-Identifier: ISC */
/*
 * A revocation list as GetCRL's answer carries it (RFC 8894 section 4.6): in
 * the crls of a degenerate SignedData, which has nothing else.  Internal to
 * this folder.
 */
#ifndef MC_SCEP_CRL_H
#define MC_SCEP_CRL_H

#include "scep/scep.h"

/* Append it around the DER of one list. */
MC_NODISCARD bool mc_scep_crl_encode(
    const struct mc_buf *crl, struct mc_buf *der, struct mc_err *e);

/* Append the DER of the one list that is in it. */
MC_NODISCARD bool mc_scep_crl_parse(
    const struct mc_buf *der, struct mc_buf *crl, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What follows on what: a new RA beside the old one, a next CA.
 *
 * Files are written before the one that makes them count, so that an
 * interrupted call leaves what was there.
 */
#ifndef MC_CA_SUCCEED_H
#define MC_CA_SUCCEED_H

#include "ca/ca.h"

/*
 * A new RA, key and certificate, is the current one; the one before
 * (ra-N.pem, ra-N.key) goes on opening requests and signing their answers
 * until it expires or is retired.  MC_DENIED where there are MC_CA_RAS.
 */
MC_NODISCARD bool
mc_ca_ra_renew(const char *dir, unsigned bits, struct mc_err *e);

/* The older RAs are for nothing any more; *n is how many there were. */
MC_NODISCARD bool
mc_ca_ra_retire(const char *dir, unsigned *n, struct mc_err *e);

/* A new OCSP responder's key and certificate, of this lifetime. */
MC_NODISCARD bool
mc_ca_ocsp_renew(const char *dir, int64_t lifetime, struct mc_err *e);

/*
 * Make the CA that is to follow, in next/, valid from at on: GetNextCACert
 * announces it until then, and then it takes over by itself.  spec's subject
 * may be NULL: the same.  A generation before the previous one is put aside
 * into old-SERIAL/.  MC_DENIED where one is announced already.
 */
MC_NODISCARD bool
mc_ca_rollover(const struct mc_ca_spec *spec, int64_t at, struct mc_err *e);

/*
 * What GetNextCACert answers, appended: it was signed when the next CA was
 * made.  MC_MALFORMED where none is announced.
 */
MC_NODISCARD bool mc_ca_announcement_load(
    const struct mc_ca *ca, struct mc_buf *der, struct mc_err *e);

/* Take the announcement back.  MC_DENIED once the next CA has taken over. */
MC_NODISCARD bool mc_ca_rollover_cancel(const char *dir, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The record as text for other programs, and back: openssl's index (what
 * "openssl ca" and "openssl ocsp" read), CSV, JSON lines.
 */
#ifndef MC_CA_TRANSFER_H
#define MC_CA_TRANSFER_H

#include "ca/ca.h"
#include "store/certificate.h"
#include "store/copy.h"

enum mc_transfer { MC_TRANSFER_INDEX, MC_TRANSFER_CSV, MC_TRANSFER_JSON };

/* watch, which may be NULL, counts certificates; an import's counts bytes. */
MC_NODISCARD bool mc_transfer_export(struct mc_store *s,
    enum mc_transfer format, const struct mc_certificate_filter *f,
    const struct mc_watch *watch, struct mc_buf *to, struct mc_err *e);

/* Could it be openssl's index?  MC_MALFORMED as "NAME:LINE: ...". */
MC_NODISCARD bool mc_transfer_index_check(
    const struct mc_buf *text, const char *name, struct mc_err *e);

/*
 * Add what other records had: JSON lines as exported, or PEM certificates with
 * openssl's index beside them for their status (index may be NULL: all valid).
 * Each certificate must be this CA's own work (mc_ca_issuer_find).  All or
 * nothing; those that are here already, the same, are passed over.
 */
MC_NODISCARD bool
mc_transfer_import(const struct mc_ca *ca, const struct mc_buf *file,
    const struct mc_buf *index, const struct mc_watch *watch, unsigned *added,
    unsigned *known, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A SCEP message taken apart for a person, layer by layer.  Nothing here
 * decides anything; a layer that cannot be read says so and ends there.
 */
#ifndef MC_CA_DISSECT_H
#define MC_CA_DISSECT_H

#include "scep/scep.h"
#include "scep_ca/rows.h"

/* SignedData with a signer: its algorithms, the signer, each attribute. */
void mc_dissect_signed(
    struct mc_rows *r, const struct mc_buf *msg, struct mc_signed *s);

/* messageType as a number; 0 where the message has none that can be read. */
int mc_dissect_type(const struct mc_signed *s);

/* EnvelopedData from outside. */
void mc_dissect_envelope(struct mc_rows *r, const struct mc_buf *envelope);

/* What is in it: a PKCS#10, or a name; whether there is a challenge. */
void mc_dissect_csr(struct mc_rows *r, const struct mc_buf *der);
void mc_dissect_id(struct mc_rows *r, const struct mc_buf *der);

/* The certificates of a certs-only message. */
void mc_dissect_certs(struct mc_rows *r, const mc_certs *certs);

/*
 * What can be made out in bytes that are no message any more: SCEP's
 * attributes and certificates, wherever they are.  Nothing of it is proven.
 */
void mc_dissect_debris(struct mc_rows *r, const struct mc_buf *msg);

#endif

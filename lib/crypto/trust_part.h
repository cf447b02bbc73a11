/* SPDX-License-Identifier: ISC */
/* What a trust is made of: for trust.c, which loads, and trust_check.c. */
#ifndef MC_TRUST_PART_H
#define MC_TRUST_PART_H

#include "crypto/pins.h"
#include "crypto/trust.h"

struct mc_trust {
	mc_certs *anchors;
	mc_certs *certs;    /* these, the anchors and what completes chains */
	X509_STORE *system; /* the system's store; NULL: not asked */
	ASN1_OBJECT *eku;   /* that a signer has to have; NULL: any, or none */
	struct mc_pins pins;
	bool factory;
};

#endif

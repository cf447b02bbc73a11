/* SPDX-License-Identifier: ISC */
/*
 * A device gets its identity by SCEP (RFC 8894): GetCACert, GetCACaps, a key,
 * PKCSReq, in that order, as Apple's devices do.
 *
 * What the server lists in its capabilities decides digest, cipher and
 * method; an empty list means SHA-1, 3DES and GET.
 */
#ifndef MC_ACQUIRE_H
#define MC_ACQUIRE_H

#include "device/identity.h"
#include "device/offer.h"
#include "device/tell.h"

/*
 * id must be empty.  anchors is the PEM file for TLS (NULL: the system's).
 * MC_DENIED where the CA refuses or what it gives is not what was asked,
 * MC_RETRY where it wants to decide later, MC_UNTRUSTED where it is not the
 * CA of the offer's fingerprint.
 */
MC_NODISCARD bool
mc_acquire(const struct mc_enrolment_offer *offer, const char *anchors,
    const struct mc_tell *tell, struct mc_identity *id, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Fresh PayloadUUIDs for a profile, with the references to them kept.
 *
 * A PayloadUUID names this issue of a payload, so every profile made from a
 * template has its own; PayloadIdentifier says which payload it replaces and
 * is left alone, even where it holds a UUID.
 */
#ifndef MC_RENEW_H
#define MC_RENEW_H

#include "plist/plist.h"

/*
 * Replace every PayloadUUID of every depth, and every string that is equal to
 * an old one, in either case (PayloadCertificateUUID, arrays of anchors).
 * What is no UUID is followed only under keys that end in "UUID", for a short
 * placeholder may stand elsewhere by chance.  MC_MALFORMED where two payloads
 * have the same PayloadUUID: references to it could mean either.
 */
MC_NODISCARD bool mc_renew_uuids(mc_plist *p, struct mc_err *e);

/*
 * The same with UUIDs of version 5, that another run gives again: the
 * profile's is that of its PayloadIdentifier, a payload's is that of the
 * profile's, a NUL and its own.  MC_MALFORMED also where a payload that has a
 * PayloadUUID has no PayloadIdentifier, or that of another.
 */
MC_NODISCARD bool mc_renew_uuids_named(mc_plist *profile, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Each payload of a Configuration profile as a profile of its own; payloads
 * that refer to each other by PayloadUUID stay together.
 *
 * A new profile has the keys of the old one, but the display name of its
 * payload where that has one.  Its PayloadIdentifier is the old one, a dot and
 * the payload's type without "com.apple.", from the second of a type on with
 * ".2", ".3"; its PayloadUUID is named after that (base/uuid.h).  Payloads
 * are not changed.  A password for the profile's removal is no payload by
 * itself: every new profile gets it, under an identifier of its own.
 */
#ifndef MC_SPLIT_H
#define MC_SPLIT_H

#include "plist/plist.h"

/*
 * *out is a new array of profiles, in the order of their first payloads.
 * MC_MALFORMED for what is no profile with open payloads and an identifier,
 * and where two payloads have one PayloadUUID.
 */
MC_NODISCARD bool
mc_profile_split(const mc_plist *profile, mc_plist **out, struct mc_err *e);

#endif

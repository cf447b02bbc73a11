/* SPDX-License-Identifier: ISC */
/*
 * A Configuration profile from its parts, finished: identifiers, UUIDs and the
 * order of keys, so that the same parts give the same bytes on every machine.
 *
 * Identifiers: a payload without one gets the profile's, a dot and its type
 * without "com.apple.", and from the second that has this on ".2", ".3".
 * UUIDs: of version 5, of the identifiers (of a payload: the profile's and its
 * own), so that an update keeps them.
 * Order: the keys of payload.h in its order, then all others by their bytes, at
 * every depth; PayloadContent of the profile comes last.
 */
#ifndef MC_CONFIGURATION_H
#define MC_CONFIGURATION_H

#include "profile/payload.h"
#include "profile/value.h"

/*
 * Finish *profile, a dict with PayloadIdentifier and an array PayloadContent:
 * fill in what is missing (PayloadType, PayloadVersion, identifiers, UUIDs,
 * HasRemovalPasscode where there is a removal password; what is there stays),
 * resolve references (mc_value_link()), sort.  MC_USAGE where something is
 * missing or two payloads have one identifier or UUID.  *profile is replaced
 * by the finished one; on failure it is left, half done.
 */
MC_NODISCARD bool mc_configuration_finish(
    mc_plist **profile, enum mc_uuid_way way, struct mc_err *e);

/* A copy of a profile, or any plist, with its keys in that order. */
MC_NODISCARD bool
mc_configuration_sort(const mc_plist *p, mc_plist **out, struct mc_err *e);

/*
 * Add what JSON says to profile, a dict with an array PayloadContent:
 *
 *	{ "identifier": "com.acme.wifi", "name": "ACME Wi-Fi",
 *	  "payloads": [ { "type": "com.apple.wifi.managed",
 *	                  "SSID_STR": "ACME", "AutoJoin": true } ] }
 *
 * Keys are Apple's, or one of these for short: identifier, name, organization,
 * description, uuid, and of the profile scope, removalDisallowed,
 * expirationDate, removalDate, durationUntilRemoval, consent, payloads, of a
 * payload type; a payload's own key of that name comes first.  Values are
 * JSON's, and where JSON has none an object with one of these members alone:
 *
 *	{"@file": PATH}      {"@secret": "file:PATH", "fd:N" or "env:NAME"}
 *	{"@base64": TEXT}    {"@date": RFC 3339}    {"@uuid": WHO}
 *
 * A string where a date is due is read as one.  MC_MALFORMED, beginning
 * "LINE:COLUMN:" or with the key path.
 */
MC_NODISCARD bool mc_configuration_parse(const struct mc_value_rules *rules,
    const struct mc_buf *json, mc_plist *profile, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The keys that every payload and every profile begins with.
 *
 * Always in this order, so that the same facts give the same bytes:
 * PayloadType, PayloadVersion, PayloadIdentifier, PayloadUUID, then where
 * they are given PayloadOrganization, PayloadDisplayName, PayloadDescription.
 * What is particular to the payload follows.
 *
 * Source: Apple, Device Management, "Configuring Multiple Devices Using
 * Profiles" and the TopLevel and CommonPayloadKeys objects.
 */
#ifndef MC_PAYLOAD_H
#define MC_PAYLOAD_H

#include "base/uuid.h"
#include "plist/plist.h"

enum mc_uuid_way {
	MC_UUID_NAMED,  /* version 5 */
	MC_UUID_RANDOM, /* version 4 */
};

struct mc_payload {
	const char *type;       /* "com.apple.security.scep" */
	const char *identifier; /* "com.acme.wifi": stays the same for ever */
	const char *uuid;
	const char *organization;
	const char *display_name;
	const char *description;
};

MC_NODISCARD bool
mc_payload_new(const struct mc_payload *p, mc_plist **out, struct mc_err *e);

/*
 * A PayloadUUID: random, or named by the profile's identifier and, where
 * payload is not NULL, the payload's behind a NUL.
 */
MC_NODISCARD bool mc_payload_uuid(enum mc_uuid_way way, const char *profile,
    const char *payload, char out[static MC_UUID_TEXT], struct mc_err *e);

/*
 * Set text at key; nothing where text is NULL.  MC_MALFORMED, naming the key,
 * for what XML cannot hold; the text is not repeated: it may be a secret.
 */
MC_NODISCARD bool mc_payload_set_text(
    mc_plist *dict, const char *key, const char *text, struct mc_err *e);

/*
 * May text at key (of a dict, or of what is in it; may be NULL) be another
 * payload's PayloadUUID?  It is a UUID, or the key ends in "UUID": a short
 * placeholder may stand elsewhere by chance.
 */
bool mc_payload_may_refer(const char *key, const char *text);

/*
 * What of a payload's type becomes part of an identifier, lent: "wifi.managed"
 * of Apple's, and "GlobalPreferences", which has a dot of its own in front.
 */
const char *mc_payload_stem(const char *type);

/*
 * Append the PayloadIdentifier of one that has none: the profile's, a dot, its
 * stem, and for the nth of the stem, from the second on, ".2".  Stems and not
 * types are counted: there are com.apple.loginwindow and loginwindow.
 */
MC_NODISCARD bool mc_payload_identifier(const char *profile, const char *type,
    size_t nth, struct mc_buf *to, struct mc_err *e);

/* Set a node at key; takes it in any case.  NULL is out of memory. */
MC_NODISCARD bool mc_payload_set(
    mc_plist *dict, const char *key, mc_plist *node, struct mc_err *e);

#endif

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

#include "plist/plist.h"

struct mc_payload {
	const char *type;       /* "com.apple.security.scep" */
	const char *identifier; /* "com.acme.wifi": stays the same for ever */
	const char *uuid;       /* NULL: a fresh one */
	const char *organization;
	const char *display_name;
	const char *description;
};

MC_NODISCARD bool
mc_payload_new(const struct mc_payload *p, mc_plist **out, struct mc_err *e);

/*
 * Set text at key; nothing where text is NULL.  MC_MALFORMED, naming the key,
 * for what XML cannot hold; the text is not repeated: it may be a secret.
 */
MC_NODISCARD bool mc_payload_set_text(
    mc_plist *dict, const char *key, const char *text, struct mc_err *e);

/* Set a node at key; takes it in any case.  NULL is out of memory. */
MC_NODISCARD bool mc_payload_set(
    mc_plist *dict, const char *key, mc_plist *node, struct mc_err *e);

#endif

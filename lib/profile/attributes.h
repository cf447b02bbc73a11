/* SPDX-License-Identifier: ISC */
/*
 * What a device says of itself: the plist in its signed message, as facts.
 *
 * Only attributes from a closed list become facts, each under a name of its
 * own, so that no device can set USER or TEMPLATE.  What else it sends is
 * left alone.
 */
#ifndef MC_ATTRIBUTES_H
#define MC_ATTRIBUTES_H

#include "base/fact.h"

/* The longest value, in bytes of UTF-8. */
#define MC_ATTRIBUTE_LIMIT 1024

/*
 * Set UDID, PRODUCT, VERSION, SERIAL, IMEI, ... from the message.  A string, a
 * boolean ("true", "false") or an integer each, without control characters;
 * UDID must be there and be letters, digits and dashes.  CHALLENGE, a string
 * or data, is appended to challenge, which stays empty where none was sent.
 * MC_MALFORMED otherwise, naming the attribute.
 */
MC_NODISCARD bool mc_attributes_parse(const struct mc_buf *message,
    struct mc_facts *facts, struct mc_buf *challenge, struct mc_err *e);

#define MC_ATTRIBUTES_WORDS 121

/*
 * The device in words for people, "iPhone5,2 10A525 F2LJ": of these facts
 * those that there are, cut where a character begins; "" for none.
 */
void mc_attributes_describe(
    const struct mc_facts *facts, char to[static MC_ATTRIBUTES_WORDS]);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The device's signed answer: a plist of its attributes in CMS SignedData.
 *
 * A device sends those of the attributes asked for that it has, and passes
 * over the others in silence; CHALLENGE comes back as it came, string or
 * data, and only in the answer that the factory's certificate signs.
 */
#ifndef MC_DEVICE_ANSWER_H
#define MC_DEVICE_ANSWER_H

#include "device/identity.h"
#include "plist/plist.h"

enum mc_shape {
	MC_SHAPE_CURRENT, /* DER, SHA-256 */
	MC_SHAPE_IOS6,    /* BER of indefinite length, SHA-1: seen in 2012 */
};

/* Apple's documents name this attribute (CHALLENGE is none). */
bool mc_answer_known(const char *attribute);

/*
 * Append the XML.  has is a dict of strings, wanted an array of names;
 * challenge may be NULL.
 */
MC_NODISCARD bool mc_answer_encode(const mc_plist *has, const mc_plist *wanted,
    const mc_plist *challenge, struct mc_buf *xml, struct mc_err *e);

/* Append the CMS message; id's chain goes along, but for a root. */
MC_NODISCARD bool
mc_answer_sign(const struct mc_buf *xml, const struct mc_identity *id,
    enum mc_shape shape, struct mc_buf *cms, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A value of a plist as text that scripts read: bare, or as JSON.
 *
 * JSON has no data and no dates: they are {"@base64": TEXT} and {"@date":
 * TEXT}, as mc_configuration_parse() takes them.  Everything else is what it
 * is; a real without a fraction stays one (1.0).
 */
#ifndef MC_PLAIN_H
#define MC_PLAIN_H

#include "plist/plist.h"

#define MC_PLAIN_REAL 32

/* The shortest text that is this number again. */
const char *mc_plain_real(double v, char text[static MC_PLAIN_REAL]);

/*
 * Append a scalar: text as it is, data as base64, a date as RFC 3339, true or
 * false.  MC_INTERNAL for a dict or an array.
 */
MC_NODISCARD bool
mc_plain_encode(const mc_plist *scalar, struct mc_buf *to, struct mc_err *e);

/* Append any value as JSON, indented by two blanks, and a line end. */
MC_NODISCARD bool
mc_plain_json_encode(const mc_plist *p, struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* One object out of a file of the user's, which may be PEM or DER. */
#ifndef MC_ARMOR_H
#define MC_ARMOR_H

#include "crypto/ossl.h"

/*
 * Append the DER.  A SEQUENCE is taken as it is; else there is one PEM block
 * in the file, not encrypted, whose label is one of these (NULL-terminated);
 * text may stand before it.  MC_MALFORMED, naming what was wanted.
 */
MC_NODISCARD bool
mc_armor_parse(const struct mc_buf *file, const char *const *labels,
    const char *what, struct mc_buf *der, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* The binary form, "bplist00", under the limits of the XML one. */
#ifndef MC_PLIST_BINARY_H
#define MC_PLIST_BINARY_H

#include "plist/plist.h"

/*
 * As mc_plist_read().  Strings of its can hold what XML cannot, control
 * characters; they are refused like all that a tree does not hold.
 */
MC_NODISCARD bool mc_binary_read(const struct mc_buf *in,
    const struct mc_plist_reading *how, mc_plist **out, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Numbers, dates and data that are not as they should be: what Apple's reader
 * makes of them all the same.
 */
#ifndef MC_PLIST_LOOSE_H
#define MC_PLIST_LOOSE_H

#include "plist/plist.h"

/*
 * n bytes of text that the strict forms (scalar.h, base64) refuse, of this
 * type: a value, and which fault it is.  MC_FAULT_VALUE where Apple's reader
 * refuses it too; then the value is the nearest, or 0.  NULL: no memory.
 */
mc_plist *mc_loose_parse(
    enum mc_plist_type type, const char *s, size_t n, enum mc_fault *fault);

#endif

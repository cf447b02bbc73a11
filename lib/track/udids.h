/* SPDX-License-Identifier: ISC */
/*
 * The file of the devices that a site accepts: one UDID a line, # and what
 * follows is for people.
 */
#ifndef MC_UDIDS_H
#define MC_UDIDS_H

#include "base/buf.h"

/*
 * *listed says whether udid is in the file, in either case of letters.  The
 * whole file is read, so that a mistake in it (MC_MALFORMED, "FILE:LINE:") is
 * found on the first day.
 */
MC_NODISCARD bool mc_udids_find(
    const char *path, const char *udid, bool *listed, struct mc_err *e);

#endif

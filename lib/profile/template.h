/* SPDX-License-Identifier: ISC */
/*
 * A template is a Configuration profile with ${variables} in it.
 *
 * Filling replaces them in every string and key of every depth, as nodes of
 * a new tree: no value can become XML, or a variable again.  Data is left as it
 * is.
 */
#ifndef MC_TEMPLATE_H
#define MC_TEMPLATE_H

#include "plist/plist.h"
#include "profile/vars.h"

/* MC_MALFORMED unless p is a Configuration profile with open payloads. */
MC_NODISCARD bool mc_template_check(const mc_plist *p, struct mc_err *e);

/*
 * A copy of p with the variables replaced.  Messages begin with the key path.
 * MC_MALFORMED where two keys of a dict become one, and where all strings
 * together become longer than MC_BUF_LIMIT.
 */
MC_NODISCARD bool mc_template_fill(const mc_plist *p,
    const struct mc_vars *vars, mc_plist **out, struct mc_err *e);

#endif

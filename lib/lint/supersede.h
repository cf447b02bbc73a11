/* SPDX-License-Identifier: ISC */
/* Of two findings about one thing, the one that says more. */
#ifndef MC_LINT_SUPERSEDE_H
#define MC_LINT_SUPERSEDE_H

#include "lint/finding.h"

/*
 * Leave out what the schema's rule found (1100 to 1199), and that a key changed
 * (1615), where a rule that knows what the key is for found the same: a Subject
 * that is no array of arrays of pairs is one finding, not one for each string
 * in it.
 */
void mc_findings_supersede(struct mc_findings *f);

#endif

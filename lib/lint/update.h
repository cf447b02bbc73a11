/* SPDX-License-Identifier: ISC */
/*
 * What becomes of an installed profile when another one comes: the parts of
 * mc_lint_update().  Only update*.c include this.
 *
 * Findings are of the new profile; what is no longer in it is told in words.
 */
#ifndef MC_LINT_UPDATE_H
#define MC_LINT_UPDATE_H

#include "lint/parts.h"

struct mc_update {
	const struct mc_lint *l; /* the new one */
	const struct mc_document *old;
};

/*
 * Tell which keys of a dict changed (MC1615), and of those below it: new's
 * path, skip is a key to leave out or NULL.  Values of secrets are not shown.
 */
MC_NODISCARD bool mc_update_keys(const struct mc_update *u, const mc_plist *old,
    const mc_plist *new, const struct mc_path *path, const char *skip,
    struct mc_err *e);

/* Each payload's fate. */
MC_NODISCARD bool
mc_update_payloads(const struct mc_update *u, struct mc_err *e);

#endif

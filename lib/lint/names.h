/* SPDX-License-Identifier: ISC */
/* The names in a request for a certificate.  Only lib/lint includes this. */
#ifndef MC_LINT_NAMES_H
#define MC_LINT_NAMES_H

#include "lint/rule.h"

/*
 * Subject and SubjectAltName of what asks for a certificate: content is the
 * dict that has them, path its own.
 */
MC_NODISCARD bool mc_lint_names_check(const struct mc_lint *l,
    const mc_plist *content, const struct mc_path *path, struct mc_err *e);

#endif

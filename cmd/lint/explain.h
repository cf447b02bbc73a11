/* SPDX-License-Identifier: ISC */
/* What the codes mean, for people: --explain, --codes. */
#ifndef MC_LINT_EXPLAIN_H
#define MC_LINT_EXPLAIN_H

#include "stage/stage.h"

/* Append what is known of a code, "MC1234" or its name; of "all", each. */
MC_NODISCARD bool
mc_lint_explain(const char *code, struct mc_io *io, struct mc_err *e);

/* Append a table: a line each. */
MC_NODISCARD bool mc_lint_codes_show(struct mc_io *io, struct mc_err *e);

#endif

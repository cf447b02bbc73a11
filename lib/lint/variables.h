/* SPDX-License-Identifier: ISC */
/* What is no value yet. */
#ifndef MC_LINT_VARIABLES_H
#define MC_LINT_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A variable that some server has to fill in: "${name}", "$FLEET_VAR_X",
 * "{{name}}", "%SerialNumber%", "$USERNAME", "<%= name %>".  Finds the first
 * in s: its place and its length, 0: none.  What reads like a script has none,
 * nor has a URL's percent-encoding.
 */
size_t mc_variable_find(const char *s, const char **at);
/* One that macOS itself fills in, in some payloads. */
bool mc_variable_is_native(const char *at, size_t n);

#endif

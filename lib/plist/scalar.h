/* SPDX-License-Identifier: ISC */
/*
 * Numbers and dates as plists write them: one strict form each, and the same
 * in every locale.  libplist writes them.
 */
#ifndef MC_PLIST_SCALAR_H
#define MC_PLIST_SCALAR_H

#include <stdbool.h>
#include <stdint.h>

/* [+-]?[0-9]+ that fits; false otherwise. */
bool mc_scalar_int_parse(const char *s, int64_t *out);

/* [+-]?[0-9]+(.[0-9]+)?([eE][+-]?[0-9]+)? that is finite; false otherwise. */
bool mc_scalar_real_parse(const char *s, double *out);

/* YYYY-MM-DDTHH:MM:SSZ, a real date of the years 1 to 9999. */
bool mc_scalar_date_parse(const char *s, int64_t *out);

#endif

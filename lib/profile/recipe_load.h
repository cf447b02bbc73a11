/* SPDX-License-Identifier: ISC */
/*
 * One making of a profile: what its options were given as, with defaults,
 * secrets and files in their places, and the payloads that there will be; for
 * lib/profile/recipe*.c alone.
 */
#ifndef MC_RECIPE_LOAD_H
#define MC_RECIPE_LOAD_H

#include "crypto/ossl.h"
#include "profile/recipe_part.h"

struct mc_recipe_loaded {
	bool has; /* it counts: was given, or has a default */
	struct mc_buf text;
	const char *const *list; /* lent */
	size_t list_n;
	mc_certs *certs;
	mc_plist *subject;
};

struct mc_recipe_values {
	struct mc_recipe_loaded v[MC_RECIPE_OPTIONS];
};

/* Wipe and release. */
void mc_recipe_values_clear(struct mc_recipe_values *v);
#define AUTO_RECIPE_VALUES                                                     \
	__attribute__((cleanup(mc_recipe_values_clear))) struct mc_recipe_values

/* MC_USAGE, naming the option, for what is missing or does not fit. */
MC_NODISCARD bool mc_recipe_values_load(const struct mc_recipe *r,
    const union mc_recipe_value *given, const struct mc_facts *facts,
    struct mc_recipe_values *out, struct mc_err *e);

/* Does the condition hold? */
bool mc_recipe_if_holds(
    const struct mc_recipe_values *v, const struct mc_recipe_if *when);

/* What one payload of the recipe has become, none, one or several. */
struct mc_recipe_made {
	char *identifier[MC_RECIPE_CERTS];
	size_t n;
};

struct mc_recipe_filling {
	const struct mc_recipe *r;
	const char *identifier; /* the profile's */
	const struct mc_value_rules *rules;
	struct mc_recipe_values values;
	struct mc_recipe_made made[MC_RECIPE_PAYLOADS];
};

/* Set the lines of p that are to be set in dict. */
MC_NODISCARD bool mc_recipe_lines_fill(const struct mc_recipe_filling *f,
    const struct mc_recipe_payload *p, mc_plist *dict, struct mc_err *e);

#endif

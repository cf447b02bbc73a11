/* SPDX-License-Identifier: ISC */
/*
 * Verbs that are files: the recipes that come with the tools, those of a
 * site's folders, and any by its path; and the verbs that tell of them.
 */
#ifndef MC_GEN_RECIPE_H
#define MC_GEN_RECIPE_H

#include "stages.h"

struct mc_gen_recipe_args {
	struct mc_list templates;
	const char *name;
};

extern const struct mc_opt mc_gen_recipes_opts[];
extern const struct mc_opt mc_gen_recipe_opts[];

/* recipes: a table of all there are; recipe: the text of one. */
MC_NODISCARD bool
mc_gen_recipes(const void *args, struct mc_io *io, struct mc_err *e);
MC_NODISCARD bool
mc_gen_recipe(const void *args, struct mc_io *io, struct mc_err *e);

extern const struct mc_verb_maker mc_gen_recipe_maker;

#endif

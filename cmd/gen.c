/* SPDX-License-Identifier: ISC */
/*
 * mcprofile-gen(1): facts and templates in, a profile out.  Here is the table
 * of its verbs; each is in cmd/gen.
 */
#include "gen/configuration.h"
#include "gen/describe.h"
#include "gen/edit.h"
#include "gen/parts.h"
#include "gen/recipe.h"
#include "gen/service.h"
#include "gen/template.h"

union gen_args {
	struct mc_gen_configuration_args configuration;
	struct mc_gen_service_args service;
	struct mc_gen_scep_args scep;
	struct mc_gen_template_args template;
	struct mc_gen_set_args set;
	struct mc_gen_get_args get;
	struct mc_gen_sort_args sort;
	struct mc_gen_merge_args merge;
	struct mc_gen_split_args split;
	struct mc_gen_types_args types;
	struct mc_gen_describe_args describe;
	struct mc_gen_recipe_args recipe;
};

static const struct mc_verb verbs[] = {
	{ "configuration", "any profile, of payloads and their values",
	    mc_gen_configuration_opts, MC_INPUT_LATER, mc_gen_configuration },
	{ "profile-service", "the profile that asks a device who it is",
	    mc_gen_service_opts, MC_INPUT_NONE, mc_gen_service },
	{ "scep", "the profile that gives a device its identity",
	    mc_gen_scep_opts, MC_INPUT_NONE, mc_gen_scep },
	{ "template",
	    "a template profile with its variables filled in, once or often",
	    mc_gen_template_opts, MC_INPUT_LATER, mc_gen_template },
	{ "set", "a profile with some values changed", mc_gen_set_opts,
	    MC_INPUT_LATER, mc_gen_set },
	{ "get", "one value of a profile", mc_gen_get_opts, MC_INPUT_LATER,
	    mc_gen_get },
	{ "sort", "a profile with its keys in order", mc_gen_sort_opts,
	    MC_INPUT_LATER, mc_gen_sort },
	{ "merge", "one profile with the payloads of several",
	    mc_gen_merge_opts, MC_INPUT_LATER, mc_gen_merge },
	{ "split", "each payload of a profile as a profile of its own",
	    mc_gen_split_opts, MC_INPUT_LATER, mc_gen_split },
	{ "types", "what payloads there are, and where", mc_gen_types_opts,
	    MC_INPUT_NONE, mc_gen_types },
	{ "describe", "what a payload may hold", mc_gen_describe_opts,
	    MC_INPUT_NONE, mc_gen_describe },
	{ "recipes", "list the recipes, which are verbs too",
	    mc_gen_recipes_opts, MC_INPUT_NONE, mc_gen_recipes },
	{ "recipe", "the text of a recipe, to copy and change",
	    mc_gen_recipe_opts, MC_INPUT_NONE, mc_gen_recipe },
	{ 0 },
};

const struct mc_stage mc_stage_gen = {
	.name = "mcprofile-gen",
	.summary = "make a configuration profile",
	.verbs = verbs,
	.maker = &mc_gen_recipe_maker,
	.args_size = sizeof(union gen_args),
};

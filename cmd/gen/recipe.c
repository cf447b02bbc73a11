/* SPDX-License-Identifier: ISC */
#include "gen/recipe.h"

#include <stdlib.h>

#include "base/near.h"
#include "base/table.h"
#include "gen/configuration.h"
#include "gen/shelf.h"
#include "profile/recipe.h"

/* What a recipe's own options and those of every recipe fill. */
struct made {
	struct mc_gen_profile_args profile;
	struct mc_list templates; /* the shelf has read them already */
	size_t templates_n;       /* ... as many */
	union mc_recipe_value values[MC_RECIPE_OPTIONS];
	mc_recipe *recipe;
	char *summary; /* and description */
	struct mc_opt *opts;
};

static const struct mc_opt ahead_opts[] = {
	{ MC_OPT_LIST, 0, "templates", "DIR", "where to look for recipes first",
	    false, 0 },
	MC_OPT_END,
};

#define TEMPLATES(T)                                                           \
	MC_LIST(T, templates, 0, "templates", "DIR",                           \
	    "where to look for recipes first", false)

static const struct mc_opt common_opts[] = {
	MC_GEN_PROFILE_OPTS(struct made),
	TEMPLATES(struct made),
	MC_OPT_END,
};

static const struct mc_opt *const taken[] = { common_opts, NULL };

const struct mc_opt mc_gen_recipes_opts[] = {
	TEMPLATES(struct mc_gen_recipe_args),
	MC_OPT_END,
};

const struct mc_opt mc_gen_recipe_opts[] = {
	MC_WORD(struct mc_gen_recipe_args, name, "recipe", "RECIPE",
	    "its name, or the path of one", true),
	TEMPLATES(struct mc_gen_recipe_args),
	MC_OPT_END,
};

static bool
make(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct made *args = ctx;
	AUTO_GEN_RULES rules = { 0 };
	AUTO(mc_plist) *profile = NULL;

	if (args->templates.n != args->templates_n)
		return mc_fail(e, MC_USAGE,
		    "--templates: want it right behind the recipe's name");
	return mc_gen_rules_load(&args->profile, io, &rules, e) &&
	    mc_recipe_fill(args->recipe, args->values, args->profile.identifier,
		&rules.value, &profile, e) &&
	    mc_gen_profile_set(&args->profile, &rules.value, profile, e) &&
	    mc_gen_profile_put(&args->profile, &rules.value, &profile, io, e);
}

static void
made_free(struct made *m)
{
	if (m->recipe)
		mc_recipe_free(m->recipe);
	free(m->summary);
	free(m->opts);
	free(m);
}
typedef struct made made; /* for AUTO() only */
CLEANUP(made, made_free);

static void
clear(struct mc_made_verb *v)
{
	made_free(v->owner);
}

/* The recipe's options, then those of every recipe. */
static bool
opts_new(const mc_recipe *r, struct mc_opt **out, struct mc_err *e)
{
	const size_t common = sizeof(common_opts) / sizeof(*common_opts);
	size_t n = mc_recipe_len(r);
	struct mc_opt *opts = calloc(n + common, sizeof(*opts));

	if (!opts)
		return mc_fail_memory(e);
	mc_recipe_opts(r, offsetof(struct made, values), opts);
	memcpy(&opts[n], common_opts, sizeof(common_opts));
	for (struct mc_opt *o = &opts[n]; o->kind; o++)
		if (strcmp(o->name, "identifier") == 0)
			o->required = true;
	*out = opts;
	return true;
}

static bool
summary_new(const mc_recipe *r, char **out, struct mc_err *e)
{
	const char *description = mc_recipe_description(r);
	AUTO_BUF text = MC_BUF_INIT;

	if (!mc_buf_printf(&text, e, "%s%s%s", mc_recipe_summary(r),
		*description ? "\n\n" : "", description))
		return false;
	*out = strdup(mc_buf_str(&text));
	return *out || mc_fail_memory(e);
}

static bool
make_verb(int argc, char *const *argv, int at, struct mc_made_verb *out,
    struct mc_err *e)
{
	AUTO_GEN_SHELF shelf = { .beside = NULL };
	const struct mc_recipe_reading how = {
		.part = mc_gen_shelf_part,
		.ctx = &shelf,
		.taken = taken,
	};
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF file = MC_BUF_INIT;
	AUTO(made) *m = calloc(1, sizeof(*m));
	bool found;

	if (!m)
		return mc_fail_memory(e);
	if (!mc_gen_shelf_init(&shelf, argc, argv, at, &m->templates_n, e) ||
	    !mc_gen_shelf_recipe_find(
		&shelf, argv[at], &text, &file, &found, e))
		return false;
	if (!found)
		return true;
	if (!mc_recipe_parse(mc_buf_str(&file), &text, &how, &m->recipe, e) ||
	    !opts_new(m->recipe, &m->opts, e) ||
	    !summary_new(m->recipe, &m->summary, e))
		return false;
	out->verb = (struct mc_verb){ argv[at], m->summary, m->opts,
		MC_INPUT_NONE, make };
	out->args = m;
	out->clear = clear;
	out->owner = take(&m);
	return true;
}

struct listing {
	mc_verb_told *each;
	void *ctx;
};

static bool
tell(void *ctx, const char *name, const char *summary, const char *where,
    struct mc_err *e)
{
	const struct listing *l = ctx;

	(void)where;
	return l->each(l->ctx, name, summary, e);
}

static bool
list_verbs(int argc, char *const *argv, mc_verb_told *each, void *ctx,
    struct mc_err *e)
{
	AUTO_GEN_SHELF shelf = { .beside = NULL };
	struct listing l = { each, ctx };
	size_t behind;

	return mc_gen_shelf_init(&shelf, argc, argv, argc, &behind, e) &&
	    mc_gen_shelf_list(&shelf, tell, &l, e);
}

const struct mc_verb_maker mc_gen_recipe_maker = {
	.name = "RECIPE",
	.ahead = ahead_opts,
	.make = make_verb,
	.list = list_verbs,
};

static bool
add_row(void *ctx, const char *name, const char *summary, const char *where,
    struct mc_err *e)
{
	return mc_buf_printf(ctx, e, "%s\t%s\t%s\n", name,
	    where ? where : "mcprofile-gen", summary);
}

bool
mc_gen_recipes(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_recipe_args *args = ctx;
	const struct mc_gen_shelf shelf = { .folders = args->templates };
	const struct mc_table_view view = { .width = io->columns,
		.whole = true };
	AUTO_BUF rows = MC_BUF_INIT;

	return mc_gen_shelf_list(&shelf, add_row, &rows, e) &&
	    mc_table_show(&rows, &view, io->out, e);
}

static bool
add_near(void *ctx, const char *name, const char *summary, const char *where,
    struct mc_err *e)
{
	(void)summary;
	(void)where;
	(void)e;
	mc_near_add(ctx, name);
	return true;
}

bool
mc_gen_recipe(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_recipe_args *args = ctx;
	AUTO_GEN_SHELF shelf = { .folders = args->templates };
	struct mc_near near = MC_NEAR_INIT(args->name);
	AUTO_BUF file = MC_BUF_INIT;
	bool found;

	if (!mc_gen_shelf_recipe_find(
		&shelf, args->name, io->out, &file, &found, e))
		return false;
	if (found)
		return true;
	if (!mc_gen_shelf_list(&shelf, add_near, &near, e))
		return false;
	if (near.n)
		return mc_fail(e, MC_NOINPUT,
		    "%s: no such recipe; did you mean %s?", args->name,
		    mc_near_text(&near));
	return mc_fail(e, MC_NOINPUT,
	    "%s: no such recipe; mcprofile-gen recipes lists them", args->name);
}

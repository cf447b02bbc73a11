/* SPDX-License-Identifier: ISC */
/*
 * Recipes (mcprofile-recipe(5)): texts that say which payloads belong together,
 * which options they are made of, and how they refer to each other.
 *
 * There is nothing to compute in one: a line of a payload is done, left out
 * where what it names has no value, or repeated for each of several.  What
 * options are given as becomes values and nothing else: it can add no key and
 * no payload, and is not looked into.
 */
#ifndef MC_RECIPE_H
#define MC_RECIPE_H

#include "base/opt.h"
#include "profile/value.h"

#define MC_RECIPE_OPTIONS 64 /* of one recipe, its parts included */
#define MC_RECIPE_PAYLOADS 32
#define MC_RECIPE_LINES 512 /* of all its payloads */
#define MC_RECIPE_CERTS 64  /* that one option brings in */

typedef struct mc_recipe mc_recipe;

/* A text that comes with the tools: "mdm.recipe", "identity.part". */
struct mc_recipe_text {
	const char *file;
	const unsigned char *text;
	size_t len;
};
/* Sorted by name; ends with one whose file is NULL. */
extern const struct mc_recipe_text mc_recipe_texts[];

/* What a recipe may want to know of the world. */
struct mc_recipe_reading {
	/*
	 * Append the text of a part that it includes, "identity"; *file is
	 * empty, and to become what messages call it.  MC_NOINPUT where there
	 * is none.
	 */
	MC_NODISCARD bool (*part)(void *ctx, const char *name,
	    struct mc_buf *text, struct mc_buf *file, struct mc_err *e);
	void *ctx;
	/* options that every verb has, so that no recipe can; may be NULL */
	const struct mc_opt *const *taken; /* NULL-terminated */
};

/*
 * Parse one; file is for messages.  MC_MALFORMED, beginning
 * "FILE:LINE:COLUMN:", for what is no recipe.
 */
MC_NODISCARD bool mc_recipe_parse(const char *file, const struct mc_buf *text,
    const struct mc_recipe_reading *how, mc_recipe **out, struct mc_err *e);
void mc_recipe_free(mc_recipe *r);
CLEANUP(mc_recipe, mc_recipe_free);

/* The summary in the first lines of a text, all that a list needs; new. */
MC_NODISCARD bool mc_recipe_summary_parse(
    const char *file, const struct mc_buf *text, char **out, struct mc_err *e);

/* Lent: one line; and several, "" where there are none. */
const char *mc_recipe_summary(const mc_recipe *r);
const char *mc_recipe_description(const mc_recipe *r);

/* What one option was given as: which, its kind says. */
union mc_recipe_value {
	bool flag;
	const char *text; /* NULL: not given */
	struct mc_list list;
	struct mc_words words;
};

/*
 * The option table: as many options as mc_recipe_len(), which fill an array of
 * values that begins at offset off.  Lent are all texts of it.
 */
size_t mc_recipe_len(const mc_recipe *r);
void mc_recipe_opts(const mc_recipe *r, size_t off, struct mc_opt *to);

/*
 * Make the profile: its identifier, what the recipe says of the profile
 * itself, and the payloads with their types and identifiers; it is then to be
 * finished (mc_configuration_finish()).  values are mc_recipe_len().  Reads
 * what secrets and files the options name.
 *
 * MC_USAGE, naming the option, for one that is missing, has no sense beside
 * the others, or does not fit; MC_MALFORMED, with the place, where the recipe
 * itself is at fault.  No message repeats a secret.
 */
MC_NODISCARD bool mc_recipe_fill(const mc_recipe *r,
    const union mc_recipe_value *values, const char *identifier,
    const struct mc_value_rules *rules, mc_plist **out, struct mc_err *e);

#endif

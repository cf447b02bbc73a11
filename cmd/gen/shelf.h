/* SPDX-License-Identifier: ISC */
/*
 * Where recipes are: beside a file that was named by its path, in the folders
 * of --templates in their order, and at last in the tools themselves.
 */
#ifndef MC_GEN_SHELF_H
#define MC_GEN_SHELF_H

#include "base/opt.h"

struct mc_gen_shelf {
	struct mc_list folders; /* lent */
	char *beside;           /* a folder, the first to look; NULL: none */
};

#define AUTO_GEN_SHELF                                                         \
	__attribute__((cleanup(mc_gen_shelf_clear))) struct mc_gen_shelf

void mc_gen_shelf_clear(struct mc_gen_shelf *s);

/*
 * --templates on a command line that is not parsed yet, whose verb is argv[at]
 * (argc: it has none): in front of the verb, or right behind it, where no word
 * can be another option's value.  *behind is how many are there.
 */
MC_NODISCARD bool mc_gen_shelf_init(struct mc_gen_shelf *s, int argc,
    char *const *argv, int at, size_t *behind, struct mc_err *e);

/*
 * Append the text of a recipe, "mdm" or the path of one, and what messages
 * call it.  *found is false, and nothing is appended, where there is none; a
 * path is always found, or MC_NOINPUT.
 */
MC_NODISCARD bool
mc_gen_shelf_recipe_find(struct mc_gen_shelf *s, const char *name,
    struct mc_buf *text, struct mc_buf *file, bool *found, struct mc_err *e);

/* As mc_recipe_reading has it; ctx is the shelf. */
MC_NODISCARD bool mc_gen_shelf_part(void *ctx, const char *name,
    struct mc_buf *text, struct mc_buf *file, struct mc_err *e);

/*
 * Call each for every recipe, sorted by name, of two with one name for the one
 * that is found; where is a folder's path, NULL: the tools.  False to stop.
 */
MC_NODISCARD bool mc_gen_shelf_list(const struct mc_gen_shelf *s,
    bool (*each)(void *ctx, const char *name, const char *summary,
	const char *where, struct mc_err *e),
    void *ctx, struct mc_err *e);

#endif

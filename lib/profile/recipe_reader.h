/* SPDX-License-Identifier: ISC */
/* Reading a recipe line by line; for lib/profile/recipe*.c alone. */
#ifndef MC_RECIPE_READER_H
#define MC_RECIPE_READER_H

#include "profile/recipe_part.h"

/* What an indented line belongs to. */
enum mc_recipe_block {
	MC_RECIPE_IN_NOTHING,
	MC_RECIPE_IN_DESCRIPTION,
	MC_RECIPE_IN_OPTION,  /* the last one */
	MC_RECIPE_IN_PAYLOAD, /* the last one */
};

struct mc_recipe_reader {
	struct mc_recipe *r;
	const struct mc_recipe_reading *how;
	size_t file; /* in r->files */
	unsigned number;
	char *line;        /* cut into words as it is read */
	char *next;        /* what was not read of it yet */
	const char *fault; /* what an error is about, in the line */
	enum mc_recipe_block block;
	const char *include; /* set by a statement that includes; lent */
};

/* Read one line that is no comment, without its end. */
MC_NODISCARD bool
mc_recipe_statement_read(struct mc_recipe_reader *rd, struct mc_err *e);
MC_NODISCARD bool
mc_recipe_indented_read(struct mc_recipe_reader *rd, struct mc_err *e);

/* The next word, cut out of the line; NULL at its end. */
char *mc_recipe_word(struct mc_recipe_reader *rd);
/* All that is left of the line; NULL where that is nothing. */
char *mc_recipe_rest(struct mc_recipe_reader *rd);

/* Where the fault is. */
struct mc_recipe_place mc_recipe_here(const struct mc_recipe_reader *rd);

/* A copy of n bytes. */
MC_NODISCARD bool
mc_recipe_keep(const char *s, size_t n, char **to, struct mc_err *e);

/* "[a-z][a-z0-9-]*", at most 40: names of options, parts and payloads. */
bool mc_recipe_name_check(const char *s);

/* "if NAME: " at what is next, where there is one. */
MC_NODISCARD bool mc_recipe_if_read(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e);

/* What is behind "option" and "words". */
MC_NODISCARD bool mc_recipe_option_read(struct mc_recipe_reader *rd,
    struct mc_recipe_if *when, bool word, struct mc_err *e);

/* The option of this name, a fault of the line where there is none. */
MC_NODISCARD bool mc_recipe_option_get(const struct mc_recipe_reader *rd,
    const char *name, size_t n, size_t *number, struct mc_err *e);

/* "KEY=VALUE", for the last payload. */
MC_NODISCARD bool
mc_recipe_line_read(struct mc_recipe_reader *rd, struct mc_err *e);

#endif

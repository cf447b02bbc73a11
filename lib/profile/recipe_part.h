/* SPDX-License-Identifier: ISC */
/* What a recipe is made of; for lib/profile/recipe*.c alone. */
#ifndef MC_RECIPE_PART_H
#define MC_RECIPE_PART_H

#include "profile/recipe.h"

#define MC_RECIPE_FILES 8 /* a recipe and its parts */

enum mc_recipe_kind {
	MC_RECIPE_TEXT,
	MC_RECIPE_SECRET,
	MC_RECIPE_FILE,    /* its bytes */
	MC_RECIPE_SUBJECT, /* a name, /O=.../CN=... */
	MC_RECIPE_INTEGER,
	MC_RECIPE_CHOICE,
	MC_RECIPE_FLAG,
	MC_RECIPE_LIST,         /* texts; may be repeated */
	MC_RECIPE_CERTIFICATES, /* of files; may be repeated */
	MC_RECIPE_KINDS,
};

struct mc_recipe_place {
	size_t file; /* in the recipe's files */
	unsigned line;
	unsigned column;
};

/* "if NAME", "if not NAME", "if NAME=VALUE|VALUE". */
struct mc_recipe_if {
	size_t option; /* its number, from 1 on; 0: always */
	bool negated;
	char *is; /* one of these, "a|b"; NULL: any value */
};

struct mc_recipe_option {
	enum mc_recipe_kind kind;
	char *name;
	char *arg; /* NULL for a flag */
	char *help;
	char *fallback; /* NULL: none */
	bool required;
	bool word; /* it is given without its name */
	bool used;
	struct mc_recipe_if when;
	struct mc_recipe_place at;
};

/* "KEY=VALUE" of a payload. */
struct mc_recipe_line {
	struct mc_recipe_if when;
	char *key;    /* with its sign: "SSID_STR=", "Key:=integer:" */
	char *value;  /* without a reference: its text, with options */
	char *refers; /* a payload's label; NULL: none */
	struct mc_recipe_place at;
};

struct mc_recipe_payload {
	char *type;  /* MC_SCHEMA_TOP: the profile; NULL: certificates */
	char *label; /* NULL: nothing refers to it */
	struct mc_recipe_if when;
	size_t certificates; /* the option's number, from 1 on; 0: none */
	size_t first;        /* of its lines */
	size_t n;
	struct mc_recipe_place at;
};

struct mc_recipe {
	char *files[MC_RECIPE_FILES];
	size_t files_n;
	char *summary;
	char *description; /* NULL: none */
	struct mc_recipe_option options[MC_RECIPE_OPTIONS];
	size_t options_n;
	struct mc_recipe_payload payloads[MC_RECIPE_PAYLOADS];
	size_t payloads_n;
	struct mc_recipe_line lines[MC_RECIPE_LINES];
	size_t lines_n;
};

/* The word for a kind: "text", ...; what --help says of what it wants. */
const char *mc_recipe_kind_name(enum mc_recipe_kind k);

/* The number, from 1 on, of the option whose name are n bytes; 0: none. */
size_t
mc_recipe_option_find(const struct mc_recipe *r, const char *name, size_t n);

/*
 * A value is text and options in turn: the next piece of it from *at on, false
 * at its end.  A "${" without a name and "}" is an option of no length.
 */
struct mc_recipe_piece {
	const char *text;
	size_t n;
	bool option;
};
bool mc_recipe_piece_next(const char **at, struct mc_recipe_piece *out);

/*
 * The words of "a|b|c": the next one from *at on, false behind the last, where
 * *at is NULL; and whether n bytes are one of them.
 */
bool mc_recipe_words_next(const char **at, const char **word, size_t *n);
bool mc_recipe_words_have(const char *words, const char *word, size_t n);

/* Does text fit the option's kind?  MC_USAGE, without its name. */
MC_NODISCARD bool mc_recipe_option_value_check(
    const struct mc_recipe_option *o, const char *value, struct mc_err *e);

/* When it holds, for people: "--identity scep". */
MC_NODISCARD bool mc_recipe_if_show(const struct mc_recipe *r,
    const struct mc_recipe_if *when, struct mc_buf *to, struct mc_err *e);

/* Fail at a place of a recipe: prefixes "FILE:LINE:COLUMN: ". */
bool mc_recipe_note(const struct mc_recipe *r, const struct mc_recipe_place *at,
    struct mc_err *e);

/* All that can only be seen once all was read. */
MC_NODISCARD bool mc_recipe_check(struct mc_recipe *r, struct mc_err *e);

#endif

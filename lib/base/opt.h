/* SPDX-License-Identifier: ISC */
/*
 * One table describes a command line; parsing, --help, the mdoc SYNOPSIS and
 * OPTIONS, shell completion and "key = value" files are all read from it.
 *
 * The macros check, at compile time, that the field has the type its option
 * kind stores, then record only its offset.  Values are lent: they live as
 * long as argv, or the text of the file, does.
 */
#ifndef MC_OPT_H
#define MC_OPT_H

#include <stddef.h>

#include "base/buf.h"

enum mc_opt_kind {
	MC_OPT_NONE, /* ends a table */
	MC_OPT_FLAG,
	MC_OPT_STR,
	MC_OPT_UINT,
	MC_OPT_SECONDS, /* "90", "15m", "1h", "2d" -> seconds */
	MC_OPT_CHOICE,  /* one of arg's words, "der|pem"; stores its index */
	MC_OPT_LIST,    /* may be repeated */
	MC_OPT_WORD,    /* a word without a dash, in table order */
	MC_OPT_WORDS,   /* all words without a dash that are left */
	MC_OPT_GROUP,   /* may be repeated; the words after it are its own */
};

/* The values of an option that may be repeated; values are lent. */
struct mc_list {
	const char *v[MC_LIST_MAX];
	size_t n;
};

/*
 * Any number of words, as MC_OPT_WORDS and MC_OPT_GROUP have them; the array
 * is owned (mc_opt_clear()).  Of groups, each ends with a NULL:
 * "--payload A b c --payload D" is A, b, c, NULL, D, NULL.
 */
struct mc_words {
	const char **v;
	size_t n;
	size_t cap;
};

struct mc_opt {
	enum mc_opt_kind kind;
	char sh; /* short form; 0 for none */
	const char *name;
	const char *arg;  /* metavariable; NULL for a flag */
	const char *help; /* one phrase, lower case, no full stop */
	bool required;
	size_t off;
};

#define MC_FIELD(T, f, want) (offsetof(T, f) + _Generic(&((T *)0)->f, want : 0))

#define MC_FLAG(T, f, s, n, h)                                                 \
	{                                                                      \
		MC_OPT_FLAG, s, n, NULL, h, false, MC_FIELD(T, f, bool *)      \
	}
#define MC_STR(T, f, s, n, a, h, req)                                          \
	{                                                                      \
		MC_OPT_STR, s, n, a, h, req, MC_FIELD(T, f, const char **)     \
	}
#define MC_UINT(T, f, s, n, a, h)                                              \
	{                                                                      \
		MC_OPT_UINT, s, n, a, h, false, MC_FIELD(T, f, unsigned *)     \
	}
#define MC_SECONDS(T, f, s, n, a, h)                                           \
	{                                                                      \
		MC_OPT_SECONDS, s, n, a, h, false, MC_FIELD(T, f, int64_t *)   \
	}
#define MC_CHOICE(T, f, s, n, a, h)                                            \
	{                                                                      \
		MC_OPT_CHOICE, s, n, a, h, false, MC_FIELD(T, f, unsigned *)   \
	}
#define MC_LIST(T, f, s, n, a, h, req)                                         \
	{                                                                      \
		MC_OPT_LIST, s, n, a, h, req, MC_FIELD(T, f, struct mc_list *) \
	}
#define MC_WORD(T, f, n, a, h, req)                                            \
	{                                                                      \
		MC_OPT_WORD, 0, n, a, h, req, MC_FIELD(T, f, const char **)    \
	}
#define MC_WORDS(T, f, n, a, h, req)                                           \
	{                                                                      \
		MC_OPT_WORDS, 0, n, a, h, req,                                 \
		    MC_FIELD(T, f, struct mc_words *)                          \
	}
#define MC_GROUP(T, f, n, a, h, req)                                           \
	{                                                                      \
		MC_OPT_GROUP, 0, n, a, h, req,                                 \
		    MC_FIELD(T, f, struct mc_words *)                          \
	}
#define MC_OPT_END                                                             \
	{                                                                      \
		0                                                              \
	}

/* A table and the struct that it fills.  opts may be NULL. */
struct mc_opt_set {
	const struct mc_opt *opts;
	void *args;
};

/*
 * Parse argv from *i on into the sets (ended by one with args NULL).  Stops
 * at the first word that no MC_OPT_WORD has a place for, leaving *i there.
 * MC_USAGE on a bad line.
 */
MC_NODISCARD bool mc_opt_parse(const struct mc_opt_set *sets, int argc,
    char *const *argv, int *i, struct mc_err *e);

/* Release what parsing allocated: the arrays of struct mc_words. */
void mc_opt_clear(const struct mc_opt *opts, void *args);

/* Everything required was given.  MC_USAGE otherwise. */
MC_NODISCARD bool mc_opt_check(const struct mc_opt_set *sets, struct mc_err *e);

/*
 * Parse a file of "name = value" lines, # starting a comment line: the same
 * table, one option a line, a flag's value being yes or no.  Edits text in
 * place and lends its parts to args.  A table for files has MC_OPT_CONF_MAX
 * options at most.  Messages begin "NAME:LINE:".
 */
#define MC_OPT_CONF_MAX 64
MC_NODISCARD bool mc_opt_conf_parse(const struct mc_opt *opts, const char *name,
    struct mc_buf *text, void *args, struct mc_err *e);

/* A part of such a file, for files that have sections. */
struct mc_opt_stretch {
	const char *name; /* of the file */
	char *text;       /* edited; ends with a NUL */
	unsigned line;    /* number of its first line */
};

/*
 * Parse one into sets, as mc_opt_parse() has them; what is required is not
 * asked for.  lines, zeroed by the caller, has a row for each set, where an
 * option's place in its table is that of the line that said it, or 0.
 */
MC_NODISCARD bool mc_opt_stretch_parse(const struct mc_opt_set *sets,
    const struct mc_opt_stretch *s, unsigned (*lines)[MC_OPT_CONF_MAX],
    struct mc_err *e);

/* Append the parts of --help and its machine-readable forms. */
MC_NODISCARD bool
mc_opt_help(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e);
/* The words that follow the options, optional ones in brackets. */
MC_NODISCARD bool
mc_opt_usage(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e);
MC_NODISCARD bool
mc_opt_synopsis(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e);
MC_NODISCARD bool
mc_opt_items(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e);
MC_NODISCARD bool
mc_opt_words(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e);

#endif

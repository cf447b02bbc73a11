/* SPDX-License-Identifier: ISC */
/*
 * A line of a schema file, cut into words.
 *
 * Blanks separate words, a comma is a word of its own; in double quotes a word
 * may hold both, with \" and \\ for these two.  Tabs are for the beginning of
 * a line, and say how deep it is.  What is quoted is never a keyword.
 */
#ifndef MC_SCHEMA_LINE_H
#define MC_SCHEMA_LINE_H

#include "base/buf.h"

struct mc_schema_word {
	const char *s;
	unsigned column; /* in bytes, from 1 */
	bool quoted;
};

struct mc_schema_line {
	const char *file; /* for messages, lent */
	unsigned line;    /* from 1 */
	unsigned indent;  /* tabs */
	size_t n;
	size_t at;    /* the next to be read */
	unsigned end; /* column past the line */
	struct mc_schema_word v[MC_SCHEMA_WORDS];
	char text[2 * MC_SCHEMA_LINE]; /* of the words, each with its NUL */
};

/*
 * Cut n bytes without their line end; file and line are set already.  None for
 * a blank line or a comment.  MC_MALFORMED, "FILE:LINE:COLUMN: ...".
 */
MC_NODISCARD bool mc_schema_line_parse(
    struct mc_schema_line *l, const char *s, size_t n, struct mc_err *e);

/* The next word is this keyword: read it. */
bool mc_schema_line_take(struct mc_schema_line *l, const char *keyword);
/* Read a word, whatever it is but a comma or a missing one: what it is. */
MC_NODISCARD bool mc_schema_line_next(struct mc_schema_line *l,
    const char *what, const struct mc_schema_word **out, struct mc_err *e);

/* MC_MALFORMED at the next word, at one that was read. */
bool mc_schema_line_fail(const struct mc_schema_line *l, struct mc_err *e,
    const char *fmt, ...) MC_PRINTF(3, 4);
bool mc_schema_line_fail_at(const struct mc_schema_line *l,
    const struct mc_schema_word *at, struct mc_err *e, const char *fmt, ...)
    MC_PRINTF(4, 5);
/* What has failed has done so at this word: put its place before it. */
bool mc_schema_line_note(const struct mc_schema_line *l,
    const struct mc_schema_word *at, struct mc_err *e);

#endif

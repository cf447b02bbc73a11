/* SPDX-License-Identifier: ISC */
/*
 * Rows of variables, for as many profiles from one template: a spreadsheet's
 * CSV, or lines of JSON.
 *
 * CSV is what RFC 4180 says, in UTF-8: the first row names the variables,
 * fields are quoted where they hold a comma, a quote (then doubled) or a line
 * end; lines end in LF or CRLF.  A byte order mark and empty lines are passed
 * over.  Nothing is guessed: blanks belong to their field, every row has as
 * many fields as the first, and a quote stands nowhere but around a field.
 * JSON lines are an object each; its values are strings, numbers, booleans or
 * null, which is the empty text.
 *
 * A row that is bad is told and left behind; the next one is read where its
 * line ends.
 */
#ifndef MC_SHEET_H
#define MC_SHEET_H

#include "profile/vars.h"

enum mc_sheet_format { MC_SHEET_CSV, MC_SHEET_JSON };

/* The text of something that was read, with its line end, lent. */
struct mc_sheet_text {
	const char *s;
	size_t len;
	unsigned line; /* where it begins, from 1 */
};

struct mc_sheet {
	enum mc_sheet_format format;
	const char *at; /* what is still to be read: lent */
	const char *end;
	unsigned line;             /* of at */
	char *names[MC_VARS_ROW];  /* of the first row of a CSV; owned */
	size_t n;                  /* of names */
	struct mc_sheet_text head; /* the first row of a CSV */
	struct mc_sheet_text row;  /* the last one that was read */
};

#define AUTO_SHEET __attribute__((cleanup(mc_sheet_clear))) struct mc_sheet

void mc_sheet_clear(struct mc_sheet *r);

/*
 * Begin to read text, which is lent; the first row of a CSV is read at once.
 * MC_MALFORMED, of line r->head.line, where that is not fit for names.
 */
MC_NODISCARD bool mc_sheet_init(struct mc_sheet *r, enum mc_sheet_format format,
    const struct mc_buf *text, struct mc_err *e);

enum mc_sheet_step {
	MC_SHEET_END, /* there are no more */
	MC_SHEET_ROW, /* r->row is one */
	MC_SHEET_BAD, /* r->row is none, *e says why; one may go on */
};

/* Read the next row, and add its variables to those that are there. */
enum mc_sheet_step
mc_sheet_next(struct mc_sheet *r, struct mc_vars *to, struct mc_err *e);

#endif

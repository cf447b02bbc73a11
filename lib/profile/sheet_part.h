/* SPDX-License-Identifier: ISC */
/* Between the files of sheet.h: a row of each format, and the lines of both. */
#ifndef MC_SHEET_PART_H
#define MC_SHEET_PART_H

#include "profile/sheet.h"

/* Pass over the LF or CRLF at r->at; false where there is none. */
bool mc_sheet_take_line_end(struct mc_sheet *r);

/* To the beginning of the next line. */
void mc_sheet_skip_line(struct mc_sheet *r);

/* Pass over empty lines; *row begins here.  False at the end of all. */
bool mc_sheet_begin(struct mc_sheet *r, struct mc_sheet_text *row);

/* Read the row that begins at r->at; r is behind its line even if it is bad. */
MC_NODISCARD bool
mc_sheet_csv_next(struct mc_sheet *r, struct mc_vars *to, struct mc_err *e);
MC_NODISCARD bool
mc_sheet_json_next(struct mc_sheet *r, struct mc_vars *to, struct mc_err *e);

/* Read the first row, the names. */
MC_NODISCARD bool mc_sheet_csv_head(struct mc_sheet *r, struct mc_err *e);

#endif

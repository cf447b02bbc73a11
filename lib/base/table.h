/* SPDX-License-Identifier: ISC */
/* Rows of cells as aligned columns, for people. */
#ifndef MC_TABLE_H
#define MC_TABLE_H

#include "base/buf.h"

/* A cell that another one follows is cut to this width, with an ellipsis. */
#define MC_TABLE_CELL 40
/* Columns that give way to a narrow terminal keep this much. */
#define MC_TABLE_CELL_MIN 8

/* What a table is for. */
struct mc_table_view {
	unsigned width; /* columns of the terminal; 0: as wide as need be */
	bool headings;  /* the first row is: bold, where there are colours */
	/*
	 * The escape sequence that a cell's text begins with, or NULL for
	 * none; NULL where there are no colours.
	 */
	const char *(*colour)(size_t column, const char *text, size_t n);
	unsigned rigid; /* bit N: column N does not give way */
	unsigned tails; /* bit N: what is cut there keeps its end */
	bool whole;     /* without a width, no cell is cut */
};

/*
 * Append rows, a line each, their cells separated by tabs, 12 at most.  Widths
 * are counted in characters of UTF-8.  A row's last cell is never cut.  Cells
 * are shown as mc_text_show() has them.
 */
MC_NODISCARD bool
mc_table_encode(const struct mc_buf *rows, struct mc_buf *to, struct mc_err *e);

/*
 * The same for a view.  Where it has a width no line is longer: the widest
 * columns but the first, which is what people copy, give way to the last one,
 * as long as that is narrower than MC_TABLE_CELL, and last cells are cut.
 */
MC_NODISCARD bool mc_table_show(const struct mc_buf *rows,
    const struct mc_table_view *view, struct mc_buf *to, struct mc_err *e);

#endif

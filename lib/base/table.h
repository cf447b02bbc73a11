/* SPDX-License-Identifier: ISC */
/* Rows of cells as aligned columns, for people. */
#ifndef MC_TABLE_H
#define MC_TABLE_H

#include "base/buf.h"

/* A cell that another one follows is cut to this width, with an ellipsis. */
#define MC_TABLE_CELL 40

/*
 * Append rows, a line each, their cells separated by tabs, 8 at most.  Widths
 * are counted in characters of UTF-8.  A row's last cell is never cut.
 */
MC_NODISCARD bool
mc_table_encode(const struct mc_buf *rows, struct mc_buf *to, struct mc_err *e);

#endif

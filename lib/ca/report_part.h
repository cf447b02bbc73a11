/* SPDX-License-Identifier: ISC */
/* What the reports' files share among themselves. */
#ifndef MC_CA_REPORT_PART_H
#define MC_CA_REPORT_PART_H

#include "base/table.h"
#include "ca/report.h"

/* Rows of any number: a million certificates are some 150 MB of table. */
#define MC_REPORT_LIMIT ((size_t)1 << 30)

/* How much a table can show. */
enum mc_report_room {
	MC_ROOM_SMALL, /* what it is, and whose */
	MC_ROOM_USUAL, /* a terminal of 80 columns */
	MC_ROOM_WIDE,  /* everything; also where there is no terminal */
};
enum mc_report_room mc_report_room(const struct mc_report_view *view);

/* "-" for NULL and "". */
const char *mc_report_dash(const char *s);

/* Whose it is, in one cell: a user says more than an enrolment's id. */
const char *mc_report_whose(const char *user, const char *owner);

/* Append rows, the first being headings, the status in the second column. */
MC_NODISCARD bool
mc_report_table(const struct mc_buf *rows, struct mc_table_view table,
    const struct mc_report_view *view, struct mc_buf *to, struct mc_err *e);

#endif

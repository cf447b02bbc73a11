/* SPDX-License-Identifier: ISC */
/*
 * A verdict in words: whole, for people; a row of a table; an object of JSON
 * (mcprofile-verify(1) documents its members, which stay); a test of TAP.
 *
 * What the message says is told where it is intact, or unsigned, and never
 * where its signature does not hold.
 */
#ifndef MC_VERIFY_REPORT_H
#define MC_VERIFY_REPORT_H

#include "base/json.h"
#include "verify/verdict.h"

/* Column where a report's values begin. */
#define MC_REPORT_INDENT "           "
#define MC_REPORT_INDENT_LEN 11

/* "intact", "unsigned", ...: one word for a code. */
const char *mc_verdict_word(enum mc_code code);

MC_NODISCARD bool mc_report_text_encode(const struct mc_verdict *v, bool colour,
    struct mc_buf *to, struct mc_err *e);

/* The name of its file, on a line of its own. */
MC_NODISCARD bool mc_report_file_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e);

/* The headings of the table, and a row of it: cells for mc_table_show(). */
#define MC_REPORT_HEADINGS "FILE\tVERDICT\tSIGNER\tDAYS\tIDENTIFIER\n"
MC_NODISCARD bool mc_report_row_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e);

/* An object on one line; and the same for what could not be judged. */
MC_NODISCARD bool mc_report_json_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e);

/* The test numbered n. */
MC_NODISCARD bool mc_report_tap_encode(
    const struct mc_verdict *v, size_t n, struct mc_buf *to, struct mc_err *e);

#endif

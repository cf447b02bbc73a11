/* SPDX-License-Identifier: ISC */
/* What the two reports in JSON share.  Only they include this. */
#ifndef MC_LINT_REPORT_JSON_H
#define MC_LINT_REPORT_JSON_H

#include "base/json.h"
#include "lint/report_part.h"

/* Append the text before, then the object on one line. */
MC_NODISCARD bool mc_report_json_add(
    const json_t *o, const char *before, struct mc_buf *to, struct mc_err *e);

#endif

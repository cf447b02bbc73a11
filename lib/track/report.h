/* SPDX-License-Identifier: ISC */
/* Where each person is, and why one stopped: tables for people. */
#ifndef MC_REPORT_H
#define MC_REPORT_H

#include "store/enrolment.h"

/* Append one line an enrolment, newest first; user NULL: everybody's. */
MC_NODISCARD bool mc_report_list(
    struct mc_store *s, const char *user, struct mc_buf *to, struct mc_err *e);

/*
 * Append all that is known of the one whose id begins with prefix, and its
 * steps.  MC_NOINPUT for none, MC_USAGE for several.
 */
MC_NODISCARD bool mc_report_show(struct mc_store *s, const char *prefix,
    struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Rows of RFC 4180, for spreadsheets.  These take what begins with one of six
 * characters for a formula, and some of our texts are a requester's: an
 * apostrophe in front makes such a field text.
 */
#ifndef MC_CA_CSV_H
#define MC_CA_CSV_H

#include "base/buf.h"

/* Append a row of n fields; NULL is an empty one. */
MC_NODISCARD bool mc_csv_encode(
    const char *const *fields, size_t n, struct mc_buf *to, struct mc_err *e);

#endif

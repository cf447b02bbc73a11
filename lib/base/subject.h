/* SPDX-License-Identifier: ISC */
/*
 * The grammar of a name written as text, "/O=ACME Inc./CN=Alice": what the
 * types and the values may be is for others to say.
 *
 * A slash begins each part, the first "=" ends its type, and in a value a
 * backslash takes the next character as it is.
 */
#ifndef MC_BASE_SUBJECT_H
#define MC_BASE_SUBJECT_H

#include "base/buf.h"

#define MC_SUBJECT_PARTS 32 /* of one name, at most */

/* A part, its value unescaped; false stops the reading with its error. */
typedef bool mc_subject_part(
    void *ctx, const char *type, const char *value, struct mc_err *e);

/*
 * Call part for each, in the order of the text.  MC_MALFORMED, naming the
 * place, for what has another form.
 */
MC_NODISCARD bool mc_subject_read(
    const char *text, mc_subject_part *part, void *ctx, struct mc_err *e);

/* Append a value so that it is read back as one value, the same. */
MC_NODISCARD bool mc_subject_quote(
    const char *value, size_t len, struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A message as text that people read, and that git diff compares: the same
 * content gives the same text, whatever the order of its keys, on any day.
 *
 * Lines that begin with "#" tell of the signature.  Then comes the content, a
 * key a line, sorted; text in quotes, each line of it in quotes of its own;
 * certificates described.
 */
#ifndef MC_VERIFY_PRINT_H
#define MC_VERIFY_PRINT_H

#include "verify/verdict.h"

/* content is the verdict's own, or, unverified, what was found. */
MC_NODISCARD bool
mc_print_encode(const struct mc_verdict *v, const struct mc_buf *content,
    bool unverified, struct mc_buf *to, struct mc_err *e);

#endif

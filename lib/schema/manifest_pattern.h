/* SPDX-License-Identifier: ISC */
/*
 * The regular expressions of manifests are those of the Mac (ICU); ours are
 * POSIX extended ones.  What the two share, and \d, \w, \s and (?:...), is
 * translated; an expression with more than that is not checked at all.
 */
#ifndef MC_SCHEMA_MANIFEST_PATTERN_H
#define MC_SCHEMA_MANIFEST_PATTERN_H

#include "base/buf.h"

/*
 * Append the POSIX form; *is is false, and nothing is of use in to, where
 * there is none.  What is appended compiles, and in little time and memory.
 */
MC_NODISCARD bool mc_manifest_pattern(
    const char *icu, struct mc_buf *to, bool *is, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * JSON: read strictly, filled in member by member, printed.
 *
 * Objects with two members of one name, what follows the value, numbers that
 * do not fit and nesting past MC_JSON_DEPTH are refused.  What stands at a
 * fault is not repeated, for it may be a secret.  What Jansson frees it does
 * not wipe, no more than libplist does (plist/plist.h).
 */
#ifndef MC_JSON_H
#define MC_JSON_H

#include <jansson.h>

#include "base/buf.h"

CLEANUP(json_t, json_decref);

/* Any value.  MC_MALFORMED, "LINE:COLUMN: ...". */
MC_NODISCARD bool
mc_json_parse(const struct mc_buf *in, json_t **out, struct mc_err *e);

/* An object, which has a line of its own.  MC_MALFORMED, "column COLUMN: ...".
 */
MC_NODISCARD bool
mc_json_line_parse(const char *s, size_t n, json_t **out, struct mc_err *e);

/* A member of an object; takes value, which is NULL when out of memory. */
MC_NODISCARD bool
mc_json_set(json_t *o, const char *name, json_t *value, struct mc_err *e);

/*
 * A text that somebody else wrote, as mc_text_clean() has it; null where it is
 * NULL or empty.
 */
MC_NODISCARD bool mc_json_set_text(
    json_t *o, const char *name, const char *text, struct mc_err *e);

MC_NODISCARD bool
mc_json_set_number(json_t *o, const char *name, int64_t n, struct mc_err *e);

/* A time; null for 0, which is never. */
MC_NODISCARD bool
mc_json_set_time(json_t *o, const char *name, int64_t t, struct mc_err *e);

/* The last one of an array; takes value, which is NULL when out of memory. */
MC_NODISCARD bool mc_json_add(json_t *array, json_t *value, struct mc_err *e);

/*
 * Append its text, members in their order; flags are json_dumps()'s.  No memory
 * where it is NULL.
 */
MC_NODISCARD bool mc_json_encode(
    const json_t *value, size_t flags, struct mc_buf *to, struct mc_err *e);

#endif

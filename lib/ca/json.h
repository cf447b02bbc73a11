/* SPDX-License-Identifier: ISC */
/* Objects of JSON as they are filled in. */
#ifndef MC_CA_JSON_H
#define MC_CA_JSON_H

#include <jansson.h>

#include "base/buf.h"

CLEANUP(json_t, json_decref);

/* A member of an object; takes value, which is NULL when out of memory. */
MC_NODISCARD bool
mc_json_put(json_t *o, const char *name, json_t *value, struct mc_err *e);

/*
 * A text, cleaned where it is no UTF-8, whatever the record holds; null where
 * it is NULL or empty.
 */
MC_NODISCARD bool mc_json_put_text(
    json_t *o, const char *name, const char *text, struct mc_err *e);

MC_NODISCARD bool
mc_json_put_number(json_t *o, const char *name, int64_t n, struct mc_err *e);

/* A time; null for 0, which is never. */
MC_NODISCARD bool
mc_json_put_time(json_t *o, const char *name, int64_t t, struct mc_err *e);

/* Append the object's text; flags are json_dumps()'s. */
MC_NODISCARD bool mc_json_encode(
    const json_t *o, size_t flags, struct mc_buf *to, struct mc_err *e);

#endif

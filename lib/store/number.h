/* SPDX-License-Identifier: ISC */
/* Named numbers that only grow: the CRL's, and counters for metrics. */
#ifndef MC_STORE_NUMBER_H
#define MC_STORE_NUMBER_H

#include "store/store.h"

/* 0 where it was never set. */
MC_NODISCARD bool mc_store_number_get(
    struct mc_store *s, const char *name, int64_t *out, struct mc_err *e);

/* Raise to value, or leave a larger one. */
MC_NODISCARD bool mc_store_number_raise(
    struct mc_store *s, const char *name, int64_t value, struct mc_err *e);

/* Add one: "answers_success", "answers_badAlg", ... */
MC_NODISCARD bool
mc_store_number_count(struct mc_store *s, const char *name, struct mc_err *e);

/* All whose name begins with prefix, by name. */
MC_NODISCARD bool mc_store_number_list(struct mc_store *s, const char *prefix,
    bool (*each)(void *ctx, const char *name, int64_t value, struct mc_err *e),
    void *ctx, struct mc_err *e);

#endif

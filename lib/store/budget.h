/* SPDX-License-Identifier: ISC */
/*
 * How often a source has failed lately: what stands between a guesser and his
 * guesses.  A source is whatever the caller says, an address for one.
 */
#ifndef MC_STORE_BUDGET_H
#define MC_STORE_BUDGET_H

#include "store/store.h"

struct mc_budget {
	unsigned failures; /* that many ... */
	int64_t window; /* ... within so many seconds; 0 failures: no limit */
};

/*
 * Rows of all sources together: whoever has many addresses makes the store
 * forget the oldest, and not grow.
 */
#define MC_BUDGET_ROWS 10000

/* *left is false where the source has none left at this time. */
MC_NODISCARD bool mc_store_budget_check(struct mc_store *s, const char *source,
    const struct mc_budget *b, int64_t now, bool *left, struct mc_err *e);

/*
 * Count one failure; forgets what is older than the window.  A clock that was
 * set back ends no window and prolongs none for longer than its length.
 */
MC_NODISCARD bool mc_store_budget_spend(struct mc_store *s, const char *source,
    const struct mc_budget *b, int64_t now, struct mc_err *e);

/* Take one back that was counted before it was known whether it was one. */
MC_NODISCARD bool mc_store_budget_refund(
    struct mc_store *s, const char *source, struct mc_err *e);

#endif

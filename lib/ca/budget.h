/* SPDX-License-Identifier: ISC */
/*
 * Whose failures are counted together (store/budget.h).
 *
 * An address counts as what one customer of a provider has: IPv4 as it is,
 * IPv6 by its first 64 bits.  Who needs no guess is counted by his key, so
 * that he is not locked out by others behind the same address: the holder of a
 * certificate of ours that is on record and valid, and who asks again for what
 * his key was granted.
 */
#ifndef MC_CA_BUDGET_H
#define MC_CA_BUDGET_H

#include "ca/issue.h"

#define MC_BUDGET_WHO 80

/* An address's; "" where source is NULL or "": nobody's, without a limit. */
void mc_budget_address(const char *source, char out[static MC_BUDGET_WHO]);

/* Inside of a transaction and without one; r->csr is not looked at. */
MC_NODISCARD bool
mc_budget_who(const struct mc_ca *ca, const struct mc_issue_request *r,
    char out[static MC_BUDGET_WHO], struct mc_err *e);

/*
 * Was this transaction asked for before, with this key, and granted, or does
 * it wait?  Then who is the key's.  Whether it is byte for byte the same
 * request is found out when it is open.
 */
MC_NODISCARD bool
mc_budget_repeats(const struct mc_ca *ca, const struct mc_issue_request *r,
    char who[static MC_BUDGET_WHO], bool *repeats, struct mc_err *e);

/*
 * Count one failure before it is known whether it is one, where there is one
 * left; and take it back.
 */
MC_NODISCARD bool mc_budget_take(
    const struct mc_ca *ca, const char *who, bool *left, struct mc_err *e);
MC_NODISCARD bool
mc_budget_return(const struct mc_ca *ca, const char *who, struct mc_err *e);

#endif

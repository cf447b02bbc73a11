/* SPDX-License-Identifier: ISC */
/* The words of one stage of a chain, with values put in (stage/chain.h). */
#ifndef MC_EXPAND_H
#define MC_EXPAND_H

#include "stage/chain.h"

#define MC_EXPAND_NAME 64 /* of %{NAME}, with its NUL */

/* Where names get their values. */
struct mc_expand_scope {
	const struct mc_chain_env *env;
	const struct mc_facts *facts;
};

struct mc_argv {
	char *v[MC_CHAIN_WORDS + 1]; /* NULL-terminated; owned */
	size_t n;
};

#define AUTO_ARGV __attribute__((cleanup(mc_argv_clear))) struct mc_argv

void mc_argv_clear(struct mc_argv *a);

/*
 * The next "%{NAME}" at or after *p; *p is then past it.  Returns where it
 * begins, NULL where there is none.  The text has been checked before.
 */
const char *mc_expand_next(const char **p, char name[static MC_EXPAND_NAME]);

/* The stage from word *at of a chain on; *at is then past it. */
MC_NODISCARD bool
mc_expand_stage(const struct mc_chain *c, const struct mc_expand_scope *s,
    size_t *at, struct mc_argv *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A process's facts: in from its environment, out to its descriptor 3.
 *
 * Whether anybody wants them is asked before the stage runs: what the stage
 * opens itself, and a library of its forgets to close, may get the number 3
 * too, and is not for facts; it may be the store.
 */
#ifndef MC_STAGE_TOLD_H
#define MC_STAGE_TOLD_H

#include "base/fact.h"

struct mc_told {
	struct mc_facts before; /* as the environment had them */
	struct mc_facts facts;  /* for the stage */
	bool wanted;
};

void mc_told_clear(struct mc_told *t);
#define AUTO_TOLD __attribute__((cleanup(mc_told_clear))) struct mc_told

MC_NODISCARD bool mc_told_load(struct mc_told *t, struct mc_err *e);

/* Write what the stage has set or changed, where that is wanted. */
MC_NODISCARD bool mc_told_write(const struct mc_told *t, struct mc_err *e);

#endif

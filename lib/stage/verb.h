/* SPDX-License-Identifier: ISC */
/*
 * Which verb a command line calls: one of the stage's table, or one that its
 * maker makes of the word.  The table comes first.
 */
#ifndef MC_STAGE_VERB_H
#define MC_STAGE_VERB_H

#include "stage/stage.h"

struct mc_called {
	const struct mc_verb *verb; /* NULL: none yet */
	struct mc_made_verb made;   /* where verb is its verb */
};

#define AUTO_CALLED __attribute__((cleanup(mc_called_clear))) struct mc_called

/* Release a made verb and what its options allocated. */
void mc_called_clear(struct mc_called *c);

/* What its options fill, and its run is given; args is the stage's own. */
void *mc_called_args(const struct mc_called *c, void *args);

/*
 * The verb that argv[*i] begins; *i is then behind its words.  MC_USAGE where
 * there is none.
 */
MC_NODISCARD bool mc_verb_find(const struct mc_stage *s, int argc,
    char *const *argv, int *i, struct mc_called *out, struct mc_err *e);

/* word is the first one of verbs of two. */
bool mc_verb_is_half(const struct mc_stage *s, const char *word);

#endif

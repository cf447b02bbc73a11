/* SPDX-License-Identifier: ISC */
/*
 * Start a program, without a shell, in surroundings that are all of our own
 * making: the environment is an allow-list (PATH, TZ, LANG, HOME) and the
 * facts, the descriptors are these four, no signal is ignored or blocked.
 */
#ifndef MC_LAUNCH_H
#define MC_LAUNCH_H

#include <sys/types.h>

#include "base/fact.h"

#define MC_LAUNCH_FDS 4

/*
 * A name without a slash is looked for beside this very program, then in
 * PATH.  The program gets fds[i], none of them below MC_LAUNCH_FDS, as its
 * descriptor i, and a process group of its own.  facts may be NULL.
 */
MC_NODISCARD bool mc_launch(char *const *argv, const struct mc_facts *facts,
    const int fds[static MC_LAUNCH_FDS], pid_t *pid, struct mc_err *e);

#endif

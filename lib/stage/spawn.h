/* SPDX-License-Identifier: ISC */
/*
 * Start a program as a stage: message on 0 and 1, facts in its environment
 * and from its fd 3, words on 2, verdict from its exit status.
 *
 * Its environment is an allow-list (PATH, TZ, LANG, HOME) and the facts; it
 * inherits no other descriptor, and no signal that is ignored or blocked.  It
 * has a process group of its own, which is killed as a whole at the deadline.
 * The caller ignores SIGPIPE, for a program may end before it has read all.
 */
#ifndef MC_SPAWN_H
#define MC_SPAWN_H

#include "stage/stage.h"

/* What is kept of a program's words on fd 2. */
#define MC_SPAWN_WORDS ((size_t)4 << 10)

/*
 * A name without a slash is looked for beside this very program, then in
 * PATH; it is never given to a shell.  Its facts are kept whatever its
 * verdict.  io->out's limit bounds what it may write.
 *
 * Where it fails, e holds the first line that it wrote on fd 2, and e->code
 * is its exit status (mc_code_find); below 64 is an answer, so a status that
 * the table does not have is MC_DENIED there.  MC_RETRY when it outlives its
 * deadline of so many seconds.  MC_INTERNAL where it cannot be started, dies
 * by a signal, writes too much, or writes facts that are none.
 */
MC_NODISCARD bool mc_spawn(
    char *const *argv, int64_t seconds, struct mc_io *io, struct mc_err *e);

/*
 * The same where what an exit status means is the caller's to say: false is a
 * program that had none.  Where *status is not 0, e holds what mc_spawn()
 * would say.
 */
MC_NODISCARD bool mc_spawn_status(char *const *argv, int64_t seconds,
    struct mc_io *io, int *status, struct mc_err *e);

/*
 * Start a program of the checkpassword kind: it reads secret from its fd 3,
 * nothing from fd 0, and its exit status is returned in *status.  False
 * where it has none: MC_INTERNAL, MC_RETRY as above.
 */
MC_NODISCARD bool mc_spawn_check(char *const *argv, int64_t seconds,
    const struct mc_buf *secret, int *status, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A secret that a person types on the terminal.
 *
 * Only where somebody said that he is there (--ask): everything else in this
 * house never prompts.  The terminal is /dev/tty, whatever standard input and
 * output are.
 */
#ifndef MC_ASK_H
#define MC_ASK_H

#include "base/buf.h"

/*
 * Append one line, without its end, that is typed behind prompt and not shown.
 * MC_NOINPUT where there is no terminal, or we are in its background;
 * MC_MALFORMED for an empty line.  The terminal is as it was on return, and
 * also before a signal ends or stops the process: it is sent again, and who
 * continues is asked again.  One thread only.
 */
MC_NODISCARD bool
mc_ask_read(const char *prompt, struct mc_buf *to, struct mc_err *e);

#endif

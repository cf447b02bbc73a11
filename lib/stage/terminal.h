/* SPDX-License-Identifier: ISC */
/*
 * Whether a person is looking, and what they see while work goes on.
 *
 * For stage.c, which alone speaks; a stage sees it as members of mc_io.
 */
#ifndef MC_STAGE_TERMINAL_H
#define MC_STAGE_TERMINAL_H

#include "stage/stage.h"

/* A line of a stage on standard error, as mc_text_show() has it. */
void mc_terminal_say(const char *text);

/* Take the line that tells how far the work is off the terminal. */
void mc_terminal_clear(void);

/*
 * Fill io's say and progress, and, where out goes to standard output, columns
 * and colour.  Colours are for a terminal that is not dumb, and for people who
 * have not set NO_COLOR.
 */
void mc_terminal_look(struct mc_io *io, bool to_stdout);

#endif

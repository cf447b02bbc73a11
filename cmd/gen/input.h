/* SPDX-License-Identifier: ISC */
/*
 * A profile to be edited, however it lies about: what is lost on the way (a
 * signature, comments, another reader's guess) is told in a line of warning.
 */
#ifndef MC_GEN_INPUT_H
#define MC_GEN_INPUT_H

#include "plist/plist.h"
#include "stages.h"

/*
 * Read one from a file; from io's message where file is NULL or "-".  *out is
 * new.  MC_MALFORMED also for what Apple's reader would hold as something else
 * than it says.  Errors begin with the file's name; the stage adds that of a
 * message.
 */
MC_NODISCARD bool mc_gen_input_load(
    const char *file, struct mc_io *io, mc_plist **out, struct mc_err *e);

/* Say "warning: FILE: TEXT", where somebody listens. */
MC_NODISCARD bool mc_gen_input_warn(const char *file, const struct mc_io *io,
    const char *text, struct mc_err *e);

/* Name the file in an error about its content, as above. */
bool mc_gen_input_note(const char *file, struct mc_err *e);

#endif

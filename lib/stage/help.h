/* SPDX-License-Identifier: ISC */
/*
 * --help and its machine-readable forms, all from the option tables.
 *
 * --help=mdoc is what the manual page must hold (a test compares them);
 * --help=words is what shell completion offers.
 */
#ifndef MC_STAGE_HELP_H
#define MC_STAGE_HELP_H

#include "stage/stage.h"

/*
 * Whether a verb takes its message from a FILE too: one that has words of its
 * own does not.
 */
bool mc_stage_takes_file(const struct mc_verb *v);

/*
 * Append the help in form "" (for people), "mdoc", "verbs" or "words".  v is
 * the verb asked about, NULL for the whole command; process holds the options
 * that every command has.
 */
MC_NODISCARD bool mc_stage_help(const struct mc_stage *s,
    const struct mc_verb *v, const struct mc_opt *process, const char *form,
    struct mc_buf *to, struct mc_err *e);

#endif

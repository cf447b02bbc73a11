/* SPDX-License-Identifier: ISC */
/*
 * --help and its machine-readable forms, all from the option tables.
 *
 * --help=mdoc is what the manual page must hold (a test compares them);
 * --help=words is what shell completion offers.
 */
#ifndef MC_STAGE_HELP_H
#define MC_STAGE_HELP_H

#include "stage/verb.h"

/*
 * Whether a verb takes its message from a FILE too: one that has words of its
 * own does not.
 */
bool mc_stage_takes_file(const struct mc_verb *v);

/*
 * Append the help in form "" (for people), "mdoc", "verbs" or "words".  called
 * is the verb asked about, without one for the whole command; process holds
 * the options that every command has.
 *
 * A stage's manual describes its table: "mdoc" of the whole is of that alone,
 * and of a made verb it is that verb's SYNOPSIS and OPTIONS, for a manual of
 * its own.  argv is the command line, where it may be said where to look for
 * made verbs.
 */
MC_NODISCARD bool
mc_stage_help(const struct mc_stage *s, const struct mc_called *called,
    int argc, char *const *argv, const struct mc_opt *process, const char *form,
    struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* What command lines and files of options share.  Only lib/base/opt*.c. */
#ifndef MC_OPT_PART_H
#define MC_OPT_PART_H

#include "base/opt.h"

/*
 * Put a value where its option says, in args.  MC_USAGE, without the option's
 * name: the caller knows whether that has dashes.
 */
MC_NODISCARD bool mc_opt_store(
    const struct mc_opt *o, const char *val, void *args, struct mc_err *e);

/* The first required option that was not given; NULL if all were. */
const struct mc_opt *
mc_opt_missing(const struct mc_opt *opts, const void *args);

#endif

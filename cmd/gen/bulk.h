/* SPDX-License-Identifier: ISC */
/*
 * template --each: a profile for every row of a list.
 *
 * One bad row does not stop the rest; what every row would suffer from does,
 * before the first: a variable that no column has, a folder that cannot be
 * written, a full disk.
 */
#ifndef MC_GEN_BULK_H
#define MC_GEN_BULK_H

#include "gen/filling.h"
#include "gen/template.h"

/*
 * vars are common to all; those of each row come and go behind them.
 * MC_DENIED where rows failed: each is told to say, the sum is in out.
 */
MC_NODISCARD bool mc_gen_bulk(const struct mc_gen_template_args *args,
    struct mc_gen_filling *filling, struct mc_vars *vars, struct mc_io *io,
    struct mc_err *e);

#endif

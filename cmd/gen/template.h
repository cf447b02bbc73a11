/* SPDX-License-Identifier: ISC */
/*
 * The verb template: a profile with its variables filled in; with --each one
 * for every row of a list (gen/bulk.h).
 */
#ifndef MC_GEN_TEMPLATE_H
#define MC_GEN_TEMPLATE_H

#include "gen/common.h"

struct mc_gen_template_args {
	struct mc_gen_vars vars;
	const char *template;
	const char *uuid;
	const char *each;
	unsigned each_format;
	const char *output_dir;
	const char *name;
	bool replace;
	const char *failed;
};

extern const struct mc_opt mc_gen_template_opts[];

MC_NODISCARD bool
mc_gen_template(const void *args, struct mc_io *io, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* The verbs merge and split: one profile from several, several from one. */
#ifndef MC_GEN_PARTS_H
#define MC_GEN_PARTS_H

#include "stages.h"

struct mc_gen_merge_args {
	struct mc_words files;
	const char *identifier;
	const char *name;
};

extern const struct mc_opt mc_gen_merge_opts[];

MC_NODISCARD bool
mc_gen_merge(const void *args, struct mc_io *io, struct mc_err *e);

struct mc_gen_split_args {
	const char *file;
	const char *output_dir;
	bool replace;
};

extern const struct mc_opt mc_gen_split_opts[];

/* What it puts out is a list of the files. */
MC_NODISCARD bool
mc_gen_split(const void *args, struct mc_io *io, struct mc_err *e);

#endif

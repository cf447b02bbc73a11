/* SPDX-License-Identifier: ISC */
/* The verbs set, get and sort: one profile, edited. */
#ifndef MC_GEN_EDIT_H
#define MC_GEN_EDIT_H

#include "gen/configuration.h"

struct mc_gen_set_args {
	struct mc_words words; /* assignments; the last one may be FILE */
	struct mc_list remove;
	bool renew;
	struct mc_gen_profile_args profile; /* schema and force of it */
};

extern const struct mc_opt mc_gen_set_opts[];

MC_NODISCARD bool
mc_gen_set(const void *args, struct mc_io *io, struct mc_err *e);

struct mc_gen_get_args {
	const char *path;
	const char *file;
	bool raw;
	bool json;
};

extern const struct mc_opt mc_gen_get_opts[];

MC_NODISCARD bool
mc_gen_get(const void *args, struct mc_io *io, struct mc_err *e);

struct mc_gen_sort_args {
	const char *file;
};

extern const struct mc_opt mc_gen_sort_opts[];

MC_NODISCARD bool
mc_gen_sort(const void *args, struct mc_io *io, struct mc_err *e);

#endif

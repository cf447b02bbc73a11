/* SPDX-License-Identifier: ISC */
/* The verbs types and describe: the schema, for people and for scripts. */
#ifndef MC_GEN_DESCRIBE_H
#define MC_GEN_DESCRIBE_H

#include "stages.h"

struct mc_gen_types_args {
	struct mc_words words;
	const char *os;
	struct mc_list schema;
	bool json;
};

extern const struct mc_opt mc_gen_types_opts[];

MC_NODISCARD bool
mc_gen_types(const void *args, struct mc_io *io, struct mc_err *e);

struct mc_gen_describe_args {
	const char *type;
	const char *key;
	struct mc_list schema;
	bool json;
};

extern const struct mc_opt mc_gen_describe_opts[];

MC_NODISCARD bool
mc_gen_describe(const void *args, struct mc_io *io, struct mc_err *e);

#endif

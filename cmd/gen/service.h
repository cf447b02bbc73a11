/* SPDX-License-Identifier: ISC */
/* The verbs profile-service and scep: the first two profiles of an enrolment.
 */
#ifndef MC_GEN_SERVICE_H
#define MC_GEN_SERVICE_H

#include "gen/common.h"

struct mc_gen_service_args {
	struct mc_gen_common common;
	const char *name; /* as common.display_name */
	const char *url;
	const char *challenge;
	struct mc_list attributes;
};

extern const struct mc_opt mc_gen_service_opts[];

MC_NODISCARD bool
mc_gen_service(const void *args, struct mc_io *io, struct mc_err *e);

struct mc_gen_scep_args {
	struct mc_gen_common common;
	struct mc_gen_vars vars;
	const char *url;
	const char *challenge;
	const char *subject;
	bool literal;
	const char *name;
	unsigned key_size;
	unsigned key_usage;
	const char *ca;
};

extern const struct mc_opt mc_gen_scep_opts[];

MC_NODISCARD bool
mc_gen_scep(const void *args, struct mc_io *io, struct mc_err *e);

#endif

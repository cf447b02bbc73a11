/* SPDX-License-Identifier: ISC */
/* A template that is read once, and filled in as often as one likes. */
#ifndef MC_GEN_FILLING_H
#define MC_GEN_FILLING_H

#include "plist/plist.h"
#include "profile/vars.h"

/* What becomes of PayloadUUIDs. */
enum mc_gen_uuid {
	MC_GEN_UUID_FRESH, /* random ones */
	MC_GEN_UUID_KEEP,
	MC_GEN_UUID_NAMED, /* of the identifiers, the same every time */
};

struct mc_gen_filling {
	const char *path; /* lent; messages about the template begin with it */
	mc_plist *template;
	enum mc_gen_uuid uuid;
};

#define AUTO_GEN_FILLING                                                       \
	__attribute__((cleanup(mc_gen_filling_clear))) struct mc_gen_filling

void mc_gen_filling_clear(struct mc_gen_filling *f);

/* uuid is "fresh", "keep" or "named"; NULL is fallback. */
MC_NODISCARD bool
mc_gen_filling_load(struct mc_gen_filling *f, const char *path,
    const char *uuid, enum mc_gen_uuid fallback, struct mc_err *e);

MC_NODISCARD bool mc_gen_filling_make(struct mc_gen_filling *f,
    const struct mc_vars *vars, mc_plist **out, struct mc_err *e);

#endif

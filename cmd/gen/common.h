/* SPDX-License-Identifier: ISC */
/* What several of mcprofile-gen's verbs need. */
#ifndef MC_GEN_COMMON_H
#define MC_GEN_COMMON_H

#include "profile/payload.h"
#include "profile/vars.h"
#include "stages.h"

/* What the user and the device see of a profile. */
struct mc_gen_common {
	const char *identifier;
	const char *organization;
	const char *display_name;
	const char *description;
	unsigned uuid; /* enum mc_uuid_way */
};

/* Its options, for a struct T that has it as "common". */
#define MC_GEN_COMMON_OPTS(T)                                                  \
	MC_STR(T, common.identifier, 0, "identifier", "NAME",                  \
	    "PayloadIdentifier, like com.acme.enroll", true),                  \
	    MC_STR(T, common.organization, 0, "organization", "TEXT",          \
		"PayloadOrganization, shown to the user", false),              \
	    MC_STR(T, common.display_name, 0, "display-name", "TEXT",          \
		"PayloadDisplayName, shown to the user", false),               \
	    MC_STR(T, common.description, 0, "description", "TEXT",            \
		"PayloadDescription, shown to the user", false),               \
	    MC_CHOICE(T, common.uuid, 0, "uuid", "named|random",               \
		"UUIDs of the identifiers, or new ones each time")

/* display_name stands where the user gave none. */
struct mc_payload
mc_gen_payload(const struct mc_gen_common *c, const char *display_name);

struct mc_gen_vars {
	struct mc_list plain;
	struct mc_list secret;
};

/* Its options, for a struct T that has it as "vars". */
#define MC_GEN_VAR_OPTS(T)                                                     \
	MC_LIST(T, vars.plain, 0, "var", "NAME=VALUE",                         \
	    "value of the variable ${NAME}", false),                           \
	    MC_LIST(T, vars.secret, 0, "secret-var", "NAME=SECRET",            \
		"as --var, from file:PATH, fd:N or env:NAME", false)

/* facts, which vars lends, may be NULL. */
MC_NODISCARD bool mc_gen_vars_load(const struct mc_gen_vars *from,
    const struct mc_facts *facts, struct mc_vars *vars, struct mc_err *e);

/*
 * Append a finished profile, which is read once more, as a device or a later
 * stage would.  *secret is set where it has a key that sounds like a secret's,
 * with one: then it is for its owner alone.
 */
MC_NODISCARD bool mc_gen_profile_encode(
    const mc_plist *profile, struct mc_buf *to, bool *secret, struct mc_err *e);

/* The same, to io: what a verb ends with. */
MC_NODISCARD bool
mc_gen_put(const mc_plist *profile, struct mc_io *io, struct mc_err *e);

#endif

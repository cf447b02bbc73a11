/* SPDX-License-Identifier: ISC */
/* The verb configuration: any profile, from words or from JSON. */
#ifndef MC_GEN_CONFIGURATION_H
#define MC_GEN_CONFIGURATION_H

#include "gen/common.h"
#include "profile/configuration.h"

/* What every verb that makes a whole profile takes of its user. */
struct mc_gen_profile_args {
	const char *identifier;
	const char *name;
	const char *organization;
	const char *description;
	const char *scope;
	bool removal_disallowed;
	const char *expiration_date;
	const char *removal_date;
	int64_t duration_until_removal;
	struct mc_list consent;
	unsigned uuid; /* enum mc_uuid_way */
	struct mc_list schema;
	bool force;
};

/* Its options, for a struct T that has it as "profile". */
#define MC_GEN_PROFILE_OPTS(T)                                                 \
	MC_STR(T, profile.identifier, 0, "identifier", "NAME",                 \
	    "PayloadIdentifier, like com.acme.wifi", false),                   \
	    MC_STR(T, profile.name, 0, "name", "TEXT",                         \
		"PayloadDisplayName, shown to the user", false),               \
	    MC_STR(T, profile.organization, 0, "organization", "TEXT",         \
		"PayloadOrganization, shown to the user", false),              \
	    MC_STR(T, profile.description, 0, "description", "TEXT",           \
		"PayloadDescription, shown to the user", false),               \
	    MC_STR(T, profile.scope, 0, "scope", "System|User",                \
		"whom a Mac installs it for", false),                          \
	    MC_FLAG(T, profile.removal_disallowed, 0, "removal-disallowed",    \
		"only the management takes it off again"),                     \
	    MC_STR(T, profile.expiration_date, 0, "expiration-date", "DATE",   \
		"when it expires, like 2030-12-31T23:59:59+01:00", false),     \
	    MC_STR(T, profile.removal_date, 0, "removal-date", "DATE",         \
		"when the device takes it off", false),                        \
	    MC_SECONDS(T, profile.duration_until_removal, 0,                   \
		"duration-until-removal", "TIME",                              \
		"how long after its installation, like 30d"),                  \
	    MC_LIST(T, profile.consent, 0, "consent", "LANG=TEXT",             \
		"what the user agrees to, in en, de or default; or @FILE",     \
		false),                                                        \
	    MC_CHOICE(T, profile.uuid, 0, "uuid", "named|random",              \
		"UUIDs of the identifiers, or new ones each time"),            \
	    MC_LIST(T, profile.schema, 0, "schema", "FILE|DIR",                \
		"payloads besides Apple's", false),                            \
	    MC_FLAG(T, profile.force, 0, "force",                              \
		"warn of what the schema does not allow")

/* The schema, compiled or loaded, and how values are read by it. */
struct mc_gen_rules {
	struct mc_schema *loaded; /* NULL: the compiled one */
	struct mc_value_rules value;
};

void mc_gen_rules_clear(struct mc_gen_rules *r);
#define AUTO_GEN_RULES                                                         \
	__attribute__((cleanup(mc_gen_rules_clear))) struct mc_gen_rules

/* io is lent; its secret is set as soon as a value is one. */
MC_NODISCARD bool mc_gen_rules_load(const struct mc_gen_profile_args *args,
    struct mc_io *io, struct mc_gen_rules *out, struct mc_err *e);

/* Put what the options say into profile, over what is there. */
MC_NODISCARD bool mc_gen_profile_set(const struct mc_gen_profile_args *args,
    const struct mc_value_rules *rules, mc_plist *profile, struct mc_err *e);

/*
 * Look whether all is there, finish it, and append it to io->out; takes
 * *profile.
 */
MC_NODISCARD bool mc_gen_profile_put(const struct mc_gen_profile_args *args,
    const struct mc_value_rules *rules, mc_plist **profile, struct mc_io *io,
    struct mc_err *e);

struct mc_gen_configuration_args {
	struct mc_gen_profile_args profile;
	struct mc_words payloads;
	const char *from;
	struct mc_list set;
};

extern const struct mc_opt mc_gen_configuration_opts[];

/* MC_INPUT_LATER: standard input is read where --from says so. */
MC_NODISCARD bool
mc_gen_configuration(const void *args, struct mc_io *io, struct mc_err *e);

#endif

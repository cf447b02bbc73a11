/* SPDX-License-Identifier: ISC */
/*
 * Values that people write as text, KEY=VALUE, made what the schema wants:
 * "true" a boolean where a boolean is due, a string where a string is.
 *
 *	KEY=TEXT           of the type that the schema has for KEY
 *	KEY=@FILE          the file's bytes: data, or text, whose last line end
 *	                   is dropped
 *	KEY=@fd:N @env:NAME @file:PATH   the same, from a source of secrets
 *	KEY=@@TEXT         the text "@TEXT"
 *	KEY=@uuid:WHO      the PayloadUUID of the payload WHO, a type or an
 *	                   identifier, of the same profile
 *	KEY+=VALUE         one item more of an array
 *	KEY:=TYPE:VALUE    of this type, whatever the schema says: string,
 *	                   boolean, integer, real, date, data (base64); or json,
 *	                   which the schema types where it knows the key
 *
 * KEY is a key path (plist/path.h), or a top key as the schema has it, dots and
 * all.  Dates are RFC 3339, a day alone being its beginning in UTC.
 *
 * No message repeats what came from a file or a source of secrets, or what
 * was given for a key that by its name holds a secret.
 */
#ifndef MC_VALUE_H
#define MC_VALUE_H

#include "base/fact.h"
#include "base/near.h"
#include "plist/path.h"
#include "profile/value_secret.h"
#include "schema/schema.h"

/* How strict to be, and whom to tell. */
struct mc_value_rules {
	const struct mc_schema *schema;
	const struct mc_facts *facts; /* for env:MCPROFILE_...; may be NULL */
	/* what relative files are beside; NULL: the working directory */
	const char *folder;
	/* what the schema does not allow is told to say, not an error */
	bool force;
	void (*say)(const char *line); /* may be NULL */
	/* set where a value came from a source of secrets; may be NULL */
	bool *secret;
};

/*
 * Set one assignment in a payload of this type (MC_SCHEMA_TOP: in a profile).
 * MC_USAGE, naming the key, what was expected, and the nearest name, for an
 * unknown key without a type, a wrong type or a value that is not allowed.
 * References (@uuid:) are left as strings that mc_value_link() resolves.
 */
MC_NODISCARD bool
mc_value_assign(const struct mc_value_rules *rules, const char *type,
    mc_plist *payload, const char *assignment, struct mc_err *e);

/* Are n bytes the name of a type that may stand behind :=? */
bool mc_value_type_check(const char *name, size_t n);

/*
 * A value of a key as the schema has it, from text alone: the part of the
 * above that recipes and JSON use.  *out is new.  MC_USAGE otherwise.
 */
MC_NODISCARD bool mc_value_parse(const struct mc_schema_key *key,
    const char *text, mc_plist **out, struct mc_err *e);

/*
 * Does node fit key: its type, allowed values, range, pattern, and all below
 * it: MC_USAGE with the key path otherwise, or told where rules->force.
 * path is node's; NULL: messages tell of it without a name.
 */
MC_NODISCARD bool mc_value_check(const struct mc_value_rules *rules,
    const struct mc_schema_key *key, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e);

/*
 * Is a payload whole: the required keys are there, at its top (but for those
 * of every payload, which mc_configuration_finish() adds) and in each dict
 * that is; arrays have as many items as they must.  Of a type with several
 * parts one has to be whole.  MC_USAGE, naming all that is missing, or told.
 */
MC_NODISCARD bool mc_value_payload_check(const struct mc_value_rules *rules,
    const char *type, const mc_plist *payload, struct mc_err *e);

/* The payload types that are near near->name. */
void mc_value_near_types(const struct mc_schema *schema, struct mc_near *near);

/*
 * Replace each reference in a finished profile by the PayloadUUID that it
 * means.  MC_USAGE for one that means no payload, or several.
 */
MC_NODISCARD bool mc_value_link(mc_plist *profile, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
#include "gen/sense.h"

#include <string.h>

#include "base/uuid.h"

/* Where it is forced, tell what is in *e, and forget it. */
static bool
problem(const struct mc_value_rules *rules, const char *type, struct mc_err *e)
{
	if (type)
		(void)mc_note(e, "%s", type);
	if (!rules->force || e->code != MC_USAGE)
		return false;
	(void)mc_note(e, "warning");
	if (rules->say)
		rules->say(e->text);
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

/* ${x}, $X, {{x}}, %X%: nobody knows yet what it will be. */
static bool
holds_variable(const char *s)
{
	return strpbrk(s, "$%{") != NULL;
}

/* type is NULL for the profile itself. */
static bool
check_names(const struct mc_value_rules *rules, const char *type,
    const mc_plist *dict, struct mc_err *e)
{
	const char *id = mc_plist_get_str(dict, "PayloadIdentifier");
	const char *uuid = mc_plist_get_str(dict, "PayloadUUID");
	char text[MC_QUOTE_TEXT];

	if (id && !holds_variable(id) && strpbrk(id, " \t\r\n")) {
		(void)mc_fail(e, MC_USAGE,
		    "PayloadIdentifier=%s: has blanks in it; want one like "
		    "com.acme.wifi",
		    mc_path_quote(id, text));
		if (!problem(rules, type, e))
			return false;
	}
	if (!uuid || holds_variable(uuid) || mc_uuid_check(uuid))
		return true;
	(void)mc_fail(e, MC_USAGE,
	    "PayloadUUID=%s: is no UUID; without one it is made of the "
	    "identifiers",
	    mc_path_quote(uuid, text));
	return problem(rules, type, e);
}

bool
mc_gen_sense_check(const struct mc_value_rules *rules, const mc_plist *profile,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = mc_plist_get(profile, "PayloadContent") };

	if (mc_plist_get(profile, "RemovalDate") &&
	    mc_plist_get(profile, "DurationUntilRemoval")) {
		(void)mc_fail(
		    e, MC_USAGE, "RemovalDate: not with DurationUntilRemoval");
		if (!problem(rules, NULL, e))
			return false;
	}
	if (!check_names(rules, NULL, profile, e))
		return false;
	while (mc_plist_iter_next(&it))
		if (!check_names(rules,
			mc_plist_get_str(it.value, "PayloadType"), it.value, e))
			return false;
	return !it.failed || mc_fail_memory(e);
}

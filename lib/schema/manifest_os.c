/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "schema/manifest_part.h"

/*
 * A version; 0 where there is none, or it is no version, which is somebody
 * else's slip and costs us one fact.
 */
static uint32_t
version(const mc_plist *dict, enum mc_os os, const char *what)
{
	char key[40];
	char text[MC_MANIFEST_TEXT];
	const char *s;
	uint32_t v;

	(void)snprintf(key, sizeof(key), "pfm_%s_%s", mc_os_name(os), what);
	return mc_manifest_scalar(mc_plist_get(dict, key), text, &s) &&
		mc_version_parse(s, &v)
	    ? v
	    : 0;
}

/* "max" is the last version that has it: 10.15 is gone in 10.16. */
static uint32_t
removed(const mc_plist *dict, enum mc_os os)
{
	uint32_t v = version(dict, os, "max");

	if (v == 0)
		return 0;
	return v % 100 ? v + 1 : v % 10000 ? v + 100 : v + 10000;
}

/* A bit for each OS that the array names; those that it names wrong: none. */
unsigned
mc_manifest_systems(const mc_plist *array)
{
	AUTO_PLIST_ITER it = { .in = array };
	unsigned set = 0;
	enum mc_os os;
	const char *s;

	while (mc_plist_iter_next(&it)) {
		s = mc_plist_str(it.value);
		if (s && mc_os_parse(s, strlen(s), &os))
			set |= 1U << os;
	}
	return set;
}

static bool
has_text(const mc_plist *array, const char *text)
{
	AUTO_PLIST_ITER it = { .in = array };
	const char *s;

	while (mc_plist_iter_next(&it)) {
		s = mc_plist_str(it.value);
		if (s && strcmp(s, text) == 0)
			return true;
	}
	return false;
}

/* What is said of an OS with pfm_OS_min and the like. */
struct mc_draft_support
mc_manifest_support(const mc_plist *dict, enum mc_os os)
{
	struct mc_draft_support s = {
		.introduced = version(dict, os, "min"),
		.deprecated = version(dict, os, "deprecated"),
		.removed = removed(dict, os),
	};

	s.has_introduced = s.introduced != 0;
	/* on a Mac it is the enrolment that the user approves */
	if (mc_manifest_is_true(dict, "pfm_supervised"))
		s.flags |= os == MC_OS_MACOS ? MC_SUPPORT_APPROVED
					     : MC_SUPPORT_SUPERVISED;
	if (mc_manifest_is_true(dict, "pfm_user_approved") && os == MC_OS_MACOS)
		s.flags |= MC_SUPPORT_APPROVED;
	if (s.has_introduced || s.deprecated || s.removed || s.flags)
		s.said = MC_DRAFT_SAID;
	return s;
}

/* Of a payload; without pfm_targets it is for both. */
unsigned
mc_manifest_flags(const mc_plist *dict, enum mc_os os)
{
	const mc_plist *targets = mc_plist_get(dict, "pfm_targets");
	bool system = has_text(targets, "system");
	bool user = has_text(targets, "user");
	bool system_managed = has_text(targets, "system-managed");
	bool user_managed = has_text(targets, "user-managed");
	unsigned flags = mc_manifest_is_true(dict, "pfm_unique")
	    ? 0
	    : MC_SUPPORT_MULTIPLE;

	if (os != MC_OS_MACOS)
		return flags;
	if (!system && !user && !system_managed && !user_managed)
		return flags | MC_SUPPORT_DEVICE | MC_SUPPORT_USER;
	if (system || system_managed)
		flags |= MC_SUPPORT_DEVICE;
	if (user || user_managed)
		flags |= MC_SUPPORT_USER;
	return system || user ? flags : flags | MC_SUPPORT_MDM_ONLY;
}

/* Where a key is, of where what holds it is; *there is what is left. */
void
mc_manifest_key_support(const struct mc_manifest_at *h,
    struct mc_draft_support own[], unsigned *there)
{
	const mc_plist *only = mc_plist_get(h->dict, "pfm_platforms");
	unsigned with = mc_plist_len(only) ? mc_manifest_systems(only)
					   : UINT_MAX;

	with &= ~mc_manifest_systems(mc_plist_get(h->dict, "pfm_n_platforms"));
	*there = h->there & with;
	/* said in full: where a key is told twice, the two are joined */
	for (unsigned os = 0; os < MC_OS_COUNT; os++)
		if (*there & 1U << os)
			own[os] = mc_manifest_support(h->dict, os);
		else
			own[os].said = MC_DRAFT_NOT;
}

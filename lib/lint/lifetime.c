/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"

#include <inttypes.h>

#include "base/time.h"

#define REMOVAL_PASSWORD "com.apple.profileRemovalPassword"

static bool
check_past(const struct mc_lint *l, const char *key, unsigned code,
    const char *then, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(l->profile, key);
	struct mc_path path = { NULL, key, 0 };
	int64_t now = l->options->now;
	char at[MC_TIME_TEXT];
	char span[MC_SPAN_TEXT];
	int64_t t;

	if (!mc_plist_date(node, &t) || t > now)
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = code, .path = &path, .node = node,
		.expected = "a date that is to come"),
	    e, "%s was %s, %s: %s", key, mc_time_format(t, at),
	    mc_lint_span(t, now, span), then);
}

/* An integer passes for a real here; that it is none, the schema tells. */
static bool
seconds(const mc_plist *node, double *out)
{
	int64_t n;

	if (mc_plist_real(node, out))
		return true;
	if (!mc_plist_int(node, &n))
		return false;
	*out = (double)n;
	return true;
}

static bool
check_duration(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(l->profile, "DurationUntilRemoval");
	struct mc_path path = { NULL, "DurationUntilRemoval", 0 };
	double d;

	if (!seconds(node, &d) || (d >= 60 && d <= (double)(3650 * MC_DAY)))
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1213, .path = &path, .node = node,
		.expected = "seconds: a day is 86400, a year 31536000",
		.severity = d <= 0 ? MC_AS(MC_ERROR) : 0),
	    e, "%.15g seconds until it is removed %s", d,
	    d <= 0       ? "is no time at all"
		: d < 60 ? "is less than a minute"
			 : "is more than ten years");
}

static bool
check_both(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *date = mc_plist_get(l->profile, "RemovalDate");
	struct mc_path path = { NULL, "DurationUntilRemoval", 0 };
	const mc_plist *node = mc_plist_get(l->profile, "DurationUntilRemoval");

	if (!date || !node)
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1210, .path = &path, .node = node, .at_key = true,
		.suggestion = "keep one of them"),
	    e,
	    "DurationUntilRemoval beside RemovalDate: the earlier one counts");
}

/* Can a person who may remove profiles be kept from it?  Each OS its own. */
static const char *
removable_on(const struct mc_lint *l)
{
	enum mc_lint_way way = l->options->way;

	if (way != MC_WAY_MANUAL && way != MC_WAY_PERSONAL && way != MC_WAY_MDM)
		return NULL;
	if (mc_lint_is_target(l, MC_OS_IOS, false))
		return "iOS";
	return mc_lint_is_target(l, MC_OS_TVOS, false) ? "tvOS" : NULL;
}

static bool
check_disallowed(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(
	    l->profile, "PayloadRemovalDisallowed");
	struct mc_path path = { NULL, "PayloadRemovalDisallowed", 0 };
	const char *os = removable_on(l);
	bool on;

	if (!mc_plist_bool(node, &on) || !on)
		return true;
	if (os &&
	    !mc_lint_tell(l,
		MC_ABOUT(.code = 1218, .path = &path, .node = node), e,
		"%s keeps nobody from removing it on a device that is not "
		"supervised",
		os))
		return false;
	if (!mc_plist_get(l->profile, "RemovalDate") &&
	    !mc_plist_get(l->profile, "DurationUntilRemoval"))
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1218, .path = &path, .node = node,
		.severity = MC_AS(MC_NOTICE)),
	    e, "nobody may remove it, but it goes by itself at its time");
}

static const mc_plist *
removal_password(const struct mc_lint *l, struct mc_payload_iter *it)
{
	mc_payload_iter_init(it, l);
	while (mc_payload_iter_next(it))
		if (strcmp(it->type, REMOVAL_PASSWORD) == 0)
			return it->payload;
	return NULL;
}

static bool
check_passcode(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(l->profile, "HasRemovalPasscode");
	struct mc_path path = { NULL, "HasRemovalPasscode", 0 };
	struct mc_payload_iter it;
	const mc_plist *payload = removal_password(l, &it);
	bool has = false;

	/* an encrypted profile's payloads nobody sees */
	if (!mc_plist_get(l->profile, "PayloadContent") ||
	    (node && !mc_plist_bool(node, &has)))
		return true;
	if (has && !payload)
		return mc_lint_tell(l,
		    MC_ABOUT(.code = 1215, .path = &path, .node = node,
			.suggestion = "add a payload " REMOVAL_PASSWORD),
		    e,
		    "HasRemovalPasscode without a payload that has the "
		    "passcode: anybody can remove the profile");
	if (payload && !has)
		return mc_lint_tell(l,
		    MC_ABOUT(.code = 1216, .path = &it.item, .node = payload,
			.suggestion = "set HasRemovalPasscode to true"),
		    e,
		    "a removal passcode, of which the profile's "
		    "HasRemovalPasscode says nothing");
	return true;
}

bool
mc_part_lifetime(const struct mc_lint *l, struct mc_err *e)
{
	return check_both(l, e) && check_duration(l, e) &&
	    check_past(l, "RemovalDate", 1211,
		"a device removes it at once, or does not take it", e) &&
	    check_past(l, "PayloadExpirationDate", 1212,
		"a device takes it for out of date", e) &&
	    check_disallowed(l, e) && check_passcode(l, e);
}

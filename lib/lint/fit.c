/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"

#include <inttypes.h>

/* TargetDeviceType by number; the OS is MC_OS_COUNT where none is known. */
static const struct {
	const char *name;
	enum mc_os os;
} devices[] = {
	{ "any device", MC_OS_COUNT },
	{ "iPhone, iPad and iPod touch", MC_OS_IOS },
	{ "Apple Watch", MC_OS_WATCHOS },
	{ "HomePod", MC_OS_COUNT }, /* of which Apple publishes nothing */
	{ "Apple TV", MC_OS_TVOS },
	{ "Mac", MC_OS_MACOS },
	{ "Apple Vision Pro", MC_OS_VISIONOS },
};

static bool
check_targets(const struct mc_lint *l, const mc_plist *node,
    const struct mc_path *path, int64_t device, struct mc_err *e)
{
	enum mc_os os = devices[device].os;

	if (mc_lint_is_target(l, os, true))
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1220, .path = path, .node = node), e,
	    "the profile is for %s (%" PRId64 "), and it is checked for %s",
	    devices[device].name, device,
	    mc_os_title(l->options->targets[0].os));
}

static bool
check_payloads(const struct mc_lint *l, int64_t device, struct mc_err *e)
{
	struct mc_payload_iter it;
	char shown[MC_QUOTE_TEXT];
	bool known;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct mc_path path = { &it.item, "PayloadType", 0 };

		if (mc_lint_is_on(l, it.type, devices[device].os, &known) ||
		    !known)
			continue;
		if (!mc_lint_tell(l,
			MC_ABOUT(.code = 1219, .path = &path,
			    .node = mc_plist_get(it.payload, "PayloadType")),
			e, "TargetDeviceType says %s, which has no %s",
			devices[device].name, mc_path_quote(it.type, shown)))
			return false;
	}
	return true;
}

bool
mc_part_fit(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(l->profile, "TargetDeviceType");
	struct mc_path path = { NULL, "TargetDeviceType", 0 };
	int64_t device;

	if (!mc_plist_int(node, &device) || device < 0 ||
	    device >= (int64_t)(sizeof(devices) / sizeof(*devices)) ||
	    devices[device].os == MC_OS_COUNT)
		return true;
	return check_targets(l, node, &path, device, e) &&
	    check_payloads(l, device, e);
}

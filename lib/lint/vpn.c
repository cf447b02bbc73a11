/* SPDX-License-Identifier: ISC */
/* A VPN whose settings are not where its VPNType has them. */
#include "lint/parts.h"

/* The dict of each VPNType, and one that does as well. */
static const struct vpn {
	const char *type;
	const char *dict;
	const char *other;
	enum mc_severity severity;
} vpns[] = {
	{ "IKEv2", "IKEv2", NULL, MC_ERROR },
	{ "IPSec", "IPSec", NULL, MC_ERROR },
	{ "AlwaysOn", "AlwaysOn", NULL, MC_ERROR },
	{ "L2TP", "PPP", NULL, MC_WARNING },
	/* some makers' have all they need in VendorConfig */
	{ "VPN", "VPN", "VendorConfig", MC_WARNING },
	{ "TransparentProxy", "TransparentProxy", "VPN", MC_WARNING },
};
#define VPNS_N (sizeof(vpns) / sizeof(*vpns))

/* The settings that are there are another type's: its name, or NULL. */
static const char *
instead(const mc_plist *payload)
{
	for (size_t i = 0; i < VPNS_N; i++)
		if (mc_plist_get(payload, vpns[i].dict))
			return vpns[i].dict;
	return NULL;
}

static bool
check_vpn(const struct mc_lint *l, const mc_plist *payload,
    const struct mc_path *item, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(payload, "VPNType");
	const char *type = mc_plist_str(node);
	struct mc_path path = { item, "VPNType", 0 };
	const char *found = instead(payload);

	for (size_t i = 0; type && i < VPNS_N; i++) {
		const struct vpn *v = &vpns[i];

		if (strcmp(v->type, type) != 0 ||
		    mc_plist_get(payload, v->dict) ||
		    (v->other && mc_plist_get(payload, v->other)))
			continue;
		return mc_lint_tell(l,
		    MC_ABOUT(.code = 1265, .path = &path, .node = node,
			.expected = v->dict, .severity = MC_AS(v->severity)),
		    e,
		    found ? "VPNType is %s, and the settings are in %s"
			  : "VPNType is %s, and there are no settings in %s",
		    type, found ? found : v->dict);
	}
	return true;
}

bool
mc_rule_vpn(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it))
		if ((strcmp(it.type, "com.apple.vpn.managed") == 0 ||
			strcmp(it.type, "com.apple.vpn.managed.applayer") ==
			    0) &&
		    !check_vpn(l, it.payload, &it.item, e))
			return false;
	return true;
}

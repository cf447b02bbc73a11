/* SPDX-License-Identifier: ISC */
/* Who may do what on a Mac: privacy preferences (TCC), system extensions. */
#include "lint/parts.h"
#include "lint/variables.h"

#include <stdio.h>

#include "base/near.h"

/* One entry of a service. */
struct grant {
	const struct mc_lint *l;
	const char *service;
	const mc_plist *entry; /* a dict */
	const struct mc_path *path;
};

static bool
is_one_of(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(s, *list) == 0)
			return true;
	return false;
}

/* A profile can forbid it, and cannot allow it. */
static bool
is_deny_only(const char *service)
{
	static const char *const list[] = { "Camera", "Microphone",
		"ListenEvent", "ScreenCapture", NULL };

	return is_one_of(service, list);
}

/* A profile can leave it to those who are no administrators. */
static bool
is_for_users(const char *service)
{
	static const char *const list[] = { "ListenEvent", "ScreenCapture",
		NULL };

	return is_one_of(service, list);
}

static bool
check_allowed(const struct grant *g, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(g->entry, "Allowed");
	struct mc_path path = { g->path, "Allowed", 0 };
	bool yes;

	if (!mc_plist_bool(node, &yes) || !yes || !is_deny_only(g->service))
		return true;
	return mc_lint_tell(g->l,
	    MC_ABOUT(.code = 1270, .path = &path, .node = node,
		.expected = "false",
		.suggestion = is_for_users(g->service)
		    ? "AllowStandardUserToSetSystemService as Authorization "
		      "lets people allow it themselves"
		    : NULL),
	    e, "a profile cannot allow %s, only deny it", g->service);
}

static bool
check_authorization(const struct grant *g, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(g->entry, "Authorization");
	const char *s = mc_plist_str(node);
	bool users = is_for_users(g->service);
	struct mc_path path = { g->path, "Authorization", 0 };
	struct mc_about about = {
		.code = 1270, .path = &path, .node = node, .expected = "Deny"
	};
	char name[MC_QUOTE_TEXT];

	if (!s)
		return true;
	if (strcmp(s, "Allow") == 0 && is_deny_only(g->service)) {
		if (users)
			about.expected = "Deny, or "
					 "AllowStandardUserToSetSystemService";
		return mc_lint_tell(g->l, &about, e,
		    "a profile cannot allow %s, only deny it", g->service);
	}
	if (users || strcmp(s, "AllowStandardUserToSetSystemService") != 0)
		return true;
	if (!is_deny_only(g->service))
		about.expected = "Allow or Deny";
	return mc_lint_tell(g->l, &about, e,
	    "AllowStandardUserToSetSystemService is for ListenEvent and "
	    "ScreenCapture only, not for %s",
	    mc_path_quote(g->service, name));
}

static bool
check_verdict(const struct grant *g, struct mc_err *e)
{
	const mc_plist *allowed = mc_plist_get(g->entry, "Allowed");
	const mc_plist *node = mc_plist_get(g->entry, "Authorization");
	struct mc_path path = { g->path, "Authorization", 0 };

	if (allowed && node)
		return mc_lint_tell(g->l,
		    MC_ABOUT(.code = 1271, .path = &path, .node = node,
			.at_key = true),
		    e, "Allowed and Authorization together: one of them");
	if (allowed || node)
		return true;
	return mc_lint_tell(g->l,
	    MC_ABOUT(.code = 1271, .path = g->path, .node = g->entry,
		.expected = "Authorization or Allowed",
		.severity = MC_AS(MC_ERROR)),
	    e, "neither Authorization nor Allowed: nothing is decided");
}

static bool
check_receiver(const struct grant *g, struct mc_err *e)
{
	static const char *const keys[] = { "AEReceiverIdentifier",
		"AEReceiverIdentifierType", "AEReceiverCodeRequirement", NULL };

	if (strcmp(g->service, "AppleEvents") != 0)
		return true;
	for (size_t i = 0; keys[i]; i++)
		if (!mc_plist_get(g->entry, keys[i]))
			return mc_lint_tell(g->l,
			    MC_ABOUT(.code = 1272, .path = g->path,
				.node = g->entry, .expected = keys[i]),
			    e,
			    "AppleEvents without %s: whom they may be sent to "
			    "is not said",
			    keys[i]);
	return true;
}

static bool
check_service(const struct mc_lint *l, const char *service,
    const mc_plist *entries, const struct mc_path *path, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = entries };

	if (mc_plist_type(entries) != MC_PLIST_ARRAY)
		return true;
	while (mc_plist_iter_next(&it)) {
		const struct mc_path item = { path, NULL, it.i };
		const struct grant g = { l, service, it.value, &item };

		if (mc_plist_type(it.value) != MC_PLIST_DICT)
			continue;
		if (!check_allowed(&g, e) || !check_authorization(&g, e) ||
		    !check_verdict(&g, e) || !check_receiver(&g, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

static bool
check_services(const struct mc_lint *l, const mc_plist *payload,
    const struct mc_path *item, struct mc_err *e)
{
	const mc_plist *services = mc_plist_get(payload, "Services");
	const struct mc_path above = { item, "Services", 0 };
	AUTO_PLIST_ITER it = { .in = services };

	if (mc_plist_type(services) != MC_PLIST_DICT)
		return true;
	while (mc_plist_iter_next(&it)) {
		const struct mc_path path = { &above, it.key, 0 };

		if (!check_service(l, it.key, it.value, &path, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

static bool
check_extension_type(const struct mc_lint *l, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e)
{
	static const char *const known[] = { "DriverExtension",
		"NetworkExtension", "EndpointSecurityExtension", NULL };
	const char *s = mc_plist_str(node);
	const char *at;
	char text[64] = "";
	char shown[MC_QUOTE_TEXT];

	if (!s || is_one_of(s, known) || mc_variable_find(s, &at))
		return true;
	for (size_t i = 0; known[i]; i++) {
		struct mc_near near = MC_NEAR_INIT(s);

		mc_near_add(&near, known[i]);
		/* what is after "Network" is forgotten often */
		if (near.n || (*s && strncmp(known[i], s, strlen(s)) == 0))
			snprintf(
			    text, sizeof(text), "did you mean %s?", known[i]);
	}
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1273, .path = path, .node = node,
		.expected = "DriverExtension, NetworkExtension or "
			    "EndpointSecurityExtension",
		.suggestion = *text ? text : NULL),
	    e, "%s is no type of system extension", mc_path_quote(s, shown));
}

static bool
check_extensions(const struct mc_lint *l, const mc_plist *payload,
    const struct mc_path *item, struct mc_err *e)
{
	const struct mc_path above = { item, "AllowedSystemExtensionTypes", 0 };
	const mc_plist *teams = mc_plist_get(payload, above.key);
	AUTO_PLIST_ITER it = { .in = teams };

	if (mc_plist_type(teams) != MC_PLIST_DICT)
		return true;
	while (mc_plist_iter_next(&it)) {
		const struct mc_path team = { &above, it.key, 0 };

		if (mc_plist_type(it.value) != MC_PLIST_ARRAY)
			continue;
		for (size_t i = 0; i < mc_plist_len(it.value); i++) {
			const struct mc_path path = { &team, NULL, i };

			if (!check_extension_type(
				l, mc_plist_at(it.value, i), &path, e))
				return false;
		}
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_rule_privacy(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		if (strcmp(it.type,
			"com.apple.TCC.configuration-profile-policy") == 0 &&
		    !check_services(l, it.payload, &it.item, e))
			return false;
		if (strcmp(it.type, "com.apple.system-extension-policy") == 0 &&
		    !check_extensions(l, it.payload, &it.item, e))
			return false;
	}
	return true;
}

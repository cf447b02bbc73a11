/* SPDX-License-Identifier: ISC */
/* References between payloads, resolved. */
#include "profile/value_part.h"

struct link {
	const mc_plist *payloads;
	struct mc_err *e;
};

static bool
is(const mc_plist *payload, const char *key, const char *want)
{
	const char *s = mc_plist_get_str(payload, key);

	return s && strcmp(s, want) == 0;
}

static bool
fail_unknown(const struct link *l, const char *who)
{
	struct mc_near near = MC_NEAR_INIT(who);
	AUTO_PLIST_ITER it = { .in = l->payloads };
	char text[MC_QUOTE_TEXT];
	const char *s;

	while (mc_plist_iter_next(&it)) {
		s = mc_plist_get_str(it.value, "PayloadIdentifier");
		mc_near_add(&near, s ? s : "");
		s = mc_plist_get_str(it.value, "PayloadType");
		mc_near_add(&near, s ? s : "");
	}
	mc_path_quote(who, text);
	if (near.n)
		return mc_fail(l->e, MC_USAGE,
		    "@uuid:%s: no payload here has that type or identifier; "
		    "did you mean %s?",
		    text, mc_near_text(&near));
	return mc_fail(l->e, MC_USAGE,
	    "@uuid:%s: no payload here has that type or identifier", text);
}

/* The payload that who means: by identifier first, then by type. */
static bool
find(const struct link *l, const char *who, const mc_plist **out)
{
	static const char *const keys[] = { "PayloadIdentifier",
		"PayloadType" };
	char text[MC_QUOTE_TEXT];

	*out = NULL;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys) && !*out; i++) {
		AUTO_PLIST_ITER it = { .in = l->payloads };

		while (mc_plist_iter_next(&it)) {
			if (!is(it.value, keys[i], who))
				continue;
			if (*out)
				return mc_fail(l->e, MC_USAGE,
				    "@uuid:%s: several payloads are of that "
				    "type: say an identifier",
				    mc_path_quote(who, text));
			*out = it.value;
		}
	}
	return *out || fail_unknown(l, who);
}

static bool
resolve(const struct link *l, mc_plist *node, const char *who)
{
	const mc_plist *payload = NULL;
	const char *uuid;
	char text[MC_QUOTE_TEXT];

	if (!find(l, who, &payload))
		return false;
	uuid = mc_plist_get_str(payload, "PayloadUUID");
	if (!uuid || mc_value_reference(mc_plist_get(payload, "PayloadUUID")))
		return mc_fail(l->e, MC_USAGE,
		    "@uuid:%s: that payload has no PayloadUUID",
		    mc_path_quote(who, text));
	return mc_plist_str_set(node, uuid) || mc_fail_memory(l->e);
}

/* As deep as the tree, which its reader has limited. */
static bool
link_below(const struct link *l, mc_plist *node, const struct mc_path *path)
{
	AUTO_PLIST_ITER it = { .in = node };
	struct mc_path at = { .up = path };
	const char *who = mc_value_reference(node);
	char text[MC_PATH_TEXT];

	if (who)
		return resolve(l, node, who) ||
		    mc_note(l->e, "%s", mc_path_encode(path, text));
	while (mc_plist_iter_next(&it)) {
		at.key = it.key;
		at.i = it.i;
		if (!link_below(l, it.value, &at))
			return false;
	}
	return !it.failed || mc_fail_memory(l->e);
}

bool
mc_value_link(mc_plist *profile, struct mc_err *e)
{
	const struct link l = {
		.payloads = mc_plist_get(profile, "PayloadContent"), .e = e
	};

	return link_below(&l, profile, NULL);
}

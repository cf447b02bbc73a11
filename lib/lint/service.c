/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"
#include "lint/variables.h"

#include "base/near.h"

/* What devices answer to; the last four are a Mac's. */
static const char *const known[] = { "UDID", "VERSION", "PRODUCT", "SERIAL",
	"IMEI", "MEID", "ICCID", "MAC_ADDRESS_EN0", "DEVICE_NAME",
	"COMPROMISED", "LANGUAGE", "OS_VERSION", "NotOnConsole", "UserID",
	"UserLongName", "UserShortName" };
#define KNOWN_N (sizeof(known) / sizeof(*known))

struct service {
	const struct mc_lint *l;
	const mc_plist *content; /* a dict */
	struct mc_path path;     /* PayloadContent */
};

static bool
check_url(const struct service *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "URL");
	struct mc_path path = { &s->path, "URL", 0 };
	const char *url = mc_plist_str(node);
	const char *at;
	struct mc_about about = {
		.code = 1401,
		.path = node ? &path : &s->path,
		.node = node ? node : s->content,
		.expected = "the https URL where the device is to post",
	};

	if (!url)
		return mc_lint_tell(
		    s->l, &about, e, node ? "the URL is no string" : "no URL");
	if (mc_lint_is_https(url))
		return true;
	/* "${base}/enroll": what it begins with is not known yet */
	if (mc_variable_find(url, &at) && at == url)
		return true;
	return mc_lint_tell(s->l, &about, e, "the URL is not https");
}

static bool
check_attribute(const struct service *s, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e)
{
	const char *name = mc_plist_str(node);
	struct mc_near near = MC_NEAR_INIT(name);
	char shown[MC_QUOTE_TEXT];

	if (!name)
		return mc_lint_tell(s->l,
		    MC_ABOUT(.code = 1403, .path = path, .node = node), e,
		    "%s instead of an attribute's name",
		    mc_plist_type_name(mc_plist_type(node)));
	for (size_t i = 0; i < KNOWN_N; i++)
		if (strcmp(known[i], name) == 0)
			return true;
	for (size_t i = 0; i < KNOWN_N; i++)
		mc_near_add(&near, known[i]);
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1403, .path = path, .node = node,
		.suggestion = near.n ? mc_near_text(&near) : NULL),
	    e, "devices have no attribute %s", mc_path_quote(name, shown));
}

static bool
has_udid(const mc_plist *array)
{
	AUTO_PLIST_ITER it = { .in = array };

	while (mc_plist_iter_next(&it)) {
		const char *s = mc_plist_str(it.value);

		if (s && strcmp(s, "UDID") == 0)
			return true;
	}
	return false;
}

static bool
check_attributes(const struct service *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "DeviceAttributes");
	struct mc_path path = { &s->path, "DeviceAttributes", 0 };
	AUTO_PLIST_ITER it = { .in = node };

	if (mc_plist_type(node) != MC_PLIST_ARRAY || mc_plist_len(node) == 0)
		return mc_lint_tell(s->l,
		    MC_ABOUT(.code = 1402, .path = node ? &path : &s->path,
			.node = node ? node : s->content,
			.expected = "an array such as UDID, VERSION, PRODUCT"),
		    e,
		    node ? "DeviceAttributes names no attribute"
			 : "no DeviceAttributes: the device tells nothing of "
			   "itself");
	if (!has_udid(node) &&
	    !mc_lint_tell(s->l,
		MC_ABOUT(.code = 1404, .path = &path, .node = node), e,
		"UDID is not among the DeviceAttributes: one device cannot be "
		"told from another"))
		return false;
	while (mc_plist_iter_next(&it)) {
		struct mc_path item = { &path, NULL, it.i };

		if (!check_attribute(s, it.value, &item, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

static bool
check_challenge(const struct service *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "Challenge");
	struct mc_path path = { &s->path, "Challenge", 0 };
	enum mc_plist_type type = mc_plist_type(node);

	if (!node || type == MC_PLIST_STRING || type == MC_PLIST_DATA)
		return true;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1405, .path = &path, .node = node,
		.expected = "string or data"),
	    e, "%s instead of string or data", mc_plist_type_name(type));
}

bool
mc_part_service(const struct mc_lint *l, struct mc_err *e)
{
	struct service s = {
		.l = l,
		.content = mc_plist_get(l->profile, "PayloadContent"),
		.path = { NULL, "PayloadContent", 0 },
	};

	if (mc_plist_type(s.content) != MC_PLIST_DICT)
		return mc_lint_tell(l,
		    MC_ABOUT(.code = 1400, .path = &s.path,
			.node = s.content ? s.content : l->profile,
			.expected = "a dict with URL and DeviceAttributes"),
		    e,
		    s.content ? "the PayloadContent of a Profile Service is "
				"%s instead of dict"
			      : "a Profile Service without PayloadContent%s",
		    s.content ? mc_plist_type_name(mc_plist_type(s.content))
			      : "");
	return check_url(&s, e) && check_attributes(&s, e) &&
	    check_challenge(&s, e);
}

/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"
#include "lint/variables.h"

#include <inttypes.h>

#define TOPIC "com.apple.mgmt."

/* AccessRights: what Apple has bits for. */
#define RIGHTS_ALL 8191

struct mdm {
	const struct mc_lint *l;
	const mc_plist *payload;
	const struct mc_path *path;
};

static bool
check_topic(const struct mdm *m, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(m->payload, "Topic");
	struct mc_path path = { m->path, "Topic", 0 };
	const char *topic = mc_plist_str(node);
	const char *at;
	char shown[MC_QUOTE_TEXT];

	if (!topic || mc_variable_find(topic, &at) ||
	    (strncmp(topic, TOPIC, strlen(TOPIC)) == 0 && topic[strlen(TOPIC)]))
		return true;
	return mc_lint_tell(m->l,
	    MC_ABOUT(.code = 1431, .path = &path, .node = node,
		.expected = "the UserID of the push certificate's subject, "
			    "com.apple.mgmt.External.UUID"),
	    e, "%s is no topic of MDM", mc_path_quote(topic, shown));
}

/* What is wrong with a set of rights; NULL: nothing. */
static const char *
odd_rights(int64_t n)
{
	if (n <= 0)
		return "no rights at all";
	if (n > RIGHTS_ALL)
		return "bits that mean nothing";
	if ((n & 2) && !(n & 1))
		return "2, to install and remove profiles, without 1, to "
		       "inspect them";
	if ((n & 128) && !(n & 64))
		return "128, to install and remove provisioning profiles, "
		       "without 64, to inspect them";
	return NULL;
}

static bool
check_rights(const struct mdm *m, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(m->payload, "AccessRights");
	struct mc_path path = { m->path, "AccessRights", 0 };
	const char *odd;
	int64_t n;

	if (!mc_plist_int(node, &n))
		return true;
	odd = odd_rights(n);
	return !odd ||
	    mc_lint_tell(m->l,
		MC_ABOUT(.code = 1432, .path = &path, .node = node,
		    .expected = "8191 for all rights"),
		e, "AccessRights %" PRId64 ": %s", n, odd);
}

static bool
check_url(const struct mdm *m, const char *key, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(m->payload, key);
	struct mc_path path = { m->path, key, 0 };
	const char *url = mc_plist_str(node);
	const char *at;

	if (!url || mc_lint_is_https(url) ||
	    (mc_variable_find(url, &at) && at == url))
		return true;
	return mc_lint_tell(m->l,
	    MC_ABOUT(.code = 1434, .path = &path, .node = node,
		.expected = "an https URL"),
	    e, "the %s is not https", key);
}

static bool
check_push(const struct mdm *m, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(m->payload, "UseDevelopmentAPNS");
	struct mc_path path = { m->path, "UseDevelopmentAPNS", 0 };
	bool on;

	if (!mc_plist_bool(node, &on) || !on)
		return true;
	return mc_lint_tell(m->l,
	    MC_ABOUT(.code = 1435, .path = &path, .node = node), e,
	    "pushes come from the development service, which no MDM "
	    "certificate is for");
}

bool
mc_part_mdm(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;
	size_t n = 0;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct mdm m = { l, it.payload, &it.item };
		struct mc_path type = { &it.item, "PayloadType", 0 };

		if (strcmp(it.type, "com.apple.mdm") != 0)
			continue;
		if (n++ > 0 &&
		    !mc_lint_tell(l,
			MC_ABOUT(.code = 1433, .path = &type,
			    .node = it.payload),
			e, "the %s com.apple.mdm of this profile",
			n == 2 ? "second" : "next"))
			return false;
		if (!check_topic(&m, e) || !check_rights(&m, e) ||
		    !check_url(&m, "ServerURL", e) ||
		    !check_url(&m, "CheckInURL", e) || !check_push(&m, e))
			return false;
	}
	return true;
}

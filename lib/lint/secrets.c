/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"
#include "lint/variables.h"

#include <strings.h>

#include "profile/value_secret.h"

/*
 * Something to know: text, or bytes.  The words are what some keys of such a
 * name hold instead of a secret ("Prompt").
 */
static bool
is_secret(const mc_plist *node)
{
	const char *s = mc_plist_str(node);
	const uint8_t *data;
	const char *at;
	size_t len;

	if (!s)
		return mc_plist_data(node, &data, &len) && len > 0;
	return *s && !mc_variable_find(s, &at) && strcasecmp(s, "prompt") != 0;
}

struct walk {
	const struct mc_lint *l;
	const char *type; /* of the payload */
};

static bool
tell_secret(const struct walk *w, const struct mc_path *path,
    const mc_plist *node, struct mc_err *e)
{
	return mc_lint_tell(w->l,
	    MC_ABOUT(.code = 1250, .path = path, .node = node), e,
	    "%s is readable for everybody who gets this file", path->key);
}

static bool
tell_variable(const struct walk *w, const struct mc_path *path,
    const mc_plist *node, struct mc_err *e)
{
	const char *at;
	size_t n = mc_variable_find(mc_plist_str(node), &at);
	char name[MC_QUOTE_TEXT];
	char shown[MC_QUOTE_TEXT];
	bool native = mc_variable_is_native(at, n);

	if (n > sizeof(name) - 1)
		n = sizeof(name) - 1;
	memcpy(name, at, n);
	name[n] = '\0';
	return mc_lint_tell(w->l,
	    MC_ABOUT(.code = 1240, .path = path, .node = node,
		.severity = native ? MC_AS(MC_NOTICE) : 0),
	    e,
	    native ? "%s: only some payloads of macOS fill this in by "
		     "themselves; else a server must before it is signed"
		   : "%s: some server must fill this in before it is signed",
	    mc_path_quote(name, shown));
}

/*
 * The pkcs12 rule tells of its own password; and the Challenge of a Profile
 * Service is for whoever gets the file: it tells the server which one.
 */
static bool
is_told_elsewhere(const struct walk *w, const char *key)
{
	if (!*w->type && strcmp(key, "Challenge") == 0)
		return true;
	return strcmp(w->type, "com.apple.security.pkcs12") == 0 &&
	    strcmp(key, "Password") == 0;
}

static bool
check_value(const struct walk *w, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e)
{
	const char *s = mc_plist_str(node);
	const char *at;

	if (path->key && mc_value_is_password(path->key) && is_secret(node) &&
	    !is_told_elsewhere(w, path->key))
		return tell_secret(w, path, node, e);
	return !s || !mc_variable_find(s, &at) ||
	    tell_variable(w, path, node, e);
}

static bool
walk(const struct walk *w, const mc_plist *node, const struct mc_path *above,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = node };

	while (mc_plist_iter_next(&it)) {
		struct mc_path path = { above, it.key, it.i };

		/* payloads are walked each with its type */
		if (!above && it.key && strcmp(it.key, "PayloadContent") == 0 &&
		    mc_plist_type(it.value) == MC_PLIST_ARRAY)
			continue;
		if (!check_value(w, it.value, &path, e) ||
		    !walk(w, it.value, &path, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_rule_secrets(const struct mc_lint *l, struct mc_err *e)
{
	struct walk top = { l, "" };
	struct mc_payload_iter it;

	if (!walk(&top, l->profile, NULL, e))
		return false;
	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct walk w = { l, it.type };

		if (!walk(&w, it.payload, &it.item, e))
			return false;
	}
	return true;
}

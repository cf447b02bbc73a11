/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"

static bool
check_type(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_path path = { NULL, "PayloadType", 0 };
	const mc_plist *node = mc_plist_get(l->profile, "PayloadType");
	const char *type = mc_plist_str(node);
	char shown[MC_QUOTE_TEXT];

	if (!type || strcmp(type, "Configuration") == 0 ||
	    strcmp(type, "Profile Service") == 0)
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1229, .path = &path, .node = node,
		.expected = "\"Configuration\", or \"Profile Service\""),
	    e, "a profile cannot be of type %s", mc_path_quote(type, shown));
}

static bool
check_name(const struct mc_lint *l, struct mc_err *e)
{
	const char *name = mc_plist_get_str(l->profile, "PayloadDisplayName");
	struct mc_path path = { NULL, "PayloadDisplayName", 0 };

	if (name && *name)
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1232, .path = name ? &path : NULL,
		.node = name ? mc_plist_get(l->profile, "PayloadDisplayName")
			     : l->profile),
	    e, "no PayloadDisplayName: people see the identifier instead");
}

static bool
check_empty(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *content = mc_plist_get(l->profile, "PayloadContent");
	struct mc_path path = { NULL, "PayloadContent", 0 };

	if (mc_plist_type(content) != MC_PLIST_ARRAY ||
	    mc_plist_len(content) > 0)
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1228, .path = &path, .node = content), e,
	    "a profile without any payload");
}

static bool
check_nested(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct mc_path path = { &it.item, "PayloadType", 0 };

		if (strcmp(it.type, "Configuration") != 0 &&
		    strcmp(it.type, "Profile Service") != 0)
			continue;
		if (!mc_lint_tell(l,
			MC_ABOUT(.code = 1231, .path = &path,
			    .node = mc_plist_get(it.payload, "PayloadType"),
			    .suggestion = "mcprofile-gen merge puts the "
					  "payloads of several into one"),
			e, "a profile within a profile"))
			return false;
	}
	return true;
}

/* A language as in "en", "de_CH", "zh-Hans". */
static bool
is_language(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz");

	return n >= 2 && n <= 3 &&
	    (!s[n] ||
		((s[n] == '-' || s[n] == '_') && s[n + 1] &&
		    strspn(s + n,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789-_") == strlen(s + n)));
}

static bool
check_languages(const struct mc_lint *l, const mc_plist *texts,
    const struct mc_path *above, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = texts };
	char shown[MC_QUOTE_TEXT];

	while (mc_plist_iter_next(&it)) {
		struct mc_path path = { above, it.key, 0 };

		if (strcmp(it.key, "default") == 0 || is_language(it.key))
			continue;
		if (!mc_lint_tell(l,
			MC_ABOUT(.code = 1223, .path = &path, .node = it.value,
			    .at_key = true,
			    .expected = "\"default\", or a language as in "
					"\"en\" or \"de-CH\""),
			e, "%s is no language: nobody will read this text",
			mc_path_quote(it.key, shown)))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

static bool
check_consent(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *texts = mc_plist_get(l->profile, "ConsentText");
	struct mc_path path = { NULL, "ConsentText", 0 };

	if (mc_plist_type(texts) != MC_PLIST_DICT)
		return true;
	if (!mc_plist_get(texts, "default") &&
	    !mc_lint_tell(l,
		MC_ABOUT(.code = 1221, .path = &path, .node = texts,
		    .at_key = true,
		    .expected = "a text at \"default\" beside the languages",
		    .severity = mc_plist_len(texts) ? 0 : MC_AS(MC_NOTICE)),
		e, "ConsentText without \"default\""))
		return false;
	return check_languages(l, texts, &path, e);
}

bool
mc_rule_profile(const struct mc_lint *l, struct mc_err *e)
{
	return check_type(l, e) && check_name(l, e) && check_empty(l, e) &&
	    check_nested(l, e) && check_consent(l, e) &&
	    mc_part_identifiers(l, e) && mc_part_lifetime(l, e) &&
	    mc_part_fit(l, e);
}

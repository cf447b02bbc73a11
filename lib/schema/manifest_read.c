/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "schema/manifest_part.h"

bool
mc_manifest_wrong(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const char *key, const char *why, struct mc_err *e)
{
	const mc_plist *node = key ? mc_plist_get(h->dict, key) : NULL;
	struct mc_path last = { .up = h->path, .key = key };
	struct mc_place at = mc_marks_value(r->marks, node ? node : h->dict);
	char text[MC_PATH_TEXT];
	char line[16] = "";

	if (at.line)
		(void)snprintf(line, sizeof(line), "%u:", (unsigned)at.line);
	return mc_fail(e, MC_MALFORMED, "%s:%s %s: %s", r->name, line,
	    mc_path_encode(key ? &last : h->path, text), why);
}

bool
mc_manifest_get(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const char *key, enum mc_plist_type type, const mc_plist **out,
    struct mc_err *e)
{
	char why[64];

	*out = mc_plist_get(h->dict, key);
	if (!*out || mc_plist_type(*out) == type)
		return true;
	(void)snprintf(why, sizeof(why), "must be of type %s, not %s",
	    mc_plist_type_name(type), mc_plist_type_name(mc_plist_type(*out)));
	return mc_manifest_wrong(r, h, key, why, e);
}

bool
mc_manifest_text(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const char *key, const char **out, struct mc_err *e)
{
	const mc_plist *node;

	*out = NULL;
	if (!mc_manifest_get(r, h, key, MC_PLIST_STRING, &node, e))
		return false;
	*out = mc_plist_str(node);
	return true;
}

bool
mc_manifest_is_true(const mc_plist *dict, const char *key)
{
	bool v = false;

	return mc_plist_bool(mc_plist_get(dict, key), &v) && v;
}

bool
mc_manifest_scalar(
    const mc_plist *node, char text[static MC_MANIFEST_TEXT], const char **out)
{
	bool b;
	int64_t i;
	double v;

	*out = mc_plist_str(node);
	if (*out)
		return true;
	*out = text;
	if (mc_plist_bool(node, &b))
		return snprintf(text, MC_MANIFEST_TEXT, "%s",
			   b ? "true" : "false") > 0;
	if (mc_plist_int(node, &i))
		return snprintf(text, MC_MANIFEST_TEXT, "%lld", (long long)i) >
		    0;
	if (mc_plist_real(node, &v))
		return snprintf(text, MC_MANIFEST_TEXT, "%.15g", v) > 0;
	return false;
}

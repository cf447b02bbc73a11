/* SPDX-License-Identifier: ISC */
#include "profile/template.h"

#include "plist/path.h"

struct fill {
	const struct mc_vars *vars;
	size_t len; /* of all strings so far */
	struct mc_err *e;
};

static bool
check_payloads(const mc_plist *content, struct mc_err *e)
{
	enum mc_plist_type type;

	for (size_t i = 0; i < mc_plist_len(content); i++) {
		type = mc_plist_type(mc_plist_at(content, i));
		if (type != MC_PLIST_DICT)
			return mc_fail(e, MC_MALFORMED,
			    "PayloadContent[%zu]: want a dict, not %s", i,
			    mc_plist_type_name(type));
	}
	return true;
}

bool
mc_template_check(const mc_plist *p, struct mc_err *e)
{
	const char *type = mc_plist_get_str(p, "PayloadType");
	const mc_plist *content = mc_plist_get(p, "PayloadContent");
	char quoted[MC_QUOTE_TEXT];

	if (mc_plist_type(p) != MC_PLIST_DICT)
		return mc_fail(e, MC_MALFORMED,
		    "want a Configuration profile, a dict, not %s",
		    mc_plist_type_name(mc_plist_type(p)));
	if (!type)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadType: want the string Configuration: is this a"
		    " profile?");
	if (strcmp(type, "Configuration") != 0)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadType: want Configuration, not \"%s\"",
		    mc_path_quote(type, quoted));
	if (mc_plist_get(p, "EncryptedPayloadContent"))
		return mc_fail(e, MC_MALFORMED,
		    "EncryptedPayloadContent: want a template that is not"
		    " encrypted");
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent: want an array, not %s",
		    mc_plist_type_name(mc_plist_type(content)));
	return check_payloads(content, e);
}

static bool
expand(
    struct fill *f, const char *s, const struct mc_path *at, struct mc_buf *out)
{
	char path[MC_PATH_TEXT];

	if (!mc_vars_expand(f->vars, s, out, f->e))
		return mc_note(f->e, "%s", mc_path_encode(at, path));
	f->len += out->len;
	if (f->len > MC_BUF_LIMIT)
		return mc_fail(f->e, MC_MALFORMED,
		    "%s: more than %zu bytes of text", mc_path_encode(at, path),
		    MC_BUF_LIMIT);
	return true;
}

static bool
fill_string(
    struct fill *f, const mc_plist *p, const struct mc_path *at, mc_plist **out)
{
	AUTO_BUF text = MC_BUF_INIT;
	const char *s = mc_plist_str(p);

	if (strstr(s, "${")) {
		if (!expand(f, s, at, &text))
			return false;
		s = mc_buf_str(&text);
	}
	*out = mc_plist_new_str(s);
	return *out || mc_fail_memory(f->e);
}

/* Give node to an array, or to a dict under at's key, filled; takes it. */
static bool
put(struct fill *f, mc_plist *to, const struct mc_path *at, mc_plist *node)
{
	AUTO(mc_plist) *own = node;
	AUTO_BUF text = MC_BUF_INIT;
	const char *key = at->key;
	char path[MC_PATH_TEXT];
	char quoted[MC_QUOTE_TEXT];

	if (!key)
		return mc_plist_append(to, take(&own)) || mc_fail_memory(f->e);
	if (strstr(key, "${")) {
		if (!expand(f, key, at, &text))
			return false;
		key = mc_buf_str(&text);
	}
	if (mc_plist_get(to, key))
		return mc_fail(f->e, MC_MALFORMED,
		    "%s: key \"%s\" is there already", mc_path_encode(at, path),
		    mc_path_quote(key, quoted));
	return mc_plist_set(to, key, take(&own)) || mc_fail_memory(f->e);
}

/* As deep as the tree, which its reader has limited. */
static bool
fill(
    struct fill *f, const mc_plist *p, const struct mc_path *up, mc_plist **out)
{
	enum mc_plist_type type = mc_plist_type(p);
	AUTO_PLIST_ITER it = { .in = p };
	AUTO(mc_plist) *to = NULL;
	struct mc_path at = { .up = up };
	mc_plist *node;

	if (type == MC_PLIST_STRING)
		return fill_string(f, p, up, out);
	if (type == MC_PLIST_DICT)
		to = mc_plist_new_dict();
	else if (type == MC_PLIST_ARRAY)
		to = mc_plist_new_array();
	else
		to = mc_plist_dup(p);
	while (mc_plist_iter_next(&it)) {
		at.key = it.key;
		at.i = it.i;
		if (!fill(f, it.value, &at, &node) || !put(f, to, &at, node))
			return false;
	}
	if (it.failed || !to)
		return mc_fail_memory(f->e);
	*out = take(&to);
	return true;
}

bool
mc_template_fill(const mc_plist *p, const struct mc_vars *vars, mc_plist **out,
    struct mc_err *e)
{
	struct fill f = { .vars = vars, .e = e };

	return fill(&f, p, NULL, out);
}

/* SPDX-License-Identifier: ISC */
#include "plist/path.h"

#include <stdio.h>
#include <strings.h>

#include "base/near.h"

/* How many names a message has, where there are many. */
#define NAMES 6
#define NAMES_TEXT (NAMES * MC_QUOTE_TEXT)

/* What one step leads to. */
struct found {
	mc_plist *node; /* lent; NULL: nothing is there, but it could be */
	size_t i;       /* of an array */
};

/* The first n steps as text: where something is, or is not. */
static const char *
where(const struct mc_keypath *p, size_t n, char text[static MC_PATH_TEXT])
{
	snprintf(text, MC_PATH_TEXT, "%s", n ? "" : "the top");
	for (size_t i = 0; i < n && mc_step_encode(&p->v[i], text); i++)
		continue;
	return text;
}

static const char *
type_phrase(const mc_plist *node, char text[static 16])
{
	const char *name = mc_plist_type_name(mc_plist_type(node));

	snprintf(text, 16, "%s %s", strchr("ai", *name) ? "an" : "a", name);
	return text;
}

static bool
wrong_type(const struct mc_keypath *p, size_t i, const mc_plist *node,
    struct mc_err *e)
{
	char path[MC_PATH_TEXT];
	char name[MC_QUOTE_TEXT];
	char type[16];

	if (p->v[i].kind != MC_STEP_KEY)
		return mc_fail(e, MC_DENIED, "%s: is %s, not an array",
		    where(p, i, path), type_phrase(node, type));
	return mc_fail(e, MC_DENIED,
	    "%s: is %s, not a dict with a key \"%s\"%s", where(p, i, path),
	    type_phrase(node, type), mc_path_quote(p->v[i].text, name),
	    mc_plist_len(node) ? "; want [0] or another item" : "");
}

/* What one may have meant: names that are near, or some of all. */
struct names {
	struct mc_near near;
	char some[NAMES_TEXT];
	size_t n;
};

static void
names_add(struct names *names, const char *name)
{
	char quoted[MC_QUOTE_TEXT];
	size_t used = strlen(names->some);

	mc_near_add(&names->near, name);
	names->n++;
	if (names->n <= NAMES)
		snprintf(names->some + used, sizeof(names->some) - used, "%s%s",
		    used ? ", " : "", mc_path_quote(name, quoted));
}

/* "; did you mean a, b" or "; it has a, b, ...", or what it is without any. */
static bool
not_there(const struct mc_keypath *p, size_t i, const char *what,
    const struct names *names, struct mc_err *e)
{
	char path[MC_PATH_TEXT];
	char name[MC_QUOTE_TEXT];

	mc_path_quote(p->v[i].text, name);
	where(p, i, path);
	if (names->near.n)
		return mc_fail(e, MC_DENIED, "%s: no %s \"%s\"; near it: %s",
		    path, what, name, mc_near_text(&names->near));
	if (names->n == 0)
		return mc_fail(e, MC_DENIED, "%s: no %s \"%s\": it has none",
		    path, what, name);
	return mc_fail(e, MC_DENIED, "%s: no %s \"%s\"; it has %s%s", path,
	    what, name, names->some, names->n > NAMES ? ", ..." : "");
}

/* "PayloadContent:0:SSID_STR", as PlistBuddy has paths, as they are here. */
static bool
of_colons(const char *s, struct mc_buf *to, struct mc_err *e)
{
	for (size_t n; *s; s += n) {
		s += strspn(s, ":");
		n = strcspn(s, ":");
		if (n == 0)
			return true;
		if (strspn(s, "0123456789") == n
			? !mc_buf_printf(to, e, "[%.*s]", (int)n, s)
			: !mc_buf_printf(
			      to, e, "%s%.*s", to->len ? "." : "", (int)n, s))
			return false;
	}
	return true;
}

static bool
no_colons(const struct mc_keypath *p, size_t i, struct mc_err *e)
{
	AUTO_BUF want = MC_BUF_INIT;
	char path[MC_PATH_TEXT];
	char name[MC_QUOTE_TEXT];
	char quoted[MC_QUOTE_TEXT];

	return of_colons(p->v[i].text, &want, e) &&
	    mc_fail(e, MC_DENIED,
		"%s: no key \"%s\"; a colon parts no keys: want %s",
		where(p, i, path), mc_path_quote(p->v[i].text, name),
		mc_path_quote(mc_buf_str(&want), quoted));
}

static bool
no_key(const struct mc_keypath *p, size_t i, const mc_plist *dict,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = dict };
	struct names names = { .near = MC_NEAR_INIT(p->v[i].text) };

	if (strchr(p->v[i].text, ':'))
		return no_colons(p, i, e);
	while (mc_plist_iter_next(&it))
		names_add(&names, it.key);
	return not_there(p, i, "key", &names, e);
}

static bool
no_item(const struct mc_keypath *p, size_t i, size_t len, struct mc_err *e)
{
	char path[MC_PATH_TEXT];

	return mc_fail(e, MC_DENIED, "%s: no item [%zu]; it has %zu%s",
	    where(p, i, path), p->v[i].i, len, len ? ", from [0] on" : "");
}

static bool
matches(const mc_plist *item, const char *text)
{
	const char *type = mc_plist_get_str(item, "PayloadType");
	const char *identifier = mc_plist_get_str(item, "PayloadIdentifier");
	const char *uuid = mc_plist_get_str(item, "PayloadUUID");

	return (type && strcmp(type, text) == 0) ||
	    (identifier && strcmp(identifier, text) == 0) ||
	    (uuid && strcasecmp(uuid, text) == 0);
}

static bool
no_match(const struct mc_keypath *p, size_t i, const mc_plist *array,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = array };
	struct names names = { .near = MC_NEAR_INIT(p->v[i].text) };
	const char *type;

	while (mc_plist_iter_next(&it)) {
		type = mc_plist_get_str(it.value, "PayloadType");
		if (type)
			names_add(&names, type);
	}
	return not_there(p, i, "payload", &names, e);
}

static bool
match_find(const struct mc_keypath *p, size_t i, const mc_plist *array,
    struct found *out, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = array };
	char path[MC_PATH_TEXT];
	char name[MC_QUOTE_TEXT];

	*out = (struct found){ 0 };
	while (mc_plist_iter_next(&it)) {
		if (!matches(it.value, p->v[i].text))
			continue;
		if (out->node)
			return mc_fail(e, MC_DENIED,
			    "%s: \"%s\" is item [%zu] and item [%zu]: want a "
			    "number, or a PayloadIdentifier",
			    where(p, i, path),
			    mc_path_quote(p->v[i].text, name), out->i, it.i);
		*out = (struct found){ it.value, it.i };
	}
	return out->node || no_match(p, i, array, e);
}

/* Step i from node; where nothing is, but could be put, out->node is NULL. */
static bool
step_find(const struct mc_keypath *p, size_t i, const mc_plist *node,
    struct found *out, struct mc_err *e)
{
	const struct mc_step *s = &p->v[i];
	size_t len = mc_plist_len(node);

	if (mc_plist_type(node) !=
	    (s->kind == MC_STEP_KEY ? MC_PLIST_DICT : MC_PLIST_ARRAY))
		return wrong_type(p, i, node, e);
	if (s->kind == MC_STEP_MATCH)
		return match_find(p, i, node, out, e);
	if (s->kind == MC_STEP_KEY)
		*out = (struct found){ mc_plist_get(node, s->text), 0 };
	else if (s->kind == MC_STEP_APPEND)
		*out = (struct found){ NULL, len };
	else if (s->i > len)
		return no_item(p, i, len, e);
	else
		*out = (struct found){ mc_plist_at(node, s->i), s->i };
	return true;
}

/* The same, and there is something. */
static bool
step_get(const struct mc_keypath *p, size_t i, const mc_plist *node,
    struct found *out, struct mc_err *e)
{
	char path[MC_PATH_TEXT];

	if (!step_find(p, i, node, out, e))
		return false;
	if (out->node)
		return true;
	if (p->v[i].kind == MC_STEP_KEY)
		return no_key(p, i, node, e);
	if (p->v[i].kind == MC_STEP_INDEX)
		return no_item(p, i, mc_plist_len(node), e);
	return mc_fail(e, MC_USAGE, "%s[+]: is for a new item, not one there",
	    i ? where(p, i, path) : "");
}

bool
mc_keypath_get(const mc_plist *top, const struct mc_keypath *p, mc_plist **out,
    struct mc_err *e)
{
	struct found at = { 0 };
	const mc_plist *node = top;

	for (size_t i = 0; i < p->n; i++, node = at.node)
		if (!step_get(p, i, node, &at, e))
			return false;
	*out = at.node;
	return true;
}

/* Can what steps from the ith on name be made of nothing? */
static bool
make_check(const struct mc_keypath *p, size_t i, struct mc_err *e)
{
	for (; i < p->n; i++) {
		if (p->v[i].kind == MC_STEP_MATCH)
			return no_match(p, i, NULL, e);
		if (p->v[i].kind == MC_STEP_INDEX && p->v[i].i > 0)
			return no_item(p, i, 0, e);
	}
	return true;
}

/* node within what steps from the ith on name; takes it. */
static mc_plist *
make(const struct mc_keypath *p, size_t i, mc_plist *node)
{
	AUTO(mc_plist) *inner = node;

	for (size_t j = p->n; inner && j-- > i;) {
		bool is_key = p->v[j].kind == MC_STEP_KEY;
		AUTO(mc_plist) *outer = is_key ? mc_plist_new_dict()
					       : mc_plist_new_array();

		if (is_key ? !mc_plist_set(outer, p->v[j].text, take(&inner))
			   : !mc_plist_append(outer, take(&inner)))
			return NULL;
		inner = take(&outer);
	}
	return take(&inner);
}

bool
mc_keypath_set(
    mc_plist *top, const struct mc_keypath *p, mc_plist *node, struct mc_err *e)
{
	AUTO(mc_plist) *own = node;
	struct found at = { .node = top };
	mc_plist *in = top;
	size_t i = 0;
	bool done;

	if (!own)
		return mc_fail_memory(e);
	for (;; i++) {
		in = at.node;
		if (!step_find(p, i, in, &at, e))
			return false;
		if (!at.node || i + 1 == p->n)
			break;
	}
	if (!make_check(p, i + 1, e))
		return false;
	own = make(p, i + 1, take(&own));
	if (p->v[i].kind == MC_STEP_KEY)
		done = mc_plist_set(in, p->v[i].text, take(&own));
	else if (at.node)
		done = mc_plist_item_set(in, at.i, take(&own));
	else
		done = mc_plist_append(in, take(&own));
	return done || mc_fail_memory(e);
}

bool
mc_keypath_remove(mc_plist *top, const struct mc_keypath *p, struct mc_err *e)
{
	struct found at = { .node = top };
	mc_plist *in = top;

	for (size_t i = 0; i < p->n; i++) {
		in = at.node;
		if (!step_get(p, i, in, &at, e))
			return false;
	}
	if (p->v[p->n - 1].kind == MC_STEP_KEY)
		(void)mc_plist_remove(in, p->v[p->n - 1].text);
	else
		(void)mc_plist_item_remove(in, at.i);
	return true;
}

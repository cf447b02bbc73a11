/* SPDX-License-Identifier: ISC */
#include "lint/update.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "profile/value_secret.h"

/* So many keys that are gone may be there under another name. */
#define RENAMED_MAX 64

/* A value in a few words. */
static const char *
show(const mc_plist *node, char text[static MC_QUOTE_TEXT])
{
	const char *s = mc_plist_str(node);
	const uint8_t *data;
	char time[MC_TIME_TEXT];
	int64_t n;
	double d;
	size_t len;
	bool b;

	if (s)
		return *s ? mc_path_quote(s, text) : "\"\"";
	if (mc_plist_bool(node, &b))
		return b ? "true" : "false";
	if (mc_plist_int(node, &n))
		snprintf(text, MC_QUOTE_TEXT, "%" PRId64, n);
	else if (mc_plist_real(node, &d))
		snprintf(text, MC_QUOTE_TEXT, "%g", d);
	else if (mc_plist_date(node, &n))
		snprintf(text, MC_QUOTE_TEXT, "%s", mc_time_format(n, time));
	else if (mc_plist_data(node, &data, &len))
		snprintf(text, MC_QUOTE_TEXT, "%zu bytes of data", len);
	else
		snprintf(text, MC_QUOTE_TEXT, "%s",
		    mc_plist_type_name(mc_plist_type(node)));
	return text;
}

/* What is true or false tells nothing. */
static bool
is_hidden(const mc_plist *old, const mc_plist *new, const struct mc_path *path)
{
	bool known = !old || mc_plist_type(old) == MC_PLIST_BOOL;

	if (known && (!new || mc_plist_type(new) == MC_PLIST_BOOL))
		return false;
	return mc_value_path_is_secret(path);
}

static bool
tell(const struct mc_update *u, const mc_plist *old, const mc_plist *new,
    const struct mc_path *path, struct mc_err *e)
{
	bool hidden = is_hidden(old, new, path);
	char was[MC_QUOTE_TEXT];
	char is[MC_QUOTE_TEXT];
	struct mc_about about = { .code = 1615, .path = path, .node = new };

	if (!new)
		return mc_lint_tell(u->l, &about, e,
		    "no longer there; it was %s",
		    hidden ? "a secret" : show(old, was));
	if (!old)
		return mc_lint_tell(u->l, &about, e, "new: %s",
		    hidden ? "a secret" : show(new, is));
	if (hidden)
		return mc_lint_tell(
		    u->l, &about, e, "another secret than before");
	return mc_lint_tell(
	    u->l, &about, e, "%s, was %s", show(new, is), show(old, was));
}

static bool
diff(const struct mc_update *u, const mc_plist *old, const mc_plist *new,
    const struct mc_path *path, struct mc_err *e)
{
	enum mc_plist_type type = mc_plist_type(new);
	size_t n = mc_plist_len(old);
	size_t m = mc_plist_len(new);

	if (mc_plist_equal(old, new))
		return true;
	if (type == mc_plist_type(old) && type == MC_PLIST_DICT)
		return mc_update_keys(u, old, new, path, NULL, e);
	if (type != mc_plist_type(old) || type != MC_PLIST_ARRAY)
		return tell(u, old, new, path, e);
	for (size_t i = 0; i < n || i < m; i++) {
		struct mc_path item = { path, NULL, i };

		if (!diff(
			u, mc_plist_at(old, i), mc_plist_at(new, i), &item, e))
			return false;
	}
	return true;
}

/* A key of old that new has not: may be one of its new ones has its value. */
struct gone {
	const mc_plist *value;
	bool renamed;
};

struct change {
	const struct mc_update *u;
	const mc_plist *old;
	const mc_plist *new;
	const struct mc_path *path; /* of new */
	const char *skip;
	struct gone gone[RENAMED_MAX]; /* others are gone for good */
	size_t n;
};

static bool
is_gone(const struct change *c, const struct mc_plist_iter *was)
{
	return !mc_plist_get(c->new, was->key) &&
	    !(c->skip && strcmp(was->key, c->skip) == 0);
}

static bool
find_gone(struct change *c, struct mc_err *e)
{
	AUTO_PLIST_ITER was = { .in = c->old };

	while (c->n < RENAMED_MAX && mc_plist_iter_next(&was))
		if (is_gone(c, &was))
			c->gone[c->n++].value = was.value;
	return !was.failed || mc_fail_memory(e);
}

/* Which gone key held this?  Each has one new name only.  NULL: none did. */
static struct gone *
find_former(struct change *c, const mc_plist *value)
{
	/* that two are true, or 1, means nothing */
	if (mc_plist_type(value) == MC_PLIST_BOOL ||
	    mc_plist_type(value) == MC_PLIST_INT)
		return NULL;
	for (size_t i = 0; i < c->n; i++)
		if (!c->gone[i].renamed &&
		    mc_plist_equal(c->gone[i].value, value))
			return &c->gone[i];
	return NULL;
}

static bool
tell_renamed(const struct change *c, const struct gone *former,
    const struct mc_path *path, const mc_plist *value, struct mc_err *e)
{
	AUTO_PLIST_ITER was = { .in = c->old };
	char name[MC_QUOTE_TEXT];

	while (mc_plist_iter_next(&was))
		if (was.value == former->value)
			return mc_lint_tell(c->u->l,
			    MC_ABOUT(.code = 1615, .path = path, .node = value,
				.at_key = true),
			    e, "was called %s", mc_path_quote(was.key, name));
	return mc_fail_memory(e);
}

static bool
tell_added(struct change *c, const struct mc_path *path, const mc_plist *value,
    struct mc_err *e)
{
	struct gone *former = find_former(c, value);

	if (!former)
		return tell(c->u, NULL, value, path, e);
	former->renamed = true;
	return tell_renamed(c, former, path, value, e);
}

static bool
tell_new(struct change *c, struct mc_err *e)
{
	AUTO_PLIST_ITER is = { .in = c->new };

	while (mc_plist_iter_next(&is)) {
		struct mc_path key = { c->path, is.key, 0 };
		const mc_plist *before = mc_plist_get(c->old, is.key);

		if (c->skip && strcmp(is.key, c->skip) == 0)
			continue;
		if (!(before ? diff(c->u, before, is.value, &key, e)
			     : tell_added(c, &key, is.value, e)))
			return false;
	}
	return !is.failed || mc_fail_memory(e);
}

static bool
tell_gone(const struct change *c, struct mc_err *e)
{
	AUTO_PLIST_ITER was = { .in = c->old };
	size_t i = 0;

	while (mc_plist_iter_next(&was)) {
		struct mc_path key = { c->path, was.key, 0 };

		if (!is_gone(c, &was))
			continue;
		if (i < c->n && c->gone[i++].renamed)
			continue;
		if (!tell(c->u, was.value, NULL, &key, e))
			return false;
	}
	return !was.failed || mc_fail_memory(e);
}

bool
mc_update_keys(const struct mc_update *u, const mc_plist *old,
    const mc_plist *new, const struct mc_path *path, const char *skip,
    struct mc_err *e)
{
	struct change c = {
		.u = u,
		.old = old,
		.new = new,
		.path = path,
		.skip = skip,
	};

	return find_gone(&c, e) && tell_new(&c, e) && tell_gone(&c, e);
}

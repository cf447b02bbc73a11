/* SPDX-License-Identifier: ISC */
#include "profile/renew.h"

#include <stdlib.h>
#include <strings.h>

#include "plist/path.h"
#include "profile/payload.h"

struct change {
	char *old;       /* owned */
	const char *who; /* PayloadIdentifier of a named one, lent */
	char fresh[MC_UUID_TEXT];
};

struct changes {
	struct change *v;
	size_t n;
	size_t cap;
	const mc_plist *top; /* the profile, for named ones; NULL: random */
};

static void
changes_clear(struct changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].old);
	free(c->v);
}
#define AUTO_CHANGES __attribute__((cleanup(changes_clear))) struct changes

/* The UUID that is made of who p, which is c->top or in it, is. */
static bool
name(const struct changes *c, const mc_plist *p, struct change *v,
    struct mc_err *e)
{
	const char *profile = mc_plist_get_str(c->top, "PayloadIdentifier");
	const char *type = mc_plist_get_str(p, "PayloadType");
	char quoted[MC_QUOTE_TEXT];

	v->who = mc_plist_get_str(p, "PayloadIdentifier");
	if (!profile || !v->who)
		return mc_fail(e, MC_MALFORMED,
		    "the %s payload has a PayloadUUID, and no PayloadIdentifier"
		    " to make another one of",
		    mc_path_quote(!profile || !type ? "top" : type, quoted));
	return mc_payload_uuid(
	    MC_UUID_NAMED, profile, p == c->top ? NULL : v->who, v->fresh, e);
}

static bool
add(struct changes *c, const mc_plist *p, const char *old, struct mc_err *e)
{
	size_t cap = c->cap ? 2 * c->cap : 16;
	struct change *v;

	if (c->n == c->cap) {
		v = reallocarray(c->v, cap, sizeof(*v));
		if (!v)
			return mc_fail_memory(e);
		c->v = v;
		c->cap = cap;
	}
	v = &c->v[c->n];
	*v = (struct change){ .old = strdup(old) };
	if (!v->old)
		return mc_fail_memory(e);
	c->n++;
	if (c->top)
		return name(c, p, v, e);
	mc_uuid_new(v->fresh);
	return true;
}

/* As deep as the tree, which its reader has limited. */
static bool
collect(const mc_plist *p, struct changes *c, struct mc_err *e)
{
	const char *uuid = mc_plist_get_str(p, "PayloadUUID");
	AUTO_PLIST_ITER it = { .in = p };

	if (uuid && !add(c, p, uuid, e))
		return false;
	while (mc_plist_iter_next(&it))
		if (!collect(it.value, c, e))
			return false;
	return !it.failed || mc_fail_memory(e);
}

static int
compare(const void *a, const void *b)
{
	const struct change *x = a;
	const struct change *y = b;

	return strcasecmp(x->old, y->old);
}

static int
compare_old(const void *old, const void *b)
{
	const struct change *y = b;

	return strcasecmp(old, y->old);
}

static bool
check_unique(const struct changes *c, struct mc_err *e)
{
	char quoted[MC_QUOTE_TEXT];

	for (size_t i = 1; i < c->n; i++)
		if (compare(&c->v[i - 1], &c->v[i]) == 0)
			return mc_fail(e, MC_MALFORMED,
			    "PayloadUUID %s: two payloads have it",
			    mc_path_quote(c->v[i].old, quoted));
	return true;
}

/* key is that of the dict item which p is, or is somewhere in. */
static bool
follow(mc_plist *p, const char *key, const struct changes *c, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = p };
	const struct change *found;
	const char *s = mc_plist_str(p);

	while (mc_plist_iter_next(&it))
		if (!follow(it.value, it.key ? it.key : key, c, e))
			return false;
	if (it.failed)
		return mc_fail_memory(e);
	if (!s || c->n == 0 || !mc_payload_may_refer(key, s) ||
	    (key && strcmp(key, "PayloadIdentifier") == 0))
		return true;
	found = bsearch(s, c->v, c->n, sizeof(*c->v), compare_old);
	return !found || mc_plist_str_set(p, found->fresh) || mc_fail_memory(e);
}

static int
compare_fresh(const void *a, const void *b)
{
	const struct change *x = a;
	const struct change *y = b;

	return strcmp(x->fresh, y->fresh);
}

/* What is named may be named the same; this leaves them sorted by name. */
static bool
check_names(struct changes *c, struct mc_err *e)
{
	char quoted[MC_QUOTE_TEXT];

	qsort(c->v, c->n, sizeof(*c->v), compare_fresh);
	for (size_t i = 1; i < c->n; i++)
		if (compare_fresh(&c->v[i - 1], &c->v[i]) == 0)
			return mc_fail(e, MC_MALFORMED,
			    "PayloadIdentifier %s: two payloads have it, and so"
			    " would have one PayloadUUID",
			    mc_path_quote(c->v[i].who, quoted));
	return true;
}

static bool
renew(mc_plist *p, struct changes *c, struct mc_err *e)
{
	if (!collect(p, c, e) || (c->top && c->n && !check_names(c, e)))
		return false;
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), compare);
	return check_unique(c, e) && follow(p, NULL, c, e);
}

bool
mc_renew_uuids(mc_plist *p, struct mc_err *e)
{
	AUTO_CHANGES c = { 0 };

	return renew(p, &c, e);
}

bool
mc_renew_uuids_named(mc_plist *profile, struct mc_err *e)
{
	AUTO_CHANGES c = { .top = profile };

	return renew(profile, &c, e);
}

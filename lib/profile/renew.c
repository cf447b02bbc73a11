/* SPDX-License-Identifier: ISC */
#include "profile/renew.h"

#include <stdlib.h>
#include <strings.h>

#include "base/uuid.h"
#include "plist/path.h"

struct change {
	char *old; /* owned */
	char fresh[MC_UUID_TEXT];
};

struct changes {
	struct change *v;
	size_t n;
	size_t cap;
};

static void
changes_clear(struct changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].old);
	free(c->v);
}
#define AUTO_CHANGES __attribute__((cleanup(changes_clear))) struct changes

static bool
add(struct changes *c, const char *old, struct mc_err *e)
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
	v->old = strdup(old);
	if (!v->old)
		return mc_fail_memory(e);
	mc_uuid_new(v->fresh);
	c->n++;
	return true;
}

/* As deep as the tree, which its reader has limited. */
static bool
collect(const mc_plist *p, struct changes *c, struct mc_err *e)
{
	const char *uuid = mc_plist_get_str(p, "PayloadUUID");
	AUTO_PLIST_ITER it = { .in = p };

	if (uuid && !add(c, uuid, e))
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

static bool
ends_in_uuid(const char *key)
{
	size_t n = key ? strlen(key) : 0;

	return n >= 4 && strcmp(key + n - 4, "UUID") == 0;
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
	if (!s || c->n == 0 || (!ends_in_uuid(key) && !mc_uuid_check(s)))
		return true;
	found = bsearch(s, c->v, c->n, sizeof(*c->v), compare_old);
	return !found || mc_plist_str_set(p, found->fresh) || mc_fail_memory(e);
}

bool
mc_renew_uuids(mc_plist *p, struct mc_err *e)
{
	AUTO_CHANGES c = { 0 };

	if (!collect(p, &c, e))
		return false;
	if (c.n)
		qsort(c.v, c.n, sizeof(*c.v), compare);
	return check_unique(&c, e) && follow(p, NULL, &c, e);
}

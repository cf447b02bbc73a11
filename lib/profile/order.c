/* SPDX-License-Identifier: ISC */
/* The order of keys. */
#include "profile/configuration.h"

#include <stdlib.h>

struct entry {
	unsigned rank;
	char *key;             /* owned */
	const mc_plist *value; /* lent */
};

struct entries {
	struct entry *v;
	size_t n;
};

static void
entries_clear(struct entries *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].key);
	free(l->v);
}
#define AUTO_ENTRIES __attribute__((cleanup(entries_clear))) struct entries

/* Those of payload.h in its order, then all others, then a profile's content.
 */
static unsigned
rank(const char *key, bool top)
{
	static const char *const first[] = { "PayloadType", "PayloadVersion",
		"PayloadIdentifier", "PayloadUUID", "PayloadOrganization",
		"PayloadDisplayName", "PayloadDescription" };
	const unsigned n = sizeof(first) / sizeof(*first);

	for (unsigned i = 0; i < n; i++)
		if (strcmp(first[i], key) == 0)
			return i;
	return top && strcmp(key, "PayloadContent") == 0 ? n + 1 : n;
}

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return strcmp(x->key, y->key);
}

static bool
list_entries(const mc_plist *dict, bool top, struct entries *out)
{
	AUTO_PLIST_ITER it = { .in = dict };

	out->v = calloc(mc_plist_len(dict) + 1, sizeof(*out->v));
	while (out->v && mc_plist_iter_next(&it)) {
		out->v[out->n++] = (struct entry){ .rank = rank(it.key, top),
			.key = it.key,
			.value = it.value };
		it.key = NULL; /* ours now */
	}
	if (!out->v || it.failed)
		return false;
	qsort(out->v, out->n, sizeof(*out->v), compare);
	return true;
}

/* NULL without memory.  As deep as the tree, which its reader has limited. */
static mc_plist *
sorted(const mc_plist *p, bool top)
{
	enum mc_plist_type type = mc_plist_type(p);
	AUTO_PLIST_ITER it = { .in = p };
	AUTO_ENTRIES entries = { 0 };
	AUTO(mc_plist) *to = NULL;

	if (type != MC_PLIST_DICT && type != MC_PLIST_ARRAY)
		return mc_plist_dup(p);
	if (type == MC_PLIST_ARRAY) {
		to = mc_plist_new_array();
		while (mc_plist_iter_next(&it))
			if (!mc_plist_append(to, sorted(it.value, false)))
				return NULL;
		return take(&to);
	}
	to = mc_plist_new_dict();
	if (!list_entries(p, top, &entries))
		return NULL;
	for (size_t i = 0; i < entries.n; i++)
		if (!mc_plist_set(to, entries.v[i].key,
			sorted(entries.v[i].value, false)))
			return NULL;
	return take(&to);
}

bool
mc_configuration_sort(const mc_plist *p, mc_plist **out, struct mc_err *e)
{
	*out = sorted(p, true);
	return *out || mc_fail_memory(e);
}

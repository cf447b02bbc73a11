/* SPDX-License-Identifier: ISC */
#include "lint/payloads.h"

#include <stdlib.h>
#include <strings.h>

typedef const struct mc_payload_ref *ref;

static int
by_place(ref a, ref b)
{
	return a->i < b->i ? -1 : a->i > b->i;
}

static int
compare_uuid(const void *a, const void *b)
{
	ref x = *(const ref *)a;
	ref y = *(const ref *)b;
	int d = strcasecmp(x->uuid, y->uuid);

	return d ? d : by_place(x, y);
}

static int
compare_identifier(const void *a, const void *b)
{
	ref x = *(const ref *)a;
	ref y = *(const ref *)b;
	int d = strcmp(x->identifier, y->identifier);

	return d ? d : by_place(x, y);
}

void
mc_payloads_clear(struct mc_payloads *p)
{
	free(p->v);
	free(p->by_uuid);
	free(p->by_identifier);
	*p = (struct mc_payloads){ 0 };
}

static void
add(struct mc_payloads *p, const mc_plist *dict, size_t i)
{
	const char *type = mc_plist_get_str(dict, "PayloadType");

	p->v[p->n++] = (struct mc_payload_ref){
		.dict = dict,
		.type = type ? type : "",
		.identifier = mc_plist_get_str(dict, "PayloadIdentifier"),
		.uuid = mc_plist_get_str(dict, "PayloadUUID"),
		.i = i,
	};
}

static void
sort(struct mc_payloads *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].uuid)
			p->by_uuid[p->uuids++] = &p->v[i];
		if (p->v[i].identifier)
			p->by_identifier[p->identifiers++] = &p->v[i];
	}
	qsort(p->by_uuid, p->uuids, sizeof(ref), compare_uuid);
	qsort(
	    p->by_identifier, p->identifiers, sizeof(ref), compare_identifier);
}

bool
mc_payloads_init(
    struct mc_payloads *p, const mc_plist *profile, struct mc_err *e)
{
	const mc_plist *content = mc_plist_get(profile, "PayloadContent");
	AUTO_PLIST_ITER it = { .in = content };
	size_t room;

	*p = (struct mc_payloads){ 0 };
	/* of a Profile Service it is a dict, which holds no payloads */
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return true;
	room = mc_plist_len(content) + 1;
	p->v = calloc(room, sizeof(*p->v));
	p->by_uuid = calloc(room, sizeof(ref));
	p->by_identifier = calloc(room, sizeof(ref));
	if (!p->v || !p->by_uuid || !p->by_identifier)
		return mc_fail_memory(e);
	while (mc_plist_iter_next(&it))
		if (mc_plist_type(it.value) == MC_PLIST_DICT)
			add(p, it.value, it.i);
	if (it.failed)
		return mc_fail_memory(e);
	sort(p);
	return true;
}

const struct mc_payload_ref *
mc_payloads_uuid_find(const struct mc_payloads *p, const char *uuid)
{
	size_t lo = 0;
	size_t hi = p->uuids;

	/* the first that is not before it */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcasecmp(p->by_uuid[mid]->uuid, uuid) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->uuids && strcasecmp(p->by_uuid[lo]->uuid, uuid) == 0
	    ? p->by_uuid[lo]
	    : NULL;
}

const struct mc_payload_ref *
mc_payloads_identifier_find(const struct mc_payloads *p, const char *identifier)
{
	size_t lo = 0;
	size_t hi = p->identifiers;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(p->by_identifier[mid]->identifier, identifier) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->identifiers &&
		strcmp(p->by_identifier[lo]->identifier, identifier) == 0
	    ? p->by_identifier[lo]
	    : NULL;
}

const struct mc_path *
mc_payload_path_init(struct mc_payload_path *p, size_t i, const char *key)
{
	p->content = (struct mc_path){ NULL, "PayloadContent", 0 };
	p->item = (struct mc_path){ &p->content, NULL, i };
	p->key = (struct mc_path){ &p->item, key, 0 };
	return key ? &p->key : &p->item;
}

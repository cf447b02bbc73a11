/* SPDX-License-Identifier: ISC */
#include "schema/manifest.h"

#include <string.h>

#include "schema/manifest_part.h"

typedef struct mc_marks mc_marks;
CLEANUP(mc_marks, mc_marks_free);

/* What every payload has, described by MC_SCHEMA_COMMON. */
static const char *const common[] = {
	"PayloadDescription",
	"PayloadDisplayName",
	"PayloadEnabled",
	"PayloadIdentifier",
	"PayloadOrganization",
	"PayloadType",
	"PayloadUUID",
	"PayloadVersion",
};

static bool
is_common(const char *name)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		if (strcmp(name, common[i]) == 0)
			return true;
	return false;
}

static bool
is_holder(enum mc_plist_type type)
{
	return type == MC_PLIST_DICT || type == MC_PLIST_ARRAY;
}

/* Either type will do; the one that holds keys is the one of the key. */
static void
join_types(struct mc_draft_key *known, const struct mc_draft_key *k)
{
	if (known->type == MC_PLIST_NONE)
		return;
	if (k->type == MC_PLIST_NONE) {
		known->type = MC_PLIST_NONE;
		known->types = 0;
		known->first = known->last = MC_DRAFT_NONE;
		known->n = 0;
		return;
	}
	if (known->type != k->type)
		known->types |= 1U << known->type | 1U << k->type;
	if (is_holder(k->type) && !is_holder(known->type))
		known->type = k->type;
}

/* Where either is; 0 stands for the first and for the last version. */
static void
join_support(struct mc_draft_support *known, const struct mc_draft_support *own)
{
	if (own->said == MC_DRAFT_NOT)
		return;
	if (known->said == MC_DRAFT_NOT) {
		*known = *own;
		return;
	}
	if (own->introduced < known->introduced)
		known->introduced = own->introduced;
	known->has_introduced = known->introduced != 0;
	if (!own->deprecated ||
	    (known->deprecated && own->deprecated > known->deprecated))
		known->deprecated = own->deprecated;
	if (!own->removed || (known->removed && own->removed > known->removed))
		known->removed = own->removed;
	known->flags &= own->flags;
	if (!known->introduced && !known->deprecated && !known->removed &&
	    !known->flags)
		known->said = MC_DRAFT_SAME;
}

/* A key that is described twice, for two cases: either will do. */
static void
again(struct mc_draft_key *known, const struct mc_draft_key *k)
{
	join_types(known, k);
	for (unsigned os = 0; os < MC_OS_COUNT; os++)
		join_support(&known->own[os], &k->own[os]);
	known->required = false;
	if (known->fallback != k->fallback)
		known->fallback = 0;
	known->values_n = 0;
	known->has_min = false;
	known->has_max = false;
	known->has_count = false;
	known->pattern = 0;
}

/* What holds keys: a dict, an array, the payload. */
struct holder {
	uint32_t key; /* MC_DRAFT_NONE: the payload */
	enum mc_plist_type type;
};

/*
 * What only an editor knows: how it shows keys, and lists that it makes of
 * others.
 */
static bool
is_editors(const mc_plist *key, const char *name)
{
	const char *type = mc_plist_get_str(key, "pfm_type");

	return strncmp(name, "PFC_", 4) == 0 ||
	    (type && strcmp(type, "union policy") == 0);
}

/*
 * The name that a key goes by; NULL stands for any.  "{{key}}" only says that
 * the names are the user's, and "{{value}}" is what they stand for.
 */
static bool
key_name(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const struct holder *in, const char **name, bool *skip, struct mc_err *e)
{
	if (!mc_manifest_text(r, h, "pfm_name", name, e))
		return false;
	*skip = *name &&
	    (is_editors(h->dict, *name) || strcmp(*name, "{{key}}") == 0 ||
		(in->key == MC_DRAFT_NONE && is_common(*name)));
	if (*name && strcmp(*name, "{{value}}") == 0)
		*name = NULL;
	else if (!*name && in->key == MC_DRAFT_NONE)
		return mc_manifest_wrong(r, h, NULL, "has no pfm_name", e);
	return true;
}

static bool
add_key(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const struct holder *in, struct holder *below, unsigned *there,
    struct mc_err *e)
{
	struct mc_draft_key k = MC_DRAFT_KEY_INIT;
	const char *name;
	uint32_t known;
	bool skip;

	below->key = MC_DRAFT_NONE;
	if (!key_name(r, h, in, &name, &skip, e))
		return false;
	if (skip)
		return true;
	k.payload = r->payload;
	k.up = in->key;
	if (!mc_manifest_facts(r, h, name, &k, e))
		return false;
	/* an item, or any key, need not be there */
	k.required = k.required && name && in->type == MC_PLIST_DICT;
	mc_manifest_key_support(h, k.own, there);
	below->type = k.type;
	if (in->type == MC_PLIST_DICT) {
		known = mc_draft_key_find(r->d, r->payload, in->key, k.name);
		if (known != MC_DRAFT_NONE) {
			again(&r->d->keys[known], &k);
			/* one has the keys of a dict, or items: the first */
			if (r->d->keys[known].type == k.type)
				below->key = known;
			return true;
		}
	}
	return mc_draft_key_add(r->d, &k, &below->key, e);
}

/* The keys of pfm_subkeys, and what is below them. */
static bool
add_keys(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const struct holder *in, struct mc_err *e)
{
	struct mc_path list = { .up = h->path, .key = "pfm_subkeys" };
	struct mc_path item = { .up = &list };
	const mc_plist *keys;
	struct mc_manifest_at next = { .path = &item };
	struct holder below;

	if (!mc_manifest_get(r, h, "pfm_subkeys", MC_PLIST_ARRAY, &keys, e))
		return false;
	/* what is neither has keys that only an editor shows */
	if (!is_holder(in->type))
		return true;
	for (item.i = 0; item.i < mc_plist_len(keys); item.i++) {
		next.dict = mc_plist_at(keys, item.i);
		next.there = h->there;
		if (mc_plist_type(next.dict) != MC_PLIST_DICT)
			return mc_manifest_wrong(
			    r, &next, NULL, "must be of type dict", e);
		if (!add_key(r, &next, in, &below, &next.there, e))
			return false;
		if (below.key != MC_DRAFT_NONE &&
		    !add_keys(r, &next, &below, e))
			return false;
	}
	return true;
}

static bool
add_payload(struct mc_manifest *r, struct mc_manifest_at *h, uint32_t source,
    struct mc_err *e)
{
	struct mc_draft_payload p = { .source = source };
	const mc_plist *platforms;
	const char *domain = NULL;

	if (!mc_manifest_text(r, h, "pfm_domain", &domain, e) ||
	    !mc_manifest_get(
		r, h, "pfm_platforms", MC_PLIST_ARRAY, &platforms, e))
		return false;
	if (!domain || !*domain)
		return mc_manifest_wrong(r, h, NULL, "has no pfm_domain", e);
	h->there = mc_plist_len(platforms) ? mc_manifest_systems(platforms)
					   : 1U << MC_OS_MACOS;
	for (unsigned os = 0; os < MC_OS_COUNT; os++) {
		p.own[os].said = MC_DRAFT_NOT;
		if (!(h->there & 1U << os))
			continue;
		p.own[os] = mc_manifest_support(h->dict, os);
		p.own[os].said = MC_DRAFT_SAID;
		p.own[os].flags |= mc_manifest_flags(h->dict, os);
	}
	return mc_draft_text_add(r->d, domain, strlen(domain), &p.type, e) &&
	    mc_draft_text_add(r->d, r->name, strlen(r->name), &p.release, e) &&
	    mc_draft_payload_add(r->d, &p, &r->payload, e);
}

/* What other readers let pass may pass here: a date with a zone, a comment. */
static bool
pass(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	(void)ctx;
	(void)fault;
	(void)at;
	(void)path;
	(void)text;
	(void)e;
	return true;
}

/* "Configuration" is no payload: it is the profile that holds them. */
static bool
is_manifest(const mc_plist *top)
{
	const char *domain = mc_plist_get_str(top, "pfm_domain");

	if (domain && strcmp(domain, "Configuration") == 0)
		return false;
	return mc_plist_get(top, "pfm_domain") ||
	    mc_plist_get(top, "pfm_subkeys");
}

bool
mc_manifest_parse(const struct mc_buf *in, const char *name, uint32_t source,
    struct mc_draft *d, bool *is, struct mc_err *e)
{
	AUTO(mc_plist) *top = NULL;
	AUTO(mc_marks) *marks = NULL;
	struct mc_plist_reading how = {
		.depth = MC_PLIST_DEPTH_FILE,
		.fault = pass,
		.marks = &marks,
	};
	struct mc_manifest r = { .d = d, .name = name };
	const struct holder payload = { MC_DRAFT_NONE, MC_PLIST_DICT };
	struct mc_manifest_at h = { 0 };
	struct mc_err why = MC_ERR_INIT; /* begins with the place */

	if (!mc_plist_read(in, &how, &top, &why))
		return mc_fail(e, why.code, "%s:%s", name, why.text);
	h.dict = top;
	r.marks = marks;
	*is = is_manifest(top);
	return !*is ||
	    (add_payload(&r, &h, source, e) &&
		(mc_plist_get(top, "pfm_subkeys") ||
		    mc_manifest_wrong(&r, &h, NULL, "has no pfm_subkeys", e)) &&
		add_keys(&r, &h, &payload, e));
}

/* SPDX-License-Identifier: ISC */
/* The parts of the reader of manifests. */
#ifndef MC_SCHEMA_MANIFEST_PART_H
#define MC_SCHEMA_MANIFEST_PART_H

#include "plist/path.h"
#include "schema/draft.h"

#define MC_MANIFEST_TEXT 512 /* room for a number as text */

/* What is read: a manifest, into a draft. */
struct mc_manifest {
	struct mc_draft *d;
	const char *name;
	const struct mc_marks *marks;
	uint32_t payload;
};

/* A dict of it: the payload, or a key. */
struct mc_manifest_at {
	const mc_plist *dict;
	const struct mc_path *path;
	unsigned there; /* a bit for each OS on which what is above is */
};

/*
 * Fail with NAME:LINE, the key path and why; key may be NULL: then it is about
 * the dict itself.
 */
bool
mc_manifest_wrong(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const char *key, const char *why, struct mc_err *e);

/* The value at key, or NULL; one of another type is wrong. */
MC_NODISCARD bool mc_manifest_get(const struct mc_manifest *r,
    const struct mc_manifest_at *h, const char *key, enum mc_plist_type type,
    const mc_plist **out, struct mc_err *e);
MC_NODISCARD bool
mc_manifest_text(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const char *key, const char **out, struct mc_err *e);

bool mc_manifest_is_true(const mc_plist *dict, const char *key);

/* A number or a text, as text: lent, or in text; false for the others. */
bool mc_manifest_scalar(
    const mc_plist *node, char text[static MC_MANIFEST_TEXT], const char **out);

/* A bit for each OS that the array names. */
unsigned mc_manifest_systems(const mc_plist *array);

/* What a dict says of an OS with pfm_OS_min and the like. */
struct mc_draft_support
mc_manifest_support(const mc_plist *dict, enum mc_os os);

/* The flags of a payload, by its targets. */
unsigned mc_manifest_flags(const mc_plist *dict, enum mc_os os);

/* Where a key is, of where what holds it is; *there is what is left. */
void mc_manifest_key_support(const struct mc_manifest_at *h,
    struct mc_draft_support own[], unsigned *there);

/* All that a key says but where it is and what is below; NULL: any name. */
MC_NODISCARD bool
mc_manifest_facts(const struct mc_manifest *r, const struct mc_manifest_at *h,
    const char *name, struct mc_draft_key *k, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The payloads of a profile, to be looked up by UUID and by identifier.
 *
 * Sorted, so that a profile with a hundred thousand payloads is still one
 * glance a payload.  UUIDs compare in either case: what differs in case only is
 * found, and what to make of that is the caller's.
 */
#ifndef MC_LINT_PAYLOADS_H
#define MC_LINT_PAYLOADS_H

#include "plist/path.h"

/* Texts are lent by the profile. */
struct mc_payload_ref {
	const mc_plist *dict;
	const char *type;       /* "" where there is none */
	const char *identifier; /* NULL: none */
	const char *uuid;       /* NULL: none */
	size_t i;               /* PayloadContent[i] */
};

struct mc_payloads {
	struct mc_payload_ref *v; /* owned; in the order of the file */
	size_t n;
	/* owned; into v: those that have one, sorted, then as in the file */
	const struct mc_payload_ref **by_uuid;
	size_t uuids;
	const struct mc_payload_ref **by_identifier;
	size_t identifiers;
};

#define AUTO_PAYLOADS                                                          \
	__attribute__((cleanup(mc_payloads_clear))) struct mc_payloads
void mc_payloads_clear(struct mc_payloads *p);

/* profile must outlive it, unchanged.  Fails for want of memory only. */
MC_NODISCARD bool mc_payloads_init(
    struct mc_payloads *p, const mc_plist *profile, struct mc_err *e);

/* The first of this UUID, in either case; NULL: none. */
const struct mc_payload_ref *
mc_payloads_uuid_find(const struct mc_payloads *p, const char *uuid);
const struct mc_payload_ref *mc_payloads_identifier_find(
    const struct mc_payloads *p, const char *identifier);

/* The steps to a payload, and to a key of it; the struct must not move. */
struct mc_payload_path {
	struct mc_path content;
	struct mc_path item;
	struct mc_path key;
};
const struct mc_path *
mc_payload_path_init(struct mc_payload_path *p, size_t i, const char *key);

#endif

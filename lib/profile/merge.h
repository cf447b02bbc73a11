/* SPDX-License-Identifier: ISC */
/*
 * One Configuration profile from several: the payloads of all, in order.
 *
 * A payload that is there already, with the same PayloadIdentifier or
 * PayloadUUID, is taken once where it is the same in everything; otherwise
 * devices could not tell the two apart, and nothing is merged.  No payload is
 * changed, so that references to PayloadUUIDs go on to mean what they meant.
 * Keys of the profile itself are the first one's; those that only a later one
 * has are added.
 */
#ifndef MC_MERGE_H
#define MC_MERGE_H

#include "plist/plist.h"

struct mc_merge_part {
	const char *name; /* a file's, for messages; lent */
	const mc_plist *profile;
};

/*
 * *out is new.  say, which may be NULL, is told of each key of a later profile
 * that is dropped though it is another one than the first's (not of names and
 * descriptions, which are always different).  MC_MALFORMED for what is no
 * profile with open payloads, MC_DENIED for payloads that cannot be told apart.
 */
MC_NODISCARD bool mc_profile_merge(const struct mc_merge_part *parts, size_t n,
    void (*say)(const char *line), mc_plist **out, struct mc_err *e);

/* MC_MALFORMED unless p is a Configuration profile with open payloads. */
MC_NODISCARD bool mc_profile_open_check(const mc_plist *p, struct mc_err *e);

#endif

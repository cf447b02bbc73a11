/* SPDX-License-Identifier: ISC */
/*
 * A node of ours is one of libplist's in disguise.  Only lib/plist includes
 * this.
 */
#ifndef MC_PLIST_TREE_H
#define MC_PLIST_TREE_H

/* For the calls that make dates in 2.2, which 2.7 would rather not have. */
#define PLIST_WARN_DEPRECATED(instead)

#include <plist/plist.h>

#include "plist/plist.h"

/* libplist knows no const. */
static inline plist_t
mc_plist_raw(const mc_plist *p)
{
	union {
		const mc_plist *ours;
		plist_t theirs;
	} node = { .ours = p };

	return node.theirs;
}

#endif

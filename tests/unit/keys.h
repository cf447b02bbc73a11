/* SPDX-License-Identifier: ISC */
/* The order of a dict's keys. */
#ifndef KEYS_H
#define KEYS_H

#include "plist/plist.h"

/* The i-th item of a dict is at key. */
static inline bool
key_is(const mc_plist *dict, size_t i, const char *key)
{
	AUTO_PLIST_ITER it = { .in = dict };

	while (mc_plist_iter_next(&it))
		if (it.i == i)
			return it.key && strcmp(it.key, key) == 0;
	return false;
}

#endif

/* SPDX-License-Identifier: ISC */
/* "Did you mean": the names that a mistyped one is closest to. */
#ifndef MC_NEAR_H
#define MC_NEAR_H

#include <stddef.h>

#define MC_NEAR_MAX 5

struct mc_near {
	const char *name; /* the mistyped one, lent */
	char text[MC_NEAR_MAX * 66];
	size_t n;               /* names in text */
	size_t at[MC_NEAR_MAX]; /* where each begins */
};

#define MC_NEAR_INIT(mistyped)                                                 \
	{                                                                      \
		.name = (mistyped)                                             \
	}

/*
 * Keep a candidate if it is near, and not kept already: case and "-" for "_"
 * do not count for the first.
 */
void mc_near_add(struct mc_near *near, const char *candidate);

/* What was kept, "mail, user": lent, as long as near lives. */
const char *mc_near_text(const struct mc_near *near);

#endif

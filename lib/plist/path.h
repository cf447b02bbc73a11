/* SPDX-License-Identifier: ISC */
/*
 * Where in a plist: "PayloadContent[0].SSID_STR", for messages.
 *
 * A path is a list of steps on the stacks of the functions that walk a tree,
 * the innermost first.  Text from outside is made fit for one line.
 */
#ifndef MC_PLIST_PATH_H
#define MC_PLIST_PATH_H

#include <stddef.h>

#define MC_PATH_TEXT 160 /* room for a path's text; longer ones are cut */
#define MC_QUOTE_TEXT 72 /* room for a quoted name */

struct mc_path {
	const struct mc_path *up; /* NULL: this step is from the top */
	const char *key;          /* NULL: the step is array item i */
	size_t i;
};

/* The text, "the top" where p is NULL; into text, which it returns. */
const char *
mc_path_encode(const struct mc_path *p, char text[static MC_PATH_TEXT]);

/* s with control characters as "?" and its end as "..." where it is long. */
const char *mc_path_quote(const char *s, char text[static MC_QUOTE_TEXT]);

#endif

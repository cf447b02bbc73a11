/* SPDX-License-Identifier: ISC */
/*
 * Where in a plist: "PayloadContent[0].SSID_STR", for messages.
 *
 * A path is a list of steps on the stacks of the functions that walk a tree,
 * the innermost first.  Text from outside is made fit for one line; a key that
 * mc_keypath_parse() would read otherwise is quoted as it wants it.
 */
#ifndef MC_PLIST_PATH_H
#define MC_PLIST_PATH_H

#include <stddef.h>

#include "plist/plist.h"

/* Room for a path's text; longer ones end in "...". */
#define MC_PATH_TEXT 160
#define MC_QUOTE_TEXT 72 /* room for a quoted name */

struct mc_path {
	const struct mc_path *up; /* NULL: this step is from the top */
	const char *key;          /* NULL: the step is array item i */
	size_t i;
};

/* The text, "the top" where p is NULL; into text, which it returns. */
const char *
mc_path_encode(const struct mc_path *p, char text[static MC_PATH_TEXT]);

/* The key is one in a KEYPATH=VALUE as it is, without quotes. */
bool mc_path_key_is_plain(const char *key);

/* s with control characters as "?" and its end as "..." where it is long. */
const char *mc_path_quote(const char *s, char text[static MC_QUOTE_TEXT]);

/*
 * Key paths that people write, and that the messages above can be given as:
 *
 *	PayloadContent[0].EAPClientConfiguration.UserName
 *	PayloadContent[com.apple.wifi.managed].SSID_STR
 *	PayloadContent[com.acme.wifi]."key.with.dots"
 *
 * A key is up to the next "." or "["; a backslash takes one character as it
 * is, and quotes do all between them, where a backslash still does.  In
 * brackets is an item's number, or "+" for a new one at the end, or what one
 * item's PayloadType, PayloadIdentifier or PayloadUUID (in either case) is;
 * what is quoted there is always the last.
 */
#define MC_KEYPATH_STEPS 64

enum mc_step_kind {
	MC_STEP_KEY,
	MC_STEP_INDEX,
	MC_STEP_APPEND, /* [+] */
	MC_STEP_MATCH,  /* [com.apple.wifi.managed] */
};

struct mc_step {
	enum mc_step_kind kind;
	char *text; /* a key, or what to match; owned by the path */
	size_t i;   /* MC_STEP_INDEX */
	size_t at;  /* where in the path's text it begins, from 0 */
};

struct mc_keypath {
	struct mc_step v[MC_KEYPATH_STEPS];
	size_t n;
};

/*
 * Append a step to the text of those in front of it ("" for the first), as
 * mc_path_encode() would; false where nothing can follow.
 */
bool mc_step_encode(const struct mc_step *s, char text[static MC_PATH_TEXT]);

/*
 * How much of KEYPATH=VALUE, KEYPATH+=VALUE or KEYPATH:=VALUE is the key path;
 * 0 where it is none.  What is quoted or in brackets is no sign.
 */
size_t mc_keypath_len(const char *assignment);

void mc_keypath_clear(struct mc_keypath *p);
/* Keep the first n steps only. */
void mc_keypath_cut(struct mc_keypath *p, size_t n);
#define AUTO_KEYPATH                                                           \
	__attribute__((cleanup(mc_keypath_clear))) struct mc_keypath

/* n bytes of text.  MC_USAGE, with the column, for what is no key path. */
MC_NODISCARD bool mc_keypath_parse(
    const char *text, size_t n, struct mc_keypath *out, struct mc_err *e);

/*
 * The node at p, lent.  MC_DENIED where there is none, naming the step, and
 * the keys that are near; also where a match fits several items.  "[+]" is of
 * no item that is there: MC_USAGE.
 */
MC_NODISCARD bool mc_keypath_get(const mc_plist *top,
    const struct mc_keypath *p, mc_plist **out, struct mc_err *e);

/*
 * Put node there, replacing what is; dicts and arrays on the way are made
 * where they are missing, and an array grows by the number that is next.
 * Takes node in any case.  MC_DENIED where something on the way is of another
 * type, or no such item; then nothing has changed.
 */
MC_NODISCARD bool mc_keypath_set(mc_plist *top, const struct mc_keypath *p,
    mc_plist *node, struct mc_err *e);

/* Take it out and free it.  MC_DENIED as mc_keypath_get(). */
MC_NODISCARD bool
mc_keypath_remove(mc_plist *top, const struct mc_keypath *p, struct mc_err *e);

#endif

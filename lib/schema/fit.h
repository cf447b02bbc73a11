/* SPDX-License-Identifier: ISC */
/*
 * What the definition of a key means for a value: for those who make one and
 * for those who judge one.
 */
#ifndef MC_SCHEMA_FIT_H
#define MC_SCHEMA_FIT_H

#include "schema/schema.h"

/* What a value is not. */
enum mc_fit {
	MC_FIT_GOOD,
	MC_FIT_VALUE, /* none of the allowed ones, nor in a range beside them */
	MC_FIT_RANGE,
	MC_FIT_PATTERN,
	MC_FIT_FORM,
};

/*
 * A value against its key.  Its type is another question: integers as strings
 * of digits and booleans are compared where the key wants numbers, and what
 * has no value of its own to compare (an array, data) is good.
 */
enum mc_fit mc_fit_check(const struct mc_schema *s,
    const struct mc_schema_key *key, const mc_plist *node);
/* The array has as many items as it must. */
bool mc_fit_count_check(const struct mc_schema_key *key, const mc_plist *array);

/* "-12": an integer of 64 bits, as text. */
bool mc_fit_is_digits(const char *s);

/*
 * "A string, or an array", of more such strings: what an item of it is; false
 * where key is nothing like it.
 */
bool
mc_fit_one_of_many(const struct mc_schema_key *key, struct mc_schema_key *one);

/*
 * How well a dict's keys are those n from first on: one for each that is, two
 * for one with a value out of a list; -1 where a value is not in its list.
 */
int mc_fit_score(const struct mc_schema *s, uint32_t first, uint32_t n,
    const mc_plist *dict);

/*
 * Of the kinds of item that an array may have: the one that item is most like.
 * False where nothing is said of items.
 */
bool
mc_fit_kind_find(const struct mc_schema *s, const struct mc_schema_key *array,
    const mc_plist *item, struct mc_schema_key *out);

/* In words: "5 to 9", "5 or more"; "" where there is no range. */
#define MC_FIT_TEXT 96
const char *mc_fit_range_show(
    const struct mc_schema_key *key, char text[static MC_FIT_TEXT]);
/* "2", "2 to 5", "2 or more" items; "" where there may be any. */
const char *mc_fit_count_show(
    const struct mc_schema_key *key, char text[static MC_FIT_TEXT]);
/* "string or array"; with articles "a string or an array". */
const char *mc_fit_types_show(const struct mc_schema_key *key, bool articles,
    char text[static MC_FIT_TEXT]);
/* "an ", "a ", or "": of data. */
const char *mc_fit_article(enum mc_plist_type type);
/* "a host name", "a URL, beginning with its scheme"; lent. */
const char *mc_fit_form_show(const struct mc_schema_key *key);

#endif

/* SPDX-License-Identifier: ISC */
/* What the text and the JSON of a description share. */
#ifndef MC_SCHEMA_DESCRIBE_PART_H
#define MC_SCHEMA_DESCRIBE_PART_H

#include "plist/path.h"
#include "schema/describe.h"

/*
 * Where a walk is: a step for each key above, the innermost first; the last
 * one is the payload, without a name.
 */
struct mc_describe_step {
	const struct mc_describe_step *up;
	const char *name; /* NULL: any, or an item without a name */
	bool item;        /* of an array */
	bool array;       /* its children are kinds of item */
	uint32_t first;   /* its children */
	uint32_t n;
	const struct mc_support *support;
};

/* The step of a key that is below up. */
struct mc_describe_step mc_describe_step_of(
    const struct mc_describe_step *up, const struct mc_schema_key *k);

/* The step above that has these children already; NULL: none. */
const struct mc_describe_step *mc_describe_step_find(
    const struct mc_describe_step *up, uint32_t first, uint32_t n);

/* "Dock[0].Pages", a path that describe takes; "" for the payload. */
MC_NODISCARD bool mc_describe_step_encode(
    const struct mc_describe_step *p, struct mc_buf *to, struct mc_err *e);

/* One flag in words. */
struct mc_flag_words {
	unsigned flag;
	const char *words;
};
extern const struct mc_flag_words mc_flag_words[]; /* ends with flag 0 */

/* What was asked for, in one part of the type. */
struct mc_found {
	struct mc_schema_payload part;
	bool common; /* the part is MC_SCHEMA_COMMON */
	bool whole;  /* no key was asked for */
	struct mc_schema_key key;
	/* what is above the key, the innermost last; the payload else */
	struct mc_describe_step steps[MC_KEYPATH_STEPS * 2 + 2];
	size_t n;
};

/*
 * Call each for all parts that have the key (all parts where key is NULL).
 * MC_NOINPUT where none has it.
 */
MC_NODISCARD bool
mc_found_list(const struct mc_schema *s, const char *type, const char *key,
    bool (*each)(void *ctx, const struct mc_found *f, struct mc_err *e),
    void *ctx, struct mc_err *e);

/*
 * Call each for every type that fits, with the place of its first part and how
 * many there are.  MC_DENIED where none does.
 */
MC_NODISCARD bool
mc_types_list(const struct mc_schema *s, const struct mc_types_filter *filter,
    bool (*each)(void *ctx, const struct mc_schema *s, size_t at, size_t n,
	struct mc_err *e),
    void *ctx, struct mc_err *e);

#endif

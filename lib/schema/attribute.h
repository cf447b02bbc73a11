/* SPDX-License-Identifier: ISC */
/*
 * What a line says of a key, behind its name: its type, "required", "values
 * ...", "on ...".  A key's own line and an override's are read by this; an
 * override says only what it changes.
 */
#ifndef MC_SCHEMA_ATTRIBUTE_H
#define MC_SCHEMA_ATTRIBUTE_H

#include "schema/draft.h"
#include "schema/line.h"

/* What was said. */
enum mc_said {
	MC_SAID_TYPE = 1 << 0,
	MC_SAID_REQUIRED = 1 << 1,
	MC_SAID_VALUES = 1 << 2,
	MC_SAID_RANGE = 1 << 3,
	MC_SAID_DEFAULT = 1 << 4,
	MC_SAID_PATTERN = 1 << 5,
	MC_SAID_FORM = 1 << 6,
	MC_SAID_ITEMS = 1 << 7,
	MC_SAID_ON = 1 << 8,
	MC_SAID_NAME = 1 << 9,
};

/* "-12.5", and no other form of a number. */
bool mc_number_parse(const char *s, double *out);

/*
 * TYPE {or TYPE}; false, and nothing read, where the next word is no type.
 */
bool mc_type_read(struct mc_schema_line *l, struct mc_draft_key *k);

/*
 * Read attributes into k up to the end of the line or the word "because".
 * "no range", "optional" and "named *" are for overrides.
 */
MC_NODISCARD bool
mc_attributes_read(struct mc_schema_line *l, struct mc_draft *d, bool override,
    struct mc_draft_key *k, unsigned *said, struct mc_err *e);

/* The clauses behind "on". */
MC_NODISCARD bool mc_support_read(struct mc_schema_line *l,
    struct mc_draft_support own[static MC_OS_COUNT], struct mc_err *e);

/* Take over what from says. */
void mc_attributes_merge(
    struct mc_draft_key *to, const struct mc_draft_key *from, unsigned said);
void mc_support_merge(struct mc_draft_support to[static MC_OS_COUNT],
    const struct mc_draft_support from[static MC_OS_COUNT]);

/*
 * All that is said of a key fits its type, its values too.  MC_MALFORMED: a
 * sentence without a place.
 */
MC_NODISCARD bool mc_attributes_check(
    const struct mc_draft *d, const struct mc_draft_key *k, struct mc_err *e);

#endif

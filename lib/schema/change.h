/* SPDX-License-Identifier: ISC */
/*
 * Overrides: a change to the keys at a path in every part of a payload.  A step
 * of a path is a key's name, or a star for each key.
 */
#ifndef MC_SCHEMA_CHANGE_H
#define MC_SCHEMA_CHANGE_H

#include "schema/attribute.h"

struct mc_change {
	const struct mc_schema_word *path;
	bool add; /* the key, to the first part that can hold it, if none has it
		   */
	bool drop;    /* the key, and what is below it */
	bool lenient; /* what does not fit stays as it is; set by the caller */
	struct mc_draft_key key; /* what is said */
	unsigned said;
};

/* "because REASON", which ends the line; it is for whoever reads the file. */
MC_NODISCARD bool
mc_change_reason_read(struct mc_schema_line *l, struct mc_err *e);

/* Read one, with its reason, which must be there. */
MC_NODISCARD bool mc_change_read(struct mc_schema_line *l, struct mc_draft *d,
    struct mc_change *out, struct mc_err *e);

/*
 * Change what there is of payloads of this type; *n counts the keys.
 * MC_MALFORMED for what would not fit, unless it is lenient.
 */
MC_NODISCARD bool
mc_change_apply(const struct mc_schema_line *l, struct mc_draft *d,
    uint32_t type, const struct mc_change *c, size_t *n, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Variables: ${name} in text becomes the value of name.
 *
 * A name is looked up among the variables that were given, then among the
 * facts (in upper case, "-" as "_": ${device-name} is DEVICE_NAME).  A value
 * is never looked into again.  "$${" is a plain "${".
 */
#ifndef MC_VARS_H
#define MC_VARS_H

#include "base/fact.h"
#include "base/opt.h"

/* Of one row of many (profile/sheet.h); of all: those of two options besides.
 */
#define MC_VARS_ROW 128
#define MC_VARS_MAX (2 * MC_LIST_MAX + 1 + MC_VARS_ROW)

struct mc_vars {
	struct {
		char *name;
		char *value;
	} v[MC_VARS_MAX]; /* owned */
	size_t n;
	const struct mc_facts *facts; /* lent; may be NULL */
};

#define AUTO_VARS __attribute__((cleanup(mc_vars_clear))) struct mc_vars

/* Wipe and release. */
void mc_vars_clear(struct mc_vars *vars);

/* The same for all but the first n. */
void mc_vars_cut(struct mc_vars *vars, size_t n);

/*
 * Add one.  MC_USAGE for a bad name ([A-Za-z_][A-Za-z0-9_.-]*, at most 64
 * long) or one that is there already, MC_MALFORMED for a value that a plist
 * cannot hold.
 */
MC_NODISCARD bool mc_vars_add(struct mc_vars *vars, const char *name,
    const char *value, struct mc_err *e);

/* "NAME=VALUE"; "NAME=SOURCE", a source as mc_secret_load() has it. */
MC_NODISCARD bool
mc_vars_add_pair(struct mc_vars *vars, const char *pair, struct mc_err *e);
MC_NODISCARD bool
mc_vars_add_secret(struct mc_vars *vars, const char *pair, struct mc_err *e);

/* The value, lent; NULL where there is none. */
const char *mc_vars_get(const struct mc_vars *vars, const char *name);

/*
 * Append text with its variables replaced.  MC_USAGE for one that is unknown,
 * telling names that are near; MC_MALFORMED for "${" without a name and "}".
 */
MC_NODISCARD bool mc_vars_expand(const struct mc_vars *vars, const char *text,
    struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Facts: NAME=value pairs that stages establish and later stages read.
 *
 * Across exec they are MCPROFILE_NAME in the environment (in) and lines on
 * fd 3 (out); inside the driver they are this list.  A value is UTF-8
 * without control characters, so it is always one line.
 */
#ifndef MC_FACT_H
#define MC_FACT_H

#include "base/buf.h"

#define MC_FACT_PREFIX "MCPROFILE_"

struct mc_fact {
	char *name; /* without the prefix: [A-Z][A-Z0-9_]* */
	char *value;
};

struct mc_facts {
	struct mc_fact v[MC_FACTS_MAX];
	size_t n;
};

#define AUTO_FACTS __attribute__((cleanup(mc_facts_clear))) struct mc_facts

/* Wipe and release. */
void mc_facts_clear(struct mc_facts *f);

/* The value, lent; NULL where there is none. */
const char *mc_facts_get(const struct mc_facts *f, const char *name);

/*
 * Set or replace.  MC_MALFORMED for a bad name, a value that is no such text,
 * or more than the limits of limits.h.
 */
MC_NODISCARD bool mc_facts_set(
    struct mc_facts *f, const char *name, const char *value, struct mc_err *e);

/* Take every MCPROFILE_* variable of an environment. */
MC_NODISCARD bool
mc_facts_load(struct mc_facts *f, char *const *envp, struct mc_err *e);

/* Parse NAME=value lines into f; encode f as such lines. */
MC_NODISCARD bool mc_facts_parse(
    struct mc_facts *f, const struct mc_buf *lines, struct mc_err *e);
MC_NODISCARD bool
mc_facts_encode(const struct mc_facts *f, struct mc_buf *to, struct mc_err *e);

#endif

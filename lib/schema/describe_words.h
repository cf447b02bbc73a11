/* SPDX-License-Identifier: ISC */
/* What the schema says of a key, in words for people: one line, with "; ". */
#ifndef MC_SCHEMA_DESCRIBE_WORDS_H
#define MC_SCHEMA_DESCRIBE_WORDS_H

#include "schema/describe_part.h"

/* Append what a value may be; nothing where there is nothing to say. */
MC_NODISCARD bool mc_describe_facts(const struct mc_schema *s,
    const struct mc_schema_key *k, struct mc_buf *to, struct mc_err *e);

/*
 * Append where it is, on one OS: what differs from what is above it, which is
 * NULL where all is to be said.
 */
MC_NODISCARD bool
mc_describe_support(const struct mc_support *s, const struct mc_support *above,
    enum mc_os os, struct mc_buf *to, struct mc_err *e);

#endif

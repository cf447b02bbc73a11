/* SPDX-License-Identifier: ISC */
/*
 * The schema, told: a tree or a table for people, JSON for scripts.
 *
 * The text may change with every release, the JSON only grows.  What a reader
 * of the JSON needs is at each key; nothing has to be looked up above it, but
 * the children of a structure that holds itself: they are told once, and
 * "children_of" is the path of the key that has them.
 */
#ifndef MC_SCHEMA_DESCRIBE_H
#define MC_SCHEMA_DESCRIBE_H

#include "schema/schema.h"

/* How people see it. */
struct mc_describe_view {
	unsigned columns; /* of the terminal; 0: as wide as need be */
	bool colour;
};

/*
 * Describe a payload type, or one key of it: a key path as mc_keypath_parse()
 * reads it, or the whole name of a top key, dots and all.  Where key is NULL
 * it is all keys.  MC_NOINPUT for a type or a key that is not there, naming
 * those that are near.
 */
MC_NODISCARD bool
mc_describe_show(const struct mc_schema *s, const char *type, const char *key,
    const struct mc_describe_view *view, struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool mc_describe_encode(const struct mc_schema *s,
    const char *type, const char *key, struct mc_buf *to, struct mc_err *e);

/* Which types to list. */
struct mc_types_filter {
	const char *const *words; /* all of them are in the type, of any case */
	size_t n;
	bool one_os;
	enum mc_os os;    /* there on this OS, */
	uint32_t version; /* at this version; 0: at any */
};

/* A row, or an object, for each.  MC_DENIED where none fits. */
MC_NODISCARD bool
mc_types_show(const struct mc_schema *s, const struct mc_types_filter *filter,
    const struct mc_describe_view *view, struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool mc_types_encode(const struct mc_schema *s,
    const struct mc_types_filter *filter, struct mc_buf *to, struct mc_err *e);

#endif

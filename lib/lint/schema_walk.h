/* SPDX-License-Identifier: ISC */
/*
 * The parts of the schema's rule: schema.c chooses what a payload is of,
 * schema_walk.c goes through it, schema_value.c looks at one value,
 * schema_support.c at versions and ways.
 * Only they include this.
 */
#ifndef MC_LINT_SCHEMA_WALK_H
#define MC_LINT_SCHEMA_WALK_H

#include "lint/rule.h"

/* What may stand against a payload, or a key, on a device. */
enum mc_obstacle {
	MC_OBSTACLE_ABSENT = 1 << 0, /* not known on this OS */
	MC_OBSTACLE_LATER = 1 << 1,  /* known from a later version on */
	MC_OBSTACLE_REMOVED = 1 << 2,
	MC_OBSTACLE_DEPRECATED = 1 << 3,
	MC_OBSTACLE_SUPERVISED = 1 << 4,
	MC_OBSTACLE_MDM = 1 << 5,
	MC_OBSTACLE_AUTOMATED = 1 << 6,
	MC_OBSTACLE_APPROVED = 1 << 7,
	MC_OBSTACLE_FORBIDDEN = 1 << 8, /* in user enrolment */
	MC_OBSTACLE_IGNORED = 1 << 9,
	MC_OBSTACLE_CHANNEL = 1 << 10,
	MC_OBSTACLE_SCOPE = 1 << 11,
};
#define MC_OBSTACLES 12

struct mc_walk {
	const struct mc_lint *l;
	const struct mc_schema *s;
	const char *scope; /* the profile's PayloadScope, or NULL */
	/* what the dict that is walked is called: "com.apple.wifi.managed" */
	const char *type;
	/*
	 * The payload's support, which decides what a target needs to know of
	 * its keys; NULL: of none.
	 */
	const struct mc_support *support;
	struct mc_err *e;
};

/* Of a payload or a key. */
struct mc_subject {
	const char *name;
	bool payload;
	const struct mc_support *support;
	const struct mc_path *path;
	const mc_plist *node;
};

/* Enum mc_obstacle's bits: of a target, or, without targets, everywhere. */
unsigned
mc_obstacles_get(const struct mc_walk *w, const struct mc_support *support);
/*
 * Tell those of a subject that are not in known, which are told already, and
 * set *all to both.
 */
MC_NODISCARD bool mc_obstacles_tell(const struct mc_walk *w,
    const struct mc_subject *subject, unsigned known, unsigned *all);
/* Is a key that is marked as required needed on what the options name? */
bool
mc_obstacles_needed(const struct mc_walk *w, const struct mc_support *support);
/* Several of it may be in a profile. */
bool mc_obstacles_multiple(
    const struct mc_walk *w, const struct mc_support *support);

/* The type, and for what is neither dict nor array the value, of a node. */
MC_NODISCARD bool
mc_value_lint(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, bool *go_on);
/* A value of this type is taken for one of key's: 1 for 1.0. */
bool mc_value_coerces(const struct mc_schema_key *key, const mc_plist *node);
/* Keys of the schema beside each other. */
struct mc_keys {
	uint32_t first;
	uint32_t n;
};

/* A node and all below it. */
MC_NODISCARD bool
mc_walk_value(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, unsigned known);
/* One key of a dict. */
MC_NODISCARD bool
mc_walk_key(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, unsigned known);
/* It is not there, and has to be. */
MC_NODISCARD bool mc_walk_missing(const struct mc_walk *w,
    const struct mc_schema_key *key, const struct mc_path *up);
/* It is there, and none of the n sets of keys has it. */
MC_NODISCARD bool mc_walk_unknown(const struct mc_walk *w,
    const struct mc_keys *sets, size_t n, const struct mc_path *path);
/* Is a key that only * stands for nearly one of those that have a name? */
bool mc_walk_mistyped(const struct mc_walk *w, const struct mc_keys *sets,
    size_t n, const char *name);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * How a schema lies in memory: flat arrays and offsets into one text, so that
 * the compiled one is constant and needs nothing at start-up.  Only lib/schema
 * and the schema's compiler look at it.
 *
 * Offset 0 of the text is for what is absent; the empty string has another.
 */
#ifndef MC_SCHEMA_TABLE_H
#define MC_SCHEMA_TABLE_H

#include "schema/schema.h"

/* What a node has. */
enum mc_node_flag {
	MC_NODE_REQUIRED = 1 << 0,
	MC_NODE_MIN = 1 << 1,
	MC_NODE_MAX = 1 << 2,
	MC_NODE_COUNT = 1 << 3,
};

/* A key; texts are offsets, support is a row, children are nodes. */
struct mc_schema_node {
	double min;
	double max;
	uint32_t name;
	uint32_t fallback;
	uint32_t pattern;
	uint32_t form;
	uint32_t values; /* the first one's place */
	uint32_t values_n;
	uint32_t count_min;
	uint32_t count_max;
	uint32_t support;
	uint32_t first;
	uint32_t n;
	uint16_t types;
	uint8_t type;
	uint8_t flags; /* enum mc_node_flag */
};

/* One description of a payload type. */
struct mc_schema_part {
	uint32_t type;
	uint32_t release;
	uint32_t support;
	uint32_t first;
	uint32_t n;
};

struct mc_schema {
	const char *text;
	const struct mc_schema_part *parts; /* sorted by type */
	const struct mc_schema_node *nodes;
	/* Of the keys that lie beside each other, in the order of names. */
	const uint32_t *order;
	const uint32_t *values; /* offsets */
	const struct mc_support (*support)[MC_OS_COUNT];
	uint32_t text_n;
	uint32_t parts_n;
	uint32_t nodes_n;
	uint32_t values_n;
	uint32_t support_n;
};

/* What share/schema/compile.c has made, and the two files it was made of. */
extern const struct mc_schema mc_schema_compiled;
extern const char mc_schema_release_text[];
extern const char mc_schema_overrides_text[];

#endif

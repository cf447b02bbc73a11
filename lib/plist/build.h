/* SPDX-License-Identifier: ISC */
/*
 * From a reader's events to a tree: which value may stand where, keys once,
 * limits.  Knows nothing of XML; messages say what, the reader says where.
 *
 * Each value is given to the innermost open container at once, so the root
 * owns everything at any time.
 */
#ifndef MC_PLIST_BUILD_H
#define MC_PLIST_BUILD_H

#include "plist/plist.h"

/* An open dict or array; the first one is the document itself. */
struct mc_build_frame {
	mc_plist *node; /* lent: its parent owns it; NULL in the first */
	char *key;      /* read, waiting for its value */
};

struct mc_build {
	struct mc_build_frame *stack;
	unsigned depth; /* the innermost frame, and at most */
	unsigned depth_max;
	unsigned nodes;
	mc_plist *root;
};

MC_NODISCARD bool
mc_build_init(struct mc_build *b, unsigned depth, struct mc_err *e);
void mc_build_clear(struct mc_build *b);

/* A key, or a value, may come next; name is its element's, for messages. */
MC_NODISCARD bool mc_build_check(
    struct mc_build *b, const char *name, bool is_key, struct mc_err *e);

/* The key of the next value. */
MC_NODISCARD bool
mc_build_key(struct mc_build *b, const char *key, struct mc_err *e);

/* A value; takes it in any case.  NULL is out of memory. */
MC_NODISCARD bool
mc_build_value(struct mc_build *b, mc_plist *node, struct mc_err *e);

/* A new, empty container begins; the innermost one ends. */
MC_NODISCARD bool
mc_build_open(struct mc_build *b, mc_plist *node, struct mc_err *e);
MC_NODISCARD bool mc_build_close(struct mc_build *b, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * From a reader's events to a tree: which value may stand where, keys once,
 * limits, faults, marks.  Knows nothing of XML; messages say what, the reader
 * says where: in at, before each call.
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
	char *key;      /* the last one read */
	bool waiting;   /* it has no value yet */
	struct mc_place key_at;
};

struct mc_build {
	const struct mc_plist_reading *how; /* lent */
	struct mc_build_frame *stack;
	unsigned depth; /* the innermost frame, and at most */
	unsigned depth_max;
	unsigned nodes;
	unsigned faults;
	struct mc_place at; /* of what is read now; the reader sets it */
	mc_plist *root;
	struct mc_marks *marks; /* NULL: nobody wants them */
};

MC_NODISCARD bool mc_build_init(
    struct mc_build *b, const struct mc_plist_reading *how, struct mc_err *e);
void mc_build_clear(struct mc_build *b);

/*
 * The tree is complete: it is *out, and its marks are what how wants.  What
 * makes it a tree the reader has looked at.
 */
void mc_build_finish(struct mc_build *b, mc_plist **out);

/*
 * (b, fault, e, fmt, ...): what is read now is at fault.  Fails where nobody
 * is told of faults, or who is wants to stop, or after MC_PLIST_FAULTS.
 */
MC_NODISCARD bool mc_build_fault(struct mc_build *b, enum mc_fault fault,
    struct mc_err *e, const char *fmt, ...) MC_PRINTF(4, 5);

/* A key, or a value, may come next; name is its element's, for messages. */
MC_NODISCARD bool mc_build_check(
    struct mc_build *b, const char *name, bool is_key, struct mc_err *e);

/* The key of the next value. */
MC_NODISCARD bool
mc_build_key(struct mc_build *b, const char *key, struct mc_err *e);

/* No value follows that key after all. */
void mc_build_drop(struct mc_build *b);

/* A value; takes it in any case.  NULL is out of memory. */
MC_NODISCARD bool
mc_build_value(struct mc_build *b, mc_plist *node, struct mc_err *e);

/* A new, empty container begins; the innermost one ends. */
MC_NODISCARD bool
mc_build_open(struct mc_build *b, mc_plist *node, struct mc_err *e);
MC_NODISCARD bool mc_build_close(struct mc_build *b, struct mc_err *e);

#endif

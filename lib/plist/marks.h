/* SPDX-License-Identifier: ISC */
/* Marks as a reader makes them.  Only lib/plist includes this. */
#ifndef MC_PLIST_MARKS_H
#define MC_PLIST_MARKS_H

#include "plist/plist.h"

MC_NODISCARD bool mc_marks_new(struct mc_marks **out, struct mc_err *e);

/* Where node and its key begin, whatever was at its address before. */
MC_NODISCARD bool mc_marks_set(struct mc_marks *m, const mc_plist *node,
    struct mc_place key, struct mc_place value, struct mc_err *e);

#endif

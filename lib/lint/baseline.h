/* SPDX-License-Identifier: ISC */
/*
 * A file of findings that are known and left out: what there was when somebody
 * began to lint.  One is known by its file's name, its code and its key path;
 * lines are not in it, so that it survives edits elsewhere.  The file's name is
 * what leads there from the baseline's folder, however it was spelt.
 */
#ifndef MC_LINT_BASELINE_H
#define MC_LINT_BASELINE_H

#include "base/buf.h"
#include "lint/finding.h"

struct mc_known {
	char *file; /* owned */
	char *path; /* owned */
	unsigned code;
};

struct mc_baseline {
	struct mc_known *v; /* owned */
	size_t n;
	size_t cap;
	bool sorted;
	char *root; /* owned; the baseline's folder; NULL: names as given */
};

#define AUTO_BASELINE                                                          \
	__attribute__((cleanup(mc_baseline_clear))) struct mc_baseline
void mc_baseline_clear(struct mc_baseline *b);

/* JSON, as mc_baseline_encode() writes it.  MC_MALFORMED. */
MC_NODISCARD bool mc_baseline_parse(
    const struct mc_buf *json, struct mc_baseline *out, struct mc_err *e);
/* The same from a file, of which messages tell, and where it is. */
MC_NODISCARD bool
mc_baseline_load(const char *path, struct mc_baseline *out, struct mc_err *e);

/* Names are relative to the folder of path, which is the baseline's. */
MC_NODISCARD bool
mc_baseline_at(struct mc_baseline *b, const char *path, struct mc_err *e);

/* What a file has. */
MC_NODISCARD bool mc_baseline_add(struct mc_baseline *b, const char *file,
    const struct mc_findings *f, struct mc_err *e);
/* Append it, in an order that does not depend on that of the files. */
MC_NODISCARD bool
mc_baseline_encode(struct mc_baseline *b, struct mc_buf *to, struct mc_err *e);

/* Take out of f what is known of this file, and add to *n how many. */
MC_NODISCARD bool mc_baseline_apply(struct mc_baseline *b, const char *file,
    struct mc_findings *f, size_t *n, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* What a linter found: a code, a place, words. */
#ifndef MC_LINT_FINDING_H
#define MC_LINT_FINDING_H

#include "lint/catalogue.h"
#include "plist/path.h"
#include "plist/plist.h"

struct mc_finding {
	const struct mc_lint_code *code;
	enum mc_severity severity;
	struct mc_place at; /* 0:0: of the file as a whole */
	char *path;         /* the key path; "" for the file, owned */
	char *message;      /* one line, owned */
	char *expected;     /* NULL: says nothing; owned */
	char *suggestion;   /* NULL: none; owned */
};

void mc_finding_clear(struct mc_finding *f);

/*
 * Of one file.  More than MC_FINDINGS_MAX of one severity are counted and not
 * kept: so no number of notices hides an error.
 */
#define MC_FINDINGS_MAX 2000
struct mc_findings {
	struct mc_finding *v; /* owned */
	size_t n;
	size_t cap;
	size_t added[MC_ERROR + 1]; /* by severity, lost ones too */
	size_t lost;
	size_t ignored; /* were here, and a comment in the file says ignore */
};

#define AUTO_FINDINGS                                                          \
	__attribute__((cleanup(mc_findings_clear))) struct mc_findings
void mc_findings_clear(struct mc_findings *f);

/* Takes finding's texts in any case.  Fails for want of memory only. */
MC_NODISCARD bool mc_findings_add(
    struct mc_findings *f, struct mc_finding *finding, struct mc_err *e);

/*
 * Take out those of which drop is true; how many they were.  Final ones stay.
 */
size_t mc_findings_drop(struct mc_findings *f,
    bool (*drop)(const void *ctx, const struct mc_finding *finding),
    const void *ctx);

/* In the order of the file, then of codes; the same one twice is once. */
void mc_findings_sort(struct mc_findings *f);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Comments in a profile that say which findings are to be left out:
 *
 *	<!-- mcprofile-lint: ignore MC1234 unknown-key -->
 *
 * One holds for the element that follows it: from its first line to its end.
 * Before the first value it holds for the file.
 */
#ifndef MC_LINT_SUPPRESS_H
#define MC_LINT_SUPPRESS_H

#include "lint/finding.h"
#include "profile/document.h"

#define MC_SUPPRESS_MAX 256  /* comments in a file */
#define MC_SUPPRESS_CODES 32 /* codes in a comment */

struct mc_suppression {
	struct mc_place at;    /* of the comment */
	struct mc_place begin; /* of what it holds for; 0:0: of the file */
	struct mc_place end;   /* where that is over; 0:0: with the file */
	const struct mc_lint_code *codes[MC_SUPPRESS_CODES];
	size_t n;
	bool whole; /* it holds for the file */
	bool bound; /* the element that it holds for has begun */
	bool over;  /* ... and ended */
};

struct mc_suppress {
	struct mc_suppression *v; /* owned */
	size_t n;
};

#define AUTO_SUPPRESS                                                          \
	__attribute__((cleanup(mc_suppress_clear))) struct mc_suppress
void mc_suppress_clear(struct mc_suppress *s);

/*
 * Take note of a comment; others are none of ours.  What it says wrong is a
 * finding.  Comments come in the order of the file.
 */
MC_NODISCARD bool mc_suppress_add(struct mc_suppress *s, struct mc_place at,
    const char *text, struct mc_findings *findings, struct mc_err *e);

/* Take out of f what they say, and count it there. */
void mc_suppress_apply(struct mc_suppress *s, const struct mc_document *doc,
    struct mc_findings *f);

#endif

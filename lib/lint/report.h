/* SPDX-License-Identifier: ISC */
/*
 * Findings of many files, in the form that somebody reads.
 *
 * Text of profiles and names of files are shown, never obeyed: control
 * characters, and what is no UTF-8, are "?" in each form, and the rest is
 * escaped as the form has it.
 */
#ifndef MC_LINT_REPORT_H
#define MC_LINT_REPORT_H

#include "lint/lint.h"

enum mc_lint_format {
	MC_FORMAT_TEXT,   /* for people, with the key path and a suggestion */
	MC_FORMAT_GCC,    /* FILE:LINE:COLUMN: severity: message [MC1234] */
	MC_FORMAT_JSON,   /* one object: findings, summary */
	MC_FORMAT_SARIF,  /* 2.1.0; every code is a rule */
	MC_FORMAT_JUNIT,  /* a suite a file, a case a finding */
	MC_FORMAT_GITHUB, /* workflow commands */
	MC_FORMAT_TAP,    /* version 13; a test a file */
};

/* One file's. */
struct mc_lint_result {
	const char *file; /* its name, "-" for standard input */
	struct mc_findings findings;
	size_t suppressed; /* by --ignore, the baseline, comments */
};

struct mc_lint_view {
	bool colour;              /* text only */
	unsigned columns;         /* text only; 0: no terminal */
	enum mc_severity fail_on; /* a file fails with one of these, or worse */
};

/*
 * Append a report, in parts, so that only what one file has is in memory: a
 * beginning, each file in turn, an end.
 */
struct mc_lint_report {
	enum mc_lint_format format;
	struct mc_lint_view view;
	struct mc_buf *to;
	/* the rest begins as 0 */
	size_t files;
	size_t with;                 /* files with findings */
	size_t counts[MC_ERROR + 1]; /* by severity */
	size_t suppressed;
	size_t lost; /* see MC_FINDINGS_MAX */
	size_t unread;
	struct mc_buf later; /* owned; what goes to the end */
};
void mc_lint_report_clear(struct mc_lint_report *r);
MC_NODISCARD bool
mc_lint_report_begin(struct mc_lint_report *r, struct mc_err *e);
MC_NODISCARD bool mc_lint_report_add(struct mc_lint_report *r,
    const struct mc_lint_result *result, struct mc_err *e);
/* A file, or a folder, that could not be read, and why. */
MC_NODISCARD bool mc_lint_report_unread(struct mc_lint_report *r,
    const char *file, const char *why, struct mc_err *e);
MC_NODISCARD bool
mc_lint_report_end(struct mc_lint_report *r, struct mc_err *e);

#endif

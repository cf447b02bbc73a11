/* SPDX-License-Identifier: ISC */
/* A format, and what formats share.  Only report*.c include this. */
#ifndef MC_LINT_REPORT_PART_H
#define MC_LINT_REPORT_PART_H

#include "lint/report.h"

/* What a format appends.  begin and end may be NULL: nothing. */
struct mc_report_form {
	bool (*begin)(const struct mc_lint_report *r, struct mc_err *e);
	/* r has the counts of the files before this one */
	bool (*add)(const struct mc_lint_report *r,
	    const struct mc_lint_result *result, struct mc_err *e);
	/* NULL: nothing; words on standard error tell of it */
	bool (*unread)(struct mc_lint_report *r, const char *file,
	    const char *why, struct mc_err *e);
	bool (*end)(const struct mc_lint_report *r, struct mc_err *e);
};

extern const struct mc_report_form mc_report_text;
extern const struct mc_report_form mc_report_gcc;
extern const struct mc_report_form mc_report_json;
extern const struct mc_report_form mc_report_sarif;
extern const struct mc_report_form mc_report_junit;
extern const struct mc_report_form mc_report_github;
extern const struct mc_report_form mc_report_tap;

/* Does it count against its file? */
bool
mc_report_fails(const struct mc_lint_report *r, const struct mc_finding *f);

/* "MC1234"; into text, which it returns. */
#define MC_REPORT_CODE 16
const char *mc_report_code(
    const struct mc_lint_code *code, char text[static MC_REPORT_CODE]);

/*
 * Append a text that is fit for people and for every form: UTF-8 of one line
 * that XML, YAML and terminals can hold.
 */
MC_NODISCARD bool
mc_report_text_add(struct mc_buf *to, const char *s, struct mc_err *e);

/*
 * All that a finding says in one line: where in the profile, what, what was
 * expected, a suggestion.  Cleaned as mc_report_text_add() has it.
 */
MC_NODISCARD bool mc_report_sentence_add(
    struct mc_buf *to, const struct mc_finding *f, struct mc_err *e);

/* The same, with each character of from replaced by the text of with. */
MC_NODISCARD bool mc_report_escape(struct mc_buf *to, const char *s,
    const char *from, const char *const *with, struct mc_err *e);

/* The same as a string of JSON, which is one of YAML too. */
MC_NODISCARD bool
mc_report_quote(struct mc_buf *to, const char *s, struct mc_err *e);

#endif

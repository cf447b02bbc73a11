/* SPDX-License-Identifier: ISC */
/*
 * The kinds of findings.
 *
 * Codes are stable: a number never changes its meaning, and one that is no
 * longer used is not given to another finding.
 */
#ifndef MC_LINT_CATALOGUE_H
#define MC_LINT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

enum mc_severity {
	MC_NOTICE,
	MC_WARNING,
	MC_ERROR,
};

/* "notice", "warning", "error". */
const char *mc_severity_name(enum mc_severity s);

/* One kind of finding, and what --explain tells of it. */
struct mc_lint_code {
	unsigned number;           /* MC1234 */
	enum mc_severity severity; /* where nothing else is known */
	const char *name;          /* "duplicate-uuid" */
	const char *title;         /* one phrase, no full stop */
	const char *why;           /* what happens on a device, in sentences */
	const char *mend;          /* what to do */
};

/* Each code by number: NULL if there is none; all, in order, by index. */
const struct mc_lint_code *mc_lint_code_find(unsigned number);
const struct mc_lint_code *mc_lint_code_at(size_t i);
size_t mc_lint_code_index(const struct mc_lint_code *code);
/* "MC1234" or "1234" or a name. */
const struct mc_lint_code *mc_lint_code_parse(const char *s);

/*
 * Says that the file was not looked at whole: nothing may leave such a finding
 * out, for what else is wrong nobody knows.
 */
bool mc_lint_code_is_final(const struct mc_lint_code *code);

#endif

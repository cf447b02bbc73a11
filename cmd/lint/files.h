/* SPDX-License-Identifier: ISC */
/* The files to lint: those that are named, and the profiles in folders. */
#ifndef MC_LINT_FILES_H
#define MC_LINT_FILES_H

#include <stddef.h>

#include "base/err.h"

struct mc_lint_files {
	char **v; /* owned */
	size_t n;
	size_t cap;
};

#define AUTO_FILES                                                             \
	__attribute__((cleanup(mc_lint_files_clear))) struct mc_lint_files
void mc_lint_files_clear(struct mc_lint_files *f);

/*
 * A file's name as it is, "-" too; of a folder each *.mobileconfig in it and
 * below, in the order of their names, but what is hidden.  Links to folders are
 * not followed.  MC_NOINPUT for a folder without any.
 */
MC_NODISCARD bool
mc_lint_files_add(struct mc_lint_files *f, const char *name, struct mc_err *e);

#endif

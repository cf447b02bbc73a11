/* SPDX-License-Identifier: ISC */
/* One run of the linter: what the options say, and what came of the files. */
#ifndef MC_LINT_JOB_H
#define MC_LINT_JOB_H

#include "lint/baseline.h"
#include "lint/report.h"
#include "stage/files.h"
#include "stage/stage.h"

struct mc_lint_args {
	struct mc_list target;
	unsigned way;
	unsigned channel;
	unsigned phase;
	struct mc_list schema;
	unsigned format;
	unsigned fail_on;
	bool strict;
	struct mc_list ignore;
	const char *baseline;
	const char *write_baseline;
	const char *diff;
	bool pass;
	bool no_suppress;
	const char *explain;
	bool codes;
	struct mc_words files;
};

/* Numbers of codes are below. */
#define LINT_CODES 10000

/* Everything that stays the same from file to file. */
struct mc_lint_job {
	const struct mc_lint_args *args;
	struct mc_lint_options options;
	struct mc_schema *schema; /* NULL: the compiled one */
	bool ignored[LINT_CODES]; /* by --ignore */
	struct mc_baseline known;
	struct mc_baseline found; /* for --write-baseline */
	struct mc_buf old;        /* for --diff */
	struct mc_lint_report report;
	struct mc_io *io;
	size_t counts[MC_ERROR + 1];
	size_t failed; /* files with findings that count */
	bool blind;    /* one could not be looked at whole */
	size_t unread;
	size_t absent;        /* folders, among the unread */
	struct mc_buf first;  /* what failed first, for --pass */
	struct mc_buf why;    /* the first file could not be read */
	enum mc_code trouble; /* the first file's that could not be read */
};

#define AUTO_JOB __attribute__((cleanup(mc_lint_job_clear))) struct mc_lint_job
void mc_lint_job_clear(struct mc_lint_job *j);

/* From the options, which are checked.  args and io are lent. */
MC_NODISCARD bool mc_lint_job_init(struct mc_lint_job *j,
    const struct mc_lint_args *args, struct mc_io *io, struct mc_err *e);

/*
 * The least severity that counts (enum mc_severity); one more than the highest
 * where none does.
 */
unsigned mc_lint_job_fail_on(const struct mc_lint_args *a);

/* Lint a file and report it.  data is NULL for one that is too large. */
MC_NODISCARD bool mc_lint_job_add(struct mc_lint_job *j, const char *name,
    const struct mc_buf *data, struct mc_err *e);

/* What came of it all: MC_DENIED, or why not all could be read. */
MC_NODISCARD bool mc_lint_job_check(const struct mc_lint_job *j,
    const struct mc_files *files, struct mc_err *e);

#endif

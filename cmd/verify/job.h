/* SPDX-License-Identifier: ISC */
/* One run of mcprofile-verify: its files, and what comes of them. */
#ifndef MC_VERIFY_JOB_H
#define MC_VERIFY_JOB_H

#include "stage/files.h"
#include "stage/stage.h"
#include "verify/judge.h"

struct mc_verify_job {
	const struct mc_verify_args *args; /* lent, as are the next two */
	const struct mc_files *files;
	struct mc_io *io;
	struct mc_judge judge;
};

/* Of all files together. */
#define MC_VERIFY_REPORT_LIMIT ((size_t)1 << 30)

#define AUTO_VERIFY_JOB                                                        \
	__attribute__((cleanup(mc_verify_job_clear))) struct mc_verify_job
void mc_verify_job_clear(struct mc_verify_job *j);

/* Do the options go together?  MC_USAGE. */
MC_NODISCARD bool
mc_verify_args_check(const struct mc_verify_args *args, struct mc_err *e);

MC_NODISCARD bool
mc_verify_job_init(struct mc_verify_job *j, const struct mc_verify_args *args,
    const struct mc_files *files, struct mc_io *io, struct mc_err *e);

/*
 * Load and judge one file, by its name; *in is what was read, once it was, and
 * may be in own.
 */
MC_NODISCARD bool
mc_verify_judge(struct mc_verify_job *j, const char *name, struct mc_buf *own,
    const struct mc_buf **in, struct mc_verdict *v, struct mc_err *e);

/* Append its report, as the number-th of several where the format counts. */
MC_NODISCARD bool
mc_verify_report(const struct mc_verify_job *j, const struct mc_verdict *v,
    size_t number, struct mc_buf *to, struct mc_err *e);

/* Put the file's name before what is wrong with what was read from it. */
bool
mc_verify_note(const char *name, const struct mc_buf *in, struct mc_err *e);

/* One message: its report, or its content, and the facts that it proves. */
MC_NODISCARD bool mc_verify_one(struct mc_verify_job *j, struct mc_err *e);

/* Many: a row each, or as the format has it. */
MC_NODISCARD bool mc_verify_many(struct mc_verify_job *j, struct mc_err *e);

#endif

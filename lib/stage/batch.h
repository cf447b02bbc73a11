/* SPDX-License-Identifier: ISC */
/*
 * One job on many files, by several processes.
 *
 * Workers are forked from a process that has loaded its keys, take the next
 * file each, and tell what came of it; one that dies takes one file with it.
 * What they tell arrives in the order of the files, so that output and messages
 * are the same whatever the number of workers.  What a worker changes in
 * memory nobody else sees: a job writes its files, or tells.
 *
 * A signal that ends the process (SIGINT, SIGTERM, SIGHUP) takes effect between
 * two files: those that workers are at are finished first, for two seconds at
 * most, so that none is left half made and no temporary file stays.
 */
#ifndef MC_STAGE_BATCH_H
#define MC_STAGE_BATCH_H

#include "stage/stage.h"

struct mc_batch {
	const char *what; /* for io->progress: "sign" */
	size_t n;         /* files */
	/*
	 * Workers; 0: as many as processors, 64 at most.  1 is no fork at all,
	 * as is n of 1.
	 */
	unsigned jobs;
	/*
	 * In a worker: number i; what is to be told is appended to tale, and
	 * is told with an error too.  It neither ends the process nor waits
	 * for children that are not its own.
	 */
	MC_NODISCARD bool (*run)(
	    void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e);
	/*
	 * Here, in the order of i: what run told, and with what error (MC_OK).
	 * false stops the batch.
	 */
	MC_NODISCARD bool (*told)(void *ctx, size_t i, struct mc_buf *tale,
	    const struct mc_err *why, struct mc_err *e);
	void *ctx;
};

/* A tale is at most this long. */
#define MC_BATCH_TALE ((size_t)1 << 20)

/*
 * What came of all.  No error of a file is the batch's own: false where told
 * said so, or where nothing can go on (MC_RETRY, no process to be had).  The
 * file that a worker dies of is MC_INTERNAL, with how it died.
 */
MC_NODISCARD bool
mc_batch_run(const struct mc_batch *b, struct mc_io *io, struct mc_err *e);

/* The verdict on many files, of the verdicts on each. */
struct mc_batch_sum {
	size_t n;
	size_t good;
	enum mc_code code; /* as below */
};

/*
 * Count one.  code becomes that of the first failure (an exit status of 64 and
 * above); where there is none, the verdict that all the others have, MC_DENIED
 * where they differ; else MC_OK.
 */
void mc_batch_count(struct mc_batch_sum *s, enum mc_code code);

/*
 * Tell it, "3 signed, 1 failed" where done is "signed": to io->say where none
 * failed, else as the error.
 */
MC_NODISCARD bool mc_batch_sum_check(const struct mc_batch_sum *s,
    const char *done, const struct mc_io *io, struct mc_err *e);

#endif

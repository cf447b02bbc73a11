/* SPDX-License-Identifier: ISC */
/*
 * What makes another message of each profile: from standard input or a file to
 * standard output, or of many files each into its own.
 */
#ifndef MC_STAGE_CONVERT_H
#define MC_STAGE_CONVERT_H

#include "stage/files.h"
#include "stage/stage.h"

struct mc_convert {
	const char *what; /* for io->progress: "sign" */
	const char *done; /* for the sum of many: "signed" */
	unsigned jobs;    /* as in stage/batch.h */
	size_t limit;     /* of what is read */
	bool secret;      /* what is written is its owner's alone, replacing
			     what has the name */
	const struct mc_files *from;
	const struct mc_files *into; /* as many as from, or none: to io->out */
	/* Append to out; maybe in a worker.  Messages do not name the file. */
	MC_NODISCARD bool (*one)(const void *ctx, const struct mc_buf *in,
	    struct mc_buf *out, struct mc_err *e);
	const void *ctx;
};

/*
 * Do it.  What went wrong with one of many does not stop the rest: it is told
 * by io->say, and summed up at the end (mc_batch_sum_check()).
 */
MC_NODISCARD bool
mc_convert_run(const struct mc_convert *c, struct mc_io *io, struct mc_err *e);

#endif

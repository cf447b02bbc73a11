/* SPDX-License-Identifier: ISC */
/*
 * The workers of a batch (stage/batch.h): processes that are given a file's
 * number, and send back what came of it, by a socket each.
 *
 * The starter gives out the numbers, so that it knows whose file a dead worker
 * was at, and how far results run ahead of the one that is told next.
 */
#ifndef MC_CREW_H
#define MC_CREW_H

#include <sys/types.h>

#include "stage/batch.h"

#define MC_CREW_MAX 64

struct mc_worker {
	pid_t pid; /* 0: none */
	int fd;
	bool busy;
	size_t i;         /* then at that file */
	struct mc_buf in; /* a result, as far as it has come */
};

/* A result that waits for its turn: the place of file i is i % window. */
struct mc_crew_place {
	bool done;
	struct mc_err err;
	struct mc_buf tale;
};

struct mc_crew {
	const struct mc_batch *b; /* lent */
	struct mc_worker w[MC_CREW_MAX];
	unsigned jobs;
	struct mc_crew_place *places;
	size_t window;
	size_t next; /* file to be given out */
	size_t told; /* results that were told */
};

/* Every worker ends, once it is done with its file, or two seconds later. */
#define AUTO_CREW __attribute__((cleanup(mc_crew_clear))) struct mc_crew
void mc_crew_clear(struct mc_crew *c);

/* None is started yet; of jobs at most MC_CREW_MAX. */
MC_NODISCARD bool mc_crew_init(struct mc_crew *c, const struct mc_batch *b,
    unsigned jobs, struct mc_err *e);

/*
 * Give files to whoever is idle, and wait until something comes: from a worker,
 * or from the descriptor stop, which sets *stopped.
 */
MC_NODISCARD bool
mc_crew_step(struct mc_crew *c, int stop, bool *stopped, struct mc_err *e);

/* The result whose turn it is, lent; NULL where it has not come. */
struct mc_crew_place *mc_crew_ready(const struct mc_crew *c);
/* It has been told: on with the next one. */
void mc_crew_next(struct mc_crew *c);

/* Do file i here; why is MC_OK where it went well. */
void mc_crew_run(const struct mc_batch *b, size_t i, struct mc_buf *tale,
    struct mc_err *why);

#endif

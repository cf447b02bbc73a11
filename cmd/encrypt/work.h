/* SPDX-License-Identifier: ISC */
/* What is done to one profile, or to many. */
#ifndef MC_ENCRYPT_WORK_H
#define MC_ENCRYPT_WORK_H

#include <sys/types.h>

#include "crypto/identity.h"
#include "encrypt/args.h"
#include "stage/files.h"
#include "stage/stage.h"

/* What is the same for every profile. */
struct mc_encrypt_work {
	const struct mc_encrypt_args *args; /* lent */
	struct mc_io *io;                   /* lent */
	mc_certs *to;                       /* recipients */
	struct mc_identity id;              /* with --decrypt */
	struct mc_files from;
	struct mc_files into; /* empty: to standard output */
	mode_t mode;          /* of a new file */
};

#define AUTO_WORK __attribute__((cleanup(mc_work_clear))) struct mc_encrypt_work
void mc_work_clear(struct mc_encrypt_work *w);

/* Load keys and find files, as the options, which are checked, say. */
MC_NODISCARD bool mc_work_init(struct mc_encrypt_work *w,
    const struct mc_encrypt_args *args, struct mc_io *io, struct mc_err *e);

/* How many workers: a key in a token does not survive a fork. */
unsigned mc_work_jobs(const struct mc_encrypt_work *w);

/* Encrypt them all, and look at what came of it; or decrypt them. */
MC_NODISCARD bool
mc_work_run(const struct mc_encrypt_work *w, struct mc_err *e);

/* Which of the files of --all this key opens, as a table. */
MC_NODISCARD bool mc_search_all(struct mc_encrypt_work *w, struct mc_err *e);

#endif

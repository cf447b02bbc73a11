/* SPDX-License-Identifier: ISC */
/*
 * The folder that many profiles go to, each whole or not at all, under names
 * that come from outside.
 */
#ifndef MC_GEN_FOLDER_H
#define MC_GEN_FOLDER_H

#include <sys/types.h>

#include "plist/plist.h"

struct mc_gen_folder {
	const char *path; /* lent */
	const char *unit; /* what a profile is made of, "line"; lent */
	bool replace;     /* a file that is there and holds something else */
	mode_t mode;      /* of a new file */
	void *names;      /* of this run, a tree of tsearch(3) */
	int64_t written;
	int64_t kept; /* were there already, byte for byte */
};

#define AUTO_GEN_FOLDER                                                        \
	__attribute__((cleanup(mc_gen_folder_clear))) struct mc_gen_folder

void mc_gen_folder_clear(struct mc_gen_folder *f);

/* Make the folder where it is not there. */
MC_NODISCARD bool mc_gen_folder_init(struct mc_gen_folder *f, const char *path,
    const char *unit, bool replace, struct mc_err *e);

/*
 * Write a profile.  MC_MALFORMED for what is no name of a file (a slash, a dot
 * or a hyphen in front, too long); MC_DENIED for one that this run has written
 * (case does not count, as on many disks), and where something else is there.
 * which unit the profile is from is told in such a message.
 */
MC_NODISCARD bool mc_gen_folder_put(struct mc_gen_folder *f, const char *name,
    unsigned which, const mc_plist *profile, struct mc_err *e);

/* Wait until the disk has all. */
MC_NODISCARD bool
mc_gen_folder_sync(const struct mc_gen_folder *f, struct mc_err *e);

#endif

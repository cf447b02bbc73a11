/* SPDX-License-Identifier: ISC */
/*
 * The files of a command line: those that are named, and the profiles in
 * folders; and where what comes of them goes.
 */
#ifndef MC_STAGE_FILES_H
#define MC_STAGE_FILES_H

#include <stddef.h>

#include "base/err.h"
#include "base/opt.h"

struct mc_files {
	char **v; /* owned */
	size_t n;
	size_t cap;
};

#define AUTO_FILES __attribute__((cleanup(mc_files_clear))) struct mc_files
void mc_files_clear(struct mc_files *f);

/*
 * A file's name as it is, "-" too; of a folder each *.mobileconfig in it and
 * below, in the order of their names, but what is hidden.  Links to folders are
 * not followed, nor links that lead out of the folder that was named.
 * MC_NOINPUT for a folder without any.
 */
MC_NODISCARD bool
mc_files_add(struct mc_files *f, const char *name, struct mc_err *e);

/* The same, whatever the names of the files in a folder are. */
MC_NODISCARD bool
mc_files_add_all(struct mc_files *f, const char *name, struct mc_err *e);

/*
 * Of words of a command line; none is "-", standard input.  The first that is
 * no good, as mc_files_add() has it.
 */
MC_NODISCARD bool mc_files_load(
    struct mc_files *f, const struct mc_words *words, struct mc_err *e);

/*
 * Where what comes of each goes: into dir, which is made, under the file's own
 * last name; where dir is NULL, to the file itself.  MC_USAGE for standard
 * input, for two that would be one file (case does not count, as on many
 * disks), and for what would be written over itself in dir.  suffix, where not
 * NULL, takes the place of ".mobileconfig" in their names, or comes behind
 * them.
 */
MC_NODISCARD bool mc_files_place(const struct mc_files *from, const char *dir,
    const char *suffix, struct mc_files *to, struct mc_err *e);

#endif

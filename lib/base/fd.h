/* SPDX-License-Identifier: ISC */
/*
 * Whole files in and out.
 *
 * A file that is written appears complete or not at all: a temporary file in
 * the same folder, fsync, rename, fsync of the folder.  What is there and is
 * no file (a terminal, a pipe, /dev/null) is not replaced but written to.
 */
#ifndef MC_FD_H
#define MC_FD_H

#include <sys/types.h>

#include "base/buf.h"

/* Closes *fd when it is not -1: for AUTO_FD. */
void mc_fd_cleanup(int *fd);
#define AUTO_FD __attribute__((cleanup(mc_fd_cleanup))) int

/* Append a file's content, at most to's limit.  MC_NOINPUT if it is absent. */
MC_NODISCARD bool
mc_file_load(const char *path, struct mc_buf *to, struct mc_err *e);

/*
 * Write a file with this mode, replacing one that is there, or a symbolic
 * link: for files of our own.
 */
MC_NODISCARD bool mc_file_save(
    const char *path, const struct mc_buf *b, mode_t mode, struct mc_err *e);

/*
 * The same for files of the user's: one that is there keeps its mode (of a
 * program's bits none is set for another user), and its owner where that can
 * be; a symbolic link stays, its target being replaced.  mode is for a new
 * file. Not for secrets.
 */
MC_NODISCARD bool mc_file_update(
    const char *path, const struct mc_buf *b, mode_t mode, struct mc_err *e);

/* As mc_file_save(), but MC_DENIED where the file exists. */
MC_NODISCARD bool mc_file_create(
    const char *path, const struct mc_buf *b, mode_t mode, struct mc_err *e);

/*
 * One of many files: as mc_file_save(), or with replace false as
 * mc_file_create(), but without waiting for the disk.  Whoever writes many
 * calls mc_dir_sync() behind the last one, before it says that they are there.
 * Until then a kill leaves whole files only; a power cut may leave empty ones.
 */
MC_NODISCARD bool mc_file_put(const char *path, const struct mc_buf *b,
    mode_t mode, bool replace, struct mc_err *e);
MC_NODISCARD bool mc_dir_sync(const char *dir, struct mc_err *e);

/*
 * What those above end with, for a temporary file that somebody else has
 * filled and synced: give it its name, durably.  MC_DENIED where the name is
 * taken and not to be replaced.  On failure temp is still there.
 */
MC_NODISCARD bool mc_file_publish(
    const char *temp, const char *path, bool replace, struct mc_err *e);

/* What open(2) would give a new file; of a secret, to its owner alone. */
mode_t mc_file_mode(bool secret);

/* Make a folder with this mode; one that exists is fine. */
MC_NODISCARD bool mc_dir_make(const char *path, mode_t mode, struct mc_err *e);

/* dir "/" name, into to, which is cleared first. */
MC_NODISCARD bool mc_path_join(
    const char *dir, const char *name, struct mc_buf *to, struct mc_err *e);

#endif

/* SPDX-License-Identifier: ISC */
/* The store as a whole: copied while it is in use, and checked. */
#ifndef MC_STORE_COPY_H
#define MC_STORE_COPY_H

#include "store/store.h"

#define MC_COPY_NAME 256                /* of a file, its NUL included */
#define MC_COPY_LIMIT ((size_t)1 << 20) /* bytes of it */
#define MC_COPY_FILES 256

/* Called now and then with how much is done, of how much (0: nobody knows). */
struct mc_watch {
	void (*progress)(void *ctx, int64_t done, int64_t all);
	void *ctx;
};

/* watch may be NULL: nobody does. */
static inline void
mc_watch_tell(const struct mc_watch *watch, int64_t done, int64_t all)
{
	if (watch)
		watch->progress(watch->ctx, done, all);
}

/* A file that is kept in the copy, beside the store: a key, a certificate. */
struct mc_copy_file {
	const char *name; /* relative to the folder, printable ASCII without
			     blanks, no part of it empty, "." or ".." */
	unsigned mode;    /* permissions alone */
	const struct mc_buf *data;
};

/*
 * Write a consistent copy into a new file (0600), which is complete on the
 * disk or not there.  MC_DENIED where the file exists.
 */
MC_NODISCARD bool mc_store_backup(struct mc_store *s, const char *path,
    const struct mc_copy_file *files, size_t n, const struct mc_watch *watch,
    struct mc_err *e);

/*
 * The files in a copy, by name; each's false stops with its error.  Every file
 * is as described above, whoever made the copy; what is in it is not known.
 */
MC_NODISCARD bool mc_copy_files(const char *path,
    bool (*each)(void *ctx, const struct mc_copy_file *f, struct mc_err *e),
    void *ctx, struct mc_err *e);

/*
 * Make dir/store.db of such a copy.  The copy is checked first; a store that
 * is there is kept beside it under a name that *kept receives (appended; empty
 * where there was none), and nothing is left half done.  Numbers
 * (store/number.h) do not go back: the larger one of both counts.
 *
 * MC_RETRY while others have the store that is there open.  It is marked, so
 * that nobody takes it for the store in use any more, but can be restored as a
 * copy can.  One that cannot be read is kept as it is.
 */
MC_NODISCARD bool mc_store_restore(
    const char *dir, const char *path, struct mc_buf *kept, struct mc_err *e);

/* SQLite's own check, foreign keys included, and that of what we keep for
 * searching and counting.  MC_MALFORMED, with the first. */
MC_NODISCARD bool mc_store_check(struct mc_store *s, struct mc_err *e);

#endif

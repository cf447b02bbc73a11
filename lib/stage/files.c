/* SPDX-License-Identifier: ISC */
#include "stage/files.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"

#define DEPTH 32
#define FILES 1000000
#define SUFFIX ".mobileconfig"

void
mc_files_clear(struct mc_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i]);
	free(f->v);
	*f = (struct mc_files){ 0 };
}

static bool
add(struct mc_files *f, const char *name, struct mc_err *e)
{
	size_t cap = f->cap ? 2 * f->cap : 64;
	char **v;

	if (f->n == FILES)
		return mc_fail(e, MC_USAGE, "more than %d files", FILES);
	if (f->n == f->cap) {
		v = reallocarray(f->v, cap, sizeof(*v));
		if (!v)
			return mc_fail_memory(e);
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n] = strdup(name);
	return f->v[f->n++] || mc_fail_memory(e);
}

static bool
is_profile(const char *name)
{
	size_t n = strlen(name);

	return n >= sizeof(SUFFIX) &&
	    strcasecmp(name + n - (sizeof(SUFFIX) - 1), SUFFIX) == 0;
}

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A pipe or a device, which might never end; what is gone is told later. */
static bool
is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISDIR(st.st_mode);
}

/* A folder that was named, and what is looked for in it. */
struct tour {
	struct mc_files *to;
	bool all;            /* whatever their names are */
	char root[PATH_MAX]; /* where it really is */
};

/*
 * Whoever may write into a folder is not to choose, by a link, a file elsewhere
 * that is read, or written over, with the rights of another person.
 */
static bool
leads_out(const struct tour *t, const char *path)
{
	size_t n = strlen(t->root);
	char real[PATH_MAX];
	struct stat st;

	if (lstat(path, &st) == -1 || !S_ISLNK(st.st_mode) ||
	    !realpath(path, real))
		return false;
	return strncmp(real, t->root, n) != 0 || real[n] != '/';
}

/* What is at path; the folder that was named may be a link to one. */
static bool
walk(struct tour *t, const char *path, unsigned depth, struct mc_err *e)
{
	AUTO_BUF below = MC_BUF_INIT;
	struct dirent **entries;
	struct stat st;
	bool good = true;
	int n;

	if (depth > 0 && (lstat(path, &st) == -1 || !S_ISDIR(st.st_mode)))
		return !(t->all || is_profile(path)) || is_special(path) ||
		    leads_out(t, path) || add(t->to, path, e);
	if (depth > DEPTH)
		return mc_fail(e, MC_USAGE,
		    "%s: more than %d folders inside each other", path, DEPTH);
	n = scandir(path, &entries, visible, alphasort);
	if (n == -1)
		return mc_fail_errno(e, MC_IO, "%s", path);
	for (int i = 0; i < n; i++) {
		good = good &&
		    mc_path_join(path, entries[i]->d_name, &below, e) &&
		    walk(t, mc_buf_str(&below), depth + 1, e);
		free(entries[i]);
	}
	free(entries);
	return good;
}

static bool
find(struct mc_files *f, const char *name, bool all, struct mc_err *e)
{
	struct tour t = { .to = f, .all = all };
	size_t before = f->n;
	struct stat st;

	if (strcmp(name, "-") == 0 || stat(name, &st) == -1 ||
	    !S_ISDIR(st.st_mode))
		return add(f, name, e);
	if (!realpath(name, t.root))
		return mc_fail_errno(e, MC_IO, "%s", name);
	if (!walk(&t, name, 0, e))
		return false;
	return f->n > before ||
	    mc_fail(e, MC_NOINPUT, "%s: holds no %s", name,
		all ? "file" : "*" SUFFIX);
}

bool
mc_files_add(struct mc_files *f, const char *name, struct mc_err *e)
{
	return find(f, name, false, e);
}

bool
mc_files_add_all(struct mc_files *f, const char *name, struct mc_err *e)
{
	return find(f, name, true, e);
}

bool
mc_files_load(
    struct mc_files *f, const struct mc_words *words, struct mc_err *e)
{
	for (size_t i = 0; i < words->n; i++)
		if (!mc_files_add(f, words->v[i], e))
			return false;
	return words->n || mc_files_add(f, "-", e);
}

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool
is_same(const char *a, const char *b)
{
	struct stat x;
	struct stat y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	    x.st_ino == y.st_ino;
}

static bool
place(const char *file, const char *dir, const char *suffix,
    struct mc_files *to, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (strcmp(file, "-") == 0)
		return mc_fail(
		    e, MC_USAGE, "standard input has no name to be kept");
	if (dir ? !mc_path_join(dir, last_name(file), &path, e)
		: !mc_buf_puts(&path, file, e))
		return false;
	if (suffix) {
		if (is_profile(mc_buf_str(&path)))
			path.len -= sizeof(SUFFIX) - 1;
		return mc_buf_puts(&path, suffix, e) &&
		    add(to, mc_buf_str(&path), e);
	}
	if (!dir)
		return add(to, file, e);
	if (is_same(file, mc_buf_str(&path)))
		return mc_fail(e, MC_USAGE,
		    "%s: would be written over itself; --in-place says that "
		    "it may",
		    file);
	return add(to, mc_buf_str(&path), e);
}

/* Where what comes of a file goes. */
struct spot {
	const char *from; /* these are lent */
	const char *to;
	bool there;
	dev_t dev;
	ino_t ino;
};

/* Case does not count, as on many disks. */
static int
by_name(const void *a, const void *b)
{
	const struct spot *x = a;
	const struct spot *y = b;

	return strcasecmp(x->to, y->to);
}

/* What is not there yet is behind what is. */
static int
by_file(const void *a, const void *b)
{
	const struct spot *x = a;
	const struct spot *y = b;

	if (x->there != y->there)
		return x->there ? -1 : 1;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino == y->ino ? 0 : x->ino < y->ino ? -1 : 1;
}

static bool
fail_twice(const struct spot *x, const struct spot *y, struct mc_err *e)
{
	return mc_fail(e, MC_USAGE, "%s and %s would be one file, %s", x->from,
	    y->from, x->to);
}

/* No two are one file, by name or by whatever links lead there. */
static bool
sorted_check(struct spot *v, size_t n, struct mc_err *e)
{
	qsort(v, n, sizeof(*v), by_name);
	for (size_t i = 1; i < n; i++)
		if (by_name(&v[i - 1], &v[i]) == 0)
			return fail_twice(&v[i - 1], &v[i], e);
	qsort(v, n, sizeof(*v), by_file);
	for (size_t i = 1; i < n && v[i].there; i++)
		if (by_file(&v[i - 1], &v[i]) == 0)
			return fail_twice(&v[i - 1], &v[i], e);
	return true;
}

static bool
spots_check(
    const struct mc_files *from, const struct mc_files *to, struct mc_err *e)
{
	struct spot *v = calloc(to->n + 1, sizeof(*v));
	struct stat st;
	bool good;

	if (!v)
		return mc_fail_memory(e);
	for (size_t i = 0; i < to->n; i++) {
		v[i] = (struct spot){ .from = from->v[i], .to = to->v[i] };
		if (stat(to->v[i], &st) == -1)
			continue;
		v[i].there = true;
		v[i].dev = st.st_dev;
		v[i].ino = st.st_ino;
	}
	good = sorted_check(v, to->n, e);
	free(v);
	return good;
}

bool
mc_files_place(const struct mc_files *from, const char *dir, const char *suffix,
    struct mc_files *to, struct mc_err *e)
{
	for (size_t i = 0; i < from->n; i++)
		if (!place(from->v[i], dir, suffix, to, e))
			return false;
	return spots_check(from, to, e) && (!dir || mc_dir_make(dir, 0777, e));
}

/* SPDX-License-Identifier: ISC */
#include "lint/files.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"

#define DEPTH 32
#define FILES 1000000
#define SUFFIX ".mobileconfig"

void
mc_lint_files_clear(struct mc_lint_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i]);
	free(f->v);
	*f = (struct mc_lint_files){ 0 };
}

static bool
add(struct mc_lint_files *f, const char *name, struct mc_err *e)
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

/* What is at path; the folder that was named may be a link to one. */
static bool
walk(
    struct mc_lint_files *f, const char *path, unsigned depth, struct mc_err *e)
{
	AUTO_BUF below = MC_BUF_INIT;
	struct dirent **entries;
	struct stat st;
	bool good = true;
	int n;

	if (depth > 0 && (lstat(path, &st) == -1 || !S_ISDIR(st.st_mode)))
		return !is_profile(path) || is_special(path) || add(f, path, e);
	if (depth > DEPTH)
		return mc_fail(e, MC_USAGE,
		    "%s: more than %d folders inside each other", path, DEPTH);
	n = scandir(path, &entries, visible, alphasort);
	if (n == -1)
		return mc_fail_errno(e, MC_IO, "%s", path);
	for (int i = 0; i < n; i++) {
		good = good &&
		    mc_path_join(path, entries[i]->d_name, &below, e) &&
		    walk(f, mc_buf_str(&below), depth + 1, e);
		free(entries[i]);
	}
	free(entries);
	return good;
}

bool
mc_lint_files_add(struct mc_lint_files *f, const char *name, struct mc_err *e)
{
	size_t before = f->n;
	struct stat st;

	if (strcmp(name, "-") == 0 || stat(name, &st) == -1 ||
	    !S_ISDIR(st.st_mode))
		return add(f, name, e);
	if (!walk(f, name, 0, e))
		return false;
	return f->n > before ||
	    mc_fail(e, MC_NOINPUT, "%s: holds no *" SUFFIX, name);
}

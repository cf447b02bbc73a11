/* SPDX-License-Identifier: ISC */
/* Against loss: copies of the whole CA, and the record against itself. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "ca/audit.h"
#include "scep_ca/common.h"
#include "store/copy.h"

#define FILES_MAX 64
#define MODE_MASK 0777U

/* The CA's files but the store, read into memory. */
struct files {
	struct mc_copy_file v[FILES_MAX];
	struct mc_buf name[FILES_MAX];
	struct mc_buf data[FILES_MAX];
	size_t n;
	bool without_keys;
};

static void
files_clear(struct files *f)
{
	for (size_t i = 0; i < f->n; i++) {
		mc_buf_clear(&f->name[i]);
		mc_buf_clear(&f->data[i]);
	}
}
#define AUTO_FILES __attribute__((cleanup(files_clear))) struct files

static bool
ends(const char *name, const char *end)
{
	size_t n = strlen(name);
	size_t m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static bool
is_ours(const struct files *f, const char *name)
{
	if (*name == '.')
		return false;
	return ends(name, ".pem") || ends(name, ".conf") ||
	    (ends(name, ".key") && !f->without_keys);
}

/* inside is "" or "next/"; what is no file is passed over. */
static bool
files_add(struct files *f, const char *dir, const char *inside,
    const char *name, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	struct stat st;

	if (!is_ours(f, name))
		return true;
	if (!mc_path_join(dir, name, &path, e))
		return false;
	if (stat(mc_buf_str(&path), &st) == -1)
		return mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&path));
	if (!S_ISREG(st.st_mode))
		return true;
	if (f->n == FILES_MAX)
		return mc_fail(
		    e, MC_MALFORMED, "%s: more than %d files", dir, FILES_MAX);
	f->name[f->n] = (struct mc_buf)MC_BUF_INIT;
	f->data[f->n] = (struct mc_buf){ .limit = MC_CONF_LIMIT };
	f->n++;
	if (!mc_buf_printf(&f->name[f->n - 1], e, "%s%s", inside, name) ||
	    !mc_file_load(mc_buf_str(&path), &f->data[f->n - 1], e))
		return false;
	f->v[f->n - 1] = (struct mc_copy_file){ mc_buf_str(&f->name[f->n - 1]),
		st.st_mode & MODE_MASK, &f->data[f->n - 1] };
	return true;
}

static bool
files_scan(
    struct files *f, const char *dir, const char *inside, struct mc_err *e)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	bool done = true;

	if (!d)
		return mc_fail_errno(e, MC_IO, "%s", dir);
	while (done && (entry = readdir(d)))
		done = files_add(f, dir, inside, entry->d_name, e);
	closedir(d);
	return done;
}

/* The generations beside the one that the folder began with. */
static bool
files_scan_below(struct files *f, const char *dir, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF inside = MC_BUF_INIT;
	DIR *d = opendir(dir);
	const struct dirent *entry;
	bool done = true;
	struct stat st;

	if (!d)
		return mc_fail_errno(e, MC_IO, "%s", dir);
	while (done && (entry = readdir(d))) {
		if (strcmp(entry->d_name, "next") != 0 &&
		    strncmp(entry->d_name, "old-", 4) != 0)
			continue;
		mc_buf_clear(&inside);
		done = mc_path_join(dir, entry->d_name, &path, e) &&
		    mc_buf_printf(&inside, e, "%s/", entry->d_name);
		if (done && stat(mc_buf_str(&path), &st) == 0 &&
		    S_ISDIR(st.st_mode))
			done = files_scan(
			    f, mc_buf_str(&path), mc_buf_str(&inside), e);
	}
	closedir(d);
	return done;
}

bool
mc_ca_admin_backup(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct ca_work work = { io, "backup" };
	const struct mc_watch watch = { mc_ca_admin_progress, &work };
	AUTO_FILES files = { .without_keys = a->without_keys };
	AUTO(mc_store) *store = NULL;

	if (!mc_ca_store_open(a->dir, &store, e) ||
	    !files_scan(&files, a->dir, "", e) ||
	    !files_scan_below(&files, a->dir, e) ||
	    !mc_store_backup(store, a->file, files.v, files.n, &watch, e))
		return false;
	return mc_buf_printf(io->out, e, "%s: the store and %zu files%s\n",
	    a->file, files.n,
	    a->without_keys ? ", without keys"
			    : ", with the keys: keep it as you keep them");
}

/* What becomes of the files in a copy. */
struct restoring {
	const char *dir;
	bool last; /* now comes what was kept back: ca.pem */
	struct mc_buf
	    kept; /* names of those that were there, another one each */
	unsigned n;
};

static bool
load_old(
    const struct mc_buf *path, struct mc_buf *to, bool *there, struct mc_err *e)
{
	*there = mc_file_load(mc_buf_str(path), to, e);
	if (*there || e->code != MC_NOINPUT)
		return *there;
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

static bool
equal(const struct mc_buf *a, const struct mc_buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* Of one folder below, as files_scan_below() finds them. */
static bool
name_check(const char *name, struct mc_err *e)
{
	const char *slash = strchr(name, '/');

	if (*name == '/' || *name == '.' || strstr(name, "..") ||
	    (slash && (strchr(slash + 1, '/') || !slash[1])))
		return mc_fail(e, MC_MALFORMED,
		    "a copy with a file %.80s, which is none of a CA's", name);
	return true;
}

/* A copy of another CA than the one that is here. */
static bool
same_check(void *ctx, const struct mc_copy_file *f, struct mc_err *e)
{
	const struct restoring *r = ctx;
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF old = { .limit = MC_CONF_LIMIT };
	bool there;

	if (!name_check(f->name, e))
		return false;
	if (strcmp(f->name, "ca.pem") != 0)
		return true;
	if (!mc_path_join(r->dir, f->name, &path, e) ||
	    !load_old(&path, &old, &there, e))
		return false;
	return !there || equal(&old, f->data) ||
	    mc_fail(e, MC_DENIED,
		"%s: another CA than the copy's; restore "
		"into a new folder",
		mc_buf_str(&path));
}

static bool
restore_folder(const char *dir, const char *name, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF first = MC_BUF_INIT;
	size_t n = strcspn(name, "/");

	if (!name[n])
		return true;
	return mc_buf_add(&first, name, n, e) &&
	    mc_path_join(dir, mc_buf_str(&first), &path, e) &&
	    mc_dir_make(mc_buf_str(&path), 0700, e);
}

/* One that is there stays: it may be newer than the copy. */
static bool
restore_file(void *ctx, const struct mc_copy_file *f, struct mc_err *e)
{
	struct restoring *r = ctx;
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF old = { .limit = MC_CONF_LIMIT };
	bool there;

	if ((strcmp(f->name, "ca.pem") == 0) != r->last)
		return true;
	if (!mc_path_join(r->dir, f->name, &path, e) ||
	    !restore_folder(r->dir, f->name, e) ||
	    !load_old(&path, &old, &there, e))
		return false;
	if (there && !equal(&old, f->data))
		return mc_buf_printf(&r->kept, e, " %s", f->name);
	r->n++;
	return there ||
	    mc_file_create(mc_buf_str(&path), f->data, f->mode & MODE_MASK, e);
}

static void
restoring_clear(struct restoring *r)
{
	mc_buf_clear(&r->kept);
}

bool
mc_ca_admin_restore(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	__attribute__((
	    cleanup(restoring_clear))) struct restoring r = { .dir = a->dir };
	AUTO_BUF kept = MC_BUF_INIT;

	if (!mc_copy_files(a->file, same_check, &r, e) ||
	    !mc_dir_make(a->dir, 0700, e) ||
	    !mc_store_restore(a->dir, a->file, &kept, e) ||
	    !mc_copy_files(a->file, restore_file, &r, e))
		return false;
	/* there is a CA where there is ca.pem */
	r.last = true;
	if (!mc_copy_files(a->file, restore_file, &r, e) ||
	    !mc_buf_printf(io->out, e, "%s: the store and %u files of %s\n",
		a->dir, r.n, a->file))
		return false;
	if (kept.len &&
	    !mc_buf_printf(io->out, e, "the store that was here is now %s\n",
		mc_buf_str(&kept)))
		return false;
	return r.kept.len == 0 ||
	    mc_buf_printf(io->out, e,
		"these differ from the copy's and stay as they are:%s\n",
		mc_buf_str(&r.kept));
}

static void
silent(const char *line)
{
	(void)line;
}

bool
mc_ca_admin_check(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct ca_work work = { io, "check" };
	const struct mc_watch watch = { mc_ca_admin_progress, &work };
	AUTO(mc_ca) *ca = NULL;
	struct mc_audit found = { 0 };

	if (!mc_ca_load(a->dir, MC_CA_STORE, &ca, e) ||
	    !mc_audit(ca, io->say ? io->say : silent, &watch, &found, e))
		return false;
	if (found.faults)
		return mc_fail(e, MC_DENIED, "%lld fault%s in the record",
		    (long long)found.faults, mc_ca_admin_s(found.faults));
	return mc_buf_printf(io->out, e,
	    "%lld certificate%s, %lld intent%s, no fault\n",
	    (long long)found.certificates, mc_ca_admin_s(found.certificates),
	    (long long)found.intents, mc_ca_admin_s(found.intents));
}

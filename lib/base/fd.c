/* SPDX-License-Identifier: ISC */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
mc_fd_cleanup(int *fd)
{
	if (*fd != -1)
		close(*fd);
}

bool
mc_file_load(const char *path, struct mc_buf *to, struct mc_err *e)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd == -1)
		return mc_fail_errno(e,
		    errno == ENOENT || errno == ENOTDIR ? MC_NOINPUT : MC_IO,
		    "%s", path);
	return mc_buf_read_fd(to, fd, e) || mc_note(e, "%s", path);
}

/* Make the new name itself durable. */
static bool
sync_dir(const char *path, struct mc_err *e)
{
	const char *slash = strrchr(path, '/');
	AUTO_BUF dir = MC_BUF_INIT;
	AUTO_FD fd = -1;

	if (!mc_buf_add(&dir, slash ? path : ".",
		slash ? (size_t)(slash - path) + 1 : 1, e))
		return false;
	fd = open(mc_buf_str(&dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || (fsync(fd) == -1 && errno != EINVAL))
		return mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&dir));
	return true;
}

/* How a file is to be written. */
struct manner {
	mode_t mode;
	bool replace;
	bool sync;
	const struct stat *like; /* whose owner it gets; may be NULL */
};

static bool
fill(int fd, const struct mc_buf *b, const struct manner *how, struct mc_err *e)
{
	if (!mc_buf_write_fd(b, fd, e))
		return false;
	/* it stays ours where it cannot be given */
	if (how->like &&
	    fchown(fd, how->like->st_uid, how->like->st_gid) == -1 &&
	    errno != EPERM)
		return mc_fail_errno(e, MC_IO, "owner");
	if (fchmod(fd, how->mode) == -1 || (how->sync && fsync(fd) == -1))
		return mc_fail_errno(e, MC_IO, "write");
	return true;
}

/* link(2) refuses a name that is taken, rename(2) replaces it. */
static bool
publish(const char *temp, const char *path, bool replace, struct mc_err *e)
{
	int r = replace ? rename(temp, path) : link(temp, path);

	if (r == -1 && errno == EEXIST)
		return mc_fail(e, MC_DENIED, "exists already");
	if (r == -1)
		return mc_fail_errno(e, MC_IO, replace ? "rename" : "link");
	if (!replace)
		unlink(temp);
	return true;
}

/* /dev/stdout, a pipe or a terminal is written through, not replaced. */
static bool
write_through(const char *path, const struct mc_buf *b, struct mc_err *e)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd == -1)
		return mc_fail_errno(e, MC_IO, "%s", path);
	return mc_buf_write_fd(b, fd, e) || mc_note(e, "%s", path);
}

static bool
save(const char *path, const struct mc_buf *b, const struct manner *how,
    struct mc_err *e)
{
	AUTO_BUF temp = MC_BUF_INIT;
	AUTO_FD fd = -1;
	struct stat st;

	if (how->replace && stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_through(path, b, e);
	if (!mc_buf_printf(&temp, e, "%s.XXXXXX", path))
		return false;
	fd = mkostemp((char *)temp.data, O_CLOEXEC);
	if (fd == -1)
		return mc_fail_errno(e, MC_IO, "%s", path);
	if (!fill(fd, b, how, e) ||
	    !publish(mc_buf_str(&temp), path, how->replace, e)) {
		unlink(mc_buf_str(&temp));
		return mc_note(e, "%s", path);
	}
	return !how->sync || sync_dir(path, e);
}

bool
mc_file_save(
    const char *path, const struct mc_buf *b, mode_t mode, struct mc_err *e)
{
	return save(path, b, &(struct manner){ mode, true, true, NULL }, e);
}

bool
mc_file_update(
    const char *path, const struct mc_buf *b, mode_t mode, struct mc_err *e)
{
	char target[PATH_MAX];
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		if (!realpath(path, target))
			return mc_fail_errno(e, MC_IO, "%s", path);
		/* no bit of a program's: its owner may be another one now */
		return save(target, b,
		    &(struct manner){ st.st_mode & 0777, true, true, &st }, e);
	}
	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
	    stat(path, &st) == -1)
		return mc_fail_errno(e, MC_IO, "%s: its target", path);
	return save(path, b, &(struct manner){ mode, true, true, NULL }, e);
}

bool
mc_file_create(
    const char *path, const struct mc_buf *b, mode_t mode, struct mc_err *e)
{
	return save(path, b, &(struct manner){ mode, false, true, NULL }, e);
}

bool
mc_file_put(const char *path, const struct mc_buf *b, mode_t mode, bool replace,
    struct mc_err *e)
{
	return save(path, b, &(struct manner){ mode, replace, false, NULL }, e);
}

/*
 * All that the file system holds back, once: 10,000 files one by one take
 * minutes on a disk that turns.
 */
bool
mc_dir_sync(const char *dir, struct mc_err *e)
{
	AUTO_FD fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1 || syncfs(fd) == -1)
		return mc_fail_errno(e, MC_IO, "%s", dir);
	return true;
}

bool
mc_file_publish(
    const char *temp, const char *path, bool replace, struct mc_err *e)
{
	return (publish(temp, path, replace, e) || mc_note(e, "%s", path)) &&
	    sync_dir(path, e);
}

bool
mc_dir_make(const char *path, mode_t mode, struct mc_err *e)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return true;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	return mc_fail_errno(e, MC_IO, "%s", path);
}

bool
mc_path_join(
    const char *dir, const char *name, struct mc_buf *to, struct mc_err *e)
{
	mc_buf_clear(to);
	return mc_buf_printf(to, e, "%s/%s", dir, name);
}

mode_t
mc_file_mode(bool secret)
{
	mode_t mask = umask(0);

	umask(mask);
	return (secret ? 0600 : 0666) & ~mask;
}

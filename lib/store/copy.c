/* SPDX-License-Identifier: ISC */
#include "store/copy.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "store/db.h"

#define PAGES 1024 /* copied between two reports of progress */

const char mc_schema_copy[] = "CREATE TABLE copied_file ("
			      " name TEXT PRIMARY KEY,"
			      " mode INTEGER NOT NULL,"
			      " data BLOB NOT NULL"
			      ") STRICT, WITHOUT ROWID";

/* Components of printable ASCII, none of them empty, "." or "..". */
static bool
is_name(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n >= MC_COPY_NAME)
		return false;
	for (size_t i = 0; i < n; i++)
		if (name[i] <= ' ' || name[i] >= 0x7f)
			return false;
	for (const char *part = name;; part++) {
		n = strcspn(part, "/");
		if (n == 0 || strncmp(part, "..", n) == 0)
			return false;
		part += n;
		if (!*part)
			return true;
	}
}

static bool
check_file(const struct mc_copy_file *f, const char *path, struct mc_err *e)
{
	if (!is_name(f->name))
		return mc_fail(e, MC_MALFORMED,
		    "%s: the name of a file in it is none", path);
	if (f->mode & ~0777U)
		return mc_fail(
		    e, MC_MALFORMED, "%s: %s: mode %o", path, f->name, f->mode);
	if (f->data->len > MC_COPY_LIMIT)
		return mc_fail(
		    e, MC_MALFORMED, "%s: %s: too long", path, f->name);
	return true;
}

static bool
add_files(struct mc_store *to, const struct mc_copy_file *files, size_t n,
    struct mc_err *e)
{
	if (n > MC_COPY_FILES)
		return mc_fail(
		    e, MC_USAGE, "more than %d files", MC_COPY_FILES);
	for (size_t i = 0; i < n; i++) {
		const struct mc_db_value v[] = {
			MC_DB_TEXT(files[i].name),
			MC_DB_INT(files[i].mode),
			MC_DB_BLOB(files[i].data),
			MC_DB_END,
		};

		if (!check_file(&files[i], mc_buf_str(&to->path), e) ||
		    !mc_db_change(to,
			"INSERT INTO copied_file"
			" VALUES (?1, ?2, ifnull(?3, x''))",
			v, NULL, e))
			return false;
	}
	return true;
}

/* One snapshot of from, whatever others write meanwhile. */
static bool
copy_pages(struct mc_store *from, struct mc_store *to,
    const struct mc_watch *watch, struct mc_err *e)
{
	sqlite3_backup *b = sqlite3_backup_init(
	    to->db, "main", from->db, "main");
	int rc = SQLITE_OK;

	while (b && rc == SQLITE_OK) {
		rc = sqlite3_backup_step(b, PAGES);
		mc_watch_tell(watch,
		    sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b),
		    sqlite3_backup_pagecount(b));
	}
	if (b)
		sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ||
	    mc_db_fail(to, b ? rc : sqlite3_errcode(to->db), e);
}

static bool
copy_store(struct mc_store *s, struct mc_store *to,
    const struct mc_watch *watch, struct mc_err *e)
{
	bool own = sqlite3_get_autocommit(s->db);
	bool done;

	if (own &&
	    !mc_db_exec(s, "BEGIN; SELECT count(*) FROM sqlite_schema", e))
		return false;
	done = copy_pages(s, to, watch, e);
	if (own)
		mc_store_rollback(s);
	return done;
}

static bool
open_temp(const char *temp, struct mc_store **out, struct mc_err *e)
{
	AUTO(mc_store) *to = calloc(1, sizeof(*to));

	if (!to)
		return mc_fail_memory(e);
	if (!mc_buf_puts(&to->path, temp, e) ||
	    !mc_db_open(to, NULL, SQLITE_OPEN_READWRITE, e))
		return false;
	*out = take(&to);
	return true;
}

/* One file from now on, without a log; with the others in it. */
static bool
finish(struct mc_store *to, const struct mc_copy_file *files, size_t n,
    struct mc_err *e)
{
	return mc_db_exec(to, "PRAGMA journal_mode = DELETE", e) &&
	    mc_store_begin(to, e) && mc_db_exec(to, mc_schema_copy, e) &&
	    add_files(to, files, n, e) && mc_store_commit(to, e);
}

/* What was not made durable is taken away again, if it is ours. */
static bool
take_back(const char *temp, const char *path, int fd)
{
	struct stat ours, there;

	mc_db_unlink(temp);
	if (fstat(fd, &ours) == 0 && lstat(path, &there) == 0 &&
	    ours.st_dev == there.st_dev && ours.st_ino == there.st_ino)
		unlink(path);
	return false;
}

bool
mc_store_backup(struct mc_store *s, const char *path,
    const struct mc_copy_file *files, size_t n, const struct mc_watch *watch,
    struct mc_err *e)
{
	AUTO(mc_store) *to = NULL;
	AUTO_BUF temp = MC_BUF_INIT;
	AUTO_FD fd = -1;
	struct stat st;
	bool done;

	if (lstat(path, &st) == 0)
		return mc_fail(e, MC_DENIED, "%s: exists already", path);
	if (!mc_buf_printf(&temp, e, "%s.XXXXXX", path))
		return false;
	fd = mkostemp((char *)temp.data, O_CLOEXEC); /* 0600 */
	if (fd == -1)
		return mc_fail_errno(e, MC_IO, "%s", path);
	done = open_temp(mc_buf_str(&temp), &to, e) &&
	    copy_store(s, to, watch, e) && finish(to, files, n, e);
	if (to)
		mc_store_free(take(&to));
	if (done && fsync(fd) == -1)
		done = mc_fail_errno(e, MC_IO, "%s", path);
	done = done && mc_file_publish(mc_buf_str(&temp), path, false, e);
	return done || take_back(mc_buf_str(&temp), path, fd);
}

/* Nothing beside the file is looked at, a log or a journal least of all. */
static bool
open_frozen(struct mc_store *s, const char *path, struct mc_err *e)
{
	AUTO_BUF uri = MC_BUF_INIT;

	if (!mc_buf_puts(&s->path, path, e) ||
	    !mc_buf_puts(&uri, *path == '/' ? "file://" : "file:", e))
		return false;
	for (const char *c = path; *c; c++)
		if (!mc_buf_printf(&uri, e, strchr("%?#", *c) ? "%%%02x" : "%c",
			(unsigned char)*c))
			return false;
	return mc_buf_puts(&uri, "?immutable=1", e) &&
	    mc_db_open(
		s, mc_buf_str(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e);
}

static bool
check_copy(struct mc_store *s, struct mc_err *e)
{
	const struct mc_db_value v[] = {
		MC_DB_TEXT(mc_schema_copy),
		MC_DB_END,
	};
	int64_t application, tables;

	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, (int)MC_COPY_LIMIT + 4096);
	if (!mc_db_exec(s, "PRAGMA cell_size_check = ON", e) ||
	    !mc_db_number(s, "PRAGMA application_id", NULL, &application, e) ||
	    !mc_db_number(s,
		"SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
		" AND name = 'copied_file' AND sql = ?1",
		v, &tables, e))
		return false;
	return (application == MC_DB_APPLICATION && tables == 1) ||
	    mc_fail(e, MC_MALFORMED, "%s: not a copy made by backup",
		mc_buf_str(&s->path));
}

/* Name and mode of a row; what cannot be a name is "", which none may have. */
static bool
read_head(sqlite3_stmt *st, struct mc_copy_file *f, struct mc_err *e)
{
	int64_t mode = mc_db_int(st, 1);
	const char *name;

	if (!mc_db_text_get(st, 0, &name, e))
		return false;
	f->name = name && strlen(name) == (size_t)sqlite3_column_bytes(st, 0)
	    ? name
	    : "";
	f->mode = mode < 0 || mode > 07777 ? ~0U : (unsigned)mode;
	return true;
}

static bool
read_files(struct mc_store *s,
    bool (*each)(void *ctx, const struct mc_copy_file *f, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	AUTO(sqlite3_stmt) *st = NULL;
	bool row;

	if (!mc_db_query(s,
		"SELECT name, mode, data FROM copied_file ORDER BY name", NULL,
		&st, e))
		return false;
	for (int n = 0;; n++) {
		AUTO_BUF data = MC_BUF_INIT;
		struct mc_copy_file f = { .data = &data };

		if (!mc_db_step(s, st, &row, e))
			return mc_db_fail_damage(s, e);
		if (!row)
			return true;
		if (!read_head(st, &f, e))
			return mc_db_fail_damage(s, e);
		if (!mc_db_blob(st, 2, &data, e) ||
		    !check_file(&f, mc_buf_str(&s->path), e))
			return false;
		if (n == MC_COPY_FILES)
			return mc_fail(e, MC_MALFORMED,
			    "%s: more than %d files in it",
			    mc_buf_str(&s->path), MC_COPY_FILES);
		if (!each(ctx, &f, e))
			return false;
	}
}

bool
mc_copy_files(const char *path,
    bool (*each)(void *ctx, const struct mc_copy_file *f, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	AUTO(mc_store) *s = calloc(1, sizeof(*s));

	if (!s)
		return mc_fail_memory(e);
	if (access(path, F_OK) == -1)
		return mc_fail_errno(e, MC_NOINPUT, "%s", path);
	if (!open_frozen(s, path, e) || !check_copy(s, e))
		return mc_db_fail_damage(s, e);
	return read_files(s, each, ctx, e);
}

/* SPDX-License-Identifier: ISC */
#include "schema/schema.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "schema/manifest.h"
#include "schema/parse.h"
#include "schema/table.h"

#define FOLDERS_DEEP 16
#define LOADED_LIMIT ((size_t)64 << 20) /* bytes of all files */

/* A file that was read; a schema file is parsed twice. */
struct input {
	char *path;
	bool named;   /* by the user, and not found in a folder */
	uint32_t set; /* the number of the folder's first file, or its own */
	struct mc_buf text;
};

struct inputs {
	struct input *v;
	size_t n;
	size_t bytes;
	size_t set;
};

static void
inputs_clear(struct inputs *in)
{
	for (size_t i = 0; i < in->n; i++) {
		free(in->v[i].path);
		mc_buf_clear(&in->v[i].text);
	}
	free(in->v);
}

const struct mc_schema *
mc_schema_builtin(void)
{
	return &mc_schema_compiled;
}

static bool
is_plist(const struct mc_buf *text)
{
	static const char *const begins[] = { "bplist", "<?xml", "<!DOCTYPE",
		"<plist", "\xef\xbb\xbf<" };

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (strncmp(mc_buf_str(text), begins[i], strlen(begins[i])) ==
		    0)
			return true;
	return false;
}

static bool
add_file(struct inputs *in, const char *path, bool named, struct mc_err *e)
{
	struct input *v;
	struct input *new;

	if (in->n == MC_SCHEMA_FILES || in->bytes > LOADED_LIMIT)
		return mc_fail(e, MC_MALFORMED,
		    "%s: more than %d files, or %zu bytes, of schema", path,
		    MC_SCHEMA_FILES, LOADED_LIMIT);
	v = reallocarray(in->v, in->n + 1, sizeof(*v));
	if (!v)
		return mc_fail_memory(e);
	in->v = v;
	new = &v[in->n];
	*new = (struct input){ strdup(path), named, (uint32_t)in->set,
		{ .limit = MC_SCHEMA_LIMIT } };
	in->n++;
	if (!new->path)
		return mc_fail_memory(e);
	if (!mc_file_load(path, &new->text, e))
		return false;
	in->bytes += new->text.len;
	return true;
}

static bool
has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name);
	size_t m = strlen(suffix);

	return n > m && strcmp(name + n - m, suffix) == 0;
}

static bool add_folder(
    struct inputs *in, const char *path, unsigned deep, struct mc_err *e);

/* What is in a folder and no schema is passed over. */
static bool
add_entry(struct inputs *in, const char *dir, const char *name, unsigned deep,
    struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	struct stat st;

	if (name[0] == '.')
		return true;
	if (!mc_path_join(dir, name, &path, e))
		return false;
	if (stat(mc_buf_str(&path), &st) == -1)
		return true; /* a link to nowhere */
	if (S_ISDIR(st.st_mode))
		return add_folder(in, mc_buf_str(&path), deep + 1, e);
	if (!S_ISREG(st.st_mode) ||
	    (!has_suffix(name, ".schema") && !has_suffix(name, ".plist")))
		return true;
	return add_file(in, mc_buf_str(&path), false, e);
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
add_folder(struct inputs *in, const char *path, unsigned deep, struct mc_err *e)
{
	struct dirent **v;
	bool good = true;
	int n;

	if (deep == FOLDERS_DEEP)
		return mc_fail(e, MC_MALFORMED,
		    "%s: folders are nested more than %d deep", path,
		    FOLDERS_DEEP);
	n = scandir(path, &v, NULL, by_bytes);
	if (n == -1)
		return mc_fail_errno(e, MC_IO, "%s", path);
	for (int i = 0; i < n; i++) {
		good = good && add_entry(in, path, v[i]->d_name, deep, e);
		free(v[i]);
	}
	free(v);
	return good;
}

static bool
add_path(struct inputs *in, const char *path, struct mc_err *e)
{
	size_t before = in->n;
	struct stat st;

	if (stat(path, &st) == -1)
		return mc_fail_errno(e,
		    errno == ENOENT || errno == ENOTDIR ? MC_NOINPUT : MC_IO,
		    "%s", path);
	in->set = before;
	if (!S_ISDIR(st.st_mode))
		return add_file(in, path, true, e);
	if (!add_folder(in, path, 0, e))
		return false;
	return in->n > before ||
	    mc_fail(e, MC_NOINPUT, "%s: holds no .schema and no .plist", path);
}

/*
 * A folder may hold property lists that are no manifests, such as an index,
 * and a manifest for each system that a type is on: the type's parts, so that
 * none replaces another.
 */
static bool
read_manifest(const struct input *in, struct mc_draft *d, struct mc_err *e)
{
	bool is;

	if (!mc_manifest_parse(&in->text, in->path, in->set + 1, d, &is, e))
		return false;
	return is || !in->named ||
	    mc_fail(e, MC_MALFORMED,
		"%s:1: is neither a schema file nor a ProfileManifests plist",
		in->path);
}

static bool
read_input(const struct input *in, uint32_t source, enum mc_parse_pass pass,
    struct mc_draft *d, struct mc_err *e)
{
	if (!is_plist(&in->text))
		return mc_schema_parse(&in->text, in->path, source, pass, d, e);
	return pass != MC_PARSE_PAYLOADS || read_manifest(in, d, e);
}

static bool
read_compiled(const char *text, const char *name, enum mc_parse_pass pass,
    struct mc_draft *d, struct mc_err *e)
{
	AUTO_BUF b = { .limit = MC_SCHEMA_LIMIT };

	return mc_buf_puts(&b, text, e) &&
	    mc_schema_parse(&b, name, 0, pass, d, e);
}

/* What is installed beside the programs is in them: once is enough. */
static bool
is_compiled(const struct input *in, const char *text)
{
	return mc_buf_is(&in->text, text);
}

/* Our corrections hold for a newer release too, a site's come after them. */
static bool
read_all(const struct inputs *in, struct mc_draft *d, struct mc_err *e)
{
	if (!read_compiled(mc_schema_release_text, "apple.schema",
		MC_PARSE_PAYLOADS, d, e))
		return false;
	for (size_t i = 0; i < in->n; i++)
		if (!read_input(
			&in->v[i], (uint32_t)i + 1, MC_PARSE_PAYLOADS, d, e))
			return false;
	if (!read_compiled(mc_schema_overrides_text, "overrides.schema",
		MC_PARSE_OVERRIDES, d, e))
		return false;
	for (size_t i = 0; i < in->n; i++)
		if (!is_compiled(&in->v[i], mc_schema_overrides_text) &&
		    !read_input(
			&in->v[i], (uint32_t)i + 1, MC_PARSE_CHANGES, d, e))
			return false;
	return true;
}

bool
mc_schema_load(const char *const *paths, size_t n, struct mc_schema **out,
    struct mc_err *e)
{
	struct inputs in = { 0 };
	AUTO_DRAFT d = MC_DRAFT_INIT;
	bool good = true;

	for (size_t i = 0; good && i < n; i++)
		good = add_path(&in, paths[i], e);
	good = good && read_all(&in, &d, e) && mc_draft_build(&d, out, e);
	inputs_clear(&in);
	return good;
}

/* SPDX-License-Identifier: ISC */
#include "gen/folder.h"

#include <search.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/text.h"
#include "gen/common.h"
#include "plist/path.h"

/* That of most file systems, without what a temporary file's name adds. */
#define NAME_BYTES ((size_t)240)

struct taken {
	unsigned which;
	char name[];
};

static int
compare(const void *a, const void *b)
{
	const struct taken *x = a;
	const struct taken *y = b;

	return strcasecmp(x->name, y->name);
}

void
mc_gen_folder_clear(struct mc_gen_folder *f)
{
	tdestroy(f->names, free);
	f->names = NULL;
}

bool
mc_gen_folder_init(struct mc_gen_folder *f, const char *path, const char *unit,
    bool replace, struct mc_err *e)
{
	mode_t mask = umask(0);

	umask(mask);
	*f = (struct mc_gen_folder){
		.path = path,
		.unit = unit,
		.replace = replace,
		.mode = 0666 & ~mask,
	};
	return mc_dir_make(path, 0777, e);
}

static bool
check_name(const char *name, struct mc_err *e)
{
	char quoted[MC_QUOTE_TEXT];
	const char *why;

	if (!*name)
		return mc_fail(e, MC_MALFORMED, "the file's name is empty");
	mc_path_quote(name, quoted);
	if (!mc_text_check(name, strlen(name), &why))
		return mc_fail(
		    e, MC_MALFORMED, "the file's name \"%s\" %s", quoted, why);
	if (strchr(name, '/'))
		return mc_fail(e, MC_MALFORMED,
		    "the file's name \"%s\" has a slash in it", quoted);
	if (*name == '.')
		return mc_fail(e, MC_MALFORMED,
		    "the file's name \"%s\" begins with a dot", quoted);
	if (*name == '-') /* rm * would take it for an option */
		return mc_fail(e, MC_MALFORMED,
		    "the file's name \"%s\" begins with a hyphen", quoted);
	if (strlen(name) > NAME_BYTES)
		return mc_fail(e, MC_MALFORMED,
		    "the file's name \"%s\" is longer than %zu bytes", quoted,
		    NAME_BYTES);
	return true;
}

/* Keep the name, for the rows to come. */
static bool
claim(
    struct mc_gen_folder *f, const char *name, unsigned which, struct mc_err *e)
{
	size_t n = strlen(name) + 1;
	struct taken *t = malloc(sizeof(*t) + n);
	struct taken **found;
	char quoted[MC_QUOTE_TEXT];

	if (!t)
		return mc_fail_memory(e);
	t->which = which;
	memcpy(t->name, name, n);
	found = tsearch(t, &f->names, compare);
	if (found && *found == t)
		return true;
	free(t);
	return found
	    ? mc_fail(e, MC_DENIED, "%s: %s %u has that name already",
		  mc_path_quote(name, quoted), f->unit, (*found)->which)
	    : mc_fail_memory(e);
}

/* Is there a file of just this content?  *there: is there anything? */
static bool
same(const char *path, const struct mc_buf *content, bool *is_same,
    bool *is_there, struct mc_err *e)
{
	AUTO_BUF now = MC_BUF_INIT;
	struct stat st;

	*is_same = false;
	*is_there = lstat(path, &st) == 0;
	if (!*is_there)
		return true;
	if (!S_ISREG(st.st_mode))
		return mc_fail(
		    e, MC_DENIED, "%s: is there, and is no file", path);
	if ((uint64_t)st.st_size != content->len)
		return true;
	if (!mc_file_load(path, &now, e))
		return false;
	*is_same = now.len == content->len &&
	    memcmp(now.data, content->data, now.len) == 0;
	return true;
}

bool
mc_gen_folder_put(struct mc_gen_folder *f, const char *name, unsigned which,
    const mc_plist *profile, struct mc_err *e)
{
	AUTO_BUF xml = MC_BUF_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	bool secret = false;
	bool is_same;
	bool is_there;

	if (!check_name(name, e) || !claim(f, name, which, e) ||
	    !mc_gen_profile_encode(profile, &xml, &secret, e) ||
	    !mc_path_join(f->path, name, &path, e) ||
	    !same(mc_buf_str(&path), &xml, &is_same, &is_there, e))
		return false;
	if (is_same) {
		f->kept++;
		return true;
	}
	if (is_there && !f->replace)
		return mc_fail(e, MC_DENIED,
		    "%s: is there with other content; --replace writes over it",
		    mc_buf_str(&path));
	if (!mc_file_put(mc_buf_str(&path), &xml,
		secret ? f->mode & 0600 : f->mode, f->replace, e))
		return false;
	f->written++;
	return true;
}

bool
mc_gen_folder_sync(const struct mc_gen_folder *f, struct mc_err *e)
{
	return !f->written || mc_dir_sync(f->path, e);
}

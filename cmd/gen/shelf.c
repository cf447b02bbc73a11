/* SPDX-License-Identifier: ISC */
#include "gen/shelf.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "profile/recipe.h"

#define RECIPE ".recipe"
#define PART ".part"
#define OPTION "--templates"
#define RECIPES_MAX 512 /* that a list is of */

void
mc_gen_shelf_clear(struct mc_gen_shelf *s)
{
	free(s->beside);
	s->beside = NULL;
}

static bool
add_folder(struct mc_gen_shelf *s, const char *path, struct mc_err *e)
{
	if (s->folders.n == MC_LIST_MAX)
		return mc_fail(
		    e, MC_USAGE, OPTION ": more than %d values", MC_LIST_MAX);
	s->folders.v[s->folders.n++] = path;
	return true;
}

/* The option at argv[i]: how many words it is, 0 for another word. */
static int
read_folder(struct mc_gen_shelf *s, int argc, char *const *argv, int i,
    struct mc_err *e)
{
	const size_t n = sizeof(OPTION) - 1;

	if (strncmp(argv[i], OPTION, n) != 0)
		return 0;
	if (argv[i][n] == '=')
		return add_folder(s, &argv[i][n + 1], e) ? 1 : -1;
	if (argv[i][n] || i + 1 == argc)
		return 0;
	return add_folder(s, argv[i + 1], e) ? 2 : -1;
}

bool
mc_gen_shelf_init(struct mc_gen_shelf *s, int argc, char *const *argv, int at,
    size_t *behind, struct mc_err *e)
{
	size_t before;
	int words;

	for (int i = 1; i<at; i += words> 0 ? words : 1) {
		words = read_folder(s, at, argv, i, e);
		if (words < 0)
			return false;
	}
	before = s->folders.n;
	for (int i = at + 1; i < argc; i += words) {
		words = read_folder(s, argc, argv, i, e);
		if (words < 0)
			return false;
		if (words == 0)
			break;
	}
	*behind = s->folders.n - before;
	return true;
}

/* A name, and no path: "wifi-eap-tls". */
static bool
is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= 40 && !s[n] && *s != '-';
}

/* The tools' own; NULL where there is none. */
static const struct mc_recipe_text *
find_own(const char *name, const char *suffix)
{
	const struct mc_recipe_text *t = mc_recipe_texts;
	size_t n = strlen(name);

	for (; t->file; t++)
		if (strncmp(t->file, name, n) == 0 &&
		    strcmp(t->file + n, suffix) == 0)
			return t;
	return NULL;
}

static bool
find_in(const char *folder, const char *name, const char *suffix,
    struct mc_buf *text, struct mc_buf *file, bool *found, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_buf_printf(&path, e, "%s/%s%s", folder, name, suffix))
		return false;
	if (access(mc_buf_str(&path), F_OK) == -1)
		return true;
	*found = true;
	return mc_file_load(mc_buf_str(&path), text, e) &&
	    mc_buf_puts(file, mc_buf_str(&path), e);
}

static bool
find(const struct mc_gen_shelf *s, const char *name, const char *suffix,
    struct mc_buf *text, struct mc_buf *file, bool *found, struct mc_err *e)
{
	const struct mc_recipe_text *own;

	*found = false;
	if (s->beside &&
	    !find_in(s->beside, name, suffix, text, file, found, e))
		return false;
	for (size_t i = 0; i < s->folders.n && !*found; i++)
		if (!find_in(
			s->folders.v[i], name, suffix, text, file, found, e))
			return false;
	own = *found ? NULL : find_own(name, suffix);
	if (!own)
		return true;
	*found = true;
	return mc_buf_add(text, own->text, own->len, e) &&
	    mc_buf_puts(file, own->file, e);
}

bool
mc_gen_shelf_recipe_find(struct mc_gen_shelf *s, const char *name,
    struct mc_buf *text, struct mc_buf *file, bool *found, struct mc_err *e)
{
	const char *slash = strrchr(name, '/');

	*found = slash;
	if (!slash)
		return !is_name(name) ||
		    find(s, name, RECIPE, text, file, found, e);
	s->beside = strndup(name, (size_t)(slash - name) + (slash == name));
	if (!s->beside)
		return mc_fail_memory(e);
	return mc_file_load(name, text, e) && mc_buf_puts(file, name, e);
}

bool
mc_gen_shelf_part(void *ctx, const char *name, struct mc_buf *text,
    struct mc_buf *file, struct mc_err *e)
{
	bool found;

	return find(ctx, name, PART, text, file, &found, e) &&
	    (found ||
		mc_fail(e, MC_NOINPUT, "%s: there is no such part", name));
}

/* A recipe of a list. */
struct entry {
	char *name;
	const char *where; /* lent; NULL: the tools */
};

struct entries {
	struct entry v[RECIPES_MAX];
	size_t n;
};

static void
entries_free(struct entries *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].name);
	free(l);
}
typedef struct entries entries; /* for AUTO() only */
CLEANUP(entries, entries_free);

/* "mdm" of "mdm.recipe", where it is one and was not found before. */
static bool
add_entry(
    struct entries *l, const char *file, const char *where, struct mc_err *e)
{
	size_t n = strlen(file);
	char *name;

	if (n <= sizeof(RECIPE) - 1 ||
	    strcmp(file + n - (sizeof(RECIPE) - 1), RECIPE) != 0)
		return true;
	name = strndup(file, n - (sizeof(RECIPE) - 1));
	if (!name)
		return mc_fail_memory(e);
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].name, name) == 0) {
			free(name);
			return true;
		}
	if (!is_name(name)) {
		free(name);
		return true;
	}
	if (l->n == RECIPES_MAX) {
		free(name);
		return mc_fail(
		    e, MC_USAGE, "more than %d recipes", RECIPES_MAX);
	}
	l->v[l->n++] = (struct entry){ name, where };
	return true;
}

static void
close_folder(DIR **d)
{
	if (*d)
		(void)closedir(*d);
}

static bool
add_entries(struct entries *l, const char *folder, struct mc_err *e)
{
	__attribute__((cleanup(close_folder))) DIR *d = opendir(folder);
	const struct dirent *entry;

	if (!d)
		return mc_fail_errno(e, MC_NOINPUT, OPTION ": %s", folder);
	while ((entry = readdir(d)))
		if (!add_entry(l, entry->d_name, folder, e))
			return false;
	return true;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static bool
summary(const struct entry *entry, char **out, struct mc_err *e)
{
	const struct mc_gen_shelf one = {
		.folders = { { entry->where }, entry->where ? 1 : 0 },
	};
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF file = MC_BUF_INIT;
	bool found;

	return find(&one, entry->name, RECIPE, &text, &file, &found, e) &&
	    mc_recipe_summary_parse(mc_buf_str(&file), &text, out, e);
}

bool
mc_gen_shelf_list(const struct mc_gen_shelf *s,
    bool (*each)(void *ctx, const char *name, const char *summary,
	const char *where, struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	AUTO(entries) *l = calloc(1, sizeof(*l));

	if (!l)
		return mc_fail_memory(e);
	for (size_t i = 0; i < s->folders.n; i++)
		if (!add_entries(l, s->folders.v[i], e))
			return false;
	for (const struct mc_recipe_text *t = mc_recipe_texts; t->file; t++)
		if (!add_entry(l, t->file, NULL, e))
			return false;
	qsort(l->v, l->n, sizeof(*l->v), compare);
	for (size_t i = 0; i < l->n; i++) {
		char *text = NULL;
		bool done = summary(&l->v[i], &text, e) &&
		    each(ctx, l->v[i].name, text, l->v[i].where, e);

		free(text);
		if (!done)
			return false;
	}
	return true;
}

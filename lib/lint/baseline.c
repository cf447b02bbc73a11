/* SPDX-License-Identifier: ISC */
#include "lint/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/json.h"
#include "base/text.h"

#define VERSION 1

void
mc_baseline_clear(struct mc_baseline *b)
{
	for (size_t i = 0; i < b->n; i++) {
		free(b->v[i].file);
		free(b->v[i].path);
	}
	free(b->v);
	free(b->root);
	*b = (struct mc_baseline){ 0 };
}

static bool
add(struct mc_baseline *b, const char *file, const char *path, unsigned code,
    struct mc_err *e)
{
	size_t cap = b->cap ? 2 * b->cap : 64;
	struct mc_known *v;

	if (b->n == b->cap) {
		v = reallocarray(b->v, cap, sizeof(*v));
		if (!v)
			return mc_fail_memory(e);
		b->v = v;
		b->cap = cap;
	}
	v = &b->v[b->n++];
	*v = (struct mc_known){ strdup(file), strdup(path), code };
	b->sorted = false;
	return (v->file && v->path) || mc_fail_memory(e);
}

bool
mc_baseline_at(struct mc_baseline *b, const char *path, struct mc_err *e)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1)
			  : strdup(".");

	if (!dir)
		return mc_fail_memory(e);
	free(b->root);
	/* where the folder is missing, reading or writing says so */
	b->root = realpath(dir, NULL);
	free(dir);
	return true;
}

/* Both absolute and without links: how many bytes of whole parts they share. */
static size_t
shared(const char *root, const char *path)
{
	size_t last = 0;
	size_t i = 0;

	for (; root[i] && root[i] == path[i]; i++)
		if (root[i] == '/')
			last = i + 1;
	if (!root[i] && path[i] == '/')
		last = i + 1;
	return last;
}

/* The way from the baseline's folder to a file; what is none stays. */
static bool
relate(const struct mc_baseline *b, const char *file, struct mc_buf *to,
    struct mc_err *e)
{
	char *path = NULL;
	bool done = true;
	size_t same;

	if (b->root && strcmp(file, "-") != 0)
		path = realpath(file, NULL);
	if (!path)
		return mc_buf_puts(to, file, e);
	same = shared(b->root, path);
	for (const char *p = b->root + same; same <= strlen(b->root) && *p;) {
		done = done && mc_buf_puts(to, "../", e);
		p += strcspn(p, "/");
		p += strspn(p, "/");
	}
	done = done && mc_buf_puts(to, path + same, e);
	free(path);
	return done;
}

static int
compare_parts(
    const char *file, const char *path, unsigned code, const struct mc_known *b)
{
	int c = strcmp(file, b->file);

	if (c == 0)
		c = strverscmp(path, b->path);
	return c ? c : (code > b->code) - (code < b->code);
}

static int
compare(const void *left, const void *right)
{
	const struct mc_known *a = left;

	return compare_parts(a->file, a->path, a->code, right);
}

static void
sort(struct mc_baseline *b)
{
	if (!b->sorted && b->n)
		qsort(b->v, b->n, sizeof(b->v[0]), compare);
	b->sorted = true;
}

static bool
parse_one(
    const json_t *one, size_t i, struct mc_baseline *out, struct mc_err *e)
{
	const char *file = json_string_value(json_object_get(one, "file"));
	const char *path = json_string_value(json_object_get(one, "path"));
	const char *code = json_string_value(json_object_get(one, "code"));
	const struct mc_lint_code *known;

	if (!file || !path || !code)
		return mc_fail(e, MC_MALFORMED,
		    "findings[%zu]: want \"file\", \"code\" and \"path\", each "
		    "a string",
		    i);
	known = mc_lint_code_parse(code);
	if (!known) {
		mc_fail(e, MC_MALFORMED, "findings[%zu]: %.40s: no such code",
		    i, code);
		mc_text_show(e->text);
		return false;
	}
	return add(out, file, path, known->number, e);
}

bool
mc_baseline_parse(
    const struct mc_buf *json, struct mc_baseline *out, struct mc_err *e)
{
	AUTO_BASELINE b = { 0 };
	AUTO(json_t) *top = NULL;
	const json_t *list;

	if (!mc_json_parse(json, &top, e))
		return false;
	list = json_object_get(top, "findings");
	if (json_integer_value(json_object_get(top, "mcprofile-lint")) !=
		VERSION ||
	    !json_is_array(list))
		return mc_fail(e, MC_MALFORMED,
		    "no baseline of mcprofile-lint: --write-baseline makes "
		    "one");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!parse_one(json_array_get(list, i), i, &b, e))
			return false;
	mc_baseline_clear(out);
	*out = b;
	b = (struct mc_baseline){ 0 };
	return true;
}

bool
mc_baseline_load(const char *path, struct mc_baseline *out, struct mc_err *e)
{
	AUTO_BUF json = MC_BUF_INIT;

	return mc_file_load(path, &json, e) &&
	    (mc_baseline_parse(&json, out, e) || mc_note(e, "%s", path)) &&
	    mc_baseline_at(out, path, e);
}

bool
mc_baseline_add(struct mc_baseline *b, const char *file,
    const struct mc_findings *f, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;

	if (!relate(b, file, &name, e))
		return false;
	for (size_t i = 0; i < f->n; i++)
		if (!mc_lint_code_is_final(f->v[i].code) &&
		    !add(b, mc_buf_str(&name), f->v[i].path,
			f->v[i].code->number, e))
			return false;
	return true;
}

/* A name that is no UTF-8 cannot be in JSON: its findings stay. */
static bool
put(json_t *list, const struct mc_known *k, struct mc_err *e)
{
	char code[16];
	json_t *one;

	snprintf(code, sizeof(code), "MC%u", k->code);
	one = json_pack(
	    "{s:s, s:s, s:s}", "file", k->file, "code", code, "path", k->path);
	if (!one)
		return mc_fail(e, MC_USAGE,
		    "%s: a name that is no UTF-8 cannot be in a baseline",
		    k->file);
	return mc_json_add(list, one, e);
}

bool
mc_baseline_encode(struct mc_baseline *b, struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *list = json_array();
	AUTO(json_t) *top = NULL;

	sort(b);
	for (size_t i = 0; i < b->n; i++)
		if ((i == 0 || compare(&b->v[i - 1], &b->v[i]) != 0) &&
		    !put(list, &b->v[i], e))
			return false;
	top = json_pack(
	    "{s:i, s:O}", "mcprofile-lint", VERSION, "findings", list);
	return mc_json_encode(top, JSON_INDENT(1), to, e) &&
	    mc_buf_puts(to, "\n", e);
}

/* A finding of a file, to be looked up. */
struct asked {
	const struct mc_baseline *b;
	const char *file;
	const struct mc_finding *finding;
};

/* As compare(), which the list is sorted by. */
static int
compare_asked(const void *left, const void *right)
{
	const struct asked *a = left;
	const struct mc_known *b = right;

	return compare_parts(
	    a->file, a->finding->path, a->finding->code->number, b);
}

static bool
is_known(const void *ctx, const struct mc_finding *f)
{
	const struct asked *of = ctx;
	const struct asked a = { of->b, of->file, f };

	return a.b->n &&
	    bsearch(&a, a.b->v, a.b->n, sizeof(a.b->v[0]), compare_asked);
}

bool
mc_baseline_apply(struct mc_baseline *b, const char *file,
    struct mc_findings *f, size_t *n, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	struct asked a = { .b = b };

	if (!relate(b, file, &name, e))
		return false;
	a.file = mc_buf_str(&name);
	sort(b);
	*n += mc_findings_drop(f, is_known, &a);
	return true;
}

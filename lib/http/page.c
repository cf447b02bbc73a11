/* SPDX-License-Identifier: ISC */
#include "http/page.h"

#include "base/fd.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define NAME_MAX_LEN 32

struct reader {
	const char *file;
	const char *text;
	const char *p; /* where we are in text */
	const struct mc_page_values *values;
	struct mc_buf *to;
	unsigned depth;  /* of ${if} we are in */
	unsigned hidden; /* depth of the outermost one not shown; 0: none */
};

/* Begins "FILE:LINE:COLUMN: ${...}:". */
static bool
fail_at(const struct reader *r, struct mc_err *e, const char *what)
{
	size_t line = 1;
	size_t column = 1;
	size_t n = strcspn(r->p, "\n}");

	for (const char *p = r->text; p < r->p; p++) {
		column = *p == '\n' ? 1 : column + 1;
		line += *p == '\n';
	}
	n += r->p[n] == '}';
	return mc_fail(e, MC_MALFORMED, "%s:%zu:%zu: %.*s: %s", r->file, line,
	    column, (int)(n < 60 ? n : 60), r->p, what);
}

static bool
put(const struct reader *r, const char *s, size_t n, struct mc_err *e)
{
	return r->hidden || mc_buf_add(r->to, s, n, e) ||
	    mc_note(e, "%s: the page", r->file);
}

static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return "&#39;";
	}
}

static bool
put_escaped(const struct reader *r, const char *s, struct mc_err *e)
{
	const char *as;
	size_t n;

	while (*s) {
		n = strcspn(s, "&<>\"'");
		if (!put(r, s, n, e))
			return false;
		s += n;
		if (!*s)
			break;
		as = entity(*s++);
		if (!put(r, as, strlen(as), e))
			return false;
	}
	return true;
}

/* The value of the name that n bytes at s are; NULL where there is none. */
static const char *
value_of(const struct reader *r, const char *s, size_t n, struct mc_err *e)
{
	char name[NAME_MAX_LEN + 1];
	const char *value;

	if (n == 0 || n > NAME_MAX_LEN || strspn(s, NAME_CHARS) < n) {
		fail_at(r, e, "not a name");
		return NULL;
	}
	memcpy(name, s, n);
	name[n] = '\0';
	value = r->values->lookup(r->values->ctx, name);
	if (!value)
		fail_at(r, e, "no such name");
	return value;
}

/* s, of n bytes, is what stands between "${if " and "}". */
static bool
open_if(struct reader *r, const char *s, size_t n, struct mc_err *e)
{
	const char *eq = memchr(s, '=', n);
	const char *value;
	size_t want;

	if (!eq)
		return fail_at(r, e, "want ${if name=value}");
	if (r->depth == MC_PAGE_DEPTH)
		return fail_at(r, e, "too many ${if} within each other");
	value = value_of(r, s, (size_t)(eq - s), e);
	if (!value)
		return false;
	r->depth++;
	want = n - (size_t)(eq + 1 - s);
	if (!r->hidden &&
	    (strlen(value) != want || memcmp(value, eq + 1, want) != 0))
		r->hidden = r->depth;
	return true;
}

static bool
close_if(struct reader *r, struct mc_err *e)
{
	if (r->depth == 0)
		return fail_at(r, e, "no ${if} before it");
	if (r->hidden == r->depth)
		r->hidden = 0;
	r->depth--;
	return true;
}

/* s, of n bytes, is what stands between "${" and "}". */
static bool
obey(struct reader *r, const char *s, size_t n, struct mc_err *e)
{
	const char *value;

	if (n == 3 && memcmp(s, "end", n) == 0)
		return close_if(r, e);
	if (n > 3 && memcmp(s, "if ", 3) == 0)
		return open_if(r, s + 3, n - 3, e);
	value = value_of(r, s, n, e);
	return value && put_escaped(r, value, e);
}

/* At "${". */
static bool
directive(struct reader *r, struct mc_err *e)
{
	const char *s = r->p + 2;
	size_t n = strcspn(s, "}\n");
	bool done;

	if (s[n] != '}')
		return fail_at(r, e, "no } on this line");
	done = obey(r, s, n, e);
	r->p = s + n + 1;
	return done;
}

/* At "$". */
static bool
dollar(struct reader *r, struct mc_err *e)
{
	if (r->p[1] == '{')
		return directive(r, e);
	if (strncmp(r->p, "$${", 3) == 0) {
		r->p += 3;
		return put(r, "${", 2, e);
	}
	r->p++;
	return put(r, "$", 1, e);
}

bool
mc_page_render(const char *file, const struct mc_buf *text,
    const struct mc_page_values *values, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF page = { .limit = MC_PAGE_LIMIT };
	struct reader r = { .file = file, .values = values, .to = &page };
	size_t n;

	r.text = r.p = mc_buf_str(text);
	if (strlen(r.text) != text->len)
		return mc_fail(e, MC_MALFORMED, "%s: holds a NUL", file);
	while (*r.p) {
		n = strcspn(r.p, "$");
		if (!put(&r, r.p, n, e))
			return false;
		r.p += n;
		if (*r.p && !dollar(&r, e))
			return false;
	}
	if (r.depth)
		return mc_fail(
		    e, MC_MALFORMED, "%s: ${if} without its ${end}", file);
	return mc_buf_add(to, page.data, page.len, e);
}

bool
mc_page_load(const char *dir, const char *name,
    const struct mc_page_values *values, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF text = { .limit = MC_PAGE_LIMIT };
	AUTO_BUF file = MC_BUF_INIT;

	if (!*name || name[strspn(name, NAME_CHARS)])
		return mc_fail(e, MC_USAGE, "%s: not the name of a page", name);
	return mc_buf_printf(&file, e, "%s.html", name) &&
	    mc_path_join(dir, mc_buf_str(&file), &path, e) &&
	    mc_file_load(mc_buf_str(&path), &text, e) &&
	    mc_page_render(mc_buf_str(&path), &text, values, to, e);
}

const char *
mc_page_problem(int status)
{
	switch (status) {
	case 401:
		return "login";
	case 403:
		return "denied";
	case 404:
		return "missing";
	case 405:
		return "method";
	case 413:
		return "size";
	case 415:
		return "type";
	case 408:
	case 429:
	case 503:
		return "busy";
	default:
		return status < 500 ? "request" : "server";
	}
}

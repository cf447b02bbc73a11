/* SPDX-License-Identifier: ISC */
#include "http/route.h"

#define BLANKS " \t"

static const struct {
	const char *name;
	unsigned bit;
} methods[] = {
	{ "GET", MC_METHOD_GET },
	{ "HEAD", MC_METHOD_HEAD },
	{ "POST", MC_METHOD_POST },
};

#define NMETHODS (sizeof(methods) / sizeof(*methods))

static const char *const whos[] = {
	[MC_WHO_ANYONE] = "anyone",
	[MC_WHO_USER] = "user",
	[MC_WHO_DEVICE] = "device",
	[MC_WHO_ENROLLED] = "enrolled",
};

#define NWHOS (sizeof(whos) / sizeof(*whos))

void
mc_routes_clear(struct mc_routes *r)
{
	mc_buf_clear(&r->text);
	r->n = 0;
}

/* The next word of *line, which is advanced past it; "" at the end. */
static char *
cut_word(char **line)
{
	char *word = *line + strspn(*line, BLANKS);
	char *end = word + strcspn(word, BLANKS);

	*line = end + (*end != '\0');
	*end = '\0';
	return word;
}

static bool
check_path(const char *s, struct mc_err *e)
{
	const char *star = strchr(s, '*');

	if (*s != '/')
		return mc_fail(e, MC_MALFORMED, "%s: a path begins with /", s);
	for (const char *p = s; *p; p++)
		if (*p < ' ' || *p > '~' || strchr("%?#\"", *p))
			return mc_fail(e, MC_MALFORMED,
			    "%s: a path is plain, without %%, ? or #", s);
	if (star && (star[1] || star[-1] != '/'))
		return mc_fail(
		    e, MC_MALFORMED, "%s: * is the end of \"/*\" only", s);
	return true;
}

static bool
parse_methods(char *s, unsigned *out, struct mc_err *e)
{
	unsigned bit;
	char *next;

	*out = 0;
	for (; s; s = next) {
		next = strchr(s, ',');
		if (next)
			*next++ = '\0';
		bit = mc_method_find(s);
		if (!bit)
			return mc_fail(e, MC_MALFORMED,
			    "%s: want GET, HEAD or POST, separated by commas",
			    *s ? s : "no method");
		*out |= bit;
	}
	return true;
}

static bool
parse_who(const char *s, enum mc_who *out, struct mc_err *e)
{
	for (size_t i = 0; i < NWHOS; i++)
		if (strcmp(s, whos[i]) == 0) {
			*out = (enum mc_who)i;
			return true;
		}
	return mc_fail(e, MC_MALFORMED,
	    "%s: want anyone, user, device or enrolled", *s ? s : "who");
}

/* A word that ends in ";" goes on with the next: "text/html; charset=utf-8" */
static bool
parse_type(char **line, const char **out, struct mc_err *e)
{
	char *s = cut_word(line);
	char *more;
	size_t n;

	*out = s;
	while ((n = strlen(s)) > 0 && s[n - 1] == ';' && **line) {
		more = cut_word(line);
		s[n] = ' ';
		memmove(s + n + 1, more, strlen(more) + 1);
	}
	if (strcmp(s, "-") == 0) {
		*out = NULL;
		return true;
	}
	for (const char *p = s; *p; p++)
		if (*p < ' ' || *p > '~')
			return mc_fail(e, MC_MALFORMED,
			    "the content type is not printable");
	return strchr(s, '/') ||
	    mc_fail(e, MC_MALFORMED, "%s: want TYPE/SUBTYPE or -",
		*s ? s : "content type");
}

static bool
parse_row(char *line, struct mc_route *out, struct mc_err *e)
{
	char *who;

	out->path = cut_word(&line);
	if (!check_path(out->path, e) ||
	    !parse_methods(cut_word(&line), &out->methods, e))
		return false;
	who = cut_word(&line);
	if (!parse_who(who, &out->who, e))
		return false;
	if (out->who >= MC_WHO_DEVICE && out->methods != MC_METHOD_POST)
		return mc_fail(
		    e, MC_MALFORMED, "%s: only POST has a body to sign", who);
	if (!parse_type(&line, &out->type, e))
		return false;
	out->chain = line + strspn(line, BLANKS);
	return *out->chain || mc_fail(e, MC_MALFORMED, "the chain is missing");
}

/* The same path and method twice: only one row for each kind of signer. */
static bool
check_row(
    const struct mc_routes *r, const struct mc_route *row, struct mc_err *e)
{
	const struct mc_route *old;

	for (size_t i = 0; i < r->n; i++) {
		old = &r->v[i];
		if (strcmp(old->path, row->path) != 0 ||
		    !(old->methods & row->methods) ||
		    (old->who >= MC_WHO_DEVICE && row->who >= MC_WHO_DEVICE &&
			old->who != row->who))
			continue;
		return mc_fail(e, MC_MALFORMED,
		    "%s: line %u has this path and method already", row->path,
		    old->line);
	}
	return true;
}

static bool
add_row(struct mc_routes *r, char *line, unsigned number, struct mc_err *e)
{
	struct mc_route row = { .line = number };

	if (strchr("#", line[strspn(line, BLANKS)]))
		return true; /* a comment, or nothing: strchr finds \0 */
	if (!parse_row(line, &row, e) || !check_row(r, &row, e))
		return false;
	if (r->n == MC_ROUTES_MAX)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d routes", MC_ROUTES_MAX);
	r->v[r->n++] = row;
	return true;
}

/*
 * The line at s, cut off; one that ends in a backslash is joined with the
 * next.  Returns what follows, and counts its lines.
 */
static char *
cut_line(char *s, unsigned *lines)
{
	bool comment = s[strspn(s, BLANKS)] == '#';
	char *end = s;

	for (*lines = 1;; ++*lines) {
		end += strcspn(end, "\n");
		if (!*end)
			return end;
		if (comment || end == s || end[-1] != '\\')
			break;
		end[-1] = *end = ' ';
	}
	*end = '\0';
	return end + 1;
}

bool
mc_routes_parse(struct mc_buf *text, const char *name, struct mc_routes *out,
    struct mc_err *e)
{
	char *line = (char *)text->data;
	unsigned lines;
	char *next;

	mc_routes_clear(out);
	mc_buf_swap(&out->text, text);
	if (strlen(mc_buf_str(&out->text)) != out->text.len)
		return mc_fail(e, MC_MALFORMED, "%s: holds a NUL", name);
	for (unsigned n = 1; line && *line; n += lines, line = next) {
		next = cut_line(line, &lines);
		if (!add_row(out, line, n, e)) {
			e->code = MC_MALFORMED;
			return mc_note(e, "%s:%u", name, n);
		}
	}
	return out->n > 0 || mc_fail(e, MC_MALFORMED, "%s: no routes", name);
}

unsigned
mc_method_find(const char *name)
{
	for (size_t i = 0; i < NMETHODS; i++)
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].bit;
	return 0;
}

bool
mc_method_encode(unsigned set, struct mc_buf *to, struct mc_err *e)
{
	const char *between = "";

	for (size_t i = 0; i < NMETHODS; i++) {
		if (!(set & methods[i].bit))
			continue;
		if (!mc_buf_printf(to, e, "%s%s", between, methods[i].name))
			return false;
		between = ", ";
	}
	return true;
}

static bool
matches(const struct mc_route *row, const char *path)
{
	size_t n = strlen(row->path);

	if (row->path[n - 1] == '*')
		return strncmp(row->path, path, n - 1) == 0;
	return strcmp(row->path, path) == 0;
}

unsigned
mc_routes_methods(const struct mc_routes *r, const char *path)
{
	unsigned set = 0;

	for (size_t i = 0; i < r->n; i++)
		if (matches(&r->v[i], path))
			set |= r->v[i].methods;
	return set;
}

const struct mc_route *
mc_routes_find(const struct mc_routes *r, const char *path, unsigned method)
{
	for (size_t i = 0; i < r->n; i++)
		if (matches(&r->v[i], path) && (r->v[i].methods & method))
			return &r->v[i];
	return NULL;
}

const struct mc_route *
mc_routes_find_signed(const struct mc_routes *r, const char *path,
    unsigned method, enum mc_who who)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].who == who && matches(&r->v[i], path) &&
		    (r->v[i].methods & method))
			return &r->v[i];
	return NULL;
}

/* SPDX-License-Identifier: ISC */
#include "profile/recipe.h"

#include <stdlib.h>

#include "base/text.h"
#include "profile/recipe_reader.h"

void
mc_recipe_free(struct mc_recipe *r)
{
	for (size_t i = 0; i < r->files_n; i++)
		free(r->files[i]);
	for (struct mc_recipe_option *o = r->options;
	     o < &r->options[r->options_n]; o++) {
		free(o->name);
		free(o->arg);
		free(o->help);
		free(o->fallback);
		free(o->when.is);
	}
	for (struct mc_recipe_payload *p = r->payloads;
	     p < &r->payloads[r->payloads_n]; p++) {
		free(p->type);
		free(p->label);
		free(p->when.is);
	}
	for (struct mc_recipe_line *l = r->lines; l < &r->lines[r->lines_n];
	     l++) {
		free(l->key);
		free(l->value);
		free(l->refers);
		free(l->when.is);
	}
	free(r->summary);
	free(r->description);
	free(r);
}

const char *
mc_recipe_summary(const struct mc_recipe *r)
{
	return r->summary;
}

const char *
mc_recipe_description(const struct mc_recipe *r)
{
	return r->description ? r->description : "";
}

bool
mc_recipe_note(const struct mc_recipe *r, const struct mc_recipe_place *at,
    struct mc_err *e)
{
	return mc_note(e, "%s:%u:%u", r->files[at->file], at->line, at->column);
}

struct mc_recipe_place
mc_recipe_here(const struct mc_recipe_reader *rd)
{
	return (struct mc_recipe_place){ rd->file, rd->number,
		(unsigned)(rd->fault - rd->line) + 1 };
}

/* One line, whatever it is. */
static bool
read_line(struct mc_recipe_reader *rd, struct mc_err *e)
{
	size_t indent = strspn(rd->line, " \t");
	const char *why;

	rd->next = rd->line + indent;
	rd->fault = rd->next;
	if (!mc_text_check(rd->next, strlen(rd->next), &why))
		return mc_fail(e, MC_MALFORMED, "the line %s", why);
	if (!*rd->next || *rd->next == '#')
		return true;
	return indent ? mc_recipe_indented_read(rd, e)
		      : mc_recipe_statement_read(rd, e);
}

static bool
fail_at(const struct mc_recipe_reader *rd, struct mc_err *e)
{
	struct mc_recipe_place at = mc_recipe_here(rd);

	if (e->code == MC_USAGE)
		e->code = MC_MALFORMED;
	return mc_recipe_note(rd->r, &at, e);
}

/*
 * All lines of a text.  It stops behind one that includes, whose part is for
 * the caller to read first; *text is then what is left.
 */
static bool
read_lines(struct mc_recipe_reader *rd, char **text, struct mc_err *e)
{
	char *end;

	for (; **text && !rd->include; *text = end) {
		end = *text + strcspn(*text, "\n");
		if (*end)
			*end++ = '\0';
		rd->number++;
		rd->line = *text;
		if (!read_line(rd, e))
			return fail_at(rd, e);
	}
	return true;
}

/* The text of a file in memory of its own, to be cut up. */
static bool
text_new(struct mc_recipe *r, const char *file, const struct mc_buf *text,
    char **out, struct mc_err *e)
{
	char *copy;

	if (text->len > MC_CONF_LIMIT)
		return mc_fail(e, MC_MALFORMED, "%s: more than %zu bytes", file,
		    (size_t)MC_CONF_LIMIT);
	if (strlen(mc_buf_str(text)) != text->len)
		return mc_fail(e, MC_MALFORMED, "%s: holds a NUL", file);
	if (r->files_n == MC_RECIPE_FILES)
		return mc_fail(e, MC_MALFORMED, "%s: more than %d parts", file,
		    MC_RECIPE_FILES - 1);
	if (!mc_recipe_keep(file, strlen(file), &r->files[r->files_n], e))
		return false;
	r->files_n++;
	copy = strdup(mc_buf_str(text));
	if (!copy)
		return mc_fail_memory(e);
	*out = copy;
	return true;
}

CLEANUP(char, free);

/* The part that rd has come to; parts have none of their own. */
static bool
read_part(struct mc_recipe_reader *rd, struct mc_err *e)
{
	struct mc_recipe_reader part = { .r = rd->r, .how = rd->how };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF file = MC_BUF_INIT;
	AUTO(char) *lines = NULL;
	char *left;

	if (!rd->how->part(rd->how->ctx, rd->include, &text, &file, e))
		return fail_at(rd, e);
	part.file = rd->r->files_n;
	if (!text_new(rd->r, mc_buf_str(&file), &text, &lines, e))
		return false;
	left = lines;
	if (!read_lines(&part, &left, e))
		return false;
	rd->include = NULL;
	return true;
}

bool
mc_recipe_parse(const char *file, const struct mc_buf *text,
    const struct mc_recipe_reading *how, struct mc_recipe **out,
    struct mc_err *e)
{
	AUTO(mc_recipe) *r = calloc(1, sizeof(*r));
	AUTO(char) *lines = NULL;
	struct mc_recipe_reader rd = { .r = r, .how = how };
	char *left;

	if (!r)
		return mc_fail_memory(e);
	if (!text_new(r, file, text, &lines, e))
		return false;
	left = lines;
	do {
		if (rd.include && !read_part(&rd, e))
			return false;
		if (!read_lines(&rd, &left, e))
			return false;
	} while (rd.include);
	if (!mc_recipe_check(r, e))
		return false;
	*out = take(&r);
	return true;
}

bool
mc_recipe_summary_parse(
    const char *file, const struct mc_buf *text, char **out, struct mc_err *e)
{
	static const char word[] = "summary ";
	const char *why;
	size_t n;

	for (const char *p = mc_buf_str(text); *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (strncmp(p, word, sizeof(word) - 1) != 0)
			continue;
		p += sizeof(word) - 1;
		n -= sizeof(word) - 1;
		n -= strspn(p, " ") < n ? strspn(p, " ") : n;
		p += strspn(p, " ");
		if (!mc_text_check(p, n, &why))
			return mc_fail(
			    e, MC_MALFORMED, "%s: its summary %s", file, why);
		return mc_recipe_keep(p, n, out, e);
	}
	return mc_fail(e, MC_MALFORMED, "%s: no recipe: has no summary", file);
}

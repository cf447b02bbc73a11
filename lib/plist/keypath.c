/* SPDX-License-Identifier: ISC */
#include "plist/path.h"

#include <stdlib.h>

struct scan {
	const char *s; /* lent: the path's text */
	size_t n;
	size_t i; /* what is read next */
	struct mc_err *e;
};

static bool
refuse(const struct scan *in, size_t at, const char *why)
{
	char path[MC_QUOTE_TEXT];
	AUTO_BUF whole = MC_BUF_INIT;

	if (!mc_buf_add(&whole, in->s, in->n, in->e))
		return false;
	return mc_fail(in->e, MC_USAGE, "key path \"%s\", column %zu: %s",
	    mc_path_quote(mc_buf_str(&whole), path), at + 1, why);
}

static bool
is(const struct scan *in, char c)
{
	return in->i < in->n && in->s[in->i] == c;
}

/*
 * A key, or a match, up to a character of stop that is not quoted, appended;
 * *quoted says that some of it was.
 */
static bool
name_parse(struct scan *in, const char *stop, struct mc_buf *to, bool *quoted)
{
	size_t began = in->i;
	bool open = false;

	for (; in->i < in->n; in->i++) {
		char c = in->s[in->i];

		if (c == '\0')
			return refuse(in, in->i, "a NUL character");
		if (!open && strchr(stop, c))
			break;
		if (c == '"') {
			open = !open;
			*quoted = true;
			continue;
		}
		if (c == '\\') {
			if (++in->i == in->n)
				return refuse(in, in->i - 1,
				    "a backslash with nothing behind it");
			*quoted = true;
			c = in->s[in->i];
		}
		if (!mc_buf_add(to, &c, 1, in->e))
			return false;
	}
	if (open)
		return refuse(in, began, "the quotes do not end");
	return mc_plist_text_check(mc_buf_str(to)) &&
		strlen(mc_buf_str(to)) == to->len
	    ? true
	    : refuse(in, began, "not UTF-8, or a control character");
}

static bool
text_set(struct mc_step *step, const struct mc_buf *from, struct mc_err *e)
{
	step->text = strdup(mc_buf_str(from));
	return step->text || mc_fail_memory(e);
}

static bool
key_parse(struct scan *in, struct mc_step *step)
{
	AUTO_BUF text = MC_BUF_INIT;
	bool quoted = false;

	if (!name_parse(in, ".[", &text, &quoted))
		return false;
	if (text.len == 0 && !quoted)
		return refuse(in, step->at, "want a key here");
	step->kind = MC_STEP_KEY;
	return text_set(step, &text, in->e);
}

static bool
item_parse(struct scan *in, struct mc_step *step)
{
	AUTO_BUF text = MC_BUF_INIT;
	bool quoted = false;
	const char *s;

	in->i++;
	if (!name_parse(in, "]", &text, &quoted))
		return false;
	if (!is(in, ']'))
		return refuse(in, step->at, "the bracket does not end");
	in->i++;
	s = mc_buf_str(&text);
	if (text.len == 0)
		return refuse(in, step->at,
		    "want a number, +, or a payload's type or identifier "
		    "in brackets");
	if (!quoted && strcmp(s, "+") == 0) {
		step->kind = MC_STEP_APPEND;
		return true;
	}
	step->kind = MC_STEP_MATCH;
	if (quoted || s[strspn(s, "0123456789")])
		return text_set(step, &text, in->e);
	if (text.len > 9)
		return refuse(in, step->at, "a number that no array has");
	step->kind = MC_STEP_INDEX;
	step->i = strtoul(s, NULL, 10);
	return true;
}

static bool
step_parse(struct scan *in, struct mc_keypath *p)
{
	struct mc_step *step = &p->v[p->n];

	if (p->n == MC_KEYPATH_STEPS)
		return refuse(in, in->i, "too many steps");
	if (is(in, '.') && p->n)
		in->i++;
	else if (!is(in, '[') && p->n)
		return refuse(in, in->i, "want \".\" or \"[\" here");
	*step = (struct mc_step){ .at = in->i };
	p->n++;
	return is(in, '[') && (in->i == 0 || in->s[in->i - 1] != '.')
	    ? item_parse(in, step)
	    : key_parse(in, step);
}

void
mc_keypath_cut(struct mc_keypath *p, size_t n)
{
	while (p->n > n)
		free(p->v[--p->n].text);
}

void
mc_keypath_clear(struct mc_keypath *p)
{
	mc_keypath_cut(p, 0);
}

bool
mc_keypath_parse(
    const char *text, size_t n, struct mc_keypath *out, struct mc_err *e)
{
	struct scan in = { .s = text, .n = n, .e = e };

	out->n = 0;
	do {
		if (!step_parse(&in, out)) {
			mc_keypath_clear(out);
			return false;
		}
	} while (in.i < in.n);
	return true;
}

size_t
mc_keypath_len(const char *assignment)
{
	bool quoted = false;
	bool item = false;
	size_t sign = 0; /* behind the last "+" or ":" */

	for (size_t i = 0; assignment[i]; i++) {
		char c = assignment[i];

		if (c == '\\' && assignment[i + 1])
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '[' || c == ']'))
			item = c == '[';
		else if (!quoted && !item && (c == '+' || c == ':'))
			sign = i + 1;
		else if (!quoted && !item && c == '=')
			return i > 0 && sign == i ? i - 1 : i;
	}
	return 0;
}

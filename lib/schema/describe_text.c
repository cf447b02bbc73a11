/* SPDX-License-Identifier: ISC */
#include "schema/describe_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define BOLD "\x1b[1m"
#define PLAIN "\x1b[0m"
#define INDENT ((size_t)2) /* a level of the tree */
#define NAMES_MAX 48 /* columns for names: longer ones push the rest right */
#define TYPE 9       /* columns for a type, the gap after it too */
#define WORDS_MIN 24 /* less room than this beside the names is none */

struct drawing {
	const struct mc_schema *s;
	const struct mc_describe_view *view;
	struct mc_buf *to;
	size_t names; /* columns for names */
	bool measure; /* only how long the names are */
	unsigned parts;
	unsigned part;
};

/* "[IconItem]" for an item, "(any key)" for a wildcard. */
static bool
name_text(const struct mc_schema_key *k, bool item, struct mc_buf *to,
    struct mc_err *e)
{
	const char *name = k->name ? k->name : item ? "item" : "any key";
	const char *open = item ? "[" : k->name ? "" : "(";
	const char *close = item ? "]" : k->name ? "" : ")";
	char *copy = strdup(name);
	bool done;

	if (!copy)
		return mc_fail_memory(e);
	mc_text_show(copy);
	done = mc_buf_printf(to, e, "%s%s%s", open, copy, close);
	free(copy);
	return done;
}

/* Words from the column at on, broken between them where a line is full. */
static bool
put_wrapped(
    const struct drawing *d, size_t at, const char *words, struct mc_err *e)
{
	size_t room = d->view->columns > at ? d->view->columns - at : 0;
	size_t used = 0;
	size_t n;
	size_t width;

	for (; *words; words += n) {
		words += strspn(words, " ");
		n = strcspn(words, " ");
		width = mc_text_width(words, n);
		if (used > 0 && room > 0 && used + 1 + width > room) {
			if (!mc_buf_printf(d->to, e, "\n%*s", (int)at, ""))
				return false;
			used = 0;
		}
		if (!mc_buf_puts(d->to, used ? " " : "", e) ||
		    !mc_buf_add(d->to, words, n, e))
			return false;
		used += width + (used > 0);
	}
	return true;
}

/* One line of the tree, or as many as its words need. */
static bool
put_row(const struct drawing *d, size_t depth, const struct mc_schema_key *k,
    const char *name, const char *words, struct mc_err *e)
{
	size_t begin = (depth + 1) * INDENT;
	size_t width = begin + mc_text_width(name, strlen(name));
	size_t gap = width < d->names ? d->names - width : 0;
	bool bold = d->view->colour && k->required;
	size_t at = d->names + 2 + TYPE;
	bool beside = d->view->columns == 0 ||
	    at + WORDS_MIN <= d->view->columns;

	if (!mc_buf_printf(d->to, e, "%*s%s%s%s%*s  ", (int)begin, "",
		bold ? BOLD : "", name, bold ? PLAIN : "", (int)gap, ""))
		return false;
	if (!*words)
		return mc_buf_printf(
		    d->to, e, "%s\n", mc_schema_type_name(k->type));
	if (beside)
		return mc_buf_printf(d->to, e, "%-*s", TYPE,
			   mc_schema_type_name(k->type)) &&
		    put_wrapped(d, at, words, e) && mc_buf_puts(d->to, "\n", e);
	at = begin + 2 * INDENT;
	return mc_buf_printf(d->to, e, "%s\n%*s", mc_schema_type_name(k->type),
		   (int)at, "") &&
	    put_wrapped(d, at, words, e) && mc_buf_puts(d->to, "\n", e);
}

/* What its own children are the same as, for a structure in itself. */
static bool
put_twin(
    const struct mc_describe_step *twin, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (!twin)
		return true;
	if (!mc_describe_step_encode(twin, &path, e))
		return false;
	return mc_buf_printf(to, e, "%s%s as in %s", to->len ? "; " : "",
	    twin->array ? "items" : "keys",
	    path.len ? mc_buf_str(&path) : "the payload");
}

static bool
words_of(const struct drawing *d, const struct mc_describe_step *up,
    const struct mc_schema_key *k, struct mc_buf *to, struct mc_err *e)
{
	if (!mc_describe_facts(d->s, k, to, e))
		return false;
	for (unsigned os = 0; os < MC_OS_COUNT; os++)
		if (!mc_describe_support(
			&k->support[os], &up->support[os], os, to, e))
			return false;
	return put_twin(mc_describe_step_find(up, k->first, k->n), to, e);
}

/* n keys from first on, and what is below them. */
static bool
draw(struct drawing *d, const struct mc_describe_step *up, size_t depth,
    uint32_t first, uint32_t n, struct mc_err *e)
{
	for (uint32_t i = 0; i < n; i++) {
		AUTO_BUF name = MC_BUF_INIT;
		AUTO_BUF words = MC_BUF_INIT;
		struct mc_schema_key k = mc_schema_key_at(d->s, first + i);
		struct mc_describe_step here = mc_describe_step_of(up, &k);
		size_t width;

		if (!name_text(&k, up->array, &name, e))
			return false;
		width = (depth + 1) * INDENT +
		    mc_text_width(mc_buf_str(&name), name.len);
		if (width > d->names && width <= NAMES_MAX)
			d->names = width;
		if (!d->measure &&
		    (!words_of(d, up, &k, &words, e) ||
			!put_row(d, depth, &k, mc_buf_str(&name),
			    mc_buf_str(&words), e)))
			return false;
		if (!mc_describe_step_find(up, k.first, k.n) &&
		    !draw(d, &here, depth + 1, k.first, k.n, e))
			return false;
	}
	return true;
}

static bool
put_heading(const struct drawing *d, const struct mc_found *f, struct mc_err *e)
{
	AUTO_BUF part = MC_BUF_INIT;
	char type[256];
	char release[256];
	const struct mc_schema_payload *p = &f->part;
	size_t width;

	if (d->parts > 1 &&
	    !mc_buf_printf(&part, e, ", part %u of %u", d->part, d->parts))
		return false;
	/* both may be somebody else's: --schema */
	snprintf(type, sizeof(type), "%s", p->type);
	snprintf(release, sizeof(release), "%s", p->release);
	mc_text_show(type);
	mc_text_show(release);
	width = mc_text_width(type, strlen(type)) + part.len + 4 +
	    mc_text_width(release, strlen(release));
	return mc_buf_printf(d->to, e, "%s%s%s%s%s%s(%s)\n",
		   d->part > 1 ? "\n" : "", d->view->colour ? BOLD : "", type,
		   d->view->colour ? PLAIN : "", mc_buf_str(&part),
		   d->view->columns && width > d->view->columns ? "\n  " : "  ",
		   release) &&
	    (!f->common || mc_buf_puts(d->to, "  a key of every payload\n", e));
}

static bool
put_support(
    const struct drawing *d, const struct mc_support *support, struct mc_err *e)
{
	AUTO_BUF absent = MC_BUF_INIT;

	for (unsigned os = 0; os < MC_OS_COUNT; os++) {
		AUTO_BUF words = MC_BUF_INIT;

		if (!support[os].there) {
			if (!mc_buf_printf(&absent, e, "%s%s",
				absent.len ? ", " : "not on ", mc_os_title(os)))
				return false;
			continue;
		}
		if (!mc_describe_support(&support[os], NULL, os, &words, e) ||
		    !mc_buf_printf(d->to, e, "%*s", (int)INDENT, "") ||
		    !put_wrapped(d, 2 * INDENT, mc_buf_str(&words), e) ||
		    !mc_buf_puts(d->to, "\n", e))
			return false;
	}
	return absent.len == 0 ||
	    mc_buf_printf(
		d->to, e, "%*s%s\n", (int)INDENT, "", mc_buf_str(&absent));
}

static bool
draw_part(void *ctx, const struct mc_found *f, struct mc_err *e)
{
	struct drawing *d = ctx;
	const struct mc_describe_step *up = &f->steps[f->n - 1];
	uint32_t first = f->whole ? f->part.first : f->key.id;
	uint32_t n = f->whole ? f->part.n : 1;

	d->part++;
	d->names = 0;
	d->measure = true;
	if (!put_heading(d, f, e) || !put_support(d, f->part.support, e) ||
	    !mc_buf_puts(d->to, "\n", e) || !draw(d, up, 0, first, n, e))
		return false;
	d->measure = false;
	return draw(d, up, 0, first, n, e);
}

static bool
count_part(void *ctx, const struct mc_found *f, struct mc_err *e)
{
	struct drawing *d = ctx;

	(void)f;
	(void)e;
	d->parts++;
	return true;
}

bool
mc_describe_show(const struct mc_schema *s, const char *type, const char *key,
    const struct mc_describe_view *view, struct mc_buf *to, struct mc_err *e)
{
	struct drawing d = { .s = s, .view = view, .to = to };

	return mc_found_list(s, type, key, count_part, &d, e) &&
	    mc_found_list(s, type, key, draw_part, &d, e);
}

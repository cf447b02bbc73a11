/* SPDX-License-Identifier: ISC */
/* The lines of one payload, set in it. */
#include "profile/recipe_load.h"

#include "plist/path.h"

/* The option of a piece; what a parsed recipe names is there. */
static size_t
option_of(
    const struct mc_recipe_filling *f, const struct mc_recipe_piece *piece)
{
	return mc_recipe_option_find(f->r, piece->text, piece->n) - 1;
}

/* What a value is made of. */
struct use {
	bool complete;                         /* all its options have values */
	const struct mc_recipe_option *secret; /* one of them; NULL: none */
	const struct mc_recipe_option *last;   /* NULL: it has none */
	const struct mc_recipe_loaded *whole;  /* a value of its own */
	const struct mc_recipe_loaded *list;   /* the list in it */
};

static struct use
look(const struct mc_recipe_filling *f, const char *value)
{
	struct use u = { .complete = true };
	struct mc_recipe_piece piece;
	size_t i;

	for (const char *at = value; mc_recipe_piece_next(&at, &piece);) {
		if (!piece.option)
			continue;
		i = option_of(f, &piece);
		u.last = &f->r->options[i];
		u.complete = u.complete && f->values.v[i].has;
		if (u.last->kind == MC_RECIPE_SECRET)
			u.secret = u.last;
		if (u.last->kind == MC_RECIPE_LIST)
			u.list = &f->values.v[i];
		if (u.last->kind == MC_RECIPE_FILE ||
		    u.last->kind == MC_RECIPE_SUBJECT)
			u.whole = &f->values.v[i];
	}
	return u;
}

/* Append the value, with this one of its list. */
static bool
expand(const struct mc_recipe_filling *f, const char *value, const char *item,
    struct mc_buf *to, struct mc_err *e)
{
	struct mc_recipe_piece piece;
	size_t i;

	for (const char *at = value; mc_recipe_piece_next(&at, &piece);) {
		if (!piece.option) {
			if (!mc_buf_add(to, piece.text, piece.n, e))
				return false;
			continue;
		}
		i = option_of(f, &piece);
		if (!mc_buf_puts(to,
			f->r->options[i].kind == MC_RECIPE_LIST
			    ? item
			    : mc_buf_str(&f->values.v[i].text),
			e))
			return false;
	}
	return true;
}

/* Whose fault it is that a line cannot be done. */
static bool
note_line(const struct mc_recipe_filling *f, const struct mc_recipe_line *l,
    const struct use *u, struct mc_err *e)
{
	if (u->secret && e->code != MC_RETRY)
		return mc_fail(e, MC_USAGE,
		    "--%s: what it names is no value for %.*s", u->secret->name,
		    (int)mc_keypath_len(l->key), l->key);
	if (u->last)
		return mc_note(e, "--%s", u->last->name);
	if (e->code == MC_USAGE)
		e->code = MC_MALFORMED;
	return mc_recipe_note(f->r, &l->at, e);
}

/* As in value.h; what came from outside means itself, its "@" too. */
static bool
assign(const struct mc_recipe_filling *f, const char *type, mc_plist *dict,
    const char *key, const char *value, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	return mc_buf_printf(
		   &text, e, "%s%s%s", key, *value == '@' ? "@" : "", value) &&
	    mc_value_assign(f->rules, type, dict, mc_buf_str(&text), e);
}

/* A value of its own, data or an array: as it is. */
static bool
set_whole(const struct mc_recipe_loaded *v, mc_plist *dict,
    const struct mc_recipe_line *l, struct mc_err *e)
{
	AUTO_KEYPATH path = { .n = 0 };

	return mc_keypath_parse(l->key, strlen(l->key) - 1, &path, e) &&
	    mc_keypath_set(dict, &path,
		v->subject ? mc_plist_dup(v->subject)
			   : mc_plist_new_data(v->text.data, v->text.len),
		e);
}

static bool
fill_value(const struct mc_recipe_filling *f, const char *type, mc_plist *dict,
    const struct mc_recipe_line *l, struct mc_err *e)
{
	struct use u = look(f, l->value);
	size_t n = u.list ? u.list->list_n : 1;

	if (!u.complete)
		return true;
	if (u.whole)
		return set_whole(u.whole, dict, l, e) || note_line(f, l, &u, e);
	for (size_t i = 0; i < n; i++) {
		AUTO_BUF text = MC_BUF_INIT;

		if (!expand(
			f, l->value, u.list ? u.list->list[i] : NULL, &text, e))
			return false;
		if (!assign(f, type, dict, l->key, mc_buf_str(&text), e))
			return note_line(f, l, &u, e);
	}
	return true;
}

/* "@uuid:": of the payload that has this label, or of each. */
static bool
fill_reference(const struct mc_recipe_filling *f, const char *type,
    mc_plist *dict, const struct mc_recipe_line *l, struct mc_err *e)
{
	const struct mc_recipe_made *m = NULL;

	for (size_t i = 0; i < f->r->payloads_n; i++) {
		const char *label = f->r->payloads[i].label;

		if (!label || strcmp(label, l->refers) != 0 ||
		    f->made[i].n == 0)
			continue;
		if (m) {
			mc_fail(e, MC_MALFORMED,
			    "@uuid:%s: two payloads are named so", l->refers);
			return mc_recipe_note(f->r, &l->at, e);
		}
		m = &f->made[i];
	}
	for (size_t i = 0; m && i < m->n; i++) {
		AUTO_BUF text = MC_BUF_INIT;

		if (!mc_buf_printf(
			&text, e, "%s@uuid:%s", l->key, m->identifier[i]))
			return false;
		if (!mc_value_assign(
			f->rules, type, dict, mc_buf_str(&text), e))
			return mc_recipe_note(f->r, &l->at, e);
	}
	return true;
}

bool
mc_recipe_lines_fill(const struct mc_recipe_filling *f,
    const struct mc_recipe_payload *p, mc_plist *dict, struct mc_err *e)
{
	const struct mc_recipe_line *l = &f->r->lines[p->first];

	for (size_t i = 0; i < p->n; i++, l++) {
		if (!mc_recipe_if_holds(&f->values, &l->when))
			continue;
		if (l->refers ? !fill_reference(f, p->type, dict, l, e)
			      : !fill_value(f, p->type, dict, l, e))
			return false;
	}
	return true;
}

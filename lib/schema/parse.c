/* SPDX-License-Identifier: ISC */
#include "schema/parse.h"

#include <stdlib.h>

#include "schema/change.h"

struct parser {
	enum mc_parse_pass pass;
	uint32_t source;
	struct mc_draft *d;
	uint32_t release;
	bool released; /* the file tells it */
	enum { NOWHERE, IN_PAYLOAD, IN_CHANGE } where;
	uint32_t type;    /* of the payload, or of the one that is changed */
	uint32_t payload; /* the one that is read */
	uint32_t up[MC_SCHEMA_DEPTH]; /* the last key of each depth */
	unsigned depth;               /* of the last key, from 1; 0: none */
	struct mc_schema_line line;
};

static bool
read_end(struct mc_schema_line *l, struct mc_err *e)
{
	return l->at == l->n ||
	    mc_schema_line_fail(l, e, "want the end of the line");
}

static bool
read_text(struct parser *p, const char *what, uint32_t *out, struct mc_err *e)
{
	const struct mc_schema_word *word;

	if (!mc_schema_line_next(&p->line, what, &word, e))
		return false;
	if (!*word->s)
		return mc_schema_line_fail_at(
		    &p->line, word, e, "%s is empty", what);
	return mc_draft_text_add(p->d, word->s, strlen(word->s), out, e) ||
	    mc_schema_line_note(&p->line, word, e);
}

static bool
read_release(struct parser *p, struct mc_err *e)
{
	if (p->released || p->where != NOWHERE)
		return mc_schema_line_fail(&p->line, e,
		    "the release is told once, before all payloads");
	p->released = true;
	return read_text(p, "the release", &p->release, e) &&
	    read_end(&p->line, e);
}

/* payload TYPE [on ...] */
static bool
read_payload(struct parser *p, struct mc_err *e)
{
	struct mc_draft_payload new = { .release = p->release,
		.source = p->source };

	if (!read_text(p, "the payload's type", &new.type, e))
		return false;
	new.everywhere = !mc_schema_line_take(&p->line, "on");
	if ((!new.everywhere && !mc_support_read(&p->line, new.own, e)) ||
	    !read_end(&p->line, e))
		return false;
	p->where = IN_PAYLOAD;
	p->depth = 0;
	if (p->pass != MC_PARSE_PAYLOADS)
		return true;
	return mc_draft_payload_add(p->d, &new, &p->payload, e) ||
	    mc_schema_line_note(&p->line, p->line.v, e);
}

/* What a change of the payload itself, or of a key, has found. */
static bool
check_found(const struct parser *p, const struct mc_schema_word *at, size_t n,
    struct mc_err *e)
{
	if (n > 0 || p->pass == MC_PARSE_OVERRIDES)
		return true;
	return mc_schema_line_fail_at(
	    &p->line, at, e, "there is no %.64s to change", at->s);
}

/* Systems that are not named stay as they are. */
static bool
change_payloads(struct parser *p, const struct mc_draft_key *k,
    const struct mc_schema_word *at, struct mc_err *e)
{
	struct mc_draft_payload *payload = p->d->payloads;
	size_t n = 0;

	for (; payload < p->d->payloads + p->d->payloads_n; payload++) {
		if (payload->type != p->type || payload->replaced)
			continue;
		n++;
		mc_support_merge(payload->own, k->own);
	}
	return check_found(p, at, n, e);
}

/* change TYPE [on ... because REASON] */
static bool
read_change(struct parser *p, struct mc_err *e)
{
	struct mc_draft_key k = MC_DRAFT_KEY_INIT;
	const struct mc_schema_word *at = &p->line.v[p->line.at];

	if (!read_text(p, "the payload's type", &p->type, e))
		return false;
	p->where = IN_CHANGE;
	if (mc_schema_line_take(&p->line, "on")
		? !mc_support_read(&p->line, k.own, e) ||
		    !mc_change_reason_read(&p->line, e)
		: !read_end(&p->line, e))
		return false;
	return p->pass == MC_PARSE_PAYLOADS || change_payloads(p, &k, at, e);
}

static bool
read_change_line(struct parser *p, struct mc_err *e)
{
	struct mc_change c;
	size_t n = 0;

	if (p->line.indent != 1)
		return mc_schema_line_fail(
		    &p->line, e, "a change begins with one tab");
	if (!mc_change_read(&p->line, p->d, &c, e))
		return false;
	if (p->pass == MC_PARSE_PAYLOADS)
		return true;
	c.lenient = p->pass == MC_PARSE_OVERRIDES;
	return mc_change_apply(&p->line, p->d, p->type, &c, &n, e) &&
	    check_found(p, c.path, n, e);
}

/* The key of this name above, whose children are this one's too. */
static bool
read_again(struct parser *p, struct mc_draft_key *k,
    const struct mc_schema_word *at, struct mc_err *e)
{
	const struct mc_draft_key *above;
	uint32_t up = k->up;

	while (up != MC_DRAFT_NONE && p->d->keys[up].name != k->name)
		up = p->d->keys[up].up;
	if (up == MC_DRAFT_NONE || k->name == 0)
		return mc_schema_line_fail_at(
		    &p->line, at, e, "%.64s is no key above this one", at->s);
	above = &p->d->keys[up];
	k->again = up;
	k->type = above->type;
	k->types = above->types;
	return read_end(&p->line, e);
}

static bool
is_array(const struct parser *p, uint32_t key)
{
	return key != MC_DRAFT_NONE && p->d->keys[key].type == MC_PLIST_ARRAY;
}

/* Only what holds keys may have lines below it. */
static bool
check_up(const struct parser *p, uint32_t up, struct mc_err *e)
{
	const struct mc_draft_key *k;

	if (up == MC_DRAFT_NONE)
		return true;
	k = &p->d->keys[up];
	if (k->again != MC_DRAFT_NONE)
		return mc_schema_line_fail(&p->line, e,
		    "what is below a key that is there again is told above");
	return k->type == MC_PLIST_DICT || k->type == MC_PLIST_ARRAY ||
	    mc_schema_line_fail(
		&p->line, e, "only a dict or an array holds keys");
}

/* NAME, "*" or, in an array, "item NAME". */
static bool
read_name(struct parser *p, struct mc_draft_key *k, struct mc_err *e)
{
	struct mc_schema_line *l = &p->line;

	if (is_array(p, k->up)) {
		if (!mc_schema_line_take(l, "item"))
			return mc_schema_line_fail(
			    l, e, "below an array want item and its name");
		return read_text(p, "the item's name", &k->name, e);
	}
	if (mc_schema_line_take(l, "item"))
		return mc_schema_line_fail(l, e,
		    "only an array has items; a key of this name is quoted");
	return mc_schema_line_take(l, "*") ||
	    read_text(p, "the key", &k->name, e);
}

static bool
read_key(struct parser *p, struct mc_draft_key *k, struct mc_err *e)
{
	struct mc_schema_line *l = &p->line;
	const struct mc_schema_word *name;
	unsigned said = 0;

	if (!read_name(p, k, e))
		return false;
	name = &l->v[l->at - 1];
	if (mc_schema_line_take(l, "again"))
		return read_again(p, k, name, e);
	if (!mc_type_read(l, k))
		return mc_schema_line_fail(l, e,
		    "want dict, array, string, boolean, integer, real, date, "
		    "data or any");
	if (!mc_attributes_read(l, p->d, false, k, &said, e))
		return false;
	return mc_attributes_check(p->d, k, e) ||
	    mc_schema_line_note(l, name, e);
}

static bool
read_key_line(struct parser *p, struct mc_err *e)
{
	struct mc_draft_key k = MC_DRAFT_KEY_INIT;
	unsigned depth = p->line.indent;

	if (p->pass != MC_PARSE_PAYLOADS)
		return true; /* it has been read, and is right */
	if (depth > p->depth + 1)
		return mc_schema_line_fail(
		    &p->line, e, "the line is too deep for what is above it");
	if (depth > MC_SCHEMA_DEPTH)
		return mc_schema_line_fail(&p->line, e,
		    "keys are nested more than %d deep", MC_SCHEMA_DEPTH);
	k.payload = p->payload;
	k.up = depth > 1 ? p->up[depth - 2] : MC_DRAFT_NONE;
	if (!check_up(p, k.up, e) || !read_key(p, &k, e))
		return false;
	p->depth = depth;
	return mc_draft_key_add(p->d, &k, &p->up[depth - 1], e) ||
	    mc_schema_line_note(&p->line, p->line.v, e);
}

static bool
read_line(struct parser *p, struct mc_err *e)
{
	struct mc_schema_line *l = &p->line;

	if (l->n == 0)
		return true;
	if (l->indent > 0 && p->where == IN_PAYLOAD)
		return read_key_line(p, e);
	if (l->indent > 0 && p->where == IN_CHANGE)
		return read_change_line(p, e);
	if (l->indent > 0)
		return mc_schema_line_fail(
		    l, e, "a key comes after payload or change");
	if (mc_schema_line_take(l, "release"))
		return read_release(p, e);
	if (mc_schema_line_take(l, "payload"))
		return read_payload(p, e);
	if (mc_schema_line_take(l, "change"))
		return read_change(p, e);
	return mc_schema_line_fail(l, e, "want release, payload or change");
}

static bool
read_lines(struct parser *p, const struct mc_buf *in, struct mc_err *e)
{
	const char *s = mc_buf_str(in);
	const char *end = s + in->len;
	const char *stop;

	for (; s < end; s = stop + 1) {
		stop = memchr(s, '\n', (size_t)(end - s));
		if (!stop)
			stop = end;
		p->line.line++;
		if (!mc_schema_line_parse(&p->line, s, (size_t)(stop - s), e) ||
		    !read_line(p, e))
			return false;
	}
	return true;
}

bool
mc_schema_parse(const struct mc_buf *in, const char *name, uint32_t source,
    enum mc_parse_pass pass, struct mc_draft *d, struct mc_err *e)
{
	struct parser *p;
	bool good;

	if (in->len > MC_SCHEMA_LIMIT)
		return mc_fail(e, MC_MALFORMED, "%s: more than %zu bytes", name,
		    MC_SCHEMA_LIMIT);
	p = calloc(1, sizeof(*p));
	if (!p)
		return mc_fail_memory(e);
	p->pass = pass;
	p->source = source;
	p->d = d;
	p->line.file = name;
	good = mc_draft_text_add(d, name, strlen(name), &p->release, e) &&
	    read_lines(p, in, e);
	free(p);
	return good;
}

/* SPDX-License-Identifier: ISC */
#include "schema/change.h"

bool
mc_change_reason_read(struct mc_schema_line *l, struct mc_err *e)
{
	const struct mc_schema_word *word;

	if (!mc_schema_line_take(l, "because"))
		return mc_schema_line_fail(
		    l, e, "want because and the reason for this change");
	if (!mc_schema_line_next(l, "the reason", &word, e))
		return false;
	if (!*word->s)
		return mc_schema_line_fail_at(
		    l, word, e, "the reason is empty");
	return l->at == l->n ||
	    mc_schema_line_fail(l, e, "want the end of the line");
}

bool
mc_change_read(struct mc_schema_line *l, struct mc_draft *d,
    struct mc_change *out, struct mc_err *e)
{
	*out = (struct mc_change){ .key = MC_DRAFT_KEY_INIT };
	out->add = mc_schema_line_take(l, "add");
	out->drop = !out->add && mc_schema_line_take(l, "drop");
	if (!mc_schema_line_next(l, "a key's path", &out->path, e))
		return false;
	if (out->drop)
		return mc_change_reason_read(l, e);
	if (mc_type_read(l, &out->key))
		out->said |= MC_SAID_TYPE;
	else if (out->add)
		return mc_schema_line_fail(
		    l, e, "want the type of the key to add");
	if (!mc_attributes_read(l, d, true, &out->key, &out->said, e) ||
	    !mc_change_reason_read(l, e))
		return false;
	return out->said ||
	    mc_schema_line_fail_at(l, out->path, e, "nothing is changed");
}

/* A walk down the path, in one part of the payload. */
struct walk {
	enum { LOOK, CHANGE, ADD } what;
	const struct mc_schema_line *l;
	struct mc_draft *d;
	const struct mc_change *c;
	uint32_t payload;
	size_t *n;
	struct mc_err *e;
};

/* The change is not one for what is there. */
static bool
misfit(const struct walk *walk, const char *why)
{
	return walk->c->lenient ||
	    mc_schema_line_fail_at(walk->l, walk->c->path, walk->e, "%s", why);
}

/* The key as it is from now on, unless that contradicts itself. */
static bool
replace_key(const struct walk *walk, struct mc_draft_key *k)
{
	struct mc_draft_key new = *k;
	struct mc_err why = MC_ERR_INIT;

	mc_attributes_merge(&new, &walk->c->key, walk->c->said);
	if (!mc_attributes_check(walk->d, &new, &why))
		return misfit(walk, why.text);
	*k = new;
	return true;
}

static bool
change_key(const struct walk *walk, uint32_t key)
{
	struct mc_draft_key *k = &walk->d->keys[key];
	uint32_t name = walk->c->key.name;
	uint32_t taken;

	++*walk->n;
	if (walk->what == LOOK)
		return true;
	if (walk->c->drop) {
		mc_draft_key_remove(walk->d, key);
		return true;
	}
	if (k->again != MC_DRAFT_NONE)
		return misfit(walk,
		    "a key that is there again is changed where it is told");
	taken = walk->c->said & MC_SAID_NAME
	    ? mc_draft_key_find(walk->d, k->payload, k->up, name)
	    : key;
	if (taken != key && taken != MC_DRAFT_NONE)
		return misfit(walk, "the new name is there already");
	return replace_key(walk, k);
}

static bool
add_key(const struct walk *walk, uint32_t up, const char *name, size_t len)
{
	struct mc_draft_key k = walk->c->key;
	const struct mc_draft_key *above = up == MC_DRAFT_NONE
	    ? NULL
	    : &walk->d->keys[up];

	if (above &&
	    ((above->type != MC_PLIST_DICT && above->type != MC_PLIST_ARRAY) ||
		above->again != MC_DRAFT_NONE))
		return misfit(walk, "only a dict or an array holds keys");
	k.payload = walk->payload;
	k.up = up;
	if (!(len == 1 && *name == '*') &&
	    !mc_draft_text_add(walk->d, name, len, &k.name, walk->e))
		return mc_schema_line_note(walk->l, walk->c->path, walk->e);
	++*walk->n;
	return (mc_attributes_check(walk->d, &k, walk->e) &&
		   mc_draft_key_add(walk->d, &k, &up, walk->e)) ||
	    mc_schema_line_note(walk->l, walk->c->path, walk->e);
}

/*
 * The step of a path up to the next "/" is the key's name.  A star is each of
 * them; but what is added is the key that stands for any.
 */
static bool
is_step(const struct walk *walk, uint32_t key, const char *step, size_t len)
{
	const char *name = mc_draft_text_get(walk->d, walk->d->keys[key].name);

	if (len == 1 && *step == '*')
		return !name || step[1] || !walk->c->add;
	return name && strlen(name) == len && memcmp(name, step, len) == 0;
}

/* Recursion ends with the path, MC_SCHEMA_DEPTH steps at most. */
static bool
follow(const struct walk *walk, uint32_t up, const char *path, unsigned depth)
{
	size_t len = strcspn(path, "/");
	bool last = path[len] == '\0';
	bool found = false;
	uint32_t next;
	uint32_t key = up == MC_DRAFT_NONE
	    ? walk->d->payloads[walk->payload].first
	    : walk->d->keys[up].first;

	if (depth == MC_SCHEMA_DEPTH || len == 0)
		return mc_schema_line_fail_at(
		    walk->l, walk->c->path, walk->e, "the path is none");
	for (; key != MC_DRAFT_NONE; key = next) {
		next = walk->d->keys[key].next;
		if (!is_step(walk, key, path, len))
			continue;
		found = true;
		if (last ? !change_key(walk, key)
			 : !follow(walk, key, path + len + 1, depth + 1))
			return false;
	}
	return found || !last || walk->what != ADD ||
	    add_key(walk, up, path, len);
}

/* The path in each part; with once, in the first that has it only. */
static bool
walk_parts(struct walk *walk, uint32_t type, bool once)
{
	const struct mc_draft_payload *p;

	for (uint32_t i = 0; i < walk->d->payloads_n; i++) {
		p = &walk->d->payloads[i];
		walk->payload = i;
		if (p->type != type || p->replaced)
			continue;
		if (!follow(walk, MC_DRAFT_NONE, walk->c->path->s, 0))
			return false;
		if (once && *walk->n > 0)
			return true;
	}
	return true;
}

bool
mc_change_apply(const struct mc_schema_line *l, struct mc_draft *d,
    uint32_t type, const struct mc_change *c, size_t *n, struct mc_err *e)
{
	struct walk walk = { LOOK, l, d, c, 0, n, e };

	if (!walk_parts(&walk, type, false))
		return false;
	/* what no part has yet is added to one of them */
	walk.what = *n == 0 && c->add ? ADD : CHANGE;
	*n = 0;
	return walk_parts(&walk, type, walk.what == ADD);
}

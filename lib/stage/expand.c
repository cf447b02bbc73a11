/* SPDX-License-Identifier: ISC */
#include "stage/expand.h"

#include <stdio.h>
#include <stdlib.h>

void
mc_argv_clear(struct mc_argv *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->v[i]);
	a->n = 0;
}

const char *
mc_expand_next(const char **p, char name[static MC_EXPAND_NAME])
{
	const char *start = strstr(*p, "%{");
	size_t n;

	if (!start)
		return NULL;
	n = strcspn(start + 2, "}");
	snprintf(name, MC_EXPAND_NAME, "%.*s", (int)n, start + 2);
	*p = start + 2 + n + 1;
	return start;
}

static const char *
value(const struct mc_expand_scope *s, const char *name, size_t i)
{
	const char *fact = mc_facts_get(s->facts, name);

	if (fact)
		return i == 0 ? fact : NULL;
	return s->env->lookup ? s->env->lookup(s->env->ctx, name, i) : NULL;
}

static size_t
count(const struct mc_expand_scope *s, const char *name)
{
	size_t n = 0;

	while (n < MC_LIST_MAX && value(s, name, n))
		n++;
	return n;
}

/* A word in round i of its brackets; what has one value keeps it. */
static bool
expand(const struct mc_expand_scope *s, const char *text, size_t i,
    struct mc_argv *to, struct mc_err *e)
{
	AUTO_BUF word = MC_BUF_INIT;
	char name[MC_EXPAND_NAME];
	const char *from = text;
	const char *p = text;
	const char *start;

	while ((start = mc_expand_next(&p, name)) != NULL) {
		if (!mc_buf_add(&word, from, (size_t)(start - from), e) ||
		    !mc_buf_puts(
			&word, value(s, name, count(s, name) > 1 ? i : 0), e))
			return false;
		from = p;
	}
	if (!mc_buf_puts(&word, from, e))
		return false;
	if (to->n == MC_CHAIN_WORDS)
		return mc_fail(
		    e, MC_INTERNAL, "more than %d words", MC_CHAIN_WORDS);
	to->v[to->n] = strdup(mc_buf_str(&word));
	return to->v[to->n++] ? true : mc_fail_memory(e);
}

/* Outside brackets every name must have one value. */
static bool
check_single(
    const struct mc_expand_scope *s, const char *text, struct mc_err *e)
{
	char name[MC_EXPAND_NAME];
	const char *p = text;
	size_t n;

	while (mc_expand_next(&p, name)) {
		n = count(s, name);
		if (n == 0)
			return mc_fail(
			    e, MC_INTERNAL, "%%{%s} is not known here", name);
		if (n > 1)
			return mc_fail(e, MC_INTERNAL,
			    "%%{%s} has %zu values: write it in [ ]", name, n);
	}
	return true;
}

/* "env:MCPROFILE_X", the fact X of which the value stays out of argv. */
static bool
is_secret(const char *text, const char **name)
{
	const char prefix[] = "env:" MC_FACT_PREFIX;
	const size_t n = sizeof(prefix) - 1;

	*name = text + n;
	return strncmp(text, prefix, n) == 0;
}

/* How many rounds the brackets from word i on make; 0 leaves them out. */
static bool
rounds(const struct mc_expand_scope *s, const struct mc_chain_word *w,
    size_t *out, struct mc_err *e)
{
	char name[MC_EXPAND_NAME];
	const char *secret;
	bool unknown = false;
	size_t n;

	*out = 1;
	for (; w->kind == MC_CHAIN_TEXT; w++) {
		unknown |= is_secret(w->text, &secret) &&
		    !mc_facts_get(s->facts, secret);
		for (const char *p = w->text; mc_expand_next(&p, name);) {
			n = count(s, name);
			unknown |= n == 0;
			if (n > 1 && *out > 1 && n != *out)
				return mc_fail(e, MC_INTERNAL,
				    "%%{%s} has %zu values, another list in "
				    "its [ ] has %zu",
				    name, n, *out);
			if (n > 1)
				*out = n;
		}
	}
	if (unknown)
		*out = 0;
	return true;
}

static bool
expand_brackets(const struct mc_expand_scope *s, const struct mc_chain_word *w,
    struct mc_argv *to, struct mc_err *e)
{
	size_t n;

	if (!rounds(s, w, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		for (const struct mc_chain_word *t = w;
		     t->kind == MC_CHAIN_TEXT; t++)
			if (!expand(s, t->text, i, to, e))
				return false;
	return true;
}

bool
mc_expand_stage(const struct mc_chain *c, const struct mc_expand_scope *s,
    size_t *at, struct mc_argv *to, struct mc_err *e)
{
	const struct mc_chain_word *w;

	for (; *at < c->n && c->word[*at].kind != MC_CHAIN_PIPE; ++*at) {
		w = &c->word[*at];
		if (w->kind == MC_CHAIN_OPEN) {
			if (!expand_brackets(s, w + 1, to, e))
				return false;
			while (c->word[*at].kind != MC_CHAIN_CLOSE)
				++*at;
		} else if (!check_single(s, w->text, e) ||
		    !expand(s, w->text, 0, to, e)) {
			return false;
		}
	}
	++*at;
	return true;
}

bool
mc_chain_check(const struct mc_chain *c, const struct mc_chain_env *env)
{
	const struct mc_facts none = { 0 };
	const struct mc_expand_scope scope = { env, &none };
	struct mc_err e;
	size_t n;

	for (size_t i = 0; i < c->n; i++) {
		if (c->word[i].kind == MC_CHAIN_TEXT)
			return true;
		if (c->word[i].kind != MC_CHAIN_OPEN)
			continue;
		if (!rounds(&scope, &c->word[i + 1], &n, &e) || n > 0)
			return true;
		while (c->word[i].kind != MC_CHAIN_CLOSE)
			i++;
	}
	return false;
}

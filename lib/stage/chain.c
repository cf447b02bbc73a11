/* SPDX-License-Identifier: ISC */
#include "stage/chain.h"

#include <stdio.h>
#include <stdlib.h>

#include "stage/expand.h"
#include "stage/spawn.h"

#define SECONDS 30

static bool
check_names(const char *text, struct mc_err *e)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-";
	size_t n;

	while ((text = strstr(text, "%{")) != NULL) {
		text += 2;
		n = strspn(text, chars);
		if (n == 0 || n >= MC_EXPAND_NAME || text[n] != '}')
			return mc_fail(
			    e, MC_MALFORMED, "%%{%.20s: want %%{NAME}", text);
	}
	return true;
}

/* One word from *in on, unquoted into *out, which is advanced. */
static bool
cut_word(const char **in, char **out, struct mc_err *e)
{
	bool quoted = false;
	const char *p = *in;

	for (; *p && (quoted || !strchr(" \t[]|", *p)); p++) {
		if (*p == '"')
			quoted = !quoted;
		else
			*(*out)++ = *p;
	}
	if (quoted)
		return mc_fail(e, MC_MALFORMED, "a quote is not closed");
	*(*out)++ = '\0';
	*in = p;
	return true;
}

static bool
add_word(struct mc_chain *c, enum mc_chain_kind kind, const char *text,
    struct mc_err *e)
{
	if (c->n == MC_CHAIN_WORDS)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d words", MC_CHAIN_WORDS);
	c->word[c->n++] = (struct mc_chain_word){ kind, text };
	return true;
}

static bool
cut(const char *p, struct mc_chain *c, struct mc_err *e)
{
	static const char signs[] = "|[]";
	static const enum mc_chain_kind kinds[] = { MC_CHAIN_PIPE,
		MC_CHAIN_OPEN, MC_CHAIN_CLOSE };
	char *out = c->text;
	const char *word;
	const char *sign;

	while (*(p += strspn(p, " \t"))) {
		sign = strchr(signs, *p);
		if (sign) {
			if (!add_word(c, kinds[sign - signs], NULL, e))
				return false;
			p++;
			continue;
		}
		word = out;
		if (!cut_word(&p, &out, e) || !check_names(word, e) ||
		    !add_word(c, MC_CHAIN_TEXT, word, e))
			return false;
	}
	return true;
}

/* Every stage and every bracket holds a word; brackets do not nest. */
static bool
check(const struct mc_chain *c, struct mc_err *e)
{
	bool open = false;
	size_t words = 0;

	for (size_t i = 0; i < c->n; i++) {
		switch (c->word[i].kind) {
		case MC_CHAIN_TEXT:
			words++;
			break;
		case MC_CHAIN_OPEN:
			if (open)
				return mc_fail(e, MC_MALFORMED, "[ inside [ ]");
			open = true;
			break;
		case MC_CHAIN_CLOSE:
			if (!open)
				return mc_fail(e, MC_MALFORMED, "] without [");
			if (c->word[i - 1].kind == MC_CHAIN_OPEN)
				return mc_fail(e, MC_MALFORMED, "[ ] is empty");
			open = false;
			break;
		case MC_CHAIN_PIPE:
			if (open)
				return mc_fail(e, MC_MALFORMED, "| inside [ ]");
			if (words == 0)
				return mc_fail(
				    e, MC_MALFORMED, "no stage before |");
			words = 0;
			break;
		}
	}
	if (open)
		return mc_fail(e, MC_MALFORMED, "[ is not closed");
	return words > 0 ||
	    mc_fail(e, MC_MALFORMED,
		c->n ? "no stage after |" : "the chain is empty");
}

bool
mc_chain_parse(const char *text, struct mc_chain *out, struct mc_err *e)
{
	/* each word ends with a NUL, where a sign may follow it at once */
	*out = (struct mc_chain){ .text = calloc(2, strlen(text) + 1) };
	if (!out->text)
		return mc_fail_memory(e);
	if (cut(text, out, e) && check(out, e))
		return true;
	mc_chain_clear(out);
	return false;
}

void
mc_chain_clear(struct mc_chain *c)
{
	free(c->text);
	c->text = NULL;
	c->n = 0;
}

bool
mc_chain_names(const struct mc_chain *c,
    bool (*each)(const void *ctx, const char *name, bool may, struct mc_err *e),
    const void *ctx, struct mc_err *e)
{
	char name[MC_EXPAND_NAME];
	bool may = false;

	for (size_t i = 0; i < c->n; i++) {
		if (c->word[i].kind != MC_CHAIN_TEXT) {
			may = c->word[i].kind == MC_CHAIN_OPEN;
			continue;
		}
		for (const char *p = c->word[i].text; mc_expand_next(&p, name);)
			if (!each(ctx, name, may, e))
				return false;
	}
	return true;
}

static const struct mc_stage *
find(const struct mc_chain_env *env, const char *name)
{
	const struct mc_stage *const *s = env->builtins;

	if (env->exec_all)
		return NULL;
	while (s && *s && strcmp((*s)->name, name) != 0)
		s++;
	return s ? *s : NULL;
}

static bool
run_stage(const struct mc_chain_env *env, const struct mc_argv *a,
    struct mc_buf *msg, struct mc_facts *facts, struct mc_err *e)
{
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_io io = { .in = msg, .out = &out, .facts = facts };
	const struct mc_stage *s = find(env, a->v[0]);

	if (s && env->forget)
		env->forget();
	if (s ? !mc_stage_run(s, (int)a->n, a->v, &io, e)
	      : !mc_spawn(a->v, env->seconds ? env->seconds : SECONDS, &io, e))
		return false;
	mc_buf_swap(msg, &out);
	return true;
}

static bool
run(const struct mc_chain *c, const struct mc_chain_env *env,
    struct mc_buf *msg, struct mc_facts *facts,
    char stage[static MC_CHAIN_NAME], struct mc_err *e)
{
	const struct mc_expand_scope scope = { env, facts };
	const char *slash;
	size_t ran = 0;

	for (size_t at = 0; at < c->n;) {
		AUTO_ARGV a = { 0 };

		/* until its words are known: for the log */
		snprintf(stage, MC_CHAIN_NAME, "%s",
		    c->word[at].text ? c->word[at].text : "");
		if (!mc_expand_stage(c, &scope, &at, &a, e))
			return false;
		if (a.n == 0)
			continue;
		slash = strrchr(a.v[0], '/');
		snprintf(
		    stage, MC_CHAIN_NAME, "%s", slash ? slash + 1 : a.v[0]);
		if (!run_stage(env, &a, msg, facts, e))
			return false;
		ran++;
	}
	return ran > 0 ||
	    mc_fail(e, MC_INTERNAL, "no stage is left of the chain");
}

bool
mc_chain_run(const struct mc_chain *c, const struct mc_chain_env *env,
    struct mc_buf *msg, struct mc_facts *facts,
    char stage[static MC_CHAIN_NAME], struct mc_err *e)
{
	if (run(c, env, msg, facts, stage, e))
		return true;
	mc_buf_clear(msg);
	return false;
}

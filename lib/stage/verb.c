/* SPDX-License-Identifier: ISC */
#include "stage/verb.h"

#include "base/near.h"

void
mc_called_clear(struct mc_called *c)
{
	if (c->made.clear)
		c->made.clear(&c->made);
	*c = (struct mc_called){ 0 };
}

void *
mc_called_args(const struct mc_called *c, void *args)
{
	return c->made.verb.run ? c->made.args : args;
}

/* "challenge new" against argv[i], argv[i + 1]; how many words matched. */
static int
verb_words(const char *name, int argc, char *const *argv, int i)
{
	int words = 0;
	size_t n;

	for (; i < argc; i++, words++) {
		n = strcspn(name, " ");
		if (strlen(argv[i]) != n || memcmp(argv[i], name, n) != 0)
			return 0;
		if (!name[n])
			return words + 1;
		name += n + 1;
	}
	return 0;
}

static bool
begins(const struct mc_verb *v, const char *word)
{
	size_t n = strlen(word);

	return strncmp(v->name, word, n) == 0 && v->name[n] == ' ';
}

bool
mc_verb_is_half(const struct mc_stage *s, const char *word)
{
	const struct mc_verb *v = s->verbs;

	while (v->run && !begins(v, word))
		v++;
	return v->run;
}

/* Say what may follow the word. */
static bool
fail_half(const struct mc_stage *s, const char *word, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	const char *last = NULL;

	for (const struct mc_verb *v = s->verbs; v->run; v++) {
		if (!begins(v, word))
			continue;
		if (last &&
		    !mc_buf_printf(
			&text, e, "%s%s", text.len ? ", " : "", last))
			return false;
		last = v->name + strlen(word) + 1;
	}
	return mc_fail(e, MC_USAGE, "%s: say %s%s%s", word, mc_buf_str(&text),
	    text.len ? " or " : "", last);
}

static bool
add_near(void *ctx, const char *name, const char *summary, struct mc_err *e)
{
	(void)summary;
	(void)e;
	mc_near_add(ctx, name);
	return true;
}

static bool
fail_unknown(const struct mc_stage *s, int argc, char *const *argv, int at,
    struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(argv[at]);

	for (const struct mc_verb *v = s->verbs; v->run; v++)
		mc_near_add(&near, v->name);
	if (s->maker && !s->maker->list(argc, argv, add_near, &near, e))
		return false;
	if (near.n)
		return mc_fail(e, MC_USAGE,
		    "%s: no such verb; did you mean %s?", argv[at],
		    mc_near_text(&near));
	return mc_fail(
	    e, MC_USAGE, "%s: no such verb; --help lists them", argv[at]);
}

bool
mc_verb_find(const struct mc_stage *s, int argc, char *const *argv, int *i,
    struct mc_called *out, struct mc_err *e)
{
	int words;

	if (*i >= argc)
		return mc_fail(
		    e, MC_USAGE, "a verb is required; --help lists them");
	for (const struct mc_verb *v = s->verbs; v->run; v++) {
		words = verb_words(v->name, argc, argv, *i);
		*i += words;
		if (words) {
			out->verb = v;
			return true;
		}
	}
	if (mc_verb_is_half(s, argv[*i]))
		return fail_half(s, argv[*i], e);
	if (s->maker && !s->maker->make(argc, argv, *i, &out->made, e))
		return false;
	if (!out->made.verb.run)
		return fail_unknown(s, argc, argv, *i, e);
	out->verb = &out->made.verb;
	++*i;
	return true;
}

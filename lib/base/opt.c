/* SPDX-License-Identifier: ISC */
#include "base/opt.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/opt_part.h"
#include "base/time.h"

static bool
store_uint(const char *val, char *field, struct mc_err *e)
{
	unsigned long n;
	unsigned u;
	char *end;

	errno = 0;
	n = strtoul(val, &end, 10);
	if (errno || end == val || *end || *val < '0' || *val > '9' ||
	    n > UINT_MAX)
		return mc_fail(e, MC_USAGE, "not a number: %s", val);
	u = (unsigned)n;
	memcpy(field, &u, sizeof(u));
	return true;
}

static bool
store_seconds(const char *val, char *field, struct mc_err *e)
{
	int64_t s;

	if (!mc_time_seconds_parse(val, &s))
		return mc_fail(e, MC_USAGE,
		    "want a time like 90s, 15m, 1h or 2d, not %s", val);
	memcpy(field, &s, sizeof(s));
	return true;
}

static bool
store_choice(
    const struct mc_opt *o, const char *val, char *field, struct mc_err *e)
{
	const char *p = o->arg;
	size_t n;

	for (unsigned i = 0;; i++, p += n + 1) {
		n = strcspn(p, "|");
		if (strlen(val) == n && memcmp(p, val, n) == 0) {
			memcpy(field, &i, sizeof(i));
			return true;
		}
		if (!p[n])
			return mc_fail(
			    e, MC_USAGE, "want one of %s, not %s", o->arg, val);
	}
}

static bool
store_list(const char *val, void *field, struct mc_err *e)
{
	struct mc_list *l = field;

	if (l->n == MC_LIST_MAX)
		return mc_fail(e, MC_USAGE, "more than %d values", MC_LIST_MAX);
	l->v[l->n++] = val;
	return true;
}

static bool
add_word(struct mc_words *w, const char *word, struct mc_err *e)
{
	size_t cap = w->cap ? 2 * w->cap : 16;
	const char **v;

	if (w->n == w->cap) {
		v = reallocarray(w->v, cap, sizeof(*v));
		if (!v)
			return mc_fail_memory(e);
		w->v = v;
		w->cap = cap;
	}
	w->v[w->n++] = word;
	return true;
}

/* A group's first word, or one more: in front of the NULL that ends it. */
static bool
add_grouped(struct mc_words *w, const char *word, bool first, struct mc_err *e)
{
	if (!first)
		w->n--;
	return add_word(w, word, e) && add_word(w, NULL, e);
}

bool
mc_opt_store(
    const struct mc_opt *o, const char *val, void *args, struct mc_err *e)
{
	char *field = (char *)args + o->off;

	switch (o->kind) {
	case MC_OPT_FLAG:
		memcpy(field, &(bool){ true }, sizeof(bool));
		return true;
	case MC_OPT_WORD:
	case MC_OPT_STR:
		memcpy(field, &val, sizeof(val));
		return true;
	case MC_OPT_UINT:
		return store_uint(val, field, e);
	case MC_OPT_SECONDS:
		return store_seconds(val, field, e);
	case MC_OPT_CHOICE:
		return store_choice(o, val, field, e);
	case MC_OPT_LIST:
		return store_list(val, field, e);
	case MC_OPT_WORDS:
		return add_word((struct mc_words *)(void *)field, val, e);
	case MC_OPT_GROUP:
		return add_grouped(
		    (struct mc_words *)(void *)field, val, true, e);
	case MC_OPT_NONE:
		break;
	}
	return mc_fail(e, MC_INTERNAL, "unknown kind");
}

/* "-k" and "--key" match with *val NULL; "--key=x" with *val "x". */
static bool
matches(const struct mc_opt *o, const char *word, const char **val)
{
	size_t n = strlen(o->name);

	*val = NULL;
	if (o->kind == MC_OPT_WORD || o->kind == MC_OPT_WORDS)
		return false;
	if (o->sh && word[1] == o->sh && word[2] == '\0')
		return true;
	if (word[1] != '-' || strncmp(word + 2, o->name, n) != 0)
		return false;
	if (word[2 + n] == '=')
		*val = word + 3 + n;
	return *val || word[2 + n] == '\0';
}

static const struct mc_opt *
lookup(const struct mc_opt_set *sets, const char *word, const char **val,
    void **args)
{
	for (; sets->args; sets++) {
		*args = sets->args;
		for (const struct mc_opt *o = sets->opts; o && o->kind; o++)
			if (matches(o, word, val))
				return o;
	}
	return NULL;
}

static struct mc_words *
words_of(const struct mc_opt *o, void *args)
{
	return (struct mc_words *)(void *)((char *)args + o->off);
}

/* The group that a word without a dash belongs to; NULL where none is open. */
static struct mc_words *
open_group(const struct mc_opt_set *sets)
{
	for (; sets->args; sets++)
		for (const struct mc_opt *o = sets->opts; o && o->kind; o++)
			if (o->kind == MC_OPT_GROUP &&
			    words_of(o, sets->args)->n > 0)
				return words_of(o, sets->args);
	return NULL;
}

/* The first WORD option that has no value yet, or one that takes all. */
static const struct mc_opt *
free_word(const struct mc_opt_set *sets, void **args)
{
	const char *s;

	for (; sets->args; sets++) {
		*args = sets->args;
		for (const struct mc_opt *o = sets->opts; o && o->kind; o++) {
			if (o->kind == MC_OPT_WORDS)
				return o;
			if (o->kind != MC_OPT_WORD)
				continue;
			memcpy(&s, (char *)sets->args + o->off, sizeof(s));
			if (!s)
				return o;
		}
	}
	return NULL;
}

static bool
parse_dashed(const struct mc_opt_set *sets, int argc, char *const *argv, int *i,
    struct mc_err *e)
{
	const struct mc_opt *o;
	const char *val;
	void *args;

	o = lookup(sets, argv[*i], &val, &args);
	if (!o)
		return mc_fail(e, MC_USAGE,
		    "%s: no such option; --help lists them", argv[*i]);
	if (o->kind == MC_OPT_FLAG && val)
		return mc_fail(e, MC_USAGE, "--%s takes no value", o->name);
	if (o->kind != MC_OPT_FLAG && !val)
		val = *i + 1 < argc ? argv[++*i] : NULL;
	if (o->kind != MC_OPT_FLAG && !val)
		return mc_fail(e, MC_USAGE, "--%s needs %s", o->name, o->arg);
	return mc_opt_store(o, val, args, e) || mc_note(e, "--%s", o->name);
}

bool
mc_opt_parse(const struct mc_opt_set *sets, int argc, char *const *argv, int *i,
    struct mc_err *e)
{
	const struct mc_opt *o;
	struct mc_words *group;
	bool words_only = false;
	void *args;

	for (; *i < argc; ++*i) {
		if (!words_only && strcmp(argv[*i], "--") == 0) {
			words_only = true;
			continue;
		}
		if (!words_only && argv[*i][0] == '-' && argv[*i][1]) {
			if (!parse_dashed(sets, argc, argv, i, e))
				return false;
			continue;
		}
		group = open_group(sets);
		if (group) {
			if (!add_grouped(group, argv[*i], false, e))
				return false;
			continue;
		}
		o = free_word(sets, &args);
		if (!o)
			return true;
		if (!mc_opt_store(o, argv[*i], args, e))
			return false;
	}
	return true;
}

void
mc_opt_clear(const struct mc_opt *opts, void *args)
{
	for (const struct mc_opt *o = opts; args && o && o->kind; o++)
		if (o->kind == MC_OPT_WORDS || o->kind == MC_OPT_GROUP) {
			free(words_of(o, args)->v);
			*words_of(o, args) = (struct mc_words){ 0 };
		}
}

static bool
given(const struct mc_opt *o, const void *args)
{
	const char *field = (const char *)args + o->off;
	const char *s;

	if (o->kind == MC_OPT_LIST)
		return ((const struct mc_list *)(const void *)field)->n > 0;
	if (o->kind == MC_OPT_WORDS || o->kind == MC_OPT_GROUP)
		return ((const struct mc_words *)(const void *)field)->n > 0;
	memcpy(&s, field, sizeof(s));
	return s != NULL;
}

const struct mc_opt *
mc_opt_missing(const struct mc_opt *opts, const void *args)
{
	for (const struct mc_opt *o = opts; o && o->kind; o++)
		if (o->required && !given(o, args))
			return o;
	return NULL;
}

bool
mc_opt_check(const struct mc_opt_set *sets, struct mc_err *e)
{
	const struct mc_opt *o;

	for (; sets->args; sets++) {
		o = mc_opt_missing(sets->opts, sets->args);
		if (o && (o->kind == MC_OPT_WORD || o->kind == MC_OPT_WORDS))
			return mc_fail(e, MC_USAGE, "%s is required", o->arg);
		if (o)
			return mc_fail(e, MC_USAGE, "--%s %s is required",
			    o->name, o->arg);
	}
	return true;
}

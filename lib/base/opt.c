/* SPDX-License-Identifier: ISC */
#include "base/opt.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/near.h"
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

/* The caller knows whether the name has dashes, and puts it in front. */
static bool
store(const struct mc_opt *o, const char *val, void *args, struct mc_err *e)
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
	if (o->kind == MC_OPT_WORD)
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

/* The first WORD option that has no value yet. */
static const struct mc_opt *
free_word(const struct mc_opt_set *sets, void **args)
{
	const char *s;

	for (; sets->args; sets++) {
		*args = sets->args;
		for (const struct mc_opt *o = sets->opts; o && o->kind; o++) {
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
	return store(o, val, args, e) || mc_note(e, "--%s", o->name);
}

bool
mc_opt_parse(const struct mc_opt_set *sets, int argc, char *const *argv, int *i,
    struct mc_err *e)
{
	const struct mc_opt *o;
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
		o = free_word(sets, &args);
		if (!o)
			return true;
		if (!store(o, argv[*i], args, e))
			return false;
	}
	return true;
}

static bool
given(const struct mc_opt *o, const void *args)
{
	const char *field = (const char *)args + o->off;
	const char *s;

	if (o->kind == MC_OPT_LIST)
		return ((const struct mc_list *)(const void *)field)->n > 0;
	memcpy(&s, field, sizeof(s));
	return s != NULL;
}

/* The first required option that was not given; NULL if all were. */
static const struct mc_opt *
missing(const struct mc_opt *opts, const void *args)
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
		o = missing(sets->opts, sets->args);
		if (o && o->kind == MC_OPT_WORD)
			return mc_fail(e, MC_USAGE, "%s is required", o->arg);
		if (o)
			return mc_fail(e, MC_USAGE, "--%s %s is required",
			    o->name, o->arg);
	}
	return true;
}

/* "name = value" cut into its parts; the value's surrounding blanks go. */
static bool
cut(char *line, char **name, char **value)
{
	char *eq = strchr(line, '=');
	char *end;

	if (!eq)
		return false;
	*name = line + strspn(line, " \t");
	for (end = eq; end > *name && strchr(" \t", end[-1]);)
		end--;
	*end = '\0';
	*value = eq + 1 + strspn(eq + 1, " \t");
	for (end = *value + strlen(*value);
	     end > *value && strchr(" \t\r", end[-1]);)
		end--;
	*end = '\0';
	return **name != '\0';
}

static bool
conf_value(
    const struct mc_opt *o, const char *value, void *args, struct mc_err *e)
{
	bool yes = strcmp(value, "yes") == 0;

	if (o->kind != MC_OPT_FLAG && !*value)
		return mc_fail(e, MC_MALFORMED, "%s: is empty", o->name);
	if (o->kind != MC_OPT_FLAG)
		return store(o, value, args, e) || mc_note(e, "%s", o->name);
	if (!yes && strcmp(value, "no") != 0)
		return mc_fail(e, MC_MALFORMED, "%s: want yes or no", o->name);
	memcpy((char *)args + o->off, &yes, sizeof(yes));
	return true;
}

static bool
fail_unknown(const struct mc_opt_set *sets, const char *name, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(name);

	for (; sets->args; sets++)
		for (const struct mc_opt *o = sets->opts; o && o->kind; o++)
			mc_near_add(&near, o->name);
	if (near.n == 0)
		return mc_fail(e, MC_MALFORMED, "%.64s: no such setting", name);
	return mc_fail(e, MC_MALFORMED,
	    "%.64s: no such setting; did you mean %s?", name,
	    mc_near_text(&near));
}

/* lines has a row for each set. */
static bool
conf_line(const struct mc_opt_set *sets, char *line, unsigned n,
    unsigned (*lines)[MC_OPT_CONF_MAX], struct mc_err *e)
{
	const struct mc_opt_set *set = sets;
	const struct mc_opt *o = NULL;
	char *name;
	char *value;
	unsigned *said;

	if (!cut(line, &name, &value))
		return mc_fail(e, MC_MALFORMED, "want NAME = VALUE");
	for (; set->args; set++, lines++) {
		for (o = set->opts; o->kind && strcmp(o->name, name) != 0;)
			o++;
		if (o->kind)
			break;
	}
	if (!set->args)
		return fail_unknown(sets, name, e);
	said = &(*lines)[o - set->opts];
	if (*said && o->kind != MC_OPT_LIST)
		return mc_fail(e, MC_MALFORMED, "%s: is there twice", name);
	*said = n;
	return conf_value(o, value, set->args, e);
}

bool
mc_opt_stretch_parse(const struct mc_opt_set *sets,
    const struct mc_opt_stretch *s, unsigned (*lines)[MC_OPT_CONF_MAX],
    struct mc_err *e)
{
	char *line = s->text;
	char *next;

	for (unsigned n = s->line; line && *line; n++, line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (strchr("#", line[strspn(line, " \t\r")]))
			continue; /* a comment, or nothing: strchr finds \0 */
		if (!conf_line(sets, line, n, lines, e)) {
			e->code = MC_MALFORMED;
			return mc_note(e, "%s:%u", s->name, n);
		}
	}
	return true;
}

bool
mc_opt_conf_parse(const struct mc_opt *opts, const char *name,
    struct mc_buf *text, void *args, struct mc_err *e)
{
	const struct mc_opt_set sets[] = { { opts, args }, { NULL, NULL } };
	unsigned lines[1][MC_OPT_CONF_MAX] = { { 0 } };
	const struct mc_opt *o;

	if (text->len != strlen(mc_buf_str(text)))
		return mc_fail(e, MC_MALFORMED, "%s: holds a NUL", name);
	if (!mc_opt_stretch_parse(sets,
		&(struct mc_opt_stretch){ name, (char *)text->data, 1 }, lines,
		e))
		return false;
	o = missing(opts, args);
	return !o ||
	    mc_fail(e, MC_MALFORMED, "%s: %s is required", name, o->name);
}

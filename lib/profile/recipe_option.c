/* SPDX-License-Identifier: ISC */
/* The options of a recipe: read, checked, and as a table. */
#include "profile/recipe_reader.h"

#include <ctype.h>

#include "base/near.h"

static const char *const kinds[MC_RECIPE_KINDS] = {
	[MC_RECIPE_TEXT] = "text",
	[MC_RECIPE_SECRET] = "secret",
	[MC_RECIPE_FILE] = "file",
	[MC_RECIPE_SUBJECT] = "subject",
	[MC_RECIPE_INTEGER] = "integer",
	[MC_RECIPE_CHOICE] = "choice",
	[MC_RECIPE_FLAG] = "flag",
	[MC_RECIPE_LIST] = "list",
	[MC_RECIPE_CERTIFICATES] = "certificates",
};

const char *
mc_recipe_kind_name(enum mc_recipe_kind k)
{
	return kinds[k];
}

size_t
mc_recipe_option_find(const struct mc_recipe *r, const char *name, size_t n)
{
	for (size_t i = 0; i < r->options_n; i++)
		if (strlen(r->options[i].name) == n &&
		    memcmp(r->options[i].name, name, n) == 0)
			return i + 1;
	return 0;
}

bool
mc_recipe_option_get(const struct mc_recipe_reader *rd, const char *name,
    size_t n, size_t *number, struct mc_err *e)
{
	char text[65];
	struct mc_near near = MC_NEAR_INIT(text);

	*number = mc_recipe_option_find(rd->r, name, n);
	if (*number)
		return true;
	n = n < sizeof(text) ? n : sizeof(text) - 1;
	memcpy(text, name, n);
	text[n] = '\0';
	for (size_t i = 0; i < rd->r->options_n; i++)
		mc_near_add(&near, rd->r->options[i].name);
	if (near.n)
		return mc_fail(e, MC_MALFORMED,
		    "%s: no option above has this name; near: %s", text,
		    mc_near_text(&near));
	return mc_fail(
	    e, MC_MALFORMED, "%s: no option above has this name", text);
}

static bool
read_kind(
    struct mc_recipe_reader *rd, enum mc_recipe_kind *out, struct mc_err *e)
{
	const char *word = mc_recipe_word(rd);
	struct mc_near near = MC_NEAR_INIT(word);

	if (!word)
		return mc_fail(e, MC_MALFORMED,
		    "want option NAME KIND ARG, and required or = DEFAULT");
	for (size_t k = 0; k < MC_RECIPE_KINDS; k++) {
		if (strcmp(kinds[k], word) == 0) {
			*out = (enum mc_recipe_kind)k;
			return true;
		}
		mc_near_add(&near, kinds[k]);
	}
	if (near.n)
		return mc_fail(e, MC_MALFORMED,
		    "%.64s: no such kind of option; did you mean %s?", word,
		    mc_near_text(&near));
	return mc_fail(e, MC_MALFORMED,
	    "%.64s: no such kind of option: want text, secret, file, subject, "
	    "integer, choice, flag, list or certificates",
	    word);
}

static bool
is_taken(const struct mc_recipe_reader *rd, const char *name)
{
	static const char *const own[] = { "output", "help", "version", NULL };
	const struct mc_opt *const *t = rd->how->taken;

	for (const char *const *o = own; *o; o++)
		if (strcmp(*o, name) == 0)
			return true;
	for (; t && *t; t++)
		for (const struct mc_opt *o = *t; o->kind; o++)
			if (strcmp(o->name, name) == 0)
				return true;
	return false;
}

static bool
read_name(
    struct mc_recipe_reader *rd, struct mc_recipe_option *o, struct mc_err *e)
{
	const char *name = mc_recipe_word(rd);

	o->at = mc_recipe_here(rd);
	if (!name || !mc_recipe_name_check(name))
		return mc_fail(e, MC_MALFORMED,
		    "want option NAME KIND, NAME being small letters, digits "
		    "and hyphens");
	if (mc_recipe_option_find(rd->r, name, strlen(name)))
		return mc_fail(e, MC_MALFORMED, "%s: is there twice", name);
	if (is_taken(rd, name))
		return mc_fail(e, MC_MALFORMED,
		    "%s: every recipe has this option; want another name",
		    name);
	return mc_recipe_keep(name, strlen(name), &o->name, e);
}

bool
mc_recipe_words_next(const char **at, const char **word, size_t *n)
{
	if (!*at)
		return false;
	*word = *at;
	*n = strcspn(*at, "|");
	*at = (*at)[*n] ? *at + *n + 1 : NULL;
	return true;
}

bool
mc_recipe_words_have(const char *words, const char *word, size_t n)
{
	const char *one;
	size_t len;

	while (mc_recipe_words_next(&words, &one, &len))
		if (len == n && memcmp(one, word, n) == 0)
			return true;
	return false;
}

/* "a|b|c": two words or more, none of them empty. */
static bool
check_choice(const char *arg)
{
	const char *word;
	size_t words = 0;
	size_t n;

	while (mc_recipe_words_next(&arg, &word, &n)) {
		if (n == 0)
			return false;
		words++;
	}
	return words > 1;
}

static bool
read_arg(
    struct mc_recipe_reader *rd, struct mc_recipe_option *o, struct mc_err *e)
{
	const char *word;

	if (o->kind == MC_RECIPE_FLAG)
		return true;
	word = mc_recipe_word(rd);
	if (o->kind == MC_RECIPE_CHOICE && (!word || !check_choice(word)))
		return mc_fail(e, MC_MALFORMED, "want choice ONE|OTHER");
	if (!word ||
	    (o->kind != MC_RECIPE_CHOICE && !isupper((unsigned char)*word)))
		return mc_fail(e, MC_MALFORMED,
		    "want what stands for the value, in capitals, like TEXT");
	return mc_recipe_keep(word, strlen(word), &o->arg, e);
}

bool
mc_recipe_option_value_check(
    const struct mc_recipe_option *o, const char *value, struct mc_err *e)
{
	size_t digits = *value == '-' ? 1 : 0;
	size_t n;

	if (o->kind == MC_RECIPE_INTEGER) {
		n = strspn(value + digits, "0123456789");
		return (n > 0 && n < 18 && !value[digits + n]) ||
		    mc_fail(e, MC_USAGE, "want a number, not %.64s", value);
	}
	if (o->kind != MC_RECIPE_CHOICE)
		return *value || mc_fail(e, MC_USAGE, "is empty");
	return mc_recipe_words_have(o->arg, value, strlen(value)) ||
	    mc_fail(e, MC_USAGE, "want one of %s, not %.64s", o->arg, value);
}

/* "= DEFAULT" */
static bool
read_fallback(
    struct mc_recipe_reader *rd, struct mc_recipe_option *o, struct mc_err *e)
{
	const char *rest = mc_recipe_rest(rd);

	if (!rest)
		rest = ""; /* which is refused */
	if (o->kind != MC_RECIPE_TEXT && o->kind != MC_RECIPE_INTEGER &&
	    o->kind != MC_RECIPE_CHOICE)
		return mc_fail(
		    e, MC_MALFORMED, "a %s has no default", kinds[o->kind]);
	return mc_recipe_option_value_check(o, rest, e) &&
	    mc_recipe_keep(rest, strlen(rest), &o->fallback, e);
}

bool
mc_recipe_option_read(struct mc_recipe_reader *rd, struct mc_recipe_if *when,
    bool word, struct mc_err *e)
{
	struct mc_recipe_option *o = &rd->r->options[rd->r->options_n];
	const char *more;

	if (rd->r->options_n == MC_RECIPE_OPTIONS)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d options", MC_RECIPE_OPTIONS);
	*o = (struct mc_recipe_option){ .word = word, .when = *when };
	if (!read_name(rd, o, e))
		return false;
	rd->r->options_n++;
	*when = (struct mc_recipe_if){ 0 };
	rd->block = MC_RECIPE_IN_OPTION;
	if (!read_kind(rd, &o->kind, e) || !read_arg(rd, o, e))
		return false;
	if (word && o->kind != MC_RECIPE_LIST &&
	    o->kind != MC_RECIPE_CERTIFICATES)
		return mc_fail(e, MC_MALFORMED,
		    "words are a list or certificates, not a %s",
		    kinds[o->kind]);
	more = mc_recipe_word(rd);
	if (!more)
		return true;
	if (strcmp(more, "=") == 0)
		return read_fallback(rd, o, e);
	if (strcmp(more, "required") != 0 || o->kind == MC_RECIPE_FLAG)
		return mc_fail(e, MC_MALFORMED, "want the end of the line, %s",
		    o->kind == MC_RECIPE_FLAG ? "for a flag is there or not"
					      : "required or = DEFAULT");
	o->required = true;
	return !mc_recipe_word(rd) ||
	    mc_fail(e, MC_MALFORMED, "one word too many");
}

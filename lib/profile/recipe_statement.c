/* SPDX-License-Identifier: ISC */
/* The statements of a recipe, each beginning a line. */
#include "profile/recipe_reader.h"

#include <stdlib.h>

#include "base/near.h"

#define NAME_MAX_LEN 40

char *
mc_recipe_rest(struct mc_recipe_reader *rd)
{
	char *rest = rd->next + strspn(rd->next, " ");
	size_t n = strlen(rest);

	while (n > 0 && rest[n - 1] == ' ')
		rest[--n] = '\0';
	rd->fault = rest;
	rd->next = rest + n;
	return n ? rest : NULL;
}

char *
mc_recipe_word(struct mc_recipe_reader *rd)
{
	char *word = rd->next + strspn(rd->next, " ");
	size_t n = strcspn(word, " ");

	rd->fault = word;
	rd->next = word + n;
	if (*rd->next)
		*rd->next++ = '\0';
	return n ? word : NULL;
}

bool
mc_recipe_keep(const char *s, size_t n, char **to, struct mc_err *e)
{
	*to = strndup(s, n);
	return *to || mc_fail_memory(e);
}

bool
mc_recipe_name_check(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= NAME_MAX_LEN && !s[n] && *s >= 'a' && *s <= 'z';
}

/* Nothing may follow. */
static bool
end(struct mc_recipe_reader *rd, struct mc_err *e)
{
	return !mc_recipe_word(rd) ||
	    mc_fail(e, MC_MALFORMED, "one word too many");
}

/* "NAME=VALUE|VALUE": of a choice, some of its words. */
static bool
read_is(struct mc_recipe_reader *rd, const struct mc_recipe_option *o,
    const char *value, struct mc_recipe_if *when, struct mc_err *e)
{
	const char *word;
	size_t n;

	rd->fault = value;
	if (o->kind != MC_RECIPE_CHOICE)
		return mc_fail(e, MC_MALFORMED,
		    "%s is no choice: want if %s: or if not %s:", o->name,
		    o->name, o->name);
	for (const char *at = value; mc_recipe_words_next(&at, &word, &n);) {
		rd->fault = word;
		if (!mc_recipe_words_have(o->arg, word, n))
			return mc_fail(e, MC_MALFORMED,
			    "want one of %s, not %.*s", o->arg,
			    (int)(n < 64 ? n : 64), word);
	}
	return mc_recipe_keep(value, strlen(value), &when->is, e);
}

bool
mc_recipe_if_read(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	char *p = rd->next;
	char *colon = strncmp(p, "if ", 3) == 0 ? strchr(p, ':') : NULL;
	size_t n;

	if (strncmp(p, "if ", 3) != 0)
		return true;
	rd->fault = p;
	if (!colon)
		return mc_fail(e, MC_MALFORMED,
		    "want if NAME:, if not NAME: or if NAME=VALUE:");
	*colon = '\0';
	rd->next = colon + 1;
	p += 3 + strspn(p + 3, " ");
	when->negated = strncmp(p, "not ", 4) == 0;
	if (when->negated)
		p += 4 + strspn(p + 4, " ");
	n = strcspn(p, "=");
	rd->fault = p;
	if (!mc_recipe_option_get(rd, p, n, &when->option, e))
		return false;
	rd->r->options[when->option - 1].used = true;
	return !p[n] ||
	    read_is(rd, &rd->r->options[when->option - 1], &p[n + 1], when, e);
}

static bool
read_summary(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	char *rest = mc_recipe_rest(rd);

	(void)when;
	if (rd->r->summary)
		return mc_fail(e, MC_MALFORMED, "a second summary");
	if (!rest)
		return mc_fail(e, MC_MALFORMED, "want summary TEXT");
	return mc_recipe_keep(rest, strlen(rest), &rd->r->summary, e);
}

static bool
read_description(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	(void)when;
	if (rd->r->description)
		return mc_fail(e, MC_MALFORMED, "a second description");
	rd->block = MC_RECIPE_IN_DESCRIPTION;
	return end(rd, e) && mc_recipe_keep("", 0, &rd->r->description, e);
}

static bool
read_include(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	const char *name = mc_recipe_word(rd);
	const char *at = rd->fault;

	(void)when;
	if (!name || !mc_recipe_name_check(name))
		return mc_fail(e, MC_MALFORMED, "want include NAME");
	if (!rd->how->part)
		return mc_fail(e, MC_MALFORMED, "%s: no such part", name);
	if (!end(rd, e))
		return false;
	rd->include = name;
	rd->fault = at;
	return true;
}

static bool
read_require(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	const char *name = mc_recipe_word(rd);
	size_t number;

	(void)when;
	if (!name)
		return mc_fail(e, MC_MALFORMED, "want require NAME");
	if (!mc_recipe_option_get(rd, name, strlen(name), &number, e))
		return false;
	if (rd->r->options[number - 1].kind == MC_RECIPE_FLAG ||
	    rd->r->options[number - 1].fallback)
		return mc_fail(e, MC_MALFORMED,
		    "%s: want an option that is no flag and has no default",
		    name);
	rd->r->options[number - 1].required = true;
	return end(rd, e);
}

static bool
read_option(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	return mc_recipe_option_read(rd, when, false, e);
}

static bool
read_words(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	return mc_recipe_option_read(rd, when, true, e);
}

/* The next payload, to which the lines that follow belong. */
static bool
payload_new(struct mc_recipe_reader *rd, struct mc_recipe_if *when,
    struct mc_recipe_payload **out, struct mc_err *e)
{
	struct mc_recipe *r = rd->r;

	if (r->payloads_n == MC_RECIPE_PAYLOADS)
		return mc_fail(e, MC_MALFORMED, "more than %d payloads",
		    MC_RECIPE_PAYLOADS);
	*out = &r->payloads[r->payloads_n++];
	**out = (struct mc_recipe_payload){
		.when = *when, .first = r->lines_n, .at = mc_recipe_here(rd)
	};
	*when = (struct mc_recipe_if){ 0 };
	rd->block = MC_RECIPE_IN_PAYLOAD;
	return true;
}

/* "as LABEL", where it is there; and the end. */
static bool
read_label(
    struct mc_recipe_reader *rd, struct mc_recipe_payload *p, struct mc_err *e)
{
	const char *word = mc_recipe_word(rd);
	const char *label;

	if (!word)
		return true;
	label = strcmp(word, "as") == 0 ? mc_recipe_word(rd) : NULL;
	if (!label || !mc_recipe_name_check(label))
		return mc_fail(e, MC_MALFORMED,
		    "want as NAME, NAME being small letters, digits and "
		    "hyphens");
	return mc_recipe_keep(label, strlen(label), &p->label, e) && end(rd, e);
}

static bool
read_payload(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	const char *type = mc_recipe_word(rd);
	struct mc_recipe_payload *p;

	if (!type || !strchr(type, '.'))
		return mc_fail(e, MC_MALFORMED,
		    "want payload TYPE, like com.apple.wifi.managed");
	return payload_new(rd, when, &p, e) &&
	    mc_recipe_keep(type, strlen(type), &p->type, e) &&
	    read_label(rd, p, e);
}

static bool
read_profile(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	struct mc_recipe_payload *p;

	return end(rd, e) && payload_new(rd, when, &p, e) &&
	    mc_recipe_keep(MC_SCHEMA_TOP, strlen(MC_SCHEMA_TOP), &p->type, e);
}

static bool
read_certificates(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	const char *name = mc_recipe_word(rd);
	struct mc_recipe_payload *p;
	size_t number;

	if (!name)
		return mc_fail(e, MC_MALFORMED, "want certificates OPTION");
	if (!mc_recipe_option_get(rd, name, strlen(name), &number, e))
		return false;
	if (rd->r->options[number - 1].kind != MC_RECIPE_CERTIFICATES)
		return mc_fail(e, MC_MALFORMED,
		    "%s: want an option that is of certificates", name);
	rd->r->options[number - 1].used = true;
	if (!payload_new(rd, when, &p, e))
		return false;
	p->certificates = number;
	return read_label(rd, p, e);
}

static const struct {
	const char *word;
	bool may_if;
	bool in_part;
	bool (*read)(struct mc_recipe_reader *rd, struct mc_recipe_if *when,
	    struct mc_err *e);
} statements[] = {
	{ "summary", false, false, read_summary },
	{ "description", false, false, read_description },
	{ "include", false, false, read_include },
	{ "require", false, false, read_require },
	{ "option", true, true, read_option },
	{ "words", false, false, read_words },
	{ "profile", true, true, read_profile },
	{ "payload", true, true, read_payload },
	{ "certificates", true, true, read_certificates },
};

#define STATEMENTS (sizeof(statements) / sizeof(*statements))

static bool
fail_unknown(const char *word, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(word);

	for (size_t i = 0; i < STATEMENTS; i++)
		mc_near_add(&near, statements[i].word);
	if (near.n)
		return mc_fail(e, MC_MALFORMED,
		    "%.64s: no such statement; did you mean %s?", word,
		    mc_near_text(&near));
	return mc_fail(e, MC_MALFORMED, "%.64s: no such statement", word);
}

static bool
read_statement(
    struct mc_recipe_reader *rd, struct mc_recipe_if *when, struct mc_err *e)
{
	const char *word;
	size_t i = 0;

	if (!mc_recipe_if_read(rd, when, e))
		return false;
	word = mc_recipe_word(rd);
	if (!word)
		return mc_fail(e, MC_MALFORMED, "want a statement");
	while (i < STATEMENTS && strcmp(statements[i].word, word) != 0)
		i++;
	if (i == STATEMENTS)
		return fail_unknown(word, e);
	if (when->option && !statements[i].may_if)
		return mc_fail(e, MC_MALFORMED, "%s: has no condition", word);
	if (rd->file > 0 && !statements[i].in_part)
		return mc_fail(e, MC_MALFORMED, "%s: is not for a part", word);
	return statements[i].read(rd, when, e);
}

bool
mc_recipe_statement_read(struct mc_recipe_reader *rd, struct mc_err *e)
{
	struct mc_recipe_if when = { 0 };
	bool done;

	rd->block = MC_RECIPE_IN_NOTHING;
	done = read_statement(rd, &when, e);
	free(when.is); /* where nobody has taken it */
	return done;
}

/* One line more of a text: with a line end between, or a blank. */
static bool
add_text(struct mc_recipe_reader *rd, const char *between, char **text,
    struct mc_err *e)
{
	AUTO_BUF all = MC_BUF_INIT;
	const char *rest = mc_recipe_rest(rd);

	if (!mc_buf_printf(&all, e, "%s%s%s", *text ? *text : "",
		*text && **text ? between : "", rest ? rest : ""))
		return false;
	free(*text);
	return mc_recipe_keep(mc_buf_str(&all), all.len, text, e);
}

bool
mc_recipe_indented_read(struct mc_recipe_reader *rd, struct mc_err *e)
{
	switch (rd->block) {
	case MC_RECIPE_IN_DESCRIPTION:
		return add_text(rd, "\n", &rd->r->description, e);
	case MC_RECIPE_IN_OPTION:
		return add_text(
		    rd, " ", &rd->r->options[rd->r->options_n - 1].help, e);
	case MC_RECIPE_IN_PAYLOAD:
		return mc_recipe_line_read(rd, e);
	case MC_RECIPE_IN_NOTHING:
		break;
	}
	return mc_fail(e, MC_MALFORMED,
	    "an indented line that belongs to nothing above it");
}

/* SPDX-License-Identifier: ISC */
/* What can only be seen once a recipe was read, and its option table. */
#include "profile/recipe_reader.h"

#include <stdlib.h>

bool
mc_recipe_if_show(const struct mc_recipe *r, const struct mc_recipe_if *when,
    struct mc_buf *to, struct mc_err *e)
{
	const struct mc_recipe_option *o = &r->options[when->option - 1];

	if (when->is)
		return mc_buf_printf(to, e,
		    when->negated ? "another --%s than %s" : "--%s %s", o->name,
		    when->is);
	return mc_buf_printf(
	    to, e, when->negated ? "no --%s" : "--%s", o->name);
}

/* What --help says besides the recipe's own words. */
static bool
complete_help(
    const struct mc_recipe *r, struct mc_recipe_option *o, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!mc_buf_puts(&text, o->help, e))
		return false;
	if (o->kind == MC_RECIPE_SECRET &&
	    !mc_buf_puts(&text, ", from file:PATH, fd:N or env:NAME", e))
		return false;
	if (o->kind == MC_RECIPE_CERTIFICATES &&
	    !mc_buf_puts(&text, ", in PEM or DER", e))
		return false;
	if (o->fallback &&
	    !mc_buf_printf(&text, e, " (default %s)", o->fallback))
		return false;
	if (o->when.option &&
	    !(mc_buf_printf(
		  &text, e, " (%swith ", o->required ? "required " : "") &&
		mc_recipe_if_show(r, &o->when, &text, e) &&
		mc_buf_puts(&text, ")", e)))
		return false;
	free(o->help);
	return mc_recipe_keep(mc_buf_str(&text), text.len, &o->help, e);
}

static bool
check_option(
    const struct mc_recipe *r, struct mc_recipe_option *o, struct mc_err *e)
{
	if (!o->used)
		mc_fail(
		    e, MC_MALFORMED, "%s: nothing uses this option", o->name);
	else if (!o->help || !*o->help)
		mc_fail(e, MC_MALFORMED,
		    "%s: want its help, an indented line below", o->name);
	else
		return complete_help(r, o, e);
	return mc_recipe_note(r, &o->at, e);
}

static bool
check_line(
    const struct mc_recipe *r, const struct mc_recipe_line *l, struct mc_err *e)
{
	if (!l->refers)
		return true;
	for (size_t i = 0; i < r->payloads_n; i++)
		if (r->payloads[i].label &&
		    strcmp(r->payloads[i].label, l->refers) == 0)
			return true;
	mc_fail(e, MC_MALFORMED, "@uuid:%s: no payload is named so: want as %s",
	    l->refers, l->refers);
	return mc_recipe_note(r, &l->at, e);
}

/* One payload at least; of the profile itself it says something once. */
static bool
check_payloads(const struct mc_recipe *r, struct mc_err *e)
{
	size_t profiles = 0;

	for (size_t i = 0; i < r->payloads_n; i++) {
		if (!r->payloads[i].type ||
		    strcmp(r->payloads[i].type, MC_SCHEMA_TOP) != 0)
			continue;
		if (++profiles > 1) {
			mc_fail(e, MC_MALFORMED, "a second profile");
			return mc_recipe_note(r, &r->payloads[i].at, e);
		}
	}
	return profiles < r->payloads_n ||
	    mc_fail(
		e, MC_MALFORMED, "%s: no recipe: has no payload", r->files[0]);
}

bool
mc_recipe_check(struct mc_recipe *r, struct mc_err *e)
{
	if (!r->summary)
		return mc_fail(e, MC_MALFORMED, "%s: no recipe: has no summary",
		    r->files[0]);
	if (!check_payloads(r, e))
		return false;
	for (size_t i = 0; i < r->lines_n; i++)
		if (!check_line(r, &r->lines[i], e))
			return false;
	for (size_t i = 0; i < r->options_n; i++)
		if (!check_option(r, &r->options[i], e))
			return false;
	return true;
}

size_t
mc_recipe_len(const struct mc_recipe *r)
{
	return r->options_n;
}

static enum mc_opt_kind
opt_kind(const struct mc_recipe_option *o)
{
	if (o->kind == MC_RECIPE_FLAG)
		return MC_OPT_FLAG;
	if (o->kind != MC_RECIPE_LIST && o->kind != MC_RECIPE_CERTIFICATES)
		return MC_OPT_STR;
	return o->word ? MC_OPT_WORDS : MC_OPT_LIST;
}

void
mc_recipe_opts(const struct mc_recipe *r, size_t off, struct mc_opt *to)
{
	const struct mc_recipe_option *o = r->options;

	for (size_t i = 0; i < r->options_n; i++, o++)
		to[i] = (struct mc_opt){
			.kind = opt_kind(o),
			.name = o->name,
			.arg = o->arg,
			.help = o->help,
			.required = o->required && !o->when.option,
			.off = off + i * sizeof(union mc_recipe_value),
		};
}

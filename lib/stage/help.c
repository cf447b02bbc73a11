/* SPDX-License-Identifier: ISC */
#include "stage/help.h"

bool
mc_stage_takes_file(const struct mc_verb *v)
{
	if (v->input != MC_INPUT_MESSAGE && v->input != MC_INPUT_LATER)
		return false;
	for (const struct mc_opt *o = v->opts; o && o->kind; o++)
		if (o->kind == MC_OPT_WORD)
			return false;
	return true;
}

/* "usage: " and how it is called. */
static bool
usage(const struct mc_stage *s, const struct mc_verb *v, bool many,
    struct mc_buf *to, struct mc_err *e)
{
	const char *verb = many ? "VERB" : v->name;

	if (!mc_buf_printf(to, e, "usage: %s%s%s [OPTION...]", s->name,
		verb ? " " : "", verb ? verb : ""))
		return false;
	return many ||
	    (mc_opt_usage(to, s->opts, e) && mc_opt_usage(to, v->opts, e) &&
		(!mc_stage_takes_file(v) || mc_buf_puts(to, " [FILE]", e)));
}

static bool
people(const struct mc_stage *s, const struct mc_verb *one,
    const struct mc_opt *process, struct mc_buf *to, struct mc_err *e)
{
	const struct mc_verb *v = one ? one : s->verbs;
	bool many = !one && v->name;

	if (!usage(s, v, many, to, e) ||
	    !mc_buf_printf(to, e, "\n\n%s\n\n",
		one && v->summary ? v->summary : s->summary))
		return false;
	for (; many && v->run; v++)
		if (!mc_buf_printf(to, e, "  %-30s %s\n", v->name, v->summary))
			return false;
	if (many &&
	    !mc_buf_printf(
		to, e, "\n%s VERB --help tells its options.\n\n", s->name))
		return false;
	return (many || mc_opt_help(to, v->opts, e)) &&
	    mc_opt_help(to, s->opts, e) && mc_opt_help(to, process, e) &&
	    mc_buf_printf(to, e, "\nManual: man %s\n", s->name);
}

static bool
mdoc_synopsis(const struct mc_stage *s, const struct mc_verb *v,
    struct mc_buf *to, struct mc_err *e)
{
	if (!mc_buf_puts(to, ".Nm\n", e))
		return false;
	if (v->name && !mc_buf_printf(to, e, ".Cm %s\n", v->name))
		return false;
	if (!mc_opt_synopsis(to, s->opts, e) ||
	    !mc_opt_synopsis(to, v->opts, e))
		return false;
	if (v->input != MC_INPUT_RAW &&
	    !mc_buf_puts(to, ".Op Fl -output Ar FILE\n", e))
		return false;
	return !mc_stage_takes_file(v) || mc_buf_puts(to, ".Op Ar FILE\n", e);
}

static bool
mdoc(const struct mc_stage *s, const struct mc_opt *process, struct mc_buf *to,
    struct mc_err *e)
{
	const struct mc_verb *v;

	if (!mc_buf_puts(to, ".Sh SYNOPSIS\n", e))
		return false;
	for (v = s->verbs; v->run; v++)
		if (!mdoc_synopsis(s, v, to, e))
			return false;
	if (!mc_buf_puts(to, ".Sh OPTIONS\n", e))
		return false;
	for (v = s->verbs; v->run; v++) {
		if (v->name && !mc_buf_printf(to, e, ".Ss %s\n", v->name))
			return false;
		if (!mc_opt_items(to, v->opts, e))
			return false;
	}
	if (s->verbs->name && !mc_buf_puts(to, ".Ss Every verb\n", e))
		return false;
	return mc_opt_items(to, s->opts, e) && mc_opt_items(to, process, e);
}

static bool
verbs(const struct mc_stage *s, struct mc_buf *to, struct mc_err *e)
{
	for (const struct mc_verb *v = s->verbs; v->run; v++)
		if (v->name && !mc_buf_printf(to, e, "%s\n", v->name))
			return false;
	return true;
}

bool
mc_stage_help(const struct mc_stage *s, const struct mc_verb *v,
    const struct mc_opt *process, const char *form, struct mc_buf *to,
    struct mc_err *e)
{
	if (strcmp(form, "") == 0)
		return people(s, v, process, to, e);
	if (strcmp(form, "mdoc") == 0)
		return mdoc(s, process, to, e);
	if (strcmp(form, "verbs") == 0)
		return verbs(s, to, e);
	if (strcmp(form, "words") != 0)
		return mc_fail(e, MC_USAGE,
		    "--help: want mdoc, verbs or words, not %s", form);
	if (!v && !s->verbs->name)
		v = s->verbs;
	return (!v || mc_opt_words(to, v->opts, e)) &&
	    mc_opt_words(to, s->opts, e) && mc_opt_words(to, process, e);
}

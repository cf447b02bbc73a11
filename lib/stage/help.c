/* SPDX-License-Identifier: ISC */
#include "stage/help.h"

/* What was asked for. */
struct asked {
	const struct mc_stage *stage;
	const struct mc_verb *verb; /* NULL: the whole command */
	int argc;
	char *const *argv;
	const struct mc_opt *process;
};

bool
mc_stage_takes_file(const struct mc_verb *v)
{
	if (v->input != MC_INPUT_MESSAGE && v->input != MC_INPUT_LATER)
		return false;
	for (const struct mc_opt *o = v->opts; o && o->kind; o++)
		if (o->kind == MC_OPT_WORD || o->kind == MC_OPT_WORDS ||
		    o->kind == MC_OPT_GROUP)
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

/* A row of the list of verbs. */
static bool
row(void *ctx, const char *name, const char *summary, struct mc_err *e)
{
	struct mc_buf *to = ctx;

	return mc_buf_printf(to, e, "  %-30s %s\n", name, summary);
}

/* A line of the list of verbs, for programs. */
static bool
line(void *ctx, const char *name, const char *summary, struct mc_err *e)
{
	struct mc_buf *to = ctx;

	(void)summary;
	return mc_buf_printf(to, e, "%s\n", name);
}

/* The table's verbs, then those that can be made. */
static bool
each_verb(const struct asked *a, mc_verb_told *each, struct mc_buf *to,
    struct mc_err *e)
{
	for (const struct mc_verb *v = a->stage->verbs; v->run; v++)
		if (v->name && !each(to, v->name, v->summary, e))
			return false;
	return !a->stage->maker ||
	    a->stage->maker->list(a->argc, a->argv, each, to, e);
}

static bool
people(const struct asked *a, struct mc_buf *to, struct mc_err *e)
{
	const struct mc_stage *s = a->stage;
	const struct mc_verb *one = a->verb;
	const struct mc_verb *v = one ? one : s->verbs;
	bool many = !one && v->name;

	if (!usage(s, v, many, to, e) ||
	    !mc_buf_printf(to, e, "\n\n%s\n\n",
		one && v->summary ? v->summary : s->summary))
		return false;
	if (many && !each_verb(a, row, to, e))
		return false;
	if (many &&
	    !mc_buf_printf(
		to, e, "\n%s VERB --help tells its options.\n\n", s->name))
		return false;
	return (many || mc_opt_help(to, v->opts, e)) &&
	    mc_opt_help(to, s->opts, e) && mc_opt_help(to, a->process, e) &&
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

/* A row for what is made, whatever it is. */
static bool
mdoc_made(const struct mc_verb_maker *m, struct mc_buf *to, struct mc_err *e)
{
	return !m ||
	    mc_buf_printf(to, e,
		".Nm\n.Ar %s\n.Op Ar OPTION ...\n.Op Fl -output Ar FILE\n",
		m->name);
}

static bool
mdoc(const struct asked *a, struct mc_buf *to, struct mc_err *e)
{
	const struct mc_stage *s = a->stage;
	const struct mc_verb *v;

	if (!mc_buf_puts(to, ".Sh SYNOPSIS\n", e))
		return false;
	for (v = s->verbs; v->run; v++)
		if (!mdoc_synopsis(s, v, to, e))
			return false;
	if (!mdoc_made(s->maker, to, e) || !mc_buf_puts(to, ".Sh OPTIONS\n", e))
		return false;
	for (v = s->verbs; v->run; v++) {
		if (v->name && !mc_buf_printf(to, e, ".Ss %s\n", v->name))
			return false;
		if (!mc_opt_items(to, v->opts, e))
			return false;
	}
	if (s->verbs->name && !mc_buf_puts(to, ".Ss Every verb\n", e))
		return false;
	return mc_opt_items(to, s->opts, e) && mc_opt_items(to, a->process, e);
}

/* Of one that was made, which is in no table. */
static bool
mdoc_one(const struct asked *a, struct mc_buf *to, struct mc_err *e)
{
	return mc_buf_puts(to, ".Sh SYNOPSIS\n", e) &&
	    mdoc_synopsis(a->stage, a->verb, to, e) &&
	    mc_buf_printf(to, e, ".Sh OPTIONS\n.Ss %s\n", a->verb->name) &&
	    mc_opt_items(to, a->verb->opts, e) &&
	    mc_opt_items(to, a->process, e);
}

bool
mc_stage_help(const struct mc_stage *s, const struct mc_called *called,
    int argc, char *const *argv, const struct mc_opt *process, const char *form,
    struct mc_buf *to, struct mc_err *e)
{
	const struct mc_verb *v = called->verb;
	const struct asked a = { s, v, argc, argv, process };

	if (strcmp(form, "") == 0)
		return people(&a, to, e);
	if (strcmp(form, "mdoc") == 0)
		return called->made.verb.run ? mdoc_one(&a, to, e)
					     : mdoc(&a, to, e);
	if (strcmp(form, "verbs") == 0)
		return each_verb(&a, line, to, e);
	if (strcmp(form, "words") != 0)
		return mc_fail(e, MC_USAGE,
		    "--help: want mdoc, verbs or words, not %s", form);
	if (!v && !s->verbs->name)
		v = s->verbs;
	return (!v || mc_opt_words(to, v->opts, e)) &&
	    mc_opt_words(to, s->opts, e) && mc_opt_words(to, process, e);
}

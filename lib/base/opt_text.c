/* SPDX-License-Identifier: ISC */
/* What a table says: --help and its machine-readable forms. */
#include "base/opt.h"

#include <stdio.h>

/* To the column of the words, from a long option. */
#define FOLD "\n                                 "

/* Is it given without a name? */
static bool
nameless(const struct mc_opt *o)
{
	return o->kind == MC_OPT_WORD || o->kind == MC_OPT_WORDS;
}

/* May it be repeated, by its name? */
static bool
repeated(const struct mc_opt *o)
{
	return o->kind == MC_OPT_LIST || o->kind == MC_OPT_GROUP;
}

/* "..." behind words of which there may be several. */
static const char *
dots(const struct mc_opt *o)
{
	return o->kind == MC_OPT_WORDS ? " ..." : "";
}

/* "-o, --output=FILE", what stands on the left. */
static void
left_encode(const struct mc_opt *o, char *text, size_t room)
{
	char sh[8];

	snprintf(sh, sizeof(sh), o->sh ? "-%c, " : "    ", o->sh);
	if (nameless(o))
		snprintf(text, room, "%s%s", o->arg, dots(o));
	else
		snprintf(text, room, "%s--%s%s%s", sh, o->name,
		    o->arg ? "=" : "", o->arg ? o->arg : "");
}

bool
mc_opt_help(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	char left[80];

	for (const struct mc_opt *o = opts; o && o->kind; o++) {
		left_encode(o, left, sizeof(left));
		if (!mc_buf_printf(to, e, "  %-30s%s%s%s%s\n", left,
			strlen(left) > 30 ? FOLD : " ", o->help,
			o->required && !nameless(o) ? " (required)" : "",
			repeated(o) ? " (may be repeated)" : ""))
			return false;
	}
	return true;
}

bool
mc_opt_usage(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	for (const struct mc_opt *o = opts; o && o->kind; o++)
		if (nameless(o) &&
		    !mc_buf_printf(to, e, o->required ? " %s%s" : " [%s%s]",
			o->arg, dots(o)))
			return false;
	return true;
}

bool
mc_opt_synopsis(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	for (const struct mc_opt *o = opts; o && o->kind; o++) {
		if (nameless(o)) {
			if (!mc_buf_printf(to, e, "%s %s%s\n",
				o->required ? ".Ar" : ".Op Ar", o->arg,
				dots(o)))
				return false;
			continue;
		}
		if (!mc_buf_printf(to, e, "%s -%s%s%s%s\n",
			o->required ? ".Fl" : ".Op Fl", o->name,
			o->arg ? " Ar " : "", o->arg ? o->arg : "",
			repeated(o) ? " ..." : ""))
			return false;
	}
	return true;
}

bool
mc_opt_items(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	char sh[16];

	for (const struct mc_opt *o = opts; o && o->kind; o++) {
		sh[0] = '\0';
		if (o->sh)
			snprintf(sh, sizeof(sh), "Fl %c , ", o->sh);
		if (nameless(o) ? !mc_buf_printf(
				      to, e, ".It Ar %s%s\n", o->arg, dots(o))
				: !mc_buf_printf(to, e, ".It %sFl -%s%s%s\n",
				      sh, o->name, o->arg ? " Ar " : "",
				      o->arg ? o->arg : ""))
			return false;
	}
	return true;
}

bool
mc_opt_words(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	for (const struct mc_opt *o = opts; o && o->kind; o++)
		if (!nameless(o) &&
		    !mc_buf_printf(
			to, e, "--%s%s\n", o->name, o->arg ? "=" : ""))
			return false;
	return true;
}

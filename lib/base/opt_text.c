/* SPDX-License-Identifier: ISC */
/* What a table says: --help and its machine-readable forms. */
#include "base/opt.h"

#include <stdio.h>

bool
mc_opt_help(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	const char *note;
	char left[80];
	char sh[8];

	for (const struct mc_opt *o = opts; o && o->kind; o++) {
		snprintf(sh, sizeof(sh), o->sh ? "-%c, " : "    ", o->sh);
		if (o->kind == MC_OPT_WORD)
			snprintf(left, sizeof(left), "%s", o->arg);
		else
			snprintf(left, sizeof(left), "%s--%s%s%s", sh, o->name,
			    o->arg ? "=" : "", o->arg ? o->arg : "");
		note = o->kind == MC_OPT_LIST ? " (may be repeated)" : "";
		if (!mc_buf_printf(to, e, "  %-30s %s%s%s\n", left, o->help,
			o->required && o->kind != MC_OPT_WORD ? " (required)"
							      : "",
			note))
			return false;
	}
	return true;
}

bool
mc_opt_usage(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	for (const struct mc_opt *o = opts; o && o->kind; o++)
		if (o->kind == MC_OPT_WORD &&
		    !mc_buf_printf(
			to, e, o->required ? " %s" : " [%s]", o->arg))
			return false;
	return true;
}

bool
mc_opt_synopsis(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	for (const struct mc_opt *o = opts; o && o->kind; o++) {
		if (o->kind == MC_OPT_WORD) {
			if (!mc_buf_printf(to, e, "%s %s\n",
				o->required ? ".Ar" : ".Op Ar", o->arg))
				return false;
			continue;
		}
		if (!mc_buf_printf(to, e, "%s -%s%s%s%s\n",
			o->required ? ".Fl" : ".Op Fl", o->name,
			o->arg ? " Ar " : "", o->arg ? o->arg : "",
			o->kind == MC_OPT_LIST ? " ..." : ""))
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
		if (o->kind == MC_OPT_WORD
			? !mc_buf_printf(to, e, ".It Ar %s\n", o->arg)
			: !mc_buf_printf(to, e, ".It %sFl -%s%s%s\n", sh,
			      o->name, o->arg ? " Ar " : "",
			      o->arg ? o->arg : ""))
			return false;
	}
	return true;
}

bool
mc_opt_words(struct mc_buf *to, const struct mc_opt *opts, struct mc_err *e)
{
	for (const struct mc_opt *o = opts; o && o->kind; o++)
		if (o->kind != MC_OPT_WORD &&
		    !mc_buf_printf(
			to, e, "--%s%s\n", o->name, o->arg ? "=" : ""))
			return false;
	return true;
}

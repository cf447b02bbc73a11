/* SPDX-License-Identifier: ISC */
/* A table of options read from a file of "name = value" lines. */
#include "base/opt_part.h"

#include "base/near.h"

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
		return mc_opt_store(o, value, args, e) ||
		    mc_note(e, "%s", o->name);
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
	o = mc_opt_missing(opts, args);
	return !o ||
	    mc_fail(e, MC_MALFORMED, "%s: %s is required", name, o->name);
}

/* SPDX-License-Identifier: ISC */
/* The lines of a payload: what is in its values, what it refers to. */
#include "profile/recipe_reader.h"

#include "plist/path.h"

#define REFERENCE "@uuid:"

bool
mc_recipe_piece_next(const char **at, struct mc_recipe_piece *out)
{
	const char *p = *at;
	const char *end;

	if (!*p)
		return false;
	if (strncmp(p, "$${", 3) == 0) {
		/* "${" as it is: what is behind the first "$" */
		*out = (struct mc_recipe_piece){ p + 1, 2, false };
		*at = p + 3;
		return true;
	}
	if (strncmp(p, "${", 2) == 0) {
		end = strchr(p, '}');
		*out = (struct mc_recipe_piece){ p + 2,
			end ? (size_t)(end - p) - 2 : 0, true };
		*at = end ? end + 1 : p + strlen(p);
		return true;
	}
	end = p + 1;
	while (
	    *end && strncmp(end, "${", 2) != 0 && strncmp(end, "$${", 3) != 0)
		end++;
	*out = (struct mc_recipe_piece){ p, (size_t)(end - p), false };
	*at = end;
	return true;
}

/* Is the value one option and nothing else? */
static bool
is_option(const char *value)
{
	struct mc_recipe_piece piece;

	return mc_recipe_piece_next(&value, &piece) && piece.option && !*value;
}

/* What may stand where. */
static bool
check_use(const struct mc_recipe_option *o, const char *value, char sign,
    struct mc_err *e)
{
	switch (o->kind) {
	case MC_RECIPE_FLAG:
		return mc_fail(e, MC_MALFORMED,
		    "${%s}: a flag has no value: say if %s: KEY=VALUE", o->name,
		    o->name);
	case MC_RECIPE_CERTIFICATES:
		return mc_fail(e, MC_MALFORMED,
		    "${%s}: certificates have payloads of their own: say "
		    "certificates %s",
		    o->name, o->name);
	case MC_RECIPE_FILE:
	case MC_RECIPE_SUBJECT:
		return (is_option(value) && sign == '=') ||
		    mc_fail(e, MC_MALFORMED,
			"${%s}: a %s is a value of its own: want KEY=${%s}",
			o->name, mc_recipe_kind_name(o->kind), o->name);
	case MC_RECIPE_LIST:
		return sign == '+' ||
		    mc_fail(e, MC_MALFORMED,
			"${%s}: a list adds items: want KEY+=${%s}", o->name,
			o->name);
	case MC_RECIPE_TEXT:
	case MC_RECIPE_SECRET:
	case MC_RECIPE_INTEGER:
	case MC_RECIPE_CHOICE:
	case MC_RECIPE_KINDS:
		break;
	}
	return true;
}

/* The options in a value exist, and make sense there. */
static bool
check_value(
    struct mc_recipe_reader *rd, char *value, char sign, struct mc_err *e)
{
	struct mc_recipe_piece piece;
	const char *at = value;
	size_t lists = 0;
	size_t number;

	for (rd->fault = at; mc_recipe_piece_next(&at, &piece);
	     rd->fault = at) {
		if (!piece.option)
			continue;
		if (piece.n == 0)
			return mc_fail(e, MC_MALFORMED,
			    "want ${NAME}, or $${ for a plain ${");
		if (!mc_recipe_option_get(rd, piece.text, piece.n, &number, e))
			return false;
		rd->r->options[number - 1].used = true;
		if (!check_use(&rd->r->options[number - 1], value, sign, e))
			return false;
		if (rd->r->options[number - 1].kind == MC_RECIPE_LIST &&
		    ++lists > 1)
			return mc_fail(
			    e, MC_MALFORMED, "two lists in one value");
	}
	return true;
}

/* "TYPE:" behind ":="; *value is moved behind it. */
static bool
read_type(struct mc_recipe_reader *rd, char **value, struct mc_err *e)
{
	size_t n = strcspn(*value, ":");

	rd->fault = *value;
	if ((*value)[n] && mc_value_type_check(*value, n)) {
		*value += n + 1;
		return true;
	}
	return mc_fail(e, MC_MALFORMED,
	    "want KEY:=TYPE:VALUE, TYPE being string, boolean, integer, real, "
	    "date, data or json");
}

/* The key, with its sign; *sign is '=', '+' or ':', *value what follows. */
static bool
read_key(struct mc_recipe_reader *rd, char **key, char **value, char *sign,
    struct mc_err *e)
{
	AUTO_KEYPATH path = { .n = 0 };
	char *start = rd->next;
	size_t n = mc_keypath_len(start);

	rd->fault = start;
	if (n == 0)
		return mc_fail(e, MC_MALFORMED,
		    "want KEY=VALUE, KEY+=VALUE or KEY:=TYPE:VALUE");
	*sign = start[n];
	if (!mc_keypath_parse(start, n, &path, e))
		return false;
	*value = start + n + (*sign == '=' ? 1 : 2);
	if (*sign == ':' && !read_type(rd, value, e))
		return false;
	return mc_recipe_keep(start, (size_t)(*value - start), key, e);
}

/* "@uuid:LABEL"; "@@" is a plain "@" in front. */
static bool
read_value(struct mc_recipe_reader *rd, char *value, char sign,
    struct mc_recipe_line *line, struct mc_err *e)
{
	const size_t n = sizeof(REFERENCE) - 1;

	rd->fault = value;
	if (strncmp(value, REFERENCE, n) == 0) {
		if (sign == ':' || !mc_recipe_name_check(value + n))
			return mc_fail(e, MC_MALFORMED,
			    "want KEY=@uuid:NAME, NAME being a payload's");
		return mc_recipe_keep(
		    value + n, strlen(value + n), &line->refers, e);
	}
	if (*value == '@' && value[1] != '@')
		return mc_fail(e, MC_MALFORMED,
		    "a recipe names no files and secrets: want an option, or "
		    "@@ for a plain @");
	if (*value == '@')
		value++;
	if (!*value)
		return mc_fail(e, MC_MALFORMED, "want a value");
	return check_value(rd, value, sign, e) &&
	    mc_recipe_keep(value, strlen(value), &line->value, e);
}

bool
mc_recipe_line_read(struct mc_recipe_reader *rd, struct mc_err *e)
{
	struct mc_recipe *r = rd->r;
	struct mc_recipe_line *line = &r->lines[r->lines_n];
	char *value;
	char sign;

	if (r->payloads[r->payloads_n - 1].certificates)
		return mc_fail(
		    e, MC_MALFORMED, "certificates have no lines of their own");
	if (r->lines_n == MC_RECIPE_LINES)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d lines", MC_RECIPE_LINES);
	*line = (struct mc_recipe_line){ .key = NULL };
	r->lines_n++;
	r->payloads[r->payloads_n - 1].n++;
	if (!mc_recipe_if_read(rd, &line->when, e))
		return false;
	rd->next += strspn(rd->next, " ");
	rd->fault = rd->next;
	line->at = mc_recipe_here(rd);
	return read_key(rd, &line->key, &value, &sign, e) &&
	    read_value(rd, value, sign, line, e);
}

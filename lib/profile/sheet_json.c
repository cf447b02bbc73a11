/* SPDX-License-Identifier: ISC */
#include "profile/sheet_part.h"

#include <stdio.h>

#include "base/json.h"
#include "profile/plain.h"

/* NULL for what is no scalar. */
static const char *
scalar_text(const json_t *v, char number[static MC_PLAIN_REAL])
{
	switch (json_typeof(v)) {
	case JSON_STRING:
		return json_string_value(v);
	case JSON_INTEGER:
		snprintf(number, MC_PLAIN_REAL, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(v));
		return number;
	case JSON_REAL:
		return mc_plain_real(json_real_value(v), number);
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_NULL:
		return "";
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
	return NULL;
}

static bool
add_all(json_t *object, struct mc_vars *to, struct mc_err *e)
{
	char number[MC_PLAIN_REAL];
	const char *name;
	const char *text;
	json_t *value;
	size_t before = to->n;

	json_object_foreach(object, name, value)
	{
		text = scalar_text(value, number);
		if (to->n - before == MC_VARS_ROW)
			return mc_fail(e, MC_MALFORMED,
			    "has more than %d members", MC_VARS_ROW);
		if (!mc_vars_add(to, name, text ? text : "", e))
			return false;
		if (!text)
			return mc_fail(e, MC_MALFORMED,
			    "%s: want a string, a number, a boolean or null",
			    name);
	}
	return true;
}

bool
mc_sheet_json_next(struct mc_sheet *r, struct mc_vars *to, struct mc_err *e)
{
	AUTO(json_t) *object = NULL;
	const char *s = r->at;
	size_t n;

	mc_sheet_skip_line(r);
	n = (size_t)(r->at - s);
	while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
		n--;
	return mc_json_line_parse(s, n, &object, e) && add_all(object, to, e);
}

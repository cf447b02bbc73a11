/* SPDX-License-Identifier: ISC */
#include "base/json.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/time.h"

struct fault {
	size_t line;
	size_t column;
	char why[64];
};

/* Where a nesting is deeper than the limit; false where none is. */
static bool
too_deep(const char *s, size_t n, struct fault *f)
{
	const char *begin = s;
	const char *end = s + n;
	size_t depth = 0;
	bool text = false;

	for (f->line = 1; s < end; s++) {
		if (*s == '\n') {
			f->line++;
			begin = s + 1;
		}
		if (text && *s == '\\' && s + 1 < end)
			s++;
		else if (*s == '"')
			text = !text;
		else if (!text && (*s == '[' || *s == '{'))
			depth++;
		else if (!text && (*s == ']' || *s == '}'))
			depth -= depth > 0;
		if (depth > MC_JSON_DEPTH) {
			f->column = (size_t)(s - begin) + 1;
			return true;
		}
	}
	return false;
}

/* Jansson's own words quote what they are about. */
static const char *
why(const json_error_t *at)
{
	switch (json_error_code(at)) {
	case json_error_duplicate_key:
		return "this object has two members of one name";
	case json_error_end_of_input_expected:
		return "want nothing after the value";
	case json_error_premature_end_of_input:
		return "the input ends too early";
	case json_error_invalid_utf8:
		return "want UTF-8";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "holds a NUL";
	case json_error_numeric_overflow:
		return "the number does not fit 64 bits";
	case json_error_unknown:
	case json_error_out_of_memory:
	case json_error_stack_overflow:
	case json_error_cannot_open_file:
	case json_error_invalid_argument:
	case json_error_invalid_syntax:
	case json_error_invalid_format:
	case json_error_wrong_type:
	case json_error_null_value:
	case json_error_item_not_found:
	case json_error_index_out_of_range:
		break;
	}
	return "this is not JSON";
}

/* NULL, with *f; f->line is 0 when out of memory. */
static json_t *
load(const char *s, size_t n, struct fault *f)
{
	json_error_t at;
	json_t *value;

	*f = (struct fault){ 1, 1, "want JSON, not nothing" };
	if (n == 0)
		return NULL;
	if (too_deep(s, n, f)) {
		(void)snprintf(f->why, sizeof(f->why),
		    "nested more than %d deep", MC_JSON_DEPTH);
		return NULL;
	}
	value = json_loadb(s, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
	if (value)
		return value;
	if (json_error_code(&at) == json_error_out_of_memory)
		f->line = 0;
	else
		f->line = (size_t)at.line;
	f->column = (size_t)at.column;
	(void)snprintf(f->why, sizeof(f->why), "%s", why(&at));
	return NULL;
}

bool
mc_json_parse(const struct mc_buf *in, json_t **out, struct mc_err *e)
{
	struct fault f;
	json_t *value = load(mc_buf_str(in), in->len, &f);

	if (!value && f.line == 0)
		return mc_fail_memory(e);
	if (!value)
		return mc_fail(
		    e, MC_MALFORMED, "%zu:%zu: %s", f.line, f.column, f.why);
	*out = value;
	return true;
}

bool
mc_json_line_parse(const char *s, size_t n, json_t **out, struct mc_err *e)
{
	struct fault f;
	AUTO(json_t) *value = load(s, n, &f);

	if (!value && f.line == 0)
		return mc_fail_memory(e);
	if (!value)
		return mc_fail(
		    e, MC_MALFORMED, "column %zu: %s", f.column, f.why);
	if (!json_is_object(value))
		return mc_fail(e, MC_MALFORMED, "want an object in each line");
	*out = take(&value);
	return true;
}

bool
mc_json_set(json_t *o, const char *name, json_t *value, struct mc_err *e)
{
	return json_object_set_new(o, name, value) == 0 || mc_fail_memory(e);
}

bool
mc_json_set_text(
    json_t *o, const char *name, const char *text, struct mc_err *e)
{
	json_t *value;
	char *copy;

	if (!text || !*text)
		return mc_json_set(o, name, json_null(), e);
	copy = strdup(text);
	if (!copy)
		return mc_fail_memory(e);
	mc_text_clean(copy);
	value = json_string(copy);
	free(copy);
	return mc_json_set(o, name, value, e);
}

bool
mc_json_set_number(json_t *o, const char *name, int64_t n, struct mc_err *e)
{
	return mc_json_set(o, name, json_integer(n), e);
}

bool
mc_json_set_time(json_t *o, const char *name, int64_t t, struct mc_err *e)
{
	char text[MC_TIME_TEXT];

	return mc_json_set_text(o, name, t ? mc_time_format(t, text) : NULL, e);
}

bool
mc_json_add(json_t *array, json_t *value, struct mc_err *e)
{
	return json_array_append_new(array, value) == 0 || mc_fail_memory(e);
}

struct writing {
	struct mc_buf *to;
	struct mc_err *e;
	bool failed; /* and *e says why */
};

static int
append(const char *s, size_t n, void *ctx)
{
	struct writing *w = ctx;

	w->failed = !mc_buf_add(w->to, s, n, w->e);
	return w->failed ? -1 : 0;
}

bool
mc_json_encode(
    const json_t *value, size_t flags, struct mc_buf *to, struct mc_err *e)
{
	struct writing w = { .to = to, .e = e };

	if (json_dump_callback(value, append, &w, flags) == 0)
		return true;
	return !w.failed ? mc_fail_memory(e) : false;
}

/* SPDX-License-Identifier: ISC */
#include "ca/json.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/time.h"

bool
mc_json_put(json_t *o, const char *name, json_t *value, struct mc_err *e)
{
	return json_object_set_new(o, name, value) == 0 || mc_fail_memory(e);
}

bool
mc_json_put_text(
    json_t *o, const char *name, const char *text, struct mc_err *e)
{
	json_t *value;
	char *copy;

	if (!text || !*text)
		return mc_json_put(o, name, json_null(), e);
	copy = strdup(text);
	if (!copy)
		return mc_fail_memory(e);
	mc_text_clean(copy);
	value = json_string(copy);
	free(copy);
	return mc_json_put(o, name, value, e);
}

bool
mc_json_put_number(json_t *o, const char *name, int64_t n, struct mc_err *e)
{
	return mc_json_put(o, name, json_integer(n), e);
}

bool
mc_json_put_time(json_t *o, const char *name, int64_t t, struct mc_err *e)
{
	char text[MC_TIME_TEXT];

	return mc_json_put_text(o, name, t ? mc_time_format(t, text) : NULL, e);
}

bool
mc_json_encode(
    const json_t *o, size_t flags, struct mc_buf *to, struct mc_err *e)
{
	char *text = json_dumps(o, flags);
	bool done = text ? mc_buf_puts(to, text, e) : mc_fail_memory(e);

	free(text);
	return done;
}

/* SPDX-License-Identifier: ISC */
#include "profile/plain.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/time.h"

const char *
mc_plain_real(double v, char text[static MC_PLAIN_REAL])
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, MC_PLAIN_REAL, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	return text;
}

bool
mc_plain_encode(const mc_plist *scalar, struct mc_buf *to, struct mc_err *e)
{
	char date[MC_TIME_TEXT];
	char real[MC_PLAIN_REAL];
	const uint8_t *data;
	int64_t number;
	double fraction;
	size_t len;
	bool yes;

	if (mc_plist_str(scalar))
		return mc_buf_puts(to, mc_plist_str(scalar), e);
	if (mc_plist_bool(scalar, &yes))
		return mc_buf_puts(to, yes ? "true" : "false", e);
	if (mc_plist_int(scalar, &number))
		return mc_buf_printf(to, e, "%lld", (long long)number);
	if (mc_plist_real(scalar, &fraction))
		return mc_buf_puts(to, mc_plain_real(fraction, real), e);
	if (mc_plist_date(scalar, &number))
		return mc_buf_puts(to, mc_time_format(number, date), e);
	if (mc_plist_data(scalar, &data, &len))
		return mc_base64_encode(data, len, to, e);
	return mc_fail(e, MC_INTERNAL, "want one value, not %s",
	    mc_plist_type_name(mc_plist_type(scalar)));
}

static json_t *
tagged(const char *tag, const mc_plist *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_plain_encode(p, &text, &e)
	    ? json_pack("{s:s}", tag, mc_buf_str(&text))
	    : NULL;
}

static json_t *
scalar_new(const mc_plist *p)
{
	int64_t number;
	double fraction;
	bool yes;

	if (mc_plist_str(p))
		return json_string(mc_plist_str(p));
	if (mc_plist_bool(p, &yes))
		return json_boolean(yes);
	if (mc_plist_int(p, &number))
		return json_integer(number);
	if (mc_plist_real(p, &fraction))
		return json_real(fraction);
	return tagged(
	    mc_plist_type(p) == MC_PLIST_DATE ? "@date" : "@base64", p);
}

/* As deep as the tree; NULL when out of memory. */
static json_t *
value_new(const mc_plist *p)
{
	enum mc_plist_type type = mc_plist_type(p);
	AUTO_PLIST_ITER it = { .in = p };
	AUTO(json_t) *to = NULL;
	json_t *value;

	if (type != MC_PLIST_DICT && type != MC_PLIST_ARRAY)
		return scalar_new(p);
	to = type == MC_PLIST_DICT ? json_object() : json_array();
	while (mc_plist_iter_next(&it)) {
		value = value_new(it.value);
		if (it.key ? json_object_set_new(to, it.key, value) == -1
			   : json_array_append_new(to, value) == -1)
			return NULL;
	}
	return it.failed ? NULL : take(&to);
}

bool
mc_plain_json_encode(const mc_plist *p, struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *value = value_new(p);

	return mc_json_encode(value, JSON_INDENT(2) | JSON_ENCODE_ANY, to, e) &&
	    mc_buf_puts(to, "\n", e);
}

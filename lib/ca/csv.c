/* SPDX-License-Identifier: ISC */
#include "ca/csv.h"

#include <string.h>

static bool
field(const char *text, const char *end, struct mc_buf *to, struct mc_err *e)
{
	const char *safe = *text && strchr("=+-@\t\r", *text) ? "'" : "";

	if (!text[strcspn(text, ",\"\r\n")])
		return mc_buf_printf(to, e, "%s%s%s", safe, text, end);
	if (!mc_buf_printf(to, e, "\"%s", safe))
		return false;
	for (; *text; text++)
		if ((*text == '"' && !mc_buf_puts(to, "\"", e)) ||
		    !mc_buf_add(to, text, 1, e))
			return false;
	return mc_buf_printf(to, e, "\"%s", end);
}

bool
mc_csv_encode(
    const char *const *fields, size_t n, struct mc_buf *to, struct mc_err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!field(fields[i] ? fields[i] : "", i + 1 < n ? "," : "\r\n",
			to, e))
			return false;
	return true;
}

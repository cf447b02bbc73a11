/* SPDX-License-Identifier: ISC */
#include "base/subject.h"

#include <string.h>

/* Append the value up to the next slash; *text is left there. */
static bool
unquote(const char **text, struct mc_buf *to, struct mc_err *e)
{
	const char *s = *text;

	for (; *s && *s != '/'; s++) {
		if (*s == '\\' && !*++s)
			return mc_fail(
			    e, MC_MALFORMED, "nothing after the last \\");
		if (!mc_buf_add(to, s, 1, e))
			return false;
	}
	*text = s;
	return true;
}

/* One "TYPE=value" at *text, which moves behind it. */
static bool
read_part(const char **text, mc_subject_part *part, void *ctx, struct mc_err *e)
{
	AUTO_BUF type = MC_BUF_INIT;
	AUTO_BUF value = MC_BUF_INIT;
	size_t len = strcspn(*text, "=/");

	if ((*text)[len] != '=')
		return mc_fail(
		    e, MC_MALFORMED, "\"%.64s\": want TYPE=value", *text);
	if (!mc_buf_add(&type, *text, len, e))
		return false;
	*text += len + 1;
	return unquote(text, &value, e) &&
	    part(ctx, mc_buf_str(&type), mc_buf_str(&value), e);
}

bool
mc_subject_read(
    const char *text, mc_subject_part *part, void *ctx, struct mc_err *e)
{
	if (*text != '/')
		return mc_fail(e, MC_MALFORMED,
		    "\"%.64s\": a name begins with a slash, /CN=Alice", text);
	for (int n = 0; *text; n++) {
		if (n == MC_SUBJECT_PARTS)
			return mc_fail(e, MC_MALFORMED,
			    "a name has at most %d parts", MC_SUBJECT_PARTS);
		text++;
		if (!read_part(&text, part, ctx, e))
			return false;
	}
	return true;
}

bool
mc_subject_quote(
    const char *value, size_t len, struct mc_buf *to, struct mc_err *e)
{
	for (size_t i = 0; i < len; i++)
		if (((value[i] == '/' || value[i] == '\\') &&
			!mc_buf_puts(to, "\\", e)) ||
		    !mc_buf_add(to, &value[i], 1, e))
			return false;
	return true;
}

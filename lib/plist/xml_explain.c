/* SPDX-License-Identifier: ISC */
#include "plist/xml_part.h"

#include <ctype.h>

#include "base/text.h"

/* Is a character of UTF-8 at p?  A NUL is behind the last. */
static bool
is_utf8(const uint8_t *p)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	const char *why = "";

	return mc_text_check(
		   (const char *)p, strnlen((const char *)p, n), &why) ||
	    strcmp(why, "is not UTF-8") != 0;
}

/*
 * What is wrong with the character that Expat stopped at, or with the "&" or
 * "<" before it, to which *at goes back; NULL: none of what is known.
 */
static const char *
token_explain(const struct mc_xml *r, size_t *at)
{
	const uint8_t *p = r->in->data;
	size_t back = *at;

	if (*at < r->in->len && !is_utf8(p + *at))
		return "not UTF-8: want the file saved as UTF-8";
	if (*at < r->in->len && p[*at] < ' ' && !strchr("\t\r\n", p[*at]))
		return "a control character, which XML has not";
	/* the tokens before this one were fine: only a name is between */
	while (back > r->seen && back > 0 && p[back - 1] != '&' &&
	    (isalnum(p[back - 1]) || strchr("#_.-:", p[back - 1])))
		back--;
	if (back > r->seen && p[back - 1] == '&') {
		*at = back - 1;
		return "a bare &: want &amp;";
	}
	if (*at > r->seen && p[*at - 1] == '<') {
		--*at;
		return "a bare <: want &lt;";
	}
	return NULL;
}

const char *
mc_xml_explain(const struct mc_xml *r, size_t *at)
{
	enum XML_Error code = XML_GetErrorCode(r->xml);
	const char *why = NULL;

	if (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_PARTIAL_CHAR)
		why = "ends too early: </plist> is missing";
	else if (code == XML_ERROR_UNCLOSED_TOKEN ||
	    code == XML_ERROR_UNCLOSED_CDATA_SECTION)
		why = "ends too early: what begins here has no end";
	else if (code == XML_ERROR_MISPLACED_XML_PI)
		why = "<?xml has to be the first in the file, without a blank "
		      "or a line before it";
	else if (code == XML_ERROR_INVALID_TOKEN)
		why = token_explain(r, at);
	return why ? why : XML_ErrorString(code);
}

/* SPDX-License-Identifier: ISC */
#include "plist/kind.h"

/* What else people have files of, by how they begin. */
static const char *
other_find(const char *s)
{
	static const struct {
		const char *begins;
		const char *is;
	} known[] = {
		{ "\x89PNG", "a PNG image" },
		{ "\xff\xd8\xff", "a JPEG image" },
		{ "%PDF-", "a PDF document" },
		{ "PK\x03\x04", "a zip archive" },
		{ "\x1f\x8b", "compressed with gzip" },
		{ "{", "JSON, or a plist of the old form" },
		{ "[", "JSON" },
	};
	const char *text = s;

	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strncmp(text, known[i].begins, strlen(known[i].begins)) ==
		    0)
			return known[i].is;
	return NULL;
}

bool
mc_kind_check(const struct mc_buf *in, struct mc_err *e)
{
	const char *s = mc_buf_str(in);
	const char *other;

	if (in->len == 0)
		return mc_fail(e, MC_MALFORMED, "is empty");
	if (in->len > MC_BUF_LIMIT)
		return mc_fail(
		    e, MC_MALFORMED, "more than %zu bytes", MC_BUF_LIMIT);
	if (strncmp(s, "bplist", 6) == 0)
		return mc_fail(e, MC_MALFORMED,
		    "is a binary plist; want XML (plutil -convert xml1)");
	if (s[0] == 0x30 && (uint8_t)s[1] >= 0x80)
		return mc_fail(e, MC_MALFORMED,
		    "is a signed or encrypted message (DER), not XML");
	if (strncmp(s, "-----BEGIN", 10) == 0)
		return mc_fail(e, MC_MALFORMED, "is PEM, not XML");
	other = other_find(s);
	if (other)
		return mc_fail(
		    e, MC_MALFORMED, "is %s; want a plist in XML", other);
	/* and not UTF-16, which Expat would follow by its byte order mark */
	if (memchr(s, '\0', in->len) || strncmp(s, "\xfe\xff", 2) == 0 ||
	    strncmp(s, "\xff\xfe", 2) == 0)
		return mc_fail(e, MC_MALFORMED,
		    "holds a NUL byte or is UTF-16; want XML in UTF-8");
	return true;
}

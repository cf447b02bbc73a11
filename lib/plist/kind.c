/* SPDX-License-Identifier: ISC */
#include "plist/kind.h"

bool
mc_kind_check(const struct mc_buf *in, struct mc_err *e)
{
	const char *s = mc_buf_str(in);

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
	/* and not UTF-16, which Expat would follow by its byte order mark */
	if (memchr(s, '\0', in->len) || strncmp(s, "\xfe\xff", 2) == 0 ||
	    strncmp(s, "\xff\xfe", 2) == 0)
		return mc_fail(e, MC_MALFORMED,
		    "holds a NUL byte or is UTF-16; want XML in UTF-8");
	return true;
}

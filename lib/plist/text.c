/* SPDX-License-Identifier: ISC */
#include "plist/plist.h"

/* By its first byte; 0 where none begins so. */
static size_t
sequence_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xc0)
		return 0;
	if (c < 0xe0)
		return 2;
	if (c < 0xf0)
		return 3;
	return c < 0xf8 ? 4 : 0;
}

/* Of two bytes or more in UTF-8. */
static bool
is_char(uint32_t c)
{
	return c <= 0x10ffff && (c < 0xd800 || c >= 0xe000) && c != 0xfffe &&
	    c != 0xffff;
}

/*
 * The length of the UTF-8 sequence at s that XML can hold; 0 if there is
 * none (RFC 3629 section 4, XML 1.0 production 2).
 */
static size_t
sequence(const unsigned char *s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = sequence_length(s[0]);
	uint32_t c = s[0] & (0x7fU >> n);

	if (n == 1)
		return s[0] >= ' ' || strchr("\t\r\n", s[0]) ? 1 : 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return n && c >= least[n] && is_char(c) ? n : 0;
}

bool
mc_plist_text_check(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n;

	for (; *p; p += n) {
		n = sequence(p);
		if (n == 0)
			return false;
	}
	return true;
}

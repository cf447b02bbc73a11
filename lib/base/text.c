/* SPDX-License-Identifier: ISC */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* Of the character that begins with this byte; 0 where none does. */
static size_t
length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xc0 || c >= 0xf8)
		return 0;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* The character at p and its length, 1 to 4; 0 where it is no UTF-8. */
static size_t
next(const unsigned char *p, size_t left, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = length(p[0]);
	uint32_t c = n > 1 ? p[0] & (0x7fU >> n) : p[0];

	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fU);
	}
	if (n == 0 || c < least[n] || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return n;
}

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Has no width, ends a line, or changes the direction of what is around it. */
static bool
is_unseen(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

bool
mc_text_check(const char *s, size_t n, const char **why)
{
	const unsigned char *p = (const unsigned char *)s;
	bool control = false;
	uint32_t c = 0;
	size_t len;

	for (; n > 0; p += len, n -= len) {
		len = next(p, n, &c);
		if (len == 0) {
			*why = "is not UTF-8";
			return false;
		}
		control = control || is_control(c);
	}
	if (control)
		*why = "holds a control character";
	return !control;
}

void
mc_text_clean(char *s)
{
	unsigned char *p = (unsigned char *)s;
	size_t left = strlen(s);
	uint32_t c = 0;
	size_t len;

	for (; left > 0; p += len, left -= len) {
		len = next(p, left, &c);
		if (len == 0 || is_control(c)) {
			len = len ? len : 1;
			memset(p, '?', len);
		}
	}
}

void
mc_text_show(char *s)
{
	const unsigned char *from = (const unsigned char *)s;
	size_t left = strlen(s);
	uint32_t c = 0;
	size_t len;

	for (; left > 0; from += len, left -= len) {
		len = next(from, left, &c);
		if (len == 0 || is_control(c) || is_unseen(c)) {
			len = len ? len : 1;
			*s++ = '?';
		} else {
			memmove(s, from, len);
			s += len;
		}
	}
	*s = '\0';
}

size_t
mc_text_width(const char *s, size_t n)
{
	size_t w = 0;

	for (size_t i = 0; i < n; i++)
		w += ((unsigned char)s[i] & 0xc0) != 0x80;
	return w;
}

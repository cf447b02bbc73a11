/* SPDX-License-Identifier: ISC */
#include "plist/utf16.h"

static uint32_t
unit(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

/* The sequence of RFC 3629 for c; how long it is. */
static size_t
sequence(uint32_t c, uint8_t out[static 4])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3f));
	out[0] = (uint8_t)(n == 1 ? c : (0xf00U >> n & 0xff) | c);
	return n;
}

bool
mc_utf16_parse(
    const uint8_t *p, uint64_t n, struct mc_buf *to, struct mc_err *e)
{
	uint8_t out[4];

	for (uint64_t i = 0; i < n; i++) {
		uint32_t c = unit(p + 2 * i);
		uint32_t low = i + 1 < n ? unit(p + 2 * i + 2) : 0;

		if (c >= 0xd800 && c < 0xe000) {
			if (c >= 0xdc00 || low < 0xdc00 || low >= 0xe000)
				return mc_fail(e, MC_MALFORMED,
				    "UTF-16: half a surrogate pair");
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i++;
		}
		if (!mc_buf_add(to, out, sequence(c, out), e))
			return false;
	}
	return true;
}

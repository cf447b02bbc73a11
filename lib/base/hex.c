/* SPDX-License-Identifier: ISC */
#include "base/hex.h"

static const char std[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
bool
mc_hex_encode(const void *data, size_t len, struct mc_buf *to, struct mc_err *e)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		if (!mc_buf_add(to,
			(char[]){ digits[p[i] >> 4], digits[p[i] & 15] }, 2, e))
			return false;
	return true;
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
mc_hex_parse(const char *s, uint8_t *out, size_t len)
{
	int hi;
	int lo;

	if (strlen(s) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		hi = nibble(s[2 * i]);
		lo = nibble(s[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

bool
mc_base64_encode(
    const void *data, size_t len, struct mc_buf *to, struct mc_err *e)
{
	const uint8_t *p = data;
	uint32_t v;
	size_t n;

	for (; len; p += n, len -= n) {
		char q[4] = "====";

		n = len < 3 ? len : 3;
		v = (uint32_t)p[0] << 16;
		v |= n > 1 ? (uint32_t)p[1] << 8 : 0;
		v |= n > 2 ? (uint32_t)p[2] : 0;
		for (size_t i = 0; i <= n; i++)
			q[i] = std[v >> (18 - 6 * i) & 63];
		if (!mc_buf_add(to, q, 4, e))
			return false;
	}
	return true;
}

/* One group of n characters, 2 to 4, whose bits are in v. */
static bool
group(uint32_t v, size_t n, struct mc_buf *to, struct mc_err *e)
{
	uint8_t out[3];

	v <<= 6 * (4 - n);
	out[0] = (uint8_t)(v >> 16);
	out[1] = (uint8_t)(v >> 8);
	out[2] = (uint8_t)v;
	/* bits that no byte takes must be zero, or two texts mean one thing */
	if ((n == 2 && (out[1] || out[2])) || (n == 3 && out[2]))
		return mc_fail(e, MC_MALFORMED, "base64: bad last group");
	return mc_buf_add(to, out, n - 1, e);
}

static bool
finish(uint32_t v, size_t n, size_t pad, bool lax, struct mc_buf *to,
    struct mc_err *e)
{
	if (n == 0)
		return pad == 0 ||
		    mc_fail(e, MC_MALFORMED, "base64: stray padding");
	if (n == 1 || (n + pad != 4 && (pad || !lax)))
		return mc_fail(e, MC_MALFORMED, "base64: bad length");
	return group(v, n, to, e);
}

bool
mc_base64_parse(
    const char *s, size_t len, bool lax, struct mc_buf *to, struct mc_err *e)
{
	const char *d;
	uint32_t v = 0;
	size_t n = 0;
	size_t pad = 0;

	for (size_t i = 0; i < len; i++) {
		if (strchr(" \t\r\n", s[i]) && s[i])
			continue;
		if (s[i] == '=') {
			pad++;
			continue;
		}
		d = s[i] ? strchr(std, s[i]) : NULL;
		if (!d || pad)
			return mc_fail(
			    e, MC_MALFORMED, "base64: bad character at %zu", i);
		v = v << 6 | (uint32_t)(d - std);
		if (++n < 4)
			continue;
		if (!group(v, 4, to, e))
			return false;
		n = 0;
		v = 0;
	}
	return finish(v, n, pad, lax, to, e);
}

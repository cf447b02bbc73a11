/* SPDX-License-Identifier: ISC */
#include "plist/path.h"

#include <stdio.h>
#include <string.h>

/* The longest cut of s under n bytes that ends no character in its middle. */
static size_t
cut(const char *s, size_t n)
{
	size_t len = strnlen(s, n);

	if (len < n)
		return len;
	for (len = n - 1; len > 0 && (s[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

/* How many bytes at s a terminal might obey: C0, DEL or, in UTF-8, C1. */
static size_t
control(const char *s)
{
	unsigned char c = (unsigned char)s[0];
	unsigned char next = (unsigned char)(c ? s[1] : 0);

	if (c == 0xc2 && next >= 0x80 && next < 0xa0)
		return 2;
	return c < ' ' || c == 0x7f ? 1 : 0;
}

const char *
mc_path_quote(const char *s, char text[static MC_QUOTE_TEXT])
{
	size_t room = MC_QUOTE_TEXT - sizeof("...");
	size_t n = cut(s, room + 1);

	memcpy(text, s, n);
	for (size_t i = 0; i < n; i++)
		if (control(&s[i]))
			memset(text + i, '?', control(&s[i]));
	snprintf(text + n, MC_QUOTE_TEXT - n, "%s", s[n] ? "..." : "");
	return text;
}

static size_t
add(const struct mc_path *p, char *text, size_t room)
{
	char key[MC_QUOTE_TEXT];
	size_t n = p->up ? add(p->up, text, room) : 0;
	int more;

	if (p->key)
		more = snprintf(text + n, room - n, "%s%s", n ? "." : "",
		    mc_path_quote(p->key, key));
	else
		more = snprintf(text + n, room - n, "[%zu]", p->i);
	/* what does not fit is left out, whole */
	if (more < 0 || (size_t)more >= room - n) {
		text[n] = '\0';
		return n;
	}
	return n + (size_t)more;
}

const char *
mc_path_encode(const struct mc_path *p, char text[static MC_PATH_TEXT])
{
	if (p)
		add(p, text, MC_PATH_TEXT);
	else
		snprintf(text, MC_PATH_TEXT, "the top");
	return text;
}

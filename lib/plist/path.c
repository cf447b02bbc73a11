/* SPDX-License-Identifier: ISC */
#include "plist/path.h"

#include <stdio.h>
#include <string.h>

#define CUT "..."
/* Room for a quoted name, each character escaped, in quotes. */
#define KEY_TEXT (2 * MC_QUOTE_TEXT + 2)

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

static const char *
name_quote(const char *name, char text[static KEY_TEXT])
{
	char shown[MC_QUOTE_TEXT];
	char *to = text;

	*to++ = '"';
	for (const char *p = mc_path_quote(name, shown); *p; p++) {
		if (*p == '"' || *p == '\\')
			*to++ = '\\';
		*to++ = *p;
	}
	*to++ = '"';
	*to = '\0';
	return text;
}

/* The last three of what needs quotes are for its sign. */
bool
mc_path_key_is_plain(const char *key)
{
	return *key && !key[strcspn(key, ".[\"\\=+:")];
}

static const char *
key_encode(const char *key, char text[static KEY_TEXT])
{
	return mc_path_key_is_plain(key) ? mc_path_quote(key, text)
					 : name_quote(key, text);
}

/* What is matched, in brackets: no number, and no "+". */
static const char *
match_encode(const char *name, char text[static KEY_TEXT])
{
	bool plain = name[strspn(name, "0123456789")] &&
	    strcmp(name, "+") != 0 && !name[strcspn(name, "]\"\\")];

	return plain ? mc_path_quote(name, text) : name_quote(name, text);
}

/* Append a step, whole or not at all; false where none can follow. */
static bool
add(enum mc_step_kind kind, const char *name, size_t i,
    char text[static MC_PATH_TEXT])
{
	const size_t room = MC_PATH_TEXT - strlen(CUT);
	char one[KEY_TEXT];
	size_t n = strlen(text);
	int more = -1;

	switch (kind) {
	case MC_STEP_KEY:
		more = snprintf(text + n, room - n, "%s%s", n ? "." : "",
		    key_encode(name, one));
		break;
	case MC_STEP_INDEX:
		more = snprintf(text + n, room - n, "[%zu]", i);
		break;
	case MC_STEP_APPEND:
		more = snprintf(text + n, room - n, "[+]");
		break;
	case MC_STEP_MATCH:
		more = snprintf(
		    text + n, room - n, "[%s]", match_encode(name, one));
		break;
	}
	if (more >= 0 && (size_t)more < room - n)
		return true;
	memcpy(text + n, CUT, sizeof(CUT));
	return false;
}

bool
mc_step_encode(const struct mc_step *s, char text[static MC_PATH_TEXT])
{
	return add(s->kind, s->text, s->i, text);
}

static bool
add_all(const struct mc_path *p, char text[static MC_PATH_TEXT])
{
	return (!p->up || add_all(p->up, text)) &&
	    add(p->key ? MC_STEP_KEY : MC_STEP_INDEX, p->key, p->i, text);
}

const char *
mc_path_encode(const struct mc_path *p, char text[static MC_PATH_TEXT])
{
	text[0] = '\0';
	if (p)
		(void)add_all(p, text);
	else
		snprintf(text, MC_PATH_TEXT, "the top");
	return text;
}

/* SPDX-License-Identifier: ISC */
#include "http/request.h"

#include <stdlib.h>
#include <strings.h>

#include "base/hex.h"
#include "base/text.h"

static const struct {
	const char *name;
	bool utf8; /* may hold more than ASCII */
} texts[MC_HTTP_TEXTS] = {
	[MC_HTTP_METHOD] = { "method", false },
	[MC_HTTP_PATH] = { "path", true },
	[MC_HTTP_QUERY] = { "query", false },
	[MC_HTTP_TYPE] = { "Content-Type", false },
	[MC_HTTP_USER] = { "user", true },
	[MC_HTTP_ADDR] = { "address", false },
	[MC_HTTP_AUTHORIZATION] = { "Authorization", false },
};

static void
release(char **s)
{
	if (*s)
		explicit_bzero(*s, strlen(*s));
	free(*s);
	*s = NULL;
}

void
mc_http_request_clear(struct mc_http_request *r)
{
	for (size_t i = 0; i < MC_HTTP_TEXTS; i++)
		release(&r->text[i]);
	r->https = false;
	mc_buf_clear(&r->body);
}

const char *
mc_http_request_get(
    const struct mc_http_request *r, enum mc_http_request_text which)
{
	return r->text[which] ? r->text[which] : "";
}

bool
mc_http_request_set(struct mc_http_request *r, enum mc_http_request_text which,
    const char *s, size_t n, struct mc_err *e)
{
	const char *why;
	char *copy;

	for (size_t i = 0; i < n && !texts[which].utf8; i++)
		if (s[i] < ' ' || s[i] > '~')
			return mc_fail(e, MC_MALFORMED,
			    "%s: byte 0x%02x is not allowed", texts[which].name,
			    (unsigned)(unsigned char)s[i]);
	if (!mc_text_check(s, n, &why))
		return mc_fail(
		    e, MC_MALFORMED, "%s: %s", texts[which].name, why);
	copy = strndup(s, n);
	if (!copy)
		return mc_fail_memory(e);
	release(&r->text[which]);
	r->text[which] = copy;
	return true;
}

bool
mc_http_request_set_target(
    struct mc_http_request *r, const char *s, size_t n, struct mc_err *e)
{
	AUTO_BUF path = { .limit = MC_HEAD_LIMIT };
	const char *q = n ? memchr(s, '?', n) : NULL;
	size_t len = q ? (size_t)(q - s) : n;

	if (n == 0 || s[0] != '/')
		return mc_fail(e, MC_MALFORMED, "target is not a path");
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return mc_fail(e, MC_MALFORMED,
			    "target: byte 0x%02x is not allowed",
			    (unsigned)(unsigned char)s[i]);
	if (!mc_http_unescape(s, len, &path, e) ||
	    !mc_http_request_set(
		r, MC_HTTP_PATH, mc_buf_str(&path), path.len, e))
		return false;
	return mc_http_request_set(
	    r, MC_HTTP_QUERY, q ? q + 1 : "", q ? n - len - 1 : 0, e);
}

bool
mc_http_unescape(const char *s, size_t n, struct mc_buf *to, struct mc_err *e)
{
	char hex[3] = "";
	uint8_t c;

	for (size_t i = 0; i < n; i++) {
		c = (uint8_t)s[i];
		if (c == '%') {
			if (n - i < 3)
				return mc_fail(
				    e, MC_MALFORMED, "escape is cut off");
			memcpy(hex, s + i + 1, 2);
			if (!mc_hex_parse(hex, &c, 1) || c == 0)
				return mc_fail(e, MC_MALFORMED,
				    "want %%XX, not the escape of a NUL");
			i += 2;
		}
		if (!mc_buf_add(to, &c, 1, e))
			return false;
	}
	return true;
}

bool
mc_http_query_get(const char *query, const char *name, struct mc_buf *to,
    bool *there, struct mc_err *e)
{
	const size_t len = strlen(name);
	size_t n;

	*there = false;
	for (const char *p = query; *p; p += n + (p[n] == '&')) {
		n = strcspn(p, "&");
		if (n < len || memcmp(p, name, len) != 0 ||
		    (n > len && p[len] != '='))
			continue;
		if (*there)
			return mc_fail(
			    e, MC_MALFORMED, "query: %s is there twice", name);
		*there = true;
		if (n > len &&
		    !mc_http_unescape(p + len + 1, n - len - 1, to, e))
			return mc_note(e, "query: %s", name);
	}
	return true;
}

bool
mc_http_type_is(const char *type, const char *want)
{
	size_t n = strcspn(type, "; \t");

	return n == strlen(want) && strncasecmp(type, want, n) == 0;
}

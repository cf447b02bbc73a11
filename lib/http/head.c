/* SPDX-License-Identifier: ISC */
#include "http/head.h"

#include <strings.h>

#define METHOD_LIMIT 16

/* One header field, lent from the head. */
struct field {
	const char *name;
	size_t name_len;
	const char *value;
	size_t len;
};

enum { HOST, LENGTH, TYPE, AUTHORIZATION, EXPECT, ENCODING, NAMES };

/* The fields that matter here; any other is skipped. */
static const char *const names[NAMES] = {
	[HOST] = "Host",
	[LENGTH] = "Content-Length",
	[TYPE] = "Content-Type",
	[AUTHORIZATION] = "Authorization",
	[EXPECT] = "Expect",
	[ENCODING] = "Transfer-Encoding",
};

struct parser {
	struct mc_http_request *r;
	struct mc_http_head head;
	bool seen[NAMES];
	bool http11;
	int *status;
};

static bool
refuse(int *status, int number, struct mc_err *e, const char *why)
{
	*status = number;
	return mc_fail(e, MC_MALFORMED, "%s", why);
}

static bool
is_token(const char *s, size_t n)
{
	static const char chars[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 0; i < n; i++)
		if (!s[i] || !strchr(chars, s[i]))
			return false;
	return n > 0;
}

/* "http://HOST/path" is the same resource as "/path", whatever the host. */
static void
skip_authority(const char **s, size_t *n)
{
	static const char *const schemes[] = { "http://", "https://" };
	const char *slash;
	size_t len;

	for (size_t i = 0; i < 2; i++) {
		len = strlen(schemes[i]);
		if (*n <= len || strncasecmp(*s, schemes[i], len) != 0)
			continue;
		slash = memchr(*s + len, '/', *n - len);
		if (!slash)
			return;
		*n -= (size_t)(slash - *s);
		*s = slash;
		return;
	}
}

/* "METHOD SP target SP HTTP/1.x", without its line end. */
static bool
parse_line(struct parser *p, const char *s, size_t n, struct mc_err *e)
{
	static const char want[] = "want METHOD TARGET HTTP/1.1";
	const char *end = s + n;
	const char *target = memchr(s, ' ', n);
	const char *version;
	size_t len;

	if (!target || !is_token(s, (size_t)(target - s)) ||
	    target - s > METHOD_LIMIT)
		return refuse(p->status, 400, e, want);
	if (!mc_http_request_set(
		p->r, MC_HTTP_METHOD, s, (size_t)(target - s), e))
		return false;
	target++;
	version = memchr(target, ' ', (size_t)(end - target));
	if (!version || end - version != 9 ||
	    memcmp(version + 1, "HTTP/", 5) != 0)
		return refuse(p->status, 400, e, want);
	len = (size_t)(version - target);
	if (memcmp(version + 6, "1.1", 3) != 0 &&
	    memcmp(version + 6, "1.0", 3) != 0)
		return refuse(p->status, 505, e, "want HTTP/1.1 or HTTP/1.0");
	p->http11 = version[8] == '1';
	skip_authority(&target, &len);
	return mc_http_request_set_target(p->r, target, len, e);
}

/* "Name: value", without its line end. */
static bool
cut_field(const char *s, size_t n, struct field *f, struct mc_err *e)
{
	const char *colon = memchr(s, ':', n);
	const char *end = s + n;

	if (!colon || !is_token(s, (size_t)(colon - s)))
		return mc_fail(e, MC_MALFORMED, "want NAME: VALUE");
	f->name = s;
	f->name_len = (size_t)(colon - s);
	f->value = colon + 1;
	while (f->value < end && (*f->value == ' ' || *f->value == '\t'))
		f->value++;
	while (end > f->value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	f->len = (size_t)(end - f->value);
	for (size_t i = 0; i < f->len; i++)
		if (((unsigned char)f->value[i] < ' ' && f->value[i] != '\t') ||
		    f->value[i] == 0x7f)
			return mc_fail(e, MC_MALFORMED,
			    "a field holds a control character");
	return true;
}

static size_t
name_of(const struct field *f)
{
	size_t i = 0;

	while (i < NAMES &&
	    (f->name_len != strlen(names[i]) ||
		strncasecmp(f->name, names[i], f->name_len) != 0))
		i++;
	return i;
}

static bool
take_field(struct parser *p, const struct field *f, struct mc_err *e)
{
	size_t i = name_of(f);

	if (i == NAMES)
		return true;
	if (p->seen[i])
		return mc_fail(e, MC_MALFORMED, "%s: is there twice", names[i]);
	p->seen[i] = true;
	switch (i) {
	case LENGTH:
		return mc_http_length_parse(
		    f->value, f->len, &p->head.length, p->status, e);
	case TYPE:
		return mc_http_request_set(
		    p->r, MC_HTTP_TYPE, f->value, f->len, e);
	case AUTHORIZATION:
		return mc_http_request_set(
		    p->r, MC_HTTP_AUTHORIZATION, f->value, f->len, e);
	case EXPECT: /* HTTP/1.0 does not know it */
		p->head.expect = p->http11;
		return !p->http11 ||
		    (f->len == 12 &&
			strncasecmp(f->value, "100-continue", 12) == 0) ||
		    refuse(p->status, 417, e, "Expect: not 100-continue");
	default:
		return true;
	}
}

/* The next line: n bytes without the CR LF that ends it. */
static bool
next_line(const char *s, size_t size, size_t *n, struct mc_err *e)
{
	const char *end = size ? memchr(s, '\n', size) : NULL;

	if (!end || end == s || end[-1] != '\r')
		return mc_fail(e, MC_MALFORMED, "a line does not end in CR LF");
	*n = (size_t)(end - 1 - s);
	if (memchr(s, '\r', *n) || memchr(s, '\0', *n))
		return mc_fail(e, MC_MALFORMED, "a CR or NUL inside a line");
	return true;
}

static bool
parse_fields(struct parser *p, const char *s, size_t size, struct mc_err *e)
{
	struct field f = { 0 };
	size_t n;

	for (;; s += n + 2, size -= n + 2) {
		if (!next_line(s, size, &n, e))
			return false;
		if (n == 0)
			return size == 2 ||
			    mc_fail(e, MC_MALFORMED, "bytes after the head");
		if (*s == ' ' || *s == '\t')
			return mc_fail(e, MC_MALFORMED, "a folded line");
		if (!cut_field(s, n, &f, e) || !take_field(p, &f, e))
			return false;
	}
}

/* What the fields say together. */
static bool
check_fields(const struct parser *p, struct mc_err *e)
{
	bool post = strcmp(mc_http_request_get(p->r, MC_HTTP_METHOD), "POST") ==
	    0;

	if (p->seen[ENCODING])
		return refuse(p->status, p->seen[LENGTH] ? 400 : 411, e,
		    "Transfer-Encoding: want Content-Length");
	if (p->http11 && !p->seen[HOST])
		return refuse(p->status, 400, e, "Host: is missing");
	if (post && !p->seen[LENGTH])
		return refuse(p->status, 411, e, "Content-Length: is missing");
	return true;
}

bool
mc_http_head_parse(const char *s, size_t n, struct mc_http_request *r,
    struct mc_http_head *out, int *status, struct mc_err *e)
{
	struct parser p = { .r = r, .status = status };
	size_t line;

	*status = 400;
	if (!next_line(s, n, &line, e) || !parse_line(&p, s, line, e) ||
	    !parse_fields(&p, s + line + 2, n - line - 2, e) ||
	    !check_fields(&p, e))
		return false;
	*out = p.head;
	return true;
}

bool
mc_http_head_find(const char *s, size_t n, size_t *out, struct mc_err *e)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\0')
			return mc_fail(e, MC_MALFORMED, "a NUL in the head");
		if (s[i] == '\r' && i + 1 < n && s[i + 1] != '\n')
			return mc_fail(e, MC_MALFORMED, "a CR without its LF");
		if (s[i] != '\n')
			continue;
		if (i == 0 || s[i - 1] != '\r')
			return mc_fail(e, MC_MALFORMED, "an LF without its CR");
		if (i == 1 || (i >= 3 && s[i - 2] == '\n')) {
			*out = i + 1;
			return true;
		}
	}
	return true;
}

bool
mc_http_length_parse(
    const char *s, size_t n, size_t *out, int *status, struct mc_err *e)
{
	size_t len = 0;

	if (n == 0)
		return refuse(status, 400, e, "Content-Length: is empty");
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return refuse(
			    status, 400, e, "Content-Length: not a number");
		if (len <= MC_NET_LIMIT) /* enough to know: no overflow */
			len = len * 10 + (size_t)(s[i] - '0');
	}
	if (len > MC_NET_LIMIT)
		return refuse(status, 413, e, "the body is too long");
	*out = len;
	return true;
}

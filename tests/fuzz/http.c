/* SPDX-License-Identifier: ISC */
/*
 * A bare request's bytes.  Whatever they are: what the parser takes, a proxy
 * that reads it by the letter of RFC 9112 takes the same way, and what it
 * hands on can be put on one line of a log.
 */
#include "http/head.h"

#include <strings.h>

#include "help.h"

/* How many lines of a head begin with this field's name. */
static int
count(const char *s, size_t n, const char *name)
{
	int found = 0;

	for (size_t i = 0; i + strlen(name) < n; i++)
		found += (i == 0 || s[i - 1] == '\n') &&
		    strncasecmp(s + i, name, strlen(name)) == 0;
	return found;
}

static void
check_taken(const char *s, size_t n, const struct mc_http_request *r,
    const struct mc_http_head *h)
{
	const char *text;

	must(n >= 4 && memcmp(s + n - 4, "\r\n\r\n", 4) == 0);
	must(!memchr(s, '\0', n));
	for (size_t i = 0; i < n; i++) {
		must(s[i] != '\n' || (i > 0 && s[i - 1] == '\r'));
		must(s[i] != '\r' || s[i + 1] == '\n');
		must(s[i] != '\n' || i + 1 == n ||
		    (s[i + 1] != ' ' && s[i + 1] != '\t'));
	}
	must(count(s, n, "content-length:") <= 1);
	must(count(s, n, "transfer-encoding:") == 0);
	must(h->length <= MC_NET_LIMIT);
	must(*mc_http_request_get(r, MC_HTTP_METHOD));
	must(*mc_http_request_get(r, MC_HTTP_PATH) == '/');
	must(!*mc_http_request_get(r, MC_HTTP_USER));
	for (int i = 0; i < MC_HTTP_TEXTS; i++) {
		text = mc_http_request_get(r, (enum mc_http_request_text)i);
		for (; *text; text++)
			must((unsigned char)*text >= ' ' && *text != 0x7f);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 400, 411, 413, 417, 505 };
	const char *s = (const char *)data;
	AUTO_HTTP_REQUEST r = { 0 };
	AUTO_BUF value = MC_BUF_INIT;
	struct mc_http_head h = { 0 };
	struct mc_err e = MC_ERR_INIT;
	int status = 0;
	size_t len = 0;
	bool there = false;
	bool known = false;

	if (size > MC_HEAD_LIMIT)
		return 0;
	if (!mc_http_head_find(s, size, &len, &e)) {
		/* what is hopeless early is refused whole */
		must(!mc_http_head_parse(s, size, &r, &h, &status, &e));
		return 0;
	}
	must(len <= size);
	if (len == 0)
		return 0;
	if (mc_http_head_parse(s, len, &r, &h, &status, &e)) {
		check_taken(s, len, &r, &h);
		if (mc_http_query_get(mc_http_request_get(&r, MC_HTTP_QUERY),
			"message", &value, &there, &e))
			must(strlen(mc_buf_str(&value)) == value.len);
		return 0;
	}
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		known |= status == statuses[i];
	must(known && e.code == MC_MALFORMED && *e.text);
	return 0;
}

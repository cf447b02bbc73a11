/* SPDX-License-Identifier: ISC */
#include "http/request.h"

#include "tap.h"

static struct mc_err e;

static bool
target(struct mc_http_request *r, const char *s)
{
	return mc_http_request_set_target(r, s, strlen(s), &e);
}

static bool
unescapes(const char *s, const char *want)
{
	AUTO_BUF b = MC_BUF_INIT;

	return mc_http_unescape(s, strlen(s), &b, &e) && mc_buf_is(&b, want);
}

/* 1: the value is want; 0: the name is not there; -1: malformed. */
static int
query(const char *q, const char *name, const char *want)
{
	AUTO_BUF b = MC_BUF_INIT;
	bool there;

	if (!mc_http_query_get(q, name, &b, &there, &e))
		return -1;
	return there ? mc_buf_is(&b, want) ? 1 : 2 : 0;
}

static void
targets(void)
{
	AUTO_HTTP_REQUEST r = { 0 };

	ok(strcmp(mc_http_request_get(&r, MC_HTTP_PATH), "") == 0);
	ok(target(&r, "/a%20b?c=%41&d"));
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_PATH), "/a b") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_QUERY), "c=%41&d") == 0);
	ok(target(&r, "/x?"));
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_QUERY), "") == 0);
	ok(target(&r, "/x?a?b"));
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_QUERY), "a?b") == 0);
	ok(target(&r, "/%C3%A4"));
	ok(!target(&r, ""));
	ok(!target(&r, "*"));
	ok(!target(&r, "http://x/"));
	ok(!target(&r, "/a%0db"));
	ok(!target(&r, "/a%00b") && e.code == MC_MALFORMED);
	ok(!target(&r, "/a%7f"));
	ok(!target(&r, "/a%2"));
	ok(!target(&r, "/a%+1"));
	ok(!target(&r, "/a\tb"));
	ok(!target(&r, "/\303\244"));
	ok(!target(&r, "/?a\001"));
}

int
main(void)
{
	AUTO_HTTP_REQUEST r = { 0 };

	targets();
	ok(unescapes("a%2Bb+c%0a", "a+b+c\n"));
	ok(!unescapes("%", "") && !unescapes("%4", "") &&
	    !unescapes("%g0", ""));
	ok(!unescapes("%00", ""));
	/* base64 in the spellings of SCEP's clients */
	ok(unescapes("%2B%2b%2F7%2fw%3D%3D", "++/7/w=="));
	ok(unescapes("++%2F7/w", "++/7/w"));
	ok(unescapes("%20+/7/w%3D=", " +/7/w=="));
	ok(unescapes("++/7%0d%0a/w==%0A", "++/7\r\n/w==\n"));

	ok(query("operation=GetCACert&message=", "message", "") == 1);
	ok(query("operation=Get%43ACert", "operation", "GetCACert") == 1);
	ok(query("operation", "operation", "") == 1);
	ok(query("operations=1&x", "operation", "") == 0);
	ok(query("&&a=1&", "a", "1") == 1);
	ok(query("a=b+c/d==", "a", "b+c/d==") == 1);
	ok(query("", "a", "") == 0);
	ok(query("a=1&a=2", "a", "1") == -1);
	ok(query("a=%4", "a", "") == -1);
	ok(query("b=%4&a=1", "a", "1") == 1);

	ok(mc_http_type_is("Text/HTML; charset=utf-8", "text/html"));
	ok(mc_http_type_is("text/html", "text/html"));
	ok(mc_http_type_is("text/html ;x", "text/html"));
	ok(!mc_http_type_is("text/htmlx", "text/html"));
	ok(!mc_http_type_is("text/htm", "text/html"));
	ok(!mc_http_type_is("", "text/html"));

	ok(mc_http_request_set(&r, MC_HTTP_USER, "J\303\274rgen", 7, &e));
	ok(!mc_http_request_set(&r, MC_HTTP_USER, "a\nb", 3, &e));
	ok(!mc_http_request_set(&r, MC_HTTP_USER, "a\0b", 3, &e));
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_USER), "J\303\274rgen") == 0);
	ok(!mc_http_request_set(&r, MC_HTTP_TYPE, "\303\244", 2, &e));
	return done();
}

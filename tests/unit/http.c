/* SPDX-License-Identifier: ISC */
#include "http/bare.h"
#include "http/cgi.h"
#include "http/head.h"

#include "base/time.h"
#include "tap.h"

static struct mc_err e;

/* The status with which a head is refused; 0 when it is not. */
static int
head(const char *s, size_t n)
{
	AUTO_HTTP_REQUEST r = { 0 };
	struct mc_http_head h;
	int status = 0;

	if (mc_http_head_parse(s, n, &r, &h, &status, &e))
		return 0;
	return e.code == MC_MALFORMED ? status : -1;
}

#define HEAD(s) head(s, sizeof(s) - 1)
#define FIELD(s) HEAD("POST / HTTP/1.1\r\nHost: x\r\n" s "\r\n")

static void
lines(void)
{
	ok(HEAD("GET / HTTP/1.1\r\nHost: x\r\n\r\n") == 0);
	ok(HEAD("GET / HTTP/1.0\r\n\r\n") == 0);
	ok(HEAD("GET / HTTP/1.1\r\n\r\n") == 400); /* no Host */
	ok(HEAD("GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n") == 400);
	ok(HEAD("GET / HTTP/2.0\r\nHost: x\r\n\r\n") == 505);
	ok(HEAD("GET / HTTP/1.2\r\nHost: x\r\n\r\n") == 505);
	ok(HEAD("GET / http/1.1\r\nHost: x\r\n\r\n") == 400);
	ok(HEAD("GET / HTTP/1.11\r\nHost: x\r\n\r\n") == 400);
	ok(HEAD("GET /\r\n\r\n") == 400);
	ok(HEAD("GET  / HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("GET /  HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("GET / x HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD(" GET / HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("G\tT / HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("(GET) / HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("AAAAAAAAAAAAAAAA / HTTP/1.0\r\n\r\n") == 0);
	ok(HEAD("AAAAAAAAAAAAAAAAA / HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("GET * HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("GET x HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("GET http://a/b HTTP/1.0\r\n\r\n") == 0);
	ok(HEAD("GET http://a HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("GET ftp://a/b HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("\r\nGET / HTTP/1.0\r\n\r\n") == 400);
	ok(HEAD("") == 400);
}

static void
smuggling(void)
{
	ok(FIELD("Content-Length: 3\r\n") == 0);
	ok(FIELD("Content-Length:3\r\n") == 0);
	ok(FIELD("Content-Length: \t3 \t\r\n") == 0);
	ok(FIELD("Content-Length: 3\r\nContent-Length: 3\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\ncontent-length: 4\r\n") == 400);
	ok(FIELD("Content-Length: 3, 3\r\n") == 400);
	ok(FIELD("Content-Length: +3\r\n") == 400);
	ok(FIELD("Content-Length: -3\r\n") == 400);
	ok(FIELD("Content-Length: 0x3\r\n") == 400);
	ok(FIELD("Content-Length: 3 3\r\n") == 400);
	ok(FIELD("Content-Length: \r\n") == 400);
	ok(FIELD("Content-Length : 3\r\n") == 400);
	ok(FIELD("Content-Length: 1048576\r\n") == 0);
	ok(FIELD("Content-Length: 1048577\r\n") == 413);
	ok(FIELD("Content-Length: 18446744073709551619\r\n") == 413);
	ok(FIELD("") == 411);
	ok(FIELD("Transfer-Encoding: chunked\r\n") == 411);
	ok(FIELD("Transfer-Encoding: identity\r\n") == 411);
	ok(FIELD("Transfer-Encoding: x\r\nTransfer-Encoding: y\r\n") == 400);
	ok(FIELD("transfer-encoding: chunked\r\nContent-Length: 3\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\nTransfer-Encoding:\r\n") == 400);
	ok(FIELD("Transfer-Encoding : chunked\r\nContent-Length: 3\r\n") ==
	    400);
	ok(FIELD("Content-Length: 3\r\nX: a\r\n b\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\n X: a\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\nX: a\n") == 400);
	ok(FIELD("Content-Length: 3\r\nX: a\rb\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\nX: a\0b\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\nX: a\001b\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\nX: a\tb\r\n") == 0);
	ok(FIELD("Content-Length: 3\r\nX: \303\244\r\n") == 0);
	ok(FIELD("Content-Length: 3\r\nX\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\n: a\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\nExpect: 100-Continue\r\n") == 0);
	ok(FIELD("Content-Length: 3\r\nExpect: x\r\n") == 417);
	ok(FIELD("Content-Length: 3\r\n\r\n") == 400); /* bytes after it */
	ok(FIELD("Content-Length: 3\r\nContent-Type: a/b\r\n"
		 "Content-Type: a/b\r\n") == 400);
	ok(FIELD("Content-Length: 3\r\nAuthorization: a\r\n"
		 "Authorization: a\r\n") == 400);
}

static bool
finds(const char *s, size_t n, size_t want)
{
	size_t len = 99;

	return mc_http_head_find(s, n, &len, &e) && len == want;
}

static void
finding(void)
{
	static const char s[] = "GET / HTTP/1.0\r\nA: b\r\n\r\nbody";
	const size_t whole = sizeof(s) - 1 - 4;

	for (size_t n = 0; n < whole; n++)
		if (!finds(s, n, 0))
			ok(!"a head is found too early");
	ok(finds(s, whole, whole));
	ok(finds(s, sizeof(s) - 1, whole));
	ok(finds("\r\n", 2, 2));
	ok(!finds("a\nb", 3, 0));
	ok(!finds("a\r\r\n", 4, 0));
	ok(!finds("a\rb", 3, 0));
	ok(finds("a\r", 2, 0));
	ok(!finds("a\0", 2, 0));
}

static void
fields(void)
{
	static const char s[] = "POST /a%20b?c=d HTTP/1.1\r\nHOST: x\r\n"
				"content-TYPE:  a/b; c=d \r\nX-User: root\r\n"
				"AUTHORIZATION: Basic eA==\r\n"
				"Content-Length: 007\r\n"
				"Expect: 100-continue\r\n\r\n";
	AUTO_HTTP_REQUEST r = { 0 };
	struct mc_http_head h;
	int status;

	ok(mc_http_head_parse(s, sizeof(s) - 1, &r, &h, &status, &e));
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_METHOD), "POST") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_PATH), "/a b") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_QUERY), "c=d") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_TYPE), "a/b; c=d") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_AUTHORIZATION),
	       "Basic eA==") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_USER), "") == 0);
	ok(h.length == 7 && h.expect);
}

struct body {
	const char *left;
	size_t step;
};

static ssize_t
read_body(void *ctx, void *to, size_t n)
{
	struct body *b = ctx;
	size_t len = strlen(b->left);

	if (len > n)
		len = n;
	if (len > b->step)
		len = b->step;
	memcpy(to, b->left, len);
	b->left += len;
	return (ssize_t)len;
}

/* 0, or the status; r is left filled. */
static int
cgi(char **envp, const char *body, struct mc_http_request *r)
{
	struct body b = { body, 3 };
	int status = 0;

	mc_http_request_clear(r);
	return mc_cgi_parse(envp, read_body, &b, r, &status, &e) ? 0 : status;
}

#define CGI(r, body, ...) cgi((char *[]){ __VA_ARGS__, NULL }, body, r)
#define V(s)                                                                   \
	(char[])                                                               \
	{                                                                      \
		s                                                              \
	}

static void
cgis(void)
{
	AUTO_HTTP_REQUEST r = { 0 };

	ok(CGI(&r, "hello, and more", V("REQUEST_METHOD=POST"),
	       V("SCRIPT_NAME=/a"), V("PATH_INFO=/b c"), V("HTTPS=ON"),
	       V("CONTENT_LENGTH=5"), V("CONTENT_TYPE=x/y"),
	       V("REMOTE_USER=j\303\274"), V("REMOTE_ADDR=::1"),
	       V("QUERY_STRING=q"), V("HTTP_AUTHORIZATION=z")) == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_PATH), "/a/b c") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_USER), "j\303\274") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_ADDR), "::1") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_QUERY), "q") == 0);
	ok(strcmp(mc_http_request_get(&r, MC_HTTP_AUTHORIZATION), "z") == 0);
	ok(mc_buf_is(&r.body, "hello") && r.https);

	ok(CGI(&r, "", V("REQUEST_METHOD=GET"), V("PATH_INFO=/")) == 0);
	ok(r.body.len == 0 && !r.https);
	ok(CGI(&r, "", V("REQUEST_METHOD=GET"), V("PATH_INFO=/"),
	       V("HTTPS=off")) == 0 &&
	    !r.https);
	ok(CGI(&r, "", V("REQUEST_METHOD=GET"), V("PATH_INFO=/"),
	       V("HTTP_HTTPS=on")) == 0 &&
	    !r.https);
	ok(CGI(&r, "", V("PATH_INFO=/")) == 400);
	ok(CGI(&r, "", V("REQUEST_METHOD=GET")) == 400);
	ok(CGI(&r, "", V("REQUEST_METHOD=GET"), V("PATH_INFO=x")) == 400);
	ok(CGI(&r, "", V("REQUEST_METHOD=GET"), V("PATH_INFO=/a\rb")) == 400);
	ok(CGI(&r, "", V("REQUEST_METHOD=GET"), V("PATH_INFO=/"),
	       V("REMOTE_USER=a\nb")) == 400);
	ok(CGI(&r, "abc", V("REQUEST_METHOD=POST"), V("PATH_INFO=/")) == 411);
	ok(CGI(&r, "abc", V("REQUEST_METHOD=POST"), V("PATH_INFO=/"),
	       V("CONTENT_LENGTH=4")) == 400);
	ok(CGI(&r, "abc", V("REQUEST_METHOD=POST"), V("PATH_INFO=/"),
	       V("CONTENT_LENGTH=3x")) == 400);
	ok(CGI(&r, "abc", V("REQUEST_METHOD=POST"), V("PATH_INFO=/"),
	       V("CONTENT_LENGTH=-1")) == 400);
	ok(CGI(&r, "abc", V("REQUEST_METHOD=POST"), V("PATH_INFO=/"),
	       V("CONTENT_LENGTH=1048577")) == 413);
}

static void
responses(void)
{
	AUTO_RESPONSE r = { .status = 200 };
	AUTO_BUF out = MC_BUF_INIT;
	const char *s;

	mc_time_set(784111777); /* the date of RFC 9110's examples */
	ok(mc_buf_puts(&r.type, "a/b", &e) && mc_buf_puts(&r.body, "xyz", &e));
	ok(mc_response_encode(&r, MC_RESPONSE_HTTP, &out, &e));
	s = mc_buf_str(&out);
	ok(strncmp(s,
	       "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	       "Connection: close\r\nContent-Type: a/b\r\n"
	       "Content-Length: 3\r\n",
	       strlen("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT"
		      "\r\nConnection: close\r\nContent-Type: a/b\r\n"
		      "Content-Length: 3\r\n")) == 0);
	ok(strcmp(s + out.len - 7, "\r\n\r\nxyz") == 0);
	ok(strstr(s, "\r\nCache-Control: no-store\r\n"));
	ok(strstr(s, "\r\nContent-Security-Policy: default-src 'none'; "));
	ok(strstr(s, "\r\nX-Content-Type-Options: nosniff\r\n"));
	ok(strstr(s, "\r\nX-Frame-Options: DENY\r\n"));
	ok(strstr(s, "\r\nReferrer-Policy: no-referrer\r\n"));
	ok(!strstr(s, "Strict-Transport-Security"));
	ok(!strstr(s, "Location") && !strstr(s, "Allow") &&
	    !strstr(s, "WWW-Authenticate"));

	mc_buf_clear(&out);
	r.hsts = r.head = true;
	ok(mc_response_encode(&r, MC_RESPONSE_CGI, &out, &e));
	s = mc_buf_str(&out);
	ok(strncmp(s, "Status: 200 OK\r\nContent-Type: a/b\r\n", 35) == 0);
	ok(strstr(s, "Content-Length: 3\r\n"));
	ok(strcmp(s + out.len - 4, "\r\n\r\n") == 0);
	ok(strstr(s, "\r\nStrict-Transport-Security: max-age="));

	/* whatever gets into a header, no line of it can be forged */
	ok(mc_buf_puts(&r.location, "https://x/\r\nSet-Cookie: a", &e));
	ok(!mc_response_encode(&r, MC_RESPONSE_CGI, &out, &e) &&
	    e.code == MC_INTERNAL);
}

int
main(void)
{
	lines();
	smuggling();
	finding();
	fields();
	cgis();
	responses();
	return done();
}

/* SPDX-License-Identifier: ISC */
#include "http/cgi.h"

#include <errno.h>
#include <strings.h>
#include <unistd.h>

#include "http/head.h"

static const char *
get(char *const *envp, const char *name)
{
	size_t n = strlen(name);

	for (; *envp; envp++)
		if (strncmp(*envp, name, n) == 0 && (*envp)[n] == '=')
			return *envp + n + 1;
	return "";
}

static bool
set_texts(char *const *envp, struct mc_http_request *r, struct mc_err *e)
{
	static const struct {
		enum mc_http_request_text which;
		const char *name;
	} map[] = {
		{ MC_HTTP_METHOD, "REQUEST_METHOD" },
		{ MC_HTTP_QUERY, "QUERY_STRING" },
		{ MC_HTTP_TYPE, "CONTENT_TYPE" },
		{ MC_HTTP_USER, "REMOTE_USER" },
		{ MC_HTTP_ADDR, "REMOTE_ADDR" },
		{ MC_HTTP_AUTHORIZATION, "HTTP_AUTHORIZATION" },
	};
	AUTO_BUF path = { .limit = MC_HEAD_LIMIT };
	const char *s = get(envp, "HTTPS");

	r->https = strcasecmp(s, "on") == 0 || strcmp(s, "1") == 0;
	for (size_t i = 0; i < sizeof(map) / sizeof(*map); i++) {
		s = get(envp, map[i].name);
		if (!mc_http_request_set(r, map[i].which, s, strlen(s), e))
			return false;
	}
	if (!mc_buf_puts(&path, get(envp, "SCRIPT_NAME"), e) ||
	    !mc_buf_puts(&path, get(envp, "PATH_INFO"), e) ||
	    !mc_http_request_set(
		r, MC_HTTP_PATH, mc_buf_str(&path), path.len, e))
		return false;
	if (path.len == 0 || path.data[0] != '/')
		return mc_fail(e, MC_MALFORMED, "the path has no /");
	return *mc_http_request_get(r, MC_HTTP_METHOD)
	    ? true
	    : mc_fail(e, MC_MALFORMED, "REQUEST_METHOD: is missing");
}

static bool
read_body(mc_cgi_read *read, void *ctx, size_t length, struct mc_buf *to,
    struct mc_err *e)
{
	uint8_t chunk[16384];
	size_t left;
	ssize_t n;
	bool kept = true;

	to->limit = MC_NET_LIMIT;
	while (kept && to->len < length) {
		left = length - to->len;
		n = read(
		    ctx, chunk, left < sizeof(chunk) ? left : sizeof(chunk));
		if (n == -1)
			return mc_fail_errno(e, MC_IO, "read");
		if (n == 0)
			return mc_fail(e, MC_MALFORMED, "the body is cut off");
		kept = mc_buf_add(to, chunk, (size_t)n, e);
		explicit_bzero(chunk, (size_t)n);
	}
	return kept;
}

bool
mc_cgi_parse(char *const *envp, mc_cgi_read *read, void *ctx,
    struct mc_http_request *r, int *status, struct mc_err *e)
{
	const char *s = get(envp, "CONTENT_LENGTH");
	size_t length = 0;

	*status = 400;
	if (!set_texts(envp, r, e))
		return false;
	if (*s && !mc_http_length_parse(s, strlen(s), &length, status, e))
		return false;
	if (!*s &&
	    strcmp(mc_http_request_get(r, MC_HTTP_METHOD), "POST") == 0) {
		*status = 411;
		return mc_fail(e, MC_MALFORMED, "Content-Length: is missing");
	}
	return read_body(read, ctx, length, &r->body, e);
}

static ssize_t
read_stdin(void *ctx, void *to, size_t n)
{
	ssize_t got;

	(void)ctx;
	do
		got = read(STDIN_FILENO, to, n);
	while (got == -1 && errno == EINTR);
	return got;
}

bool
mc_cgi_serve(mc_http_handler *handler, void *ctx, struct mc_err *e)
{
	AUTO_HTTP_REQUEST r = { 0 };
	AUTO_RESPONSE answer = { 0 };
	AUTO_BUF bytes = MC_BUF_INIT;
	struct mc_err why = MC_ERR_INIT;
	int status;

	if (mc_cgi_parse(environ, read_stdin, NULL, &r, &status, &why))
		status = 0;
	handler(ctx, &r, status, &why, &answer);
	return mc_response_encode(&answer, MC_RESPONSE_CGI, &bytes, e) &&
	    mc_buf_write_fd(&bytes, STDOUT_FILENO, e);
}

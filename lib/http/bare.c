/* SPDX-License-Identifier: ISC */
#include "http/bare.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/time.h"
#include "http/head.h"

#define LINGER_MS 2000 /* how long a refused client may go on sending */

/* What the client sends, read ahead as far as it comes. */
struct source {
	int in;
	int64_t deadline; /* ms, by the monotonic clock */
	struct mc_buf bytes;
	bool ended;
};

static void
source_clear(struct source *s)
{
	mc_buf_clear(&s->bytes);
}
#define AUTO_SOURCE __attribute__((cleanup(source_clear))) struct source

/* The next bytes, at most max of them; sets ended at the end. */
static bool
receive(struct source *s, size_t max, int *status, struct mc_err *e)
{
	uint8_t chunk[16384];
	struct pollfd p = { .fd = s->in, .events = POLLIN };
	int64_t left = s->deadline - mc_time_ms();
	ssize_t n;
	bool kept;

	n = left > 0 ? poll(&p, 1, (int)left) : 0;
	if (n == 0) {
		*status = 408;
		return mc_fail(e, MC_RETRY, "no whole request after %d s",
		    MC_BARE_SECONDS);
	}
	if (n > 0)
		n = read(
		    s->in, chunk, max < sizeof(chunk) ? max : sizeof(chunk));
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n == -1)
		return mc_fail_errno(e, MC_IO, "read");
	s->ended = n == 0;
	kept = mc_buf_add(&s->bytes, chunk, (size_t)n, e);
	explicit_bzero(chunk, (size_t)n);
	return kept;
}

/* Through the empty line: its length.  0 where not one byte came. */
static bool
read_head(struct source *s, size_t *len, int *status, struct mc_err *e)
{
	*status = 400;
	for (;;) {
		if (!mc_http_head_find(
			mc_buf_str(&s->bytes), s->bytes.len, len, e))
			return false;
		if (*len > 0)
			return true;
		if (s->bytes.len >= MC_HEAD_LIMIT) {
			*status = 431;
			return mc_fail(e, MC_MALFORMED,
			    "head is longer than %zu bytes", MC_HEAD_LIMIT);
		}
		if (!receive(s, MC_HEAD_LIMIT - s->bytes.len, status, e))
			return false;
		if (s->ended)
			return s->bytes.len == 0 ||
			    mc_fail(e, MC_MALFORMED, "the request is cut off");
	}
}

static bool
read_body(struct source *s, size_t head, size_t length, struct mc_buf *body,
    int *status, struct mc_err *e)
{
	*status = 400;
	while (s->bytes.len < head + length) {
		if (!receive(s, head + length - s->bytes.len, status, e))
			return false;
		if (s->ended)
			return mc_fail(e, MC_MALFORMED, "the body is cut off");
	}
	body->limit = MC_NET_LIMIT;
	return mc_buf_add(body, s->bytes.data + head, length, e);
}

/* Whoever connected, as far as somebody knows. */
static bool
set_address(int fd, struct mc_http_request *r, struct mc_err *e)
{
	/* systemd, UCSPI, socat */
	static const char *const names[] = { "REMOTE_ADDR", "TCPREMOTEIP",
		"SOCAT_PEERADDR" };
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	char text[INET6_ADDRSTRLEN] = "";
	const void *addr = NULL;
	const char *s = NULL;

	if (getpeername(fd, (struct sockaddr *)&ss, &len) == 0) {
		if (ss.ss_family == AF_INET)
			addr = &((struct sockaddr_in *)&ss)->sin_addr;
		if (ss.ss_family == AF_INET6)
			addr = &((struct sockaddr_in6 *)&ss)->sin6_addr;
	}
	if (addr)
		s = inet_ntop(ss.ss_family, addr, text, sizeof(text));
	for (size_t i = 0; !s && i < sizeof(names) / sizeof(*names); i++)
		s = getenv(names[i]);
	return mc_http_request_set(
	    r, MC_HTTP_ADDR, s ? s : "", s ? strlen(s) : 0, e);
}

static bool
send_all(int fd, const struct mc_buf *b, struct mc_err *e)
{
	const struct timeval stall = { .tv_sec = MC_BARE_SECONDS };

	/* a pipe has no such option, and a reader of our own machine */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof(stall));
	return mc_buf_write_fd(b, fd, e);
}

static bool
read_request(struct source *s, int out, struct mc_http_request *r, int *status,
    struct mc_err *e)
{
	AUTO_BUF go_on = MC_BUF_INIT;
	struct mc_http_head head;
	size_t len;

	if (!read_head(s, &len, status, e))
		return false;
	if (len == 0) {
		*status = 0; /* nothing came: there is nothing to answer */
		return mc_fail(e, MC_NOINPUT, "no request");
	}
	if (!mc_http_head_parse(
		mc_buf_str(&s->bytes), len, r, &head, status, e))
		return false;
	if (head.expect && s->bytes.len < len + head.length &&
	    (!mc_buf_puts(&go_on, "HTTP/1.1 100 Continue\r\n\r\n", e) ||
		!send_all(out, &go_on, e))) {
		*status = 0;
		return false;
	}
	return read_body(s, len, head.length, &r->body, status, e);
}

/*
 * Closing while the client still sends would reset the connection, and the
 * client might never see why it was refused.
 */
static void
linger(const struct source *s, int out)
{
	struct pollfd p = { .fd = s->in, .events = POLLIN };
	const int64_t deadline = mc_time_ms() + LINGER_MS;
	char chunk[16384];
	int64_t left;

	if (s->ended || shutdown(out, SHUT_WR) == -1)
		return;
	while ((left = deadline - mc_time_ms()) > 0 &&
	    poll(&p, 1, (int)left) > 0 && read(s->in, chunk, sizeof(chunk)) > 0)
		;
}

bool
mc_bare_serve(int in, int out, bool https, mc_http_handler *handler, void *ctx,
    struct mc_err *e)
{
	AUTO_SOURCE s = { .in = in,
		.deadline = mc_time_ms() + (int64_t)MC_BARE_SECONDS * 1000,
		.bytes = { .limit = MC_HEAD_LIMIT + MC_NET_LIMIT } };
	AUTO_HTTP_REQUEST r = { 0 };
	AUTO_RESPONSE answer = { 0 };
	AUTO_BUF bytes = MC_BUF_INIT;
	struct mc_err why = MC_ERR_INIT;
	int status = 400;
	bool whole;

	r.https = https;
	whole = set_address(in, &r, &why) &&
	    read_request(&s, out, &r, &status, &why);
	if (!whole && status == 0 && why.code == MC_NOINPUT)
		return true;
	if (!whole && status == 0) {
		*e = why;
		return false;
	}
	handler(ctx, &r, whole ? 0 : status, &why, &answer);
	if (!mc_response_encode(&answer, MC_RESPONSE_HTTP, &bytes, e) ||
	    !send_all(out, &bytes, e))
		return false;
	if (!whole)
		linger(&s, out);
	return true;
}

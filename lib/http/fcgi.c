/* SPDX-License-Identifier: ISC */
#include "http/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>

#include "http/cgi.h"

static volatile sig_atomic_t stopped;

static void
stop(int sig)
{
	(void)sig;
	stopped = 1;
	FCGX_ShutdownPending(); /* sets a flag: accept is not tried again */
}

bool
mc_fcgi_check(int fd)
{
	int listens = 0;
	socklen_t len = sizeof(listens);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) == 0 &&
	    listens;
}

static ssize_t
read_stream(void *ctx, void *to, size_t n)
{
	return FCGX_GetStr(to, n > INT_MAX ? INT_MAX : (int)n, ctx);
}

static bool
send_answer(FCGX_Request *q, const struct mc_response *answer, struct mc_err *e)
{
	AUTO_BUF bytes = MC_BUF_INIT;

	if (!mc_response_encode(answer, MC_RESPONSE_CGI, &bytes, e))
		return false;
	if (FCGX_PutStr(mc_buf_str(&bytes), (int)bytes.len, q->out) !=
		(int)bytes.len ||
	    FCGX_FFlush(q->out) == -1)
		return mc_fail(e, MC_IO, "the web server has gone");
	return true;
}

/* What one client or the web server does wrong must not end the loop. */
static void
serve(FCGX_Request *q, mc_http_handler *handler, void *ctx)
{
	AUTO_HTTP_REQUEST r = { 0 };
	AUTO_RESPONSE answer = { 0 };
	struct mc_err why = MC_ERR_INIT;
	int status;

	if (mc_cgi_parse(q->envp, read_stream, q->in, &r, &status, &why))
		status = 0;
	handler(ctx, &r, status, &why, &answer);
	(void)!send_answer(q, &answer, &why);
}

bool
mc_fcgi_serve(mc_http_handler *handler, void *ctx, struct mc_err *e)
{
	const struct sigaction act = { .sa_handler = stop }; /* no SA_RESTART */
	FCGX_Request q;
	int failed;

	if (FCGX_Init() != 0 ||
	    FCGX_InitRequest(&q, 0, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		return mc_fail(e, MC_INTERNAL, "cannot start FastCGI");
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGUSR1, &act, NULL);
	while (!stopped) {
		failed = FCGX_Accept_r(&q);
		if (failed == -EINTR)
			continue;
		if (failed < 0) {
			errno = -failed;
			return stopped || mc_fail_errno(e, MC_IO, "accept");
		}
		serve(&q, handler, ctx);
		FCGX_Finish_r(&q);
	}
	FCGX_Free(&q, 1);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "stage/crew.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/time.h"

/* Results that may wait for an earlier one, for each worker. */
#define AHEAD 8
/* What a worker that is to end has for the file that it is at. */
#define GRACE_MS 2000

/* How one file ended, as it is sent; its tale follows. */
struct result {
	size_t tale;
	struct mc_err err;
};

void
mc_crew_run(
    const struct mc_batch *b, size_t i, struct mc_buf *tale, struct mc_err *why)
{
	tale->limit = MC_BATCH_TALE;
	if (b->run(b->ctx, i, tale, why))
		*why = (struct mc_err)MC_ERR_INIT; /* tried on the way */
}

static bool
send_all(int fd, const void *data, size_t n)
{
	const char *p = data;
	ssize_t sent;

	while (n > 0) {
		sent = send(fd, p, n, MSG_NOSIGNAL);
		if (sent == -1 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* The next number; false where there is none. */
static bool
order_read(int fd, size_t *i)
{
	ssize_t n;

	do
		n = recv(fd, i, sizeof(*i), MSG_WAITALL);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof(*i);
}

/* It ends where its orders do, be it that the starter has died. */
static _Noreturn void
work(const struct mc_batch *b, int fd)
{
	size_t i;

	while (order_read(fd, &i)) {
		AUTO_BUF tale = MC_BUF_INIT;
		struct result r;

		memset(&r, 0, sizeof(r)); /* its padding is sent too */
		mc_crew_run(b, i, &tale, &r.err);
		r.tale = tale.len;
		if (!send_all(fd, &r, sizeof(r)) ||
		    !send_all(fd, tale.data, tale.len))
			_exit(1);
	}
	/* not exit(): what is buffered is the starter's to write */
	_exit(0);
}

/* Wait for a worker's end; what it still sends is lost. */
static int
bury(struct mc_worker *w)
{
	char lost[4096];
	int64_t deadline = mc_time_ms() + GRACE_MS;
	int64_t left;
	struct pollfd p = { .fd = w->fd, .events = POLLIN };
	int status = 0;

	(void)shutdown(w->fd, SHUT_WR);
	/* a negative time would be for ever */
	while ((left = deadline - mc_time_ms()) > 0) {
		if (poll(&p, 1, (int)left) == 1 &&
		    recv(w->fd, lost, sizeof(lost), 0) <= 0)
			break;
	}
	explicit_bzero(lost, sizeof(lost));
	if (left <= 0)
		(void)kill(w->pid, SIGKILL);
	while (waitpid(w->pid, &status, 0) == -1 && errno == EINTR)
		;
	close(w->fd);
	mc_buf_clear(&w->in);
	*w = (struct mc_worker){ .fd = -1 };
	return status;
}

void
mc_crew_clear(struct mc_crew *c)
{
	/* all at once, so that they end side by side */
	for (unsigned j = 0; j < c->jobs; j++)
		if (c->w[j].pid)
			(void)shutdown(c->w[j].fd, SHUT_WR);
	for (unsigned j = 0; j < c->jobs; j++)
		if (c->w[j].pid)
			(void)bury(&c->w[j]);
	for (size_t i = 0; c->places && i < c->window; i++)
		mc_buf_clear(&c->places[i].tale);
	free(c->places);
}

bool
mc_crew_init(struct mc_crew *c, const struct mc_batch *b, unsigned jobs,
    struct mc_err *e)
{
	*c = (struct mc_crew){ .b = b, .jobs = jobs };
	for (unsigned j = 0; j < jobs; j++)
		c->w[j].fd = -1;
	c->window = (size_t)AHEAD * (jobs ? jobs : 1);
	c->places = calloc(c->window, sizeof(*c->places));
	return c->places || mc_fail_memory(e);
}

static bool
hire(struct mc_crew *c, struct mc_worker *w, struct mc_err *e)
{
	int p[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p) == -1)
		return mc_fail_errno(e, MC_RETRY, "a worker's socket");
	pid = fork();
	if (pid == 0) {
		/* or the others would not see the starter's end */
		for (unsigned j = 0; j < c->jobs; j++)
			mc_fd_cleanup(&c->w[j].fd);
		close(p[0]);
		work(c->b, p[1]);
	}
	if (pid == -1)
		mc_fail_errno(e, MC_RETRY, "a worker");
	close(p[1]);
	if (pid == -1) {
		close(p[0]);
		return false;
	}
	*w = (struct mc_worker){ .pid = pid, .fd = p[0] };
	w->in.limit = sizeof(struct result) + MC_BATCH_TALE;
	return true;
}

/*
 * A file to each idle worker, as long as its result has a place.  One that
 * has died is replaced; whether it can be is only a question of speed as long
 * as there are others.
 */
static bool
give(struct mc_crew *c, struct mc_err *e)
{
	bool hired = true;
	bool busy = false;

	for (unsigned j = 0; j < c->jobs; j++) {
		struct mc_worker *w = &c->w[j];

		if (!w->busy && c->next < c->b->n &&
		    c->next < c->told + c->window) {
			hired = w->pid || (hired && hire(c, w, e));
			if (!hired)
				continue;
			w->busy = true;
			w->i = c->next++;
			/* one that is gone is seen when it is listened to */
			(void)send_all(w->fd, &w->i, sizeof(w->i));
		}
		busy = busy || w->busy;
	}
	return busy;
}

/* Its file is lost, and no other. */
static void
lose(struct mc_crew *c, struct mc_worker *w)
{
	struct mc_crew_place *at = &c->places[w->i % c->window];
	int status = bury(w);

	at->done = true;
	if (WIFSIGNALED(status))
		mc_fail(&at->err, MC_INTERNAL,
		    "its worker was killed by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		mc_fail(&at->err, MC_INTERNAL,
		    "its worker ended with status %d", WEXITSTATUS(status));
}

/* What has come of a result; it takes its place when it is whole. */
static bool
receive(struct mc_crew *c, struct mc_worker *w, struct mc_err *e)
{
	struct mc_crew_place *at = &c->places[w->i % c->window];
	uint8_t chunk[65536];
	struct result r;
	ssize_t n = recv(w->fd, chunk, sizeof(chunk), 0);
	bool kept;

	if (n == -1 && errno == EINTR)
		return true;
	if (n <= 0) {
		lose(c, w);
		return true;
	}
	kept = mc_buf_add(&w->in, chunk, (size_t)n, e);
	explicit_bzero(chunk, (size_t)n);
	if (!kept && e->code == MC_RETRY)
		return mc_note(e, "a worker's result");
	if (kept && w->in.len < sizeof(r))
		return true;
	if (kept)
		memcpy(&r, w->in.data, sizeof(r));
	/* what is no result is that of a worker that is out of its mind */
	if (!kept || r.tale > MC_BATCH_TALE) {
		(void)kill(w->pid, SIGKILL);
		lose(c, w);
		return true;
	}
	r.err.text[sizeof(r.err.text) - 1] = '\0';
	if (w->in.len < sizeof(r) + r.tale)
		return true;
	if (!mc_buf_add(&at->tale, w->in.data + sizeof(r), r.tale, e))
		return false;
	mc_buf_clear(&w->in);
	w->in.limit = sizeof(struct result) + MC_BATCH_TALE;
	w->busy = false;
	at->err = r.err;
	at->done = true;
	return true;
}

bool
mc_crew_step(struct mc_crew *c, int stop, bool *stopped, struct mc_err *e)
{
	struct pollfd p[MC_CREW_MAX + 1];
	int n;

	if (!give(c, e))
		return false;
	for (unsigned j = 0; j < c->jobs; j++)
		p[j] = (struct pollfd){ .fd = c->w[j].busy ? c->w[j].fd : -1,
			.events = POLLIN };
	p[c->jobs] = (struct pollfd){ .fd = stop, .events = POLLIN };
	n = poll(p, c->jobs + 1, -1);
	if (n == -1 && errno != EINTR)
		return mc_fail_errno(e, MC_IO, "poll");
	*stopped = n > 0 && p[c->jobs].revents;
	for (unsigned j = 0; n > 0 && j < c->jobs; j++)
		if (p[j].revents && !receive(c, &c->w[j], e))
			return false;
	return true;
}

struct mc_crew_place *
mc_crew_ready(const struct mc_crew *c)
{
	struct mc_crew_place *at = &c->places[c->told % c->window];

	return c->told < c->b->n && at->done ? at : NULL;
}

void
mc_crew_next(struct mc_crew *c)
{
	struct mc_crew_place *at = &c->places[c->told % c->window];

	mc_buf_clear(&at->tale);
	*at = (struct mc_crew_place){ .done = false };
	c->told++;
}

/* SPDX-License-Identifier: ISC */
#include "stage/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/time.h"
#include "stage/launch.h"

/* The program's descriptors, each the other end of a pipe. */
enum { IN, OUT, WORDS, FACTS, CHANNELS };

#define FIRST_FD 10 /* above every number that the program will see */
#define WAIT_STEP 5 /* ms between looks at a program that has closed all */

/* Bytes go one way: from a buffer of ours, or to one. */
struct channel {
	int ours;
	int theirs;
	const struct mc_buf *from;
	size_t sent;
	struct mc_buf *to;
};

struct child {
	pid_t pid;
	struct channel ch[CHANNELS];
	struct mc_buf words;
	int64_t seconds;
	int64_t deadline; /* ms, by the monotonic clock */
};

static void
close_fd(int *fd)
{
	mc_fd_cleanup(fd);
	*fd = -1;
}

static void
child_clear(struct child *c)
{
	for (size_t i = 0; i < CHANNELS; i++) {
		close_fd(&c->ch[i].ours);
		close_fd(&c->ch[i].theirs);
	}
	if (c->pid > 0) { /* an error path: it has not been waited for */
		kill(-c->pid, SIGKILL);
		while (waitpid(c->pid, NULL, 0) == -1 && errno == EINTR)
			;
	}
	mc_buf_clear(&c->words);
}
#define AUTO_CHILD __attribute__((cleanup(child_clear))) struct child

/* A pipe whose ends cannot collide with the numbers they are moved to. */
static bool
open_channel(struct channel *ch, struct mc_err *e)
{
	int p[2];
	int high[2];

	if (pipe2(p, O_CLOEXEC) == -1)
		return mc_fail_errno(e, MC_RETRY, "pipe");
	high[0] = fcntl(p[0], F_DUPFD_CLOEXEC, FIRST_FD);
	high[1] = fcntl(p[1], F_DUPFD_CLOEXEC, FIRST_FD);
	close(p[0]);
	close(p[1]);
	ch->ours = high[ch->from ? 1 : 0];
	ch->theirs = high[ch->from ? 0 : 1];
	if (high[0] == -1 || high[1] == -1 ||
	    fcntl(ch->ours, F_SETFL, O_NONBLOCK) == -1)
		return mc_fail_errno(e, MC_RETRY, "pipe");
	return true;
}

static bool
start(struct child *c, char *const *argv, const struct mc_facts *facts,
    struct mc_err *e)
{
	int theirs[CHANNELS];
	pid_t pid;

	for (size_t i = 0; i < CHANNELS; i++) {
		if (!open_channel(&c->ch[i], e))
			return false;
		theirs[i] = c->ch[i].theirs;
	}
	if (!mc_launch(argv, facts, theirs, &pid, e))
		return false;
	c->pid = pid;
	for (size_t i = 0; i < CHANNELS; i++)
		close_fd(&c->ch[i].theirs);
	return true;
}

/* A program need not read all: that it is gone is no failure. */
static bool
send(struct channel *ch, struct mc_err *e)
{
	size_t left = ch->from->len - ch->sent;
	ssize_t n = write(ch->ours, ch->from->data + ch->sent, left);

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n == -1 && errno != EPIPE)
		return mc_fail_errno(e, MC_IO, "write to the program");
	ch->sent += n == -1 ? left : (size_t)n;
	if (ch->sent == ch->from->len)
		close_fd(&ch->ours);
	return true;
}

static bool
receive(struct child *c, struct channel *ch, struct mc_err *e)
{
	char chunk[65536];
	ssize_t n = read(ch->ours, chunk, sizeof(chunk));
	size_t room = MC_SPAWN_WORDS - c->words.len;
	bool kept;

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n == -1)
		return mc_fail_errno(e, MC_IO, "read from the program");
	if (n == 0) {
		close_fd(&ch->ours);
		return true;
	}
	/* words past what is kept are read, so that nobody waits, and lost */
	if (ch->to == &c->words)
		return mc_buf_add(
		    ch->to, chunk, (size_t)n < room ? (size_t)n : room, e);
	kept = mc_buf_add(ch->to, chunk, (size_t)n, e);
	explicit_bzero(chunk, (size_t)n);
	if (!kept && e->code == MC_MALFORMED)
		e->code = MC_INTERNAL;
	return kept || mc_note(e, "the program writes");
}

static bool
late(const struct child *c, struct mc_err *e)
{
	if (mc_time_ms() < c->deadline)
		return false;
	mc_fail(e, MC_RETRY, "not done after %lld s: killed",
	    (long long)c->seconds);
	return true;
}

/* Whatever can be sent and received now; *open while more may come. */
static bool
exchange_ready(
    struct child *c, const struct pollfd *p, bool *open, struct mc_err *e)
{
	struct channel *ch;

	*open = false;
	for (size_t i = 0; i < CHANNELS; i++) {
		ch = &c->ch[i];
		if (ch->ours != -1 && p[i].revents &&
		    !(ch->from ? send(ch, e) : receive(c, ch, e)))
			return false;
		*open |= ch->to && ch->ours != -1;
	}
	return true;
}

/* Until the program has closed what it writes to. */
static bool
exchange(struct child *c, struct mc_err *e)
{
	struct pollfd p[CHANNELS];
	bool open = true;
	int n;

	for (size_t i = 0; i < CHANNELS; i++)
		if (c->ch[i].from && c->ch[i].from->len == 0)
			close_fd(&c->ch[i].ours);
	while (open) {
		if (late(c, e))
			return false;
		for (size_t i = 0; i < CHANNELS; i++)
			p[i] = (struct pollfd){ .fd = c->ch[i].ours,
				.events = c->ch[i].from ? POLLOUT : POLLIN };
		n = poll(p, CHANNELS, (int)(c->deadline - mc_time_ms() + 1));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return mc_fail_errno(e, MC_IO, "poll");
		if (!exchange_ready(c, p, &open, e))
			return false;
	}
	return true;
}

/* Its exit status. */
static bool
reap(struct child *c, int *out, struct mc_err *e)
{
	const struct timespec step = { .tv_nsec = WAIT_STEP * 1000000L };
	int status;
	pid_t got;

	while ((got = waitpid(c->pid, &status, WNOHANG)) != c->pid) {
		if (got == -1 && errno != EINTR) {
			c->pid = 0;
			return mc_fail_errno(e, MC_INTERNAL, "wait");
		}
		if (late(c, e))
			return false;
		nanosleep(&step, NULL);
	}
	c->pid = 0;
	if (WIFSIGNALED(status))
		return mc_fail(e, MC_INTERNAL, "killed by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	*out = WEXITSTATUS(status);
	return true;
}

/* A line without "NAME: " in front, where that is there. */
static const char *
without(const char *line, const char *name)
{
	size_t n = strlen(name);

	return strncmp(line, name, n) == 0 && strncmp(line + n, ": ", 2) == 0
	    ? line + n + 2
	    : line;
}

/*
 * Its first line, without the name that our own commands begin with, and
 * without "standard input", which was a pipe of ours: what is left is what
 * the same stage says as a built-in.
 */
static bool
refuse(
    const struct child *c, const char *argv0, int exit_status, struct mc_err *e)
{
	enum mc_code code = mc_code_find(exit_status);
	const char *slash = strrchr(argv0, '/');
	const char *name = slash ? slash + 1 : argv0;
	const char *line = mc_buf_str(&c->words);
	size_t n;

	if (code == MC_INTERNAL && exit_status < mc_exit_status(MC_USAGE))
		code = MC_DENIED;
	line = without(without(line, name), "standard input");
	n = strcspn(line, "\r\n");
	if (n == 0)
		return mc_fail(e, code, "exit status %d", exit_status);
	return mc_fail(e, code, "%.*s", (int)n, line);
}

static struct child
new_child(int64_t seconds)
{
	struct child c = { .words = { .limit = MC_SPAWN_WORDS },
		.seconds = seconds,
		.deadline = mc_time_ms() + seconds * 1000 };

	for (size_t i = 0; i < CHANNELS; i++)
		c.ch[i].ours = c.ch[i].theirs = -1;
	return c;
}

/* Its facts are kept whatever its verdict, for they may say why. */
static bool
keep_facts(const struct mc_buf *lines, struct mc_facts *facts, struct mc_err *e)
{
	if (!facts || mc_facts_parse(facts, lines, e))
		return true;
	e->code = MC_INTERNAL;
	return mc_note(e, "fd %d", FACTS);
}

bool
mc_spawn_status(char *const *argv, int64_t seconds, struct mc_io *io,
    int *status, struct mc_err *e)
{
	AUTO_BUF lines = { .limit = MC_CONF_LIMIT };
	AUTO_CHILD c = new_child(seconds);
	struct mc_err words = MC_ERR_INIT;
	int got = 0;

	c.ch[IN].from = io->in;
	c.ch[OUT].to = io->out;
	c.ch[WORDS].to = &c.words;
	c.ch[FACTS].to = &lines;
	if (!start(&c, argv, io->facts, e))
		return false;
	if (!exchange(&c, e) || !reap(&c, &got, e))
		return false;
	/* a refusal's own words win */
	if (!keep_facts(&lines, io->facts, got == 0 ? e : &words) && got == 0)
		return false;
	if (got != 0)
		(void)refuse(&c, argv[0], got, e);
	*status = got;
	return true;
}

bool
mc_spawn(char *const *argv, int64_t seconds, struct mc_io *io, struct mc_err *e)
{
	int status = 0;

	return mc_spawn_status(argv, seconds, io, &status, e) && status == 0;
}

bool
mc_spawn_check(char *const *argv, int64_t seconds, const struct mc_buf *secret,
    int *status, struct mc_err *e)
{
	const struct mc_buf nothing = MC_BUF_INIT;
	AUTO_BUF out = { .limit = MC_SPAWN_WORDS };
	AUTO_CHILD c = new_child(seconds);

	c.ch[IN].from = &nothing;
	c.ch[OUT].to = &out;
	c.ch[WORDS].to = &c.words;
	c.ch[FACTS].from = secret;
	return start(&c, argv, NULL, e) && exchange(&c, e) &&
	    reap(&c, status, e);
}

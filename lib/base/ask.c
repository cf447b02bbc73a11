/* SPDX-License-Identifier: ISC */
#include "base/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"

/*
 * By default it ends or stops a process while that waits for its user.  A fault
 * of our own is not to be waited with: it ends us at once.
 */
static bool
ends_or_stops(int number)
{
	static const int others[] = { SIGKILL, SIGSTOP, SIGCHLD, SIGCONT,
		SIGURG, SIGWINCH, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS,
		SIGTRAP };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (number == others[i])
			return false;
	return true;
}

static volatile sig_atomic_t caught;

static void catch (int number)
{
	caught = number;
}

struct terminal {
	int fd;
	struct termios before;
	sigset_t mask; /* of before */
	struct sigaction actions[NSIG];
	sigset_t ours; /* those that have an action there */
};

/*
 * They are blocked but while we wait: none is lost between a look at caught
 * and the wait, and none of the terminal's meets us when we change it.
 */
static void
signals_hold(struct terminal *t)
{
	struct sigaction mine = { .sa_handler = catch };

	sigemptyset(&mine.sa_mask);
	sigemptyset(&t->ours);
	/* some of the real-time ones may be the C library's own */
	for (int i = 1; i < NSIG; i++)
		if (ends_or_stops(i) && sigaction(i, NULL, &t->actions[i]) == 0)
			sigaddset(&t->ours, i);
	sigprocmask(SIG_BLOCK, &t->ours, &t->mask);
	caught = 0;
	/* what is ignored (nohup) stays so */
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&t->ours, i) == 1 &&
		    t->actions[i].sa_handler != SIG_IGN)
			sigaction(i, &mine, NULL);
}

static void
signals_release(const struct terminal *t)
{
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&t->ours, i) == 1)
			sigaction(i, &t->actions[i], NULL);
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

static bool
echo_off(const struct terminal *t)
{
	struct termios quiet = t->before;

	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	quiet.c_lflag |= ICANON | ISIG | ECHONL;
	quiet.c_iflag |= ICRNL;
	return tcsetattr(t->fd, TCSAFLUSH, &quiet) == 0;
}

static bool
fail_read(struct mc_err *e)
{
	return mc_fail_errno(e, MC_IO, "/dev/tty");
}

/* Up to the line's end, the end of input, or a signal. */
static bool
line_read(const struct terminal *t, struct mc_buf *line, struct mc_err *e)
{
	struct pollfd p = { t->fd, POLLIN, 0 };
	char part[256];
	bool added = true;
	ssize_t n = 0;

	while (added && !caught) {
		n = ppoll(&p, 1, NULL, &t->mask);
		if (n == -1 && errno == EINTR)
			continue;
		if (n != -1)
			n = read(t->fd, part, sizeof(part));
		if (n <= 0)
			break;
		added = mc_buf_add(line, part, (size_t)n, e);
		if (part[n - 1] == '\n')
			break;
	}
	explicit_bzero(part, sizeof(part));
	return added && (caught || n >= 0 || fail_read(e));
}

/* Once; a signal that came is in caught. */
static bool
ask(struct terminal *t, const char *prompt, struct mc_buf *line,
    struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	static uint8_t newline[] = "\n";
	const struct mc_buf end = { .data = newline, .len = 1 };
	bool done;

	if (!mc_buf_puts(&text, prompt, e))
		return false;
	signals_hold(t);
	done = (echo_off(t) || fail_read(e)) &&
	    mc_buf_write_fd(&text, t->fd, e) && line_read(t, line, e);
	if (caught)
		done = mc_buf_write_fd(&end, t->fd, e) && done;
	(void)tcsetattr(t->fd, TCSAFLUSH, &t->before);
	signals_release(t);
	return done;
}

/* Stop like everybody who reads a terminal that is another's at the time. */
static bool
foreground(int tty, struct mc_err *e)
{
	if (tcgetpgrp(tty) == getpgrp())
		return true;
	raise(SIGTTIN);
	return tcgetpgrp(tty) == getpgrp() ||
	    mc_fail(e, MC_NOINPUT,
		"in the background there is no terminal "
		"to ask on");
}

static void
drop_line_end(struct mc_buf *line)
{
	if (line->len && line->data[line->len - 1] == '\n')
		line->data[--line->len] = '\0';
}

bool
mc_ask_read(const char *prompt, struct mc_buf *to, struct mc_err *e)
{
	AUTO_FD tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct terminal t = { .fd = tty };
	AUTO_BUF line = { .limit = MC_SECRET_LIMIT };

	if (tty == -1 || tcgetattr(tty, &t.before) != 0)
		return mc_fail(e, MC_NOINPUT, "there is no terminal to ask on");
	do {
		mc_buf_clear(&line);
		if (!foreground(tty, e) || !ask(&t, prompt, &line, e))
			return false;
		/* it stops or ends us; after a stop we go on here */
		if (caught)
			raise(caught);
	} while (caught == SIGTSTP || caught == SIGTTIN || caught == SIGTTOU);
	if (caught)
		return mc_fail(e, MC_DENIED, "interrupted");
	drop_line_end(&line);
	if (line.len == 0)
		return mc_fail(e, MC_MALFORMED, "nothing was typed");
	return mc_buf_add(to, line.data, line.len, e);
}

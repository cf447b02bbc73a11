/* SPDX-License-Identifier: ISC */
/* A person at a terminal, played on a pseudoterminal of its own. */
#include "base/ask.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tap.h"

#define PROMPT "Passphrase: "

/* Who is asked: a session whose terminal it is; its answer goes to a pipe. */
struct asked {
	pid_t pid;
	int master;
	int slave;
	int answer;
	char shown[512];
};

static void
child(const char *tty, int answer)
{
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool done;

	/* the first terminal that a session's leader opens is its own */
	if (setsid() == -1 || open(tty, O_RDWR) == -1)
		_exit(99);
	done = mc_ask_read(PROMPT, &got, &e);
	if (dprintf(answer, "%s%s", done ? "" : e.text, mc_buf_str(&got)) < 0)
		_exit(98);
	mc_buf_clear(&got);
	_exit(done ? 0 : mc_exit_status(e.code));
}

static bool
begin(struct asked *a)
{
	int ends[2];
	const char *tty;

	*a = (struct asked){ .master = posix_openpt(O_RDWR | O_NOCTTY) };
	if (a->master == -1 || grantpt(a->master) || unlockpt(a->master) ||
	    !(tty = ptsname(a->master)) || pipe(ends))
		return false;
	a->slave = open(tty, O_RDWR | O_NOCTTY);
	a->answer = ends[0];
	a->pid = fork();
	if (a->pid == 0)
		child(tty, ends[1]);
	close(ends[1]);
	return a->slave != -1 && a->pid > 0;
}

/* Read what the terminal shows until it has this in it; five seconds. */
static bool
shows(struct asked *a, const char *text)
{
	struct pollfd p = { a->master, POLLIN, 0 };
	size_t n = strlen(a->shown);

	while (!strstr(a->shown, text)) {
		ssize_t got;

		if (poll(&p, 1, 5000) != 1 || n + 1 >= sizeof(a->shown))
			return false;
		got = read(a->master, a->shown + n, sizeof(a->shown) - 1 - n);
		if (got <= 0)
			return false;
		n += (size_t)got;
		a->shown[n] = '\0';
	}
	return true;
}

static bool
echoes(const struct asked *a)
{
	struct termios now;

	return tcgetattr(a->slave, &now) == 0 && (now.c_lflag & ECHO) != 0;
}

static bool
type(const struct asked *a, const char *text)
{
	return write(a->master, text, strlen(text)) == (ssize_t)strlen(text);
}

/* Its wait status; what it answered is in text. */
static int
end(struct asked *a, char *text, size_t size)
{
	int status = -1;
	ssize_t n;

	if (waitpid(a->pid, &status, 0) != a->pid)
		return -1;
	n = read(a->answer, text, size - 1);
	text[n > 0 ? n : 0] = '\0';
	close(a->answer);
	close(a->slave);
	close(a->master);
	return status;
}

static void
test_line(const char *typed, int exit_status, const char *answer)
{
	struct asked a;
	char text[512];
	int status;

	ok(begin(&a) && echoes(&a));
	ok(shows(&a, PROMPT) && !echoes(&a));
	ok(type(&a, typed));
	/* the line's end is shown, and nothing before it */
	ok(shows(&a, "\n"));
	ok(strcmp(a.shown, PROMPT "\r\n") == 0);
	for (int i = 0; i < 500 && !echoes(&a); i++)
		usleep(10000);
	ok(echoes(&a));
	status = end(&a, text, sizeof(text));
	ok(WIFEXITED(status) && WEXITSTATUS(status) == exit_status);
	ok(strcmp(text, answer) == 0);
}

/*
 * A key of the terminal's ends it, or without one a signal from outside, with
 * the terminal as it was.
 */
static void
test_signal(const char *key, int number)
{
	struct asked a;
	char text[512];
	int status;

	ok(begin(&a) && shows(&a, PROMPT) && !echoes(&a));
	ok(type(&a, "half a sec"));
	ok(key ? type(&a, key) : kill(a.pid, number) == 0);
	for (int i = 0; i < 500 && !echoes(&a); i++)
		usleep(10000);
	ok(echoes(&a));
	ok(!strstr(a.shown, "half"));
	status = end(&a, text, sizeof(text));
	ok(WIFSIGNALED(status) && WTERMSIG(status) == number);
	ok(text[0] == '\0');
}

/* A signal of no consequence (a window's new size) changes nothing. */
static void
test_winch(void)
{
	struct asked a;
	char text[512];
	int status;

	ok(begin(&a) && shows(&a, PROMPT));
	for (int i = 0; i < 3; i++)
		ok(kill(a.pid, SIGWINCH) == 0 && kill(a.pid, SIGCONT) == 0);
	ok(type(&a, "word\n") && shows(&a, "\n"));
	status = end(&a, text, sizeof(text));
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ok(strcmp(text, "word") == 0);
}

/* Stopped from outside while it waits: as before meanwhile, asked again. */
static void
test_stop(void)
{
	struct asked a;
	char text[512];
	int status = 0;

	ok(begin(&a) && shows(&a, PROMPT) && type(&a, "forgotten"));
	/* in an orphaned group SIGTSTP does not stop; it is asked again */
	ok(kill(a.pid, SIGTSTP) == 0);
	ok(shows(&a, PROMPT "\r\n" PROMPT) && !echoes(&a));
	ok(type(&a, "word\n"));
	status = end(&a, text, sizeof(text));
	ok(WIFEXITED(status) && strcmp(text, "word") == 0);
}

static void
test_nowhere(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (setsid() == -1 || mc_ask_read(PROMPT, &got, &e))
			_exit(1);
		_exit(strcmp(e.text, "there is no terminal to ask on") == 0
			? mc_exit_status(e.code)
			: 1);
	}
	ok(pid > 0 && waitpid(pid, &status, 0) == pid);
	ok(WIFEXITED(status) &&
	    WEXITSTATUS(status) == mc_exit_status(MC_NOINPUT));
}

/* A caller with more descriptors than a select(2) can speak of. */
static void
test_many(void)
{
	struct rlimit had, many;
	int last = -1;

	ok(getrlimit(RLIMIT_NOFILE, &had) == 0);
	many = had;
	if (had.rlim_max < 1200) {
		printf("# only %ju descriptors\n", (uintmax_t)had.rlim_max);
		return;
	}
	many.rlim_cur = 1200;
	ok(setrlimit(RLIMIT_NOFILE, &many) == 0);
	while (last < 1100 && (last = dup(0)) != -1)
		;
	ok(last == 1100);
	test_line("swordfish\n", 0, "swordfish");
	for (int i = 3; i <= last; i++)
		close(i);
	ok(setrlimit(RLIMIT_NOFILE, &had) == 0);
}

int
main(void)
{
	static const int deadly[] = { SIGHUP, SIGTERM, SIGALRM, SIGUSR1,
		SIGUSR2, SIGPIPE, SIGIO, SIGVTALRM, SIGPROF, SIGXCPU, SIGABRT };

	setvbuf(stdout, NULL, _IOLBF, 0);
	test_line("swordfish\n", 0, "swordfish");
	test_line("with  blanks \xc3\xa9\n", 0, "with  blanks \xc3\xa9");
	test_line("\n", mc_exit_status(MC_MALFORMED), "nothing was typed");
	test_signal("\x03", SIGINT);
	test_signal("\x1c", SIGQUIT);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		test_signal(NULL, deadly[i]);
	test_signal(NULL, SIGRTMIN + 1);
	test_many();
	test_winch();
	test_stop();
	test_nowhere();
	return done();
}

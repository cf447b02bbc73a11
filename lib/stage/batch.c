/* SPDX-License-Identifier: ISC */
#include "stage/batch.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/fd.h"
#include "stage/crew.h"
#include "stage/terminal.h"

/*
 * While a batch runs, a signal that would end the process waits until no file
 * is half written: it is blocked, here and in the workers, and seen by fd.
 * With the old mask it takes effect.
 */
struct guard {
	sigset_t before;
	sigset_t ours;
	int fd;
};

static void
guard_clear(struct guard *g)
{
	mc_fd_cleanup(&g->fd);
	(void)sigprocmask(SIG_SETMASK, &g->before, NULL);
}
#define AUTO_GUARD __attribute__((cleanup(guard_clear))) struct guard

/* What is ignored stays so: nohup(1), or a shell's background. */
static void
guard_add(struct guard *g, int sig)
{
	struct sigaction now;

	if (sigaction(sig, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		(void)sigaddset(&g->ours, sig);
}

static bool
guard_init(struct guard *g, struct mc_err *e)
{
	(void)sigemptyset(&g->ours);
	guard_add(g, SIGINT);
	guard_add(g, SIGTERM);
	guard_add(g, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &g->ours, NULL) == -1)
		return mc_fail_errno(e, MC_INTERNAL, "signals");
	g->fd = signalfd(-1, &g->ours, SFD_CLOEXEC);
	return g->fd != -1 || mc_fail_errno(e, MC_RETRY, "signals");
}

/* Told to nobody but a caller that catches the signal: it ends the process. */
static bool
interrupted(struct mc_err *e)
{
	mc_terminal_clear();
	return mc_fail(e, MC_RETRY, "interrupted");
}

static bool
tell(const struct mc_batch *b, struct mc_io *io, size_t i, struct mc_buf *tale,
    const struct mc_err *why, struct mc_err *e)
{
	if (!b->told(b->ctx, i, tale, why, e))
		return false;
	if (io->progress)
		io->progress(b->what, (int64_t)i + 1, (int64_t)b->n);
	return true;
}

static bool
run_forked(const struct mc_batch *b, unsigned jobs, struct mc_io *io,
    const struct guard *g, struct mc_err *e)
{
	AUTO_CREW c = { .jobs = 0 };
	struct mc_crew_place *at;
	bool stopped;

	if (!mc_crew_init(&c, b, jobs, e))
		return false;
	while (c.told < b->n) {
		if (!mc_crew_step(&c, g->fd, &stopped, e))
			return false;
		if (stopped)
			return interrupted(e);
		while ((at = mc_crew_ready(&c)) != NULL) {
			if (!tell(b, io, c.told, &at->tale, &at->err, e))
				return false;
			mc_crew_next(&c);
		}
	}
	return true;
}

static bool
run_here(const struct mc_batch *b, struct mc_io *io, const struct guard *g,
    struct mc_err *e)
{
	struct pollfd p = { .fd = g ? g->fd : -1, .events = POLLIN };

	for (size_t i = 0; i < b->n; i++) {
		AUTO_BUF tale = MC_BUF_INIT;
		struct mc_err why = MC_ERR_INIT;

		mc_crew_run(b, i, &tale, &why);
		if (!tell(b, io, i, &tale, &why, e))
			return false;
		if (poll(&p, 1, 0) == 1)
			return interrupted(e);
	}
	return true;
}

/* What this process may use, which in a container is less than there is. */
static unsigned
processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == -1)
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

bool
mc_batch_run(const struct mc_batch *b, struct mc_io *io, struct mc_err *e)
{
	AUTO_GUARD g = { .fd = -1 };
	size_t jobs = b->jobs ? b->jobs : processors();

	if (sigprocmask(SIG_SETMASK, NULL, &g.before) == -1)
		return mc_fail_errno(e, MC_INTERNAL, "signals");
	if (b->n <= 1)
		return run_here(b, io, NULL, e);
	if (!guard_init(&g, e))
		return false;
	jobs = jobs > b->n ? b->n : jobs;
	jobs = jobs > MC_CREW_MAX ? MC_CREW_MAX : jobs;
	return jobs == 1 ? run_here(b, io, &g, e)
			 : run_forked(b, (unsigned)jobs, io, &g, e);
}

void
mc_batch_count(struct mc_batch_sum *s, enum mc_code code)
{
	bool failed = s->code != MC_OK && !mc_code_is_verdict(s->code);

	s->n++;
	s->good += code == MC_OK;
	if (code == MC_OK || failed)
		return;
	if (s->code == MC_OK || !mc_code_is_verdict(code))
		s->code = code;
	else if (s->code != code)
		s->code = MC_DENIED;
}

bool
mc_batch_sum_check(const struct mc_batch_sum *s, const char *done,
    const struct mc_io *io, struct mc_err *e)
{
	char line[96];

	if (s->good < s->n)
		return mc_fail(e, s->code, "%zu %s, %zu failed", s->good, done,
		    s->n - s->good);
	snprintf(line, sizeof(line), "%zu %s", s->n, done);
	if (io->say)
		io->say(line);
	return true;
}

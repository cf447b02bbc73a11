/* SPDX-License-Identifier: ISC */
/* Many files, several processes: order, deaths, bounds, signals. */
#include "stage/batch.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define FILES 120
#define JOBS 4

/* What the workers leave for the test, in memory that all share. */
static struct shared {
	atomic_uint started;
	atomic_uint busy;
	unsigned ahead; /* started when the first file was done */
} * shared;

struct job {
	pid_t starter;
	size_t told;
	size_t stop_at;
	unsigned forked;
	unsigned failed;
	bool in_order;
	bool right;
	enum mc_code code; /* of the failures */
	char text[128];    /* of the last one */
};

static void
rest(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

/* "NUMBER PID", where small numbers take longer. */
static bool
run_plain(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	(void)ctx;
	if (i % JOBS == 0)
		rest(2);
	return mc_buf_printf(tale, e, "%zu %d", i, (int)getpid());
}

static bool
run_failing(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	return run_plain(ctx, i, tale, e) &&
	    (i % 3 || mc_fail(e, MC_DENIED, "file %zu", i));
}

static bool
run_dying(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	if (i == 7)
		raise(SIGKILL);
	if (i == 50)
		_exit(3);
	return run_plain(ctx, i, tale, e);
}

static bool
run_killed(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	(void)ctx;
	(void)i;
	(void)tale;
	raise(SIGKILL);
	return mc_fail(e, MC_DENIED, "alive");
}

/* The first file is slow: how far do the others get? */
static bool
run_ahead(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	atomic_fetch_add(&shared->started, 1);
	if (i == 0) {
		rest(300);
		shared->ahead = atomic_load(&shared->started);
	}
	return run_plain(ctx, i, tale, e);
}

static bool
run_long(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	size_t n = MC_BATCH_TALE + (i == 3);
	char *text = calloc(1, n);
	bool done;

	(void)ctx;
	if (!text)
		return mc_fail_memory(e);
	memset(text, 'a' + (int)i, n);
	done = mc_buf_add(tale, text, n, e);
	free(text);
	return done;
}

/* Half made for a while. */
static bool
run_slow(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	atomic_fetch_add(&shared->busy, 1);
	atomic_fetch_add(&shared->started, 1);
	rest(40);
	atomic_fetch_sub(&shared->busy, 1);
	return run_plain(ctx, i, tale, e);
}

static bool
told(void *ctx, size_t i, struct mc_buf *tale, const struct mc_err *why,
    struct mc_err *e)
{
	struct job *j = ctx;
	size_t number;
	int pid;

	j->in_order = j->in_order && i == j->told;
	j->told++;
	if (sscanf(mc_buf_str(tale), "%zu %d", &number, &pid) == 2) {
		j->right = j->right && number == i;
		j->forked += pid != (int)j->starter;
	} else {
		j->right = j->right && why->code != MC_OK;
	}
	if (why->code != MC_OK) {
		j->failed++;
		j->code = why->code;
		snprintf(j->text, sizeof(j->text), "%.100s", why->text);
	}
	return i + 1 != j->stop_at || mc_fail(e, MC_IO, "enough");
}

static bool
told_long(void *ctx, size_t i, struct mc_buf *tale, const struct mc_err *why,
    struct mc_err *e)
{
	struct job *j = ctx;
	bool good = why->code == MC_OK && tale->len == MC_BATCH_TALE &&
	    tale->data[0] == 'a' + (int)i &&
	    tale->data[tale->len - 1] == 'a' + (int)i;

	(void)e;
	j->right = j->right && good == (i != 3);
	j->told++;
	return true;
}

static bool
run_batch(struct job *j, size_t n, unsigned jobs,
    bool (*run)(void *, size_t, struct mc_buf *, struct mc_err *),
    struct mc_err *e)
{
	struct mc_batch b = { "test", n, jobs, run, told, j };
	struct mc_io io = { 0 };
	bool done;

	*j = (struct job){
		.starter = getpid(),
		.stop_at = j->stop_at,
		.in_order = true,
		.right = true,
	};
	done = mc_batch_run(&b, &io, e);
	/* nobody is left behind */
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	return done && j->in_order && j->right && j->told == n;
}

static void
test_order(void)
{
	struct mc_err e = MC_ERR_INIT;
	struct job j = { 0 };

	ok(run_batch(&j, FILES, JOBS, run_plain, &e));
	ok(j.forked == FILES && j.failed == 0);
	ok(run_batch(&j, FILES, 0, run_plain, &e));
	ok(run_batch(&j, 3, 1000, run_plain, &e));
	ok(j.forked == 3);
	/* not forked: one job, one file, none */
	ok(run_batch(&j, FILES, 1, run_plain, &e));
	ok(j.forked == 0);
	ok(run_batch(&j, 1, JOBS, run_plain, &e));
	ok(j.forked == 0);
	ok(run_batch(&j, 0, JOBS, run_plain, &e));
}

static void
test_failures(void)
{
	struct mc_err e = MC_ERR_INIT;
	struct job j = { 0 };

	for (unsigned jobs = 1; jobs <= JOBS; jobs += JOBS - 1) {
		ok(run_batch(&j, FILES, jobs, run_failing, &e));
		ok(j.failed == FILES / 3 && j.code == MC_DENIED);
		ok(strcmp(j.text, "file 117") == 0);
		ok(j.forked == (jobs == 1 ? 0 : FILES));
	}
	ok(run_batch(&j, FILES, JOBS, run_dying, &e));
	ok(j.failed == 2 && j.code == MC_INTERNAL);
	ok(strcmp(j.text, "its worker ended with status 3") == 0);
	ok(j.forked == FILES - 2);
	ok(run_batch(&j, 20, JOBS, run_killed, &e));
	ok(j.failed == 20 && j.code == MC_INTERNAL);
	ok(strcmp(j.text, "its worker was killed by signal 9 (Killed)") == 0);
}

static void
test_stop(void)
{
	struct mc_err e = MC_ERR_INIT;
	struct job j = { .stop_at = 10 };

	ok(!run_batch(&j, FILES, JOBS, run_plain, &e));
	ok(e.code == MC_IO && strcmp(e.text, "enough") == 0 && j.told == 10);
	ok(!run_batch(&j, FILES, 1, run_plain, &e));
	ok(e.code == MC_IO && j.told == 10);
}

static void
test_bounds(void)
{
	struct mc_err e = MC_ERR_INIT;
	struct job j = { .right = true };
	struct mc_batch b = { "test", 20, JOBS, run_long, told_long, &j };
	struct mc_io io = { 0 };

	ok(mc_batch_run(&b, &io, &e) && j.told == 20 && j.right);
	*shared = (struct shared){ 0 };
	ok(run_batch(&j, FILES, JOBS, run_ahead, &e));
	ok(shared->ahead == JOBS * 8);
}

/* What was buffered before is written once. */
static void
test_stdio(void)
{
	struct mc_err e = MC_ERR_INIT;
	struct job j = { 0 };
	FILE *f = tmpfile();

	ok(f && fputs("once", f) != EOF);
	ok(run_batch(&j, FILES, JOBS, run_plain, &e));
	ok(f && fflush(f) == 0 && ftell(f) == 4);
	ok(f && fseek(f, 0, SEEK_END) == 0 && ftell(f) == 4);
	if (f)
		fclose(f);
}

/* How a process ended whose batch was sent a signal. */
static int
signalled(int sig, unsigned jobs)
{
	struct mc_err e = MC_ERR_INIT;
	struct job j = { 0 };
	int status = -1;
	pid_t pid;

	*shared = (struct shared){ 0 };
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)!freopen("/dev/null", "w", stdout);
		_exit(run_batch(&j, FILES, jobs, run_slow, &e) ? 0 : 1);
	}
	while (atomic_load(&shared->started) < jobs)
		rest(1);
	kill(pid, sig);
	waitpid(pid, &status, 0);
	return status;
}

static void
test_signals(void)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP };
	int status;

	for (unsigned jobs = 1; jobs <= JOBS; jobs += JOBS - 1)
		for (size_t i = 0; i < 3; i++) {
			status = signalled(sigs[i], jobs);
			ok(WIFSIGNALED(status) && WTERMSIG(status) == sigs[i]);
			/* the files that were begun are whole, and no others */
			ok(shared->busy == 0);
			ok(shared->started < FILES / 2);
		}
	signal(SIGHUP, SIG_IGN);
	status = signalled(SIGHUP, FILES);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	signal(SIGHUP, SIG_DFL);
}

/* Each code by its letter. */
static enum mc_code
sum_of(const char *codes, size_t good)
{
	struct mc_batch_sum s = { 0 };

	for (const char *p = codes; *p; p++)
		mc_batch_count(&s,
		    *p == '.'       ? MC_OK
			: *p == 'd' ? MC_DENIED
			: *p == 'u' ? MC_UNTRUSTED
			: *p == 'm' ? MC_MALFORMED
				    : MC_NOINPUT);
	ok(s.n == strlen(codes) && s.good == good);
	return s.code;
}

static char said[128];

static void
say(const char *line)
{
	snprintf(said, sizeof(said), "%s", line);
}

static void
test_sum(void)
{
	struct mc_batch_sum good = { 3, 3, MC_OK };
	struct mc_batch_sum bad = { 4, 3, MC_UNTRUSTED };
	struct mc_io io = { .say = say };
	struct mc_io quiet = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_batch_sum_check(&good, "signed", &quiet, &e) && !*said);
	ok(mc_batch_sum_check(&good, "signed", &io, &e));
	ok(strcmp(said, "3 signed") == 0);
	ok(!mc_batch_sum_check(&bad, "signed", &io, &e));
	ok(e.code == MC_UNTRUSTED && strcmp(e.text, "3 signed, 1 failed") == 0);
}

static void
test_count(void)
{
	ok(sum_of("", 0) == MC_OK);
	ok(sum_of("...", 3) == MC_OK);
	ok(sum_of("..u", 2) == MC_UNTRUSTED);
	ok(sum_of("u.u", 1) == MC_UNTRUSTED);
	ok(sum_of("uud", 0) == MC_DENIED);
	ok(sum_of("udu", 0) == MC_DENIED);
	ok(sum_of("u.m.u", 2) == MC_MALFORMED);
	ok(sum_of("mnu", 0) == MC_MALFORMED);
	ok(sum_of("unm.", 1) == MC_NOINPUT);
}

int
main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 99;
	test_order();
	test_failures();
	test_stop();
	test_bounds();
	test_stdio();
	test_signals();
	test_count();
	test_sum();
	return done();
}

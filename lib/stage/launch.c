/* SPDX-License-Identifier: ISC */
#include "stage/launch.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* The folder of the running program, "/" name; "" where it is not there. */
static void
find_beside(const char *name, char path[static PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	if (!slash ||
	    (size_t)(slash + 1 - path) + strlen(name) + 1 > PATH_MAX) {
		path[0] = '\0';
		return;
	}
	memcpy(slash + 1, name, strlen(name) + 1);
	if (access(path, X_OK) == -1)
		path[0] = '\0';
}

static bool
add_variable(struct mc_buf *to, const char *prefix, const char *name,
    const char *value, struct mc_err *e)
{
	/* with the NUL that ends it */
	return mc_buf_printf(to, e, "%s%s=%s", prefix, name, value) &&
	    mc_buf_add(to, "", 1, e);
}

/* Every variable, one after the other, each ended by a NUL. */
static bool
environment(const struct mc_facts *facts, struct mc_buf *to, struct mc_err *e)
{
	static const char *const allowed[] = { "PATH", "TZ", "LANG", "HOME" };
	const char *value;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		value = getenv(allowed[i]);
		if (!value && i == 0)
			value = DEFAULT_PATH;
		if (value && !add_variable(to, "", allowed[i], value, e))
			return false;
	}
	for (size_t i = 0; facts && i < facts->n; i++)
		if (!add_variable(to, MC_FACT_PREFIX, facts->v[i].name,
			facts->v[i].value, e))
			return false;
	return true;
}

struct launch {
	char *const *argv;
	char *const *envp;
	const int *fds;
};

/* An error number, or 0: as the functions of spawn.h have it. */
static int
set_descriptors(const struct launch *l, posix_spawn_file_actions_t *actions)
{
	int failed = 0;

	for (int i = 0; i < MC_LAUNCH_FDS && !failed; i++)
		failed = posix_spawn_file_actions_adddup2(
		    actions, l->fds[i], i);
	return failed
	    ? failed
	    : posix_spawn_file_actions_addclosefrom_np(actions, MC_LAUNCH_FDS);
}

/* A group of its own, no signal blocked, none ignored. */
static int
set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none;
	sigset_t all;
	int failed;

	sigemptyset(&none);
	sigfillset(&all);
	failed = posix_spawnattr_setflags(attr,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETSIGMASK);
	if (!failed)
		failed = posix_spawnattr_setpgroup(attr, 0);
	if (!failed)
		failed = posix_spawnattr_setsigmask(attr, &none);
	return failed ? failed : posix_spawnattr_setsigdefault(attr, &all);
}

static int
start(const struct launch *l, posix_spawn_file_actions_t *actions,
    posix_spawnattr_t *attr, pid_t *pid)
{
	char beside[PATH_MAX] = "";
	int failed = set_descriptors(l, actions);

	if (!failed)
		failed = set_attributes(attr);
	if (failed)
		return failed;
	if (!strchr(l->argv[0], '/'))
		find_beside(l->argv[0], beside);
	if (beside[0])
		return posix_spawn(
		    pid, beside, actions, attr, l->argv, l->envp);
	return posix_spawnp(pid, l->argv[0], actions, attr, l->argv, l->envp);
}

bool
mc_launch(char *const *argv, const struct mc_facts *facts,
    const int fds[static MC_LAUNCH_FDS], pid_t *pid, struct mc_err *e)
{
	AUTO_BUF env = MC_BUF_INIT;
	char *envp[MC_FACTS_MAX + 8] = { 0 };
	const struct launch l = { argv, envp, fds };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	size_t n = 0;
	int failed;

	if (!environment(facts, &env, e))
		return false;
	for (char *p = (char *)env.data; p < (char *)env.data + env.len;
	     p += strlen(p) + 1)
		envp[n++] = p;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return mc_fail_memory(e);
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return mc_fail_memory(e);
	}
	failed = start(&l, &actions, &attr, pid);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	errno = failed;
	return failed == 0 ||
	    mc_fail_errno(e, MC_INTERNAL, "cannot start %.100s", argv[0]);
}

/* SPDX-License-Identifier: ISC */
#include "base/secret.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fd.h"

static bool
from_fd(const char *n, struct mc_buf *to, struct mc_err *e)
{
	int fd = 0;

	for (const char *p = n; *p; p++) {
		if (*p < '0' || *p > '9' || fd > 1000)
			return mc_fail(e, MC_USAGE, "fd:%s: not a number", n);
		fd = fd * 10 + (*p - '0');
	}
	if (!*n || fd == STDOUT_FILENO || fd == STDERR_FILENO)
		return mc_fail(
		    e, MC_USAGE, "fd:%s: not a place for a secret", n);
	if (!mc_buf_read_fd(to, fd, e))
		return mc_note(e, "fd:%s", n);
	return true;
}

/* The variable is wiped, so that no child of ours inherits it. */
static bool
from_env(const char *name, const struct mc_facts *facts, struct mc_buf *to,
    struct mc_err *e)
{
	const size_t n = strlen(MC_FACT_PREFIX);
	const char *value = NULL;
	char *var;

	if (facts && strncmp(name, MC_FACT_PREFIX, n) == 0)
		value = mc_facts_get(facts, name + n);
	if (value)
		return mc_buf_puts(to, value, e);
	var = getenv(name);
	if (!var)
		return mc_fail(
		    e, MC_NOINPUT, "env:%s: there is no such variable", name);
	if (!mc_buf_puts(to, var, e))
		return false;
	explicit_bzero(var, strlen(var));
	unsetenv(name);
	return true;
}

static void
drop_line_end(struct mc_buf *b)
{
	if (b->len && b->data[b->len - 1] == '\n')
		b->data[--b->len] = '\0';
	if (b->len && b->data[b->len - 1] == '\r')
		b->data[--b->len] = '\0';
}

/* Every byte; to's limit holds. */
static bool
load(const char *spec, const struct mc_facts *facts, struct mc_buf *to,
    struct mc_err *e)
{
	if (strncmp(spec, "file:", 5) == 0)
		return mc_file_load(spec + 5, to, e);
	if (strncmp(spec, "fd:", 3) == 0)
		return from_fd(spec + 3, to, e);
	if (strncmp(spec, "env:", 4) == 0)
		return from_env(spec + 4, facts, to, e);
	/* it may be the secret itself: do not repeat it */
	return mc_fail(e, MC_USAGE,
	    "want file:PATH, fd:N or env:NAME, not the secret itself");
}

bool
mc_secret_load(const char *spec, const struct mc_facts *facts,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF b = { .limit = MC_SECRET_LIMIT };

	if (!load(spec, facts, &b, e))
		return false;
	drop_line_end(&b);
	if (b.len == 0)
		return mc_fail(e, MC_MALFORMED, "%s: is empty", spec);
	return mc_buf_add(to, b.data, b.len, e);
}

bool
mc_secret_load_exact(const char *spec, const struct mc_facts *facts,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF b = MC_BUF_INIT;

	if (!load(spec, facts, &b, e))
		return false;
	if (b.len == 0)
		return mc_fail(e, MC_MALFORMED, "%s: is empty", spec);
	return mc_buf_add(to, b.data, b.len, e);
}

bool
mc_secret_load_text(const char *spec, const struct mc_facts *facts,
    struct mc_buf *to, struct mc_err *e)
{
	if (!mc_secret_load(spec, facts, to, e))
		return false;
	if (strlen(mc_buf_str(to)) != to->len)
		return mc_fail(e, MC_MALFORMED, "%s: holds a NUL", spec);
	return true;
}

void
mc_secret_harden(void)
{
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
#ifndef MC_SANITIZE /* LeakSanitizer looks at the process by ptrace */
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

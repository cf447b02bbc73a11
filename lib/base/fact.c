/* SPDX-License-Identifier: ISC */
#include "base/fact.h"

#include <stdlib.h>

#include "base/text.h"

static void
wipe(char *s)
{
	if (s)
		explicit_bzero(s, strlen(s));
	free(s);
}

void
mc_facts_clear(struct mc_facts *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].name);
		wipe(f->v[i].value);
	}
	f->n = 0;
}

/* Where name is, or f->n. */
static size_t
find(const struct mc_facts *f, const char *name)
{
	size_t i = 0;

	while (i < f->n && strcmp(f->v[i].name, name) != 0)
		i++;
	return i;
}

const char *
mc_facts_get(const struct mc_facts *f, const char *name)
{
	size_t i = find(f, name);

	return i < f->n ? f->v[i].value : NULL;
}

static bool
check(const char *name, const char *value, struct mc_err *e)
{
	static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	size_t n = strlen(value);
	const char *why;

	if (*name < 'A' || *name > 'Z' || name[strspn(name, chars)] ||
	    strlen(name) > 64)
		return mc_fail(e, MC_MALFORMED, "fact %.64s: not a name", name);
	if (n > MC_FACT_LIMIT)
		return mc_fail(e, MC_MALFORMED,
		    "fact %s: longer than %zu bytes", name, MC_FACT_LIMIT);
	return mc_text_check(value, n, &why) ||
	    mc_fail(e, MC_MALFORMED, "fact %s: %s", name, why);
}

bool
mc_facts_set(
    struct mc_facts *f, const char *name, const char *value, struct mc_err *e)
{
	size_t i = find(f, name);
	char *copy;

	if (!check(name, value, e))
		return false;
	if (i == MC_FACTS_MAX)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d facts", MC_FACTS_MAX);
	copy = strdup(value);
	if (!copy)
		return mc_fail_memory(e);
	if (i == f->n) {
		f->v[i] = (struct mc_fact){ .name = strdup(name) };
		if (!f->v[i].name) {
			wipe(copy);
			return mc_fail_memory(e);
		}
		f->n++;
	}
	wipe(f->v[i].value);
	f->v[i].value = copy;
	return true;
}

/* One NAME=value of n bytes. */
static bool
set_pair(struct mc_facts *f, const char *pair, size_t n, struct mc_err *e)
{
	char *copy = strndup(pair, n);
	char *eq;
	bool done;

	if (!copy)
		return mc_fail_memory(e);
	eq = strchr(copy, '=');
	if (eq)
		*eq = '\0';
	done = eq ? mc_facts_set(f, copy, eq + 1, e)
		  : mc_fail(e, MC_MALFORMED, "want NAME=value lines");
	explicit_bzero(copy, n);
	free(copy);
	return done;
}

bool
mc_facts_load(struct mc_facts *f, char *const *envp, struct mc_err *e)
{
	const size_t n = strlen(MC_FACT_PREFIX);

	for (; envp && *envp; envp++)
		if (strncmp(*envp, MC_FACT_PREFIX, n) == 0 &&
		    !set_pair(f, *envp + n, strlen(*envp + n), e))
			return mc_note(e, "environment");
	return true;
}

bool
mc_facts_parse(struct mc_facts *f, const struct mc_buf *lines, struct mc_err *e)
{
	const char *p = mc_buf_str(lines);
	size_t n;

	if (strlen(p) != lines->len)
		return mc_fail(e, MC_MALFORMED, "facts hold a NUL");
	for (; *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (n && !set_pair(f, p, n, e))
			return false;
	}
	return true;
}

bool
mc_facts_encode(const struct mc_facts *f, struct mc_buf *to, struct mc_err *e)
{
	for (size_t i = 0; i < f->n; i++)
		if (!mc_buf_printf(
			to, e, "%s=%s\n", f->v[i].name, f->v[i].value))
			return false;
	return true;
}

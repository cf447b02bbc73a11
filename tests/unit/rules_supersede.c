/* SPDX-License-Identifier: ISC */
/* Of two findings about one thing, the one that says more. */
#include "lint/supersede.h"

#include <stdlib.h>

#include "tap.h"

static struct mc_err e;

static void
add(struct mc_findings *f, unsigned code, const char *path)
{
	struct mc_finding one = { .code = mc_lint_code_find(code) };

	one.path = strdup(path);
	one.message = strdup("x");
	if (!one.code || !mc_findings_add(f, &one, &e))
		abort();
}

static bool
has(const struct mc_findings *f, unsigned code, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].code->number == code &&
		    strcmp(f->v[i].path, path) == 0)
			return true;
	return false;
}

static void
paths(void)
{
	AUTO_FINDINGS f = { 0 };

	add(&f, 1104, "A.Subject[0]");
	add(&f, 1414, "A.Subject");
	add(&f, 1104, "A.Subject");
	add(&f, 1104, "A.Subject.x");
	add(&f, 1104, "A.SubjectAltName");
	add(&f, 1104, "A");
	add(&f, 1102, "A.Subject");
	mc_findings_supersede(&f);
	ok(f.n == 4);
	ok(has(&f, 1414, "A.Subject") && has(&f, 1102, "A.Subject"));
	ok(has(&f, 1104, "A.SubjectAltName") && has(&f, 1104, "A"));
}

static void
none(void)
{
	AUTO_FINDINGS f = { 0 };

	mc_findings_supersede(&f);
	ok(f.n == 0);
	add(&f, 1104, "a");
	add(&f, 1250, "a");
	mc_findings_supersede(&f);
	ok(f.n == 2);
}

/* All of them, one after the other, and in the other order. */
static void
all(void)
{
	AUTO_FINDINGS f = { 0 };

	for (int i = 0; i < 100; i++)
		add(&f, 1108, "p");
	add(&f, 1434, "p");
	for (int i = 0; i < 100; i++)
		add(&f, 1108, "p");
	mc_findings_supersede(&f);
	ok(f.n == 1 && has(&f, 1434, "p"));
}

int
main(void)
{
	paths();
	none();
	all();
	return done();
}

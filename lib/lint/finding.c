/* SPDX-License-Identifier: ISC */
#include "lint/finding.h"

#include <stdlib.h>
#include <string.h>

const char *
mc_severity_name(enum mc_severity s)
{
	static const char *const names[] = { "notice", "warning", "error" };

	return names[s];
}

void
mc_finding_clear(struct mc_finding *f)
{
	free(f->path);
	free(f->message);
	free(f->expected);
	free(f->suggestion);
	*f = (struct mc_finding){ 0 };
}

void
mc_findings_clear(struct mc_findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		mc_finding_clear(&f->v[i]);
	free(f->v);
	*f = (struct mc_findings){ 0 };
}

static bool
grow(struct mc_findings *f)
{
	size_t cap = f->cap ? 2 * f->cap : 16;
	struct mc_finding *v;

	if (f->n < f->cap)
		return true;
	v = reallocarray(f->v, cap, sizeof(*v));
	if (!v)
		return false;
	f->v = v;
	f->cap = cap;
	return true;
}

bool
mc_findings_add(
    struct mc_findings *f, struct mc_finding *finding, struct mc_err *e)
{
	if (++f->added[finding->severity] > MC_FINDINGS_MAX) {
		f->lost++;
		mc_finding_clear(finding);
		return true;
	}
	if (!finding->path || !finding->message || !grow(f)) {
		mc_finding_clear(finding);
		return mc_fail_memory(e);
	}
	f->v[f->n++] = *finding;
	*finding = (struct mc_finding){ 0 };
	return true;
}

size_t
mc_findings_drop(struct mc_findings *f,
    bool (*drop)(const void *ctx, const struct mc_finding *finding),
    const void *ctx)
{
	size_t before = f->n;
	size_t kept = 0;

	for (size_t i = 0; i < before; i++)
		if (!mc_lint_code_is_final(f->v[i].code) && drop(ctx, &f->v[i]))
			mc_finding_clear(&f->v[i]);
		else
			f->v[kept++] = f->v[i];
	f->n = kept;
	return before - kept;
}

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/*
 * A binary plist has no places: there it is the key path that orders, in which
 * item 10 comes after item 9.
 */
static int
compare(const void *left, const void *right)
{
	const struct mc_finding *a = left;
	const struct mc_finding *b = right;
	int c = compare_numbers(a->at.line, b->at.line);

	if (c == 0)
		c = compare_numbers(a->at.column, b->at.column);
	if (c == 0)
		c = strverscmp(a->path, b->path);
	if (c == 0)
		c = compare_numbers(a->code->number, b->code->number);
	return c ? c : strcmp(a->message, b->message);
}

void
mc_findings_sort(struct mc_findings *f)
{
	size_t kept = 0;

	if (f->n)
		qsort(f->v, f->n, sizeof(f->v[0]), compare);
	for (size_t i = 0; i < f->n; i++) {
		if (kept && compare(&f->v[kept - 1], &f->v[i]) == 0) {
			mc_finding_clear(&f->v[i]);
			continue;
		}
		if (kept != i)
			f->v[kept] = f->v[i];
		kept++;
	}
	f->n = kept;
}

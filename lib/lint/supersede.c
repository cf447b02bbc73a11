/* SPDX-License-Identifier: ISC */
#include "lint/supersede.h"

/* Which code makes which other one superfluous, at its path and below. */
static const struct {
	unsigned by;
	unsigned what;
} pairs[] = {
	{ 1023, 1106 },
	{ 1023, 1107 }, /* no such number: what was held in its place */
	{ 1123, 1121 }, /* an MDM that was approved: MDM at all */
	{ 1205, 1108 }, /* a reference that is empty: its form */
	{ 1229, 1106 }, /* the profile's type: allowed values */
	{ 1231, 1101 }, /* a profile as a payload: an unknown type */
	{ 1400, 1103 },
	{ 1400, 1104 }, /* no content, or no dict: missing, wrong type */
	{ 1405, 1104 },
	{ 1414, 1104 }, /* a Subject's shape: types */
	{ 1421, 1103 }, /* no content at all: missing */
	{ 1422, 1104 },
	{ 1433, 1140 }, /* a second MDM payload: single instance */
	{ 1434, 1108 }, /* not https: its form */
	{ 1601, 1615 },
	{ 1605, 1615 }, /* what an update changes: that it changed */
	{ 1619, 1615 },
};
#define PAIRS_N (sizeof(pairs) / sizeof(*pairs))

static bool
is_below(const char *path, const char *top)
{
	size_t n = strlen(top);

	return strncmp(path, top, n) == 0 &&
	    (!path[n] || path[n] == '.' || path[n] == '[');
}

static bool
is_code(const struct mc_finding *f, unsigned number)
{
	return f->code->number == number;
}

static bool
is_superseded(
    const struct mc_finding *v, size_t n, const struct mc_finding *what)
{
	for (size_t i = 0; i < PAIRS_N; i++) {
		if (!is_code(what, pairs[i].what))
			continue;
		for (size_t k = 0; k < n; k++)
			if (is_code(&v[k], pairs[i].by) &&
			    is_below(what->path, v[k].path))
				return true;
	}
	return false;
}

void
mc_findings_supersede(struct mc_findings *f)
{
	size_t kept = 0;

	/* what supersedes is never superseded: so it is still there, before
	 * kept or from i on, whenever it is looked for */
	for (size_t i = 0; i < f->n; i++) {
		struct mc_finding now = f->v[i];

		if (is_superseded(f->v, kept, &now) ||
		    is_superseded(f->v + i, f->n - i, &now))
			mc_finding_clear(&now);
		else
			f->v[kept++] = now;
	}
	f->n = kept;
}

/* SPDX-License-Identifier: ISC */
#include "base/near.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 64

static int
fold(char c)
{
	return c == '-' ? '_' : tolower((unsigned char)c);
}

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance, in one row. */
static unsigned
distance(const char *a, const char *b)
{
	size_t n = strlen(b);
	unsigned row[LONGEST + 1];
	unsigned diagonal;
	unsigned old;

	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; a[i - 1]; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n; j++) {
			old = row[j];
			row[j] = least(row[j] + 1, row[j - 1] + 1,
			    diagonal + (fold(a[i - 1]) != fold(b[j - 1])));
			diagonal = old;
		}
	}
	return row[n];
}

void
mc_near_add(struct mc_near *near, const char *candidate)
{
	size_t n = strlen(near->name);
	size_t used = strlen(near->text);

	if (near->n == MC_NEAR_MAX || n > LONGEST ||
	    strlen(candidate) > LONGEST)
		return;
	/* one slip in a short name, up to three in a long one */
	if (distance(near->name, candidate) > (n < 4 ? 1 : n < 8 ? 2 : 3))
		return;
	snprintf(near->text + used, sizeof(near->text) - used, "%s%s",
	    near->n ? ", " : "", candidate);
	near->n++;
}

const char *
mc_near_text(const struct mc_near *near)
{
	return near->text;
}

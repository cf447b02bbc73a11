/* SPDX-License-Identifier: ISC */
#include "base/near.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 64
#define SEPARATOR ", "

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

/* Is it kept?  As a whole: "content" is not there with "contents". */
static bool
has(const struct mc_near *near, const char *candidate)
{
	size_t len = strlen(candidate);
	size_t end;

	for (size_t i = 0; i < near->n; i++) {
		end = i + 1 < near->n ? near->at[i + 1] - strlen(SEPARATOR)
				      : strlen(near->text);
		if (end - near->at[i] == len &&
		    memcmp(near->text + near->at[i], candidate, len) == 0)
			return true;
	}
	return false;
}

/* Half a word, "SSID" of "SSID_STR": nearer than any slip. */
static bool
is_begun(const char *name, const char *candidate)
{
	size_t n = 0;

	while (name[n] && fold(name[n]) == fold(candidate[n]))
		n++;
	return n >= 3 && !name[n] && candidate[n] &&
	    !islower((unsigned char)candidate[n]);
}

/* One slip in a short name, up to three in a long one. */
static bool
is_slip(const char *name, const char *candidate)
{
	size_t n = strlen(name);
	size_t other = strlen(candidate);
	size_t most = n < 4 ? 1 : n < 8 ? 2 : 3;

	return n <= other + most && other <= n + most &&
	    distance(name, candidate) <= most;
}

static void
put_first(struct mc_near *near, const char *candidate)
{
	size_t len = strlen(candidate);
	size_t gap = near->n ? len + strlen(SEPARATOR) : len;

	memmove(near->text + gap, near->text, strlen(near->text) + 1);
	memcpy(near->text, candidate, len);
	memcpy(near->text + len, SEPARATOR, gap - len);
	for (size_t i = near->n; i-- > 0;)
		near->at[i + 1] = near->at[i] + gap;
	near->at[0] = 0;
}

void
mc_near_add(struct mc_near *near, const char *candidate)
{
	size_t used = strlen(near->text);
	bool begun = is_begun(near->name, candidate);

	if (near->n == MC_NEAR_MAX || strlen(near->name) > LONGEST ||
	    strlen(candidate) > LONGEST)
		return;
	if ((!begun && !is_slip(near->name, candidate)) || has(near, candidate))
		return;
	if (begun) {
		put_first(near, candidate);
	} else {
		snprintf(near->text + used, sizeof(near->text) - used, "%s%s",
		    near->n ? SEPARATOR : "", candidate);
		near->at[near->n] = near->n ? used + strlen(SEPARATOR) : 0;
	}
	near->n++;
}

const char *
mc_near_text(const struct mc_near *near)
{
	return near->text;
}

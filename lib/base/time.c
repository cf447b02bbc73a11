/* SPDX-License-Identifier: ISC */
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t stopped_at;

int64_t
mc_time_now(void)
{
	return stopped_at ? stopped_at : (int64_t)time(NULL);
}

void
mc_time_set(int64_t t)
{
	stopped_at = t;
}

int64_t
mc_time_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *
mc_time_format(int64_t t, char text[static MC_TIME_TEXT])
{
	struct tm tm;
	time_t when = (time_t)t;

	if (!gmtime_r(&when, &tm) ||
	    strftime(text, MC_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(text, MC_TIME_TEXT, "@%lld", (long long)t);
	return text;
}

bool
mc_time_seconds_parse(const char *s, int64_t *out)
{
	static const char units[] = "smhdy";
	static const int64_t in[] = { 1, MC_MINUTE, MC_HOUR, MC_DAY,
		365 * MC_DAY };
	const char *u;
	int64_t n = 0;
	size_t i;

	for (i = 0; s[i] >= '0' && s[i] <= '9'; i++) {
		n = n * 10 + (s[i] - '0');
		if (n > 1000000000)
			return false;
	}
	if (n == 0) /* no digit, or no time at all */
		return false;
	if (s[i]) {
		u = strchr(units, s[i]);
		if (!u || s[i + 1])
			return false;
		n *= in[u - units];
	}
	*out = n;
	return true;
}

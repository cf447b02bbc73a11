/* SPDX-License-Identifier: ISC */
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
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

/* n digits as a number; false where there are other characters. */
static bool
digits(const char *s, size_t n, int *out)
{
	for (*out = 0; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return false;
		*out = *out * 10 + (*s - '0');
	}
	return true;
}

bool
mc_time_parse(const char *s, int64_t *out)
{
	static const char whole[] = "1970-01-01T00:00:00Z";
	char text[sizeof(whole)];
	char again[MC_TIME_TEXT];
	struct tm tm = { 0 };
	size_t n = strlen(s);

	if (n != strlen("1970-01-01") && n != sizeof(whole) - 1)
		return false;
	memcpy(text, whole, sizeof(text));
	memcpy(text, s, n);
	if (!digits(text, 4, &tm.tm_year) || !digits(text + 5, 2, &tm.tm_mon) ||
	    !digits(text + 8, 2, &tm.tm_mday) ||
	    !digits(text + 11, 2, &tm.tm_hour) ||
	    !digits(text + 14, 2, &tm.tm_min) ||
	    !digits(text + 17, 2, &tm.tm_sec) || tm.tm_year < 1970)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*out = timegm(&tm);
	/* what is no date, or has other marks, is written in another way */
	return strcmp(mc_time_format(*out, again), text) == 0;
}

/* Digits, as many as the year 9999 has. */
static bool
epoch_parse(const char *s, int64_t *out)
{
	size_t n = strlen(s);

	if (n == 0 || n > 12 || strspn(s, "0123456789") != n)
		return false;
	*out = strtoll(s, NULL, 10);
	return *out > 0;
}

bool
mc_time_at_parse(const char *s, int64_t *out)
{
	return *s == '@' ? epoch_parse(s + 1, out)
			 : mc_time_parse(s, out) && *out > 0;
}

bool
mc_time_source_get(int64_t *out)
{
	const char *s = getenv("SOURCE_DATE_EPOCH");

	*out = 0;
	return !s || epoch_parse(s, out);
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

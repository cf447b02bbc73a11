/* SPDX-License-Identifier: ISC */
/*
 * Times are int64_t seconds since 1970, UTC; durations are seconds.
 *
 * The clock is read here and nowhere else, so that tests can set it.
 */
#ifndef MC_TIME_H
#define MC_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define MC_MINUTE ((int64_t)60)
#define MC_HOUR ((int64_t)3600)
#define MC_DAY ((int64_t)86400)

#define MC_TIME_TEXT 32 /* room for any formatted time */

int64_t mc_time_now(void);

/* For tests: the clock stands at t; 0 lets it run again. */
void mc_time_set(int64_t t);

/* Milliseconds of a clock that nobody sets: for deadlines and spans only. */
int64_t mc_time_ms(void);

/* RFC 3339 in UTC, "2026-11-22T12:00:00Z", into text; returns text. */
const char *mc_time_format(int64_t t, char text[static MC_TIME_TEXT]);

/*
 * "2026-11-22", "2026-11-22T12:00:00Z", the second as mc_time_format() writes
 * it, the first the beginning of that day in UTC; 1970 to 9999.  False if it
 * is neither.
 */
bool mc_time_parse(const char *s, int64_t *out);

/* The same, or "@" and seconds; never 1970's first second, 0. */
bool mc_time_at_parse(const char *s, int64_t *out);

/*
 * The environment's SOURCE_DATE_EPOCH, for what is to be the same when it is
 * made again; 0 where it is not set.  False where it is no number of seconds
 * after 1970.
 */
bool mc_time_source_get(int64_t *out);

/*
 * "90", "90s", "15m", "1h", "2d", "1y" (365 days); false if it is not one, or
 * 0, by which options mean that nothing was said.
 */
bool mc_time_seconds_parse(const char *s, int64_t *out);

#endif

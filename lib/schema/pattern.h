/* SPDX-License-Identifier: ISC */
/* The patterns of keys: POSIX extended regular expressions. */
#ifndef MC_SCHEMA_PATTERN_H
#define MC_SCHEMA_PATTERN_H

#include <stdbool.h>

/*
 * Is this one that compiles, and in little time and memory?  regcomp(3) writes
 * x{9} out nine times, and x+ twice; and what refers back takes regexec(3)
 * ages.
 */
bool mc_pattern_check(const char *pattern);

/*
 * Does s match?  What is longer than anything a pattern is for does not; all
 * else matches what is no pattern.
 */
bool mc_pattern_match(const char *pattern, const char *s);

#endif

/* SPDX-License-Identifier: ISC */
/* UUIDs (RFC 9562), upper case as Apple's tools write them. */
#ifndef MC_UUID_H
#define MC_UUID_H

#include <stdbool.h>

#define MC_UUID_TEXT 37 /* with its NUL */

/* Version 4, random. */
void mc_uuid_new(char out[static MC_UUID_TEXT]);

/* s is a UUID in text form, either case. */
bool mc_uuid_check(const char *s);

#endif

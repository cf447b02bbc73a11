/* SPDX-License-Identifier: ISC */
/* UUIDs (RFC 9562), upper case as Apple's tools write them. */
#ifndef MC_UUID_H
#define MC_UUID_H

#include <stdbool.h>
#include <stddef.h>

#define MC_UUID_TEXT 37 /* with its NUL */

/* Version 4, random. */
void mc_uuid_new(char out[static MC_UUID_TEXT]);

/*
 * Version 5, of a name: the same for ever, on every machine.  The namespace is
 * this project's own.
 */
void mc_uuid_named(const void *name, size_t len, char out[static MC_UUID_TEXT]);

/* s is a UUID in text form, either case. */
bool mc_uuid_check(const char *s);

#endif

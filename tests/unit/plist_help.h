/* SPDX-License-Identifier: ISC */
/* What the tests of property lists share. */
#ifndef PLIST_HELP_H
#define PLIST_HELP_H

#include <stdio.h>
#include <stdlib.h>

#include "keys.h"

#define P(body) "<plist version=\"1.0\">" body "</plist>"
#define DOCTYPE                                                                \
	"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\""               \
	" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"

static char said[512];

static inline mc_plist *
parse_bytes(const void *s, size_t n, unsigned depth)
{
	AUTO_BUF b = { .limit = 64u << 20 };
	struct mc_err e = MC_ERR_INIT;
	mc_plist *p = NULL;

	if (!mc_buf_add(&b, s, n, &e))
		abort();
	if (mc_plist_parse(&b, depth, &p, &e) != (p != NULL))
		abort();
	if (!p && e.code != MC_MALFORMED)
		abort();
	snprintf(said, sizeof(said), "%s", e.text);
	return p;
}

static inline mc_plist *
parse(const char *s)
{
	return parse_bytes(s, strlen(s), 64);
}

#endif

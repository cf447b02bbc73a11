/* SPDX-License-Identifier: ISC */
/* What the tests of profiles and templates share. */
#ifndef PROFILE_HELP_H
#define PROFILE_HELP_H

#include <stdio.h>
#include <stdlib.h>

#include "keys.h"

#define A "11111111-1111-4111-8111-111111111111"
#define B "bbbbbbbb-2222-4222-8222-222222222222"
#define B_UPPER "BBBBBBBB-2222-4222-8222-222222222222"

/* A failure with this code and text. */
static inline bool
failed(bool done, const struct mc_err *e, enum mc_code code, const char *why)
{
	if (!done && e->code == code && strcmp(e->text, why) == 0)
		return true;
	printf("# want %s\n# have %s\n", why, done ? "no failure" : e->text);
	return false;
}

static inline mc_plist *
plist(const char *body)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	mc_plist *p = NULL;

	if (!mc_buf_printf(&b, &e, "<plist version=\"1.0\">%s</plist>", body) ||
	    !mc_plist_parse(&b, 64, &p, &e)) {
		printf("# %s\n", e.text);
		abort();
	}
	return p;
}

static inline bool
is(const mc_plist *p, const char *want)
{
	return mc_plist_str(p) && strcmp(mc_plist_str(p), want) == 0;
}

#endif

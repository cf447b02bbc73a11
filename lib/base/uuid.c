/* SPDX-License-Identifier: ISC */
#include "base/uuid.h"

#include <string.h>
#include <uuid/uuid.h>

void
mc_uuid_new(char out[static MC_UUID_TEXT])
{
	uuid_t u;

	uuid_generate_random(u);
	uuid_unparse_upper(u, out);
}

bool
mc_uuid_check(const char *s)
{
	uuid_t u;

	return strlen(s) == MC_UUID_TEXT - 1 && uuid_parse(s, u) == 0;
}

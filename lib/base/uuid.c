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

void
mc_uuid_named(const void *name, size_t len, char out[static MC_UUID_TEXT])
{
	/* 2A7C0D52-6B0E-4F8B-9D57-0C1E5A3B8F64, random once */
	static const uuid_t space = { 0x2a, 0x7c, 0x0d, 0x52, 0x6b, 0x0e, 0x4f,
		0x8b, 0x9d, 0x57, 0x0c, 0x1e, 0x5a, 0x3b, 0x8f, 0x64 };
	uuid_t u;

	uuid_generate_sha1(u, space, name, len);
	uuid_unparse_upper(u, out);
}

bool
mc_uuid_check(const char *s)
{
	uuid_t u;

	return strlen(s) == MC_UUID_TEXT - 1 && uuid_parse(s, u) == 0;
}

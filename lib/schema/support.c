/* SPDX-License-Identifier: ISC */
#include "schema/schema.h"

#include <stdio.h>
#include <strings.h>

static const struct {
	const char *name;
	const char *title;
} systems[MC_OS_COUNT] = {
	[MC_OS_IOS] = { "ios", "iOS" },
	[MC_OS_MACOS] = { "macos", "macOS" },
	[MC_OS_TVOS] = { "tvos", "tvOS" },
	[MC_OS_VISIONOS] = { "visionos", "visionOS" },
	[MC_OS_WATCHOS] = { "watchos", "watchOS" },
};

/* By bit. */
static const char *const flags[] = {
	"multiple",
	"device",
	"user",
	"mdm-only",
	"supervised",
	"automated",
	"approved",
	"personal-forbidden",
	"personal-required",
	"personal-ignored",
	"shared-forbidden",
	"shared-required",
	"shared-ignored",
};

#define NFLAGS (sizeof(flags) / sizeof(*flags))

static const char *const types[] = {
	[MC_PLIST_NONE] = "any",
	[MC_PLIST_DICT] = "dict",
	[MC_PLIST_ARRAY] = "array",
	[MC_PLIST_STRING] = "string",
	[MC_PLIST_BOOL] = "boolean",
	[MC_PLIST_INT] = "integer",
	[MC_PLIST_REAL] = "real",
	[MC_PLIST_DATE] = "date",
	[MC_PLIST_DATA] = "data",
};

#define NTYPES (sizeof(types) / sizeof(*types))

const char *
mc_os_name(enum mc_os os)
{
	return systems[os].name;
}

const char *
mc_os_title(enum mc_os os)
{
	return systems[os].title;
}

static bool
is(const char *s, size_t n, const char *name)
{
	return strlen(name) == n && strncasecmp(s, name, n) == 0;
}

bool
mc_os_parse(const char *s, size_t n, enum mc_os *out)
{
	for (size_t i = 0; i < MC_OS_COUNT; i++)
		if (is(s, n, systems[i].name)) {
			*out = (enum mc_os)i;
			return true;
		}
	if (!is(s, n, "ipados"))
		return false;
	*out = MC_OS_IOS;
	return true;
}

/* One or two digits, without a 0 before them. */
static bool
parse_number(const char **s, uint32_t *out)
{
	const char *p = *s;
	uint32_t n = 0;

	while (*p >= '0' && *p <= '9' && p - *s < 2)
		n = n * 10 + (uint32_t)(*p++ - '0');
	if (p == *s || (**s == '0' && p - *s > 1))
		return false;
	*s = p;
	*out = n;
	return true;
}

bool
mc_version_parse(const char *s, uint32_t *out)
{
	uint32_t v[3] = { 0 };
	size_t n = 0;

	for (;; s++) {
		if (n == 3 || !parse_number(&s, &v[n++]))
			return false;
		if (*s != '.')
			break;
	}
	if (*s || v[0] == 0)
		return false;
	*out = v[0] * 10000 + v[1] * 100 + v[2];
	return true;
}

const char *
mc_version_encode(uint32_t v, char text[static MC_VERSION_TEXT])
{
	unsigned major = v / 10000 % 100;
	unsigned minor = v / 100 % 100;

	if (v % 100)
		snprintf(text, MC_VERSION_TEXT, "%u.%u.%u", major, minor,
		    (unsigned)(v % 100));
	else
		snprintf(text, MC_VERSION_TEXT, "%u.%u", major, minor);
	return text;
}

const char *
mc_support_flag_name(unsigned flag)
{
	for (size_t i = 0; i < NFLAGS; i++)
		if (flag == 1U << i)
			return flags[i];
	return NULL;
}

unsigned
mc_support_flag_find(const char *name)
{
	for (size_t i = 0; i < NFLAGS; i++)
		if (strcmp(flags[i], name) == 0)
			return 1U << i;
	return 0;
}

const char *
mc_schema_type_name(enum mc_plist_type type)
{
	return types[type];
}

bool
mc_schema_type_find(const char *name, enum mc_plist_type *out)
{
	for (size_t i = 0; i < NTYPES; i++)
		if (strcmp(types[i], name) == 0) {
			*out = (enum mc_plist_type)i;
			return true;
		}
	return false;
}

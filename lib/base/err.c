/* SPDX-License-Identifier: ISC */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static const struct {
	int exit;
	int http;
	const char *name;
} map[] = {
#define X(name, exit, http, text) [name] = { exit, http, &(#name)[3] },
	MC_ERR_TABLE(X)
#undef X
};

/* Of what failed, so that there is room for why. */
#define WHAT_MAX 400

#define MC_NCODES (sizeof(map) / sizeof(map[0]))

bool
mc_fail_record(struct mc_err *e, enum mc_code code, const char *fmt, ...)
{
	va_list ap;

	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return false;
}

bool
mc_fail_errno_record(struct mc_err *e, enum mc_code code, const char *fmt, ...)
{
	const char *why = strerror(errno);
	char what[sizeof(e->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return mc_fail_record(e, code, "%.*s: %s", WHAT_MAX, what, why);
}

bool
mc_note_record(struct mc_err *e, const char *fmt, ...)
{
	char inner[sizeof(e->text)];
	size_t n;
	va_list ap;

	memcpy(inner, e->text, sizeof(inner));
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", inner);
	return false;
}

bool
mc_code_is_verdict(enum mc_code code)
{
	return code != MC_OK && map[code].exit < map[MC_USAGE].exit;
}

bool
mc_code_is_own(enum mc_code code)
{
	return map[code].http >= 500;
}

int
mc_exit_status(enum mc_code code)
{
	return map[code].exit;
}

int
mc_http_status(enum mc_code code)
{
	return map[code].http;
}

enum mc_code
mc_code_find(int exit_status)
{
	for (size_t i = 0; i < MC_NCODES; i++)
		if (map[i].exit == exit_status)
			return (enum mc_code)i;
	return MC_INTERNAL;
}

const char *
mc_code_name(enum mc_code code)
{
	return map[code].name;
}

/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#include "base/time.h"

bool
mc_lint_is_on(
    const struct mc_lint *l, const char *type, enum mc_os os, bool *known)
{
	const struct mc_schema *schema = l->options->schema;
	size_t at = 0;
	size_t n = mc_schema_find(schema, type, &at);

	*known = n > 0;
	for (size_t i = 0; i < n; i++)
		if (mc_schema_at(schema, at + i).support[os].there)
			return true;
	return false;
}

bool
mc_lint_is_target(const struct mc_lint *l, enum mc_os os, bool unsaid)
{
	const struct mc_lint_options *o = l->options;

	for (size_t i = 0; i < o->n; i++)
		if (o->targets[i].os == os)
			return true;
	return o->n == 0 && unsaid;
}

static bool
is_for_macs(const struct mc_lint *l, const char *type)
{
	bool known;

	if (!mc_lint_is_on(l, type, MC_OS_MACOS, &known))
		return false;
	for (int os = 0; os < MC_OS_COUNT; os++)
		if (os != MC_OS_MACOS &&
		    mc_lint_is_on(l, type, (enum mc_os)os, &known))
			return false;
	return true;
}

bool
mc_lint_is_macs(const struct mc_lint *l, const struct mc_payloads *p)
{
	const struct mc_lint_options *o = l->options;

	for (size_t i = 0; i < o->n; i++)
		if (o->targets[i].os != MC_OS_MACOS)
			return false;
	if (o->n > 0)
		return true;
	for (size_t i = 0; i < p->n; i++)
		if (is_for_macs(l, p->v[i].type))
			return true;
	return false;
}

bool
mc_lint_is_https(const char *s)
{
	return strncasecmp(s, "https://", 8) == 0;
}

static bool
is_one_of(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(s, *list) == 0)
			return true;
	return false;
}

bool
mc_lint_is_identity(const char *type)
{
	static const char *const types[] = { "com.apple.security.pkcs12",
		"com.apple.security.scep", "com.apple.security.acme",
		"com.apple.ADCertificate.managed",
		"com.apple.security.wapi-identity", NULL };

	return is_one_of(type, types);
}

bool
mc_lint_is_certificate(const char *type)
{
	static const char *const types[] = { "com.apple.security.root",
		"com.apple.security.pkcs1", "com.apple.security.pem", NULL };

	return is_one_of(type, types);
}

const char *
mc_lint_span(int64_t t, int64_t now, char text[static MC_SPAN_TEXT])
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 365 * MC_DAY, "year" }, { MC_DAY, "day" },
		{ MC_HOUR, "hour" }, { MC_MINUTE, "minute" }, { 1, "second" } };
	int64_t d = t > now ? t - now : now - t;
	size_t i = 0;

	/* "13 months" is 395 days, not 1 year */
	while (i < 4 && d < units[i].seconds * (i == 0 ? 3 : 1))
		i++;
	d /= units[i].seconds;
	snprintf(text, MC_SPAN_TEXT, "%s%" PRId64 " %s%s%s",
	    t > now ? "in " : "", d, units[i].name, d == 1 ? "" : "s",
	    t > now ? "" : " ago");
	return text;
}

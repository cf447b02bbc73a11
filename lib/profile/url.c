/* SPDX-License-Identifier: ISC */
#include "profile/url.h"

#include <strings.h>

static const char *
after(const char *url, const char *scheme)
{
	size_t n = strlen(scheme);

	return strncasecmp(url, scheme, n) == 0 ? url + n : NULL;
}

static bool
check_host(const char *url, const char *host, struct mc_err *e)
{
	size_t n = strcspn(host, "/?#");

	if (memchr(host, '@', n))
		return mc_fail(
		    e, MC_USAGE, "%s: want no user or password in a URL", url);
	if (n == 0 || *host == ':')
		return mc_fail(e, MC_USAGE, "%s: names no host", url);
	return true;
}

bool
mc_url_check(const char *url, struct mc_err *e)
{
	const char *host = after(url, "https://");

	if (!host)
		host = after(url, "http://");
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("\"<>\\^`{|}", *p))
			return mc_fail(e, MC_USAGE,
			    "the URL: want only the characters that a URL has;"
			    " others as %%XX");
	if (!host)
		return mc_fail(e, MC_USAGE,
		    "%s: want a URL that begins https:// or http://", url);
	if (strchr(url, '#'))
		return mc_fail(e, MC_USAGE,
		    "%s: want no fragment: it never reaches a server", url);
	return check_host(url, host, e);
}

bool
mc_url_check_https(const char *url, struct mc_err *e)
{
	if (!mc_url_check(url, e))
		return false;
	if (after(url, "https://"))
		return true;
	return mc_fail(e, MC_USAGE,
	    "%s: want https: the device's attributes and its challenge go"
	    " there, and devices refuse anything else",
	    url);
}

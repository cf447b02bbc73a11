/* SPDX-License-Identifier: ISC */
/* What of site.conf can be wrong without its routes. */
#include "cgi/site.h"

#include <strings.h>

/* https://HOST[:PORT][/PATH], from which others are made by adding "/x". */
static bool
check_url(struct mc_site *s, struct mc_err *e)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~:/[]";
	const char *url = s->set.url;
	size_t host;

	if (strncmp(url, "https://", 8) != 0)
		return mc_fail(e, MC_MALFORMED,
		    "url: %s: want https://, devices take nothing else", url);
	host = strcspn(url + 8, "/");
	if (host == 0 || url[strspn(url, chars)])
		return mc_fail(e, MC_MALFORMED,
		    "url: %s: want https://HOST[:PORT][/PATH], without a query",
		    url);
	if (url[strlen(url) - 1] == '/')
		return mc_fail(e, MC_MALFORMED,
		    "url: %s: leave out the / at its end", url);
	s->prefix = url + 8 + host;
	return true;
}

/* Our server finds its profile at the end of the path, before one name. */
static bool
ends_in(const char *url, const char *profile)
{
	static const char file[] = "/pkiclient.exe";
	size_t n = strlen(url), m = strlen(profile);

	if (n >= sizeof(file) - 1 &&
	    strcasecmp(url + n - (sizeof(file) - 1), file) == 0)
		n -= sizeof(file) - 1;
	return n > m && url[n - m - 1] == '/' &&
	    strncmp(url + n - m, profile, m) == 0;
}

static bool
check_scep_profile(const struct mc_settings *set, struct mc_err *e)
{
	const char *name = set->scep_profile;

	if (!name)
		return true;
	if (!set->ca)
		return mc_fail(e, MC_MALFORMED,
		    "scep-profile: is one of the CA of the setting ca, which "
		    "is missing");
	if (!*name ||
	    name[strspn(name,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")])
		return mc_fail(e, MC_MALFORMED,
		    "scep-profile: \"%.64s\": not a profile's name", name);
	return !set->scep_url || ends_in(set->scep_url, name) ||
	    mc_fail(e, MC_MALFORMED,
		"scep-url: has to end in /%s, as scep-profile says", name);
}

/* One server gives out certificates: ours, or another. */
static bool
check_scep(const struct mc_settings *set, struct mc_err *e)
{
	if (!check_scep_profile(set, e))
		return false;
	if (!set->ca)
		return true;
	if (set->scep_challenge)
		return mc_fail(e, MC_MALFORMED,
		    "scep-challenge: the CA of the setting ca makes its own");
	if (set->enrolled_ca)
		return mc_fail(e, MC_MALFORMED,
		    "enrolled-ca: it is the CA of the setting ca");
	return true;
}

/* Read for every request: a descriptor or a variable gives once. */
static bool
check_secrets(const struct mc_settings *set, struct mc_err *e)
{
	if (set->sign_passphrase &&
	    strncmp(set->sign_passphrase, "file:", 5) != 0)
		return mc_fail(
		    e, MC_MALFORMED, "sign-passphrase: want file:PATH");
	if (set->scep_challenge &&
	    strncmp(set->scep_challenge, "file:", 5) != 0)
		return mc_fail(
		    e, MC_MALFORMED, "scep-challenge: want file:PATH");
	return true;
}

bool
mc_site_check(struct mc_site *s, struct mc_err *e)
{
	return check_url(s, e) && check_scep(&s->set, e) &&
	    check_secrets(&s->set, e);
}

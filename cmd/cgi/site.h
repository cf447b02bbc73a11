/* SPDX-License-Identifier: ISC */
/*
 * A site's settings (mcprofile-site.conf(5)) and its routes, read once.
 *
 * Everything that can be wrong is found here, by file and line, and not by
 * the first device that asks: an unknown setting, one that a route needs and
 * that is not there, a chain that does not parse.
 */
#ifndef MC_SITE_H
#define MC_SITE_H

#include "base/opt.h"
#include "http/route.h"
#include "stage/chain.h"

/* Room for a number or a time as text. */
#define MC_SITE_NUMBER 24

struct mc_settings {
	const char *url;
	const char *organization;
	const char *identifier;
	const char *name;
	const char *description;
	const char *routes;
	const char *htdocs;
	bool private_ca;
	bool hsts;
	const char *sign_cert;
	const char *sign_key;
	const char *sign_chain;
	const char *sign_passphrase;
	const char *ca;
	const char *track;
	struct mc_list device_ca;
	struct mc_list attribute;
	const char *enrolled_ca;
	unsigned min_digest;
	const char *template;
	unsigned cipher;
	const char *subject;
	const char *scep_url;
	const char *scep_profile;
	const char *scep_name;
	const char *scep_challenge;
	unsigned key_size;
	const char *allowed_udids;
	unsigned returning;
	int64_t token_lifetime;
	int64_t challenge_lifetime;
	const char *decide;
	const char *checkpassword;
	int64_t stage_timeout;
	unsigned log;
};

struct mc_site {
	struct mc_settings set;
	struct mc_buf text;  /* owns the settings' strings */
	struct mc_buf words; /* owns the settings made of others */
	const char *prefix;  /* the path in url: "" for a site at the root */
	char (*number)[MC_SITE_NUMBER]; /* one a setting, as text */
	struct mc_routes routes;
	struct mc_chain *chains; /* one a route; empty for a page */
	struct mc_chain guard;   /* who signed: before device and enrolled */
	struct mc_chain login;   /* the words of checkpassword; may be empty */
};

void mc_site_clear(struct mc_site *s);

/*
 * Load site.conf and the routes file it names.  Goes to the folder that holds
 * site.conf, so that every relative path in it, also in chains, begins there.
 */
MC_NODISCARD bool
mc_site_load(const char *path, struct mc_site *out, struct mc_err *e);

/* The settings go together; where they do, s->prefix is set. */
MC_NODISCARD bool mc_site_check(struct mc_site *s, struct mc_err *e);

/* Value number i of a setting as text; NULL past the last: for chains. */
const char *mc_site_get(const void *site, const char *name, size_t i);

/* "page NAME": NAME; NULL for a chain of stages. */
const char *mc_site_page(const struct mc_route *route);

bool mc_site_syslog(const struct mc_site *s);

#endif

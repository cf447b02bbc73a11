/* SPDX-License-Identifier: ISC */
/* Challenges: made, minted, looked at, taken back. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/secret.h"
#include "ca/challenge.h"
#include "ca/policy.h"
#include "crypto/name.h"
#include "crypto/names.h"
#include "scep_ca/common.h"
#include "store/request.h"

#define PURGE_AFTER (MC_DAY * 30)
#define PREFIX_MIN 12

static bool
spec_check(const struct ca_args *a, struct mc_err *e)
{
	if (a->subject && a->any_subject)
		return mc_fail(
		    e, MC_USAGE, "--subject and --any-subject: give one");
	if (!a->subject && !a->any_subject)
		return mc_fail(e, MC_USAGE,
		    "one of --subject and --any-subject is required");
	if (a->profile && a->any_profile)
		return mc_fail(e, MC_USAGE,
		    "--profile and --any-profile: one or the other");
	if (a->profile && strcmp(a->profile, MC_CHALLENGE_ANY) == 0)
		return mc_fail(e, MC_USAGE,
		    "--profile: for every profile say --any-profile");
	return mc_ca_admin_names_check(a, e);
}

/* 0: as often as it is by default. */
static bool
uses_parse(const char *text, unsigned *out, struct mc_err *e)
{
	char *end = NULL;
	unsigned long n;

	*out = 0;
	if (!text)
		return true;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *text < '0' || *text > '9' || *end || n > UINT_MAX)
		return mc_fail(e, MC_USAGE, "--uses: not a number: %s", text);
	if (n == 0)
		return mc_fail(e, MC_USAGE,
		    "--uses: want 1 or more: a challenge for no certificate "
		    "is good for nothing");
	*out = (unsigned)n;
	return true;
}

static struct mc_challenge_spec
spec_new(const struct ca_args *a, unsigned uses)
{
	return (struct mc_challenge_spec){ .subject = a->subject,
		.names = a->names,
		.owner = a->owner,
		.user = a->user,
		.profile = a->any_profile ? MC_CHALLENGE_ANY : a->profile,
		.ttl = a->ttl,
		.uses = uses };
}

/* No certificate would come of names that the profile does not issue. */
static bool
names_check(
    const struct mc_ca_profile *p, const struct ca_args *a, struct mc_err *e)
{
	AUTO(X509_NAME) *name = NULL;

	if (a->subject && p->subject_match && p->subject != MC_SUBJECT_NONE) {
		if (!mc_name_parse(a->subject, &name, e))
			return mc_note(e, "--subject");
		if (!mc_policy_subject_match(name, p->subject_match))
			return mc_fail(e, MC_USAGE,
			    "--subject: does not match subject-match = %s of "
			    "profile %s",
			    p->subject_match, p->name);
	}
	if (!a->names || !p->names_match || p->names == MC_FROM_NOWHERE ||
	    mc_names_match(a->names, p->names_match, e))
		return true;
	return mc_fail(e, MC_USAGE,
	    "--names: do not match names-match = %s of profile %s",
	    p->names_match, p->name);
}

/* One that its profile takes; without --profile that is "default". */
static bool
profile_check(const struct mc_ca_conf *conf, const struct ca_args *a,
    unsigned want, struct mc_err *e)
{
	const struct mc_ca_profile *profile;

	if (a->any_profile)
		return true;
	if (!mc_ca_admin_profile(conf, a->profile, &profile, e))
		return false;
	if (!(profile->accept & want))
		return mc_fail(e, MC_USAGE,
		    "--profile: %s does not take such challenges: its "
		    "\"accept\" says so",
		    profile->name);
	return names_check(profile, a, e);
}

bool
mc_ca_admin_challenge_new(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct mc_challenge_spec spec;
	AUTO(mc_ca) *ca = NULL;
	unsigned uses;

	if (!spec_check(a, e) || !uses_parse(a->uses, &uses, e) ||
	    !mc_ca_load(a->dir, MC_CA_STORE, &ca, e) ||
	    !profile_check(ca->conf, a, MC_ACCEPT_CHALLENGE, e))
		return false;
	spec = spec_new(a, uses);
	if (a->envelope)
		spec.ra = ca->ra[0].cert;
	io->secret = true;
	return mc_challenge_new(ca->store, &spec, io->out, e) &&
	    mc_buf_puts(io->out, "\n", e);
}

/* The secret that is given, or the one of the profile. */
static bool
mint_secret(const struct ca_args *a, const struct mc_facts *facts,
    struct mc_buf *secret, struct mc_err *e)
{
	const struct mc_ca_profile *profile;
	AUTO(mc_ca_conf) *conf = NULL;

	if (a->secret)
		return mc_secret_load(a->secret, facts, secret, e) ||
		    mc_note(e, "--secret");
	if (!mc_ca_conf_load(a->dir, &conf, e) ||
	    !mc_ca_admin_profile(conf, a->profile, &profile, e))
		return false;
	if (!profile->hmac_secret)
		return mc_fail(e, MC_USAGE,
		    "--secret is required: profile %s of ca.conf has no "
		    "hmac-secret",
		    profile->name);
	return ((a->any_profile || names_check(profile, a, e)) &&
		   mc_secret_load(profile->hmac_secret, facts, secret, e)) ||
	    mc_note(e, "%s/ca.conf: profile %s", a->dir, profile->name);
}

bool
mc_ca_admin_challenge_mint(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct mc_challenge_spec spec;
	AUTO_BUF secret = MC_BUF_INIT;
	unsigned uses;

	if (!spec_check(a, e) || !uses_parse(a->uses, &uses, e) ||
	    !mint_secret(a, io->facts, &secret, e))
		return false;
	spec = spec_new(a, uses);
	io->secret = true;
	return mc_challenge_mint(&secret, &spec, io->out, e) &&
	    mc_buf_puts(io->out, "\n", e);
}

bool
mc_ca_admin_challenge_list(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const struct mc_report_view view = mc_ca_admin_view(io);
	AUTO(mc_store) *store = NULL;

	io->out->limit = MC_CA_LARGE;
	if (!mc_ca_store_open(a->dir, &store, e))
		return false;
	return a->format == TABLE_JSON
	    ? mc_ca_report_challenges_json(
		  store, a->limit, view.now, io->out, e)
	    : mc_ca_report_challenges(store, a->limit, &view, io->out, e);
}

bool
mc_ca_admin_challenge_revoke(
    const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const char *hash = a->challenge;
	AUTO(mc_store) *store = NULL;
	unsigned n;

	if (!!hash + !!a->user + !!a->owner != 1)
		return mc_fail(e, MC_USAGE,
		    "one of SHA-256, --user and --owner is required");
	if (hash &&
	    (strlen(hash) < PREFIX_MIN ||
		hash[strspn(hash, "0123456789abcdef")]))
		return mc_fail(e, MC_USAGE,
		    "want %d hexadecimal digits or more, as challenge list "
		    "shows them",
		    PREFIX_MIN);
	if (!mc_ca_store_open(a->dir, &store, e) || !mc_store_begin(store, e) ||
	    !mc_store_challenge_revoke(
		store, hash, a->user, a->owner, mc_time_now(), &n, e))
		return false;
	if (n == 0)
		return mc_fail(e, MC_DENIED, "no open challenge is that one");
	return mc_store_commit(store, e) &&
	    mc_buf_printf(
		io->out, e, "%u challenge%s revoked\n", n, mc_ca_admin_s(n));
}

bool
mc_ca_admin_challenge_purge(
    const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const int64_t before = mc_time_now() -
	    (a->lifetime ? a->lifetime : PURGE_AFTER);
	AUTO(mc_store) *store = NULL;
	unsigned n, waited;

	/* a challenge stays for as long as the request that has used it */
	return mc_ca_store_open(a->dir, &store, e) &&
	    mc_store_begin(store, e) &&
	    mc_store_request_purge(store, before, 0, &waited, e) &&
	    mc_store_challenge_purge(store, before, &n, e) &&
	    mc_store_commit(store, e) &&
	    mc_buf_printf(io->out, e,
		"%u challenge%s deleted\n%u request%s deleted\n", n,
		mc_ca_admin_s(n), waited, mc_ca_admin_s(waited));
}

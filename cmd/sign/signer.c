/* SPDX-License-Identifier: ISC */
#include "sign/signer.h"

#include "base/ask.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/complete.h"
#include "crypto/keyref.h"
#include "crypto/pem.h"

/* People are told, unasked, so many days before a certificate ends. */
#define SOON 30

void
mc_signer_clear(struct mc_signer *s)
{
	mc_identity_clear(&s->id);
	mc_certs_free(s->bag);
}

static bool
say(const struct mc_io *io, const struct mc_buf *words)
{
	if (io->say)
		io->say(mc_buf_str(words));
	return true;
}

/* The option that failed: behind a certificate that is there, the key's. */
static const char *
option(const struct mc_sign_args *a, const struct mc_identity *id)
{
	return a->p12 ? "--p12" : a->key && id->cert ? "--key" : "--cert";
}

static const char *
file(const struct mc_sign_args *a)
{
	return a->p12 ? a->p12 : a->cert;
}

static bool
identity_load(struct mc_signer *s, const struct mc_sign_args *a,
    const struct mc_facts *facts, struct mc_err *e)
{
	AUTO_BUF passphrase = MC_BUF_INIT;
	bool given = a->passphrase || a->ask;
	const struct mc_identity_spec spec = {
		.p12 = a->p12,
		.cert = a->cert,
		.key = a->key,
		.passphrase = given ? &passphrase : NULL,
	};

	if (a->passphrase &&
	    !mc_secret_load(a->passphrase, facts, &passphrase, e))
		return mc_note(e, "--passphrase");
	if (a->ask && !mc_ask_read("Passphrase: ", &passphrase, e))
		return mc_note(e, "--ask");
	s->no_forking = a->key && mc_keyref_is_stored(a->key);
	return mc_identity_load(&spec, &s->id, e) ||
	    mc_note(e, "%s", option(a, &s->id));
}

/* What completes the chain: what came with the identity, and --chain. */
static bool
helpers_load(
    const struct mc_signer *s, const struct mc_list *from, struct mc_err *e)
{
	for (size_t i = 0; i < from->n; i++)
		if (!mc_pem_certs_load(from->v[i], s->id.chain, e))
			return mc_note(e, "--chain");
	return true;
}

static const char *
way_out(unsigned fault)
{
	switch (fault) {
	case MC_PASS_INCOMPLETE:
		return " (--chain FILE may complete it; "
		       "--allow-incomplete-chain signs all the same)";
	case MC_PASS_DATES:
		return " (--allow-expired signs all the same)";
	case MC_PASS_USAGE:
		return " (--allow-any-usage signs all the same)";
	case MC_PASS_WEAK:
		return " (--allow-weak signs all the same)";
	default:
		return "";
	}
}

static bool
complete(const struct mc_signer *s, const struct mc_sign_args *a,
    struct mc_completed *c, struct mc_err *e)
{
	struct mc_complete_spec spec = {
		.certs = s->id.chain,
		.at = s->at ? s->at : mc_time_now(),
		.pass = (a->allow_expired ? MC_PASS_DATES : 0) |
		    (a->allow_any_usage ? MC_PASS_USAGE : 0) |
		    (a->allow_weak ? MC_PASS_WEAK : 0),
	};
	struct mc_err why = MC_ERR_INIT;
	unsigned fault = 0;

	/* the system's store takes longer to read than all else together */
	if (mc_complete_find(s->id.cert, &spec, c, &fault, &why))
		return true;
	spec.system = !a->no_system_store;
	spec.pass |= a->allow_incomplete ? MC_PASS_INCOMPLETE : 0;
	if (mc_complete_find(s->id.cert, &spec, c, &fault, &why))
		return true;
	return mc_fail(e, why.code, "%s: %s: %s%s", a->p12 ? "--p12" : "--cert",
	    file(a), why.text, way_out(fault));
}

/* How long it will do: a failure where that is asked for, else a word. */
static bool
days_check(const struct mc_signer *s, const struct mc_sign_args *a,
    const struct mc_completed *c, const struct mc_io *io, struct mc_err *e)
{
	int64_t now = mc_time_now();
	int64_t days = (c->not_after - now) / MC_DAY;
	char when[MC_TIME_TEXT];
	AUTO_BUF words = MC_BUF_INIT;

	mc_time_format(c->not_after, when);
	if (a->min_days && c->not_after < now + a->min_days * MC_DAY)
		return mc_fail(e, MC_OUTOFDATE,
		    "%s: %s: \"%s\": expires at %s, in less than %u days "
		    "(--min-days)",
		    a->p12 ? "--p12" : "--cert", file(a), c->first, when,
		    a->min_days);
	if (c->not_after >= now + SOON * MC_DAY)
		return true;
	if (c->not_after < now)
		return mc_buf_printf(&words, e,
			   "warning: \"%s\" expired at %s%s", c->first, when,
			   s->at && s->at < c->not_after
			       ? "; it is signed as of an earlier time"
			       : "") &&
		    say(io, &words);
	return mc_buf_printf(&words, e,
		   "warning: \"%s\" expires at %s, in %lld day%s", c->first,
		   when, (long long)days, days == 1 ? "" : "s") &&
	    say(io, &words);
}

/* The root is left out: who does not have it does not trust it either. */
static bool
bag_fill(struct mc_signer *s, const struct mc_completed *c, bool with_root,
    struct mc_err *e)
{
	int n = sk_X509_num(c->chain) - (c->root && !with_root ? 1 : 0);

	s->bag = sk_X509_new_null();
	if (!s->bag)
		return mc_fail_memory(e);
	for (int i = 0; i < n; i++)
		if (!mc_certs_add(s->bag, sk_X509_value(c->chain, i), e))
			return false;
	return true;
}

static bool
time_load(struct mc_signer *s, const struct mc_sign_args *a, struct mc_err *e)
{
	if (a->time)
		return mc_time_at_parse(a->time, &s->at) ||
		    mc_fail(e, MC_USAGE,
			"--time: want a day or a second in UTC, 2027-01-01 or "
			"2027-01-01T12:00:00Z, or @SECONDS");
	return mc_time_source_get(&s->at) ||
	    mc_fail(e, MC_USAGE,
		"SOURCE_DATE_EPOCH: want seconds since 1970, digits alone");
}

bool
mc_signer_load(struct mc_signer *s, const struct mc_sign_args *args,
    const struct mc_io *io, struct mc_err *e)
{
	AUTO_COMPLETED c = { 0 };

	if (!time_load(s, args, e) || !identity_load(s, args, io->facts, e) ||
	    !helpers_load(s, &args->chain, e) || !complete(s, args, &c, e) ||
	    !days_check(s, args, &c, io, e))
		return false;
	if (sk_X509_num(c.chain) == 0 && c.root && io->say)
		io->say("warning: the signer is self-signed: devices show such "
			"a profile as not verified");
	return bag_fill(s, &c, args->with_root, e);
}

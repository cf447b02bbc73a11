/* SPDX-License-Identifier: ISC */
#include "sign/work.h"
#include "stages.h"

static const struct mc_opt sign_opts[] = {
	MC_STR(struct mc_sign_args, p12, 0, "p12", "FILE",
	    "certificate, key and chain to sign with, PKCS #12", false),
	MC_STR(struct mc_sign_args, cert, 'c', "cert", "FILE",
	    "certificate to sign with, PEM or DER", false),
	MC_STR(struct mc_sign_args, key, 'k', "key", "FILE|URI",
	    "its private key, if not in --cert's file", false),
	MC_STR(struct mc_sign_args, passphrase, 0, "passphrase", "SECRET",
	    "of the key: file:PATH, fd:N or env:NAME", false),
	MC_FLAG(struct mc_sign_args, ask, 0, "ask",
	    "ask for the passphrase, on the terminal"),
	MC_LIST(struct mc_sign_args, chain, 0, "chain", "FILE",
	    "certificates to complete the chain with", false),
	MC_FLAG(struct mc_sign_args, no_system_store, 0, "no-system-store",
	    "do not look for them in the system's store"),
	MC_FLAG(struct mc_sign_args, with_root, 0, "with-root",
	    "put the root into the message, too"),
	MC_FLAG(struct mc_sign_args, allow_incomplete, 0,
	    "allow-incomplete-chain", "sign without the whole chain"),
	MC_FLAG(struct mc_sign_args, allow_expired, 0, "allow-expired",
	    "sign with certificates that are out of date"),
	MC_FLAG(struct mc_sign_args, allow_any_usage, 0, "allow-any-usage",
	    "sign with certificates that are for other uses"),
	MC_FLAG(struct mc_sign_args, allow_weak, 0, "allow-weak",
	    "sign with keys that are too short, chains over SHA-1"),
	MC_UINT(struct mc_sign_args, min_days, 0, "min-days", "N",
	    "fail where a certificate ends in less than so many days"),
	MC_CHOICE(struct mc_sign_args, digest, 0, "digest",
	    "auto|sha256|sha384|sha512",
	    "what to sign over; auto: sha256, for P-384 sha384"),
	MC_STR(struct mc_sign_args, time, 0, "time", "TIME",
	    "signing time, not the clock's or SOURCE_DATE_EPOCH", false),
	MC_FLAG(struct mc_sign_args, resign, 0, "resign",
	    "take a signature off first, if there is one"),
	MC_STR(struct mc_sign_args, replaces, 0, "replaces", "OLD",
	    "refuse what devices would not take as an update of OLD", false),
	MC_FLAG(struct mc_sign_args, detach, 0, "detach",
	    "write the signature alone"),
	MC_STR(struct mc_sign_args, attach, 0, "attach", "SIGNATURE",
	    "join FILE and this signature of it; no key is needed", false),
	MC_STR(struct mc_sign_args, out_dir, 'd', "out-dir", "DIR",
	    "write each FILE there, under its own name", false),
	MC_FLAG(struct mc_sign_args, in_place, 'i', "in-place",
	    "write each FILE over itself"),
	MC_UINT(struct mc_sign_args, jobs, 'j', "jobs", "N",
	    "so many files at once; default: as many as processors"),
	MC_WORDS(struct mc_sign_args, files, "file", "FILE",
	    "profiles, and folders of them; - or none is standard input",
	    false),
	MC_OPT_END,
};

static bool
check_identity(const struct mc_sign_args *a, struct mc_err *e)
{
	if (a->attach)
		return (!a->p12 && !a->cert && !a->key && !a->passphrase &&
			   !a->ask) ||
		    mc_fail(e, MC_USAGE, "--attach needs no key");
	if (a->p12 && (a->cert || a->key))
		return mc_fail(
		    e, MC_USAGE, "--p12, or --cert and --key: not both");
	if (!a->p12 && !a->cert)
		return mc_fail(
		    e, MC_USAGE, "who signs? --p12 FILE, or --cert and --key");
	return !a->passphrase || !a->ask ||
	    mc_fail(e, MC_USAGE, "--passphrase, or --ask: not both");
}

/* An option is there that is of use only where something is signed. */
static bool
signs(const struct mc_sign_args *a)
{
	return a->detach || a->resign || a->replaces || a->time || a->chain.n ||
	    a->no_system_store || a->with_root || a->allow_incomplete ||
	    a->allow_expired || a->allow_any_usage || a->allow_weak ||
	    a->min_days || a->digest;
}

static bool
check_args(
    const struct mc_sign_args *a, const struct mc_io *io, struct mc_err *e)
{
	if (!check_identity(a, e))
		return false;
	if (a->attach && signs(a))
		return mc_fail(e, MC_USAGE,
		    "--attach signs nothing: of the other options only "
		    "--output, --out-dir and --in-place are for it");
	if (a->detach && a->replaces)
		return mc_fail(e, MC_USAGE,
		    "--detach, or --replaces: a signature alone replaces "
		    "nothing");
	if (a->out_dir && a->in_place)
		return mc_fail(
		    e, MC_USAGE, "--out-dir, or --in-place: not both");
	return !io->named || !(a->out_dir || a->in_place) ||
	    mc_fail(e, MC_USAGE,
		"--output is for one file; --out-dir and --in-place say "
		"where theirs go");
}

/* Who signs where no option says so: a pipeline sets it once for all steps. */
static void
identity_default(struct mc_sign_args *a, const struct mc_facts *facts)
{
	const char *chain = mc_facts_get(facts, "SIGN_CHAIN");

	if (a->p12 || a->cert || a->key || a->attach)
		return;
	a->p12 = mc_facts_get(facts, "SIGN_P12");
	if (!a->p12) {
		a->cert = mc_facts_get(facts, "SIGN_CERT");
		a->key = mc_facts_get(facts, "SIGN_KEY");
	}
	if (!a->passphrase && !a->ask)
		a->passphrase = mc_facts_get(facts, "SIGN_PASSPHRASE");
	if (chain && a->chain.n < MC_LIST_MAX)
		a->chain.v[a->chain.n++] = chain;
}

static bool
sign_run(const void *opts, struct mc_io *io, struct mc_err *e)
{
	struct mc_sign_args args = *(const struct mc_sign_args *)opts;
	AUTO_SIGN_WORK w = { 0 };

	identity_default(&args, io->facts);
	return check_args(&args, io, e) &&
	    mc_sign_work_init(&w, &args, io, e) && mc_sign_work_run(&w, io, e);
}

static const struct mc_verb sign_verbs[] = {
	{ .opts = sign_opts, .input = MC_INPUT_LATER, .run = sign_run },
	{ 0 },
};

const struct mc_stage mc_stage_sign = {
	.name = "mcprofile-sign",
	.summary = "sign a configuration profile",
	.verbs = sign_verbs,
	.args_size = sizeof(struct mc_sign_args),
};

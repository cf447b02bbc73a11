/* SPDX-License-Identifier: ISC */
#include "stages.h"

#include "encrypt/work.h"

static const struct mc_opt encrypt_opts[] = {
	MC_LIST(struct mc_encrypt_args, to, 't', "to", "FILE|DIR",
	    "certificates of devices, or env:NAME for base64 DER", false),
	MC_LIST(struct mc_encrypt_args, to_signer_of, 0, "to-signer-of", "FILE",
	    "to the device that sent this signed answer, once it is verified",
	    false),
	MC_LIST(struct mc_encrypt_args, device_ca, 0, "device-ca", "DIR",
	    "anchors of devices as made: a folder with pins", false),
	MC_LIST(struct mc_encrypt_args, enrolled_ca, 0, "enrolled-ca", "PATH",
	    "anchors of enrolled devices: scep-ca's folder, or a file", false),
	MC_CHOICE(struct mc_encrypt_args, cipher, 0, "cipher",
	    "aes256|aes128|des3", "content encryption, in CBC mode"),
	MC_FLAG(struct mc_encrypt_args, allow_expired, 0, "allow-expired",
	    "to certificates that are out of date, too"),
	MC_FLAG(struct mc_encrypt_args, no_lint, 0, "no-lint",
	    "write what a device would refuse, too"),
	MC_FLAG(struct mc_encrypt_args, decrypt, 'd', "decrypt",
	    "the reverse, with --p12, or --cert and --key"),
	MC_STR(struct mc_encrypt_args, p12, 0, "p12", "FILE",
	    "with -d: the device's certificate and key, PKCS #12", false),
	MC_STR(struct mc_encrypt_args, cert, 'c', "cert", "FILE",
	    "with -d: the device's certificate, PEM or DER", false),
	MC_STR(struct mc_encrypt_args, key, 'k', "key", "FILE|URI",
	    "with -d: its private key, if not in --cert's file", false),
	MC_STR(struct mc_encrypt_args, passphrase, 0, "passphrase", "SECRET",
	    "of the key: file:PATH, fd:N or env:NAME", false),
	MC_STR(struct mc_encrypt_args, all, 0, "all", "DIR",
	    "with -d: tell which files of a folder this key opens", false),
	MC_STR(struct mc_encrypt_args, out_dir, 0, "out-dir", "DIR",
	    "write each FILE there, under its own name", false),
	MC_FLAG(struct mc_encrypt_args, in_place, 'i', "in-place",
	    "write each FILE over itself"),
	MC_UINT(struct mc_encrypt_args, jobs, 'j', "jobs", "N",
	    "so many files at once; default: as many as processors"),
	MC_WORDS(struct mc_encrypt_args, files, "file", "FILE",
	    "profiles, and folders of them; - or none is standard input",
	    false),
	MC_OPT_END,
};

static bool
check_encrypt(const struct mc_encrypt_args *a, struct mc_err *e)
{
	if (a->p12 || a->cert || a->key || a->passphrase || a->all)
		return mc_fail(e, MC_USAGE,
		    "--p12, --cert, --key, --passphrase and --all are for "
		    "--decrypt");
	if (!a->to.n && !a->to_signer_of.n)
		return mc_fail(
		    e, MC_USAGE, "to whom? --to FILE, or --to-signer-of FILE");
	if (a->to_signer_of.n && !a->device_ca.n && !a->enrolled_ca.n)
		return mc_fail(e, MC_USAGE,
		    "--to-signer-of: whom to trust? --device-ca DIR or "
		    "--enrolled-ca PATH");
	return a->to_signer_of.n || (!a->device_ca.n && !a->enrolled_ca.n) ||
	    mc_fail(e, MC_USAGE,
		"--device-ca and --enrolled-ca are for --to-signer-of");
}

static bool
check_decrypt(const struct mc_encrypt_args *a, struct mc_err *e)
{
	if (a->to.n || a->to_signer_of.n || a->device_ca.n || a->enrolled_ca.n)
		return mc_fail(e, MC_USAGE,
		    "--to, --to-signer-of, --device-ca and --enrolled-ca are "
		    "not for --decrypt");
	if (a->allow_expired || a->no_lint || a->cipher)
		return mc_fail(e, MC_USAGE,
		    "--cipher, --allow-expired and --no-lint are not for "
		    "--decrypt");
	if (!a->p12 == !a->cert || (a->p12 && a->key))
		return mc_fail(
		    e, MC_USAGE, "--decrypt needs --p12, or --cert and --key");
	if (a->in_place)
		return mc_fail(e, MC_USAGE,
		    "--in-place is not for --decrypt: whoever may read an "
		    "encrypted file could read what was in it; --out-dir DIR");
	return !a->all || !a->files.n ||
	    mc_fail(e, MC_USAGE, "--all DIR, or FILE: not both");
}

static bool
check_args(
    const struct mc_encrypt_args *a, const struct mc_io *io, struct mc_err *e)
{
	if (a->decrypt ? !check_decrypt(a, e) : !check_encrypt(a, e))
		return false;
	if (a->out_dir && a->in_place)
		return mc_fail(
		    e, MC_USAGE, "--out-dir, or --in-place: not both");
	return !io->named || !(a->out_dir || a->in_place) || a->all ||
	    mc_fail(e, MC_USAGE,
		"--output is for one file; --out-dir and --in-place say "
		"where theirs go");
}

static bool
encrypt_run(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct mc_encrypt_args *a = args;
	AUTO_WORK w = { 0 };

	io->secret = a->decrypt && !a->all;
	if (!check_args(a, io, e) || !mc_work_init(&w, a, io, e))
		return false;
	return a->all ? mc_search_all(&w, e) : mc_work_run(&w, e);
}

static const struct mc_verb encrypt_verbs[] = {
	{ .opts = encrypt_opts, .input = MC_INPUT_LATER, .run = encrypt_run },
	{ 0 },
};

const struct mc_stage mc_stage_encrypt = {
	.name = "mcprofile-encrypt",
	.summary = "encrypt a profile's payloads to devices",
	.verbs = encrypt_verbs,
	.args_size = sizeof(struct mc_encrypt_args),
};

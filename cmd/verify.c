/* SPDX-License-Identifier: ISC */
#include "stages.h"

#include "base/fd.h"
#include "verify/job.h"

static const struct mc_opt verify_opts[] = {
	MC_LIST(struct mc_verify_args, ca, 0, "ca", "FILE",
	    "anchors for files: certificates, PEM or DER", false),
	MC_FLAG(struct mc_verify_args, system, 0, "system",
	    "the system's anchors, as where no others are named"),
	MC_LIST(struct mc_verify_args, chain, 0, "chain", "FILE",
	    "certificates that the message may lack", false),
	MC_LIST(struct mc_verify_args, device_ca, 0, "device-ca", "DIR",
	    "anchors of devices as made: a folder with pins", false),
	MC_LIST(struct mc_verify_args, enrolled_ca, 0, "enrolled-ca", "PATH",
	    "anchors of enrolled devices: scep-ca's folder, or a file", false),
	MC_LIST(struct mc_verify_args, crl, 0, "crl", "PATH",
	    "revocation lists: a file, or a folder", false),
	MC_LIST(struct mc_verify_args, ocsp, 0, "ocsp", "FILE",
	    "an OCSP response, DER or base64", false),
	MC_FLAG(struct mc_verify_args, crl_check_all, 0, "crl-check-all",
	    "the whole chain's status must be known, not only the signer's"),
	MC_STR(struct mc_verify_args, at, 0, "at", "TIME",
	    "judge dates at this time: 2027-01-01, 2027-01-01T12:00:00Z",
	    false),
	MC_LIST(struct mc_verify_args, signer_is, 0, "signer-is", "SHA256",
	    "demand this signer, sha256:HEX, or key, key-sha256:HEX", false),
	MC_UINT(struct mc_verify_args, min_days, 0, "min-days", "N",
	    "demand that signer and chain are valid for N days more"),
	MC_STR(struct mc_verify_args, identifier, 0, "identifier", "ID",
	    "demand this PayloadIdentifier", false),
	MC_STR(struct mc_verify_args, require_eku, 0, "require-eku", "EKU",
	    "trust signers only that are for this: an OID, or codeSigning",
	    false),
	MC_CHOICE(struct mc_verify_args, min_digest, 0, "min-digest",
	    "sha256|sha1|sha384|sha512",
	    "the weakest digest to accept, but from devices as made"),
	MC_STR(struct mc_verify_args, signature, 0, "signature", "SIG",
	    "a detached signature; FILE is what was signed", false),
	MC_CHOICE(struct mc_verify_args, format, 'f', "format", "text|json|tap",
	    "how to report"),
	MC_FLAG(struct mc_verify_args, verbose, 'v', "verbose",
	    "of several files, too, a whole report each"),
	MC_UINT(struct mc_verify_args, jobs, 'j', "jobs", "N",
	    "files at a time; 0: as many as there are processors"),
	MC_FLAG(struct mc_verify_args, extract, 0, "extract",
	    "write the content instead of a report"),
	MC_FLAG(struct mc_verify_args, print, 0, "print",
	    "write the content as text to read and compare"),
	MC_FLAG(struct mc_verify_args, unverified, 0, "unverified",
	    "with these two: whatever the verdict is"),
	MC_WORDS(struct mc_verify_args, files, "file", "FILE",
	    "messages, and folders of *.mobileconfig; - or none is standard "
	    "input",
	    false),
	MC_OPT_END,
};

static bool
verify_run(const void *opts, struct mc_io *io, struct mc_err *e)
{
	const struct mc_verify_args *args = opts;
	AUTO_FILES files = { 0 };
	AUTO_VERIFY_JOB j = { 0 };

	if (!mc_verify_args_check(args, e))
		return false;
	for (size_t i = 0; i < args->files.n; i++)
		if (!mc_files_add(&files, args->files.v[i], e))
			return false;
	if (files.n == 0 && !mc_files_add(&files, "-", e))
		return false;
	return mc_verify_job_init(&j, args, &files, io, e) &&
	    (files.n == 1 ? mc_verify_one(&j, e) : mc_verify_many(&j, e));
}

static const struct mc_verb verify_verbs[] = {
	{ .opts = verify_opts, .input = MC_INPUT_LATER, .run = verify_run },
	{ 0 },
};

const struct mc_stage mc_stage_verify = {
	.name = "mcprofile-verify",
	.summary = "verify signed profiles, or what a device sent",
	.verbs = verify_verbs,
	.args_size = sizeof(struct mc_verify_args),
};

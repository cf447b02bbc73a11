/* SPDX-License-Identifier: ISC */
#include "encrypt/work.h"

#include <sys/stat.h>

#include "base/fd.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/key.h"
#include "crypto/keyref.h"
#include "encrypt/recipients.h"
#include "lint/lint.h"
#include "profile/sealed.h"
#include "stage/convert.h"

void
mc_work_clear(struct mc_encrypt_work *w)
{
	mc_certs_free(w->to);
	mc_identity_clear(&w->id);
	mc_files_clear(&w->from);
	mc_files_clear(&w->into);
}

static bool
identity_load(struct mc_encrypt_work *w, struct mc_err *e)
{
	const struct mc_encrypt_args *a = w->args;
	AUTO_BUF passphrase = MC_BUF_INIT;
	const struct mc_identity_spec spec = {
		.p12 = a->p12,
		.cert = a->cert,
		.key = a->key,
		.passphrase = a->passphrase ? &passphrase : NULL,
	};

	if (a->passphrase &&
	    !mc_secret_load(a->passphrase, w->io->facts, &passphrase, e))
		return mc_note(e, "--passphrase");
	if (!mc_identity_load(&spec, &w->id, e))
		return mc_note(e, "%s",
		    a->p12                     ? "--p12"
			: a->key && w->id.cert ? "--key"
					       : "--cert");
	return mc_key_encrypts(w->id.key) ||
	    mc_fail(e, MC_USAGE,
		"%s: its key is not RSA: nothing can be encrypted to it",
		a->p12 ? a->p12 : a->cert);
}

static bool
files_load(struct mc_encrypt_work *w, struct mc_err *e)
{
	const struct mc_encrypt_args *a = w->args;
	struct stat st;

	if (a->all && stat(a->all, &st) == -1)
		return mc_fail_errno(e, MC_NOINPUT, "--all: %s", a->all);
	if (a->all ? !mc_files_add_all(&w->from, a->all, e)
		   : !mc_files_load(&w->from, &a->files, e))
		return a->all && mc_note(e, "--all");
	if (a->out_dir || a->in_place)
		return mc_files_place(&w->from, a->out_dir, NULL, &w->into, e);
	return a->all || w->from.n == 1 ||
	    mc_fail(e, MC_USAGE,
		"%zu files: --out-dir DIR%s says where they go", w->from.n,
		a->decrypt ? "" : " or --in-place");
}

bool
mc_work_init(struct mc_encrypt_work *w, const struct mc_encrypt_args *args,
    struct mc_io *io, struct mc_err *e)
{
	w->args = args;
	w->io = io;
	w->mode = mc_file_mode(args->decrypt);
	w->to = sk_X509_new_null();
	if (!w->to)
		return mc_fail_memory(e);
	return (args->decrypt
		       ? identity_load(w, e)
		       : mc_recipients_load(args, io->facts, w->to, e)) &&
	    files_load(w, e);
}

unsigned
mc_work_jobs(const struct mc_encrypt_work *w)
{
	return w->args->key && mc_keyref_is_stored(w->args->key)
	    ? 1
	    : w->args->jobs;
}

/* What a device would refuse is not worth being sent. */
static bool
lint(const struct mc_buf *profile, struct mc_err *e)
{
	const struct mc_lint_options options = {
		.schema = mc_schema_builtin(),
		.now = mc_time_now(),
		.no_suppress = true,
	};
	AUTO_FINDINGS found = { 0 };

	if (!mc_lint_check(&options, profile, &found, e))
		return false;
	for (size_t i = 0; i < found.n; i++) {
		const struct mc_finding *f = &found.v[i];

		if (f->severity == MC_ERROR)
			return mc_fail(e, MC_DENIED,
			    "a device would refuse it: %s%s%s [MC%u] "
			    "(--no-lint writes it all the same)",
			    f->path, *f->path ? ": " : "", f->message,
			    f->code->number);
	}
	return true;
}

static bool
one(const void *ctx, const struct mc_buf *in, struct mc_buf *out,
    struct mc_err *e)
{
	/* as --cipher numbers them */
	static const enum mc_cipher ciphers[] = { MC_AES256_CBC, MC_AES128_CBC,
		MC_DES3_CBC };
	const struct mc_encrypt_work *w = ctx;

	if (w->args->decrypt)
		return mc_profile_open(in, w->id.cert, w->id.key, out, e);
	return mc_profile_seal(in, w->to, ciphers[w->args->cipher], out, e) &&
	    (w->args->no_lint || lint(out, e));
}

bool
mc_work_run(const struct mc_encrypt_work *w, struct mc_err *e)
{
	const struct mc_convert convert = {
		.what = w->args->decrypt ? "decrypt" : "encrypt",
		.done = w->args->decrypt ? "decrypted" : "encrypted",
		.jobs = mc_work_jobs(w),
		.limit = w->args->decrypt ? MC_SIGNED_LIMIT : MC_PROFILE_LIMIT,
		.secret = w->args->decrypt,
		.from = &w->from,
		.into = &w->into,
		.one = one,
		.ctx = w,
	};

	return mc_convert_run(&convert, w->io, e);
}

/* SPDX-License-Identifier: ISC */
#include "sign/work.h"

#include "base/fd.h"
#include "crypto/cms.h"
#include "sign/input.h"
#include "stage/convert.h"

/* What takes the place of ".mobileconfig" where there are many. */
#define DETACHED ".sig"

/* As --digest numbers them; the first is the key's own choice. */
static const char *const digests[] = { NULL, "SHA256", "SHA384", "SHA512" };

void
mc_sign_work_clear(struct mc_sign_work *w)
{
	mc_signer_clear(&w->signer);
	mc_buf_clear(&w->old);
	mc_buf_clear(&w->signature);
	mc_files_clear(&w->from);
	mc_files_clear(&w->into);
}

static bool
files_load(struct mc_sign_work *w, struct mc_err *e)
{
	const struct mc_sign_args *a = w->args;

	if (!mc_files_load(&w->from, &a->files, e))
		return false;
	if (w->from.n > 1 && (a->attach || a->replaces))
		return mc_fail(e, MC_USAGE, "--%s is for one file, not %zu",
		    a->attach ? "attach" : "replaces", w->from.n);
	if (a->out_dir || a->in_place)
		return mc_files_place(&w->from, a->out_dir,
		    a->detach ? DETACHED : NULL, &w->into, e);
	return w->from.n == 1 ||
	    mc_fail(e, MC_USAGE,
		"%zu files: --out-dir DIR or --in-place says where they go",
		w->from.n);
}

bool
mc_sign_work_init(struct mc_sign_work *w, const struct mc_sign_args *args,
    struct mc_io *io, struct mc_err *e)
{
	w->args = args;
	w->old.limit = MC_SIGNED_LIMIT;
	w->signature.limit = MC_SIGNED_LIMIT;
	if (!files_load(w, e))
		return false;
	if (args->attach)
		return mc_file_load(args->attach, &w->signature, e) ||
		    mc_note(e, "--attach");
	if (args->replaces && !mc_file_load(args->replaces, &w->old, e))
		return mc_note(e, "--replaces");
	return mc_signer_load(&w->signer, args, io, e);
}

/* Read again what was made, as whoever verifies it will. */
static bool
result_check(const struct mc_sign_work *w, const struct mc_buf *der,
    const struct mc_buf *content, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;
	AUTO_BUF again = { .limit = MC_SIGNED_LIMIT };

	if (!mc_signed_parse(der, MC_GATE_FILE, NULL, &s, e))
		return false;
	if (X509_cmp(mc_signed_signer(s), w->signer.id.cert) != 0)
		return mc_fail(e, MC_INTERNAL, "it has another signer");
	if (w->args->detach)
		return mc_signed_detached_check(s, content, e);
	if (!mc_signed_content(s, &again, e))
		return false;
	return (again.len == content->len &&
		   memcmp(again.data, content->data, again.len) == 0) ||
	    mc_fail(e, MC_INTERNAL, "its content is another one");
}

static bool
sign(const struct mc_sign_work *w, const struct mc_buf *in, struct mc_buf *out,
    struct mc_err *e)
{
	const struct mc_cms_sign_spec spec = {
		.cert = w->signer.id.cert,
		.key = w->signer.id.key,
		.chain = w->signer.bag,
		.md = digests[w->args->digest],
		.detach = w->args->detach,
		.at = w->signer.at,
	};
	AUTO_BUF own = MC_BUF_INIT;
	const struct mc_buf *profile;
	struct mc_err why = MC_ERR_INIT;

	if (!mc_sign_input_get(in, w->args->resign, &own, &profile, e) ||
	    !mc_cms_sign(&spec, profile, out, e))
		return false;
	if (!result_check(w, out, profile, &why))
		return mc_fail(e, MC_INTERNAL,
		    "what was signed does not verify: %s", why.text);
	return !w->args->replaces || mc_sign_update_check(&w->old, out, e);
}

static bool
one(const void *ctx, const struct mc_buf *in, struct mc_buf *out,
    struct mc_err *e)
{
	const struct mc_sign_work *w = ctx;

	return w->args->attach ? mc_cms_attach(&w->signature, in, out, e) ||
		mc_note(e, "%s", w->args->attach)
			       : sign(w, in, out, e);
}

bool
mc_sign_work_run(
    const struct mc_sign_work *w, struct mc_io *io, struct mc_err *e)
{
	const struct mc_convert convert = {
		.what = "sign",
		.done = "signed",
		/* a key in a token does not survive a fork */
		.jobs = w->signer.no_forking ? 1 : w->args->jobs,
		.limit = w->args->resign ? MC_SIGNED_LIMIT : MC_PROFILE_LIMIT,
		.from = &w->from,
		.into = &w->into,
		.one = one,
		.ctx = w,
	};

	return mc_convert_run(&convert, io, e);
}

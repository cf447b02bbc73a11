/* SPDX-License-Identifier: ISC */
#include "encrypt/recipients.h"

#include <sys/stat.h>

#include "base/fd.h"
#include "base/hex.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/envelope.h"
#include "crypto/key.h"
#include "crypto/pem.h"
#include "stage/files.h"
#include "verify/judge.h"

struct load {
	const struct mc_encrypt_args *args;
	const struct mc_facts *facts;
	mc_certs *to;
};

static bool
is_there(const mc_certs *certs, const X509 *cert)
{
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (X509_cmp(sk_X509_value(certs, i), cert) == 0)
			return true;
	return false;
}

/* Dates that are wrong; true where they need not be right. */
static bool
dates_pardon(const struct load *l, const struct mc_err *why, struct mc_err *e)
{
	if (why->code != MC_OUTOFDATE) {
		*e = *why;
		return false;
	}
	return l->args->allow_expired ||
	    mc_fail(e, why->code,
		"%.400s (--allow-expired encrypts to it all the same)",
		why->text);
}

static bool
dates_check(const struct load *l, const X509 *cert, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;

	return mc_cert_dates_check(cert, mc_time_now(), &why) ||
	    dates_pardon(l, &why, e);
}

/* One that can read it, where it is not there yet. */
static bool
add(const struct load *l, X509 *cert, bool dateless, struct mc_err *e)
{
	if (!mc_envelope_recipient_check(cert, e) ||
	    !mc_key_check(X509_get0_pubkey(cert), MC_RSA_OLD, e) ||
	    (!dateless && !dates_check(l, cert, e)))
		return false;
	if (is_there(l->to, cert))
		return true;
	if (sk_X509_num(l->to) == MC_RECIPIENTS_MAX)
		return mc_fail(
		    e, MC_USAGE, "more than %d recipients", MC_RECIPIENTS_MAX);
	return mc_certs_add(l->to, cert, e);
}

static bool
file_load(const struct load *l, const char *path, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;

	return mc_pem_cert_load(path, &cert, e) &&
	    (add(l, cert, false, e) || mc_note(e, "%s", path));
}

static bool
is_certificate(const char *name)
{
	static const char *const ends[] = { ".pem", ".cer", ".crt", ".der" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (n > 4 && strcasecmp(name + n - 4, ends[i]) == 0)
			return true;
	return false;
}

static bool
folder_load(const struct load *l, const char *dir, struct mc_err *e)
{
	AUTO_FILES files = { 0 };
	bool any = false;

	if (!mc_files_add_all(&files, dir, e))
		return false;
	for (size_t i = 0; i < files.n; i++) {
		if (!is_certificate(files.v[i]))
			continue;
		any = true;
		if (!file_load(l, files.v[i], e))
			return false;
	}
	return any ||
	    mc_fail(e, MC_NOINPUT,
		"%s: holds no certificate (*.pem, *.cer, *.crt, *.der)", dir);
}

/* base64 of DER: the fact SIGNER_CERT, say. */
static bool
variable_load(const struct load *l, const char *spec, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	if (!mc_secret_load_text(spec, l->facts, &text, e))
		return false;
	return (mc_base64_parse(mc_buf_str(&text), text.len, false, &der, e) &&
		   mc_cert_parse(der.data, der.len, &cert, e) &&
		   add(l, cert, false, e)) ||
	    mc_note(e, "%s", spec);
}

static bool
recipient_load(const struct load *l, const char *where, struct mc_err *e)
{
	struct stat st;

	if (strncmp(where, "env:", 4) == 0)
		return variable_load(l, where, e);
	if (stat(where, &st) == 0 && S_ISDIR(st.st_mode))
		return folder_load(l, where, e);
	return file_load(l, where, e);
}

/* Dates are the last that a verdict asks about: all else holds then. */
static bool
verdict_check(
    const struct load *l, const struct mc_verdict *v, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;

	return mc_verdict_check(v, &why) || dates_pardon(l, &why, e);
}

/* Who signed an answer, once that is known to come from a device of ours. */
static bool
signer_load(const struct load *l, const struct mc_judge *judge,
    const char *path, struct mc_err *e)
{
	AUTO_VERDICT v = { .owner = "" };
	AUTO_BUF answer = { .limit = mc_judge_limit(judge) };

	if (!mc_file_load(path, &answer, e))
		return false;
	return (mc_judge_message(judge, &answer, &v, e) &&
		   verdict_check(l, &v, e) &&
		   add(l, mc_signed_signer(v.message), v.dateless, e)) ||
	    mc_note(e, "%s", path);
}

static bool
signers_load(const struct load *l, struct mc_err *e)
{
	const struct mc_list *answers = &l->args->to_signer_of;
	const struct mc_verify_args how = {
		.device_ca = l->args->device_ca,
		.enrolled_ca = l->args->enrolled_ca,
	};
	AUTO_JUDGE judge = { 0 };

	if (answers->n == 0)
		return true;
	if (!mc_judge_init(&judge, &how, e))
		return false;
	for (size_t i = 0; i < answers->n; i++)
		if (!signer_load(l, &judge, answers->v[i], e))
			return mc_note(e, "--to-signer-of");
	return true;
}

bool
mc_recipients_load(const struct mc_encrypt_args *args,
    const struct mc_facts *facts, mc_certs *to, struct mc_err *e)
{
	const struct load l = { args, facts, to };

	for (size_t i = 0; i < args->to.n; i++)
		if (!recipient_load(&l, args->to.v[i], e))
			return mc_note(e, "--to");
	return signers_load(&l, e);
}

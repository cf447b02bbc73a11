/* SPDX-License-Identifier: ISC */
#include "stages.h"

#include "base/secret.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/cms.h"
#include "crypto/key.h"
#include "crypto/pem.h"

struct sign_args {
	const char *cert;
	const char *key;
	const char *chain;
	const char *passphrase;
};

static const struct mc_opt sign_opts[] = {
	MC_STR(struct sign_args, cert, 'c', "cert", "FILE",
	    "certificate to sign with, PEM or DER", true),
	MC_STR(struct sign_args, key, 'k', "key", "FILE",
	    "its private key, PEM", true),
	MC_STR(struct sign_args, chain, 0, "chain", "FILE",
	    "certificates to put beside it, for those who verify", false),
	MC_STR(struct sign_args, passphrase, 0, "passphrase", "SECRET",
	    "the key's passphrase: file:PATH, fd:N or env:NAME", false),
	MC_OPT_END,
};

static bool
begins(const struct mc_buf *in, size_t at, const char *with)
{
	size_t len = strlen(with);

	return in->len >= at + len && memcmp(in->data + at, with, len) == 0;
}

/* Where the first character that is not white space is. */
static size_t
first(const struct mc_buf *in)
{
	size_t at = begins(in, 0, "\xef\xbb\xbf") ? 3 : 0;

	while (at < in->len && strchr(" \t\r\n", in->data[at]) &&
	    in->data[at] != '\0')
		at++;
	return at;
}

/* Devices install plists only, and one that is signed twice they refuse. */
static bool
input_check(const struct mc_buf *in, struct mc_err *e)
{
	size_t at = first(in);

	if (at == in->len)
		return mc_fail(e, MC_MALFORMED, "nothing to sign: empty input");
	if (begins(in, 0, "bplist") || begins(in, at, "<?xml") ||
	    begins(in, at, "<!DOCTYPE plist") || begins(in, at, "<plist") ||
	    begins(in, at, "<!--"))
		return true;
	if (in->data[0] == 0x30)
		return mc_fail(e, MC_MALFORMED,
		    "this is CMS, signed or encrypted already; \"mcprofile-"
		    "verify --extract\" takes the profile out");
	return mc_fail(e, MC_MALFORMED,
	    "not a profile: it begins neither as an XML plist nor as a "
	    "binary one");
}

/* What every verifier would hold against this certificate. */
static bool
cert_check(X509 *cert, struct mc_err *e)
{
	if (!mc_cert_dates_check(cert, mc_time_now(), e))
		return false;
	/* all bits are set where there is no keyUsage */
	if (!(X509_get_key_usage(cert) &
		(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
		return mc_fail(
		    e, MC_USAGE, "its key usage does not allow signatures");
	return mc_key_check(X509_get0_pubkey(cert), MC_RSA_MIN, e);
}

static bool
key_load(const struct sign_args *args, const struct mc_facts *facts,
    EVP_PKEY **key, struct mc_err *e)
{
	AUTO_BUF passphrase = MC_BUF_INIT;

	if (args->passphrase &&
	    !mc_secret_load(args->passphrase, facts, &passphrase, e))
		return mc_note(e, "--passphrase");
	return mc_pem_key_load(
		   args->key, args->passphrase ? &passphrase : NULL, key, e) ||
	    mc_note(e, "--key");
}

static bool
chain_load(const char *path, mc_certs *chain, struct mc_err *e)
{
	if (!path)
		return true;
	if (!mc_pem_certs_load(path, chain, e))
		return mc_note(e, "--chain");
	/* with the signer's own, what a verifier's bag may hold */
	if (sk_X509_num(chain) >= MC_BAG_MAX)
		return mc_fail(e, MC_MALFORMED,
		    "--chain: %s: %d certificates; %d are enough for any "
		    "chain",
		    path, sk_X509_num(chain), MC_BAG_MAX - 1);
	return true;
}

/* The pair that signs: the certificate is fit for it, the key is its own. */
static bool
signer_load(const struct sign_args *args, const struct mc_facts *facts,
    X509 **cert, EVP_PKEY **key, struct mc_err *e)
{
	if (!mc_pem_cert_load(args->cert, cert, e))
		return mc_note(e, "--cert");
	if (!cert_check(*cert, e))
		return mc_note(e, "--cert: %s", args->cert);
	if (!key_load(args, facts, key, e))
		return false;
	if (!mc_key_equal(X509_get0_pubkey(*cert), *key))
		return mc_fail(e, MC_USAGE, "--key: %s: not the key of %s",
		    args->key, args->cert);
	return true;
}

static bool
sign_run(const void *opts, struct mc_io *io, struct mc_err *e)
{
	const struct sign_args *args = opts;
	struct mc_cms_sign_spec spec = { 0 };
	AUTO(X509) *cert = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(mc_certs) *chain = sk_X509_new_null();

	if (!chain)
		return mc_fail_memory(e);
	if (!signer_load(args, io->facts, &cert, &key, e) ||
	    !chain_load(args->chain, chain, e) || !mc_io_read(io, e) ||
	    !input_check(io->in, e))
		return false;
	spec.cert = cert;
	spec.key = key;
	spec.chain = chain;
	return mc_cms_sign(&spec, io->in, io->out, e);
}

static const struct mc_verb sign_verbs[] = {
	{ .input = MC_INPUT_LATER, .run = sign_run },
	{ 0 },
};

const struct mc_stage mc_stage_sign = {
	.name = "mcprofile-sign",
	.summary = "sign a configuration profile",
	.opts = sign_opts,
	.verbs = sign_verbs,
	.args_size = sizeof(struct sign_args),
};

/* SPDX-License-Identifier: ISC */
/*
 * A profile's payloads, for the eyes of some devices only.
 *
 * PayloadContent becomes EncryptedPayloadContent: EnvelopedData around an XML
 * plist whose top is the array that PayloadContent was (Apple, Configuration
 * Profile Reference).  The outside stays a readable profile, so encryption
 * comes first and the signature last.
 */
#include "base/hex.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/envelope.h"
#include "crypto/key.h"
#include "crypto/pem.h"
#include "plist/plist.h"
#include "stages.h"

#define PLAIN "PayloadContent"
#define SEALED "EncryptedPayloadContent"

struct encrypt_args {
	struct mc_list to;
	unsigned cipher;
	bool decrypt;
	const char *cert;
	const char *key;
	const char *passphrase;
};

static const struct mc_opt encrypt_opts[] = {
	MC_LIST(struct encrypt_args, to, 't', "to", "FILE",
	    "certificate of a device, PEM or DER, or env:NAME for base64 DER",
	    false),
	MC_CHOICE(struct encrypt_args, cipher, 0, "cipher",
	    "aes256|aes128|des3", "content encryption, in CBC mode"),
	MC_FLAG(struct encrypt_args, decrypt, 'd', "decrypt",
	    "the reverse, with --cert and --key"),
	MC_STR(struct encrypt_args, cert, 'c', "cert", "FILE",
	    "with -d: the device's certificate, PEM or DER", false),
	MC_STR(struct encrypt_args, key, 'k', "key", "FILE",
	    "with -d: its private key, PEM", false),
	MC_STR(struct encrypt_args, passphrase, 0, "passphrase", "SECRET",
	    "of the key: file:PATH, fd:N or env:NAME", false),
	MC_OPT_END,
};

/* As --cipher numbers them. */
static const enum mc_cipher ciphers[] = { MC_AES256_CBC, MC_AES128_CBC,
	MC_DES3_CBC };

static bool
check_args(const struct encrypt_args *a, struct mc_err *e)
{
	if (a->decrypt && a->to.n)
		return mc_fail(e, MC_USAGE, "--to is not for --decrypt");
	if (a->decrypt && (!a->cert || !a->key))
		return mc_fail(e, MC_USAGE, "--decrypt needs --cert and --key");
	if (!a->decrypt && (a->cert || a->key || a->passphrase))
		return mc_fail(e, MC_USAGE,
		    "--cert, --key and --passphrase are for --decrypt");
	if (!a->decrypt && !a->to.n)
		return mc_fail(e, MC_USAGE, "--to is required");
	return true;
}

static bool
load_recipient(const char *where, const struct mc_facts *facts, X509 **out,
    struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	if (strncmp(where, "env:", 4) != 0)
		return mc_pem_cert_load(where, out, e);
	if (!mc_secret_load_text(where, facts, &text, e))
		return false;
	return (mc_base64_parse(mc_buf_str(&text), text.len, false, &der, e) &&
		   mc_cert_parse(der.data, der.len, out, e)) ||
	    mc_note(e, "%s", where);
}

/* A key that RSA can encrypt to, in a certificate that is in date. */
static bool
check_recipient(X509 *cert, struct mc_err *e)
{
	return mc_envelope_recipient_check(cert, e) &&
	    mc_key_check(X509_get0_pubkey(cert), MC_RSA_OLD, e) &&
	    mc_cert_dates_check(cert, mc_time_now(), e);
}

static bool
load_recipients(const struct mc_list *to, const struct mc_facts *facts,
    mc_certs *certs, struct mc_err *e)
{
	for (size_t i = 0; i < to->n; i++) {
		AUTO(X509) *cert = NULL;

		if (!load_recipient(to->v[i], facts, &cert, e))
			return mc_note(e, "--to");
		if (!check_recipient(cert, e))
			return mc_note(e, "--to: %s", to->v[i]);
		if (sk_X509_push(certs, cert) <= 0)
			return mc_fail_memory(e);
		(void)take(&cert);
	}
	return true;
}

/* DER, BER or PEM, and so no plist. */
static bool
looks_signed(const struct mc_buf *in)
{
	static const char pem[] = "-----BEGIN ";

	return in->len > 0 &&
	    (in->data[0] == 0x30 ||
		strncmp(mc_buf_str(in), pem, sizeof(pem) - 1) == 0);
}

static bool
load_profile(const struct mc_buf *in, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	const char *type;

	if (!mc_plist_parse(in, MC_PLIST_DEPTH_FILE, &profile, e))
		return false;
	type = mc_plist_get_str(profile, "PayloadType");
	if (!type || strcmp(type, "Configuration") != 0)
		return mc_fail(e, MC_MALFORMED,
		    "not a configuration profile: PayloadType is %s",
		    type ? type : "missing");
	*out = take(&profile);
	return true;
}

/* Put node into the profile under key; node is taken in any case. */
static bool
put(mc_plist *profile, const char *key, mc_plist *node, struct mc_err *e)
{
	return mc_plist_set(profile, key, node) || mc_fail_memory(e);
}

/* The profile's content, which is then no longer in it. */
static bool
take_content(const struct mc_buf *in, mc_plist **profile, struct mc_buf *xml,
    struct mc_err *e)
{
	const mc_plist *content;

	if (looks_signed(in))
		return mc_fail(e, MC_MALFORMED,
		    "already signed: encrypt first, sign last");
	if (!load_profile(in, profile, e))
		return false;
	if (mc_plist_get(*profile, SEALED))
		return mc_fail(e, MC_MALFORMED, "already encrypted");
	content = mc_plist_get(*profile, PLAIN);
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED, PLAIN ": %s instead of array",
		    mc_plist_type_name(mc_plist_type(content)));
	if (!mc_plist_encode(content, xml, e))
		return false;
	mc_plist_remove(*profile, PLAIN);
	return true;
}

static bool
encrypt(const struct encrypt_args *a, struct mc_io *io, struct mc_err *e)
{
	AUTO(mc_certs) *certs = sk_X509_new_null();
	AUTO(mc_plist) *profile = NULL;
	AUTO_BUF xml = MC_BUF_INIT;
	AUTO_BUF sealed = MC_BUF_INIT;

	if (!certs)
		return mc_fail_memory(e);
	return load_recipients(&a->to, io->facts, certs, e) &&
	    mc_io_read(io, e) && take_content(io->in, &profile, &xml, e) &&
	    mc_envelope_seal(&xml, certs, ciphers[a->cipher], &sealed, e) &&
	    put(profile, SEALED, mc_plist_new_data(sealed.data, sealed.len),
		e) &&
	    mc_plist_encode(profile, io->out, e);
}

static bool
load_device(const struct encrypt_args *a, const struct mc_facts *facts,
    X509 **cert, EVP_PKEY **key, struct mc_err *e)
{
	AUTO_BUF passphrase = MC_BUF_INIT;

	if (!mc_pem_cert_load(a->cert, cert, e))
		return mc_note(e, "--cert");
	if (a->passphrase &&
	    !mc_secret_load_text(a->passphrase, facts, &passphrase, e))
		return mc_note(e, "--passphrase");
	if (!mc_pem_key_load(
		a->key, a->passphrase ? &passphrase : NULL, key, e))
		return mc_note(e, "--key");
	return mc_key_equal(X509_get0_pubkey(*cert), *key) ||
	    mc_fail(
		e, MC_USAGE, "--key: %s: not the key of %s", a->key, a->cert);
}

/* The bytes under EncryptedPayloadContent, copied. */
static bool
sealed_get(const mc_plist *profile, struct mc_buf *to, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(profile, SEALED);
	const uint8_t *data;
	size_t len;

	if (!node)
		return mc_fail(e, MC_MALFORMED, "not encrypted: no " SEALED);
	if (mc_plist_get(profile, PLAIN))
		return mc_fail(e, MC_MALFORMED, PLAIN " beside " SEALED);
	if (!mc_plist_data(node, &data, &len))
		return mc_fail(e, MC_MALFORMED, SEALED ": %s instead of data",
		    mc_plist_type_name(mc_plist_type(node)));
	return mc_buf_add(to, data, len, e);
}

static bool
decrypt(const struct encrypt_args *a, struct mc_io *io, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(mc_plist) *profile = NULL;
	AUTO(mc_plist) *content = NULL;
	AUTO_BUF sealed = MC_BUF_INIT;
	AUTO_BUF xml = MC_BUF_INIT;

	io->secret = true;
	if (!load_device(a, io->facts, &cert, &key, e) || !mc_io_read(io, e))
		return false;
	if (looks_signed(io->in))
		return mc_fail(e, MC_MALFORMED,
		    "signed: mcprofile-verify --extract comes first");
	if (!load_profile(io->in, &profile, e) ||
	    !sealed_get(profile, &sealed, e))
		return false;
	if (!mc_envelope_open(&sealed, cert, key, true, &xml, e))
		return mc_note(e, SEALED);
	if (!mc_plist_parse(&xml, MC_PLIST_DEPTH_FILE, &content, e))
		return mc_note(e, SEALED ", decrypted");
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED,
		    SEALED ", decrypted: %s instead of array",
		    mc_plist_type_name(mc_plist_type(content)));
	mc_plist_remove(profile, SEALED);
	return put(profile, PLAIN, take(&content), e) &&
	    mc_plist_encode(profile, io->out, e);
}

static bool
encrypt_run(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct encrypt_args *a = args;

	return check_args(a, e) &&
	    (a->decrypt ? decrypt(a, io, e) : encrypt(a, io, e));
}

static const struct mc_verb encrypt_verbs[] = {
	{ .opts = encrypt_opts, .input = MC_INPUT_LATER, .run = encrypt_run },
	{ 0 },
};

const struct mc_stage mc_stage_encrypt = {
	.name = "mcprofile-encrypt",
	.summary = "encrypt a profile's payloads to devices",
	.verbs = encrypt_verbs,
	.args_size = sizeof(struct encrypt_args),
};

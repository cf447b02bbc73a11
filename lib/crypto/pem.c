/* SPDX-License-Identifier: ISC */
#include "crypto/pem.h"

#include <limits.h>

#include "base/fd.h"
#include "crypto/ber.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/key.h"

void
mc_pem_block_clear(struct mc_pem_block *b)
{
	OPENSSL_free(b->label);
	OPENSSL_free(b->header);
	OPENSSL_clear_free(b->data, (size_t)b->len);
	*b = (struct mc_pem_block){ 0 };
}

bool
mc_pem_block_next(BIO *in, struct mc_pem_block *b, bool *more, struct mc_err *e)
{
	unsigned long why;

	mc_pem_block_clear(b);
	ERR_clear_error();
	*more = PEM_read_bio(in, &b->label, &b->header, &b->data, &b->len) == 1;
	why = ERR_peek_last_error();
	ERR_clear_error();
	if (!*more &&
	    (ERR_GET_LIB(why) != ERR_LIB_PEM ||
		ERR_GET_REASON(why) != PEM_R_NO_START_LINE))
		return mc_fail(e, MC_MALFORMED, "damaged PEM");
	return true;
}

bool
mc_pem_block_is_cert(const struct mc_pem_block *b)
{
	return strcmp(b->label, PEM_STRING_X509) == 0 ||
	    strcmp(b->label, PEM_STRING_X509_OLD) == 0;
}

static bool
certs_add(const void *der, size_t len, mc_certs *certs, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;

	if (!mc_cert_parse(der, len, &cert, e))
		return false;
	if (sk_X509_push(certs, cert) <= 0)
		return mc_fail_memory(e);
	(void)take(&cert);
	return true;
}

static bool
blocks_parse(const struct mc_buf *text, mc_certs *certs, struct mc_err *e)
{
	AUTO(BIO) *in = mc_bio_view(text);
	bool more = true;

	if (!in)
		return mc_fail_memory(e);
	while (more) {
		AUTO_PEM_BLOCK b = { 0 };

		if (!mc_pem_block_next(in, &b, &more, e))
			return false;
		if (more && mc_pem_block_is_cert(&b) &&
		    !certs_add(b.data, (size_t)b.len, certs, e))
			return false;
	}
	return true;
}

/* No PEM begins with the tag of a SEQUENCE, "0". */
static bool
certs_parse(const struct mc_buf *file, mc_certs *certs, struct mc_err *e)
{
	return file->len > 0 && file->data[0] == MC_BER_SEQUENCE
	    ? certs_add(file->data, file->len, certs, e)
	    : blocks_parse(file, certs, e);
}

bool
mc_pem_certs_load(const char *path, mc_certs *certs, struct mc_err *e)
{
	AUTO_BUF file = MC_BUF_INIT;
	int before = sk_X509_num(certs);

	if (!mc_file_load(path, &file, e))
		return false;
	if (!certs_parse(&file, certs, e))
		return mc_note(e, "%s", path);
	if (sk_X509_num(certs) == before)
		return mc_fail(
		    e, MC_MALFORMED, "%s: holds no certificate", path);
	return true;
}

bool
mc_pem_cert_load(const char *path, X509 **out, struct mc_err *e)
{
	AUTO(mc_certs) *certs = sk_X509_new_null();

	if (!certs)
		return mc_fail_memory(e);
	if (!mc_pem_certs_load(path, certs, e))
		return false;
	*out = sk_X509_shift(certs);
	return true;
}

struct asked {
	const struct mc_buf *passphrase;
	bool asked;
};

/*
 * Without a callback OpenSSL asks for a passphrase on /dev/tty and, where
 * there is none, reads it from standard input: that is, from the request body.
 */
static int
give_passphrase(char *buf, int size, int writing, void *arg)
{
	struct asked *a = arg;

	(void)writing;
	a->asked = true;
	if (!a->passphrase || size < 0 || a->passphrase->len > (size_t)size)
		return -1;
	if (a->passphrase->len)
		memcpy(buf, a->passphrase->data, a->passphrase->len);
	return (int)a->passphrase->len;
}

/* A key in another wrapping: PKCS #12 is version 3, bare keys are 0 or 1. */
static bool
fail_key(const char *path, const struct mc_buf *file, struct mc_err *e)
{
	struct mc_err unused = MC_ERR_INIT;
	struct mc_ber all, body;
	unsigned version;

	mc_ber_init(&all, file->data, file->len);
	if (!mc_ber_is(&all, MC_BER_SEQUENCE) ||
	    !mc_ber_expect(&all, MC_BER_SEQUENCE, "", &body, &unused))
		return mc_fail(
		    e, MC_MALFORMED, "%s: holds no private key", path);
	if (mc_ber_uint(&body, "", &version, &unused) && version == 3)
		return mc_fail(e, MC_MALFORMED,
		    "%s: is PKCS #12; want PEM: openssl pkcs12 -in %s -nocerts "
		    "-out KEY.pem",
		    path, path);
	return mc_fail(e, MC_MALFORMED,
	    "%s: is DER; want PEM: openssl pkey -inform DER -in %s -out "
	    "KEY.pem",
	    path, path);
}

bool
mc_pem_key_parse(const struct mc_buf *file, const char *name,
    const struct mc_buf *passphrase, EVP_PKEY **out, struct mc_err *e)
{
	AUTO(BIO) *in = mc_bio_view(file);
	AUTO(EVP_PKEY) *key = NULL;
	struct asked a = { passphrase, false };

	if (!in)
		return mc_fail_memory(e);
	key = PEM_read_bio_PrivateKey(in, NULL, give_passphrase, &a);
	/* OpenSSL's own words here are "no start line" and "unsupported" */
	ERR_clear_error();
	if (!key && a.asked && !passphrase)
		return mc_fail(e, MC_MALFORMED,
		    "%s: is encrypted, and no passphrase was given", name);
	if (!key && a.asked)
		return mc_fail(e, MC_DENIED, "%s: wrong passphrase", name);
	if (!key)
		return fail_key(name, file, e);
	*out = take(&key);
	return true;
}

bool
mc_pem_key_load(const char *path, const struct mc_buf *passphrase,
    EVP_PKEY **out, struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_SECRET_LIMIT };

	return mc_file_load(path, &file, e) &&
	    mc_pem_key_parse(&file, path, passphrase, out, e);
}

/* Of a public key alone; NULL where the file holds something else. */
static EVP_PKEY *
bare_pubkey(const struct mc_buf *file)
{
	AUTO(BIO) *in = mc_bio_view(file);
	struct asked nobody = { NULL, false };
	EVP_PKEY *key = NULL;

	if (in)
		key = PEM_read_bio_PUBKEY(in, NULL, give_passphrase, &nobody);
	ERR_clear_error();
	return key;
}

bool
mc_pem_pubkey_load(const char *path, EVP_PKEY **out, struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_CONF_LIMIT };
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();
	AUTO(X509_REQ) *csr = NULL;
	struct mc_err none;

	if (!certs)
		return mc_fail_memory(e);
	if (!mc_file_load(path, &file, e))
		return false;
	*out = bare_pubkey(&file);
	if (!*out && certs_parse(&file, certs, &none) && sk_X509_num(certs) > 0)
		*out = X509_get_pubkey(sk_X509_value(certs, 0));
	if (!*out && mc_csr_der(&file, &der, &none) &&
	    mc_csr_parse(&der, MC_RSA_OLD, &csr, &none))
		*out = X509_REQ_get_pubkey(csr);
	ERR_clear_error();
	return *out ||
	    mc_fail(e, MC_MALFORMED,
		"%s: holds no certificate, request, or public key", path);
}

bool
mc_pem_is(const struct mc_buf *text)
{
	return strncmp(mc_buf_str(text), "-----BEGIN ", 11) == 0;
}

/* What follows the last block is blank: every byte is looked at. */
static bool
ends_with_block(const struct mc_buf *text)
{
	static const char mark[] = "-----END ";
	const char *s = mc_buf_str(text);
	const char *end = s;

	for (const char *p = s; (p = strstr(p, mark)) != NULL;)
		end = p += sizeof(mark) - 1;
	end += strcspn(end, "\r\n");
	return end + strspn(end, " \t\r\n") == s + text->len;
}

bool
mc_pem_cms_parse(
    const struct mc_buf *text, struct mc_buf *der, struct mc_err *e)
{
	AUTO(BIO) *in = mc_bio_view(text);
	AUTO_PEM_BLOCK first = { 0 };
	AUTO_PEM_BLOCK second = { 0 };
	bool more;

	if (!in)
		return mc_fail_memory(e);
	if (!mc_pem_block_next(in, &first, &more, e))
		return false;
	if (!more ||
	    (strcmp(first.label, PEM_STRING_CMS) != 0 &&
		strcmp(first.label, PEM_STRING_PKCS7) != 0))
		return mc_fail(e, MC_UNSIGNED,
		    "not signed: PEM, but neither CMS nor PKCS7");
	if (!mc_pem_block_next(in, &second, &more, e))
		return false;
	if (more || !ends_with_block(text))
		return mc_fail(
		    e, MC_MALFORMED, "PEM: more than the message in it");
	return mc_buf_add(der, first.data, (size_t)first.len, e);
}

bool
mc_pem_encode(const struct mc_buf *der, const char *label, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO(BIO) *mem = BIO_new(BIO_s_mem());

	if (der->len > LONG_MAX || !mem ||
	    PEM_write_bio(mem, label, "", der->data, (long)der->len) <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, label);
	return mc_bio_drain(mem, to, e);
}

bool
mc_pem_cert_encode(X509 *cert, struct mc_buf *to, struct mc_err *e)
{
	AUTO(BIO) *mem = BIO_new(BIO_s_mem());

	if (!mem || PEM_write_bio_X509(mem, cert) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "certificate to PEM");
	return mc_bio_drain(mem, to, e);
}

bool
mc_pem_key_encode(EVP_PKEY *key, struct mc_buf *to, struct mc_err *e)
{
	AUTO(BIO) *mem = BIO_new(BIO_s_mem());

	if (!mem ||
	    PEM_write_bio_PrivateKey(mem, key, NULL, NULL, 0, NULL, NULL) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "key to PEM");
	return mc_bio_drain(mem, to, e);
}

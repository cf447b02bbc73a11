/* SPDX-License-Identifier: ISC */
#include "crypto/pem.h"

#include <limits.h>

#include "base/fd.h"
#include "base/hex.h"
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

/* Nobody is asked, on a terminal or elsewhere. */
static int
give_nothing(char *buf, int size, int writing, void *arg)
{
	(void)buf, (void)size, (void)writing, (void)arg;
	return -1;
}

/* Of a public key alone; NULL where the file holds something else. */
static EVP_PKEY *
bare_pubkey(const struct mc_buf *file)
{
	AUTO(BIO) *in = mc_bio_view(file);
	EVP_PKEY *key = NULL;

	if (in)
		key = PEM_read_bio_PUBKEY(in, NULL, give_nothing, NULL);
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

/* The first character that is no blank, behind a byte order mark. */
static const char *
first(const struct mc_buf *in)
{
	const char *s = mc_buf_str(in);

	if (strncmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;
	return s + strspn(s, " \t\r\n");
}

/* A SEQUENCE: "0" is no text that PEM or a plist could begin with. */
static bool
is_der(const struct mc_buf *in)
{
	return in->len > 1 && in->data[0] == MC_BER_SEQUENCE &&
	    in->data[1] >= 0x80;
}

bool
mc_pem_is(const struct mc_buf *text)
{
	static const char mark[] = "-----BEGIN ";
	const char *s = mc_buf_str(text);
	const char *p = s;

	/* a message or a plist may quote PEM, and is none */
	if (is_der(text) || *first(text) == '<' || strncmp(s, "bplist", 6) == 0)
		return false;
	while ((p = strstr(p, mark)) != NULL && p > s && p[-1] != '\n')
		p++;
	return p != NULL;
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
		strcmp(first.label, PEM_STRING_PKCS7) != 0 &&
		strcmp(first.label, PEM_STRING_PKCS7_SIGNED) != 0))
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
mc_pem_cms_find(const struct mc_buf *in, struct mc_buf *own,
    const struct mc_buf **out, struct mc_err *e)
{
	const char *s = first(in);
	size_t n = in->len - (size_t)(s - mc_buf_str(in));
	struct mc_err why = MC_ERR_INIT;

	*out = NULL;
	if (is_der(in)) {
		*out = in;
		return true;
	}
	if (mc_pem_is(in)) {
		*out = own;
		return mc_pem_cms_parse(in, own, e);
	}
	/* how every SEQUENCE of 128 bytes or more begins */
	if (strncmp(s, "MI", 2) == 0 &&
	    mc_base64_parse(s, n, true, own, &why) && is_der(own))
		*out = own;
	return true;
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

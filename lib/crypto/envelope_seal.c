/* SPDX-License-Identifier: ISC */
#include "crypto/envelope.h"

#include <limits.h>

#include "crypto/cms_gate.h"
#include "crypto/digest.h"
#include "crypto/envelope_gate.h"
#include "crypto/key.h"
#include "crypto/weak.h"

static const char what[] = "EnvelopedData";

bool
mc_envelope_recipient_check(X509 *cert, struct mc_err *e)
{
	if (!mc_key_encrypts(X509_get0_pubkey(cert)))
		return mc_fail(e, MC_USAGE,
		    "its key is not RSA: nothing can be encrypted to it");
	/* without the extension all usages are allowed, and all bits set */
	if (!(X509_get_key_usage(cert) & KU_KEY_ENCIPHERMENT))
		return mc_fail(e, MC_USAGE,
		    "its key usage does not allow keyEncipherment");
	return true;
}

/* The context that the cipher lives in; NULL is the default one. */
static bool
context_get(enum mc_cipher cipher, OSSL_LIB_CTX **out, struct mc_err *e)
{
	*out = NULL;
	return cipher != MC_DES_CBC || mc_weak_get(out, e);
}

bool
mc_envelope_oaep_fits(
    const EVP_PKEY *key, const char *oaep, enum mc_cipher cipher)
{
	AUTO(EVP_MD) *md = EVP_MD_fetch(NULL, oaep, NULL);
	int hash = md ? EVP_MD_get_size(md) : 0;
	int room = EVP_PKEY_get_size(key) - 2 * hash - 2;

	ERR_clear_error();
	return hash > 0 && room >= (int)mc_ciphers[cipher].key;
}

/* RSAES-OAEP instead of PKCS #1 v1.5; the label stays empty. */
static bool
oaep_set(CMS_RecipientInfo *ri, const char *digest)
{
	EVP_PKEY_CTX *ctx = CMS_RecipientInfo_get0_pkey_ctx(ri);

	return ctx &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, digest, NULL) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, digest, NULL) == 1;
}

static bool
recipients_add(
    CMS_ContentInfo *cms, const struct mc_seal_spec *spec, struct mc_err *e)
{
	unsigned flags = CMS_BINARY | (spec->oaep ? CMS_KEY_PARAM : 0);

	for (int i = 0; i < sk_X509_num(spec->certs); i++) {
		X509 *cert = sk_X509_value(spec->certs, i);
		CMS_RecipientInfo *ri;

		if (!mc_key_encrypts(X509_get0_pubkey(cert)))
			return mc_fail(
			    e, MC_USAGE, "a recipient's key is not RSA");
		ri = CMS_add1_recipient_cert(cms, cert, flags);
		if (!ri || (spec->oaep && !oaep_set(ri, spec->oaep)))
			return mc_fail_ossl(e, MC_INTERNAL, what);
	}
	return true;
}

static bool
seal_certs(const struct mc_buf *content, const struct mc_seal_spec *spec,
    OSSL_LIB_CTX *ctx, struct mc_buf *der, struct mc_err *e)
{
	const unsigned flags = CMS_BINARY | CMS_PARTIAL;
	AUTO(EVP_CIPHER) *c = EVP_CIPHER_fetch(
	    ctx, mc_ciphers[spec->cipher].name, NULL);
	AUTO(BIO) *in = mc_bio_view(content);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = NULL;

	if (sk_X509_num(spec->certs) < 1)
		return mc_fail(e, MC_USAGE, "no recipient");
	if (c)
		cms = CMS_encrypt_ex(NULL, NULL, c, flags, ctx, NULL);
	if (!cms || !in || !out)
		return mc_fail_ossl(e, MC_INTERNAL, what);
	if (!recipients_add(cms, spec, e))
		return false;
	if (CMS_final(cms, in, NULL, flags) != 1 || i2d_CMS_bio(out, cms) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, what);
	return mc_bio_drain(out, der, e);
}

/* Append an element of DER around this body. */
static bool
der_add(struct mc_buf *to, unsigned tag, const struct mc_buf *body,
    struct mc_err *e)
{
	uint8_t head[6] = { (uint8_t)tag };
	size_t octets = 1;
	size_t n = 1;

	while (octets < 4 && body->len >> 8 * octets)
		octets++;
	if (body->len > 0x7f)
		head[n++] = (uint8_t)(0x80U | octets);
	for (; octets > 0; octets--)
		head[n++] = (uint8_t)(body->len >> 8 * (octets - 1));
	return mc_buf_add(to, head, n, e) &&
	    mc_buf_add(to, body->data, body->len, e);
}

/* The same for bytes as they are: a primitive. */
static bool
der_bytes(struct mc_buf *to, unsigned tag, const void *bytes, size_t len,
    struct mc_err *e)
{
	AUTO_BUF body = MC_BUF_INIT;

	return mc_buf_add(&body, bytes, len, e) && der_add(to, tag, &body, e);
}

/* An INTEGER of three bytes at most. */
static bool
der_uint(struct mc_buf *to, unsigned n, struct mc_err *e)
{
	const uint8_t b[4] = { 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8),
		(uint8_t)n };
	size_t at = 0;

	/* as short as it can be, and positive */
	while (at < 3 && b[at] == 0 && !(b[at + 1] & 0x80))
		at++;
	return der_bytes(to, MC_BER_INTEGER, b + at, sizeof(b) - at, e);
}

/* An AlgorithmIdentifier with the parameters given, under this tag. */
static bool
der_algorithm(struct mc_buf *to, unsigned tag, const struct mc_oid *oid,
    const struct mc_buf *params, struct mc_err *e)
{
	AUTO_BUF alg = MC_BUF_INIT;

	return der_bytes(&alg, MC_BER_OID, oid->b, oid->len, e) &&
	    mc_buf_add(&alg, params->data, params->len, e) &&
	    der_add(to, tag, &alg, e);
}

static bool
der_cipher(struct mc_buf *to, enum mc_cipher cipher, const uint8_t *iv,
    struct mc_err *e)
{
	AUTO_BUF params = MC_BUF_INIT;

	return der_bytes(
		   &params, MC_BER_OCTETS, iv, mc_ciphers[cipher].block, e) &&
	    der_algorithm(
		to, MC_BER_SEQUENCE, &mc_cipher_oid[cipher], &params, e);
}

/* PBKDF2-params (RFC 8018 appendix A.2) with HMAC-SHA-256. */
static bool
der_pbkdf2(struct mc_buf *to, const struct mc_pwri *p, struct mc_err *e)
{
	AUTO_BUF null = MC_BUF_INIT;
	AUTO_BUF body = MC_BUF_INIT;
	AUTO_BUF params = MC_BUF_INIT;

	return der_bytes(&null, MC_BER_NULL, "", 0, e) &&
	    der_bytes(&body, MC_BER_OCTETS, p->salt, p->salt_len, e) &&
	    der_uint(&body, p->iterations, e) &&
	    der_algorithm(
		&body, MC_BER_SEQUENCE, &mc_oid_hmac_sha256, &null, e) &&
	    der_add(&params, MC_BER_SEQUENCE, &body, e) &&
	    der_algorithm(to, MC_BER_CONTEXT(0), &mc_oid_pbkdf2, &params, e);
}

/* The one of recipientInfos: PasswordRecipientInfo (RFC 5652 6.2.4). */
static bool
der_recipients(struct mc_buf *to, const struct mc_pwri *p,
    const struct mc_buf *wrapped, struct mc_err *e)
{
	AUTO_BUF kek = MC_BUF_INIT;
	AUTO_BUF info = MC_BUF_INIT;
	AUTO_BUF set = MC_BUF_INIT;

	return der_uint(&info, 0, e) && der_pbkdf2(&info, p, e) &&
	    der_cipher(&kek, p->kek, p->iv, e) &&
	    der_algorithm(&info, MC_BER_SEQUENCE, &mc_oid_pwri_kek, &kek, e) &&
	    der_bytes(&info, MC_BER_OCTETS, wrapped->data, wrapped->len, e) &&
	    der_add(&set, MC_BER_CONTEXT(3), &info, e) &&
	    der_add(to, MC_BER_SET, &set, e);
}

/* EncryptedContentInfo (section 6.1). */
static bool
der_content(struct mc_buf *to, enum mc_cipher cipher, const uint8_t *iv,
    const struct mc_buf *encrypted, struct mc_err *e)
{
	AUTO_BUF info = MC_BUF_INIT;

	return der_bytes(
		   &info, MC_BER_OID, mc_oid_data.b, mc_oid_data.len, e) &&
	    der_cipher(&info, cipher, iv, e) &&
	    der_add(&info, MC_BER_CONTEXT_PRIMITIVE(0), encrypted, e) &&
	    der_add(to, MC_BER_SEQUENCE, &info, e);
}

/* ContentInfo around the fields of EnvelopedData. */
static bool
der_envelope(struct mc_buf *to, const struct mc_buf *fields, struct mc_err *e)
{
	AUTO_BUF data = MC_BUF_INIT;
	AUTO_BUF info = MC_BUF_INIT;

	return der_add(&data, MC_BER_SEQUENCE, fields, e) &&
	    der_bytes(&info, MC_BER_OID, mc_oid_enveloped.b,
		mc_oid_enveloped.len, e) &&
	    der_add(&info, MC_BER_CONTEXT(0), &data, e) &&
	    der_add(to, MC_BER_SEQUENCE, &info, e);
}

/* CBC with the padding of RFC 5652 section 6.3. */
static bool
encrypt(enum mc_cipher cipher, const uint8_t *key, const uint8_t *iv,
    const struct mc_buf *content, struct mc_buf *to, struct mc_err *e)
{
	AUTO(EVP_CIPHER) *c = EVP_CIPHER_fetch(
	    NULL, mc_ciphers[cipher].name, NULL);
	AUTO(EVP_CIPHER_CTX) *ctx = EVP_CIPHER_CTX_new();
	uint8_t pad[MC_UNWRAP_BLOCK];
	size_t n = mc_ciphers[cipher].block;
	int len = 0;

	n -= content->len % n;
	memset(pad, (int)n, n);
	if (!mc_buf_add(to, content->data, content->len, e) ||
	    !mc_buf_add(to, pad, n, e))
		return false;
	if (!c || !ctx || to->len > INT_MAX ||
	    EVP_EncryptInit_ex2(ctx, c, key, iv, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1 ||
	    EVP_EncryptUpdate(ctx, to->data, &len, to->data, (int)to->len) !=
		1 ||
	    (size_t)len != to->len)
		return mc_fail_ossl(e, MC_INTERNAL, what);
	return true;
}

/*
 * By hand, for libcrypto's PBKDF2 in CMS is with SHA-1 and nothing else.  The
 * version is 3 (section 6.1).
 */
static bool
seal_password(const struct mc_buf *content, const struct mc_seal_spec *spec,
    struct mc_buf *der, struct mc_err *e)
{
	struct mc_pwri p = { .prf = "SHA256",
		.salt_len = 16,
		.iterations = MC_PBKDF2_ITERATIONS,
		.kek = spec->cipher };
	uint8_t key[MC_UNWRAP_KEY];
	uint8_t iv[MC_UNWRAP_BLOCK];
	AUTO_BUF wrapped = MC_BUF_INIT;
	AUTO_BUF encrypted = MC_BUF_INIT;
	AUTO_BUF fields = MC_BUF_INIT;
	size_t len = mc_ciphers[spec->cipher].key;
	bool done;

	if (spec->cipher == MC_DES_CBC)
		return mc_fail(e, MC_USAGE, "a password with single DES");
	if (spec->password->len == 0)
		return mc_fail(e, MC_USAGE, "an empty password");
	done = mc_rand_bytes(key, sizeof(key), e) &&
	    mc_rand_bytes(iv, sizeof(iv), e) &&
	    mc_rand_bytes(p.salt, p.salt_len, e) &&
	    mc_rand_bytes(p.iv, sizeof(p.iv), e) &&
	    mc_pwri_wrap(&p, spec->password, key, len, &wrapped, e) &&
	    encrypt(spec->cipher, key, iv, content, &encrypted, e) &&
	    der_uint(&fields, 3, e) &&
	    der_recipients(&fields, &p, &wrapped, e) &&
	    der_content(&fields, spec->cipher, iv, &encrypted, e) &&
	    der_envelope(der, &fields, e);
	OPENSSL_cleanse(key, sizeof(key));
	return done;
}

bool
mc_envelope_seal_spec(const struct mc_buf *content,
    const struct mc_seal_spec *spec, struct mc_buf *der, struct mc_err *e)
{
	OSSL_LIB_CTX *ctx;

	if (spec->password)
		return seal_password(content, spec, der, e);
	return context_get(spec->cipher, &ctx, e) &&
	    seal_certs(content, spec, ctx, der, e);
}

bool
mc_envelope_seal(const struct mc_buf *content, const mc_certs *certs,
    enum mc_cipher cipher, struct mc_buf *der, struct mc_err *e)
{
	const struct mc_seal_spec spec = { .cipher = cipher, .certs = certs };

	return mc_envelope_seal_spec(content, &spec, der, e);
}

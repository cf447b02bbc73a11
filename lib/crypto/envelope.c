/* SPDX-License-Identifier: ISC */
#include "crypto/envelope.h"

#include "crypto/ber.h"
#include "crypto/cms_gate.h"
#include "crypto/unwrap.h"

static const struct cipher {
	const char *name; /* for EVP_CIPHER_fetch() */
	size_t key;
	size_t block;
} ciphers[] = {
	[MC_AES256_CBC] = { "AES-256-CBC", 32, 16 },
	[MC_AES192_CBC] = { "AES-192-CBC", 24, 16 },
	[MC_AES128_CBC] = { "AES-128-CBC", 16, 16 },
	[MC_DES3_CBC] = { "DES-EDE3-CBC", 24, 8 },
};
#define CIPHERS (sizeof(ciphers) / sizeof(*ciphers))

static const struct mc_oid cipher_oids[CIPHERS] = {
	[MC_AES256_CBC] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a } },
	[MC_AES192_CBC] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16 } },
	[MC_AES128_CBC] = { 9,
	    { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02 } },
	[MC_DES3_CBC] = { 8,
	    { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07 } },
};
static const struct mc_oid id_enveloped_data = { 9,
	{ 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03 } };
static const struct mc_oid rsa_encryption = { 9,
	{ 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 } };

struct envelope {
	struct mc_envelope_facts facts;
	struct mc_ber recipients;
	uint8_t iv[MC_UNWRAP_BLOCK];
	struct mc_buf content; /* encrypted */
};

static void
envelope_clear(struct envelope *v)
{
	mc_buf_clear(&v->content);
}
#define AUTO_ENVELOPE __attribute__((cleanup(envelope_clear))) struct envelope

struct recipient {
	struct mc_ber_item issuer;
	struct mc_ber_item serial;
	struct mc_buf key; /* encrypted */
};

static void
recipient_clear(struct recipient *r)
{
	mc_buf_clear(&r->key);
}
#define AUTO_RECIPIENT                                                         \
	__attribute__((cleanup(recipient_clear))) struct recipient

/* AlgorithmIdentifier of rsaEncryption, whose NULL some leave out. */
static bool
key_transport(struct mc_ber *info, struct mc_err *e)
{
	static const char what[] = "keyEncryptionAlgorithm";
	struct mc_ber alg;
	size_t which;

	return mc_ber_expect(info, MC_BER_SEQUENCE, what, &alg, e) &&
	    mc_ber_oid_of(&alg, &rsa_encryption, 1, what, &which, e) &&
	    (mc_ber_done(&alg) || mc_ber_null(&alg, what, e)) &&
	    mc_ber_end(&alg, what, e);
}

/* KeyTransRecipientInfo (RFC 5652 section 6.2.1), by issuer and serial. */
static bool
recipient_parse(struct mc_ber *set, struct recipient *r, struct mc_err *e)
{
	struct mc_ber info;
	struct mc_ber rid;
	unsigned version;

	return mc_ber_expect(
		   set, MC_BER_SEQUENCE, "KeyTransRecipientInfo", &info, e) &&
	    mc_ber_uint(&info, "KeyTransRecipientInfo.version", &version, e) &&
	    mc_ber_expect(
		&info, MC_BER_SEQUENCE, "IssuerAndSerialNumber", &rid, e) &&
	    mc_ber_next(&rid, "issuer", &r->issuer, e) &&
	    mc_ber_next(&rid, "serialNumber", &r->serial, e) &&
	    mc_ber_end(&rid, "IssuerAndSerialNumber", e) &&
	    key_transport(&info, e) &&
	    mc_ber_octets(&info, MC_BER_OCTETS, "encryptedKey", &r->key, e) &&
	    mc_ber_end(&info, "KeyTransRecipientInfo", e);
}

static bool
count_recipients(struct mc_ber set, size_t *n, struct mc_err *e)
{
	for (*n = 0; !mc_ber_done(&set); ++*n) {
		AUTO_RECIPIENT r = { 0 };

		if (!recipient_parse(&set, &r, e))
			return false;
	}
	return *n > 0 || mc_fail(e, MC_MALFORMED, "recipientInfos: none");
}

/* contentEncryptionAlgorithm: the cipher and its IV. */
static bool
cipher_parse(struct mc_ber *info, struct envelope *v, struct mc_err *e)
{
	static const char what[] = "contentEncryptionAlgorithm";
	struct mc_ber alg;
	struct mc_ber iv;
	size_t which;

	if (!mc_ber_expect(info, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_oid_of(&alg, cipher_oids, CIPHERS, what, &which, e) ||
	    !mc_ber_expect(&alg, MC_BER_OCTETS, "IV", &iv, e) ||
	    !mc_ber_end(&alg, what, e))
		return false;
	v->facts.cipher = (enum mc_cipher)which;
	if (iv.len != ciphers[which].block)
		return mc_fail(e, MC_MALFORMED, "IV: %zu bytes", iv.len);
	memcpy(v->iv, iv.p, iv.len);
	return true;
}

/* EncryptedContentInfo (section 6.1). */
static bool
content_parse(struct mc_ber *data, struct envelope *v, struct mc_err *e)
{
	static const char what[] = "encryptedContent";
	struct mc_ber info;

	if (!mc_ber_expect(
		data, MC_BER_SEQUENCE, "EncryptedContentInfo", &info, e) ||
	    !mc_ber_oid(
		&info, &mc_oid_data, "EncryptedContentInfo.contentType", e) ||
	    !cipher_parse(&info, v, e) ||
	    !mc_ber_octets(
		&info, MC_BER_CONTEXT_PRIMITIVE(0), what, &v->content, e) ||
	    !mc_ber_end(&info, "EncryptedContentInfo", e))
		return false;
	if (v->content.len == 0 ||
	    v->content.len % ciphers[v->facts.cipher].block)
		return mc_fail(e, MC_MALFORMED, "%s: not whole blocks", what);
	return true;
}

/*
 * ContentInfo around EnvelopedData, with neither originatorInfo nor
 * unprotectedAttrs.  Versions 0 to 2 are in use whatever the content.
 */
static bool
envelope_parse(const struct mc_buf *msg, struct envelope *v, struct mc_err *e)
{
	struct mc_ber top;
	struct mc_ber info;
	struct mc_ber explicit;
	struct mc_ber data;
	unsigned version = 0;

	mc_ber_init(&top, msg->data, msg->len);
	if (!mc_ber_check(&top, "message", e) ||
	    !mc_ber_expect(&top, MC_BER_SEQUENCE, "ContentInfo", &info, e) ||
	    !mc_ber_end(&top, "message", e) ||
	    !mc_ber_oid(&info, &id_enveloped_data, "contentType", e) ||
	    !mc_ber_expect(&info, MC_BER_CONTEXT(0), "content", &explicit, e) ||
	    !mc_ber_end(&info, "ContentInfo", e) ||
	    !mc_ber_expect(
		&explicit, MC_BER_SEQUENCE, "EnvelopedData", &data, e) ||
	    !mc_ber_end(&explicit, "content", e) ||
	    !mc_ber_uint(&data, "EnvelopedData.version", &version, e) ||
	    !mc_ber_expect(
		&data, MC_BER_SET, "recipientInfos", &v->recipients, e) ||
	    !count_recipients(v->recipients, &v->facts.recipients, e) ||
	    !content_parse(&data, v, e) ||
	    !mc_ber_end(&data, "EnvelopedData", e))
		return false;
	return version <= 2 ||
	    mc_fail(e, MC_MALFORMED, "EnvelopedData.version: %u", version);
}

bool
mc_envelope_parse(
    const struct mc_buf *msg, struct mc_envelope_facts *out, struct mc_err *e)
{
	AUTO_ENVELOPE v = { 0 };

	if (!envelope_parse(msg, &v, e))
		return mc_note(e, "EnvelopedData");
	*out = v.facts;
	return true;
}

/* *ours: does the identifier name this certificate? */
static bool
recipient_match(
    const struct recipient *r, const X509 *cert, bool *ours, struct mc_err *e)
{
	const uint8_t *p = r->issuer.p;
	AUTO(X509_NAME) *issuer = d2i_X509_NAME(NULL, &p, (long)r->issuer.len);
	const uint8_t *q = r->serial.p;
	AUTO(ASN1_INTEGER) *serial = d2i_ASN1_INTEGER(
	    NULL, &q, (long)r->serial.len);

	if (!issuer || p != r->issuer.p + r->issuer.len || !serial ||
	    q != r->serial.p + r->serial.len) {
		ERR_clear_error();
		return mc_fail(e, MC_MALFORMED, "IssuerAndSerialNumber");
	}
	*ours = ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(cert)) == 0 &&
	    X509_NAME_cmp(issuer, X509_get_issuer_name(cert)) == 0;
	return true;
}

static bool
find_recipient(const struct envelope *v, const X509 *cert, struct mc_buf *key,
    struct mc_err *e)
{
	struct mc_ber set = v->recipients;
	bool ours;

	while (!mc_ber_done(&set)) {
		AUTO_RECIPIENT r = { 0 };

		if (!recipient_parse(&set, &r, e) ||
		    !recipient_match(&r, cert, &ours, e))
			return false;
		if (!ours)
			continue;
		mc_buf_swap(&r.key, key);
		return true;
	}
	return mc_fail(e, MC_DENIED, "it is not addressed to this certificate");
}

static bool
open_content(const struct envelope *v, const struct mc_buf *encrypted_key,
    EVP_PKEY *pkey, struct mc_buf *content, struct mc_err *e)
{
	const struct cipher *c = &ciphers[v->facts.cipher];
	uint8_t key[MC_UNWRAP_KEY];
	bool done;

	done = mc_unwrap_key(pkey, encrypted_key, c->key, key, e) &&
	    mc_unwrap_cbc(
		&(struct mc_unwrap_cipher){ c->name, c->block, key, v->iv },
		&v->content, content, e);
	OPENSSL_cleanse(key, sizeof(key));
	return done;
}

bool
mc_envelope_open(const struct mc_buf *msg, X509 *cert, EVP_PKEY *key,
    bool any_recipient, struct mc_buf *content, struct mc_err *e)
{
	AUTO_ENVELOPE v = { 0 };
	AUTO_BUF encrypted_key = MC_BUF_INIT;

	if (!EVP_PKEY_is_a(key, "RSA") ||
	    X509_check_private_key(cert, key) != 1) {
		ERR_clear_error();
		return mc_fail(
		    e, MC_USAGE, "the key is not the certificate's RSA key");
	}
	if (!envelope_parse(msg, &v, e))
		return mc_note(e, "EnvelopedData");
	if (v.facts.recipients != 1 && !any_recipient)
		return mc_fail(e, MC_MALFORMED,
		    "EnvelopedData: %zu recipients instead of one",
		    v.facts.recipients);
	return (find_recipient(&v, cert, &encrypted_key, e) &&
		   open_content(&v, &encrypted_key, key, content, e)) ||
	    mc_note(e, "EnvelopedData");
}

static bool
is_rsa(const X509 *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert);
	bool rsa = key && EVP_PKEY_is_a(key, "RSA");

	ERR_clear_error();
	return rsa;
}

bool
mc_envelope_recipient_check(X509 *cert, struct mc_err *e)
{
	if (!is_rsa(cert))
		return mc_fail(e, MC_USAGE,
		    "its key is not RSA: nothing can be encrypted to it");
	/* without the extension all usages are allowed, and all bits set */
	if (!(X509_get_key_usage(cert) & KU_KEY_ENCIPHERMENT))
		return mc_fail(e, MC_USAGE,
		    "its key usage does not allow keyEncipherment");
	return true;
}

bool
mc_envelope_seal(const struct mc_buf *content, const mc_certs *certs,
    enum mc_cipher cipher, struct mc_buf *der, struct mc_err *e)
{
	AUTO(EVP_CIPHER) *c = EVP_CIPHER_fetch(
	    NULL, ciphers[cipher].name, NULL);
	AUTO(mc_certs_lent) *to = sk_X509_dup(certs);
	AUTO(BIO) *in = mc_bio_view(content);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = NULL;

	if (!c || !to || !in || !out)
		return mc_fail_ossl(e, MC_INTERNAL, "EnvelopedData");
	if (sk_X509_num(to) < 1)
		return mc_fail(e, MC_USAGE, "no recipient");
	for (int i = 0; i < sk_X509_num(to); i++)
		if (!is_rsa(sk_X509_value(to, i)))
			return mc_fail(
			    e, MC_USAGE, "a recipient's key is not RSA");
	cms = CMS_encrypt(to, in, c, CMS_BINARY);
	if (!cms || i2d_CMS_bio(out, cms) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "EnvelopedData");
	return mc_bio_drain(out, der, e);
}

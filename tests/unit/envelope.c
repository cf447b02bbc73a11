/* SPDX-License-Identifier: ISC */
#include "crypto/unwrap.h"

#include "envelope_help.h"

/* What libcrypto thinks is inside: for tests of good input only. */
static bool
cms_decrypts(
    const struct mc_buf *der, const struct party *p, const struct mc_buf *want)
{
	AUTO(BIO) *in = mc_bio_view(der);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = d2i_CMS_bio(in, NULL);
	AUTO_BUF got = MC_BUF_INIT;

	return cms && CMS_decrypt(cms, p->key, p->cert, NULL, out, 0) == 1 &&
	    mc_bio_drain(out, &got, &e) && same(&got, want);
}

/* The same by libcrypto: definite, or BER with split strings. */
static bool
cms_encrypts(const struct mc_buf *content, const struct party *p,
    unsigned flags, const EVP_CIPHER *cipher, struct mc_buf *to)
{
	AUTO(BIO) *in = mc_bio_view(content);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_encrypt(p->certs, in, cipher, flags);

	return cms && i2d_CMS_bio_stream(out, cms, in, (int)flags) == 1 &&
	    mc_bio_drain(out, to, &e);
}

static void
round_trips(const struct party *p)
{
	static const size_t lens[] = { 0, 1, 7, 8, 15, 16, 17, 40 };
	const EVP_CIPHER *evp[] = { EVP_aes_256_cbc(), EVP_aes_192_cbc(),
		EVP_aes_128_cbc(), EVP_des_ede3_cbc() };
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		fill(&text, lens[i]);
		for (unsigned c = 0; c < 4; c++) {
			AUTO_BUF ours = MC_BUF_INIT;
			AUTO_BUF der = MC_BUF_INIT;
			AUTO_BUF ber = MC_BUF_INIT;

			ok(mc_envelope_seal(
			    &text, p->certs, (enum mc_cipher)c, &ours, &e));
			ok(mc_envelope_parse(&ours, &facts, &e) &&
			    facts.cipher == c && facts.recipients == 1);
			ok(opens(&ours, p, false, &text));
			ok(cms_decrypts(&ours, p, &text));
			ok(cms_encrypts(&text, p, CMS_BINARY, evp[c], &der));
			ok(opens(&der, p, false, &text));
			ok(cms_encrypts(
			    &text, p, CMS_BINARY | CMS_STREAM, evp[c], &ber));
			ok(ber.len && ber.data[1] == 0x80);
			ok(opens(&ber, p, true, &text));
		}
	}
}

/* RSA without padding: the block as it is. */
static bool
raw_encrypt(EVP_PKEY *key, const uint8_t *block, size_t len, struct mc_buf *to)
{
	AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t out[512];
	size_t n = sizeof(out);

	mc_buf_clear(to);
	return ctx && EVP_PKEY_encrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	    EVP_PKEY_encrypt(ctx, out, &n, block, len) == 1 &&
	    mc_buf_add(to, out, n, &e);
}

/* A well-formed block for a key of n bytes, all of them 0x4b. */
static void
good_block(uint8_t *block, size_t len, size_t n)
{
	memset(block, 0xa5, len);
	block[0] = 0;
	block[1] = 2;
	block[len - n - 1] = 0;
	memset(block + len - n, 0x4b, n);
}

static bool
unwraps(EVP_PKEY *key, const uint8_t *block, size_t len, size_t n)
{
	AUTO_BUF wrapped = MC_BUF_INIT;
	uint8_t a[MC_UNWRAP_KEY] = { 0 };
	uint8_t b[MC_UNWRAP_KEY] = { 0 };
	uint8_t planted[MC_UNWRAP_KEY];

	memset(planted, 0x4b, sizeof(planted));
	ok(raw_encrypt(key, block, len, &wrapped));
	ok(mc_unwrap_key(key, NULL, &wrapped, n, a, &e));
	ok(mc_unwrap_key(key, NULL, &wrapped, n, b, &e));
	ok(memcmp(a, b, sizeof(a)) == 0);
	ok(ERR_peek_error() == 0);
	return memcmp(a, planted, n) == 0;
}

static void
key_padding(EVP_PKEY *key)
{
	static const size_t sizes[] = { 16, 24, 32 };
	const size_t len = 256;
	uint8_t block[256];

	for (size_t i = 0; i < 3; i++) {
		size_t n = sizes[i];
		size_t sep = len - n - 1;

		good_block(block, len, n);
		ok(unwraps(key, block, len, n));
		block[1] = 1;
		ok(!unwraps(key, block, len, n));
		block[1] = 3;
		ok(!unwraps(key, block, len, n));
		block[1] = 2;
		block[0] = 0x40;
		ok(!unwraps(key, block, len, n));
		block[0] = 0;
		block[sep] = 1;
		ok(!unwraps(key, block, len, n));
		block[sep] = 0;
		/* a zero before the separator means a key of another length */
		block[2] = 0;
		ok(!unwraps(key, block, len, n));
		block[2] = 1;
		block[sep - 1] = 0;
		ok(!unwraps(key, block, len, n));
		block[sep - 1] = 0xff;
		block[sep / 2] = 0;
		ok(!unwraps(key, block, len, n));
		block[sep / 2] = 0x80;
		ok(unwraps(key, block, len, n));
	}
	memset(block, 0, len);
	ok(!unwraps(key, block, len, 32));
}

/* What is no ciphertext at all is rejected in the same silence. */
static void
no_ciphertext(EVP_PKEY *key)
{
	AUTO_BUF big = MC_BUF_INIT;
	AUTO_BUF none = MC_BUF_INIT;
	uint8_t a[MC_UNWRAP_KEY];
	uint8_t b[MC_UNWRAP_KEY];

	for (int i = 0; i < 256; i++)
		ok(mc_buf_add(&big, "\xff", 1, &e));
	ok(mc_unwrap_key(key, NULL, &big, 32, a, &e));
	ok(mc_buf_add(&big, "\xff", 1, &e));
	ok(mc_unwrap_key(key, NULL, &big, 32, b, &e));
	ok(memcmp(a, b, sizeof(a)) != 0);
	ok(mc_unwrap_key(key, NULL, &none, 32, a, &e));
	ok(memcmp(a, b, sizeof(a)) != 0);
	ok(ERR_peek_error() == 0);
}

/* Encrypt whole blocks as they are, then see how long the pad is thought. */
static int
pad_seen(const uint8_t *plain, size_t len)
{
	static const uint8_t key[32] = { 1 };
	static const uint8_t iv[16] = { 2 };
	static const struct mc_unwrap_cipher c = { NULL, "AES-256-CBC", 16, key,
		iv };
	AUTO(EVP_CIPHER_CTX) *ctx = EVP_CIPHER_CTX_new();
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	uint8_t bytes[64];
	int n = 0;

	if (!ctx ||
	    EVP_EncryptInit_ex2(ctx, EVP_aes_256_cbc(), key, iv, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1 ||
	    EVP_EncryptUpdate(ctx, bytes, &n, plain, (int)len) != 1 ||
	    !mc_buf_add(&in, bytes, (size_t)n, &e))
		return -2;
	if (!mc_unwrap_cbc(&c, &in, &out, &e))
		return out.len == 0 && e.code == MC_DENIED &&
			strcmp(e.text, "it cannot be decrypted") == 0
		    ? -1
		    : -2;
	if (out.len > len || (out.len && memcmp(out.data, plain, out.len)))
		return -2;
	return (int)(len - out.len);
}

static void
cbc_padding(void)
{
	uint8_t plain[32];

	for (int n = 0; n < 256; n++) {
		bool good = n >= 1 && n <= 16;

		memset(plain, 0x33, sizeof(plain));
		for (int i = 1; i <= n && i <= 32; i++)
			plain[32 - i] = (uint8_t)n;
		plain[31] = (uint8_t)n;
		ok(pad_seen(plain, 32) == (good ? n : -1));
		if (!good || n == 1)
			continue;
		for (int i = 2; i <= n; i++) {
			plain[32 - i] ^= 0x80;
			ok(pad_seen(plain, 32) == -1);
			plain[32 - i] ^= 0x80;
		}
		plain[31 - n] = (uint8_t)n;
		ok(pad_seen(plain, 32) == n);
	}
	memset(plain, 16, 16);
	ok(pad_seen(plain, 16) == 16);
}

/* Another's key under our name: nothing useful, always the same nothing. */
static void
wrong_key(const struct party *p, const struct party *stranger)
{
	static const char want[] = "EnvelopedData: it cannot be decrypted";
	AUTO_BUF text = MC_BUF_INIT;

	fill(&text, 100);
	for (int i = 0; i < 40; i++) {
		AUTO_BUF der = MC_BUF_INIT;
		AUTO_BUF a = MC_BUF_INIT;
		AUTO_BUF b = MC_BUF_INIT;
		bool first;

		ok(mc_envelope_seal(
		    &text, stranger->certs, MC_AES128_CBC, &der, &e));
		e = (struct mc_err)MC_ERR_INIT;
		first = mc_envelope_open(&der, p->cert, p->key, false, &a, &e);
		ok(first ||
		    (e.code == MC_DENIED && a.len == 0 &&
			strcmp(e.text, want) == 0));
		ok(!first || memcmp(a.data, text.data, 16) != 0);
		ok(mc_envelope_open(&der, p->cert, p->key, false, &b, &e) ==
			first &&
		    a.len == b.len &&
		    memcmp(mc_buf_str(&a), mc_buf_str(&b), a.len) == 0);
	}
}

/* Change the byte at off, or cut there, or add one: how it is refused. */
static void
damage(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	size_t len;

	fill(&text, 20);
	ok(mc_envelope_seal(&text, p->certs, MC_AES256_CBC, &der, &e));
	ok(mc_buf_add(&der, "", 1, &e));
	ok(!mc_envelope_open(&der, p->cert, p->key, false, &got, &e) &&
	    e.code == MC_MALFORMED);
	ok(strcmp(e.text, "EnvelopedData: message: cut short") == 0);
	len = --der.len;
	for (der.len = 0; der.len < len; der.len++)
		ok(!mc_envelope_open(&der, p->cert, p->key, false, &got, &e) &&
		    e.code == MC_MALFORMED && got.len == 0);
	/* no single byte brings it down or gives the content out */
	for (size_t i = 0; i < len; i++) {
		AUTO_BUF out = MC_BUF_INIT;

		der.data[i] ^= 0x21;
		if (mc_envelope_open(&der, p->cert, p->key, false, &out, &e))
			ok(out.len != text.len ||
			    memcmp(out.data, text.data, out.len) != 0 ||
			    i < len - 36 /* a looser spelling of the same */);
		else
			ok(out.len == 0 && e.text[0]);
		der.data[i] ^= 0x21;
	}
	ok(opens(&der, p, false, &text));
}

/* der with the n bytes at from, which occur once, replaced. */
static bool
patch(struct mc_buf *der, const void *from, const void *to, size_t n)
{
	uint8_t *at = memmem(der->data, der->len, from, n);

	if (!at)
		return false;
	memcpy(at, to, n);
	return true;
}
#define PATCH(der, from, to) patch((der), (from), (to), sizeof(from) - 1)

static void
structure(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	fill(&text, 20);
	ok(mc_envelope_seal(&text, p->certs, MC_AES256_CBC, &der, &e));
	/* AES-256-GCM, then single DES: known, not allowed */
	ok(PATCH(&der, "\x03\x04\x01\x2a", "\x03\x04\x01\x2e"));
	ok(!mc_envelope_parse(&der, &facts, &e) && e.code == MC_DENIED);
	ok(PATCH(&der, "\x03\x04\x01\x2e", "\x03\x04\x01\x2a"));
	/* RSAES-OAEP with no parameters */
	ok(PATCH(&der, "\x0d\x01\x01\x01\x05", "\x0d\x01\x01\x07\x05"));
	ok(!mc_envelope_parse(&der, &facts, &e) && e.code == MC_MALFORMED);
	ok(PATCH(&der, "\x0d\x01\x01\x07\x05", "\x0d\x01\x01\x01\x05"));
	/* signedData; content that is not id-data */
	ok(PATCH(&der, "\x0d\x01\x07\x03", "\x0d\x01\x07\x02"));
	ok(!mc_envelope_parse(&der, &facts, &e) && e.code == MC_MALFORMED);
	ok(PATCH(&der, "\x0d\x01\x07\x02", "\x0d\x01\x07\x03"));
	ok(PATCH(&der, "\x0d\x01\x07\x01", "\x0d\x01\x07\x02"));
	ok(!mc_envelope_parse(&der, &facts, &e) && e.code == MC_MALFORMED);
	ok(PATCH(&der, "\x0d\x01\x07\x02", "\x0d\x01\x07\x01"));
	ok(opens(&der, p, false, &text));
	ok(mc_envelope_is_for(&der, p->cert, false));
	ok(mc_envelope_is_for(&der, p->cert, true));
	/* our name with another serial */
	ok(PATCH(&der, "\x02\x10\x40\x01", "\x02\x10\x40\x02"));
	ok(!mc_envelope_open(&der, p->cert, p->key, false, &got, &e) &&
	    e.code == MC_DENIED &&
	    strcmp(e.text,
		"EnvelopedData: it is not addressed to this "
		"certificate") == 0);
	ok(!mc_envelope_is_for(&der, p->cert, false));
	ok(!mc_envelope_is_for(&der, p->cert, true));
	ok(!mc_envelope_is_for(&text, p->cert, true));
}

/* Our serial and our key under another name: another's. */
static void
other_name(const struct party *p)
{
	struct party twin = { 0 };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	EVP_PKEY_up_ref(p->key);
	ok(party_new(&twin, "/O=ACME/CN=RB", p->key, 0));
	ok(mc_envelope_seal(&text, twin.certs, MC_AES256_CBC, &der, &e));
	ok(opens(&der, &twin, false, &text));
	ok(!mc_envelope_open(&der, p->cert, p->key, false, &got, &e) &&
	    e.code == MC_DENIED);
	party_clear(&twin);
}

/*
 * The DER of an envelope with its three outer lengths indefinite, first put
 * after the version and last at the end of EnvelopedData, after at the end.
 */
static bool
stretched(const struct party *p, const char *first, const char *last,
    const char *after, struct mc_buf *to)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	/* 30 82 .. .. OID(11) a0 82 .. .. 30 82 .. .. 02 01 00 ... */
	mc_buf_clear(to);
	fill(&text, 200);
	ok(mc_envelope_seal(&text, p->certs, MC_AES256_CBC, &der, &e));
	ok(der.data[1] == 0x82 && der.data[16] == 0x82 && der.data[20] == 0x82);
	ok(mc_buf_add(to, "\x30\x80", 2, &e) &&
	    mc_buf_add(to, der.data + 4, 11, &e) &&
	    mc_buf_add(to, "\xa0\x80\x30\x80", 4, &e) &&
	    mc_buf_add(to, der.data + 23, 3, &e) &&
	    mc_buf_add(to, first, *first ? 2 : 0, &e) &&
	    mc_buf_add(to, der.data + 26, der.len - 26, &e) &&
	    mc_buf_add(to, last, *last ? 2 : 0, &e) &&
	    mc_buf_add(to, "\0\0\0\0\0", 6, &e) && mc_buf_puts(to, after, &e));
	return mc_envelope_parse(to, &facts, &e);
}

static void
optional_parts(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF ber = MC_BUF_INIT;

	fill(&text, 200);
	ok(stretched(p, "", "", "", &ber));
	ok(opens(&ber, p, false, &text));
	/* originatorInfo, unprotectedAttrs, something behind it all */
	ok(!stretched(p, "\xa0", "", "", &ber) && e.code == MC_MALFORMED);
	ok(!stretched(p, "", "\xa1", "", &ber) && e.code == MC_MALFORMED);
	ok(!stretched(p, "", "", "\x04\x01x", &ber) && e.code == MC_MALFORMED);
	ok(!stretched(p, "", "", "x", &ber) && e.code == MC_MALFORMED);
}

/* Structures that we never asked for, from a library that makes them. */
static void
other_shapes(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF by_key_id = MC_BUF_INIT;
	AUTO_BUF gcm = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	fill(&text, 20);
	ok(cms_encrypts(&text, p, CMS_BINARY | CMS_USE_KEYID, EVP_aes_256_cbc(),
	    &by_key_id));
	ok(!mc_envelope_parse(&by_key_id, &facts, &e) &&
	    e.code == MC_MALFORMED);
	ok(cms_encrypts(&text, p, CMS_BINARY, EVP_aes_256_gcm(), &gcm));
	ok(!mc_envelope_parse(&gcm, &facts, &e) && e.code == MC_MALFORMED);
}

static void
several(const struct party *p, struct party *other)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	AUTO(mc_certs_lent) *both = sk_X509_new_null();
	struct mc_envelope_facts facts;

	fill(&text, 20);
	ok(sk_X509_push(both, other->cert) && sk_X509_push(both, p->cert));
	ok(mc_envelope_seal(&text, both, MC_AES256_CBC, &der, &e));
	ok(mc_envelope_parse(&der, &facts, &e) && facts.recipients == 2);
	ok(opens(&der, p, true, &text));
	ok(opens(&der, other, true, &text));
	ok(mc_envelope_is_for(&der, p->cert, true));
	ok(mc_envelope_is_for(&der, other->cert, true));
	ok(!mc_envelope_is_for(&der, p->cert, false));
	ok(!mc_envelope_open(&der, p->cert, p->key, false, &got, &e) &&
	    e.code == MC_MALFORMED);
	ok(!mc_envelope_open(&der, p->cert, other->key, true, &got, &e) &&
	    e.code == MC_USAGE);
}

static void
recipients(const struct party *p)
{
	struct party signs = { 0 };
	struct party curve = { 0 };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	ok(mc_envelope_recipient_check(p->cert, &e));
	ok(party_new(&signs, "/O=ACME/CN=RA", rsa(2048), KU_DIGITAL_SIGNATURE));
	ok(!mc_envelope_recipient_check(signs.cert, &e) && e.code == MC_USAGE);
	ok(party_new(&curve, "/O=ACME/CN=RA", EVP_EC_gen("P-256"), 0));
	ok(!mc_envelope_recipient_check(curve.cert, &e) && e.code == MC_USAGE);
	ok(!mc_envelope_seal(&text, curve.certs, MC_AES256_CBC, &der, &e) &&
	    e.code == MC_USAGE && der.len == 0);
	/* a device's temporary certificate may say anything about its use */
	ok(mc_envelope_seal(&text, signs.certs, MC_AES256_CBC, &der, &e));
	ok(opens(&der, &signs, false, &text));
	party_clear(&signs);
	party_clear(&curve);
}

int
main(void)
{
	struct party p = { 0 };
	struct party stranger = { 0 };
	struct party other = { 0 };

	ok(party_new(&p, "/O=ACME/CN=RA", rsa(2048), KU_KEY_ENCIPHERMENT));
	ok(party_new(&stranger, "/O=ACME/CN=RA", rsa(2048), 0));
	ok(party_new(&other, "/O=ACME/CN=RA", rsa(3072), 0));
	round_trips(&p);
	key_padding(p.key);
	no_ciphertext(p.key);
	cbc_padding();
	wrong_key(&p, &stranger);
	damage(&p);
	structure(&p);
	other_name(&p);
	optional_parts(&p);
	other_shapes(&p);
	recipients(&p);
	/* until here all had one serial */
	ok(X509_set_serialNumber(other.cert, X509_get_serialNumber(p.cert)));
	ASN1_INTEGER_set(X509_get_serialNumber(other.cert), 7);
	several(&p, &other);
	party_clear(&p);
	party_clear(&stranger);
	party_clear(&other);
	return done();
}

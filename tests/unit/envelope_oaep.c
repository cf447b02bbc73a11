/* SPDX-License-Identifier: ISC */
/*
 * Envelopes with RSAES-OAEP: ours, libcrypto's, the openssl program's, and
 * blocks made by hand.
 */
#include "crypto/unwrap.h"

#include "envelope_help.h"

static const char *const digests[] = { "SHA1", "SHA256", "SHA384", "SHA512" };
static const size_t sizes[] = { 20, 32, 48, 64 };

static bool
seals(const struct mc_buf *text, const struct party *p, const char *oaep,
    struct mc_buf *der)
{
	const struct mc_seal_spec spec = {
		.cipher = MC_AES256_CBC, .certs = p->certs, .oaep = oaep
	};

	mc_buf_clear(der);
	return mc_envelope_seal_spec(text, &spec, der, &e);
}

/* By libcrypto, with what it lets us choose. */
static bool
other_seals(const struct mc_buf *text, const struct party *p, const char *md,
    const char *mask, const char *label, struct mc_buf *der)
{
	const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_KEY_PARAM;
	AUTO(BIO) *in = mc_bio_view(text);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_encrypt(
	    NULL, NULL, EVP_aes_128_cbc(), flags);
	CMS_RecipientInfo *ri = CMS_add1_recipient_cert(cms, p->cert, flags);
	EVP_PKEY_CTX *ctx = CMS_RecipientInfo_get0_pkey_ctx(ri);

	mc_buf_clear(der);
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, md, NULL) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, mask, NULL) == 1 &&
	    (!label ||
		EVP_PKEY_CTX_set0_rsa_oaep_label(
		    ctx, OPENSSL_strdup(label), (int)strlen(label)) == 1) &&
	    CMS_final(cms, in, NULL, flags) == 1 &&
	    i2d_CMS_bio(out, cms) == 1 && mc_bio_drain(out, der, &e);
}

static void
round_trips(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	fill(&text, 50);
	ok(party_put(p));
	for (size_t i = 0; i < 4; i++) {
		printf("# %s\n", digests[i]);
		ok(seals(&text, p, digests[i], &der));
		ok(mc_envelope_parse(&der, &facts, &e) &&
		    facts.transport == MC_TRANSPORT_OAEP && facts.oaep &&
		    strcmp(facts.oaep, digests[i]) == 0);
		ok(opens(&der, p, 0, &text));
		ok(mc_envelope_is_for(&der, p->cert, false));
		ok(openssl(&der, &got,
		    "cms -decrypt -binary -inform DER -inkey key.pem "
		    "-recip cert.pem"));
		ok(same(&got, &text));
		ok(openssl(&text, &der,
		    "cms -encrypt -binary -outform DER -aes128 -recip cert.pem "
		    "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:%s "
		    "-keyopt rsa_mgf1_md:%s",
		    digests[i], digests[i]));
		ok(opens(&der, p, 0, &text));
		ok(openssl(&text, &der,
		    "cms -encrypt -binary -stream -outform DER -aes192 "
		    "-recip cert.pem -keyopt rsa_padding_mode:oaep "
		    "-keyopt rsa_oaep_md:%s",
		    digests[i]));
		ok(opens(&der, p, MC_OPEN_ANY, &text));
		ok(other_seals(&text, p, digests[i], digests[i], NULL, &der));
		ok(opens(&der, p, 0, &text));
	}
	ok(openssl(&text, &der,
	    "cms -encrypt -binary -outform DER -recip cert.pem "
	    "-keyopt rsa_padding_mode:oaep"));
	ok(mc_envelope_parse(&der, &facts, &e) &&
	    strcmp(facts.oaep, "SHA1") == 0);
	ok(opens(&der, p, 0, &text));
}

static bool
refused(const struct mc_buf *der, const struct party *p, enum mc_code code,
    const char *text)
{
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	e = (struct mc_err)MC_ERR_INIT;
	if (mc_envelope_parse(der, &facts, &e) || e.code != code ||
	    strcmp(e.text, text) != 0)
		return printf("# %d %s\n", (int)e.code, e.text) < 0;
	return !mc_envelope_open(der, p->cert, p->key, MC_OPEN_ANY, &got, &e) &&
	    e.code == code && got.len == 0 && strcmp(e.text, text) == 0;
}
#define WHERE "EnvelopedData: keyEncryptionAlgorithm: RSAES-OAEP: "

static void
parameters(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	fill(&text, 50);
	ok(other_seals(&text, p, "SHA256", "SHA1", NULL, &der));
	ok(refused(&der, p, MC_DENIED, WHERE "SHA256 with a mask of SHA1"));
	ok(other_seals(&text, p, "SHA1", "SHA512", NULL, &der));
	ok(refused(&der, p, MC_DENIED, WHERE "SHA1 with a mask of SHA512"));
	ok(other_seals(&text, p, "SHA224", "SHA224", NULL, &der));
	ok(refused(
	    &der, p, MC_DENIED, WHERE "hashAlgorithm: not an allowed one"));
	ok(other_seals(&text, p, "SHA256", "SHA256", "label", &der));
	ok(refused(&der, p, MC_DENIED, WHERE "pSourceAlgorithm: a label"));
	/* MGF1 is pkcs-1 8, and what is 9 is no mask */
	ok(seals(&text, p, "SHA256", &der));
	ok(SPLICE(&der, "\x0d\x01\x01\x08", "\x0d\x01\x01\x09"));
	ok(refused(
	    &der, p, MC_DENIED, WHERE "maskGenAlgorithm: not an allowed one"));
	/* the default parameters, spelt out */
	ok(seals(&text, p, "SHA1", &der));
	ok(SPLICE(&der, "\x0d\x01\x01\x07\x30\x00",
	    "\x0d\x01\x01\x07\x30\x0b\xa0\x09\x30\x07\x06\x05"
	    "\x2b\x0e\x03\x02\x1a"));
	ok(opens(&der, p, 0, &text));
	ok(SPLICE(
	    &der, "\x0d\x01\x01\x07\x30\x0b", "\x0d\x01\x01\x07\x30\x0a"));
	ok(refused(&der, p, MC_MALFORMED, "EnvelopedData: message: cut short"));
	/* something behind them; no parameters at all */
	ok(seals(&text, p, "SHA1", &der));
	ok(SPLICE(&der, "\x0d\x01\x01\x07\x30\x00",
	    "\x0d\x01\x01\x07\x30\x02\xa4\x00"));
	ok(refused(&der, p, MC_MALFORMED,
	    WHERE "RSAES-OAEP-params: 2 bytes too many"));
	ok(seals(&text, p, "SHA1", &der));
	ok(SPLICE(&der, "\x0d\x01\x01\x07\x30\x00", "\x0d\x01\x01\x07"));
	ok(refused(
	    &der, p, MC_MALFORMED, WHERE "RSAES-OAEP-params: is missing"));
}

/* RFC 8017 appendix B.2.1, once more and in other words. */
static void
mask(const char *md, size_t n, const uint8_t *seed, size_t seed_len,
    uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
		uint8_t counter[4] = { 0, 0, 0, (uint8_t)(i / n) };
		uint8_t h[EVP_MAX_MD_SIZE] = { 0 };

		ok(ctx &&
		    EVP_DigestInit_ex2(ctx, EVP_get_digestbyname(md), NULL) ==
			1 &&
		    EVP_DigestUpdate(ctx, seed, seed_len) == 1 &&
		    EVP_DigestUpdate(ctx, counter, 4) == 1 &&
		    EVP_DigestFinal_ex(ctx, h, NULL) == 1);
		for (; i % n < n && i < len; i++) {
			data[i] ^= h[i % n];
			if (i % n == n - 1)
				break;
		}
	}
}

/* A block for one content key of 0x4b bytes, and where to damage it. */
struct block {
	size_t md;     /* in digests */
	size_t key;    /* bytes */
	size_t at;     /* of the data block ... */
	uint8_t flip;  /* ... what to change there */
	uint8_t first; /* byte of the block */
};

static bool
unwraps(EVP_PKEY *key, const struct block *b)
{
	const char *md = digests[b->md];
	size_t n = sizes[b->md];
	uint8_t em[256] = { b->first };
	uint8_t *db = em + 1 + n;
	size_t len = sizeof(em) - 1 - n;
	uint8_t out[256];
	uint8_t got[MC_UNWRAP_KEY] = { 0 };
	uint8_t again[MC_UNWRAP_KEY] = { 0 };
	uint8_t planted[MC_UNWRAP_KEY];
	size_t size = sizeof(out);
	AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new(key, NULL);
	AUTO_BUF wrapped = MC_BUF_INIT;

	memset(planted, 0x4b, sizeof(planted));
	memset(em + 1, 0x5a, n);
	ok(EVP_Q_digest(NULL, md, NULL, "", 0, db, &size));
	db[len - b->key - 1] = 1;
	memset(db + len - b->key, 0x4b, b->key);
	db[b->at] ^= b->flip;
	mask(md, n, em + 1, n, db, len);
	mask(md, n, db, len, em + 1, n);
	size = sizeof(out);
	ok(EVP_PKEY_encrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	    EVP_PKEY_encrypt(ctx, out, &size, em, sizeof(em)) == 1 &&
	    mc_buf_add(&wrapped, out, size, &e));
	ok(mc_unwrap_key(key, md, &wrapped, 16, got, &e));
	ok(mc_unwrap_key(key, md, &wrapped, 16, again, &e));
	ok(memcmp(got, again, sizeof(got)) == 0 && ERR_peek_error() == 0);
	return memcmp(got, planted, 16) == 0;
}

static void
padding(EVP_PKEY *key)
{
	for (size_t md = 0; md < 4; md++) {
		size_t n = sizes[md];
		size_t len = 255 - n;
		struct block b = { .md = md, .key = 16 };

		ok(unwraps(key, &b));
		/* Manger's byte, alone and with another fault */
		b.first = 1;
		ok(!unwraps(key, &b));
		b.flip = 1;
		ok(!unwraps(key, &b));
		b.first = 0;
		/* the label's hash, the zeros, the separator */
		for (b.at = 0; b.at < len - 16; b.at++)
			ok(!unwraps(key, &b));
		b.at = len - 17;
		b.flip = 3;
		ok(!unwraps(key, &b));
		b.flip = 0;
		/* keys of other lengths */
		b.key = 15;
		ok(!unwraps(key, &b));
		b.key = 17;
		ok(!unwraps(key, &b));
		b.key = 32;
		ok(!unwraps(key, &b));
	}
}

/* What is no ciphertext, and a key with no room. */
static void
no_room(EVP_PKEY *key)
{
	AUTO(EVP_PKEY) *small = EVP_RSA_gen(1024);
	AUTO_BUF big = MC_BUF_INIT;
	uint8_t a[MC_UNWRAP_KEY];

	fill(&big, 256);
	memset(big.data, 0xff, big.len);
	ok(mc_unwrap_key(key, "SHA256", &big, 32, a, &e));
	ok(mc_buf_add(&big, "", 1, &e));
	ok(mc_unwrap_key(key, "SHA256", &big, 32, a, &e));
	big.len = 128;
	ok(mc_unwrap_key(small, "SHA1", &big, 32, a, &e));
	ok(!mc_unwrap_key(small, "SHA512", &big, 32, a, &e) &&
	    e.code == MC_DENIED);
	ok(ERR_peek_error() == 0);
}

/* Another's key under our name: nothing useful, always the same nothing. */
static void
wrong_key(const struct party *p, const struct party *stranger)
{
	AUTO_BUF text = MC_BUF_INIT;

	fill(&text, 100);
	for (int i = 0; i < 40; i++) {
		AUTO_BUF der = MC_BUF_INIT;
		AUTO_BUF a = MC_BUF_INIT;
		AUTO_BUF b = MC_BUF_INIT;
		bool first;

		ok(seals(&text, stranger, "SHA256", &der));
		first = mc_envelope_open(&der, p->cert, p->key, 0, &a, &e);
		ok(first ? memcmp(a.data, text.data, 16) != 0
			 : e.code == MC_DENIED && a.len == 0 &&
			    strcmp(e.text,
				"EnvelopedData: it cannot be decrypted") == 0);
		ok(mc_envelope_open(&der, p->cert, p->key, 0, &b, &e) ==
			first &&
		    same(&a, &b));
	}
}

int
main(void)
{
	struct party p = { 0 };
	struct party stranger = { 0 };

	ok(folder_new());
	ok(party_new(&p, "/O=ACME/CN=RA", rsa(2048), KU_KEY_ENCIPHERMENT));
	ok(party_new(&stranger, "/O=ACME/CN=RA", rsa(2048), 0));
	round_trips(&p);
	parameters(&p);
	padding(p.key);
	no_room(p.key);
	wrong_key(&p, &stranger);
	party_clear(&p);
	party_clear(&stranger);
	folder_remove();
	return done();
}

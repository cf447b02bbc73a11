/* SPDX-License-Identifier: ISC */
/* Envelopes for passwords: ours, libcrypto's, and the openssl program's. */
#include "crypto/envelope_gate.h"

#include "envelope_help.h"

#define WORD "correct horse"
#define WRONG "EnvelopedData: it cannot be decrypted"

/* By libcrypto, which knows PBKDF2 with SHA-1 and salts of eight bytes. */
struct other {
	const EVP_CIPHER *cipher;
	const EVP_CIPHER *kek;
	int iterations;
	const struct party *too; /* a recipient beside the password */
};

static void
word(struct mc_buf *b, const char *s)
{
	mc_buf_clear(b);
	ok(mc_buf_puts(b, s, &e));
}

static bool
other_seals(const struct other *o, const struct mc_buf *text, struct mc_buf *to)
{
	const unsigned flags = CMS_BINARY | CMS_PARTIAL;
	AUTO(BIO) *in = mc_bio_view(text);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_encrypt(NULL, NULL, o->cipher, flags);
	unsigned char *pass = (unsigned char *)OPENSSL_strdup(WORD);

	mc_buf_clear(to);
	return in && out && cms && pass &&
	    CMS_add0_recipient_password(cms, o->iterations, NID_id_alg_PWRI_KEK,
		NID_id_pbkdf2, pass, sizeof(WORD) - 1, o->kek) &&
	    (!o->too || CMS_add1_recipient_cert(cms, o->too->cert, flags)) &&
	    CMS_final(cms, in, NULL, flags) == 1 &&
	    i2d_CMS_bio(out, cms) == 1 && mc_bio_drain(out, to, &e);
}

static bool
other_opens(
    const struct mc_buf *der, const char *pass, const struct mc_buf *want)
{
	AUTO(BIO) *in = mc_bio_view(der);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = d2i_CMS_bio(in, NULL);
	AUTO_BUF got = MC_BUF_INIT;
	unsigned char copy[64];

	memcpy(copy, pass, strlen(pass) + 1);
	return cms && CMS_decrypt_set1_password(cms, copy, -1) == 1 &&
	    CMS_decrypt(cms, NULL, NULL, NULL, out, 0) == 1 &&
	    mc_bio_drain(out, &got, &e) && same(&got, want);
}

static bool
reads(const struct mc_buf *der, const char *pass, const struct mc_buf *want)
{
	AUTO_BUF password = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	word(&password, pass);
	return mc_envelope_open_password(der, &password, &got, &e) &&
	    same(&got, want);
}

static bool
seals(const struct mc_buf *text, enum mc_cipher cipher, struct mc_buf *der)
{
	AUTO_BUF password = MC_BUF_INIT;
	const struct mc_seal_spec spec = { .cipher = cipher,
		.password = &password };

	word(&password, WORD);
	mc_buf_clear(der);
	return mc_envelope_seal_spec(text, &spec, der, &e);
}

static bool
refused(const struct mc_buf *der, enum mc_code code, const char *text)
{
	AUTO_BUF password = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	word(&password, WORD);
	e = (struct mc_err)MC_ERR_INIT;
	if (mc_envelope_open_password(der, &password, &got, &e) || got.len ||
	    e.code != code || strcmp(e.text, text) != 0)
		return printf("# %d %s\n", (int)e.code, e.text) < 0;
	/* what is seen without a password is seen by everybody */
	return strcmp(text, WRONG) == 0 ||
	    (!mc_envelope_parse(der, &facts, &e) && e.code == code &&
		strcmp(e.text, text) == 0);
}

static const struct {
	const char *flag;
	size_t key;
} ciphers[] = {
	[MC_AES256_CBC] = { "aes256", 32 },
	[MC_AES192_CBC] = { "aes192", 24 },
	[MC_AES128_CBC] = { "aes128", 16 },
	[MC_DES3_CBC] = { "des3", 24 },
};

static void
round_trips(void)
{
	static const size_t lens[] = { 0, 1, 15, 16, 17, 100, 300 };
	const EVP_CIPHER *evp[] = { EVP_aes_256_cbc(), EVP_aes_192_cbc(),
		EVP_aes_128_cbc(), EVP_des_ede3_cbc() };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	for (unsigned c = 0; c < 4; c++)
		for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
			const struct other o = { evp[c], NULL, 2048, NULL };

			fill(&text, lens[i]);
			ok(seals(&text, (enum mc_cipher)c, &der));
			ok(mc_envelope_parse(&der, &facts, &e) &&
			    facts.cipher == c && facts.recipients == 1 &&
			    facts.transport == MC_TRANSPORT_PASSWORD &&
			    !facts.oaep &&
			    facts.iterations == MC_PBKDF2_ITERATIONS);
			ok(reads(&der, WORD, &text));
			ok(other_opens(&der, WORD, &text));
			ok(other_seals(&o, &text, &der));
			ok(mc_envelope_parse(&der, &facts, &e) &&
			    facts.iterations == 2048);
			ok(reads(&der, WORD, &text));
		}
}

/* Both ways with the program. */
static void
program(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	fill(&text, 77);
	for (unsigned c = 0; c < 4; c++) {
		ok(openssl(&text, &der,
		    "cms -encrypt -binary -outform DER -%s -pwri_password '%s'",
		    ciphers[c].flag, WORD));
		ok(reads(&der, WORD, &text));
		ok(openssl(&text, &der,
		    "cms -encrypt -binary -stream -outform DER -%s "
		    "-pwri_password '%s'",
		    ciphers[c].flag, WORD));
		ok(der.len > 2 && der.data[1] == 0x80);
		ok(reads(&der, WORD, &text));
		ok(seals(&text, (enum mc_cipher)c, &der));
		ok(openssl(&der, &got,
		    "cms -decrypt -binary -inform DER -pwri_password '%s'",
		    WORD));
		ok(same(&got, &text));
	}
}

/* Another digest for PBKDF2: the key wrapped anew, and put in its place. */
static void
digests(void)
{
	static const char *const name[] = { "SHA1", "SHA384", "SHA512" };
	static const char oid[][9] = { "\x0d\x02\x07\x05", "\x0d\x02\x0a\x05",
		"\x0d\x02\x0b\x05" };
	AUTO_BUF password = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	word(&password, WORD);
	fill(&text, 40);
	for (size_t i = 0; i < 3; i++) {
		AUTO_BUF der = MC_BUF_INIT;
		AUTO_BUF wrapped = MC_BUF_INIT;
		AUTO_ENVELOPE v = { 0 };
		AUTO_RECIPIENT r = { 0 };
		struct mc_pwri_key key = { .len = 32 };

		ok(seals(&text, MC_AES256_CBC, &der));
		ok(mc_gate_envelope(&der, &v, &e) &&
		    mc_gate_recipient(&v.recipients, &r, &e));
		ok(mc_pwri_unwrap(&r.password, &password, &r.key, &key, &e) &&
		    key.good == UINT32_MAX);
		r.password.prf = name[i];
		ok(mc_pwri_wrap(
		    &r.password, &password, key.b, 32, &wrapped, &e));
		ok(splice(
		    &der, r.key.data, r.key.len, wrapped.data, wrapped.len));
		ok(!reads(&der, WORD, &text) && strcmp(e.text, WRONG) == 0);
		ok(splice(&der, "\x0d\x02\x09\x05", 4, oid[i], 4));
		ok(reads(&der, WORD, &text));
		ok(other_opens(&der, WORD, &text));
	}
}

static void
wrong_passwords(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF none = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	char pass[32];

	fill(&text, 30);
	ok(seals(&text, MC_AES128_CBC, &der));
	for (int i = 0; i < 300; i++) {
		snprintf(pass, sizeof(pass), "wrong %d", i);
		ok(!reads(&der, pass, &text) && e.code == MC_DENIED &&
		    strcmp(e.text, WRONG) == 0);
	}
	ok(!mc_envelope_open_password(&der, &none, &got, &e) &&
	    e.code == MC_DENIED && strcmp(e.text, WRONG) == 0);
	ok(!reads(&der, WORD " ", &text) && !reads(&der, "correct", &text));
	ok(got.len == 0 && ERR_peek_error() == 0);
}

/* A byte of the wrapped key, or of the content's padding: one text. */
static void
damage(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_ENVELOPE v = { 0 };
	AUTO_RECIPIENT r = { 0 };
	uint8_t *at;

	fill(&text, 20);
	ok(seals(&text, MC_AES256_CBC, &der));
	ok(mc_gate_envelope(&der, &v, &e) &&
	    mc_gate_recipient(&v.recipients, &r, &e));
	at = memmem(der.data, der.len, r.key.data, r.key.len);
	ok(at && r.key.len == 48);
	/* any bit of the last two blocks reaches the check bytes */
	for (size_t i = 0; at && i < r.key.len; i++) {
		at[i] ^= 1;
		ok(!reads(&der, WORD, &text));
		ok(i < 16 || refused(&der, MC_DENIED, WRONG));
		at[i] ^= 1;
	}
	/* only the count or a check byte, by the IV: the key is right */
	at = memmem(der.data, der.len, r.password.iv, 16);
	ok(at != NULL);
	for (size_t i = 0; at && i < 4; i++) {
		at[i] ^= 4;
		ok(refused(&der, MC_DENIED, WRONG));
		at[i] ^= 4;
	}
	/* the padding's length, by the block before */
	der.data[der.len - 17] ^= 0x80;
	ok(refused(&der, MC_DENIED, WRONG));
	der.data[der.len - 17] ^= 0x80;
	ok(reads(&der, WORD, &text));
	while (der.len-- > 1) {
		AUTO_BUF got = MC_BUF_INIT;

		ok(!mc_envelope_open_password(&der, &text, &got, &e) &&
		    e.code == MC_MALFORMED && got.len == 0);
	}
}

/* libcrypto checks what it unwraps too loosely: ours wants the exact length. */
static void
key_length(void)
{
	AUTO_BUF password = MC_BUF_INIT;
	AUTO_BUF wrapped = MC_BUF_INIT;
	const struct mc_pwri p = { .prf = "SHA1",
		.salt_len = 8,
		.iterations = 1,
		.kek = MC_AES128_CBC };
	const uint8_t key[32] = { 1, 2, 3 };
	struct mc_pwri_key got = { .len = 32 };

	word(&password, WORD);
	ok(mc_pwri_wrap(&p, &password, key, 32, &wrapped, &e));
	ok(mc_pwri_unwrap(&p, &password, &wrapped, &got, &e) &&
	    got.good == UINT32_MAX && memcmp(got.b, key, 32) == 0);
	for (got.len = 1; got.len < 32; got.len++)
		ok(mc_pwri_unwrap(&p, &password, &wrapped, &got, &e) &&
		    got.good == 0);
	got.len = 33;
	ok(!mc_pwri_unwrap(&p, &password, &wrapped, &got, &e) &&
	    e.code == MC_MALFORMED);
	got.len = 32;
	wrapped.len -= 16;
	ok(!mc_pwri_unwrap(&p, &password, &wrapped, &got, &e) &&
	    e.code == MC_MALFORMED);
	got.len = 8;
	wrapped.len = 16;
	ok(!mc_pwri_unwrap(&p, &password, &wrapped, &got, &e) &&
	    e.code == MC_MALFORMED);
	wrapped.len = 33;
	ok(!mc_pwri_unwrap(&p, &password, &wrapped, &got, &e) &&
	    e.code == MC_MALFORMED);
}

/* The structure, patched: iterations are 02 02 27 10, then comes the prf. */
static void
limits(void)
{
	static const struct {
		const char *from;
		size_t n;
		const char *to;
		size_t m;
		enum mc_code code;
		const char *text;
	} row[] = {
#define ROW(from, to, code, text)                                              \
	{ from, sizeof(from) - 1, to, sizeof(to) - 1, code,                    \
		"EnvelopedData: " text }
		ROW("\x02\x02\x27\x10\x30", "\x02\x03\x01\x86\xa1\x30",
		    MC_DENIED,
		    "iterationCount: 100001; 1 to 100000 are "
		    "accepted"),
		ROW("\x02\x02\x27\x10\x30", "\x02\x04\x7f\xff\xff\xff\x30",
		    MC_DENIED,
		    "iterationCount: 2147483647; 1 to 100000 are "
		    "accepted"),
		ROW("\x02\x02\x27\x10\x30", "\x02\x05\x01\x00\x00\x00\x00\x30",
		    MC_MALFORMED, "iterationCount: out of range"),
		ROW("\x02\x02\x27\x10\x30", "\x02\x01\x00\x30", MC_DENIED,
		    "iterationCount: 0; 1 to 100000 are accepted"),
		ROW("\x02\x02\x27\x10\x30", "\x02\x02\x27\x10\x02\x01\x10\x30",
		    MC_MALFORMED, "keyLength: 16"),
		/* hmacWithSHA224, DES for the key, scrypt, RC2-wrap */
		ROW("\x0d\x02\x09\x05", "\x0d\x02\x08\x05", MC_DENIED,
		    "prf: not an allowed one"),
		ROW("\x0d\x01\x05\x0c", "\x0d\x01\x05\x0d", MC_DENIED,
		    "keyDerivationAlgorithm: not an allowed one"),
		ROW("\x09\x10\x03\x09", "\x09\x10\x03\x07", MC_DENIED,
		    "keyEncryptionAlgorithm: not an allowed one"),
		ROW("\x01\x05\x0c\x30\x24\x04\x10",
		    "\x01\x05\x0c\x30\x24\x0c\x10", MC_MALFORMED,
		    "salt: tag 0c instead of 04"),
	};
	AUTO_BUF text = MC_BUF_INIT;

	fill(&text, 200);
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		AUTO_BUF der = MC_BUF_INIT;

		printf("# %s\n", row[i].text);
		ok(seals(&text, MC_AES256_CBC, &der));
		ok(splice(&der, row[i].from, row[i].n, row[i].to, row[i].m));
		ok(refused(&der, row[i].code, row[i].text));
	}
}

static void
salts(void)
{
	static const size_t lens[] = { 8, 64, 7, 65, 0 };
	AUTO_BUF text = MC_BUF_INIT;
	char salt[2 + 65];
	struct mc_envelope_facts facts;

	fill(&text, 200);
	memset(salt, 's', sizeof(salt));
	salt[0] = 0x04;
	for (size_t i = 0; i < 5; i++) {
		AUTO_BUF der = MC_BUF_INIT;
		uint8_t *at;
		bool fits = lens[i] >= 8 && lens[i] <= 64;

		ok(seals(&text, MC_AES256_CBC, &der));
		at = memmem(der.data, der.len, "\x30\x24\x04\x10", 4);
		ok(at != NULL);
		if (!at)
			continue;
		salt[1] = (char)lens[i];
		ok(splice(&der, at + 2, 18, salt, 2 + lens[i]) ||
		    lens[i] == 65);
		ok(mc_envelope_parse(&der, &facts, &e) == fits);
		ok(fits || e.code == MC_DENIED || lens[i] == 65);
	}
}

/* keyLength that is right; libcrypto's other shapes. */
static void
shapes(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	AUTO_BUF password = MC_BUF_INIT;
	struct other o = { EVP_aes_128_cbc(), NULL, 1, NULL };
	struct mc_envelope_facts facts;

	fill(&text, 200);
	word(&password, WORD);
	ok(seals(&text, MC_AES256_CBC, &der));
	ok(SPLICE(
	    &der, "\x02\x02\x27\x10\x30", "\x02\x02\x27\x10\x02\x01\x20\x30"));
	ok(reads(&der, WORD, &text));
	/* one round, and the most */
	ok(other_seals(&o, &text, &der) && reads(&der, WORD, &text));
	o.iterations = MC_PBKDF2_MAX;
	ok(other_seals(&o, &text, &der) && reads(&der, WORD, &text));
	o.iterations = MC_PBKDF2_MAX + 1;
	ok(other_seals(&o, &text, &der) &&
	    refused(&der, MC_DENIED,
		"EnvelopedData: iterationCount: 100001; 1 to 100000 are "
		"accepted"));
	o.iterations = 1000;
	o.kek = EVP_aes_256_cbc();
	ok(other_seals(&o, &text, &der) && reads(&der, WORD, &text));
	/* what a policy on 3DES is told by the cipher of the content */
	o.kek = EVP_des_ede3_cbc();
	ok(other_seals(&o, &text, &der) &&
	    refused(&der, MC_DENIED,
		"EnvelopedData: keyEncryptionAlgorithm: 3DES for content under "
		"AES"));
	o.cipher = EVP_des_ede3_cbc();
	o.kek = EVP_aes_256_cbc();
	ok(other_seals(&o, &text, &der) && reads(&der, WORD, &text));
	/* a certificate beside it */
	o.too = p;
	ok(other_seals(&o, &text, &der));
	ok(mc_envelope_parse(&der, &facts, &e) && facts.recipients == 2);
	ok(!mc_envelope_open_password(&der, &password, &got, &e) &&
	    e.code == MC_MALFORMED);
	ok(opens(&der, p, MC_OPEN_ANY, &text));
	ok(!opens(&der, p, 0, &text) && e.code == MC_MALFORMED);
	ok(mc_envelope_is_for(&der, p->cert, true));
	ok(!mc_envelope_is_for(&der, p->cert, false));
}

/* A password is no certificate, and the other way round. */
static void
mixed_up(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	AUTO_BUF empty = MC_BUF_INIT;
	struct mc_seal_spec spec = { .password = &empty };

	fill(&text, 20);
	ok(seals(&text, MC_AES256_CBC, &der));
	ok(!mc_envelope_is_for(&der, p->cert, false));
	ok(!mc_envelope_open(&der, p->cert, p->key, 0, &got, &e) &&
	    e.code == MC_DENIED &&
	    strcmp(e.text,
		"EnvelopedData: it is not addressed to this "
		"certificate") == 0);
	mc_buf_clear(&der);
	ok(mc_envelope_seal(&text, p->certs, MC_AES256_CBC, &der, &e));
	ok(!mc_envelope_open_password(&der, &text, &got, &e) &&
	    e.code == MC_DENIED &&
	    strcmp(e.text, "EnvelopedData: it is not sealed by a password") ==
		0);
	ok(!mc_envelope_seal_spec(&text, &spec, &got, &e) &&
	    e.code == MC_USAGE && got.len == 0);
	spec.password = &text;
	spec.cipher = MC_DES_CBC;
	ok(!mc_envelope_seal_spec(&text, &spec, &got, &e) &&
	    e.code == MC_USAGE && got.len == 0);
}

int
main(void)
{
	struct party p = { 0 };

	ok(folder_new());
	ok(party_new(&p, "/O=ACME/CN=RA", rsa(2048), 0));
	round_trips();
	program();
	digests();
	wrong_passwords();
	damage();
	key_length();
	limits();
	salts();
	shapes(&p);
	mixed_up(&p);
	party_clear(&p);
	folder_remove();
	return done();
}

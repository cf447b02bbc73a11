/* SPDX-License-Identifier: ISC */
/* Keys in every form, and PKCS #12 of old and new, made here. */
#include "crypto/identity.h"
#include "crypto/key.h"
#include "crypto/keyref.h"
#include "crypto/pbe.h"
#include "crypto/pkcs12.h"
#include "crypto/pkcs8.h"
#include "crypto/weak.h"
#include "folder_help.h"

#define PASS "s\xc3\xa9same"
#define MODERN NID_aes_256_cbc
#define OLD_KEY NID_pbe_WithSHA1And3_Key_TripleDES_CBC
#define OLD_CERT NID_pbe_WithSHA1And40BitRC2_CBC

static EVP_PKEY *key, *other;
static X509 *cert, *renewed, *stranger;

static void
cert_make(EVP_PKEY *of, const char *name, int64_t until, X509 **out)
{
	AUTO(X509_NAME) *subject = X509_NAME_new();
	struct mc_cert_spec spec = { .subject = subject,
		.key = of,
		.issuer_key = of,
		.not_before = T0,
		.not_after = until,
		.key_usage = KU_DIGITAL_SIGNATURE };

	ok(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
	       (const unsigned char *)name, -1, -1, 0) == 1);
	works(mc_cert_issue(&spec, out, e));
}

static void
setup(void)
{
	works(mc_key_new(MC_KEY_P256, 0, &key, e));
	works(mc_key_new(MC_KEY_P384, 0, &other, e));
	cert_make(key, "own", T0 + 1000, &cert);
	cert_make(key, "own, renewed", T0 + 2000, &renewed);
	cert_make(other, "stranger", T0 + 3000, &stranger);
}

static void
teardown(void)
{
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	X509_free(cert);
	X509_free(renewed);
	X509_free(stranger);
}

struct bundle {
	const char *password; /* NULL: none */
	EVP_PKEY *key;
	X509 *cert, *more[2];
	int key_nid, cert_nid, rounds, mac_rounds;
};

static bool
bundle_make(const struct bundle *b, struct mc_buf *to)
{
	AUTO(mc_certs_lent) *more = sk_X509_new_null();
	AUTO(PKCS12) *p12 = NULL;
	OSSL_LIB_CTX *ctx = NULL;
	unsigned char *der = NULL;
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < 2; i++)
		if (b->more[i])
			sk_X509_push(more, b->more[i]);
	if (b->cert_nid == OLD_CERT && !mc_weak_get(&ctx, &e))
		return false;
	p12 = PKCS12_create_ex(b->password, NULL, b->key, b->cert, more,
	    b->key_nid ? b->key_nid : MODERN,
	    b->cert_nid ? b->cert_nid : MODERN, b->rounds ? b->rounds : 1,
	    b->mac_rounds ? b->mac_rounds : 1, 0, ctx, NULL);
	return p12 && mc_der_take(&der, i2d_PKCS12(p12, &der), "p12", to, &e);
}

static bool
p12_load(const char *name, const char *passphrase, struct mc_identity *id,
    struct mc_err *e)
{
	AUTO_BUF secret = MC_BUF_INIT;
	const struct mc_identity_spec spec = { .p12 = in(name),
		.passphrase = passphrase ? &secret : NULL };
	bool done;

	if (passphrase && !mc_buf_puts(&secret, passphrase, e))
		return false;
	done = mc_identity_load(&spec, id, e);
	ok(ERR_peek_error() == 0);
	return done;
}

static void
p12_put(const char *name, struct bundle b)
{
	AUTO_BUF der = MC_BUF_INIT;

	ok(bundle_make(&b, &der));
	works(mc_file_save(in(name), &der, 0600, e));
}

#define P12(name, ...) p12_put(name, (struct bundle){ __VA_ARGS__ })

static void
p12_refused(const char *name, const char *passphrase, enum mc_code code,
    const char *text)
{
	AUTO_IDENTITY id = { 0 };

	refuses(p12_load(name, passphrase, &id, e), code, text);
}

/* It is our key, of the default context, and this certificate. */
static void
p12_is(const char *name, const char *passphrase, X509 *want, int chain)
{
	AUTO_IDENTITY id = { 0 };
	AUTO(EVP_MD_CTX) *md = EVP_MD_CTX_new();
	size_t len = 0;

	works(p12_load(name, passphrase, &id, e));
	ok(id.cert && X509_cmp(id.cert, want) == 0);
	ok(id.key && mc_key_equal(id.key, X509_get0_pubkey(want)));
	ok(id.chain && sk_X509_num(id.chain) == chain);
	ok(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, id.key) == 1 &&
	    EVP_DigestSign(md, NULL, &len, (const unsigned char *)"x", 1) == 1);
}

static void
test_pkcs12(void)
{
	P12("new.p12", .password = PASS, .key = key, .cert = cert,
	    .more = { stranger });
	p12_is("new.p12", PASS, cert, 1);
	p12_refused(
	    "new.p12", "sesame", MC_DENIED, "/new.p12: wrong passphrase");
	p12_refused("new.p12", "", MC_DENIED,
	    "/new.p12: wrong passphrase: it is not empty");
	p12_refused("new.p12", NULL, MC_MALFORMED,
	    "/new.p12: is encrypted, and no passphrase was given");
	p12_refused("absent.p12", NULL, MC_NOINPUT, "/absent.p12: ");
	P12("old.p12", .password = PASS, .key = key, .cert = cert,
	    .more = { stranger, renewed }, .key_nid = OLD_KEY,
	    .cert_nid = OLD_CERT);
	/* of two certificates of one key, the one that lasts */
	p12_is("old.p12", PASS, renewed, 2);
	p12_refused("old.p12", "sesame", MC_DENIED, "wrong passphrase");
	/* nothing of it is left in the default context */
	ok(!EVP_CIPHER_fetch(NULL, "RC2-40-CBC", NULL));
	ERR_clear_error();
}

static void
test_empty(void)
{
	P12("none.p12", .password = NULL, .key = key, .cert = cert);
	P12("empty.p12", .password = "", .key = key, .cert = cert);
	p12_is("none.p12", NULL, cert, 0);
	p12_is("empty.p12", NULL, cert, 0);
	p12_is("empty.p12", "", cert, 0);
	p12_refused("none.p12", "x", MC_DENIED,
	    "/none.p12: wrong passphrase: the file has none, or an empty one");
	p12_refused("empty.p12", "x", MC_DENIED,
	    "/empty.p12: wrong passphrase: the file has none, or an empty one");
}

static void
test_lacking(void)
{
	AUTO_BUF pem = MC_BUF_INIT;

	P12("cert.p12", .password = PASS, .key = NULL, .cert = cert,
	    .more = { stranger });
	p12_refused("cert.p12", PASS, MC_MALFORMED,
	    "/cert.p12: holds no private key, only 2 certificate(s): the "
	    "identity has to be exported, not its certificate");
	P12("key.p12", .password = PASS, .key = key, .cert = NULL);
	p12_refused("key.p12", PASS, MC_MALFORMED,
	    "/key.p12: holds a private key, and no certificate of it");
	P12("not.p12", .password = PASS, .key = key, .cert = NULL,
	    .more = { stranger });
	p12_refused("not.p12", PASS, MC_MALFORMED,
	    "/not.p12: holds a private key, and no certificate of it");
	P12("mac.p12", .password = PASS, .key = key, .cert = cert,
	    .mac_rounds = -1);
	p12_refused("mac.p12", PASS, MC_MALFORMED,
	    "/mac.p12: is PKCS #12 without a MAC");
	works(mc_pem_cert_encode(cert, &pem, e));
	works(mc_file_save(in("pem.p12"), &pem, 0600, e));
	p12_refused("pem.p12", PASS, MC_MALFORMED,
	    "/pem.p12: is PEM, not PKCS #12; --cert and --key take it");
	ok(put("junk.p12", "junk", 0600));
	p12_refused("junk.p12", PASS, MC_MALFORMED, "/junk.p12: ");
	ok(put("nothing.p12", "", 0600));
	p12_refused("nothing.p12", PASS, MC_MALFORMED, "/nothing.p12: ");
}

/* Two keys: which one is meant is not guessed. */
static void
test_two(void)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	AUTO(PKCS12) *p12 = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	unsigned char *p = NULL;

	ok(PKCS12_add_key(&bags, key, 0, 1, MODERN, PASS) &&
	    PKCS12_add_key(&bags, other, 0, 1, MODERN, PASS) &&
	    PKCS12_add_cert(&bags, cert) &&
	    PKCS12_add_safe(&safes, bags, -1, 0, NULL) == 1);
	p12 = PKCS12_add_safes(safes, 0);
	ok(p12 && PKCS12_set_mac(p12, PASS, -1, NULL, 0, 1, NULL) == 1);
	works(mc_der_take(&p, i2d_PKCS12(p12, &p), "p12", &der, e));
	works(mc_file_save(in("two.p12"), &der, 0600, e));
	p12_refused("two.p12", PASS, MC_MALFORMED,
	    "/two.p12: holds 2 private keys, and nothing says which one");
	/* the file's passphrase, but not its key's */
	ok(PKCS12_set_mac(p12, "else", -1, NULL, 0, 1, NULL) == 1);
	der.len = 0;
	works(mc_der_take(&p, i2d_PKCS12(p12, &p), "p12", &der, e));
	works(mc_file_save(in("two.p12"), &der, 0600, e));
	p12_refused("two.p12", "else", MC_DENIED,
	    "/two.p12: wrong passphrase: that of the file, but not of what");
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	sk_PKCS7_pop_free(safes, PKCS7_free);
}

static bool
opens(const struct mc_buf *der, unsigned *rounds, struct mc_err *e)
{
	AUTO_PKCS12 p = { 0 };
	AUTO_BUF pass = MC_BUF_INIT;
	bool done = mc_buf_puts(&pass, PASS, e) &&
	    mc_pkcs12_open(der, &pass, rounds, &p, e);

	/* whole, or nothing */
	ok(done ? p.keys == 1 && p.key && mc_key_equal(p.key, key) &&
		    sk_X509_num(p.certs) == 1 &&
		    X509_cmp(sk_X509_value(p.certs, 0), cert) == 0
		: !p.key && !p.certs);
	ok(ERR_peek_error() == 0);
	return done;
}

static void
test_budget(void)
{
	const struct bundle b = { .password = PASS,
		.key = key,
		.cert = cert,
		.rounds = 1000,
		.mac_rounds = 500 };
	AUTO_BUF der = MC_BUF_INIT;
	unsigned rounds = 2500;

	ok(bundle_make(&b, &der));
	works(opens(&der, &rounds, e));
	ok(rounds == 0);
	rounds = 2499;
	refuses(opens(&der, &rounds, e), MC_MALFORMED,
	    "wants 1000 rounds of hashing for its passphrase; 999 are left");
	rounds = 499;
	refuses(opens(&der, &rounds, e), MC_MALFORMED, "wants 500 rounds");
}

/* Every truncation, and each byte in turn changed. */
static void
test_tamper(void)
{
	const struct bundle b = { .password = PASS, .key = key, .cert = cert };
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	size_t whole, opened = 0;

	ok(bundle_make(&b, &der));
	whole = der.len;
	for (der.len = 0; der.len < whole; der.len++) {
		unsigned rounds = 5000;

		opened += opens(&der, &rounds, &e);
	}
	ok(opened == 0);
	for (size_t i = 0; i < whole; i++) {
		unsigned rounds = 5000;

		der.data[i] ^= 1;
		opened += opens(&der, &rounds, &e);
		der.data[i] ^= 1;
	}
	/* what says nothing: a parameter's NULL that is not looked at */
	printf("# opened %zu times\n", opened);
	ok(opened < 10);
}

static void
key_is(const struct mc_buf *der, const char *passphrase, enum mc_code code,
    const char *text)
{
	AUTO_BUF secret = MC_BUF_INIT;
	AUTO(EVP_PKEY) *got = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool done = (!passphrase || mc_buf_puts(&secret, passphrase, &e)) &&
	    mc_pem_key_parse(der, "k", passphrase ? &secret : NULL, &got, &e);

	ok(done == (code == MC_OK) && done == (got != NULL));
	ok(done ? mc_key_equal(got, key) : said(&e, code, text));
	ok(ERR_peek_error() == 0);
}

static bool
bare_encode(struct mc_buf *to)
{
	unsigned char *p = NULL;
	struct mc_err e = MC_ERR_INIT;

	return mc_der_take(&p, i2d_PrivateKey(key, &p), "key", to, &e);
}

static void
test_der(void)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	AUTO_BUF sec1 = MC_BUF_INIT;
	AUTO_BUF plain = MC_BUF_INIT;
	unsigned char *p = NULL;

	ok(bare_encode(&sec1));
	key_is(&sec1, NULL, MC_OK, "");
	/* a passphrase that nobody asks for does no harm */
	key_is(&sec1, PASS, MC_OK, "");
	works(mc_der_take(
	    &p, i2d_PKCS8_PRIV_KEY_INFO(info, &p), "key", &plain, e));
	key_is(&plain, NULL, MC_OK, "");
	works(mc_buf_add(&plain, "", 1, e));
	key_is(&plain, NULL, MC_MALFORMED, "k: holds no private key");
	plain.len -= 3;
	key_is(&plain, NULL, MC_MALFORMED, "k: holds no private key");
	PKCS8_PRIV_KEY_INFO_free(info);
}

/* PKCS #8 under a scheme, which wants the weak context to be made or not. */
static void
test_encrypted(int scheme, const char *cipher, bool weak)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	AUTO_BUF der = MC_BUF_INIT;
	OSSL_LIB_CTX *ctx = NULL;
	unsigned char *p = NULL;
	AUTO(EVP_CIPHER) *with = NULL;
	X509_SIG *sig;

	if (weak)
		works(mc_weak_get(&ctx, e));
	if (cipher)
		with = EVP_CIPHER_fetch(ctx, cipher, NULL);
	sig = PKCS8_encrypt_ex(
	    scheme, with, PASS, -1, NULL, 0, 1000, info, ctx, NULL);
	ok(sig != NULL);
	works(mc_der_take(&p, i2d_X509_SIG(sig, &p), "key", &der, e));
	key_is(&der, PASS, MC_OK, "");
	key_is(&der, "wrong", MC_DENIED, "k: wrong passphrase");
	key_is(&der, NULL, MC_MALFORMED,
	    "k: is encrypted, and no passphrase was given");
	X509_SIG_free(sig);
	PKCS8_PRIV_KEY_INFO_free(info);
}

/* RFC 1421's encryption; one wrong passphrase in 256 has right padding. */
static void
test_traditional(void)
{
	AUTO(BIO) *mem = BIO_new(BIO_s_mem());
	AUTO_BUF pem = MC_BUF_INIT;
	char wrong[16];

	ok(PEM_write_bio_PrivateKey_traditional(mem, key, EVP_aes_128_cbc(),
	       (const unsigned char *)PASS, (int)strlen(PASS), NULL,
	       NULL) == 1);
	works(mc_bio_drain(mem, &pem, e));
	key_is(&pem, PASS, MC_OK, "");
	key_is(&pem, NULL, MC_MALFORMED,
	    "k: is encrypted, and no passphrase was given");
	for (int i = 0; i < 600; i++) {
		snprintf(wrong, sizeof(wrong), "wrong %d", i);
		key_is(&pem, wrong, MC_DENIED, "k: wrong passphrase");
	}
}

static bool
pair(const char *c, const char *k, struct mc_identity *id, struct mc_err *e)
{
	const struct mc_identity_spec spec = { .cert = c ? in(c) : NULL,
		.key = k ? in(k) : NULL };

	return mc_identity_load(&spec, id, e);
}

static void
test_pair(void)
{
	AUTO_IDENTITY id = { 0 };
	AUTO_BUF chain = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	works(mc_pem_cert_encode(cert, &chain, e));
	works(mc_pem_cert_encode(stranger, &chain, e));
	works(mc_pem_key_encode(key, &pem, e));
	ok(bare_encode(&der));
	works(mc_file_save(in("c"), &chain, 0600, e));
	works(mc_file_save(in("k"), &der, 0600, e));
	works(pair("c", "k", &id, e));
	ok(X509_cmp(id.cert, cert) == 0 && sk_X509_num(id.chain) == 1);
	refuses(
	    pair("c", NULL, &id, e), MC_MALFORMED, "/c: holds no private key");
	/* the certificate was all right: it is the key's option */
	ok(id.cert != NULL);
	refuses(pair("k", "k", &id, e), MC_MALFORMED, "/k: ");
	ok(id.cert == NULL);
	works(mc_buf_add(&chain, pem.data, pem.len, e));
	works(mc_file_save(in("both"), &chain, 0600, e));
	works(pair("both", NULL, &id, e));
	pem.len = 0;
	works(mc_pem_key_encode(other, &pem, e));
	works(mc_file_save(in("o"), &pem, 0600, e));
	refuses(pair("c", "o", &id, e), MC_USAGE, "/o: not the key of /tmp");
	refuses(pair("new.p12", "k", &id, e), MC_USAGE,
	    "/new.p12: is PKCS #12, certificate and key in one; --p12 takes "
	    "it");
	refuses(
	    pair("c", "new.p12", &id, e), MC_USAGE, "/new.p12: is PKCS #12");
	refuses(pair(NULL, "k", &id, e), MC_USAGE, "want one of two");
	refuses(pair(NULL, NULL, &id, e), MC_USAGE, "want one of two");
}

static void
test_kinds(void)
{
	EVP_PKEY *p521 = EVP_EC_gen("P-521");
	EVP_PKEY *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	AUTO(EVP_PKEY) *got = NULL;
	AUTO_BUF pem = MC_BUF_INIT;

	works(mc_pem_key_encode(p521, &pem, e));
	works(mc_file_save(in("p521"), &pem, 0600, e));
	refuses(mc_identity_key_load(in("p521"), NULL, &got, e), MC_DENIED,
	    "/p521: an EC key on another curve than P-256 or P-384");
	pem.len = 0;
	works(mc_pem_key_encode(ed, &pem, e));
	works(mc_file_save(in("ed"), &pem, 0600, e));
	refuses(mc_identity_key_load(in("ed"), NULL, &got, e), MC_DENIED,
	    "/ed: a key that is neither RSA nor EC");
	works(mc_identity_key_load(in("o"), NULL, &got, e));
	EVP_PKEY_free(p521);
	EVP_PKEY_free(ed);
}

int
main(void)
{
	begin();
	setup();
	test_pkcs12();
	test_empty();
	test_lacking();
	test_two();
	test_budget();
	test_tamper();
	test_der();
	test_encrypted(-1, "AES-256-CBC", false);
	test_encrypted(OLD_KEY, NULL, false);
	test_encrypted(NID_pbe_WithSHA1And128BitRC4, NULL, true);
	test_encrypted(NID_pbeWithMD5AndDES_CBC, NULL, true);
	test_encrypted(-1, "DES-CBC", true);
	test_traditional();
	test_pair();
	test_kinds();
	teardown();
	end();
	return done();
}

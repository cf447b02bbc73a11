/* SPDX-License-Identifier: ISC */
/* Single DES and MD5: where they are, and where they are not. */
#include "crypto/weak.h"

#include "crypto/cms.h"

#include "envelope_help.h"

#define LEGACY "-provider legacy -provider default"

static bool
fetches(OSSL_LIB_CTX *ctx, const char *name)
{
	AUTO(EVP_CIPHER) *c = EVP_CIPHER_fetch(ctx, name, NULL);

	ERR_clear_error();
	return c != NULL;
}

/* What must not leak, whatever was done before. */
static void
default_is_clean(void)
{
	ok(!fetches(NULL, "DES-CBC"));
	ok(!fetches(NULL, "RC4") && !fetches(NULL, "RC2-CBC"));
	ok(fetches(NULL, "AES-128-CBC") && fetches(NULL, "DES-EDE3-CBC"));
	ok(ERR_peek_error() == 0);
}

static void
context(void)
{
	OSSL_LIB_CTX *one = NULL;
	OSSL_LIB_CTX *two = NULL;
	AUTO(EVP_MD) *md5 = NULL;

	default_is_clean();
	ok(mc_weak_get(&one, &e) && one);
	ok(mc_weak_get(&two, &e) && two == one);
	ok(fetches(one, "DES-CBC") && fetches(one, "AES-128-CBC"));
	md5 = EVP_MD_fetch(one, "MD5", NULL);
	ok(md5 != NULL);
	default_is_clean();
}

static void
des(const struct party *p)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_envelope_facts facts;

	fill(&text, 61);
	ok(party_put(p));
	ok(mc_envelope_seal(&text, p->certs, MC_DES_CBC, &der, &e));
	ok(mc_envelope_parse(&der, &facts, &e) && facts.cipher == MC_DES_CBC);
	ok(opens(&der, p, MC_OPEN_WEAK, &text));
	ok(opens(&der, p, MC_OPEN_WEAK | MC_OPEN_ANY, &text));
	for (unsigned any = 0; any <= 1; any++)
		ok(!mc_envelope_open(&der, p->cert, p->key, any, &got, &e) &&
		    got.len == 0 && e.code == MC_DENIED &&
		    strcmp(e.text, "EnvelopedData: it is under single DES") ==
			0);
	ok(openssl(&der, &got,
	    "cms -decrypt -binary -inform DER -inkey key.pem -recip "
	    "cert.pem " LEGACY));
	ok(same(&got, &text));
	ok(openssl(&text, &der,
	    "cms -encrypt -binary -outform DER -des -recip cert.pem " LEGACY));
	ok(opens(&der, p, MC_OPEN_WEAK, &text));
	ok(!opens(&der, p, 0, &text));
	/* by a password never */
	ok(openssl(&text, &der,
	    "cms -encrypt -binary -outform DER -des -pwri_password x " LEGACY));
	ok(!mc_envelope_parse(&der, &facts, &e) && e.code == MC_DENIED);
	default_is_clean();
}

/* By OAEP, and for somebody else: what holds for the others holds here. */
static void
des_and_keys(const struct party *p, const struct party *stranger)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_seal_spec spec = {
		.cipher = MC_DES_CBC, .certs = p->certs, .oaep = "SHA256"
	};

	fill(&text, 600);
	ok(mc_envelope_seal_spec(&text, &spec, &der, &e));
	ok(opens(&der, p, MC_OPEN_WEAK, &text));
	mc_buf_clear(&der);
	ok(mc_envelope_seal(&text, stranger->certs, MC_DES_CBC, &der, &e));
	if (mc_envelope_open(&der, p->cert, p->key, MC_OPEN_WEAK, &got, &e))
		ok(!same(&got, &text));
	else
		ok(e.code == MC_DENIED &&
		    strcmp(e.text, "EnvelopedData: it cannot be decrypted") ==
			0);
}

static enum mc_code
reads(const struct mc_buf *der, enum mc_gate gate, const struct mc_buf *want)
{
	AUTO(mc_signed) *s = NULL;
	AUTO_BUF got = MC_BUF_INIT;

	e = (struct mc_err)MC_ERR_INIT;
	if (!mc_signed_parse(der, gate, NULL, &s, &e) ||
	    !mc_signed_content(s, &got, &e))
		return e.code;
	ok(strcmp(mc_signed_digest(s), "MD5") == 0);
	return same(&got, want) ? MC_OK : MC_INTERNAL;
}

static void
md5(const struct party *p)
{
	const struct mc_cms_sign_spec spec = {
		.cert = p->cert, .key = p->key, .md = "MD5"
	};
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	fill(&text, 61);
	ok(party_put(p));
	ok(mc_cms_sign(&spec, &text, &der, &e));
	ok(reads(&der, MC_GATE_WEAK, &text) == MC_OK);
	ok(reads(&der, MC_GATE_FILE, &text) == MC_UNTRUSTED);
	ok(strcmp(e.text,
	       "signed over a digest other than SHA-1, SHA-256, SHA-384 or "
	       "SHA-512") == 0);
	ok(reads(&der, MC_GATE_STRICT, &text) == MC_UNTRUSTED);
	ok(openssl(&der, &got,
	    "cms -verify -binary -inform DER -certfile cert.pem "
	    "-CAfile cert.pem -purpose any"));
	ok(same(&got, &text));
	ok(openssl(&text, &der,
	    "cms -sign -nodetach -binary -outform DER -md md5 -signer cert.pem "
	    "-inkey key.pem"));
	ok(reads(&der, MC_GATE_WEAK, &text) == MC_OK);
	ok(reads(&der, MC_GATE_FILE, &text) == MC_UNTRUSTED);
	der.data[der.len - 1] ^= 1;
	ok(reads(&der, MC_GATE_WEAK, &text) == MC_ALTERED);
	ok(openssl(&text, &der,
	    "cms -sign -nodetach -binary -outform DER -md md4 -signer cert.pem "
	    "-inkey key.pem " LEGACY));
	ok(reads(&der, MC_GATE_WEAK, &text) == MC_UNTRUSTED);
	default_is_clean();
}

/* There is no ECDSA with MD5. */
static void
no_md5(const struct party *p)
{
	const struct mc_cms_sign_spec spec = {
		.cert = p->cert, .key = p->key, .md = "MD5"
	};
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	fill(&text, 9);
	ok(!mc_cms_sign(&spec, &text, &der, &e) && der.len == 0 && e.text[0]);
	printf("# %s\n", e.text);
	ok(ERR_peek_error() == 0);
}

int
main(void)
{
	struct party p = { 0 };
	struct party stranger = { 0 };
	struct party curve = { 0 };

	ok(folder_new());
	context();
	ok(party_new(&p, "/O=ACME/CN=RA", rsa(2048), 0));
	ok(party_new(&stranger, "/O=ACME/CN=RA", rsa(2048), 0));
	ok(party_new(&curve, "/O=ACME/CN=EC", EVP_EC_gen("P-256"), 0));
	des(&p);
	des_and_keys(&p, &stranger);
	md5(&p);
	no_md5(&curve);
	party_clear(&p);
	party_clear(&stranger);
	party_clear(&curve);
	folder_remove();
	return done();
}

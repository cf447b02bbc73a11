/* SPDX-License-Identifier: ISC */
/* Bytes that should be a certificate or PKCS #12. */
#include "crypto/look.h"

#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "crypto/pkcs12.h"

#include "tap.h"

static struct mc_err e;

static X509 *
make(EVP_PKEY *key, const char *subject, bool ca, X509 *issuer, EVP_PKEY *by)
{
	AUTO(X509_NAME) *name = NULL;
	X509 *cert = NULL;
	struct mc_cert_spec spec = { .key = key,
		.issuer = issuer,
		.issuer_key = by,
		.not_before = 1000000000,
		.not_after = 2000000000,
		.ca = ca,
		.path_len = -1 };

	if (!mc_name_parse(subject, &name, &e))
		return NULL;
	spec.subject = name;
	return mc_cert_issue(&spec, &cert, &e) ? cert : NULL;
}

static enum mc_blob
kind(const struct mc_buf *b)
{
	AUTO_BLOB_LOOK look = { 0 };

	if (!mc_blob_look_parse(b, &look, &e))
		return (enum mc_blob) - 1;
	if ((look.cert != NULL) != (look.certs > 0))
		return (enum mc_blob) - 2;
	return look.kind;
}

static void
certificates(X509 *root, X509 *leaf)
{
	struct mc_cert_look look;

	ok(mc_cert_look_init(&look, root, &e));
	ok(look.ca && look.self_issued && !look.weak_digest);
	ok(look.rsa_bits == 2048 && strcmp(look.digest, "SHA256") == 0);
	ok(look.not_before == 1000000000 && look.not_after == 2000000000);
	ok(mc_cert_look_init(&look, leaf, &e));
	ok(!look.ca && !look.self_issued && look.rsa_bits == 0);
}

static void
pem(X509 *root, X509 *leaf, EVP_PKEY *key)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BLOB_LOOK one = { 0 };
	AUTO_BLOB_LOOK two = { 0 };

	ok(mc_pem_cert_encode(root, &text, &e));
	ok(mc_blob_look_parse(&text, &one, &e));
	ok(one.pem && one.certs == 1 && !one.key && one.kind == MC_BLOB_CERT);
	ok(X509_cmp(one.cert, root) == 0);
	ok(mc_pem_cert_encode(leaf, &text, &e) &&
	    mc_pem_key_encode(key, &text, &e));
	ok(mc_blob_look_parse(&text, &two, &e));
	ok(two.pem && two.certs == 2 && two.key && two.kind == MC_BLOB_CERT);
	text.len = 60;
	ok(kind(&text) == MC_BLOB_UNKNOWN);
}

static void
others(X509 *root, EVP_PKEY *key)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF pub = MC_BUF_INIT;
	AUTO_BUF priv = MC_BUF_INIT;
	AUTO_BUF junk = MC_BUF_INIT;
	unsigned char *p = NULL;

	ok(kind(&junk) == MC_BLOB_EMPTY);
	ok(mc_buf_puts(&junk, "hello", &e) && kind(&junk) == MC_BLOB_UNKNOWN);
	ok(mc_cert_encode(root, &der, &e) && kind(&der) == MC_BLOB_CERT);
	ok(mc_buf_add(&der, "x", 1, &e) && kind(&der) == MC_BLOB_UNKNOWN);
	ok(mc_der_take(&p, i2d_PUBKEY(key, &p), "key", &pub, &e));
	ok(kind(&pub) == MC_BLOB_PUBLIC_KEY);
	p = NULL;
	ok(mc_der_take(&p, i2d_PrivateKey(key, &p), "key", &priv, &e));
	ok(kind(&priv) == MC_BLOB_KEY);
	ok(ERR_peek_error() == 0);
}

static bool
bundle(X509 *cert, EVP_PKEY *key, const char *password, int rounds,
    struct mc_buf *der)
{
	AUTO(PKCS12) *p12 = PKCS12_create(
	    password, NULL, key, cert, NULL, -1, -1, 1, rounds, 0);
	unsigned char *p = NULL;

	return p12 && mc_der_take(&p, i2d_PKCS12(p12, &p), "p12", der, &e);
}

static void
pkcs12(X509 *root, EVP_PKEY *key)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF dear = MC_BUF_INIT;
	AUTO_BUF bare = MC_BUF_INIT;
	AUTO_BUF cert = MC_BUF_INIT;
	unsigned rounds = 3000;

	ok(bundle(root, key, "se\xc3\xa9", 1000, &der));
	ok(mc_pkcs12_check(&der, &e) && kind(&der) == MC_BLOB_PKCS12);
	ok(mc_pkcs12_password_check(&der, "se\xc3\xa9", &rounds) ==
	    MC_PKCS12_RIGHT);
	ok(rounds == 2000);
	ok(mc_pkcs12_password_check(&der, "other", &rounds) == MC_PKCS12_WRONG);
	ok(rounds == 1000);
	/* a file that costs more than is left is not tried */
	ok(bundle(root, key, "x", 1001, &dear));
	ok(mc_pkcs12_password_check(&dear, "x", &rounds) == MC_PKCS12_UNKNOWN);
	ok(rounds == 1000);
	/* nor is one without a MAC */
	ok(bundle(root, key, "x", -1, &bare));
	ok(mc_pkcs12_check(&bare, &e));
	ok(mc_pkcs12_password_check(&bare, "x", &rounds) == MC_PKCS12_UNKNOWN);
	ok(ERR_peek_error() == 0);
	der.len -= 3;
	ok(!mc_pkcs12_check(&der, &e) && e.code == MC_MALFORMED);
	ok(mc_cert_encode(root, &cert, &e) && !mc_pkcs12_check(&cert, &e));
}

int
main(void)
{
	AUTO(EVP_PKEY) *rsa = NULL;
	AUTO(EVP_PKEY) *ec = NULL;
	AUTO(X509) *root = NULL;
	AUTO(X509) *leaf = NULL;

	ok(mc_key_new(MC_KEY_RSA, 2048, &rsa, &e) &&
	    mc_key_new(MC_KEY_P256, 0, &ec, &e));
	root = make(rsa, "/CN=Root", true, NULL, rsa);
	leaf = root ? make(ec, "/CN=leaf", false, root, rsa) : NULL;
	ok(root && leaf);
	if (!root || !leaf)
		return done();
	certificates(root, leaf);
	pem(root, leaf, ec);
	others(root, rsa);
	pkcs12(root, rsa);
	return done();
}

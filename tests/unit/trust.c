/* SPDX-License-Identifier: ISC */
#include "crypto/trust.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "crypto/pins.h"
#include "tap.h"

#define NOW INT64_C(1800000000)

static EVP_PKEY *keys[4];
static char dir[] = "/tmp/mc-trust-XXXXXX";

/* A certificate by issuer's key; its own where issuer is NULL. */
static X509 *
issue(const char *subject, EVP_PKEY *key, X509 *issuer, EVP_PKEY *by, bool ca,
    int64_t from, int64_t to)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;
	X509 *cert = NULL;
	struct mc_cert_spec spec = {
		.key = key,
		.issuer = issuer,
		.issuer_key = by,
		.not_before = from,
		.not_after = to,
		.ca = ca,
		.path_len = -1,
	};

	if (!mc_name_parse(subject, &name, &e))
		return NULL;
	spec.subject = name;
	return mc_cert_issue(&spec, &cert, &e) ? cert : NULL;
}

static const char *
saved(const char *file, X509 *cert)
{
	static char path[256];
	AUTO_BUF pem = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	ok(mc_pem_cert_encode(cert, &pem, &e) &&
	    mc_file_save(path, &pem, 0600, &e));
	return path;
}

static enum mc_code
check(const struct mc_trust *t, X509 *cert, X509 *helper, int64_t at,
    mc_certs **chain)
{
	AUTO(mc_certs_lent) *bag = sk_X509_new_null();
	struct mc_err e = MC_ERR_INIT;

	if (helper && sk_X509_push(bag, helper) <= 0)
		return MC_INTERNAL;
	if (mc_trust_check(t, cert, bag, at, chain, &e))
		return MC_OK;
	printf("# %s\n", e.text);
	return e.code;
}

static void
ordinary(void)
{
	AUTO(X509) *root = issue(
	    "/CN=root", keys[0], NULL, keys[0], true, NOW - 1000, NOW + 1000);
	AUTO(X509) *mid = issue(
	    "/CN=mid", keys[1], root, keys[0], true, NOW - 500, NOW + 500);
	AUTO(X509) *leaf = issue(
	    "/CN=leaf", keys[2], mid, keys[1], false, NOW - 100, NOW + 100);
	AUTO(X509) *fake = issue(
	    "/CN=mid", keys[3], NULL, keys[3], true, NOW - 500, NOW + 500);
	/* what a leaf signs is worth nothing */
	AUTO(X509) *sub = issue(
	    "/CN=sub", keys[3], leaf, keys[2], false, NOW - 99, NOW + 99);
	AUTO(mc_trust) *t = NULL;
	AUTO(mc_trust) *empty = NULL;
	AUTO(mc_certs) *chain = NULL;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_trust_new(&t, &e) && mc_trust_new(&empty, &e));
	ok(mc_trust_anchors_load(t, saved("root.pem", root), &e));
	ok(check(t, leaf, NULL, NOW, NULL) == MC_UNTRUSTED);
	ok(check(t, leaf, fake, NOW, NULL) == MC_UNTRUSTED);
	ok(check(t, leaf, mid, NOW, &chain) == MC_OK);
	ok(sk_X509_num(chain) == 3);
	ok(X509_cmp(sk_X509_value(chain, 0), leaf) == 0);
	ok(X509_cmp(sk_X509_value(chain, 2), root) == 0);
	ok(check(t, leaf, mid, NOW + 101, NULL) == MC_OUTOFDATE);
	ok(check(t, leaf, mid, NOW - 101, NULL) == MC_OUTOFDATE);
	ok(check(t, leaf, fake, NOW + 101, NULL) == MC_UNTRUSTED);
	ok(check(t, sub, leaf, NOW, NULL) == MC_UNTRUSTED);
	ok(check(empty, leaf, mid, NOW, NULL) == MC_UNTRUSTED);
	ok(mc_trust_chain_load(t, saved("mid.pem", mid), &e));
	ok(check(t, leaf, NULL, NOW, NULL) == MC_OK);
	ok(check(t, leaf, fake, NOW, NULL) == MC_OK);
	/* now, where no time is given */
	mc_time_set(NOW);
	ok(check(t, leaf, NULL, 0, NULL) == MC_OK);
	mc_time_set(NOW + 600);
	ok(check(t, leaf, NULL, 0, NULL) == MC_OUTOFDATE);
	mc_time_set(0);
	/* an intermediate is as good an anchor */
	ok(mc_trust_anchors_load(empty, saved("mid.pem", mid), &e));
	ok(check(empty, leaf, NULL, NOW, NULL) == MC_OK);
	ok(check(empty, root, NULL, NOW, NULL) == MC_UNTRUSTED);
}

/* The system's store, and what a signer is to be for. */
static void
systems(void)
{
	AUTO(X509) *root = issue(
	    "/CN=root", keys[0], NULL, keys[0], true, NOW - 1000, NOW + 1000);
	AUTO(X509) *leaf = issue(
	    "/CN=leaf", keys[1], root, keys[0], false, NOW - 9, NOW + 9);
	AUTO(mc_trust) *t = NULL;
	AUTO(mc_trust) *plain = NULL;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_trust_new(&t, &e) && mc_trust_new(&plain, &e));
	ok(setenv("SSL_CERT_FILE", saved("root.pem", root), 1) == 0);
	ok(mc_trust_system_load(t, &e) && mc_trust_system_load(t, &e));
	ok(check(t, leaf, NULL, NOW, NULL) == MC_OK);
	ok(check(plain, leaf, NULL, NOW, NULL) == MC_UNTRUSTED);
	ok(setenv("SSL_CERT_FILE", "/nowhere", 1) == 0);
	ok(!mc_trust_system_load(plain, &e) && e.code == MC_NOINPUT);
	unsetenv("SSL_CERT_FILE");
	ok(!mc_trust_eku_set(t, "no such purpose", &e) && e.code == MC_USAGE);
	ok(mc_trust_eku_set(t, "codeSigning", &e));
	ok(mc_trust_eku_set(t, "1.3.6.1.5.5.7.3.4", &e));
	ok(check(t, leaf, NULL, NOW, NULL) == MC_UNTRUSTED);
}

static bool
pins(const char *text, struct mc_pins *p, struct mc_err *e)
{
	AUTO_BUF file = MC_BUF_INIT;
	char path[256];

	snprintf(path, sizeof(path), "%s/pins", dir);
	*p = (struct mc_pins){ .n = 0 };
	return mc_buf_puts(&file, text, e) &&
	    mc_file_save(path, &file, 0600, e) && mc_pins_load(p, path, e);
}

#define PIN "f765f24a1ad5b32919e27af4e13a24d4c6bb6bb653a468961fdd1de4809a509d"

static void
pin_files(void)
{
	static struct mc_pins p;
	struct mc_err e = MC_ERR_INIT;

	ok(pins(PIN "\n", &p, &e) && p.n == 1 && p.sha256[0][0] == 0xf7);
	ok(pins("# x\n\n  " PIN "  A name\r\n" PIN, &p, &e) && p.n == 2);
	ok(pins("F7:65:F24A1AD5B32919E27AF4E13A24D4C6BB6BB653A468961FDD1DE4809A"
		"50:9D words\nextension 1.2.3\n",
	       &p, &e) &&
	    p.n == 1 && p.extensions == 1 && p.extension[0].len == 2);
	ok(!pins("", &p, &e) && e.code == MC_MALFORMED);
	ok(!pins("extension 1.2.3\n", &p, &e));
	ok(!pins(PIN "0 too long\n", &p, &e));
	ok(!pins(PIN "\nextension\n", &p, &e));
	ok(strstr(e.text, "/pins:2: extension") != NULL);
	ok(!pins(PIN "\nextension a.b\n", &p, &e));
	ok(!pins("zz" PIN "\n", &p, &e));
}

static void
factory(void)
{
	AUTO(X509) *root = issue(
	    "/CN=root", keys[0], NULL, keys[0], true, NOW - 1000, NOW - 900);
	AUTO(X509) *leaf = issue(
	    "/CN=leaf", keys[2], root, keys[0], false, NOW - 999, NOW - 950);
	AUTO(mc_trust) *t = NULL;
	AUTO(mc_trust) *pinned = NULL;
	AUTO_BUF text = MC_BUF_INIT;
	static struct mc_pins p;
	char sha256[MC_SHA256_HEX];
	struct mc_err e = MC_ERR_INIT;

	ok(pins(PIN "\n", &p, &e));
	ok(mc_trust_new(&t, &e) && mc_trust_device_load(t, dir, &e));
	ok(mc_trust_factory(t));
	/* a certificate in the folder is no anchor unless it is pinned */
	saved("root.pem", root);
	ok(check(t, leaf, root, NOW, NULL) == MC_UNTRUSTED);
	ok(!mc_trust_anchors_load(t, saved("root.pem", root), &e) &&
	    e.code == MC_USAGE);
	ok(mc_cert_sha256(root, sha256, &e));
	ok(pins(sha256, &p, &e));
	ok(mc_trust_new(&pinned, &e) && mc_trust_device_load(pinned, dir, &e));
	ok(check(pinned, leaf, NULL, NOW, NULL) == MC_OK);
	ok(mc_pins_extension_check(&p, leaf));
	ok(mc_buf_printf(&text, &e, "%s\nextension 2.5.29.99\n", sha256) &&
	    pins(mc_buf_str(&text), &p, &e));
	ok(!mc_pins_extension_check(&p, leaf));
	mc_buf_clear(&text);
	/* the arc of all of X.509's own extensions */
	ok(mc_buf_printf(&text, &e, "%s\nextension 2.5.29\n", sha256) &&
	    pins(mc_buf_str(&text), &p, &e));
	ok(mc_pins_extension_check(&p, leaf));
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;

	ok(mkdtemp(dir) != NULL);
	for (int i = 0; i < 4; i++)
		ok(mc_key_new_rsa(2048, &keys[i], &e));
	ordinary();
	systems();
	pin_files();
	factory();
	for (int i = 0; i < 4; i++)
		EVP_PKEY_free(keys[i]);
	for (int i = 0; i < 3; i++) {
		char path[256];

		snprintf(path, sizeof(path), "%s/%s", dir,
		    (const char *[]){ "pins", "root.pem", "mid.pem" }[i]);
		unlink(path);
	}
	rmdir(dir);
	return done();
}

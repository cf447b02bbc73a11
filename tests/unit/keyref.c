/* SPDX-License-Identifier: ISC */
/* Keys by reference; tokens are in tests/cli/scep-ca-keys.bats. */
#include "crypto/keyref.h"
#include "folder_help.h"

static bool
get(const char *ref, const char *passphrase, EVP_PKEY **out, struct mc_err *e)
{
	AUTO_BUF secret = MC_BUF_INIT;

	return (!passphrase || mc_buf_puts(&secret, passphrase, e)) &&
	    mc_keyref_load(ref, passphrase ? &secret : NULL, out, e);
}

static bool
refused(const char *ref, const char *passphrase, struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;
	bool done = get(ref, passphrase, &key, e);

	ok(!key || done);
	ok(ERR_peek_error() == 0);
	return done;
}

static void
test_is_uri(void)
{
	ok(mc_keyref_is_uri("pkcs11:token=t;object=ca"));
	ok(mc_keyref_is_uri("file:/x"));
	ok(mc_keyref_is_uri("x-y+z.1:"));
	ok(!mc_keyref_is_uri("ca.key") && !mc_keyref_is_uri("/x/y:z"));
	ok(!mc_keyref_is_uri("") && !mc_keyref_is_uri(":x"));
	ok(!mc_keyref_is_uri("1x:y") && !mc_keyref_is_uri("a/b:c"));
	/* a file of that name is a file */
	ok(chdir(root) == 0 && put("pkcs11:x", "", 0600));
	ok(!mc_keyref_is_uri("pkcs11:x") && mc_keyref_is_uri("pkcs11:y"));
}

static void
test_load(void)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(EVP_PKEY) *a = NULL;
	AUTO(EVP_PKEY) *b = NULL;
	AUTO(EVP_PKEY) *c = NULL;
	AUTO_BUF plain = MC_BUF_INIT;
	AUTO_BUF locked = MC_BUF_INIT;
	AUTO_BUF secret = MC_BUF_INIT;
	char uri[600], line[700];

	works(mc_key_new(MC_KEY_P256, 0, &key, e));
	works(mc_pem_key_encode(key, &plain, e));
	works(mc_buf_puts(&secret, "swordfish", e));
	works(mc_keyref_encrypt(key, &secret, &locked, e));
	ok(strncmp(mc_buf_str(&locked), "-----BEGIN ENCRYPTED PRIVATE KEY",
	       32) == 0);
	works(mc_file_save(in("k"), &plain, 0600, e));
	works(mc_file_save(in("l"), &locked, 0600, e));
	works(get(in("k"), NULL, &a, e));
	works(get(in("l"), "swordfish", &b, e));
	ok(mc_key_equal(a, key) && mc_key_equal(b, key));
	refuses(refused(in("l"), NULL, e), MC_MALFORMED,
	    "/l: is encrypted, and no passphrase was given");
	refuses(refused(in("l"), "swordfist", e), MC_DENIED,
	    "/l: wrong passphrase");
	refuses(refused(in("none"), NULL, e), MC_NOINPUT,
	    "/none: No such file or directory");
	/* by OpenSSL's own store, and by a file that says where it is */
	snprintf(uri, sizeof(uri), "file:%s", in("l"));
	works(get(uri, "swordfish", &c, e));
	ok(mc_key_equal(c, key));
	refuses(refused(uri, NULL, e), MC_MALFORMED,
	    "asks for a PIN, and none was given");
	refuses(refused(uri, "swordfist", e), MC_DENIED,
	    "/l: wrong passphrase or PIN");
	snprintf(line, sizeof(line), "%s\n", uri);
	ok(put("ref", line, 0600));
	EVP_PKEY_free(c);
	c = NULL;
	works(get(in("ref"), "swordfish", &c, e));
	ok(mc_key_equal(c, key));
	snprintf(line, sizeof(line), "%s\nmore\n", uri);
	ok(put("ref", line, 0600));
	refuses(refused(in("ref"), "swordfish", e), MC_MALFORMED,
	    "/ref: holds no private key");
	snprintf(uri, sizeof(uri), "file:%s", in("none"));
	refuses(refused(uri, NULL, e), MC_NOINPUT, "/none: no such key");
	refuses(refused("nosuch:x;pin-value=1234;y=z", NULL, e), MC_USAGE,
	    "nosuch:x;pin-value=...;y=z: no file, and OpenSSL has no store");
	ok(put("empty", "", 0600));
	refuses(refused(in("empty"), NULL, e), MC_MALFORMED,
	    "/empty: holds no private key");
}

static void
test_encrypt(void)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO_BUF pem = MC_BUF_INIT;
	AUTO_BUF secret = MC_BUF_INIT;

	works(mc_key_new(MC_KEY_P256, 0, &key, e));
	refuses(mc_keyref_encrypt(key, &secret, &pem, e), MC_USAGE,
	    "a passphrase of 1 to 1024 bytes");
	for (int i = 0; i < 1025; i++)
		if (!mc_buf_add(&secret, "x", 1, &(struct mc_err)MC_ERR_INIT))
			break;
	refuses(mc_keyref_encrypt(key, &secret, &pem, e), MC_USAGE,
	    "a passphrase of 1 to 1024 bytes");
	ok(pem.len == 0);
}

int
main(void)
{
	begin();
	test_is_uri();
	test_load();
	test_encrypt();
	end();
	return done();
}

/* SPDX-License-Identifier: ISC */
/* A CA's folder: made, imported, loaded, refused. */
#include "folder_help.h"

#include "crypto/keyref.h"

static uint32_t
usage(X509 *cert)
{
	return X509_get_key_usage(cert);
}

static bool
is_group(X509 *cert, const char *type, int bits)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);

	return EVP_PKEY_is_a(key, type) && EVP_PKEY_get_bits(key) == bits;
}

static void
test_init(void)
{
	AUTO(mc_ca) *ca = NULL;
	struct mc_ca_spec spec = {
		.dir = in("rsa"),
		.subject = "/CN=R",
		.bits = 2048,
		.lifetime = 100 * MC_DAY,
	};
	int64_t since, until;
	struct stat st;

	works(mc_ca_init(&spec, e));
	ca = loaded("rsa", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->key && ca->store && ca->conf);
	ok(is_group(ca->cert, "RSA", 2048));
	ok(usage(ca->cert) ==
	    (KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN | KU_CRL_SIGN));
	ok(ca->ras == 1 && ca->ra[0].key);
	ok(usage(ca->ra[0].cert) ==
	    (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT));
	ok(ca->ocsp.key && is_group(ca->ocsp.cert, "RSA", MC_RA_BITS));
	ok(X509_get_extended_key_usage(ca->ocsp.cert) == XKU_OCSP_SIGN);
	ok(X509_get_ext_by_NID(ca->ocsp.cert, NID_id_pkix_OCSP_noCheck, -1) >=
	    0);
	ok(!mc_key_equal(ca->key, ca->ra[0].key));
	ok(!mc_key_equal(ca->key, ca->ocsp.key));
	ok(!mc_key_equal(ca->ra[0].key, ca->ocsp.key));
	ok(!ca->previous && !ca->next && sk_X509_num(ca->chain) == 0);
	ok(strlen(ca->id) == 64);
	works(mc_cert_validity(ca->cert, &since, &until, e));
	ok(since == T0 - MC_CA_BACKDATE && until == T0 + 100 * MC_DAY);
	works(mc_cert_validity(ca->ra[0].cert, &since, &until, e));
	ok(since == T0 - MC_CA_BACKDATE && until == T0 + 100 * MC_DAY);
	ok(stat(in("rsa/ca.key"), &st) == 0 && (st.st_mode & 0777) == 0600);
	ok(stat(in("rsa/ra.key"), &st) == 0 && (st.st_mode & 0777) == 0600);
	ok(stat(in("rsa/ocsp.key"), &st) == 0 && (st.st_mode & 0777) == 0600);
	ok(stat(in("rsa"), &st) == 0 && (st.st_mode & 0777) == 0700);
	ok(!there("rsa/ca.conf") && !there("rsa/chain.pem"));
}

static void
test_kinds(void)
{
	AUTO(mc_ca) *ca = NULL;
	struct mc_ca_spec spec = {
		.dir = in("p384"),
		.subject = "/CN=E",
		.kind = MC_KEY_P384,
		.ra_bits = 3072,
	};

	works(mc_ca_init(&spec, e));
	ca = loaded("p384", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && is_group(ca->cert, "EC", 384));
	ok(is_group(ca->ra[0].cert, "RSA", 3072));
	ok(is_group(ca->ocsp.cert, "EC", 384));
}

static bool
init_with(const char *dir, const char *subject, unsigned bits, unsigned ra_bits,
    int64_t lifetime, struct mc_err *e)
{
	struct mc_ca_spec spec = {
		.dir = in(dir),
		.subject = subject,
		.bits = bits,
		.ra_bits = ra_bits,
		.lifetime = lifetime,
	};

	return mc_ca_init(&spec, e);
}

static void
test_init_refused(void)
{
	works(init("p256", e));
	refuses(init("p256", e), MC_DENIED, "/p256: holds a CA already");
	refuses(init_with("x", NULL, 0, 0, 0, e), MC_USAGE,
	    "a new CA needs a subject");
	refuses(init_with("x", "nonsense", 2048, 0, 0, e), MC_MALFORMED,
	    "subject: ");
	refuses(init_with("x", "/CN=x", 1024, 0, 0, e), MC_USAGE,
	    "an RSA key of 1024 bits; 2048 to 4096 are possible");
	refuses(init_with("x", "/CN=x", 8192, 0, 0, e), MC_USAGE,
	    "an RSA key of 8192 bits");
	refuses(init_with("x", "/CN=x", 2048, 1024, 0, e), MC_USAGE,
	    "an RSA key of 1024 bits");
	refuses(init_with("x", "/CN=x", 2048, 0, 10, e), MC_USAGE,
	    "a CA lives for a day at least and 50 years at most");
	refuses(init_with("x", "/CN=x", 2048, 0, MC_DAY * 365 * 51, e),
	    MC_USAGE, "a CA lives for a day");
	ok(!there("x"));
	/* a CA that is to follow, without the one that it follows */
	ok(mkdir(in("odd"), 0700) == 0 && mkdir(in("odd/next"), 0700) == 0 &&
	    copy("p256/ca.pem", "odd/next/ca.pem"));
	refuses(init("odd", e), MC_DENIED, "/odd: holds a CA already");
	/* what an interrupted call left is nothing */
	ok(unlink(in("p256/ca.pem")) == 0);
	ok(copy("rsa/ra.pem", "p256/ra-1.pem"));
	ok(copy("rsa/ra.pem", "p256/chain.pem"));
	works(init("p256", e));
	ok(!there("p256/ra-1.pem") && !there("p256/chain.pem"));
	works(load("p256", MC_CA_ALL | MC_CA_OCSP, e));
}

static void
test_orders(void)
{
	AUTO(mc_ca) *ca = loaded("sub", MC_CA_CERTS);
	AUTO(mc_certs_lent) *a = NULL;
	AUTO(mc_certs_lent) *b = NULL;
	AUTO(mc_certs_lent) *c = NULL;

	ok(ca && sk_X509_num(ca->chain) == 2);
	works(mc_ca_certs_get(ca, MC_ORDER_RA, &a, e));
	ok(sk_X509_num(a) == 2 && sk_X509_value(a, 0) == ca->ra[0].cert &&
	    sk_X509_value(a, 1) == ca->cert);
	works(mc_ca_certs_get(ca, MC_ORDER_CA, &b, e));
	ok(sk_X509_num(b) == 2 && sk_X509_value(b, 0) == ca->cert &&
	    sk_X509_value(b, 1) == ca->ra[0].cert);
	works(mc_ca_certs_get(ca, MC_ORDER_CHAIN, &c, e));
	ok(sk_X509_num(c) == 4 && sk_X509_value(c, 0) == ca->ra[0].cert &&
	    sk_X509_value(c, 1) == ca->cert &&
	    sk_X509_value(c, 2) == sk_X509_value(ca->chain, 0) &&
	    sk_X509_value(c, 3) == sk_X509_value(ca->chain, 1));
}

/* NAME.pem and NAME.key, by the CA of issuer's files or by itself. */
struct made {
	const char *name, *issuer;
	const char *subject;
	unsigned usage;
	int path_len;
	int64_t from, until;
	bool no_ca;
	enum mc_key_kind kind;
};

static bool
make(const struct made *m)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(EVP_PKEY) *issuer_key = NULL;
	AUTO(X509) *issuer = NULL;
	AUTO(X509) *cert = NULL;
	AUTO(X509_NAME) *subject = NULL;
	AUTO_BUF pem = MC_BUF_INIT;
	AUTO_BUF key_pem = MC_BUF_INIT;
	char file[64], key_file[64];
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = {
		.not_before = m->from ? m->from : T0 - MC_DAY,
		.not_after = m->until ? m->until : T0 + 1000 * MC_DAY,
		.ca = !m->no_ca,
		.path_len = m->path_len,
		.key_usage = m->usage,
	};
	bool done = mc_key_new(m->kind, 2048, &key, &e) &&
	    mc_name_parse(m->subject, &subject, &e);

	snprintf(file, sizeof(file), "%s.pem", m->issuer ? m->issuer : "");
	snprintf(
	    key_file, sizeof(key_file), "%s.key", m->issuer ? m->issuer : "");
	if (done && m->issuer)
		done = mc_pem_cert_load(in(file), &issuer, &e) &&
		    mc_pem_key_load(in(key_file), NULL, &issuer_key, &e);
	spec.subject = subject;
	spec.key = key;
	spec.issuer = issuer;
	spec.issuer_key = issuer ? issuer_key : key;
	snprintf(file, sizeof(file), "%s.pem", m->name);
	snprintf(key_file, sizeof(key_file), "%s.key", m->name);
	done = done && mc_cert_issue(&spec, &cert, &e) &&
	    mc_pem_cert_encode(cert, &pem, &e) &&
	    mc_pem_key_encode(key, &key_pem, &e) &&
	    mc_file_save(in(file), &pem, 0644, &e) &&
	    mc_file_save(in(key_file), &key_pem, 0600, &e);
	if (!done)
		printf("# %s\n", e.text);
	return done;
}

#define CA_USAGE (KU_KEY_CERT_SIGN | KU_CRL_SIGN)

static void
make_company(void)
{
	static const struct made company[] = {
		{ "top", NULL, "/CN=Top", CA_USAGE, -1, 0, 0, false,
		    MC_KEY_P256 },
		{ "mid", "top", "/CN=Mid", CA_USAGE, 1, 0, 0, false,
		    MC_KEY_P256 },
		{ "own", "mid", "/CN=Own", CA_USAGE, 0, 0, 0, false,
		    MC_KEY_RSA },
		{ "other", NULL, "/CN=Other", CA_USAGE, -1, 0, 0, false,
		    MC_KEY_P256 },
		{ "nosign", NULL, "/CN=N", KU_CRL_SIGN, -1, 0, 0, false,
		    MC_KEY_P256 },
		{ "nocrl", NULL, "/CN=N", KU_KEY_CERT_SIGN, -1, 0, 0, false,
		    MC_KEY_P256 },
		{ "leaf", "mid", "/CN=N", CA_USAGE, -1, 0, 0, true,
		    MC_KEY_P256 },
		{ "gone", "top", "/CN=Gone", CA_USAGE, -1, T0 - 9 * MC_DAY,
		    T0 - MC_DAY, false, MC_KEY_P256 },
		{ "soon", "top", "/CN=Soon", CA_USAGE, -1, T0 + MC_DAY,
		    T0 + 99 * MC_DAY, false, MC_KEY_P256 },
		{ "under", "own", "/CN=Under", CA_USAGE, -1, 0, 0, false,
		    MC_KEY_P256 },
	};
	bool all = true;

	for (size_t i = 0; i < sizeof(company) / sizeof(*company); i++)
		all = make(&company[i]) && all;
	ok(all);
}

static bool
bundle(const char *to, const char *const *names)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	while (*names)
		if (!mc_file_load(in(*names++), &b, &e))
			return false;
	return mc_file_save(in(to), &b, 0644, &e);
}

static bool
import(const char *dir, const char *cert, const char *key, const char *chain,
    struct mc_err *e)
{
	struct mc_ca_spec spec = {
		.dir = in(dir),
		.ca_cert = in(cert),
		.ca_key = key ? in(key) : NULL,
		.ca_chain = chain ? in(chain) : NULL,
	};

	return mc_ca_init(&spec, e);
}

static void
test_import(void)
{
	AUTO(mc_ca) *ca = NULL;

	/* in any order; with the CA's own certificate in it, too */
	ok(bundle("chain.pem",
	    (const char *const[]){ "top.pem", "own.pem", "mid.pem", NULL }));
	works(import("sub", "own.pem", "own.key", "chain.pem", e));
	ca = loaded("sub", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->key && is_group(ca->cert, "RSA", 2048));
	ok(ca && X509_verify(ca->ra[0].cert, ca->key) == 1);
	/* the chain behind the certificate, and none at all */
	ok(bundle("all.pem",
	    (const char *const[]){ "own.pem", "mid.pem", "top.pem", NULL }));
	works(import("sub2", "all.pem", "own.key", NULL, e));
	works(import("sub3", "own.pem", "own.key", NULL, e));
	drop(&ca);
	ca = loaded("sub2", MC_CA_CERTS);
	ok(ca && sk_X509_num(ca->chain) == 2);
	drop(&ca);
	ca = loaded("sub3", MC_CA_CERTS);
	ok(ca && sk_X509_num(ca->chain) == 0);
}

static void
test_import_refused(void)
{
	struct mc_ca_spec named = {
		.dir = in("y"),
		.subject = "/CN=x",
		.ca_cert = in("own.pem"),
		.ca_key = in("own.key"),
	};

	refuses(mc_ca_init(&named, e), MC_USAGE,
	    "a CA that exists has its subject and lifetime already");
	named = (struct mc_ca_spec){
		.dir = in("y"), .subject = "/CN=x", .ca_chain = in("top.pem")
	};
	refuses(mc_ca_init(&named, e), MC_USAGE,
	    "a chain without the CA's certificate");
	refuses(import("y", "own.pem", NULL, NULL, e), MC_USAGE,
	    "a CA that exists is here with its key only");
	refuses(import("y", "own.pem", "mid.key", NULL, e), MC_USAGE,
	    "own.pem: has another key than the one given");
	refuses(import("y", "nosign.pem", "nosign.key", NULL, e), MC_MALFORMED,
	    "nosign.pem: its keyUsage lacks keyCertSign");
	refuses(import("y", "nocrl.pem", "nocrl.key", NULL, e), MC_MALFORMED,
	    "nocrl.pem: its keyUsage lacks cRLSign");
	refuses(import("y", "leaf.pem", "leaf.key", NULL, e), MC_MALFORMED,
	    "leaf.pem: not a CA's certificate");
	refuses(import("y", "own.pem", "own.key", "other.pem", e), MC_USAGE,
	    "other.pem: /CN=Other is not above the CA");
	refuses(import("y", "own.pem", "own.key", "top.pem", e), MC_USAGE,
	    "top.pem: /CN=Top is not above the CA");
	refuses(import("y", "gone.pem", "gone.key", "top.pem", e), MC_OUTOFDATE,
	    "gone.pem: /CN=Gone: certificate has expired");
	refuses(import("y", "soon.pem", "soon.key", "top.pem", e), MC_OUTOFDATE,
	    "soon.pem: /CN=Soon: certificate is not yet valid");
	/* own may not have another CA under it */
	ok(bundle("deep.pem",
	    (const char *const[]){ "own.pem", "mid.pem", "top.pem", NULL }));
	refuses(import("y", "under.pem", "under.key", "deep.pem", e), MC_USAGE,
	    "under.pem: /CN=Own: allows 0 CAs below it, and this is number 1");
	refuses(import("y", "nothing.pem", "own.key", NULL, e), MC_NOINPUT,
	    "nothing.pem: No such file or directory");
	refuses(import("y", "own.pem", "nothing.key", NULL, e), MC_NOINPUT,
	    "nothing.key: No such file or directory");
	refuses(import("y", "own.key", "own.key", NULL, e), MC_MALFORMED,
	    "own.key: holds no certificate");
	ok(!there("y/ca.pem") && !there("y/ca.key"));
}

static void
test_passphrase(void)
{
	char spec_text[600], expect[700];
	struct mc_ca_spec spec = {
		.dir = in("locked"),
		.subject = "/CN=L",
		.kind = MC_KEY_P256,
		.passphrase = "env:FOLDER_PASS",
	};
	AUTO(mc_ca) *ca = NULL;

	refuses(mc_ca_init(&spec, e), MC_NOINPUT,
	    "passphrase: env:FOLDER_PASS: there is no such variable");
	ok(!there("locked"));
	ok(put("pass", "correct horse\n", 0600) && put("bad", "x\n", 0600));
	snprintf(spec_text, sizeof(spec_text), "file:%s", in("pass"));
	spec.passphrase = spec_text;
	works(mc_ca_init(&spec, e));
	ok(file_has("locked/ca.key", "BEGIN ENCRYPTED PRIVATE KEY"));
	ok(file_has("locked/ra.key", "BEGIN ENCRYPTED PRIVATE KEY"));
	ok(file_has("locked/ocsp.key", "BEGIN ENCRYPTED PRIVATE KEY"));
	for (const char *const *s =
		 (const char *const[]){ "ca", "ra", "ocsp", NULL };
	     *s; s++) {
		snprintf(expect, sizeof(expect), "%s-passphrase = %s\n", *s,
		    spec_text);
		ok(file_has("locked/ca.conf", expect));
	}
	ca = loaded("locked", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->key && ca->ra[0].key && ca->ocsp.key);
	ok(copy("locked/ca.conf", "keep.conf"));
	snprintf(
	    expect, sizeof(expect), "ca-passphrase = file:%s\n", in("bad"));
	ok(put("locked/ca.conf", expect, 0600));
	refuses(load("locked", MC_CA_KEY, e), MC_DENIED,
	    "/locked/ca.key: wrong passphrase");
	ok(unlink(in("locked/ca.conf")) == 0);
	refuses(load("locked", MC_CA_KEY, e), MC_MALFORMED,
	    "/locked/ca.key: is encrypted, and no passphrase was given");
	works(load("locked", MC_CA_CERTS, e));
}

/* One variable, which is gone once it was read, opens all the keys. */
static void
test_environment(void)
{
	struct mc_ca_spec spec = {
		.dir = in("env"),
		.subject = "/CN=L",
		.kind = MC_KEY_P256,
		.passphrase = "env:FOLDER_PASS",
	};

	ok(setenv("FOLDER_PASS", "swordfish", 1) == 0);
	works(mc_ca_init(&spec, e));
	ok(!getenv("FOLDER_PASS"));
	ok(file_has("env/ca.conf", "ca-passphrase = env:FOLDER_PASS\n"));
	ok(setenv("FOLDER_PASS", "swordfish", 1) == 0);
	works(load("env", MC_CA_ALL | MC_CA_OCSP, e));
	refuses(load("env", MC_CA_ALL, e), MC_NOINPUT,
	    "env:FOLDER_PASS: there is no such variable");
}

/* An encrypted key that is imported stays encrypted. */
static void
test_import_locked(void)
{
	struct mc_ca_spec spec = {
		.dir = in("sub4"),
		.ca_cert = in("own.pem"),
		.ca_key = in("own-locked.key"),
	};
	char spec_text[600];
	AUTO(EVP_PKEY) *key = NULL;
	AUTO_BUF pass = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;

	works(mc_pem_key_load(in("own.key"), NULL, &key, e));
	works(mc_buf_puts(&pass, "correct horse", e));
	works(mc_keyref_encrypt(key, &pass, &pem, e));
	works(mc_file_save(in("own-locked.key"), &pem, 0600, e));
	refuses(mc_ca_init(&spec, e), MC_MALFORMED,
	    "own-locked.key: is encrypted, and no passphrase was given");
	snprintf(spec_text, sizeof(spec_text), "file:%s", in("bad"));
	spec.ca_passphrase = spec_text;
	refuses(mc_ca_init(&spec, e), MC_DENIED,
	    "own-locked.key: wrong passphrase");
	snprintf(spec_text, sizeof(spec_text), "file:%s", in("pass"));
	works(mc_ca_init(&spec, e));
	ok(file_has("sub4/ca.key", "BEGIN ENCRYPTED PRIVATE KEY"));
	/* none of its keys is worth less than the CA's */
	ok(file_has("sub4/ra.key", "BEGIN ENCRYPTED PRIVATE KEY"));
	ok(file_has("sub4/ca.conf", "ca-passphrase = file:"));
	ok(file_has("sub4/ca.conf", "ra-passphrase = file:"));
	works(load("sub4", MC_CA_ALL | MC_CA_OCSP, e));
}

/* What ca.conf says before init counts; its other lines stay. */
static void
test_conf_first(void)
{
	struct mc_ca_spec spec = {
		.dir = in("conf"),
		.subject = "/CN=C",
		.kind = MC_KEY_P256,
	};
	AUTO(mc_ca) *ca = NULL;
	AUTO(EVP_PKEY) *own = NULL;
	char spec_text[600];

	ok(mkdir(in("conf"), 0700) == 0 && copy("own.key", "conf/mine.key"));
	ok(put("conf/ca.conf",
	    "# ours\nra-key = mine.key\nca-passphrase = env:OLD\n"
	    "ca-key = other.key\nlifetime = 2d\n"
	    "[profile wifi]\nlifetime = 3d\n",
	    0640));
	refuses(mc_ca_init(&spec, e), MC_NOINPUT,
	    "passphrase: env:OLD: there is no such variable");
	ok(put("conf/ca.conf",
	    "# ours\nra-key = mine.key\nlifetime = 2d\n"
	    "[profile wifi]\nlifetime = 3d\n",
	    0640));
	snprintf(spec_text, sizeof(spec_text), "file:%s", in("pass"));
	spec.passphrase = spec_text;
	works(mc_ca_init(&spec, e));
	ok(file_has("conf/ca.conf",
	    "# ours\nra-key = mine.key\nlifetime = 2d\n"
	    "[profile wifi]\nlifetime = 3d\n"));
	ok(file_has("conf/ca.conf", "ca-passphrase = file:"));
	ok(!file_has("conf/ca.conf", "ra-passphrase"));
	ok(!there("conf/ra.key"));
	ca = loaded("conf", MC_CA_ALL);
	works(mc_pem_key_load(in("own.key"), NULL, &own, e));
	ok(ca && mc_key_equal(ca->ra[0].key, own));
}

static void
test_load_refused(void)
{
	AUTO(mc_ca) *lent = loaded("p256", MC_CA_ALL | MC_CA_OCSP);

	refuses(load("none", MC_CA_ALL, e), MC_NOINPUT,
	    "/none: no CA here; scep-ca init makes one");
	ok(chmod(in("p256/ra.key"), 0640) == 0);
	refuses(load("p256", MC_CA_RA_KEYS, e), MC_USAGE,
	    "/p256/ra.key: others may read it or write to it: chmod 600 ");
	works(load("p256", MC_CA_KEY | MC_CA_STORE, e));
	ok(chmod(in("p256/ra.key"), 0600) == 0);
	ok(copy("p256/ca.key", "k") && copy("p256/ra.key", "p256/ca.key"));
	refuses(load("p256", MC_CA_KEY, e), MC_MALFORMED,
	    "/p256/ca.key: not the key of the certificate beside it");
	ok(unlink(in("p256/ca.key")) == 0);
	refuses(load("p256", MC_CA_KEY, e), MC_NOINPUT,
	    "/p256/ca.key: No such file or directory");
	ok(copy("own.key", "p256/mine.key") &&
	    put("p256/ca.conf", "ca-key = mine.key\n", 0600));
	refuses(load("p256", MC_CA_KEY, e), MC_MALFORMED,
	    "/p256/ca.conf: ca-key: not the key of ");
	ok(put("p256/ca.conf", "ca-key = no.key\n", 0600));
	refuses(
	    load("p256", MC_CA_KEY, e), MC_NOINPUT, "/p256/ca.conf: ca-key: ");
	ok(unlink(in("p256/ca.conf")) == 0 && copy("k", "p256/ca.key"));
	ok(copy("p256/ra.pem", "r") && copy("rsa/ra.pem", "p256/ra.pem"));
	refuses(load("p256", MC_CA_CERTS, e), MC_MALFORMED,
	    "/p256/ra.pem: was not issued by the CA beside it");
	ok(copy("p256/ca.pem", "p256/ra.pem"));
	refuses(load("p256", MC_CA_CERTS, e), MC_MALFORMED,
	    "/p256/ra.pem: its keyUsage lacks keyEncipherment");
	ok(copy("p256/ocsp.pem", "p256/ra.pem"));
	refuses(load("p256", MC_CA_CERTS, e), MC_MALFORMED,
	    "/p256/ra.pem: its keyUsage lacks keyEncipherment");
	ok(unlink(in("p256/ra.pem")) == 0);
	refuses(load("p256", MC_CA_CERTS, e), MC_NOINPUT, "/p256/ra.pem: ");
	ok(copy("r", "p256/ra.pem") && copy("p256/ra.pem", "p256/ocsp.pem"));
	works(load("p256", MC_CA_ALL, e));
	drop(&lent);
	lent = loaded("p256", MC_CA_ALL);
	ok(lent && lent->ocsp.cert && !lent->ocsp.key);
	refuses(load("p256", MC_CA_OCSP, e), MC_MALFORMED,
	    "/p256/ocsp.pem: its extendedKeyUsage lacks OCSPSigning");
	ok(copy("leaf.pem", "p256/ca.pem"));
	refuses(load("p256", MC_CA_CERTS, e), MC_MALFORMED,
	    "/p256/ca.pem: not a CA's certificate");
	ok(put("p256/ca.pem", "junk", 0644));
	refuses(load("p256", MC_CA_CERTS, e), MC_MALFORMED,
	    "/p256/ca.pem: holds no certificate");
	ok(copy("mid.pem", "sub/chain.pem"));
	works(load("sub", MC_CA_CERTS, e));
	ok(copy("top.pem", "sub/chain.pem"));
	refuses(load("sub", MC_CA_CERTS, e), MC_MALFORMED,
	    "/sub/chain.pem: certificate 1 did not issue the one below it");
}

/* The one thing that RFC 8894 lets a CA do and this one never does. */
static void
test_own_key(void)
{
	AUTO(mc_ca) *ca = loaded("rsa", MC_CA_ALL);
	AUTO(X509_NAME) *name = NULL;
	AUTO(X509) *cert = NULL;
	AUTO_BUF pem = MC_BUF_INIT;
	struct mc_cert_spec spec = {
		.key = ca->key,
		.issuer = ca->cert,
		.issuer_key = ca->key,
		.not_before = T0,
		.not_after = T0 + MC_DAY,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
	};

	works(mc_name_parse("/CN=RA", &name, e));
	spec.subject = name;
	works(mc_cert_issue(&spec, &cert, e));
	works(mc_pem_cert_encode(cert, &pem, e));
	ok(copy("rsa/ra.pem", "r"));
	works(mc_file_save(in("rsa/ra.pem"), &pem, 0644, e));
	refuses(load("rsa", MC_CA_CERTS, e), MC_MALFORMED,
	    "/rsa/ra.pem: has the CA's own key; it needs another one");
	ok(copy("r", "rsa/ra.pem"));
}

/* Folders of before: no responder. */
static void
test_old_layout(void)
{
	AUTO(mc_ca) *ca = NULL;

	ok(unlink(in("rsa/ocsp.pem")) == 0 && unlink(in("rsa/ocsp.key")) == 0);
	ca = loaded("rsa", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->key && !ca->ocsp.cert && !ca->ocsp.key);
}

static void
test_dates(void)
{
	mc_time_set(T0 + 100 * MC_DAY + 1);
	refuses(load("rsa", MC_CA_CERTS, e), MC_OUTOFDATE,
	    "/rsa/ca.pem: expired at ");
	mc_time_set(T0 - MC_DAY);
	refuses(load("rsa", MC_CA_CERTS, e), MC_OUTOFDATE,
	    "/rsa/ca.pem: not valid before ");
	mc_time_set(T0);
}

static void
test_issuer(void)
{
	AUTO(mc_ca) *ec = loaded("p384", MC_CA_KEY);
	AUTO(mc_ca) *rsa = loaded("rsa", MC_CA_KEY);
	AUTO(X509) *of_ec = ec ? issued(ec) : NULL;
	AUTO(X509) *of_rsa = rsa ? issued(rsa) : NULL;

	ok(of_ec && of_rsa);
	ok(mc_ca_issuer_find(ec, of_ec) == ec);
	ok(mc_ca_issuer_find(rsa, of_rsa) == rsa);
	ok(!mc_ca_issuer_find(rsa, of_ec) && !mc_ca_issuer_find(ec, of_rsa));
	/* the right name does not make it ours */
	ok(X509_set_issuer_name(of_ec, X509_get_subject_name(rsa->cert)) == 1);
	ok(!mc_ca_issuer_find(rsa, of_ec));
	ok(ERR_peek_error() == 0);
}

int
main(void)
{
	begin();
	make_company();
	test_init();
	test_kinds();
	test_init_refused();
	test_import();
	test_orders();
	test_import_refused();
	test_passphrase();
	test_environment();
	test_import_locked();
	test_conf_first();
	test_issuer();
	test_load_refused();
	test_own_key();
	test_old_layout();
	test_dates();
	end();
	return done();
}

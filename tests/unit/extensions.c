/* SPDX-License-Identifier: ISC */
/* What a certificate says, as two readers that are not ours see it. */
#include "crypto/cert.h"

#include "base/time.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/names.h"
#include "tap.h"
#include "tool.h"

static const char *const purposes[] = { "clientAuth", "1.3.6.1.4.1.99.1",
	NULL };
static const char *const crl_urls[] = { "http://a.example/ca.crl",
	"ldap://b.example/cn=CA?certificateRevocationList", NULL };
static const char *const ocsp_urls[] = { "http://ocsp.example/", NULL };
static const char *const issuer_urls[] = { "http://a.example/ca.cer", NULL };

struct ca {
	EVP_PKEY *key;
	X509 *cert;
};

static X509_NAME *
name_of(const char *text)
{
	X509_NAME *name = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (!*text)
		return X509_NAME_new();
	return mc_name_parse(text, &name, &e) ? name : NULL;
}

static struct mc_cert_spec
leaf_spec(const struct ca *ca, const X509_NAME *name, EVP_PKEY *key)
{
	return (struct mc_cert_spec){
		.subject = name,
		.key = key,
		.issuer = ca->cert,
		.issuer_key = ca->key,
		.not_before = mc_time_now() - 60,
		.not_after = mc_time_now() + 3600,
		.key_usage = KU_DIGITAL_SIGNATURE,
	};
}

static bool
ca_new(enum mc_key_kind kind, unsigned bits, const struct ca *above,
    struct ca *out)
{
	AUTO(X509_NAME) *name = name_of(
	    above ? "/O=ACME/CN=Sub" : "/O=ACME/CN=Root");
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec;

	if (!mc_key_new(kind, bits, &out->key, &e))
		return false;
	spec = leaf_spec(above ? above : out, name, out->key);
	spec.not_after += 3600;
	spec.ca = true;
	spec.path_len = above ? 0 : -1;
	spec.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
	return mc_cert_issue(&spec, &out->cert, &e);
}

static void
ca_free(struct ca *ca)
{
	X509_free(ca->cert);
	EVP_PKEY_free(ca->key);
}

/* root, sub, leaf: each key signs with its digest, two tools chain them. */
static void
chain(enum mc_key_kind kind, unsigned bits, const char *algorithm)
{
	struct ca root = { NULL, NULL };
	struct ca sub = { NULL, NULL };
	AUTO(X509_NAME) *name = name_of("/CN=device");
	AUTO(EVP_PKEY) *key = EVP_EC_gen("P-256");
	AUTO(X509) *leaf = NULL;
	AUTO_BUF said = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec;

	ok(ca_new(kind, bits, NULL, &root) && ca_new(kind, bits, &root, &sub));
	spec = leaf_spec(&sub, name, key);
	ok(mc_cert_issue(&spec, &leaf, &e));
	ok(save_cert("root.pem", root.cert) && save_cert("sub.pem", sub.cert) &&
	    save_cert("leaf.pem", leaf));
	ok(tool(&said,
	       "openssl verify -x509_strict -purpose sslclient "
	       "-CAfile root.pem -untrusted sub.pem leaf.pem") == 0);
	ok(tool(&said,
	       "cat leaf.pem sub.pem root.pem > all.pem && certtool "
	       "--verify-chain --infile all.pem") == 0);
	ok(says(&said, "Chain verification output: Verified"));
	ok(tool(&said, "openssl x509 -in leaf.pem -noout -text") == 0);
	ok(says(&said, algorithm));
	ok(says(&said, "CA:FALSE"));
	ok(tool(&said, "openssl x509 -in sub.pem -noout -text") == 0);
	ok(says(&said, algorithm));
	ok(says(&said, "critical\n                CA:TRUE, pathlen:0"));
	ca_free(&root);
	ca_free(&sub);
}

static void
everything(const struct ca *ca)
{
	AUTO(X509_NAME) *name = name_of("/CN=device");
	AUTO(EVP_PKEY) *key = EVP_EC_gen("P-256");
	AUTO(GENERAL_NAMES) *names = NULL;
	AUTO(X509) *cert = NULL;
	AUTO_BUF said = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = leaf_spec(ca, name, key);

	ok(mc_names_parse("dns:*.a.example,email:u@a.example,uri:urn:x:a\\,b,"
			  "ip:10.0.0.1,ip:2001:db8::1,upn:u@a.example",
	    &names, &e));
	spec.names = names;
	spec.eku = purposes;
	spec.crl_urls = crl_urls;
	spec.ocsp_urls = ocsp_urls;
	spec.issuer_urls = issuer_urls;
	spec.ocsp_nocheck = true;
	ok(mc_cert_issue(&spec, &cert, &e) && save_cert("full.pem", cert));
	ok(tool(&said, "openssl x509 -in full.pem -noout -text") == 0);
	ok(says(&said,
	    "Alternative Name: \n                DNS:*.a.example, "
	    "email:u@a.example, URI:urn:x:a,b, IP Address:10.0.0.1, "
	    "IP Address:2001:DB8:0:0:0:0:0:1, othername: UPN::"
	    "u@a.example\n"));
	ok(says(&said, "TLS Web Client Authentication, 1.3.6.1.4.1.99.1\n"));
	ok(says(&said,
	    "Full Name:\n                  URI:http://a.example/"
	    "ca.crl"));
	ok(says(&said, "URI:ldap://b.example/cn=CA?certificateRevocationList"));
	ok(says(&said, "OCSP - URI:http://ocsp.example/\n"));
	ok(says(&said, "CA Issuers - URI:http://a.example/ca.cer\n"));
	ok(says(&said, "OCSP No Check: \n"));
	ok(tool(&said, "certtool --certificate-info --infile full.pem") == 0);
	ok(says(&said, "DNSname: *.a.example"));
	ok(says(&said, "IPAddress: 2001:db8::1"));
	ok(says(&said, "URI: http://a.example/ca.crl"));
	ok(says(&said, "Access Location URI: http://ocsp.example/"));
}

/* RFC 5280 section 4.2.1.6: then, and only then, the names are critical. */
static void
nameless(const struct ca *ca)
{
	AUTO(X509_NAME) *none = name_of("");
	AUTO(X509_NAME) *name = name_of("/CN=x");
	AUTO(EVP_PKEY) *key = EVP_EC_gen("P-256");
	AUTO(GENERAL_NAMES) *names = NULL;
	AUTO(GENERAL_NAMES) *empty = GENERAL_NAMES_new();
	AUTO(X509) *cert = NULL;
	AUTO(X509) *named = NULL;
	AUTO(X509) *bad = NULL;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = leaf_spec(ca, none, key);
	int at;

	ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE && !bad);
	spec.names = empty;
	ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE && !bad);
	ok(mc_names_parse("dns:a.example", &names, &e));
	spec.names = names;
	ok(mc_cert_issue(&spec, &cert, &e));
	at = X509_get_ext_by_NID(cert, NID_subject_alt_name, -1);
	ok(at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(cert, at)) == 1);
	spec.ca = true;
	ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE && !bad);
	spec.ca = false;
	spec.subject = name;
	ok(mc_cert_issue(&spec, &named, &e));
	at = X509_get_ext_by_NID(named, NID_subject_alt_name, -1);
	ok(at >= 0 &&
	    X509_EXTENSION_get_critical(X509_get_ext(named, at)) == 0);
	/* nothing asked for is nothing said */
	spec.names = NULL;
	X509_free(named);
	named = NULL;
	ok(mc_cert_issue(&spec, &named, &e));
	ok(X509_get_ext_count(named) == 4);
}

static void
bad_values(const struct ca *ca)
{
	static const char *const urls[] = { "", "x", ":x",
		"http:", "http://a b/", "http://a/\n", "http://\xc3\xa4/" };
	AUTO(X509_NAME) *name = name_of("/CN=x");
	AUTO(EVP_PKEY) *key = EVP_EC_gen("P-256");
	AUTO(EVP_PKEY) *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	AUTO(X509) *bad = NULL;
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		const char *const one[] = { "http://good/", urls[i], NULL };
		struct mc_cert_spec spec = leaf_spec(ca, name, key);

		spec.crl_urls = one;
		ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE);
		spec.crl_urls = NULL;
		spec.ocsp_urls = one;
		ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE);
		spec.ocsp_urls = NULL;
		spec.issuer_urls = one;
		ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE);
	}
	ok(!bad && ERR_peek_error() == 0);
	for (int i = 0; i < 2; i++) {
		const char *const one[] = { i ? "1.2.3.x" : "noAuth", NULL };
		struct mc_cert_spec spec = leaf_spec(ca, name, key);

		spec.eku = one;
		ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE);
	}
	{
		struct ca odd = { ed, NULL };
		struct mc_cert_spec spec = leaf_spec(&odd, name, ed);

		ok(!mc_cert_issue(&spec, &bad, &e) && e.code == MC_USAGE);
	}
	ok(!bad && ERR_peek_error() == 0);
}

/* Keys for PSS only are certified as they are. */
static void
pss_subject(const struct ca *ca)
{
	AUTO(X509_NAME) *name = name_of("/CN=x");
	AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(
	    NULL, "RSA-PSS", NULL);
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(X509) *cert = NULL;
	AUTO_BUF said = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec;

	ok(EVP_PKEY_keygen_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048) == 1 &&
	    EVP_PKEY_generate(ctx, &key) == 1);
	ok(mc_key_check(key, 2048, &e) && !mc_key_check(key, 3072, &e));
	ok(!mc_key_encrypts(key));
	spec = leaf_spec(ca, name, key);
	ok(mc_cert_issue(&spec, &cert, &e) && save_cert("pss.pem", cert));
	ok(tool(&said, "openssl x509 -in pss.pem -noout -text") == 0);
	ok(says(&said, "Public Key Algorithm: rsassaPss"));
}

static void
serials(void)
{
	static const struct {
		const char *in, *out;
	} same[] = { { "0A", "0A" }, { "0a", "0A" }, { "00", "00" },
		{ "-01", "-01" }, { "000fab", "0FAB" },
		{ "FF00000000000000000000000000000000000001",
		    "FF00000000000000000000000000000000000001" } };
	static const char *const bad[] = { "", "-", "1", "0x", "0 1", "--01",
		"0102030405060708091011121314151617181920FF" };
	struct mc_err e = MC_ERR_INIT;
	char text[MC_SERIAL_TEXT];

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		AUTO(ASN1_INTEGER) *n = NULL;

		ok(mc_serial_parse(same[i].in, &n, &e) &&
		    mc_serial_encode(n, text, &e) &&
		    strcmp(text, same[i].out) == 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		AUTO(ASN1_INTEGER) *n = NULL;

		ok(!mc_serial_parse(bad[i], &n, &e) && !n &&
		    e.code == MC_MALFORMED);
	}
}

static void
keys(void)
{
	static const unsigned sizes[] = { 0, 1024, 2047, 4097, 1U << 30 };
	AUTO(EVP_PKEY) *none = NULL;
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		ok(!mc_key_new(MC_KEY_RSA, sizes[i], &none, &e) &&
		    e.code == MC_USAGE && !none);
	ok(!mc_key_encrypts(NULL));
}

int
main(void)
{
	struct ca rsa = { NULL, NULL };
	struct ca ec = { NULL, NULL };

	tool_init();
	chain(MC_KEY_RSA, 2048, "sha256WithRSAEncryption");
	chain(MC_KEY_P256, 0, "ecdsa-with-SHA256");
	chain(MC_KEY_P384, 0, "ecdsa-with-SHA384");
	ok(ca_new(MC_KEY_RSA, 2048, NULL, &rsa) &&
	    ca_new(MC_KEY_P384, 0, NULL, &ec));
	everything(&rsa);
	everything(&ec);
	nameless(&ec);
	bad_values(&ec);
	pss_subject(&rsa);
	ok(mc_key_encrypts(rsa.key) && !mc_key_encrypts(ec.key));
	serials();
	keys();
	ca_free(&rsa);
	ca_free(&ec);
	tool_done();
	return done();
}

/* SPDX-License-Identifier: ISC */
/* Blocks of PEM, public keys out of files, and what ossl.h helps with. */
#include "crypto/pem.h"

#include <stdlib.h>

#include "crypto/csr.h"
#include "crypto/key.h"
#include "folder_help.h"

#define BLOCK(label, body)                                                     \
	"-----BEGIN " label "-----\n" body "\n-----END " label "-----\n"

static void
test_blocks(void)
{
	static const char text[] = "words\n" BLOCK(
	    "ONE", "AQID") "more\n" BLOCK("X509 CERTIFICATE",
	    "BAU=") "-----BEGIN CUT-----\nAQID\n";
	const struct mc_buf file = { .data = (uint8_t *)(uintptr_t)text,
		.len = sizeof(text) - 1 };
	AUTO(BIO) *in = mc_bio_view(&file);
	AUTO_PEM_BLOCK b = { 0 };
	bool more = false;

	works(mc_pem_block_next(in, &b, &more, e));
	ok(more && strcmp(b.label, "ONE") == 0 && !*b.header && b.len == 3 &&
	    memcmp(b.data, "\1\2\3", 3) == 0 && !mc_pem_block_is_cert(&b));
	works(mc_pem_block_next(in, &b, &more, e));
	ok(more && b.len == 2 && b.data[1] == 5 && mc_pem_block_is_cert(&b));
	refuses(
	    mc_pem_block_next(in, &b, &more, e), MC_MALFORMED, "damaged PEM");
	ok(!more && !b.label && !b.data && b.len == 0);
	ok(ERR_peek_error() == 0);
	/* the end is none, also after somebody's old error */
	ERR_raise(ERR_LIB_USER, 7);
	works(mc_pem_block_next(in, &b, &more, e));
	ok(!more && ERR_peek_error() == 0);
}

static void
test_encode(void)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;

	works(mc_buf_add(&der, "\1\2\3", 3, e));
	works(mc_pem_encode(&der, "ONE", &pem, e));
	ok(mc_buf_is(&pem, BLOCK("ONE", "AQID")));
}

static bool
key_in(const char *name, const EVP_PKEY *want, struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;
	bool done = mc_pem_pubkey_load(in(name), &key, e);

	ok(!done == !key && ERR_peek_error() == 0);
	return done &&
	    (mc_key_equal(key, want) || mc_fail(e, MC_INTERNAL, "another key"));
}

/* The same key as a certificate, a request and alone, PEM and DER. */
static void
test_pubkey(void)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(X509_NAME) *name = NULL;
	AUTO(X509) *cert = NULL;
	AUTO(BIO) *mem = BIO_new(BIO_s_mem());
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF csr = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;
	struct mc_cert_spec spec = { .not_before = T0, .not_after = T0 + 9 };

	works(mc_key_new(MC_KEY_P256, 0, &key, e));
	works(mc_name_parse("/CN=x", &name, e));
	spec.subject = name;
	spec.key = spec.issuer_key = key;
	works(mc_cert_issue(&spec, &cert, e));
	works(mc_cert_encode(cert, &der, e));
	works(mc_csr_make(key, name, NULL, 0, &csr, e));
	works(mc_file_save(in("cert.der"), &der, 0600, e));
	works(mc_file_save(in("csr.der"), &csr, 0600, e));
	works(mc_pem_encode(&der, PEM_STRING_X509_OLD, &pem, e));
	works(mc_file_save(in("cert.pem"), &pem, 0600, e));
	mc_buf_clear(&pem);
	works(mc_pem_encode(&csr, PEM_STRING_X509_REQ, &pem, e));
	works(mc_file_save(in("csr.pem"), &pem, 0600, e));
	mc_buf_clear(&pem);
	ok(PEM_write_bio_PUBKEY(mem, key) == 1);
	works(mc_bio_drain(mem, &pem, e));
	works(mc_file_save(in("pub.pem"), &pem, 0600, e));
	mc_buf_clear(&pem);
	works(mc_pem_key_encode(key, &pem, e));
	works(mc_file_save(in("key.pem"), &pem, 0600, e));
	works(key_in("cert.der", key, e));
	works(key_in("csr.der", key, e));
	works(key_in("cert.pem", key, e));
	works(key_in("csr.pem", key, e));
	works(key_in("pub.pem", key, e));
	refuses(key_in("key.pem", key, e), MC_MALFORMED,
	    "key.pem: holds no certificate, request, or public key");
	/* a request that another key, or nobody, has signed proves nothing */
	csr.data[csr.len - 1] ^= 1;
	works(mc_file_save(in("csr.der"), &csr, 0600, e));
	refuses(key_in("csr.der", key, e), MC_MALFORMED, "holds no");
	ok(put("empty", "", 0600));
	refuses(key_in("empty", key, e), MC_MALFORMED, "holds no");
	refuses(key_in("absent", key, e), MC_NOINPUT, "absent: No such");
}

static bool
time_of(int type, const char *text, int64_t *out)
{
	AUTO(ASN1_TIME) *t = ASN1_STRING_type_new(type);

	return t && ASN1_STRING_set(t, text, -1) == 1 &&
	    mc_asn1_time_get(t, out);
}

static void
test_time(void)
{
	int64_t t = -1;

	ok(time_of(V_ASN1_UTCTIME, "270115080000Z", &t) && t == T0);
	ok(time_of(V_ASN1_GENERALIZEDTIME, "20270115080000Z", &t) && t == T0);
	ok(time_of(V_ASN1_UTCTIME, "500101000000Z", &t) && t == -631152000);
	t = -1;
	ok(!time_of(V_ASN1_UTCTIME, "271315080000Z", &t) &&
	    !time_of(V_ASN1_UTCTIME, "", &t) &&
	    !time_of(V_ASN1_OCTET_STRING, "270115080000Z", &t));
	/* which libcrypto reads as now */
	ok(!mc_asn1_time_get(NULL, &t) && t == -1);
	ok(ERR_peek_error() == 0);
}

static void
test_der(void)
{
	AUTO_BUF to = { .limit = 4 };
	AUTO(ASN1_INTEGER) *n = ASN1_INTEGER_new();
	unsigned char *der = NULL;

	ok(n && ASN1_INTEGER_set(n, 7) == 1);
	works(mc_der_take(&der, i2d_ASN1_INTEGER(n, &der), "x", &to, e));
	ok(!der && to.len == 3 && memcmp(to.data, "\2\1\7", 3) == 0);
	/* freed also where there is no room: the sanitizer would say */
	refuses(mc_der_take(&der, i2d_ASN1_INTEGER(n, &der), "x", &to, e),
	    MC_MALFORMED, "");
	ok(!der && to.len == 3);
	refuses(mc_der_take(&der, -1, "x to DER", &to, e), MC_INTERNAL,
	    "x to DER: failed");
}

/* What the file is taken for; its bytes, where it is a message. */
static bool
found(const void *file, size_t n, const char *want)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF own = MC_BUF_INIT;
	const struct mc_buf *out = &in;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_buf_add(&in, file, n, &e));
	if (!mc_pem_cms_find(&in, &own, &out, &e))
		return !want && e.code == MC_UNSIGNED;
	return want ? out && mc_buf_is(out, want) : out == NULL;
}
#define FOUND(file, want) found(file, sizeof(file) - 1, want)

#define ARMORED(label)                                                         \
	"-----BEGIN " label "-----\nMIABAgM=\n-----END " label "-----\n"

static void
test_cms_find(void)
{
	static const char der[] = "0\x80\1\2\3";

	ok(FOUND(der, der));
	ok(FOUND(ARMORED("CMS"), der));
	ok(FOUND(ARMORED("PKCS7"), der));
	ok(FOUND(ARMORED("PKCS #7 SIGNED DATA"), der));
	/* text may stand before it; a mark within a line is none */
	ok(FOUND("Signers:\n\t-----BEGIN\n\n" ARMORED("PKCS7"), der));
	ok(FOUND("\r\n" ARMORED("CMS") "\n \n", der));
	ok(FOUND("x -----BEGIN CMS-----\n", NULL));
	ok(FOUND("\n  MIAB\nAgM=\n", der));
	ok(FOUND("MIABAgM", der));
	/* not of a SEQUENCE, not of base64 */
	ok(FOUND("MAMBAgM=", NULL));
	ok(FOUND("MIAB*gM=", NULL));
	ok(FOUND(ARMORED("CERTIFICATE"), NULL));
	/* what quotes PEM, and is none */
	ok(FOUND("\xef\xbb\xbf <!--\n" ARMORED("CMS") "-->", NULL));
	ok(FOUND("bplist00\n" ARMORED("CMS"), NULL));
	ok(FOUND("0\x82\n" ARMORED("CMS"), "0\x82\n" ARMORED("CMS")));
	ok(FOUND("", NULL));
}

int
main(void)
{
	begin();
	test_blocks();
	test_encode();
	test_pubkey();
	test_time();
	test_der();
	test_cms_find();
	end();
	return done();
}

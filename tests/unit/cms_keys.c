/* SPDX-License-Identifier: ISC */
/*
 * SignedData by keys of every kind: RSASSA-PSS and ECDSA, ours and the openssl
 * program's.
 */
#include "crypto/cms.h"
#include "crypto/trust.h"

#include "envelope_help.h"

static enum mc_code
reads_by(const struct mc_buf *der, enum mc_gate gate, const struct mc_buf *want,
    const char *digest)
{
	AUTO(mc_signed) *s = NULL;
	AUTO_BUF got = MC_BUF_INIT;

	e = (struct mc_err)MC_ERR_INIT;
	if (!mc_signed_parse(der, gate, NULL, &s, &e) ||
	    !mc_signed_content(s, &got, &e)) {
		printf("# %s\n", e.text);
		return got.len ? MC_INTERNAL : e.code;
	}
	ok(strcmp(mc_signed_digest(s), digest) == 0);
	ok(ERR_peek_error() == 0);
	return same(&got, want) ? MC_OK : MC_INTERNAL;
}

/* Under all gates alike. */
static bool
reads(const struct mc_buf *der, const struct mc_buf *want, const char *digest)
{
	return reads_by(der, MC_GATE_STRICT, want, digest) == MC_OK &&
	    reads_by(der, MC_GATE_FILE, want, digest) == MC_OK &&
	    reads_by(der, MC_GATE_WEAK, want, digest) == MC_OK;
}

static bool
refused(const struct mc_buf *der, enum mc_code code)
{
	static const struct mc_buf none = MC_BUF_INIT;

	return reads_by(der, MC_GATE_STRICT, &none, "") == code &&
	    reads_by(der, MC_GATE_FILE, &none, "") == code;
}

#define SIGN                                                                   \
	"cms -sign -nodetach -binary -outform DER -signer cert.pem "           \
	"-inkey key.pem "
#define PSS SIGN "-keyopt rsa_padding_mode:pss "

/* A key that signs by PKCS #1 v1.5 as well. */
static void
pss(const struct party *p)
{
	static const char *const md[][2] = { { "sha256", "SHA256" },
		{ "sha384", "SHA384" }, { "sha512", "SHA512" } };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	fill(&text, 99);
	ok(party_put(p));
	for (size_t i = 0; i < 3; i++) {
		/* the salt as long as the digest, as long as fits, and none */
		ok(openssl(&text, &der,
		    PSS "-md %s -keyopt rsa_pss_saltlen:digest", md[i][0]));
		ok(reads(&der, &text, md[i][1]));
		ok(openssl(&text, &der, PSS "-md %s", md[i][0]));
		ok(reads(&der, &text, md[i][1]));
		ok(openssl(&text, &der,
		    PSS "-md %s -keyopt rsa_pss_saltlen:0 -noattr", md[i][0]));
		ok(reads(&der, &text, md[i][1]));
	}
	ok(openssl(&text, &der, PSS "-md sha1"));
	ok(refused(&der, MC_UNTRUSTED));
	ok(strcmp(e.text, "RSASSA-PSS with SHA-1") == 0);
	ok(openssl(&text, &der, PSS "-md sha256 -keyopt rsa_mgf1_md:sha512"));
	ok(refused(&der, MC_UNTRUSTED));
	ok(strcmp(e.text, "RSASSA-PSS: SHA256 with a mask of SHA512") == 0);
}

/* The parameters, patched in a message that is good. */
static void
pss_parameters(void)
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
	{ from, sizeof(from) - 1, to, sizeof(to) - 1, code, text }
		ROW("\xa2\x03\x02\x01\x20", "\xa2\x04\x02\x02\x04\x01",
		    MC_UNTRUSTED,
		    "RSASSA-PSS with a salt of 1025 bytes and trailer 1"),
		ROW("\xa2\x03\x02\x01\x20", "\xa2\x06\x02\x04\x7f\xff\xff\xff",
		    MC_UNTRUSTED,
		    "RSASSA-PSS with a salt of 2147483647 bytes and trailer 1"),
		ROW("\xa2\x03\x02\x01\x20", "\xa2\x03\x02\x01\xff",
		    MC_MALFORMED, "RSASSA-PSS: saltLength: out of range"),
		ROW("\xa2\x03\x02\x01\x20", "\xa3\x03\x02\x01\x02",
		    MC_UNTRUSTED,
		    "RSASSA-PSS with a salt of 20 bytes and trailer 2"),
		ROW("\xa2\x03\x02\x01\x20", "\xa4\x03\x02\x01\x20",
		    MC_MALFORMED,
		    "RSASSA-PSS: RSASSA-PSS-params: 5 bytes too many"),
		ROW("\xa2\x03\x02\x01\x20", "\xa2\x03\x02\x01\x21", MC_ALTERED,
		    "the signature does not match the content"),
		ROW("\xa2\x03\x02\x01\x20", "", MC_ALTERED,
		    "the signature does not match the content"),
		ROW("\x0d\x01\x01\x08", "\x0d\x01\x01\x0a", MC_UNTRUSTED,
		    "RSASSA-PSS: maskGenAlgorithm: not an allowed one"),
	};
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF good = MC_BUF_INIT;

	fill(&text, 99);
	ok(openssl(
	    &text, &good, PSS "-md sha256 -keyopt rsa_pss_saltlen:digest"));
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		AUTO_BUF der = MC_BUF_INIT;

		ok(mc_buf_add(&der, good.data, good.len, &e));
		ok(splice(&der, row[i].from, row[i].n, row[i].to, row[i].m));
		ok(refused(&der, row[i].code));
		ok(strcmp(e.text, row[i].text) == 0);
	}
}

/* The digest of PSS is not the message's. */
static void
pss_other_digest(void)
{
	static const char sha256[] = "\x60\x86\x48\x01\x65\x03\x04\x02\x01";
	static const char *const text_of[5] = {
		[1] = "",
		[2] = "RSASSA-PSS with SHA256 over a digest by SHA384",
		[3] = "RSASSA-PSS: SHA384 with a mask of SHA256",
		[4] = "RSASSA-PSS: SHA256 with a mask of SHA384",
		[0] = "a fifth",
	};
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	size_t n = 0;

	fill(&text, 99);
	ok(openssl(&text, &der, PSS "-md sha256 -noattr"));
	e = (struct mc_err)MC_ERR_INIT;
	/* in digestAlgorithms, in digestAlgorithm, and in PSS for two things */
	for (size_t i = 0; i + 9 <= der.len; i++) {
		if (memcmp(der.data + i, sha256, 9) != 0)
			continue;
		der.data[i + 8] = 2;
		n++;
		ok(n == 1 || refused(&der, MC_UNTRUSTED));
		ok(strcmp(e.text, text_of[n % 5]) == 0);
		der.data[i + 8] = 1;
	}
	ok(n == 4 && reads(&der, &text, "SHA256"));
}

/* A key that is for PSS only, with and without limits of its own. */
static void
pss_keys(void)
{
	static const char *const limits[] = { "",
		"-pkeyopt rsa_pss_keygen_md:sha256 "
		"-pkeyopt rsa_pss_keygen_mgf1_md:sha256 "
		"-pkeyopt rsa_pss_keygen_saltlen:32" };
	static const struct mc_buf none = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;
	struct party p = { 0 };

	fill(&text, 99);
	for (size_t i = 0; i < 2; i++) {
		ok(openssl(&none, &got,
		    "genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 "
		    "%s -out key.pem",
		    limits[i]));
		ok(openssl(&none, &got,
		    "req -x509 -new -key key.pem -subj /CN=pss -days 9 "
		    "-out cert.pem"));
		ok(openssl(&text, &der, PSS "-md sha256"));
		ok(reads(&der, &text, "SHA256"));
		mc_buf_clear(&der);
		ok(party_get(&p));
		ok(mc_cms_sign(
		    &(struct mc_cms_sign_spec){ .cert = p.cert, .key = p.key },
		    &text, &der, &e));
		ok(reads(&der, &text, "SHA256"));
		ok(openssl(&der, &got,
		    "cms -verify -binary -inform DER -CAfile cert.pem "
		    "-purpose any"));
		ok(same(&got, &text));
		party_clear(&p);
		der.data[der.len - 1] ^= 1;
		ok(refused(&der, MC_ALTERED));
	}
}

static void
curve(const char *group, const char *kind)
{
	static const char *const md[][2] = { { "sha256", "SHA256" },
		{ "sha384", "SHA384" }, { "sha512", "SHA512" } };
	struct party p = { 0 };
	struct mc_cms_sign_spec spec = { 0 };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	fill(&text, 99);
	ok(party_new(&p, "/O=ACME/CN=EC", EVP_EC_gen(group), 0));
	ok(party_put(&p));
	spec.cert = p.cert;
	spec.key = p.key;
	for (size_t i = 0; i < 3; i++) {
		ok(openssl(&text, &der, SIGN "-md %s", md[i][0]));
		ok(reads(&der, &text, md[i][1]));
		mc_buf_clear(&der);
		spec.md = md[i][1];
		ok(mc_cms_sign(&spec, &text, &der, &e));
		ok(reads(&der, &text, md[i][1]));
		ok(openssl(&der, &got,
		    "cms -verify -binary -inform DER -CAfile cert.pem "
		    "-purpose any"));
		ok(same(&got, &text));
	}
	/* the digest in kind */
	mc_buf_clear(&der);
	spec.md = NULL;
	ok(mc_cms_sign(&spec, &text, &der, &e));
	ok(reads(&der, &text, kind));
	ok(openssl(&der, &got, "cms -cmsout -print -inform DER"));
	ok(strstr(mc_buf_str(&got),
	       strcmp(kind, "SHA384") == 0 ? "ecdsa-with-SHA384"
					   : "ecdsa-with-SHA256") != NULL);
	party_clear(&p);
}

/* What proves too little, or costs too much. */
static void
other_keys(void)
{
	static const char *const make[] = {
		"genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-521",
		"genpkey -algorithm ec -pkeyopt ec_paramgen_curve:secp256k1",
		"genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:1008",
		"genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:1008",
	};
	static const struct mc_buf none = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	fill(&text, 9);
	for (size_t i = 0; i < sizeof(make) / sizeof(*make); i++) {
		ok(openssl(&none, &got, "%s -out key.pem", make[i]));
		ok(openssl(&none, &got,
		    "req -x509 -new -key key.pem -subj /CN=x -days 9 "
		    "-out cert.pem"));
		ok(openssl(&text, &der, SIGN "-md sha256"));
		ok(refused(&der, MC_UNTRUSTED));
	}
}

/* No flipped bit in a message by this key gives other content. */
static void
flipped_bits(const struct party *p, const char *keyopt)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	size_t other = 0;

	fill(&text, 16);
	ok(party_put(p));
	ok(openssl(&text, &der, SIGN "-md sha256 %s", keyopt));
	for (size_t i = 0; i < der.len; i++) {
		AUTO_BUF out = MC_BUF_INIT;
		AUTO(mc_signed) *s = NULL;

		der.data[i] ^= (uint8_t)(1 << i % 8);
		if (mc_signed_parse(&der, MC_GATE_FILE, NULL, &s, &e) &&
		    mc_signed_content(s, &out, &e))
			other += !same(&out, &text);
		else
			other += out.len;
		der.data[i] ^= (uint8_t)(1 << i % 8);
	}
	ok(other == 0);
}

int
main(void)
{
	struct party p = { 0 };
	struct party ec = { 0 };

	ok(folder_new());
	ok(party_new(&p, "/O=ACME/CN=one", rsa(2048), 0));
	ok(party_new(&ec, "/O=ACME/CN=two", EVP_EC_gen("P-256"), 0));
	pss(&p);
	pss_parameters();
	pss_other_digest();
	flipped_bits(&p, "-keyopt rsa_padding_mode:pss");
	flipped_bits(&ec, "");
	pss_keys();
	curve("P-256", "SHA256");
	curve("P-384", "SHA384");
	other_keys();
	party_clear(&p);
	party_clear(&ec);
	folder_remove();
	return done();
}

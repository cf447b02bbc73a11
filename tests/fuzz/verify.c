/* SPDX-License-Identifier: ISC */
/*
 * A signed message, verified to the end: structure, chain to the vectors'
 * factory, signature, content.
 *
 * What is accepted was signed by who has a key: its content is one of the
 * vectors', or carries the seal that the mutator below puts into all that it
 * signs anew with a device's key.  So a message that was changed after its
 * signing and is accepted, with other content, is a finding.
 */
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "crypto/cert.h"
#include "crypto/cms.h"
#include "crypto/digest.h"
#include "crypto/trust.h"
#include "help.h"

#define SEAL_LEN MC_SHA256_LEN
#define CONTENT_MAX 2048

size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static struct mc_trust *factory;
static X509 *device;
static EVP_PKEY *device_key;
/* The contents of vectors by other keys, or older than the seal. */
static struct mc_buf known[8];
static size_t knowns;

static const char *
vector(const char *name, char path[static 256])
{
	const char *src = getenv("SRC");

	snprintf(path, 256, "%s/tests/vectors/%s", src ? src : ".", name);
	return path;
}

/* Accepted with its content, or nothing. */
static bool
accepts(const struct mc_buf *msg, enum mc_gate gate, struct mc_buf *content)
{
	AUTO(mc_signed) *s = NULL;
	AUTO(mc_certs) *chain = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool good = mc_signed_parse(
			msg, gate, mc_trust_certs(factory), &s, &e) &&
	    mc_signed_has_content(s) &&
	    mc_trust_check(factory, mc_signed_signer(s), mc_signed_bag(s), 0,
		&chain, &e) &&
	    mc_signed_content(s, content, &e);

	must(!good || e.code == MC_OK);
	must(good || content->len == 0);
	must(ERR_peek_error() == 0);
	return good;
}

static void
load(void)
{
	static const char *const good[] = { "good-ios6.p7",
		"good-macos13-no-attrs.p7", "good-leaf-only.p7",
		"good-sha256.p7", "good-extra-certificate.p7" };
	struct mc_err e = MC_ERR_INIT;
	char path[256];

	if (factory)
		return;
	must(mc_trust_new(&factory, &e) &&
	    mc_trust_device_load(factory, vector(".", path), &e));
	must(mc_pem_cert_load(vector("leaf.pem", path), &device, &e) &&
	    mc_pem_key_load(vector("leaf.key", path), NULL, &device_key, &e));
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		AUTO_BUF msg = MC_BUF_INIT;

		must(mc_file_load(vector(good[i], path), &msg, &e));
		must(accepts(&msg, MC_GATE_STRICT, &known[knowns++]));
	}
}

static void
seal(const void *data, size_t len, uint8_t out[static SEAL_LEN])
{
	static uint8_t secret[] = "what only the mutator knows";
	const struct mc_buf key = { .data = secret, .len = sizeof(secret) };
	struct mc_err e = MC_ERR_INIT;

	must(mc_hmac_sha256(&key, data, len, out, &e));
}

static bool
is_ours(const struct mc_buf *content)
{
	uint8_t want[SEAL_LEN];
	size_t n = content->len;

	for (size_t i = 0; i < knowns; i++)
		if (known[i].len == n &&
		    memcmp(known[i].data, content->data, n) == 0)
			return true;
	if (n < SEAL_LEN)
		return false;
	seal(content->data, n - SEAL_LEN, want);
	return memcmp(want, content->data + n - SEAL_LEN, SEAL_LEN) == 0;
}

/* Beside its signature it is judged alike. */
static void
detached(const struct mc_buf *msg)
{
	AUTO(mc_signed) *s = NULL;
	AUTO(mc_signed) *again = NULL;
	AUTO_BUF content = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_signed_parse(
		msg, MC_GATE_FILE, mc_trust_certs(factory), &s, &e))
		return;
	must(strcmp(mc_signed_algorithm(s), "RSA") == 0 ||
	    strcmp(mc_signed_algorithm(s), "RSASSA-PSS") == 0 ||
	    strcmp(mc_signed_algorithm(s), "ECDSA") == 0);
	if (mc_signed_has_content(s)) {
		must(!mc_signed_detached_check(s, &known[0], &e) &&
		    e.code == MC_MALFORMED);
		return;
	}
	for (size_t i = 0; i < knowns; i++) {
		if (!mc_signed_detached_check(s, &known[i], &e))
			continue;
		/* and nothing else is */
		must(mc_signed_parse(
		    msg, MC_GATE_FILE, mc_trust_certs(factory), &again, &e));
		must(mc_buf_add(&content, known[i].data, known[i].len, &e));
		content.data[content.len / 2] ^= 1;
		must(!mc_signed_detached_check(again, &content, &e) &&
		    e.code == MC_ALTERED);
		return;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF strict = MC_BUF_INIT;
	AUTO_BUF file = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool by_strict;
	bool by_file;

	load();
	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	by_strict = accepts(&in, MC_GATE_STRICT, &strict);
	by_file = accepts(&in, MC_GATE_FILE, &file);
	must(!by_strict || by_file);
	must(!by_strict ||
	    (strict.len == file.len &&
		memcmp(mc_buf_str(&strict), mc_buf_str(&file), file.len) == 0));
	must(!by_file || is_ours(&file));
	detached(&in);
	return 0;
}

/* How a message is signed anew; bits of a seed. */
enum {
	NO_ATTRIBUTES = 1,
	STREAM = 2, /* BER, in pieces */
	CHAIN = 4,  /* a bag with the factory's certificates */
	APART = 8,  /* detached */
};

static unsigned
flags_of(unsigned how)
{
	return CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL |
	    (how & NO_ATTRIBUTES ? CMS_NOATTR : 0) |
	    (how & APART ? CMS_DETACHED : 0);
}

/* By libcrypto alone: what others make, not only what we do. */
static bool
sign(const struct mc_buf *content, unsigned how, struct mc_buf *out)
{
	const EVP_MD *const md[] = { EVP_sha1(), EVP_sha256(), EVP_sha384(),
		EVP_sha512() };
	const unsigned flags = flags_of(how);
	AUTO(BIO) *in = mc_bio_view(content);
	AUTO(BIO) *to = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	const mc_certs *more = mc_trust_certs(factory);
	struct mc_err e = MC_ERR_INIT;
	bool done = in && to && cms &&
	    CMS_add1_signer(cms, device, device_key, md[how >> 4 & 3], flags);

	for (int i = 0; done && how & CHAIN && i < sk_X509_num(more); i++)
		if (X509_cmp(sk_X509_value(more, i), device) != 0)
			(void)CMS_add1_cert(cms, sk_X509_value(more, i));
	if (done && how & STREAM && !(how & APART))
		done = CMS_set_detached(cms, 0) == 1 &&
		    i2d_CMS_bio_stream(to, cms, in, (int)flags | CMS_STREAM) ==
			1;
	else if (done)
		done = CMS_final(cms, in, NULL, flags) == 1 &&
		    i2d_CMS_bio(to, cms) == 1;
	ERR_clear_error();
	return done && mc_bio_drain(to, out, &e);
}

/* The content of a message, whether or not anything of it holds. */
static void
content_of(const struct mc_buf *msg, struct mc_buf *to)
{
	const unsigned char *p = msg->data;
	AUTO(CMS_ContentInfo) *cms = d2i_CMS_ContentInfo(
	    NULL, &p, (long)msg->len);
	ASN1_OCTET_STRING **text = cms ? CMS_get0_content(cms) : NULL;
	struct mc_err e = MC_ERR_INIT;
	int n = text && *text ? ASN1_STRING_length(*text) : 0;

	ERR_clear_error();
	if (n > 0 && n <= CONTENT_MAX)
		must(mc_buf_add(
		    to, ASN1_STRING_get0_data(*text), (size_t)n, &e));
	else
		must(mc_buf_add(to, known[0].data, known[0].len, &e));
}

/* Another content, sealed and signed. */
static bool
renew(struct mc_buf *msg, unsigned seed)
{
	AUTO_BUF content = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	uint8_t body[CONTENT_MAX + SEAL_LEN];
	size_t n;

	content_of(msg, &content);
	n = content.len < SEAL_LEN ? 0 : content.len - SEAL_LEN;
	if (n > 0)
		memcpy(body, content.data, n);
	n = LLVMFuzzerMutate(body, n, CONTENT_MAX);
	seal(body, n, body + n);
	mc_buf_clear(&content);
	mc_buf_clear(msg);
	return mc_buf_add(&content, body, n + SEAL_LEN, &e) &&
	    sign(&content, seed, msg);
}

/* A third is signed anew; a third is changed then; the rest is only changed. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	AUTO_BUF msg = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	const unsigned kind = seed % 3;

	load();
	if (kind == 2 || !mc_buf_add(&msg, data, size, &e) ||
	    !renew(&msg, seed >> 8) || msg.len > max)
		return LLVMFuzzerMutate(data, size, max);
	memcpy(data, msg.data, msg.len);
	return kind == 1 ? LLVMFuzzerMutate(data, msg.len, max) : msg.len;
}

/* SPDX-License-Identifier: ISC */
/*
 * A signed profile of 3 KB, tampered with: each byte in turn, in several ways,
 * and cut at each byte.  What is accepted has the content that was signed, and
 * what is refused has none.
 */
#include "crypto/cms.h"
#include "crypto/trust.h"

#include "envelope_help.h"

static const char profile_head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<plist version=\"1.0\">\n<dict>\n"
    "\t<key>PayloadType</key>\n\t<string>Configuration</string>\n"
    "\t<key>PayloadIdentifier</key>\n\t<string>com.acme.tamper</string>\n";
static const char profile_tail[] = "</dict>\n</plist>\n";

/* What is tampered with, and by what it is judged. */
struct target {
	struct mc_trust *trust;
	struct mc_buf content;
	struct mc_buf der;
	const char *algorithm;
	bool detached;
	size_t extra; /* bytes of certificates that no chain needs */
};

/* How one is made. */
struct making {
	const char *algorithm;
	const char *options;
	size_t len;  /* of the profile */
	size_t ways; /* to flip a byte */
};

/* One that signs, issued by another one. */
static bool
issued_new(struct party *p, const struct party *ca, const char *subject)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec spec = { .key = p->key,
		.issuer = ca ? ca->cert : NULL,
		.issuer_key = ca ? ca->key : p->key,
		.not_before = mc_time_now() - MC_DAY,
		.not_after = mc_time_now() + MC_DAY,
		.ca = ca == NULL,
		.path_len = -1 };

	p->certs = sk_X509_new_null();
	if (!p->key || !p->certs || !mc_name_parse(subject, &name, &e))
		return false;
	spec.subject = name;
	return mc_cert_issue(&spec, &p->cert, &e);
}

static bool
trust_of(const struct party *ca, struct mc_trust **out)
{
	char path[128];
	FILE *f = folder_open("ca.pem", "wb");
	bool done = f && PEM_write_X509(f, ca->cert) == 1;

	snprintf(path, sizeof(path), "%s/ca.pem", help_dir);
	return f && fclose(f) == 0 && done && mc_trust_new(out, &e) &&
	    mc_trust_anchors_load(*out, path, &e);
}

static bool
is_trusted(const struct target *t, const struct mc_signed *s)
{
	return mc_trust_check(
	    t->trust, mc_signed_signer(s), mc_signed_bag(s), 0, NULL, &e);
}

/*
 * All that the verify stage asks, the dearest question last; content is the
 * one that was accepted.
 */
static bool
accepted(const struct target *t, const struct mc_buf *der,
    const struct mc_buf *detached, struct mc_buf *content)
{
	AUTO(mc_signed) *s = NULL;

	e = (struct mc_err)MC_ERR_INIT;
	if (!mc_signed_parse(der, MC_GATE_FILE, NULL, &s, &e))
		return false;
	if (t->detached)
		return mc_signed_detached_check(s, detached, &e) &&
		    is_trusted(t, s) &&
		    mc_buf_add(content, detached->data, detached->len, &e);
	if (!mc_signed_has_content(s) || !mc_signed_content(s, content, &e))
		return false;
	/* intact it has to be whoever signed it, too */
	ok(same(content, &t->content));
	if (is_trusted(t, s))
		return true;
	mc_buf_clear(content);
	return false;
}

/* How often this was accepted so far, and with other content. */
struct count {
	size_t accepted;
	size_t wrong; /* other content; or content without acceptance */
	size_t tried;
};

static bool
judge(const struct target *t, const struct mc_buf *der, struct count *n)
{
	AUTO_BUF out = MC_BUF_INIT;
	bool good = accepted(t, der, &t->content, &out);

	n->tried++;
	n->accepted += good;
	n->wrong += good ? !same(&out, &t->content) : out.len > 0;
	return good;
}

static bool
algorithm_is(const struct target *t, const char *name)
{
	AUTO(mc_signed) *s = NULL;

	return mc_signed_parse(&t->der, MC_GATE_FILE, NULL, &s, &e) &&
	    strcmp(mc_signed_algorithm(s), name) == 0;
}

/* Offsets that nobody may touch: what is signed, and the signature. */
static bool
is_signed(const struct target *t, size_t i)
{
	const uint8_t *content = memmem(
	    t->der.data, t->der.len, t->content.data, t->content.len);
	size_t begin = content ? (size_t)(content - t->der.data) : 0;

	/* the signature's own bytes come last, and are 256 or about 70 */
	return (content && i >= begin && i < begin + t->content.len) ||
	    i >= t->der.len - 60;
}

static void
flip_all(struct target *t, const char *what, size_t ways)
{
	struct count n = { 0 };
	size_t forged = 0;

	for (size_t i = 0; i < t->der.len; i++) {
		const uint8_t was = t->der.data[i];
		const uint8_t flips[] = { (uint8_t)(1 << i % 8), 0xff };

		for (size_t k = 0; k < ways; k++) {
			t->der.data[i] = was ^ flips[k];
			forged += judge(t, &t->der, &n) && is_signed(t, i);
			t->der.data[i] = was;
		}
	}
	printf("# %s: %zu bytes, %zu flips, %zu of them change nothing\n", what,
	    t->der.len, n.tried, n.accepted);
	ok(n.wrong == 0);
	ok(forged == 0);
	/* what nobody signed is a certificate that nobody needs, and little */
	ok(n.accepted < (t->extra + 60) * ways);
	ok(judge(t, &t->der, &n));
	ok(algorithm_is(t, t->algorithm));
}

static void
cut_all(struct target *t)
{
	struct count n = { 0 };
	size_t whole = t->der.len;

	for (t->der.len = 0; t->der.len < whole; t->der.len++)
		judge(t, &t->der, &n);
	ok(n.tried == whole && n.accepted == 0 && n.wrong == 0);
	ok(mc_buf_add(&t->der, "", 1, &e) && !judge(t, &t->der, &n));
	t->der.len = whole;
	ok(judge(t, &t->der, &n));
}

/* The content beside its signature. */
static void
flip_content(struct target *t)
{
	size_t good = 0;

	for (size_t i = 0; i < t->content.len; i++) {
		AUTO_BUF out = MC_BUF_INIT;

		t->content.data[i] ^= (uint8_t)(1 << i % 8);
		good += accepted(t, &t->der, &t->content, &out) || out.len > 0;
		t->content.data[i] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t n = t->content.len; t->content.len > 0;) {
		AUTO_BUF out = MC_BUF_INIT;

		t->content.len--;
		good += accepted(t, &t->der, &t->content, &out) || out.len > 0;
		if (t->content.len == 0) {
			t->content.len = n;
			break;
		}
	}
	ok(good == 0);
}

/* A profile of about len bytes. */
static void
profile_fill(struct mc_buf *to, size_t len)
{
	ok(mc_buf_puts(to, profile_head, &e));
	for (unsigned i = 0; to->len + sizeof(profile_tail) < len; i++)
		ok(mc_buf_printf(to, &e,
		    "\t<key>Key%u</key>\n\t<string>value %u</string>\n", i,
		    i * 7919));
	ok(mc_buf_puts(to, profile_tail, &e));
}

#define SIGN                                                                   \
	"cms -sign -binary -outform DER -signer cert.pem -inkey key.pem "      \
	"-md sha256 "

static void
tamper(struct party *ca, EVP_PKEY *key, const struct making *how)
{
	struct party p = { .key = key };
	struct target t = {
		.algorithm = how->algorithm,
		.detached = strstr(how->options, "-nodetach") == NULL,
	};

	ok(issued_new(&p, ca, "/O=ACME/CN=signer"));
	ok(trust_of(ca, &t.trust));
	ok(party_put(&p));
	profile_fill(&t.content, how->len);
	if (strstr(how->options, "-certfile"))
		t.extra = (size_t)i2d_X509(ca->cert, NULL);
	ok(openssl(&t.content, &t.der, SIGN "%s", how->options));
	flip_all(&t, how->options, how->ways);
	cut_all(&t);
	if (t.detached)
		flip_content(&t);
	mc_trust_free(t.trust);
	mc_buf_clear(&t.content);
	mc_buf_clear(&t.der);
	party_clear(&p);
}

int
main(void)
{
	static const struct making plain = { "RSA", "-nodetach", 1800, 2 };
	static const struct making stream = { "ECDSA",
		"-nodetach -stream -keyid -certfile ca.pem", 400, 1 };
	static const struct making pss = { "RSASSA-PSS",
		"-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:32", 400,
		1 };
	static const struct making bare = { "ECDSA", "-nodetach -noattr", 400,
		1 };
	struct party ca = { .key = EVP_EC_gen("P-256") };

	ok(folder_new());
	ok(issued_new(&ca, NULL, "/O=ACME/CN=root"));
	tamper(&ca, rsa(2048), &plain);
	tamper(&ca, EVP_EC_gen("P-256"), &stream);
	tamper(&ca, rsa(2048), &pss);
	tamper(&ca, EVP_EC_gen("P-256"), &bare);
	party_clear(&ca);
	folder_remove();
	return done();
}

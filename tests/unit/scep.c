/* SPDX-License-Identifier: ISC */
#include "scep/scep.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/hex.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "scep/attr.h"

#include "tap.h"

static struct mc_err e;
static const uint8_t nonce[MC_SCEP_NONCE] = "0123456789abcdef";

struct party {
	EVP_PKEY *key;
	X509 *cert;
	mc_certs *certs;
};

static bool
party_new(struct party *p, const char *subject, EVP_PKEY *key)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec spec = { .key = key,
		.issuer_key = key,
		.not_before = mc_time_now(),
		.not_after = mc_time_now() + MC_DAY,
		.path_len = -1 };

	p->key = key;
	p->certs = sk_X509_new_null();
	if (!key || !p->certs || !mc_name_parse(subject, &name, &e))
		return false;
	spec.subject = name;
	return mc_cert_issue(&spec, &p->cert, &e) && X509_up_ref(p->cert) &&
	    sk_X509_push(p->certs, p->cert) > 0;
}

static void
party_clear(struct party *p)
{
	EVP_PKEY_free(p->key);
	X509_free(p->cert);
	sk_X509_pop_free(p->certs, X509_free);
}

static EVP_PKEY *
rsa(unsigned bits)
{
	EVP_PKEY *key = NULL;

	return mc_key_new_rsa(bits, &key, &e) ? key : NULL;
}

/* A server, a device, and somebody else. */
static struct party ra;
static struct party device;
static struct party other;
static struct mc_buf csr;

/* A request as our own client makes it. */
static struct mc_scep_ask
ask_for(enum mc_cipher cipher, const char *md)
{
	return (struct mc_scep_ask){ .type = MC_SCEP_PKCSREQ,
		.transaction = "ABC+/= 42",
		.nonce = nonce,
		.signer = device.cert,
		.signer_key = device.key,
		.recipients = ra.certs,
		.cipher = cipher,
		.md = md,
		.content = &csr };
}

static bool
same(const struct mc_buf *a, const struct mc_buf *b)
{
	return a->len == b->len &&
	    memcmp(mc_buf_str(a), mc_buf_str(b), a->len) == 0;
}

static void
vector(const char *src)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO_SCEP_REQUEST r = { 0 };
	struct mc_scep_refusal why;
	AUTO(X509) *cert = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(X509_REQ) *req = NULL;
	bool found;

	ok(mc_buf_printf(&path, &e, "%s/tests/vectors/scep-ra.pem", src));
	ok(mc_pem_cert_load(mc_buf_str(&path), &cert, &e));
	memcpy(path.data + path.len - 3, "key", 3);
	ok(mc_pem_key_load(mc_buf_str(&path), NULL, &key, &e));
	mc_buf_clear(&path);
	ok(mc_buf_printf(&path, &e, "%s/tests/vectors/scep-good-ios6.p7", src));
	ok(mc_file_load(mc_buf_str(&path), &msg, &e));
	ok(mc_scep_request_parse(&msg, &r, &why, &e));
	ok(r.type == MC_SCEP_PKCSREQ && r.nonce_len == 16);
	ok(r.cipher == MC_DES3_CBC && strcmp(r.md, "SHA1") == 0);
	ok(strlen(r.transaction) == 40);
	ok(mc_scep_request_open(&r, cert, key, &content, &why, &e));
	ok(mc_csr_parse(&content, 1024, &req, &e));
	ok(mc_csr_challenge(req, &challenge, &found, &e) && found &&
	    mc_buf_is(&challenge, "vector-challenge"));
	ok(mc_key_equal(X509_get0_pubkey(r.signer), X509_REQ_get0_pubkey(req)));
}

/* A certificate for the device's key, by the other one. */
static X509 *
issue(const char *subject, EVP_PKEY *key)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec spec = { .key = key,
		.issuer = other.cert,
		.issuer_key = other.key,
		.not_before = mc_time_now(),
		.not_after = mc_time_now() + MC_HOUR,
		.path_len = -1 };
	X509 *cert = NULL;

	if (!mc_name_parse(subject, &name, &e))
		return NULL;
	spec.subject = name;
	return mc_cert_issue(&spec, &cert, &e) ? cert : NULL;
}

static void
success(enum mc_cipher cipher, const char *md)
{
	const struct mc_scep_ask ask = ask_for(cipher, md);
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_BUF answer = MC_BUF_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_SCEP_REPLY reply = { .fail = -1 };
	struct mc_scep_answer a = { .status = MC_SCEP_SUCCESS,
		.certs = certs,
		.ra = ra.cert,
		.ra_key = ra.key };
	struct mc_scep_refusal why;

	ok(mc_scep_request_encode(&ask, &msg, &e));
	ok(mc_scep_request_parse(&msg, &r, &why, &e));
	ok(r.type == MC_SCEP_PKCSREQ && r.cipher == cipher);
	ok(strcmp(r.md, md) == 0 && strcmp(r.transaction, "ABC+/= 42") == 0);
	ok(r.nonce_len == 16 && memcmp(r.nonce, nonce, 16) == 0);
	ok(X509_cmp(r.signer, device.cert) == 0);
	ok(mc_scep_request_open(&r, ra.cert, ra.key, &content, &why, &e));
	ok(same(&content, &csr));

	ok(sk_X509_push(certs, issue("/CN=leaf", device.key)) > 0);
	ok(mc_scep_reply_encode(&r, &a, &answer, &e));
	ok(mc_scep_reply_parse(&answer, &ask, &reply, &e));
	ok(reply.status == MC_SCEP_SUCCESS && reply.fail == -1);
	ok(sk_X509_num(reply.certs) == 1 &&
	    X509_cmp(sk_X509_value(reply.certs, 0), sk_X509_value(certs, 0)) ==
		0);
}

/* Whichever comes first in the SET, ours is given first. */
static void
leaf_among_others(void)
{
	const struct mc_scep_ask ask = ask_for(MC_AES128_CBC, NULL);
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();
	AUTO(mc_certs) *foreign = sk_X509_new_null();
	AUTO_SCEP_REQUEST r = { 0 };
	struct mc_scep_answer a = {
		.certs = certs, .ra = ra.cert, .ra_key = ra.key
	};
	struct mc_scep_refusal why;

	ok(mc_scep_request_encode(&ask, &msg, &e));
	ok(mc_scep_request_parse(&msg, &r, &why, &e));
	ok(sk_X509_push(certs, issue("/CN=a", other.key)) > 0);
	ok(sk_X509_push(certs, issue("/CN=leaf", device.key)) > 0);
	ok(sk_X509_push(certs, issue("/CN=very long last name", ra.key)) > 0);
	for (int i = 0; i < 3; i++) {
		AUTO_BUF answer = MC_BUF_INIT;
		AUTO_SCEP_REPLY reply = { .fail = -1 };
		X509 *first = sk_X509_shift(certs);

		ok(sk_X509_push(certs, first) > 0);
		ok(mc_scep_reply_encode(&r, &a, &answer, &e));
		ok(mc_scep_reply_parse(&answer, &ask, &reply, &e));
		ok(sk_X509_num(reply.certs) == 3);
		ok(mc_key_equal(X509_get0_pubkey(sk_X509_value(reply.certs, 0)),
		    device.key));
	}
	AUTO_BUF wrong = MC_BUF_INIT;
	AUTO_SCEP_REPLY none = { .fail = -1 };
	ok(sk_X509_push(foreign, issue("/CN=a", other.key)) > 0);
	a.certs = foreign;
	ok(mc_scep_reply_encode(&r, &a, &wrong, &e));
	ok(!mc_scep_reply_parse(&wrong, &ask, &none, &e) && !none.certs);
}

/* The reply to r of this status and refusal, read by the device. */
static bool
told(const struct mc_scep_request *r, const struct mc_scep_ask *ask,
    struct mc_scep_answer a, struct mc_scep_reply *reply)
{
	AUTO_BUF answer = MC_BUF_INIT;
	AUTO(BIO) *in = NULL;
	AUTO(CMS_ContentInfo) *cms = NULL;

	a.ra = ra.cert;
	a.ra_key = ra.key;
	mc_scep_reply_clear(reply);
	ok(mc_scep_reply_encode(r, &a, &answer, &e));
	/* no content: absent, not empty */
	in = mc_bio_view(&answer);
	cms = d2i_CMS_bio(in, NULL);
	ok(cms && CMS_get0_content(cms) && !*CMS_get0_content(cms));
	return mc_scep_reply_parse(&answer, ask, reply, &e);
}

static void
refusals(void)
{
	const struct mc_scep_ask ask = ask_for(MC_AES256_CBC, "SHA256");
	struct mc_scep_ask twin = ask;
	static const uint8_t fresh[MC_SCEP_NONCE] = "another nonce...";
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_SCEP_REPLY reply = { .fail = -1 };
	struct mc_scep_answer a = { .status = MC_SCEP_FAILURE };
	struct mc_scep_refusal why;

	ok(mc_scep_request_encode(&ask, &msg, &e));
	ok(mc_scep_request_parse(&msg, &r, &why, &e));
	for (int fail = 0; fail <= MC_SCEP_BADCERTID; fail++) {
		a.why = (struct mc_scep_refusal){ fail,
			fail % 2 ? NULL : "because of \xc3\xa9" };
		ok(told(&r, &ask, a, &reply));
		ok(reply.status == MC_SCEP_FAILURE && reply.fail == fail);
		ok(strcmp(reply.text, fail % 2 ? "" : a.why.text) == 0);
		ok(!reply.certs);
	}
	a.status = MC_SCEP_PENDING;
	ok(told(&r, &ask, a, &reply));
	ok(reply.status == MC_SCEP_PENDING && reply.fail == -1);

	/* an answer to something else */
	twin.transaction = "ABC+/= 4";
	ok(!told(&r, &twin, a, &reply) &&
	    strcmp(e.text, "CertRep: transactionID: not ours") == 0);
	twin = ask;
	twin.nonce = fresh;
	ok(!told(&r, &twin, a, &reply) &&
	    strcmp(e.text, "CertRep: recipientNonce: not ours") == 0);
	/* or from somebody else */
	twin = ask;
	twin.ra = other.certs;
	ok(!told(&r, &twin, a, &reply) && e.code == MC_UNTRUSTED);

	AUTO_BUF none = MC_BUF_INIT;
	a = (struct mc_scep_answer){ .status = MC_SCEP_FAILURE,
		.why = { -1, NULL },
		.ra = ra.cert,
		.ra_key = ra.key };
	ok(!mc_scep_reply_encode(&r, &a, &none, &e) && none.len == 0);
	r.transaction[0] = '\0';
	a.why.fail = 2;
	ok(!mc_scep_reply_encode(&r, &a, &none, &e) && none.len == 0);
}

/* A CertRep of four attributes as they are given; NULL: left out. */
static bool
reads_reply(const char *type, const char *status, const char *transaction,
    size_t nonce_len, const char *fail)
{
	const struct mc_scep_ask ask = ask_for(MC_AES256_CBC, "SHA256");
	struct mc_cms_attr attrs[6] = { 0 };
	const struct mc_cms_sign_spec spec = { .cert = ra.cert,
		.key = ra.key,
		.attrs = attrs,
		.no_content = true };
	AUTO_BUF none = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_SCEP_REPLY reply = { .fail = -1 };
	size_t n = 0;
	bool done;

	if (type)
		attrs[n++] = mc_scep_attr_text(
		    MC_OID_MESSAGE_TYPE, V_ASN1_PRINTABLESTRING, type);
	if (status)
		attrs[n++] = mc_scep_attr_text(
		    MC_OID_PKI_STATUS, V_ASN1_PRINTABLESTRING, status);
	if (transaction)
		attrs[n++] = mc_scep_attr_text(
		    MC_OID_TRANSACTION, V_ASN1_PRINTABLESTRING, transaction);
	if (fail)
		attrs[n++] = mc_scep_attr_text(
		    MC_OID_FAIL_INFO, V_ASN1_PRINTABLESTRING, fail);
	if (nonce_len)
		attrs[n++] = (struct mc_cms_attr){ MC_OID_RECIPIENT_NONCE,
			V_ASN1_OCTET_STRING, nonce, nonce_len };
	ok(mc_cms_sign(&spec, &none, &msg, &e));
	done = mc_scep_reply_parse(&msg, &ask, &reply, &e);
	ok(done || !reply.certs);
	return done;
}

static void
odd_replies(void)
{
	static const char id[] = "ABC+/= 42";

	ok(reads_reply("3", "3", id, 16, NULL));
	ok(reads_reply("3", "2", id, 16, "4"));
	ok(reads_reply("3", "2", id, 16, NULL));
	/* SUCCESS without anything in it */
	ok(!reads_reply("3", "0", id, 16, NULL));
	ok(!reads_reply("19", "3", id, 16, NULL));
	ok(!reads_reply("03", "3", id, 16, NULL));
	ok(!reads_reply("", "3", id, 16, NULL));
	ok(!reads_reply(NULL, "3", id, 16, NULL));
	ok(!reads_reply("3", "1", id, 16, NULL));
	ok(!reads_reply("3", "4", id, 16, NULL) &&
	    strcmp(e.text, "CertRep: pkiStatus: unknown") == 0);
	ok(!reads_reply("3", "03", id, 16, NULL));
	ok(!reads_reply("3", NULL, id, 16, NULL));
	ok(!reads_reply("3", "3", "ABC+/= 421", 16, NULL));
	ok(!reads_reply("3", "3", NULL, 16, NULL));
	ok(!reads_reply("3", "3", id, 15, NULL));
	ok(!reads_reply("3", "3", id, 0, NULL));
	ok(!reads_reply("3", "2", id, 16, "5"));
	ok(!reads_reply("3", "2", id, 16, "04"));
	ok(!reads_reply("3", "2", id, 16, "x"));
}

/* The attributes of a request, to be spoiled one by one. */
enum { TYPE, TRANSACTION, NONCE, EXTRA, ATTRS };

struct odd {
	struct mc_cms_attr attr[ATTRS + 1];
	const struct party *to;
	const struct party *from;
	const char *md;
};

static struct odd
usual(void)
{
	return (struct odd){
		{ { MC_OID_MESSAGE_TYPE, V_ASN1_PRINTABLESTRING, "19", 2 },
		    { MC_OID_TRANSACTION, V_ASN1_PRINTABLESTRING, "1F", 2 },
		    { MC_OID_SENDER_NONCE, V_ASN1_OCTET_STRING, nonce,
			sizeof(nonce) } },
		&ra, &device, NULL
	};
}

static void
leave_out(struct odd *o, int which)
{
	for (; o->attr[which].oid; which++)
		o->attr[which] = o->attr[which + 1];
}

static bool
sign_odd(const struct odd *o, const struct mc_buf *content, struct mc_buf *msg)
{
	const struct mc_cms_sign_spec spec = { .cert = o->from->cert,
		.key = o->from->key,
		.md = o->md,
		.attrs = o->attr };

	return mc_cms_sign(&spec, content, msg, &e);
}

static bool
make_odd(const struct odd *o, struct mc_buf *msg)
{
	AUTO_BUF envelope = MC_BUF_INIT;

	mc_buf_clear(msg);
	return mc_envelope_seal(
		   &csr, o->to->certs, MC_AES128_CBC, &envelope, &e) &&
	    sign_odd(o, &envelope, msg);
}

#define TAKEN 99 /* what fate() says of a request that was opened */

/* Parse and open: the failInfo, -1 where no CertRep can be made. */
static int
fate_of(const struct mc_buf *msg, enum mc_scep_type *type)
{
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_BUF content = MC_BUF_INIT;
	struct mc_scep_refusal why = { 42, NULL };
	bool done;

	e = (struct mc_err)MC_ERR_INIT;
	done = mc_scep_request_parse(msg, &r, &why, &e) &&
	    mc_scep_request_open(&r, ra.cert, ra.key, &content, &why, &e);
	*type = r.type;
	ok(ERR_peek_error() == 0);
	if (done)
		return same(&content, &csr) ? TAKEN : -2;
	ok(e.code != MC_OK && e.text[0] && content.len == 0);
	/* a refusal can be sent */
	ok(why.fail == -1 || (r.signer && r.transaction[0]));
	return why.fail;
}

static int
fate(const struct odd *o)
{
	AUTO_BUF msg = MC_BUF_INIT;
	enum mc_scep_type type;

	return make_odd(o, &msg) ? fate_of(&msg, &type) : -3;
}

static void
message_types(void)
{
	static const char *const spelled[] = { "", "019", "19 ", " 19", "+19",
		"19a", "1 9", "0x13", "190", "-1", "nineteen", "00", "1900" };
	struct odd o = usual();
	AUTO_BUF msg = MC_BUF_INIT;
	enum mc_scep_type type;
	char text[8];

	for (int n = 0; n < 256; n++) {
		bool client = n == 17 || (n >= 19 && n <= 22);
		/* of a client's, one that proves who made what is in it */
		int want = n == 19 ? TAKEN
		    : client       ? MC_SCEP_BADMESSAGECHECK
				   : MC_SCEP_BADREQUEST;

		snprintf(text, sizeof(text), "%d", n);
		o.attr[TYPE].data = text;
		o.attr[TYPE].len = strlen(text);
		ok(make_odd(&o, &msg));
		ok(fate_of(&msg, &type) == want);
		ok(!client || (int)type == n);
	}
	for (size_t i = 0; i < sizeof(spelled) / sizeof(*spelled); i++) {
		o.attr[TYPE].data = spelled[i];
		o.attr[TYPE].len = strlen(spelled[i]);
		ok(fate(&o) == MC_SCEP_BADREQUEST);
	}
	/* with a NUL after it, or as another type of string */
	o = usual();
	o.attr[TYPE].len = 3;
	ok(fate(&o) == MC_SCEP_BADREQUEST);
	o.attr[TYPE].len = 2;
	o.attr[TYPE].type = V_ASN1_UTF8STRING;
	ok(fate(&o) == MC_SCEP_BADREQUEST);
	o.attr[TYPE].type = V_ASN1_OCTET_STRING;
	ok(fate(&o) == MC_SCEP_BADREQUEST);
	o.attr[TYPE].type = V_ASN1_INTEGER;
	ok(fate(&o) == MC_SCEP_BADREQUEST);
	o = usual();
	leave_out(&o, TYPE);
	ok(fate(&o) == MC_SCEP_BADREQUEST);
	/* decided before anything is decrypted */
	o.to = &other;
	ok(fate(&o) == MC_SCEP_BADREQUEST);
}

static void
transactions(void)
{
	struct odd o = usual();
	char text[MC_SCEP_TRANSACTION + 2];

	memset(text, '7', sizeof(text));
	o.attr[TRANSACTION].data = text;
	o.attr[TRANSACTION].len = MC_SCEP_TRANSACTION;
	ok(fate(&o) == TAKEN);
	o.attr[TRANSACTION].len++;
	ok(fate(&o) == -1);
	o.attr[TRANSACTION].len = 0;
	ok(fate(&o) == -1);
	o.attr[TRANSACTION].len = 1;
	for (int c = 0; c < 256; c++) {
		text[0] = (char)c;
		ok(fate(&o) == (c >= 0x20 && c <= 0x7e ? TAKEN : -1));
	}
	o = usual();
	o.attr[TRANSACTION].type = V_ASN1_OCTET_STRING;
	ok(fate(&o) == -1);
	o = usual();
	leave_out(&o, TRANSACTION);
	ok(fate(&o) == -1);
}

static void
nonces(void)
{
	static const uint8_t long_one[64] = { 1 };
	struct odd o = usual();

	o.attr[NONCE].data = long_one;
	for (size_t n = 0; n <= sizeof(long_one); n++) {
		o.attr[NONCE].len = n;
		ok(fate(&o) ==
		    (n == 16 || n == 8 ? TAKEN : MC_SCEP_BADREQUEST));
	}
	o.attr[NONCE].len = 16;
	o.attr[NONCE].type = V_ASN1_PRINTABLESTRING;
	ok(fate(&o) == MC_SCEP_BADREQUEST);
	leave_out(&o, NONCE);
	ok(fate(&o) == TAKEN);
}

/* Each attribute a second time: another one's OID is changed into its. */
static void
twice(void)
{
	static const uint8_t arc[] = { 0x86, 0xf8, 0x45, 0x01, 0x09 };
	AUTO_BUF msg = MC_BUF_INIT;
	enum mc_scep_type type;

	for (int i = 0; i < 3; i++) {
		struct odd o = usual();
		uint8_t from[6];
		uint8_t *at;

		o.attr[EXTRA] = o.attr[i];
		o.attr[EXTRA].oid = MC_SCEP_OID "99";
		ok(make_odd(&o, &msg));
		ok(fate_of(&msg, &type) == TAKEN);
		memcpy(from, arc, 5);
		from[5] = 99;
		at = memmem(msg.data, msg.len, from, sizeof(from));
		ok(at);
		at[5] = (uint8_t)(o.attr[i].oid[strlen(o.attr[i].oid) - 1] -
		    '0');
		ok(fate_of(&msg, &type) == -1);
	}
}

static void
recipients_and_algorithms(void)
{
	struct odd o = usual();
	struct party weak = { 0 };
	struct party curve = { 0 };

	o.to = &other;
	ok(fate(&o) == MC_SCEP_BADMESSAGECHECK);
	o = usual();
	o.md = "SHA1";
	ok(fate(&o) == TAKEN);
	o.md = "SHA512";
	ok(fate(&o) == TAKEN);
	o = usual();
	ok(party_new(&curve, "/CN=curve", EVP_EC_gen("P-256")));
	o.from = &curve;
	ok(fate(&o) == MC_SCEP_BADALG);
	ok(party_new(&weak, "/CN=weak", EVP_RSA_gen(768)));
	o.from = &weak;
	ok(fate(&o) == -1);
	/* MD5 does not pass the gate */
	o = usual();
	o.md = "MD5";
	ok(fate(&o) == -1);
	party_clear(&weak);
	party_clear(&curve);
}

/* What is enveloped, or said to be, in place of a CSR. */
static int
fate_of_content(const struct mc_buf *content)
{
	struct odd o = usual();
	AUTO_BUF envelope = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	enum mc_scep_type type;

	return mc_envelope_seal(
		   content, ra.certs, MC_AES128_CBC, &envelope, &e) &&
		sign_odd(&o, &envelope, &msg)
	    ? fate_of(&msg, &type)
	    : -3;
}

/* As what cannot be decrypted: in failInfo, and in the log. */
static bool
unreadable(const struct mc_buf *content)
{
	return fate_of_content(content) == MC_SCEP_BADMESSAGECHECK &&
	    e.code == MC_DENIED &&
	    strcmp(e.text, "EnvelopedData: it cannot be decrypted") == 0;
}

static bool
unreadable_text(const char *data, size_t len)
{
	AUTO_BUF content = MC_BUF_INIT;

	return mc_buf_add(&content, data, len, &e) && unreadable(&content);
}

static bool
unreadable_csr(EVP_PKEY *key, const char *subject)
{
	AUTO_BUF content = MC_BUF_INIT;
	AUTO(X509_NAME) *name = NULL;

	if (subject ? !mc_name_parse(subject, &name, &e)
		    : !(name = X509_NAME_new()))
		return false;
	return mc_csr_make(key, name, "secret", 0, &content, &e) &&
	    unreadable(&content);
}

/*
 * Nothing is told of what its sender is not proven to have made, or the
 * answers are an oracle for what is in a captured envelope.
 */
static void
unproven_contents(void)
{
	AUTO(EVP_PKEY) *small = EVP_RSA_gen(512);
	AUTO(EVP_PKEY) *curve = EVP_EC_gen("P-256");
	AUTO_BUF content = MC_BUF_INIT;

	ok(unreadable_text("", 0));
	ok(unreadable_text("hello", 5));
	ok(unreadable_text("0", 1));
	ok(unreadable_text("\x30\0", 2));
	ok(unreadable_text("\x30\x03\x02\x01\x01", 5));
	ok(unreadable_text("\x30\x05\x04\x03"
			   "AAA",
	    7));
	ok(mc_buf_add(&content, csr.data, csr.len, &e));
	ok(fate_of_content(&content) == TAKEN);
	content.data[content.len - 1] ^= 1;
	ok(unreadable(&content));
	content.data[content.len - 1] ^= 1;
	ok(mc_buf_add(&content, "", 1, &e));
	ok(unreadable(&content));
	content.len -= 2;
	ok(unreadable(&content));
	ok(unreadable_csr(device.key, NULL));
	ok(unreadable_csr(other.key, "/CN=7D17C20A"));
	ok(unreadable_csr(small, "/CN=7D17C20A"));
	ok(unreadable_csr(curve, "/CN=7D17C20A"));
}

static void
contents(void)
{
	struct odd o = usual();
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	enum mc_scep_type type;

	/* AES-128-CCM, for all that the OID says */
	AUTO_BUF envelope = MC_BUF_INIT;
	static const uint8_t cbc[] = { 0x65, 3, 4, 1, 2 };
	uint8_t *at;
	ok(mc_envelope_seal(&csr, ra.certs, MC_AES128_CBC, &envelope, &e));
	at = memmem(envelope.data, envelope.len, cbc, sizeof(cbc));
	ok(at);
	at[4] = 7;
	ok(sign_odd(&o, &envelope, &msg));
	ok(fate_of(&msg, &type) == MC_SCEP_BADALG);
	mc_buf_clear(&msg);
	/* no envelope at all, an empty one, a plain CSR */
	mc_buf_clear(&content);
	ok(sign_odd(&o, &content, &msg));
	ok(fate_of(&msg, &type) == MC_SCEP_BADMESSAGECHECK);
	mc_buf_clear(&msg);
	ok(sign_odd(&o, &csr, &msg));
	ok(fate_of(&msg, &type) == MC_SCEP_BADMESSAGECHECK);
}

/* A message that libcrypto signs with any flags, once or twice. */
static bool
raw_sign(unsigned flags, bool two, struct mc_buf *to)
{
	AUTO(BIO) *in = mc_bio_view(&csr);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_sign(
	    NULL, NULL, NULL, in, CMS_BINARY | CMS_PARTIAL);

	return cms &&
	    CMS_add1_signer(cms, device.cert, device.key, NULL, flags) &&
	    (!two || CMS_add1_signer(cms, other.cert, other.key, NULL, 0)) &&
	    CMS_final(cms, in, NULL, CMS_BINARY) == 1 &&
	    i2d_CMS_bio(out, cms) == 1 && mc_bio_drain(out, to, &e);
}

static void
structures(void)
{
	struct odd o = usual();
	AUTO_BUF good = MC_BUF_INIT;
	AUTO_BUF bare = MC_BUF_INIT;
	AUTO_BUF pair = MC_BUF_INIT;
	AUTO_BUF none = MC_BUF_INIT;
	enum mc_scep_type type;

	ok(make_odd(&o, &good));
	ok(fate_of(&good, &type) == TAKEN);
	ok(mc_buf_add(&good, "", 1, &e));
	ok(fate_of(&good, &type) == -1);
	good.len -= 2;
	ok(fate_of(&good, &type) == -1);
	good.len++;
	good.data[good.len - 1] ^= 1;
	ok(fate_of(&good, &type) == MC_SCEP_BADMESSAGECHECK);
	ok(raw_sign(CMS_NOATTR, false, &bare));
	ok(fate_of(&bare, &type) == -1);
	ok(raw_sign(0, true, &pair));
	ok(fate_of(&pair, &type) == -1 && e.code == MC_MALFORMED);
	ok(fate_of(&none, &type) == -1 && e.code == MC_MALFORMED);
	ok(fate_of(&csr, &type) == -1 && e.code == MC_MALFORMED);
}

static void
capabilities(void)
{
	struct mc_scep_caps caps;
	AUTO_BUF text = MC_BUF_INIT;

	ok(mc_buf_puts(&text, mc_scep_caps_text(), &e));
	mc_scep_caps_parse(&text, &caps);
	ok(caps.aes && caps.sha256 && caps.sha512 && caps.post);
	ok(strstr(mc_scep_caps_text(), "SHA-384\n"));
	ok(!strstr(mc_scep_caps_text(), "\n\n") && text.len < 1024);
	mc_buf_clear(&text);
	mc_scep_caps_parse(&text, &caps);
	ok(!caps.aes && !caps.post && !caps.sha256);
	ok(mc_buf_puts(&text, "sha-512\r\nSHA-256 \r\nAES2\nXPOST", &e));
	mc_scep_caps_parse(&text, &caps);
	ok(caps.sha512 && caps.sha256 && !caps.aes && !caps.post);
	mc_buf_clear(&text);
	ok(mc_buf_puts(&text, "SCEPStandard", &e));
	mc_scep_caps_parse(&text, &caps);
	ok(caps.aes && caps.sha256 && caps.post && !caps.sha512);
	/* a NUL ends nothing */
	mc_buf_clear(&text);
	ok(mc_buf_add(&text, "AES\0\nSHA-512\n", 13, &e));
	mc_scep_caps_parse(&text, &caps);
	ok(!caps.aes && caps.sha512);
}

static void
ca_certificates(void)
{
	AUTO_BUF body = MC_BUF_INIT;
	AUTO(X509) *one = NULL;
	AUTO(mc_certs) *two = sk_X509_new_null();
	AUTO(mc_certs_lent) *both = sk_X509_new_null();
	const char *type;

	ok(mc_scep_certs_encode(ra.certs, &body, &type, &e));
	ok(strcmp(type, "application/x-x509-ca-cert") == 0);
	ok(mc_cert_parse(body.data, body.len, &one, &e) &&
	    X509_cmp(one, ra.cert) == 0);

	ok(sk_X509_push(both, ra.cert) && sk_X509_push(both, other.cert));
	mc_buf_clear(&body);
	ok(mc_scep_certs_encode(both, &body, &type, &e));
	ok(strcmp(type, "application/x-x509-ca-ra-cert") == 0);
	ok(mc_cms_certs_parse(&body, two, &e) && sk_X509_num(two) == 2);
	ok(sk_X509_pop(both) && sk_X509_pop(both));
	ok(!mc_scep_certs_encode(both, &body, &type, &e));
}

static bool
gets(const char *value, const char *hex)
{
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	return mc_scep_message_parse(value, strlen(value), &msg, &e) &&
	    mc_hex_encode(msg.data, msg.len, &text, &e) &&
	    strcmp(mc_buf_str(&text), hex) == 0;
}

static void
get_messages(void)
{
	static const char want[] = "fbeffbff"; /* ++/7/w== */

	ok(gets("++/7/w==", want));
	ok(gets("++/7/w", want));
	ok(gets("  /7/w==", want));
	ok(gets("++/7\n/w==\n", want));
	ok(gets("++/7\r\n/w==\n", want));
	ok(!gets("++/7/w=", want) && e.code == MC_MALFORMED);
	/* what was escaped twice is not what anybody sends */
	ok(!gets("++/7%2Fw==", want) && e.code == MC_MALFORMED);
	ok(!gets("", want) && strcmp(e.text, "message: is empty") == 0);
	ok(!gets("acme", want));
}

int
main(void)
{
	static const char *const digests[] = { "SHA256", "SHA384", "SHA512",
		"SHA1" };
	const char *src = getenv("SRC");

	ok(party_new(&ra, "/O=ACME/CN=RA", rsa(2048)));
	ok(party_new(&device, "/CN=7D17C20A", rsa(2048)));
	ok(party_new(&other, "/O=ACME/CN=CA", rsa(2048)));
	ok(mc_csr_make(device.key, X509_get_subject_name(device.cert), "secret",
	    KU_DIGITAL_SIGNATURE, &csr, &e));
	vector(src ? src : ".");
	for (unsigned i = 0; i < 4; i++)
		success((enum mc_cipher)i, digests[i]);
	leaf_among_others();
	refusals();
	odd_replies();
	message_types();
	transactions();
	nonces();
	twice();
	recipients_and_algorithms();
	unproven_contents();
	contents();
	structures();
	capabilities();
	ca_certificates();
	get_messages();
	party_clear(&ra);
	party_clear(&device);
	party_clear(&other);
	mc_buf_clear(&csr);
	return done();
}

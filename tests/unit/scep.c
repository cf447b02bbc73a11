/* SPDX-License-Identifier: ISC */
#include "scep/scep.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/hex.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/crl.h"
#include "crypto/csr.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "scep/attr.h"

#include "tap.h"

static struct mc_err e;
static const uint8_t nonce[MC_SCEP_NONCE] = "0123456789abcdef";

/* What a CA accepts if nothing else is said. */
static const struct mc_scep_accept lenient = {
	.sha1 = true, .des3 = true, .short_nonces = true
};

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
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
	ok(r.type == MC_SCEP_PKCSREQ && r.nonce_len == 16);
	ok(r.cipher == MC_DES3_CBC && strcmp(r.md, "SHA1") == 0);
	ok(strlen(r.transaction) == 40);
	ok(mc_scep_request_open(&r, cert, key, false, &content, &why, &e));
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
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
	ok(r.type == MC_SCEP_PKCSREQ && r.cipher == cipher);
	ok(strcmp(r.md, md) == 0 && strcmp(r.transaction, "ABC+/= 42") == 0);
	ok(r.nonce_len == 16 && memcmp(r.nonce, nonce, 16) == 0);
	ok(X509_cmp(r.signer, device.cert) == 0);
	ok(mc_scep_request_open(
	    &r, ra.cert, ra.key, false, &content, &why, &e));
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
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
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
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
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
fate_under(const struct mc_scep_accept *accept, const struct mc_buf *msg,
    enum mc_scep_type *type)
{
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_BUF content = MC_BUF_INIT;
	struct mc_scep_refusal why = { 42, NULL };
	bool done;

	e = (struct mc_err)MC_ERR_INIT;
	done = mc_scep_request_parse(msg, accept, &r, &why, &e) &&
	    mc_scep_request_open(
		&r, ra.cert, ra.key, false, &content, &why, &e);
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
fate_of(const struct mc_buf *msg, enum mc_scep_type *type)
{
	return fate_under(&lenient, msg, type);
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
		int want = n == 17 || n == 19 ? TAKEN
		    : client                  ? MC_SCEP_BADMESSAGECHECK
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
	/* whose CSR is another key's */
	ok(party_new(&curve, "/CN=curve", EVP_EC_gen("P-256")));
	o.from = &curve;
	ok(fate(&o) == MC_SCEP_BADMESSAGECHECK &&
	    strcmp(e.text, "EnvelopedData: it cannot be decrypted") == 0);
	ok(party_new(&weak, "/CN=weak", EVP_RSA_gen(768)));
	o.from = &weak;
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

	const struct mc_scep_offer all = { true, true, true, true };
	const struct mc_scep_offer least = { 0 };

	ok(mc_scep_caps_encode(&all, &text, &e));
	ok(mc_buf_is(&text,
	    "AES\nDES3\nGetNextCACert\nPOSTPKIOperation\nRenewal\n"
	    "SCEPStandard\nSHA-1\nSHA-256\nSHA-384\nSHA-512\n"));
	mc_scep_caps_parse(&text, &caps);
	ok(caps.aes && caps.sha256 && caps.sha512 && caps.post);
	ok(caps.renewal && caps.next);
	mc_buf_clear(&text);
	ok(mc_scep_caps_encode(&least, &text, &e));
	ok(mc_buf_is(&text,
	    "AES\nPOSTPKIOperation\nSCEPStandard\nSHA-256\nSHA-384\n"
	    "SHA-512\n"));
	mc_scep_caps_parse(&text, &caps);
	ok(caps.aes && !caps.renewal && !caps.next);
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

/* --- what a policy accepts --- */

static int
fate_with(const struct odd *o, struct mc_scep_accept accept)
{
	AUTO_BUF msg = MC_BUF_INIT;
	enum mc_scep_type type;

	return make_odd(o, &msg) ? fate_under(&accept, &msg, &type) : -3;
}

/* The usual request with its envelope made so. */
static int
fate_sealed(const struct mc_seal_spec *spec, struct mc_scep_accept accept)
{
	struct odd o = usual();
	AUTO_BUF envelope = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	enum mc_scep_type type;

	return mc_envelope_seal_spec(&csr, spec, &envelope, &e) &&
		sign_odd(&o, &envelope, &msg)
	    ? fate_under(&accept, &msg, &type)
	    : -3;
}

static void
policies(void)
{
	const struct mc_scep_accept strictest = { 0 };
	const struct mc_scep_accept sha1 = { .sha1 = true };
	const struct mc_scep_accept insecure = { .insecure = true };
	const struct mc_scep_accept nonces_too = { .short_nonces = true };
	struct odd o = usual();

	ok(fate_with(&o, strictest) == TAKEN);
	o.md = "SHA1";
	ok(fate_with(&o, strictest) == MC_SCEP_BADALG);
	ok(fate_with(&o, insecure) == MC_SCEP_BADALG);
	ok(fate_with(&o, sha1) == TAKEN);
	/* read, so that it can be answered; accepted only as insecure */
	o.md = "MD5";
	ok(fate_with(&o, strictest) == MC_SCEP_BADALG);
	ok(fate_with(&o, lenient) == MC_SCEP_BADALG);
	ok(fate_with(&o, insecure) == TAKEN);
	for (size_t n = 0; n <= 32; n++) {
		o = usual();
		o.attr[NONCE].len = n < 16 ? n : 16;
		if (n == 0)
			leave_out(&o, NONCE);
		ok(fate_with(&o, strictest) ==
		    (n >= 16 ? TAKEN : MC_SCEP_BADREQUEST));
		ok(fate_with(&o, nonces_too) ==
		    (n >= 16 || n == 8 || n == 0 ? TAKEN : MC_SCEP_BADREQUEST));
	}
}

static void
ciphers(void)
{
	const struct mc_scep_accept strictest = { 0 };
	const struct mc_scep_accept des3 = { .des3 = true };
	const struct mc_scep_accept insecure = { .insecure = true };
	AUTO(mc_certs_lent) *both = sk_X509_new_null();
	struct mc_seal_spec spec = { .certs = ra.certs };

	spec.cipher = MC_AES128_CBC;
	ok(fate_sealed(&spec, strictest) == TAKEN);
	spec.cipher = MC_AES192_CBC;
	ok(fate_sealed(&spec, strictest) == TAKEN);
	spec.cipher = MC_DES3_CBC;
	ok(fate_sealed(&spec, strictest) == MC_SCEP_BADALG);
	ok(fate_sealed(&spec, insecure) == MC_SCEP_BADALG);
	ok(fate_sealed(&spec, des3) == TAKEN);
	spec.cipher = MC_DES_CBC;
	ok(fate_sealed(&spec, strictest) == MC_SCEP_BADALG);
	ok(fate_sealed(&spec, lenient) == MC_SCEP_BADALG);
	ok(fate_sealed(&spec, insecure) == TAKEN);
	spec = (struct mc_seal_spec){ .certs = ra.certs, .oaep = "SHA256" };
	ok(fate_sealed(&spec, strictest) == TAKEN);
	/* to several: nobody can say whose secret it is */
	ok(both && sk_X509_push(both, other.cert) > 0 &&
	    sk_X509_push(both, ra.cert) > 0);
	spec = (struct mc_seal_spec){ .certs = both };
	ok(fate_sealed(&spec, lenient) == MC_SCEP_BADMESSAGECHECK);
	ok(fate_sealed(&spec, insecure) == TAKEN);
}

/* The clock of the message stands; the server's is off by so much. */
static int
fate_at(int64_t off, int64_t skew)
{
	const struct odd o = usual();
	const int64_t t = 1800000000;
	const struct mc_scep_accept accept = { .clock_skew = skew,
		.now = t + off };
	int fate;

	mc_time_set(t);
	fate = fate_with(&o, accept);
	mc_time_set(0);
	return fate;
}

static void
clocks(void)
{
	ok(fate_at(0, 0) == TAKEN && fate_at(9 * MC_DAY, 0) == TAKEN);
	ok(fate_at(0, 60) == TAKEN);
	ok(fate_at(60, 60) == TAKEN && fate_at(-60, 60) == TAKEN);
	ok(fate_at(61, 60) == MC_SCEP_BADTIME);
	ok(fate_at(-61, 60) == MC_SCEP_BADTIME);
	ok(strcmp(e.text, "pkiMessage: signingTime: 61 seconds off") == 0);
}

/* --- other keys --- */

/* A request that libcrypto signs by RSASSA-PSS; signingTime is left out. */
static bool
sign_pss(const struct mc_buf *content, const char *md, struct mc_buf *to)
{
	AUTO(BIO) *in = mc_bio_view(content);
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(CMS_ContentInfo) *cms = CMS_sign(
	    NULL, NULL, NULL, in, CMS_BINARY | CMS_PARTIAL);
	AUTO(EVP_MD) *digest = EVP_MD_fetch(NULL, md, NULL);
	CMS_SignerInfo *si = cms ? CMS_add1_signer(cms, device.cert, device.key,
				       digest, CMS_KEY_PARAM | CMS_NOSMIMECAP)
				 : NULL;
	EVP_PKEY_CTX *ctx = si ? CMS_SignerInfo_get0_pkey_ctx(si) : NULL;
	const struct odd o = usual();

	if (!ctx ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1)
		return false;
	for (int i = 0; i <= NONCE; i++) {
		AUTO(ASN1_OBJECT) *obj = OBJ_txt2obj(o.attr[i].oid, 1);

		if (CMS_signed_add1_attr_by_OBJ(si, obj, o.attr[i].type,
			o.attr[i].data, (int)o.attr[i].len) != 1)
			return false;
	}
	return CMS_final(cms, in, NULL, CMS_BINARY) == 1 &&
	    i2d_CMS_bio(out, cms) == 1 && mc_bio_drain(out, to, &e);
}

static void
pss_signers(void)
{
	static const char *const digests[] = { "SHA256", "SHA384", "SHA512" };
	const struct mc_scep_accept strictest = { 0 };
	AUTO_BUF envelope = MC_BUF_INIT;
	enum mc_scep_type type;

	ok(mc_envelope_seal(&csr, ra.certs, MC_AES128_CBC, &envelope, &e));
	for (int i = 0; i < 3; i++) {
		AUTO_BUF msg = MC_BUF_INIT;

		ok(sign_pss(&envelope, digests[i], &msg));
		ok(fate_under(&strictest, &msg, &type) == TAKEN);
		msg.data[msg.len - 1] ^= 1;
		ok(fate_under(&strictest, &msg, &type) ==
		    MC_SCEP_BADMESSAGECHECK);
	}
}

static struct mc_buf secret;

/* A device whose key cannot decrypt, from its request to its certificate. */
static void
by_password(const char *curve, bool seal)
{
	struct party p = { 0 };
	AUTO_BUF request = MC_BUF_INIT;
	struct mc_scep_ask ask = ask_for(MC_AES256_CBC, NULL);
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_BUF answer = MC_BUF_INIT;
	AUTO_BUF wrong = MC_BUF_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_SCEP_REPLY reply = { .fail = -1 };
	struct mc_scep_answer a = {
		.certs = certs, .ra = ra.cert, .ra_key = ra.key
	};
	struct mc_scep_refusal why;

	ok(party_new(&p, "/CN=curve", EVP_EC_gen(curve)));
	ok(mc_csr_make(p.key, X509_get_subject_name(p.cert), "secret",
	    KU_DIGITAL_SIGNATURE, &request, &e));
	ask.signer = p.cert;
	ask.signer_key = p.key;
	ask.content = &request;
	ask.password = &secret;
	ask.seal_with_password = seal;
	ok(mc_buf_puts(&wrong, "Secret", &e));

	ok(mc_scep_request_encode(&ask, &msg, &e));
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
	ok(r.transport == (seal ? MC_TRANSPORT_PASSWORD : MC_TRANSPORT_PKCS1));
	if (seal) {
		ok(!mc_scep_request_open_password(&r, &wrong, false, &content));
		ok(content.len == 0);
		ok(mc_scep_request_open_password(&r, &secret, false, &content));
	} else {
		ok(mc_scep_request_open(
		    &r, ra.cert, ra.key, false, &content, &why, &e));
	}
	ok(same(&content, &request));
	ok(sk_X509_push(certs, issue("/CN=leaf", p.key)) > 0);
	/* nothing but the password can carry it back */
	ok(!mc_scep_reply_encode(&r, &a, &answer, &e) && e.code == MC_USAGE);
	mc_buf_clear(&answer);
	a.password = &secret;
	ok(mc_scep_reply_encode(&r, &a, &answer, &e));
	ok(mc_scep_reply_parse(&answer, &ask, &reply, &e));
	ok(sk_X509_num(reply.certs) == 1);
	mc_scep_reply_clear(&reply);
	ask.password = &wrong;
	ok(!mc_scep_reply_parse(&answer, &ask, &reply, &e));
	ask.password = NULL;
	ok(!mc_scep_reply_parse(&answer, &ask, &reply, &e) && !reply.certs);
	party_clear(&p);
}

/* Who knows a password proves nothing by it: the request has to. */
static void
unproven_by_password(void)
{
	struct mc_scep_ask ask = ask_for(MC_AES128_CBC, NULL);
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_SCEP_REQUEST r = { 0 };
	struct mc_scep_refusal why;

	ask.signer = other.cert;
	ask.signer_key = other.key;
	ask.password = &secret;
	ask.seal_with_password = true;
	ok(mc_scep_request_encode(&ask, &msg, &e));
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
	ok(!mc_scep_request_open_password(&r, &secret, false, &content));
	ok(content.len == 0);
	ok(mc_scep_request_open_password(&r, &secret, true, &content));
	r.type = MC_SCEP_GETCERT;
	mc_buf_clear(&content);
	ok(!mc_scep_request_open_password(&r, &secret, true, &content));
}

/* --- renewal, polls, lookups --- */

/* The device holds a certificate of the CA's and has a new key certified. */
static void
renewals(void)
{
	struct mc_scep_ask ask = ask_for(MC_AES128_CBC, NULL);
	AUTO(EVP_PKEY) *fresh = rsa(2048);
	AUTO(X509) *old = issue("/CN=7D17C20A", device.key);
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_BUF spoilt = MC_BUF_INIT;
	struct mc_scep_refusal why;

	ok(mc_csr_make(fresh, X509_get_subject_name(old), NULL,
	    KU_DIGITAL_SIGNATURE, &request, &e));
	ok(mc_buf_add(&spoilt, request.data, request.len, &e));
	spoilt.data[spoilt.len - 1] ^= 1;
	ask.signer = old;
	for (int i = 0; i < 2; i++) {
		AUTO_BUF msg = MC_BUF_INIT;
		AUTO_BUF bad = MC_BUF_INIT;
		AUTO_BUF content = MC_BUF_INIT;
		AUTO_SCEP_REQUEST r = { 0 };
		AUTO_SCEP_REQUEST broken = { 0 };

		ask.type = i ? MC_SCEP_PKCSREQ : MC_SCEP_RENEWALREQ;
		ask.content = &request;
		ok(mc_scep_request_encode(&ask, &msg, &e));
		ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
		/* of another key: only who renews may ask for that */
		ok(!mc_scep_request_open(
		    &r, ra.cert, ra.key, false, &content, &why, &e));
		ok(mc_scep_request_open(
		    &r, ra.cert, ra.key, true, &content, &why, &e));
		ok(same(&content, &request));
		/* and the request proves that its key's owner made it */
		ask.content = &spoilt;
		ok(mc_scep_request_encode(&ask, &bad, &e));
		ok(mc_scep_request_parse(&bad, &lenient, &broken, &why, &e));
		mc_buf_clear(&content);
		ok(!mc_scep_request_open(
		    &broken, ra.cert, ra.key, true, &content, &why, &e));
		ok(why.fail == MC_SCEP_BADMESSAGECHECK && !why.text &&
		    content.len == 0 &&
		    strcmp(e.text, "EnvelopedData: it cannot be decrypted") ==
			0);
	}
}

/* The messages of a client that asks for what is there: 21, 22. */
static void
lookups(void)
{
	struct mc_scep_ask ask = ask_for(MC_AES128_CBC, NULL);
	AUTO(X509) *named = issue("/CN=named", device.key);
	AUTO_BUF id_der = MC_BUF_INIT;
	char serial[MC_SERIAL_TEXT];
	struct mc_scep_refusal why;

	ok(mc_scep_id_encode(named, &id_der, &e));
	ok(mc_cert_serial(named, serial, &e));
	ask.content = &id_der;
	for (int type = MC_SCEP_GETCERT; type <= MC_SCEP_GETCRL; type++) {
		AUTO_BUF msg = MC_BUF_INIT;
		AUTO_BUF name = MC_BUF_INIT;
		AUTO_SCEP_REQUEST r = { 0 };
		AUTO_SCEP_ID id = { 0 };
		const unsigned char *p;
		AUTO(X509_NAME) *issuer = NULL;

		ask.type = (enum mc_scep_type)type;
		ok(mc_scep_request_encode(&ask, &msg, &e));
		ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
		ok((int)r.type == type);
		ok(mc_scep_request_open_id(&r, ra.cert, ra.key, &id, &why, &e));
		ok(strcmp(id.serial, serial) == 0);
		p = id.issuer.data;
		issuer = d2i_X509_NAME(NULL, &p, (long)id.issuer.len);
		ok(issuer &&
		    X509_NAME_cmp(issuer, X509_get_subject_name(other.cert)) ==
			0);
		/* and it is no request to be certified */
		ok(!mc_scep_request_open(
		    &r, ra.cert, ra.key, true, &name, &why, &e));
	}
}

/* One refusal for all that is not IssuerAndSerialNumber, to us. */
static bool
no_cert(const char *data, size_t len, const struct party *to)
{
	struct odd o = usual();
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_BUF envelope = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_SCEP_ID id = { 0 };
	struct mc_scep_refusal why;

	o.attr[TYPE].data = "21";
	return mc_buf_add(&content, data, len, &e) &&
	    mc_envelope_seal(
		&content, to->certs, MC_AES128_CBC, &envelope, &e) &&
	    sign_odd(&o, &envelope, &msg) &&
	    mc_scep_request_parse(&msg, &lenient, &r, &why, &e) &&
	    !mc_scep_request_open_id(&r, ra.cert, ra.key, &id, &why, &e) &&
	    why.fail == MC_SCEP_BADCERTID &&
	    strcmp(why.text, "no such certificate") == 0 &&
	    strcmp(e.text, "no such certificate") == 0 && !id.issuer.data;
}

static void
bad_lookups(void)
{
#define NAME "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"
	ok(no_cert("", 0, &ra));
	ok(no_cert("hello", 5, &ra));
	ok(no_cert("\x30\x00", 2, &ra));
	ok(no_cert("\x30\x0e" NAME, 16, &ra));
	ok(no_cert("\x30\x03\x02\x01\x07", 5, &ra));
	ok(no_cert("\x30\x11" NAME "\x02\x01\x07\x00", 20, &ra));
	ok(no_cert("\x30\x13" NAME "\x02\x01\x07\x05\x00", 21, &ra));
	ok(no_cert("\x30\x11" NAME "\x02\x01\xff", 19, &ra));
	ok(no_cert("\x30\x11" NAME "\x04\x01\x07", 19, &ra));
	ok(no_cert("\x30\x10" NAME "\x02\x00", 18, &ra));
	ok(no_cert("\x30\x26" NAME "\x02\x16"
		   "1234567890123456789012",
	    40, &ra));
	/* a good one, for somebody else */
	ok(no_cert("\x30\x11" NAME "\x02\x01\x07", 19, &other));
	ok(!no_cert("\x30\x11" NAME "\x02\x01\x07", 19, &ra));
#undef NAME
}

static void
polls(void)
{
	struct mc_scep_ask ask = ask_for(MC_AES128_CBC, NULL);
	AUTO(X509) *leaf = issue("/CN=leaf", device.key);
	AUTO(mc_certs) *certs = sk_X509_new_null();
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF answer = MC_BUF_INIT;
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_SCEP_REPLY reply = { .fail = -1 };
	struct mc_scep_answer a = {
		.certs = certs, .ra = ra.cert, .ra_key = ra.key
	};
	struct mc_scep_refusal why;
	const unsigned char *p;
	long len;
	int tag, class;

	ok(mc_scep_poll_encode(X509_get_subject_name(other.cert),
	    X509_get_subject_name(device.cert), &content, &e));
	p = content.data;
	ok(!(ASN1_get_object(&p, &len, &tag, &class, (long)content.len) & 128));
	ok(tag == V_ASN1_SEQUENCE && p + len == content.data + content.len);
	ask.type = MC_SCEP_CERTPOLL;
	ask.content = &content;
	ok(mc_scep_request_encode(&ask, &msg, &e));
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
	ok(r.type == MC_SCEP_CERTPOLL);
	ok(sk_X509_push(certs, issue("/CN=a CA", ra.key)) > 0);
	ok(mc_certs_add(certs, leaf, &e));
	ok(mc_scep_reply_encode(&r, &a, &answer, &e));
	ok(mc_scep_reply_parse(&answer, &ask, &reply, &e));
	ok(sk_X509_num(reply.certs) == 2 &&
	    X509_cmp(sk_X509_value(reply.certs, 0), leaf) == 0);
}

static void
revocation_lists(void)
{
	struct mc_scep_ask ask = ask_for(MC_AES256_CBC, "SHA512");
	AUTO_BUF id = MC_BUF_INIT;
	AUTO_BUF crl = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF answer = MC_BUF_INIT;
	AUTO_BUF none = MC_BUF_INIT;
	AUTO(mc_crl_draft) *draft = NULL;
	AUTO(mc_certs) *certs = sk_X509_new_null();
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_SCEP_REPLY reply = { .fail = -1 };
	struct mc_scep_answer a = {
		.crl = &crl, .ra = ra.cert, .ra_key = ra.key
	};
	struct mc_scep_refusal why;

	ok(mc_crl_new(
	    other.cert, 7, mc_time_now(), mc_time_now() + MC_DAY, &draft, &e));
	ok(mc_crl_add(draft, "4A01", mc_time_now(), 1, &e));
	ok(mc_crl_sign(draft, other.key, &crl, &e));
	ok(mc_scep_id_encode(device.cert, &id, &e));
	ask.type = MC_SCEP_GETCRL;
	ask.content = &id;
	ok(mc_scep_request_encode(&ask, &msg, &e));
	ok(mc_scep_request_parse(&msg, &lenient, &r, &why, &e));
	ok(mc_scep_reply_encode(&r, &a, &answer, &e));
	ok(mc_scep_reply_parse(&answer, &ask, &reply, &e));
	ok(same(&reply.crl, &crl) && !reply.certs);
	/* a list where certificates were asked for, and the reverse */
	ask.type = MC_SCEP_GETCERT;
	mc_scep_reply_clear(&reply);
	ok(!mc_scep_reply_parse(&answer, &ask, &reply, &e));
	ok(sk_X509_push(certs, issue("/CN=leaf", device.key)) > 0);
	a.certs = certs;
	ok(!mc_scep_reply_encode(&r, &a, &none, &e) && e.code == MC_USAGE);
	a.crl = NULL;
	mc_buf_clear(&answer);
	ok(mc_scep_reply_encode(&r, &a, &answer, &e));
	ok(mc_scep_reply_parse(&answer, &ask, &reply, &e));
	mc_scep_reply_clear(&reply);
	ask.type = MC_SCEP_GETCRL;
	ok(!mc_scep_reply_parse(&answer, &ask, &reply, &e) && !reply.crl.data);
	a.certs = NULL;
	ok(!mc_scep_reply_encode(&r, &a, &none, &e) && none.len == 0);
}

/* The reply is enveloped as the request was. */
static void
in_kind(void)
{
	static const struct {
		enum mc_cipher cipher;
		const char *md;
		const char *oaep;
	} kinds[] = { { MC_AES128_CBC, "SHA256", NULL },
		{ MC_AES256_CBC, "SHA512", "SHA256" },
		{ MC_DES3_CBC, "SHA1", NULL }, { MC_DES_CBC, "MD5", NULL } };
	const struct mc_scep_accept all = {
		.sha1 = true, .des3 = true, .insecure = true
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct mc_scep_ask ask = ask_for(kinds[i].cipher, kinds[i].md);
		AUTO(mc_certs) *certs = sk_X509_new_null();
		AUTO(mc_signed) *s = NULL;
		AUTO_BUF msg = MC_BUF_INIT;
		AUTO_BUF answer = MC_BUF_INIT;
		AUTO_BUF content = MC_BUF_INIT;
		AUTO_SCEP_REQUEST r = { 0 };
		AUTO_SCEP_REPLY reply = { .fail = -1 };
		struct mc_scep_answer a = {
			.certs = certs, .ra = ra.cert, .ra_key = ra.key
		};
		struct mc_scep_refusal why;
		struct mc_envelope_facts facts;

		ask.oaep = kinds[i].oaep;
		ok(sk_X509_push(certs, issue("/CN=leaf", device.key)) > 0);
		ok(mc_scep_request_encode(&ask, &msg, &e));
		ok(mc_scep_request_parse(&msg, &all, &r, &why, &e));
		ok(mc_scep_reply_encode(&r, &a, &answer, &e));
		ok(mc_scep_reply_parse(&answer, &ask, &reply, &e));
		ok(mc_signed_parse(&answer, MC_GATE_WEAK, NULL, &s, &e));
		ok(strcmp(mc_signed_digest(s), kinds[i].md) == 0);
		ok(mc_signed_content(s, &content, &e));
		ok(mc_envelope_parse(&content, &facts, &e));
		ok(facts.cipher == kinds[i].cipher);
		ok(kinds[i].oaep ? facts.transport == MC_TRANSPORT_OAEP &&
			    strcmp(facts.oaep, kinds[i].oaep) == 0
				 : facts.transport == MC_TRANSPORT_PKCS1);
	}
}

static void
names_of_types(void)
{
	ok(strcmp(mc_scep_type_name(19), "PKCSReq") == 0);
	ok(strcmp(mc_scep_type_name(22), "GetCRL") == 0);
	ok(!mc_scep_type_name(18) && !mc_scep_type_name(0));
	ok(strcmp(mc_scep_fail_name(4), "badCertId") == 0);
	ok(strcmp(mc_scep_fail_name(5), "no failInfo") == 0);
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
	ok(mc_buf_puts(&secret, "secret", &e));
	policies();
	ciphers();
	clocks();
	pss_signers();
	by_password("P-256", false);
	by_password("P-256", true);
	by_password("P-384", false);
	by_password("P-384", true);
	unproven_by_password();
	renewals();
	lookups();
	bad_lookups();
	polls();
	revocation_lists();
	in_kind();
	names_of_types();
	mc_buf_clear(&secret);
	capabilities();
	ca_certificates();
	get_messages();
	party_clear(&ra);
	party_clear(&device);
	party_clear(&other);
	mc_buf_clear(&csr);
	return done();
}

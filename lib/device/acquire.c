/* SPDX-License-Identifier: ISC */
#include "device/acquire.h"

#include <stdio.h>
#include <strings.h>

#include "base/hex.h"
#include "base/time.h"
#include "base/uuid.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/name.h"
#include "device/authority.h"
#include "device/exchange.h"
#include "scep/scep.h"

#define TRANSACTION 41 /* SHA-1 in hexadecimal, NUL */

/* One run of the client. */
struct client {
	const struct mc_enrolment_offer *offer;
	const char *anchors;
	const struct mc_tell *tell;
	struct mc_authority authority;
	struct mc_scep_caps caps;
};

static void
client_clear(struct client *c)
{
	mc_authority_clear(&c->authority);
}

/* The offer's URL, ?operation=..&message=.. */
static bool
make_url(const struct client *c, const char *operation, const char *message,
    struct mc_buf *url, struct mc_err *e)
{
	return mc_buf_printf(url, e, "%s?operation=%s&message=", c->offer->url,
		   operation) &&
	    mc_fetch_escape(message, url, e);
}

static bool
get(const struct client *c, const char *operation, const char *file,
    struct mc_fetched *f, bool must, struct mc_err *e)
{
	AUTO_BUF url = MC_BUF_INIT;
	struct mc_fetch ask = { .ca = c->anchors };

	if (!make_url(c, operation, c->offer->name, &url, e))
		return false;
	ask.url = mc_buf_str(&url);
	return mc_exchange(&ask, NULL, file, c->tell, f, e) &&
	    (!must || mc_exchange_check(&ask, f, e));
}

static void
tell_cert(const struct mc_tell *tell, const char *what, const X509 *cert)
{
	AUTO_BUF subject = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (mc_name_encode(X509_get_subject_name(cert), &subject, &e))
		mc_tell(tell, "    %s %s", what, mc_buf_str(&subject));
}

static bool
get_authority(struct client *c, struct mc_err *e)
{
	AUTO_FETCHED f = { 0 };
	const struct mc_enrolment_offer *o = c->offer;

	if (!get(c, "GetCACert", "2-scep-cacert", &f, true, e))
		return false;
	if (!mc_authority_parse(f.type, &f.body, o->fingerprint,
		o->fingerprint_len, &c->authority, e))
		return mc_note(e, "GetCACert");
	tell_cert(c->tell, "CA", c->authority.ca);
	if (o->fingerprint_len)
		mc_tell(c->tell,
		    "    it has the fingerprint that the payload names");
	tell_cert(c->tell, "requests are encrypted to",
	    sk_X509_value(c->authority.recipient, 0));
	return true;
}

static const char *
digest(const struct mc_scep_caps *caps)
{
	return caps->sha256 ? "SHA256" : caps->sha512 ? "SHA512" : "SHA1";
}

/* An old server knows no GetCACaps: any refusal is an empty list. */
static bool
get_caps(struct client *c, struct mc_err *e)
{
	AUTO_FETCHED f = { 0 };
	AUTO_BUF nothing = MC_BUF_INIT;

	if (!get(c, "GetCACaps", "2-scep-cacaps", &f, false, e))
		return false;
	mc_scep_caps_parse(f.status == 200 ? &f.body : &nothing, &c->caps);
	mc_tell(c->tell, "    so: %s, %s, by %s", digest(&c->caps),
	    c->caps.aes ? "AES-128-CBC" : "3DES-CBC",
	    c->caps.post ? "POST" : "GET");
	return true;
}

/* Upper-case hexadecimal SHA-1 of the PKCS#1 public key, as devices do. */
static bool
transaction(const EVP_PKEY *key, char out[static TRANSACTION], struct mc_err *e)
{
	unsigned char *der = NULL;
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int len = i2d_PublicKey(key, &der);
	bool done = len > 0 &&
	    EVP_Digest(der, (size_t)len, md, &n, EVP_sha1(), NULL) == 1 &&
	    2 * n + 1 == TRANSACTION;

	OPENSSL_free(der);
	if (!done)
		return mc_fail_ossl(e, MC_INTERNAL, "transaction");
	for (unsigned i = 0; i < n; i++)
		snprintf(out + (size_t)2 * i, 3, "%02X", md[i]);
	return true;
}

/* What signs the request: serial 1, valid for a year, known to nobody. */
static bool
requester(EVP_PKEY *key, X509 **out, struct mc_err *e)
{
	static const uint8_t one[16] = { [15] = 1 };
	AUTO(X509_NAME) *subject = NULL;
	char text[MC_UUID_TEXT + 4] = "/CN=";
	struct mc_cert_spec spec = {
		.key = key,
		.issuer_key = key,
		.serial = one,
		.not_before = mc_time_now() - MC_DAY,
		.not_after = mc_time_now() + 365 * MC_DAY,
		.path_len = -1,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
	};

	mc_uuid_new(text + 4);
	if (!mc_name_parse(text, &subject, e))
		return false;
	spec.subject = subject;
	return mc_cert_issue(&spec, out, e);
}

static bool
post_message(const struct client *c, const struct mc_buf *msg,
    struct mc_fetched *f, struct mc_err *e)
{
	AUTO_BUF url = MC_BUF_INIT;
	AUTO_BUF base64 = MC_BUF_INIT;
	struct mc_fetch ask = { .ca = c->anchors };

	if (c->caps.post) {
		ask.body = msg;
		ask.type = MC_SCEP_HTTP_MESSAGE;
		if (!mc_buf_printf(
			&url, e, "%s?operation=PKIOperation", c->offer->url))
			return false;
	} else if (!mc_base64_encode(msg->data, msg->len, &base64, e) ||
	    !make_url(c, "PKIOperation", mc_buf_str(&base64), &url, e)) {
		return false;
	}
	ask.url = mc_buf_str(&url);
	if (!mc_exchange(
		&ask, "(PKCSReq)", "2-scep-reply.der", c->tell, f, e) ||
	    !mc_exchange_check(&ask, f, e))
		return false;
	if (strcasecmp(f->type, MC_SCEP_HTTP_MESSAGE) != 0)
		return mc_fail(e, MC_MALFORMED,
		    "PKIOperation: Content-Type: a device wants exactly %s,"
		    " not %s",
		    MC_SCEP_HTTP_MESSAGE, f->type[0] ? f->type : "none at all");
	return true;
}

/* The status; and the first certificate, which lib/scep put there: ours. */
static bool
judge(const struct client *c, const struct mc_scep_reply *reply,
    struct mc_identity *id, struct mc_err *e)
{
	X509 *first;

	if (reply->status == MC_SCEP_PENDING)
		return mc_fail(e, MC_RETRY,
		    "the CA answers PENDING: somebody has to approve the"
		    " request there");
	if (reply->status == MC_SCEP_FAILURE)
		return mc_fail(e, MC_DENIED, "the CA answers FAILURE, %s%s%s",
		    mc_scep_fail_name(reply->fail), reply->text[0] ? ": " : "",
		    reply->text);
	first = sk_X509_value(reply->certs, 0);
	id->chain = mc_authority_chain(&c->authority, first);
	if (!id->chain)
		return mc_fail(e, MC_UNTRUSTED,
		    "the new certificate does not chain to the CA of"
		    " GetCACert");
	X509_up_ref(first);
	id->cert = first;
	return true;
}

static bool
ask_for(const struct client *c, struct mc_scep_ask *ask, struct mc_identity *id,
    struct mc_err *e)
{
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_FETCHED f = { 0 };
	AUTO_SCEP_REPLY reply = { 0 };

	ask->recipients = c->authority.recipient;
	/* a pair of RA certificates: the other one signs */
	ask->ra = c->authority.all;
	if (!mc_scep_request_encode(ask, &msg, e) ||
	    !mc_tell_save(c->tell, "2-scep-request.der", &msg, e) ||
	    !post_message(c, &msg, &f, e))
		return false;
	if (!mc_scep_reply_parse(&f.body, ask, &reply, e)) {
		/* a CertRep is signed, or it is none */
		if (e->code == MC_UNSIGNED)
			e->code = MC_MALFORMED;
		return mc_note(e, "PKIOperation");
	}
	return judge(c, &reply, id, e) || mc_note(e, "PKIOperation");
}

static bool
enrol(const struct client *c, struct mc_identity *id, struct mc_err *e)
{
	AUTO(X509) *signer = NULL;
	AUTO_BUF csr = MC_BUF_INIT;
	char id_text[TRANSACTION];
	uint8_t nonce[MC_SCEP_NONCE];
	struct mc_scep_ask ask = {
		.type = MC_SCEP_PKCSREQ,
		.transaction = id_text,
		.nonce = nonce,
		.signer_key = id->key,
		.cipher = c->caps.aes ? MC_AES128_CBC : MC_DES3_CBC,
		.md = digest(&c->caps),
		.content = &csr,
	};

	if (!requester(id->key, &signer, e) ||
	    !transaction(id->key, id_text, e) ||
	    !mc_rand_bytes(nonce, sizeof(nonce), e) ||
	    !mc_csr_make(id->key, c->offer->subject, c->offer->challenge,
		c->offer->usage, &csr, e))
		return false;
	ask.signer = signer;
	mc_tell(c->tell, "    transaction %s, %s", id_text,
	    c->offer->challenge ? "with the payload's challenge"
				: "without a challenge");
	return ask_for(c, &ask, id, e);
}

/* Up to the anchor, which is the CA of GetCACert. */
static void
tell_chain(const struct mc_tell *tell, const struct mc_identity *id)
{
	tell_cert(tell, "  chain", id->cert);
	for (int i = 0; i < sk_X509_num(id->chain); i++)
		tell_cert(tell, "     <-", sk_X509_value(id->chain, i));
}

static void
tell_identity(const struct mc_tell *tell, const struct mc_identity *id)
{
	char serial[MC_SERIAL_TEXT] = "?";
	char from[MC_TIME_TEXT], to[MC_TIME_TEXT];
	int64_t not_before, not_after;
	struct mc_err e = MC_ERR_INIT;

	tell_cert(tell, "certificate", id->cert);
	if (mc_cert_serial(id->cert, serial, &e))
		mc_tell(tell, "      serial %s", serial);
	if (mc_cert_validity(id->cert, &not_before, &not_after, &e))
		mc_tell(tell, "      valid from %s to %s",
		    mc_time_format(not_before, from),
		    mc_time_format(not_after, to));
	tell_chain(tell, id);
}

bool
mc_acquire(const struct mc_enrolment_offer *offer, const char *anchors,
    const struct mc_tell *tell, struct mc_identity *id, struct mc_err *e)
{
	__attribute__((cleanup(client_clear))) struct client c = {
		.offer = offer, .anchors = anchors, .tell = tell
	};
	AUTO_IDENTITY got = { 0 };

	if (offer->had_query)
		mc_tell(tell,
		    "    the query of the payload's URL is dropped, as iOS"
		    " does");
	if (offer->wants_names)
		mc_tell(tell,
		    "    SubjectAltName is left to the CA by this device");
	if (!get_authority(&c, e) || !get_caps(&c, e))
		return mc_note(e, "SCEP");
	mc_tell(tell, "    making an RSA key of %u bits", offer->bits);
	if (!mc_identity_key_new(offer->bits, &got.key, e) ||
	    !enrol(&c, &got, e))
		return mc_note(e, "SCEP");
	tell_identity(tell, &got);
	*id = mc_identity_take(&got);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "scep/scep.h"

#include "crypto/ber.h"
#include "crypto/csr.h"
#include "scep/attr.h"

#define SERIAL_OCTETS ((MC_SERIAL_TEXT - 2) / 2)

void
mc_scep_request_clear(struct mc_scep_request *r)
{
	X509_free(r->signer);
	mc_buf_clear(&r->envelope);
	*r = (struct mc_scep_request){ 0 };
}

void
mc_scep_id_clear(struct mc_scep_id *id)
{
	mc_buf_clear(&id->issuer);
	*id = (struct mc_scep_id){ 0 };
}

/* Record what the CertRep says, beside the error that says why. */
static bool
refuse(struct mc_scep_refusal *why, int fail, const char *text)
{
	*why = (struct mc_scep_refusal){ fail, text };
	return false;
}

static bool
type_parse(const struct mc_signed *s, enum mc_scep_type *out, struct mc_err *e)
{
	static const enum mc_scep_type from_clients[] = { MC_SCEP_PKCSREQ,
		MC_SCEP_RENEWALREQ, MC_SCEP_CERTPOLL, MC_SCEP_GETCERT,
		MC_SCEP_GETCRL };
	static const char what[] = "messageType";
	AUTO_BUF text = MC_BUF_INIT;
	int n;

	if (!mc_scep_attr_printable(s, MC_OID_MESSAGE_TYPE, what, &text, e))
		return false;
	n = mc_scep_number_parse(&text);
	for (size_t i = 0; i < sizeof(from_clients) / sizeof(int); i++) {
		if (n != (int)from_clients[i])
			continue;
		*out = from_clients[i];
		return true;
	}
	return mc_fail(e, MC_MALFORMED, "%s: not one of a client's", what);
}

static bool
nonce_parse(const struct mc_signed *s, const struct mc_scep_accept *accept,
    struct mc_scep_request *out, struct mc_err *e)
{
	static const char what[] = "senderNonce";
	AUTO_BUF nonce = MC_BUF_INIT;
	bool found;
	bool fits;

	if (!mc_scep_attr_octets(
		s, MC_OID_SENDER_NONCE, what, &nonce, &found, e))
		return false;
	fits = found ? nonce.len == MC_SCEP_NONCE ||
		(accept->short_nonces && nonce.len == 8)
		     : accept->short_nonces;
	if (!fits)
		return mc_fail(
		    e, MC_MALFORMED, "%s: %zu octets", what, nonce.len);
	if (found)
		memcpy(out->nonce, nonce.data, nonce.len);
	out->nonce_len = nonce.len;
	return true;
}

/* md as a constant, so that it outlives the message. */
static bool
digest_find(const char *name, const struct mc_scep_accept *accept,
    const char **md, struct mc_err *e)
{
	const struct {
		const char *name;
		bool accepted;
	} known[] = { { "SHA256", true }, { "SHA384", true },
		{ "SHA512", true }, { "SHA1", accept->sha1 },
		{ "MD5", accept->insecure } };

	for (size_t i = 0; name && i < sizeof(known) / sizeof(*known); i++) {
		if (!known[i].accepted || strcmp(name, known[i].name) != 0)
			continue;
		*md = known[i].name;
		return true;
	}
	return mc_fail(e, MC_DENIED, "digestAlgorithm: %s is not accepted",
	    name ? name : "unknown");
}

/* What says who asks for what; all that a CertRep needs. */
static bool
attributes_parse(const struct mc_signed *s, const struct mc_scep_accept *accept,
    struct mc_scep_request *out, struct mc_scep_refusal *why, struct mc_err *e)
{
	if (!mc_scep_transaction_parse(s, out->transaction, e))
		return refuse(why, -1, NULL);
	if (!nonce_parse(s, accept, out, e))
		return refuse(
		    why, MC_SCEP_BADREQUEST, "senderNonce must be 16 octets");
	if (!type_parse(s, &out->type, e))
		return refuse(why, MC_SCEP_BADREQUEST,
		    "this messageType is not supported");
	if (!digest_find(mc_signed_digest(s), accept, &out->md, e))
		return refuse(why, MC_SCEP_BADALG,
		    "the digest algorithm is not accepted: use SHA-256");
	return true;
}

static bool
cipher_is_accepted(enum mc_cipher cipher, const struct mc_scep_accept *accept)
{
	switch (cipher) {
	case MC_AES256_CBC:
	case MC_AES192_CBC:
	case MC_AES128_CBC:
		return true;
	case MC_DES3_CBC:
		return accept->des3;
	case MC_DES_CBC:
		return accept->insecure;
	}
	return false;
}

/* What the envelope says to everybody. */
static bool
envelope_parse(const struct mc_scep_accept *accept, struct mc_scep_request *out,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	struct mc_envelope_facts facts;
	bool read = mc_envelope_parse(&out->envelope, &facts, e);

	if (!read && e->code != MC_DENIED)
		return refuse(why, MC_SCEP_BADMESSAGECHECK, NULL);
	if (read && !cipher_is_accepted(facts.cipher, accept))
		read = mc_fail(
		    e, MC_DENIED, "EnvelopedData: its cipher is not accepted");
	if (!read)
		return refuse(why, MC_SCEP_BADALG,
		    "the cipher is not accepted: use AES-128-CBC");
	out->several = facts.recipients > 1;
	if (out->several && !accept->insecure) {
		(void)mc_fail(e, MC_DENIED, "EnvelopedData: %zu recipients",
		    facts.recipients);
		return refuse(why, MC_SCEP_BADMESSAGECHECK,
		    "encrypt to the RA's certificate and to no other");
	}
	out->cipher = facts.cipher;
	out->transport = facts.transport;
	out->oaep = facts.oaep;
	out->rounds = facts.iterations;
	return true;
}

/*
 * Where clocks count, a message without a time is as one with a wrong time: a
 * check that whoever likes can leave out is none.
 */
static bool
time_check(const struct mc_signed *s, const struct mc_scep_accept *accept,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	int64_t when;

	if (accept->clock_skew <= 0)
		return true;
	if (!mc_signed_time(s, &when)) {
		(void)mc_fail(e, MC_OUTOFDATE, "signingTime: is missing");
		return refuse(
		    why, MC_SCEP_BADTIME, "the message has no signingTime");
	}
	if (when >= accept->now - accept->clock_skew &&
	    when <= accept->now + accept->clock_skew)
		return true;
	(void)mc_fail(e, MC_OUTOFDATE, "signingTime: %lld seconds off",
	    (long long)(when - accept->now));
	return refuse(why, MC_SCEP_BADTIME,
	    "signingTime is too far from this CA's clock");
}

/*
 * Not the strict gate, for clients add signed attributes of their own.  A
 * message signed over MD5 is read in any case, so that its sender can be told
 * what is wrong with it; its signature is not looked at then.
 */
static bool
signed_parse(const struct mc_buf *msg, const struct mc_scep_accept *accept,
    struct mc_signed **out, struct mc_err *e)
{
	struct mc_err second = MC_ERR_INIT;

	if (mc_signed_parse(msg, accept->insecure ? MC_GATE_WEAK : MC_GATE_FILE,
		NULL, out, e))
		return true;
	if (e->code != MC_UNTRUSTED ||
	    !mc_signed_parse(msg, MC_GATE_WEAK, NULL, out, &second))
		return false;
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

bool
mc_scep_type_peek(const struct mc_buf *msg, enum mc_scep_type *out)
{
	struct mc_err unused = MC_ERR_INIT;
	AUTO(mc_signed) *s = NULL;

	return mc_signed_parse(msg, MC_GATE_WEAK, NULL, &s, &unused) &&
	    type_parse(s, out, &unused);
}

bool
mc_scep_request_parse(const struct mc_buf *msg,
    const struct mc_scep_accept *accept, struct mc_scep_request *out,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;

	*out = (struct mc_scep_request){ .md = "SHA256" };
	refuse(why, -1, NULL);
	if (!signed_parse(msg, accept, &s, e)) {
		/* not a verdict about anybody: it is no pkiMessage */
		if (e->code < MC_USAGE)
			e->code = MC_MALFORMED;
		return mc_note(e, "pkiMessage");
	}
	out->signer = mc_signed_signer(s);
	X509_up_ref(out->signer);
	if (!attributes_parse(s, accept, out, why, e))
		return mc_note(e, "pkiMessage");
	if (!mc_signed_content(s, &out->envelope, e)) {
		refuse(why, MC_SCEP_BADMESSAGECHECK,
		    "the signature does not hold");
		return mc_note(e, "pkiMessage");
	}
	return (time_check(s, accept, why, e) &&
		   envelope_parse(accept, out, why, e)) ||
	    mc_note(e, "pkiMessage");
}

/* One SEQUENCE, within the limits that hold before libcrypto reads it. */
static bool
one_sequence(const struct mc_buf *content, struct mc_ber *body)
{
	struct mc_err unused;
	struct mc_ber b;

	mc_ber_init(&b, content->data, content->len);
	return mc_ber_check(&b, "", &unused) &&
	    mc_ber_expect(&b, MC_BER_SEQUENCE, "", body, &unused) &&
	    mc_ber_done(&b);
}

/* Signed by its own key, whatever else may be wrong with it. */
static bool
is_csr(const struct mc_buf *content)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_REQ) *csr = NULL;

	return mc_csr_parse(content, 0, &csr, &e) || e.code == MC_DENIED;
}

/*
 * Is there proof in the content that it is what somebody made, unchanged?  A
 * CSR is signed, in a first request by the key that signed the message.  The
 * content of other types proves nothing: their envelope may be a captured one,
 * under whatever type.
 */
static bool
is_proven(
    const struct mc_scep_request *r, bool renewal, const struct mc_buf *content)
{
	if (r->type != MC_SCEP_PKCSREQ && r->type != MC_SCEP_RENEWALREQ)
		return false;
	if (!one_sequence(content, NULL))
		return false;
	return renewal ? is_csr(content)
		       : mc_csr_is_by(content, X509_get0_pubkey(r->signer));
}

/* Several recipients and single DES have passed the policy, or are not here. */
static unsigned
allowed(const struct mc_scep_request *r)
{
	return (r->several ? MC_OPEN_ANY : 0U) |
	    (r->cipher == MC_DES_CBC ? MC_OPEN_WEAK : 0U);
}

/* Ours to mend: the wrong key file, no memory. */
static bool
is_ours(const struct mc_err *e)
{
	return e->code != MC_DENIED && e->code != MC_MALFORMED;
}

bool
mc_scep_request_open(const struct mc_scep_request *r, X509 *ra,
    EVP_PKEY *ra_key, bool renewal, struct mc_buf *content,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	AUTO_BUF inner = MC_BUF_INIT;

	refuse(why, MC_SCEP_BADMESSAGECHECK, NULL);
	if (!mc_envelope_open(&r->envelope, ra, ra_key, allowed(r), &inner, e))
		return is_ours(e) ? refuse(why, -1, NULL) : false;
	if (!is_proven(r, renewal, &inner))
		return mc_fail(
		    e, MC_DENIED, "EnvelopedData: " MC_ENVELOPE_UNREADABLE);
	return mc_buf_add(content, inner.data, inner.len, e) ||
	    refuse(why, -1, NULL);
}

bool
mc_scep_request_open_password(const struct mc_scep_request *r,
    const struct mc_buf *password, bool renewal, struct mc_buf *content)
{
	struct mc_err unused = MC_ERR_INIT;
	AUTO_BUF inner = MC_BUF_INIT;

	return mc_envelope_open_password(
		   &r->envelope, password, &inner, &unused) &&
	    is_proven(r, renewal, &inner) &&
	    mc_buf_add(content, inner.data, inner.len, &unused);
}

/* As the store writes serial numbers; they are positive. */
static bool
serial_encode(const struct mc_ber *body, char out[static MC_SERIAL_TEXT])
{
	static const char digits[] = "0123456789ABCDEF";
	const uint8_t *p = body->p;
	size_t n = body->len;

	if (n == 0 || (p[0] & 0x80))
		return false;
	if (n > 1 && p[0] == 0) {
		p++;
		n--;
	}
	if (n > SERIAL_OCTETS)
		return false;
	for (size_t i = 0; i < n; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	*out = '\0';
	return true;
}

/* IssuerAndSerialNumber (RFC 5652 section 10.2.4). */
static bool
id_parse(const struct mc_buf *content, struct mc_scep_id *out)
{
	struct mc_err unused = MC_ERR_INIT;
	struct mc_ber_item issuer;
	struct mc_ber serial;
	struct mc_ber body;

	return one_sequence(content, &body) &&
	    mc_ber_is(&body, MC_BER_SEQUENCE) &&
	    mc_ber_next(&body, "", &issuer, &unused) &&
	    mc_ber_expect(&body, MC_BER_INTEGER, "", &serial, &unused) &&
	    mc_ber_done(&body) && serial_encode(&serial, out->serial) &&
	    mc_buf_add(&out->issuer, issuer.p, issuer.len, &unused);
}

bool
mc_scep_request_open_id(const struct mc_scep_request *r, X509 *ra,
    EVP_PKEY *ra_key, struct mc_scep_id *id, struct mc_scep_refusal *why,
    struct mc_err *e)
{
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_SCEP_ID read = { 0 };
	bool opened = mc_envelope_open(
	    &r->envelope, ra, ra_key, allowed(r), &content, e);

	if (!opened && is_ours(e))
		return refuse(why, -1, NULL);
	if (!opened || !id_parse(&content, &read)) {
		(void)mc_fail(e, MC_DENIED, MC_SCEP_NO_CERT);
		return refuse(why, MC_SCEP_BADCERTID, MC_SCEP_NO_CERT);
	}
	*id = read;
	read = (struct mc_scep_id){ 0 };
	return true;
}

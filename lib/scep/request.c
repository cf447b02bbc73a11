/* SPDX-License-Identifier: ISC */
#include "scep/scep.h"

#include <stdio.h>

#include "crypto/ber.h"
#include "crypto/csr.h"
#include "scep/attr.h"

void
mc_scep_request_clear(struct mc_scep_request *r)
{
	X509_free(r->signer);
	mc_buf_clear(&r->envelope);
	*r = (struct mc_scep_request){ 0 };
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
nonce_parse(
    const struct mc_signed *s, struct mc_scep_request *out, struct mc_err *e)
{
	static const char what[] = "senderNonce";
	AUTO_BUF nonce = MC_BUF_INIT;
	bool found;

	if (!mc_scep_attr_octets(
		s, MC_OID_SENDER_NONCE, what, &nonce, &found, e))
		return false;
	if (found && nonce.len != MC_SCEP_NONCE && nonce.len != 8)
		return mc_fail(
		    e, MC_MALFORMED, "%s: %zu octets", what, nonce.len);
	if (found)
		memcpy(out->nonce, nonce.data, nonce.len);
	out->nonce_len = nonce.len;
	return true;
}

/* md as a constant, so that it outlives the message. */
static bool
digest_find(const char *name, const char **md, struct mc_err *e)
{
	static const char *const known[] = { "SHA256", "SHA384", "SHA512",
		"SHA1" };

	for (size_t i = 0; name && i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(name, known[i]) != 0)
			continue;
		*md = known[i];
		return true;
	}
	return mc_fail(e, MC_DENIED, "digestAlgorithm: %s is not allowed",
	    name ? name : "unknown");
}

/*
 * The reply has to be encrypted to it.  Its size was looked at before: no
 * signature is worth checking with a key that is absurd.
 */
static bool
signer_check(const X509 *signer, struct mc_err *e)
{
	const EVP_PKEY *key = X509_get0_pubkey(signer);
	bool rsa = key && EVP_PKEY_is_a(key, "RSA");

	ERR_clear_error();
	return rsa || mc_fail(e, MC_DENIED, "signer: its key is not RSA");
}

/* What says who asks for what; all that a CertRep needs. */
static bool
attributes_parse(const struct mc_signed *s, struct mc_scep_request *out,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	if (!mc_scep_transaction_parse(s, out->transaction, e))
		return refuse(why, -1, NULL);
	if (!nonce_parse(s, out, e))
		return refuse(
		    why, MC_SCEP_BADREQUEST, "senderNonce must be 16 octets");
	if (!type_parse(s, &out->type, e))
		return refuse(why, MC_SCEP_BADREQUEST,
		    "this messageType is not supported");
	return true;
}

static bool
algorithms_check(const struct mc_signed *s, struct mc_scep_request *out,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	if (!digest_find(mc_signed_digest(s), &out->md, e))
		return refuse(why, MC_SCEP_BADALG,
		    "the digest algorithm is not accepted: use SHA-256");
	if (!signer_check(out->signer, e))
		return refuse(why, MC_SCEP_BADALG,
		    "the signer's key is not accepted: use RSA 2048");
	return true;
}

static bool
envelope_get(struct mc_signed *s, struct mc_scep_request *out,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	struct mc_envelope_facts facts;

	if (!mc_signed_content(s, &out->envelope, e))
		return refuse(why, MC_SCEP_BADMESSAGECHECK,
		    "the signature does not hold");
	if (mc_envelope_parse(&out->envelope, &facts, e)) {
		out->cipher = facts.cipher;
		return true;
	}
	if (e->code == MC_DENIED)
		return refuse(why, MC_SCEP_BADALG,
		    "the cipher is not accepted: use AES-128-CBC");
	return refuse(why, MC_SCEP_BADMESSAGECHECK, NULL);
}

bool
mc_scep_request_parse(const struct mc_buf *msg, struct mc_scep_request *out,
    struct mc_scep_refusal *why, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;

	*out = (struct mc_scep_request){ .md = "SHA256" };
	refuse(why, -1, NULL);
	/* clients add signed attributes of their own: not the strict gate */
	if (!mc_signed_parse(msg, MC_GATE_FILE, NULL, &s, e)) {
		/* not a verdict about anybody: it is no pkiMessage */
		if (e->code < MC_USAGE)
			e->code = MC_MALFORMED;
		return mc_note(e, "pkiMessage");
	}
	out->signer = mc_signed_signer(s);
	X509_up_ref(out->signer);
	return (attributes_parse(s, out, why, e) &&
		   algorithms_check(s, out, why, e) &&
		   envelope_get(s, out, why, e)) ||
	    mc_note(e, "pkiMessage");
}

/* One SEQUENCE, within the limits that hold before libcrypto reads it. */
static bool
one_sequence(const struct mc_buf *content)
{
	struct mc_err unused;
	struct mc_ber b;

	mc_ber_init(&b, content->data, content->len);
	return mc_ber_check(&b, "", &unused) &&
	    mc_ber_expect(&b, MC_BER_SEQUENCE, "", NULL, &unused) &&
	    mc_ber_done(&b);
}

/*
 * Is there proof in the content that whoever signed the message made it?  A
 * PKCSReq's is signed by the key that signed the message.  The content of the
 * other types proves nothing, so they have none until somebody finds one:
 * their envelope may be a captured one, under whatever type.
 */
static bool
is_senders(const struct mc_scep_request *r, const struct mc_buf *content)
{
	return r->type == MC_SCEP_PKCSREQ && one_sequence(content) &&
	    mc_csr_is_by(content, X509_get0_pubkey(r->signer));
}

bool
mc_scep_request_open(const struct mc_scep_request *r, X509 *ra,
    EVP_PKEY *ra_key, struct mc_buf *content, struct mc_scep_refusal *why,
    struct mc_err *e)
{
	AUTO_BUF inner = MC_BUF_INIT;

	refuse(why, MC_SCEP_BADMESSAGECHECK, NULL);
	if (!mc_envelope_open(&r->envelope, ra, ra_key, false, &inner, e)) {
		/* ours to mend: the wrong key file, no memory */
		if (e->code != MC_DENIED && e->code != MC_MALFORMED)
			refuse(why, -1, NULL);
		return false;
	}
	if (!is_senders(r, &inner))
		return mc_fail(
		    e, MC_DENIED, "EnvelopedData: " MC_ENVELOPE_UNREADABLE);
	return mc_buf_add(content, inner.data, inner.len, e) ||
	    refuse(why, -1, NULL);
}

bool
mc_scep_request_encode(
    const struct mc_scep_ask *ask, struct mc_buf *msg, struct mc_err *e)
{
	AUTO_BUF envelope = MC_BUF_INIT;
	char type[4];
	const struct mc_cms_attr attrs[] = {
		{ MC_OID_MESSAGE_TYPE, V_ASN1_PRINTABLESTRING, type,
		    (size_t)snprintf(
			type, sizeof(type), "%u", (unsigned)ask->type % 100) },
		mc_scep_attr_text(MC_OID_TRANSACTION, V_ASN1_PRINTABLESTRING,
		    ask->transaction),
		{ MC_OID_SENDER_NONCE, V_ASN1_OCTET_STRING, ask->nonce,
		    MC_SCEP_NONCE },
		{ 0 },
	};
	const struct mc_cms_sign_spec spec = { .cert = ask->signer,
		.key = ask->signer_key,
		.md = ask->md,
		.attrs = attrs };

	return (mc_envelope_seal(
		    ask->content, ask->recipients, ask->cipher, &envelope, e) &&
		   mc_cms_sign(&spec, &envelope, msg, e)) ||
	    mc_note(e, "pkiMessage");
}

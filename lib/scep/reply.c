/* SPDX-License-Identifier: ISC */
#include "scep/scep.h"

#include <stdio.h>

#include "crypto/csr.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "scep/attr.h"

#define REPLY_ATTRS 8

/* Attributes of one CertRep, with what they point at. */
struct attrs {
	struct mc_cms_attr v[REPLY_ATTRS];
	size_t n;
	uint8_t nonce[MC_SCEP_NONCE];
	char fail[4];
};

static void
attr_add(struct attrs *a, struct mc_cms_attr attr)
{
	a->v[a->n++] = attr;
}

static void
text_add(struct attrs *a, const char *oid, const char *text)
{
	attr_add(a, mc_scep_attr_text(oid, V_ASN1_PRINTABLESTRING, text));
}

static const char *
status_text(enum mc_scep_status status)
{
	switch (status) {
	case MC_SCEP_SUCCESS:
		return "0";
	case MC_SCEP_PENDING:
		return "3";
	case MC_SCEP_FAILURE:
		break;
	}
	return "2";
}

static bool
attrs_make(const struct mc_scep_request *r, const struct mc_scep_answer *a,
    struct attrs *to, struct mc_err *e)
{
	if (!mc_rand_bytes(to->nonce, sizeof(to->nonce), e))
		return false;
	text_add(to, MC_OID_MESSAGE_TYPE, "3");
	text_add(to, MC_OID_PKI_STATUS, status_text(a->status));
	text_add(to, MC_OID_TRANSACTION, r->transaction);
	attr_add(to,
	    (struct mc_cms_attr){ MC_OID_SENDER_NONCE, V_ASN1_OCTET_STRING,
		to->nonce, sizeof(to->nonce) });
	if (r->nonce_len > 0)
		attr_add(to,
		    (struct mc_cms_attr){ MC_OID_RECIPIENT_NONCE,
			V_ASN1_OCTET_STRING, r->nonce, r->nonce_len });
	if (a->status != MC_SCEP_FAILURE)
		return true;
	if (a->why.fail < 0 || a->why.fail > MC_SCEP_BADCERTID)
		return mc_fail(e, MC_INTERNAL, "failInfo %d", a->why.fail);
	snprintf(to->fail, sizeof(to->fail), "%d", a->why.fail);
	text_add(to, MC_OID_FAIL_INFO, to->fail);
	if (a->why.text)
		attr_add(to,
		    mc_scep_attr_text(
			MC_OID_FAIL_INFO_TEXT, V_ASN1_UTF8STRING, a->why.text));
	return true;
}

/* SUCCESS: the certificates, certs-only, enveloped to the requester. */
static bool
content_make(const struct mc_scep_request *r, const mc_certs *certs,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF certs_only = MC_BUF_INIT;
	AUTO(mc_certs_lent) *requester = sk_X509_new_null();

	if (!requester || sk_X509_push(requester, r->signer) <= 0)
		return mc_fail_memory(e);
	return mc_cms_certs_encode(certs, &certs_only, e) &&
	    mc_envelope_seal(&certs_only, requester, r->cipher, to, e);
}

bool
mc_scep_reply_encode(const struct mc_scep_request *r,
    const struct mc_scep_answer *a, struct mc_buf *msg, struct mc_err *e)
{
	AUTO_BUF content = MC_BUF_INIT;
	struct attrs attrs = { 0 };
	const struct mc_cms_sign_spec spec = { .cert = a->ra,
		.key = a->ra_key,
		.md = r->md,
		.attrs = attrs.v,
		.no_content = a->status != MC_SCEP_SUCCESS };

	if (!r->signer || !r->transaction[0])
		return mc_fail(e, MC_USAGE, "CertRep: nobody to answer to");
	if (!attrs_make(r, a, &attrs, e))
		return mc_note(e, "CertRep");
	if (a->status == MC_SCEP_SUCCESS &&
	    !content_make(r, a->certs, &content, e))
		return mc_note(e, "CertRep");
	return mc_cms_sign(&spec, &content, msg, e) || mc_note(e, "CertRep");
}

const char *
mc_scep_fail_name(int fail)
{
	static const char *const names[] = {
		[MC_SCEP_BADALG] = "badAlg",
		[MC_SCEP_BADMESSAGECHECK] = "badMessageCheck",
		[MC_SCEP_BADREQUEST] = "badRequest",
		[MC_SCEP_BADTIME] = "badTime",
		[MC_SCEP_BADCERTID] = "badCertId",
	};

	return fail >= 0 && fail <= MC_SCEP_BADCERTID ? names[fail]
						      : "no failInfo";
}

void
mc_scep_reply_clear(struct mc_scep_reply *r)
{
	mc_certs_free(r->certs);
	*r = (struct mc_scep_reply){ .fail = -1 };
}

/* One of the certificates that GetCACert gave, the very same. */
static bool
ra_check(X509 *signer, const mc_certs *known, struct mc_err *e)
{
	for (int i = 0; i < sk_X509_num(known); i++)
		if (X509_cmp(signer, sk_X509_value(known, i)) == 0)
			return true;
	return mc_fail(
	    e, MC_UNTRUSTED, "the signer is none of the server's certificates");
}

/* Is this the answer to what was asked? */
static bool
answers(
    const struct mc_signed *s, const struct mc_scep_ask *ask, struct mc_err *e)
{
	char transaction[MC_SCEP_TRANSACTION + 1];
	AUTO_BUF type = MC_BUF_INIT;
	AUTO_BUF nonce = MC_BUF_INIT;
	bool found;

	if (!mc_scep_attr_printable(
		s, MC_OID_MESSAGE_TYPE, "messageType", &type, e) ||
	    !mc_scep_transaction_parse(s, transaction, e) ||
	    !mc_scep_attr_octets(
		s, MC_OID_RECIPIENT_NONCE, "recipientNonce", &nonce, &found, e))
		return false;
	if (mc_scep_number_parse(&type) != MC_SCEP_CERTREP)
		return mc_fail(e, MC_MALFORMED, "messageType: not CertRep");
	if (strcmp(transaction, ask->transaction) != 0)
		return mc_fail(e, MC_MALFORMED, "transactionID: not ours");
	if (nonce.len != MC_SCEP_NONCE ||
	    memcmp(nonce.data, ask->nonce, nonce.len) != 0)
		return mc_fail(e, MC_MALFORMED, "recipientNonce: not ours");
	return true;
}

static bool
status_parse(
    const struct mc_signed *s, enum mc_scep_status *out, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	int n;

	if (!mc_scep_attr_printable(
		s, MC_OID_PKI_STATUS, "pkiStatus", &text, e))
		return false;
	n = mc_scep_number_parse(&text);
	if (n != MC_SCEP_SUCCESS && n != MC_SCEP_FAILURE &&
	    n != MC_SCEP_PENDING)
		return mc_fail(e, MC_MALFORMED, "pkiStatus: unknown");
	*out = (enum mc_scep_status)n;
	return true;
}

/* Words of a stranger: what fits, and what a terminal can bear. */
static void
words_copy(const struct mc_buf *from, char *to, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < from->len && n + 1 < size; i++)
		if (from->data[i] >= 0x20 && from->data[i] != 0x7f)
			to[n++] = (char)from->data[i];
	to[n] = '\0';
}

static bool
fail_parse(
    const struct mc_signed *s, struct mc_scep_reply *out, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF words = MC_BUF_INIT;
	bool found = false;

	if (!mc_signed_attr(
		s, MC_OID_FAIL_INFO, V_ASN1_PRINTABLESTRING, &text, &found, e))
		return mc_note(e, "failInfo");
	out->fail = found ? mc_scep_number_parse(&text) : -1;
	if (found && (out->fail < 0 || out->fail > MC_SCEP_BADCERTID))
		return mc_fail(e, MC_MALFORMED, "failInfo: unknown");
	if (!mc_signed_attr(
		s, MC_OID_FAIL_INFO_TEXT, V_ASN1_UTF8STRING, &words, &found, e))
		return mc_note(e, "failInfoText");
	words_copy(&words, out->text, sizeof(out->text));
	return true;
}

/*
 * Put the certificate that was asked for first: in a SET, any may come first
 * (RFC 5652 section 10.2.3).
 */
static bool
leaf_first(mc_certs *certs, const struct mc_buf *csr, struct mc_err *e)
{
	AUTO(X509_REQ) *req = NULL;
	X509 *leaf;

	if (!mc_csr_parse(csr, MC_RSA_OLD, &req, e))
		return mc_note(e, "our own request");
	for (int i = 0; i < sk_X509_num(certs); i++) {
		leaf = sk_X509_value(certs, i);
		if (!mc_key_equal(
			X509_get0_pubkey(leaf), X509_REQ_get0_pubkey(req)))
			continue;
		(void)sk_X509_delete(certs, i);
		/* cannot fail: there is room for what was just taken out */
		if (sk_X509_insert(certs, leaf, 0) > 0)
			return true;
		X509_free(leaf);
		return mc_fail_memory(e);
	}
	return mc_fail(
	    e, MC_MALFORMED, "no certificate for the key that was asked for");
}

static bool
certs_parse(const struct mc_buf *content, const struct mc_scep_ask *ask,
    mc_certs **out, struct mc_err *e)
{
	AUTO_BUF certs_only = MC_BUF_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();

	if (!certs)
		return mc_fail_memory(e);
	if (!mc_envelope_open(
		content, ask->signer, ask->signer_key, false, &certs_only, e) ||
	    !mc_cms_certs_parse(&certs_only, certs, e))
		return false;
	if ((ask->type == MC_SCEP_PKCSREQ || ask->type == MC_SCEP_RENEWALREQ) &&
	    !leaf_first(certs, ask->content, e))
		return false;
	*out = take(&certs);
	return true;
}

static bool
reply_parse(struct mc_signed *s, const struct mc_scep_ask *ask,
    struct mc_scep_reply *out, struct mc_err *e)
{
	AUTO_BUF content = MC_BUF_INIT;
	const mc_certs *known = ask->ra ? ask->ra : ask->recipients;

	if (!ra_check(mc_signed_signer(s), known, e) ||
	    !mc_signed_content(s, &content, e) || !answers(s, ask, e) ||
	    !status_parse(s, &out->status, e))
		return false;
	if (out->status == MC_SCEP_FAILURE)
		return fail_parse(s, out, e);
	return out->status == MC_SCEP_PENDING ||
	    certs_parse(&content, ask, &out->certs, e);
}

bool
mc_scep_reply_parse(const struct mc_buf *msg, const struct mc_scep_ask *ask,
    struct mc_scep_reply *out, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;
	AUTO_SCEP_REPLY reply = { .fail = -1 };

	if (!mc_signed_parse(msg, MC_GATE_FILE,
		ask->ra ? ask->ra : ask->recipients, &s, e) ||
	    !reply_parse(s, ask, &reply, e))
		return mc_note(e, "CertRep");
	*out = reply;
	reply = (struct mc_scep_reply){ .fail = -1 };
	return true;
}

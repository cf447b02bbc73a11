/* SPDX-License-Identifier: ISC */
/* The client's half of a reply: whose it is, and what it says. */
#include "scep/scep.h"

#include "crypto/csr.h"
#include "crypto/key.h"
#include "scep/attr.h"
#include "scep/crl.h"

void
mc_scep_reply_clear(struct mc_scep_reply *r)
{
	mc_certs_free(r->certs);
	mc_buf_clear(&r->crl);
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
 * Put the certificate for this key first: in a SET, any may come first (RFC
 * 5652 section 10.2.3).  *there is false where there is none.
 */
static bool
leaf_first(mc_certs *certs, const EVP_PKEY *key, bool *there, struct mc_err *e)
{
	X509 *leaf;

	*there = false;
	for (int i = 0; i < sk_X509_num(certs); i++) {
		leaf = sk_X509_value(certs, i);
		if (!mc_key_equal(X509_get0_pubkey(leaf), key))
			continue;
		*there = true;
		(void)sk_X509_delete(certs, i);
		/* cannot fail: there is room for what was just taken out */
		if (sk_X509_insert(certs, leaf, 0) > 0)
			return true;
		X509_free(leaf);
		return mc_fail_memory(e);
	}
	return true;
}

/* A poll does not say for which key; its signer's, unless it is a renewal. */
static bool
certs_sort(mc_certs *certs, const struct mc_scep_ask *ask, struct mc_err *e)
{
	AUTO(X509_REQ) *req = NULL;
	bool there;

	if (ask->type == MC_SCEP_CERTPOLL)
		return leaf_first(
		    certs, X509_get0_pubkey(ask->signer), &there, e);
	if (ask->type == MC_SCEP_GETCERT)
		return true;
	if (!mc_csr_parse(ask->content, MC_RSA_OLD, &req, e))
		return mc_note(e, "our own request");
	if (!leaf_first(certs, X509_REQ_get0_pubkey(req), &there, e))
		return false;
	return there ||
	    mc_fail(e, MC_MALFORMED,
		"no certificate for the key that was asked for");
}

/* By the password where the reply says so, for a key that cannot decrypt. */
static bool
content_open(const struct mc_buf *content, const struct mc_scep_ask *ask,
    struct mc_buf *to, struct mc_err *e)
{
	struct mc_envelope_facts facts;

	if (!mc_envelope_parse(content, &facts, e))
		return false;
	if (facts.transport != MC_TRANSPORT_PASSWORD)
		return mc_envelope_open(content, ask->signer, ask->signer_key,
		    ask->cipher == MC_DES_CBC ? MC_OPEN_WEAK : 0, to, e);
	if (!ask->password)
		return mc_fail(e, MC_DENIED,
		    "it is encrypted with a password, and there was none");
	return mc_envelope_open_password(content, ask->password, to, e);
}

static bool
content_parse(const struct mc_buf *content, const struct mc_scep_ask *ask,
    struct mc_scep_reply *out, struct mc_err *e)
{
	AUTO_BUF degenerate = MC_BUF_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();

	if (!certs)
		return mc_fail_memory(e);
	if (!content_open(content, ask, &degenerate, e))
		return false;
	if (ask->type == MC_SCEP_GETCRL)
		return mc_scep_crl_parse(&degenerate, &out->crl, e);
	if (!mc_cms_certs_parse(&degenerate, certs, e))
		return false;
	if (sk_X509_num(certs) < 1)
		return mc_fail(e, MC_MALFORMED, "no certificate in it");
	if (!certs_sort(certs, ask, e))
		return false;
	out->certs = take(&certs);
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
	    content_parse(&content, ask, out, e);
}

bool
mc_scep_reply_parse(const struct mc_buf *msg, const struct mc_scep_ask *ask,
    struct mc_scep_reply *out, struct mc_err *e)
{
	/* who signs with MD5 is answered with MD5 */
	const enum mc_gate gate = ask->md && strcmp(ask->md, "MD5") == 0
	    ? MC_GATE_WEAK
	    : MC_GATE_FILE;
	AUTO(mc_signed) *s = NULL;
	AUTO_SCEP_REPLY reply = { .fail = -1 };

	if (!mc_signed_parse(
		msg, gate, ask->ra ? ask->ra : ask->recipients, &s, e) ||
	    !reply_parse(s, ask, &reply, e))
		return mc_note(e, "CertRep");
	*out = reply;
	reply = (struct mc_scep_reply){ .fail = -1 };
	return true;
}

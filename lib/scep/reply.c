/* SPDX-License-Identifier: ISC */
#include "scep/scep.h"

#include <stdio.h>

#include "crypto/digest.h"
#include "crypto/key.h"
#include "scep/attr.h"
#include "scep/crl.h"

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

/* Can the requester open what is encrypted in this way? */
static bool
seal_choose(const struct mc_scep_request *r, const struct mc_scep_answer *a,
    const mc_certs *requester, struct mc_seal_spec *out, struct mc_err *e)
{
	const EVP_PKEY *key = X509_get0_pubkey(r->signer);

	*out = (struct mc_seal_spec){ .cipher = r->cipher };
	if (a->password) {
		out->password = a->password;
		return true;
	}
	if (!mc_key_encrypts(key))
		return mc_fail(e, MC_USAGE,
		    "the requester's key cannot decrypt, and there is no "
		    "password");
	out->certs = requester;
	if (r->oaep && mc_envelope_oaep_fits(key, r->oaep, r->cipher))
		out->oaep = r->oaep;
	return true;
}

/* SUCCESS: certs-only, or a CRL, enveloped to the requester. */
static bool
content_make(const struct mc_scep_request *r, const struct mc_scep_answer *a,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF degenerate = MC_BUF_INIT;
	AUTO(mc_certs_lent) *requester = sk_X509_new_null();
	struct mc_seal_spec seal;

	if (!requester || sk_X509_push(requester, r->signer) <= 0)
		return mc_fail_memory(e);
	if (!a->certs == !a->crl)
		return mc_fail(e, MC_USAGE, "certificates or a CRL");
	if (!seal_choose(r, a, requester, &seal, e))
		return false;
	return (a->crl ? mc_scep_crl_encode(a->crl, &degenerate, e)
		       : mc_cms_certs_encode(a->certs, &degenerate, e)) &&
	    mc_envelope_seal_spec(&degenerate, &seal, to, e);
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
	if (a->status == MC_SCEP_SUCCESS && !content_make(r, a, &content, e))
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

const char *
mc_scep_type_name(int type)
{
	static const struct {
		int type;
		const char *name;
	} names[] = {
		{ MC_SCEP_CERTREP, "CertRep" },
		{ MC_SCEP_RENEWALREQ, "RenewalReq" },
		{ MC_SCEP_PKCSREQ, "PKCSReq" },
		{ MC_SCEP_CERTPOLL, "CertPoll" },
		{ MC_SCEP_GETCERT, "GetCert" },
		{ MC_SCEP_GETCRL, "GetCRL" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}

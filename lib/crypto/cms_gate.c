/* SPDX-License-Identifier: ISC */
#include "crypto/cms_gate.h"

#include "crypto/cert.h"
#include "crypto/rsa_params.h"

/* Parts of a SignedData (RFC 5652 section 5.1) still to be looked into. */
struct parts {
	struct mc_ber content; /* of the [0] around eContent */
	struct mc_ber signers;
};

#define PKCS7 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07
#define PKCS1 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01
#define ECDSA 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04

const struct mc_oid mc_oid_data = { 9, { PKCS7, 1 } };
const struct mc_oid mc_oid_signed = { 9, { PKCS7, 2 } };

/* From the network: PKCS#1 v1.5 and ECDSA with those digests. */
static const struct mc_oid signature_oid[] = {
	{ 9, { PKCS1, 1 } },
	{ 9, { PKCS1, 5 } },
	{ 9, { PKCS1, 11 } },
	{ 9, { PKCS1, 12 } },
	{ 9, { PKCS1, 13 } },
	{ 7, { ECDSA, 1 } },
	{ 8, { ECDSA, 3, 2 } },
	{ 8, { ECDSA, 3, 3 } },
	{ 8, { ECDSA, 3, 4 } },
};
static const struct mc_oid rsassa_pss = { 9, { PKCS1, 10 } };

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static bool
is_one_of(const struct mc_ber *oid, const struct mc_oid *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mc_oid_equal(oid, &table[i]))
			return true;
	return false;
}

/* AlgorithmIdentifier: its OID; parameters are libcrypto's business. */
static bool
algorithm_parse(
    struct mc_ber *b, const char *what, struct mc_ber *oid, struct mc_err *e)
{
	struct mc_ber alg;
	struct mc_ber_item rest;

	if (!mc_ber_expect(b, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_expect(&alg, MC_BER_OID, what, oid, e))
		return false;
	if (!mc_ber_done(&alg) && !mc_ber_next(&alg, what, &rest, e))
		return false;
	return mc_ber_end(&alg, what, e);
}

static bool
digest_parse(
    struct mc_ber *info, enum mc_gate gate, const char **name, struct mc_err *e)
{
	size_t n = gate == MC_GATE_WEAK ? MC_DIGESTS_WEAK : MC_DIGESTS;
	struct mc_ber oid;

	if (!algorithm_parse(info, "digestAlgorithm", &oid, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (mc_oid_equal(&oid, &mc_digest_oid[i])) {
			*name = mc_digest_name[i];
			return true;
		}
	return mc_fail(e, MC_UNTRUSTED,
	    "signed over a digest other than SHA-1, SHA-256, SHA-384 or "
	    "SHA-512");
}

/* The one algorithm that has more to say; RFC 4056 section 3. */
static bool
pss_parse(struct mc_ber *info, const char *digest, struct mc_err *e)
{
	static const char what[] = "signatureAlgorithm";
	struct mc_ber alg;
	const char *name;

	if (!mc_ber_expect(info, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_oid(&alg, &rsassa_pss, what, e) ||
	    !mc_rsa_pss_parse(&alg, &name, e)) {
		if (e->code == MC_DENIED)
			e->code = MC_UNTRUSTED;
		return false;
	}
	if (strcmp(name, digest) != 0)
		return mc_fail(e, MC_UNTRUSTED,
		    "RSASSA-PSS with %s over a digest by %s", name, digest);
	return mc_ber_end(&alg, what, e);
}

static bool
signature_parse(struct mc_ber *info, enum mc_gate gate,
    struct mc_signed_facts *out, struct mc_err *e)
{
	struct mc_ber again = *info;
	struct mc_ber oid;

	if (!algorithm_parse(info, "signatureAlgorithm", &oid, e))
		return false;
	out->pss = mc_oid_equal(&oid, &rsassa_pss);
	if (out->pss) {
		if (!pss_parse(&again, out->digest, e))
			return false;
	} else if (gate == MC_GATE_STRICT &&
	    !is_one_of(&oid, signature_oid, COUNT(signature_oid)))
		return mc_fail(
		    e, MC_UNTRUSTED, "an unknown signature algorithm");
	/* libcrypto joins a constructed one */
	if (mc_ber_is(info, MC_BER_OCTETS | MC_BER_CONSTRUCTED))
		return mc_ber_expect(info, MC_BER_OCTETS | MC_BER_CONSTRUCTED,
		    "signature", NULL, e);
	return mc_ber_expect(info, MC_BER_OCTETS, "signature", NULL, e);
}

static bool
signer_parse(struct mc_ber *signers, enum mc_gate gate,
    struct mc_signed_facts *out, struct mc_err *e)
{
	struct mc_ber info;
	struct mc_ber attrs;
	struct mc_ber_item sid;
	unsigned version;

	if (mc_ber_done(signers))
		return mc_fail(e, MC_MALFORMED,
		    "no signer: a message that carries certificates only");
	if (!mc_ber_expect(signers, MC_BER_SEQUENCE, "signerInfo", &info, e))
		return false;
	if (!mc_ber_done(signers))
		return mc_fail(
		    e, MC_MALFORMED, "several signers; exactly one is right");
	if (!mc_ber_uint(&info, "signerInfo", &version, e) ||
	    !mc_ber_next(&info, "signerIdentifier", &sid, e) ||
	    !digest_parse(&info, gate, &out->digest, e))
		return false;
	out->attributes = mc_ber_is(&info, MC_BER_CONTEXT(0));
	if (out->attributes &&
	    (!mc_ber_expect(
		 &info, MC_BER_CONTEXT(0), "signedAttrs", &attrs, e) ||
		!mc_gate_attrs(&attrs, gate, e)))
		return false;
	if (!signature_parse(&info, gate, out, e))
		return false;
	if (gate != MC_GATE_STRICT && mc_ber_is(&info, MC_BER_CONTEXT(1)) &&
	    !mc_ber_expect(&info, MC_BER_CONTEXT(1), "unsignedAttrs", NULL, e))
		return false;
	if (mc_ber_is(&info, MC_BER_CONTEXT(1)))
		return mc_fail(e, MC_MALFORMED, "unsigned attributes");
	return mc_ber_end(&info, "signerInfo", e);
}

static bool
is_signed(const struct mc_ber *info)
{
	struct mc_ber copy = *info;
	struct mc_err none = MC_ERR_INIT;

	return mc_ber_oid(&copy, &mc_oid_signed, "contentType", &none);
}

/* What openssl smime writes where nobody says otherwise. */
static bool
is_mime(const struct mc_buf *msg)
{
	static const char *const first[] = { "MIME-Version:", "Content-Type:" };

	for (size_t i = 0; i < COUNT(first); i++)
		if (strncasecmp(mc_buf_str(msg), first[i], strlen(first[i])) ==
		    0)
			return true;
	return false;
}

/* ContentInfo, down to the body of SignedData. */
static bool
info_parse(const struct mc_buf *msg, enum mc_gate gate, struct mc_ber *body,
    struct mc_err *e)
{
	static const char what[] = "contentInfo";
	struct mc_ber all;
	struct mc_ber whole;
	struct mc_ber info;
	struct mc_ber content;

	if (msg->len == 0)
		return mc_fail(e, MC_MALFORMED, "an empty message");
	mc_ber_init(&all, msg->data, msg->len);
	all.file = gate != MC_GATE_STRICT;
	if (is_mime(msg))
		return mc_fail(e, MC_MALFORMED,
		    "S/MIME, which no device reads; openssl cms -cmsout "
		    "-inform SMIME -outform DER makes DER of it");
	if (!mc_ber_is(&all, MC_BER_SEQUENCE))
		return mc_fail(
		    e, MC_UNSIGNED, "not signed: this is no CMS message");
	whole = all;
	if (!mc_ber_expect(&all, MC_BER_SEQUENCE, "message", &info, e) ||
	    !mc_ber_end(&all, "message", e) ||
	    !mc_ber_check(&whole, "message", e))
		return false;
	if (!mc_ber_is(&info, MC_BER_OID))
		return mc_fail(
		    e, MC_UNSIGNED, "not signed: this is no CMS message");
	if (!is_signed(&info))
		return mc_fail(e, MC_UNSIGNED,
		    "not signed: a CMS message of another kind");
	return mc_ber_oid(&info, &mc_oid_signed, what, e) &&
	    mc_ber_expect(&info, MC_BER_CONTEXT(0), what, &content, e) &&
	    mc_ber_end(&info, what, e) &&
	    mc_ber_expect(&content, MC_BER_SEQUENCE, what, body, e) &&
	    mc_ber_end(&content, what, e);
}

/* A field that may be absent; an empty body stands for that. */
static bool
optional(struct mc_ber *b, unsigned tag, const char *what, struct mc_ber *body,
    bool *there, struct mc_err *e)
{
	*there = mc_ber_is(b, tag);
	mc_ber_init(body, NULL, 0);
	return !*there || mc_ber_expect(b, tag, what, body, e);
}

/* SignedData, down to signerInfos; see RFC 5652 section 5.1. */
static bool
data_parse(struct mc_ber *body, enum mc_gate gate, struct parts *p,
    struct mc_signed_facts *out, struct mc_err *e)
{
	struct mc_ber encap;
	struct mc_ber crls;
	unsigned version;
	bool there;

	if (!mc_ber_uint(body, "version", &version, e) ||
	    !mc_ber_expect(body, MC_BER_SET, "digestAlgorithms", NULL, e) ||
	    !mc_ber_expect(
		body, MC_BER_SEQUENCE, "encapContentInfo", &encap, e) ||
	    !mc_ber_oid(&encap, &mc_oid_data, "eContentType", e) ||
	    !optional(&encap, MC_BER_CONTEXT(0), "eContent", &p->content,
		&out->content, e) ||
	    !mc_ber_end(&encap, "encapContentInfo", e) ||
	    !optional(body, MC_BER_CONTEXT(0), "certificates", &out->certs,
		&there, e) ||
	    !optional(body, MC_BER_CONTEXT(1), "crls", &crls, &there, e))
		return false;
	if (there && gate == MC_GATE_STRICT)
		return mc_fail(e, MC_MALFORMED, "revocation lists");
	return mc_ber_expect(body, MC_BER_SET, "signerInfos", &p->signers, e) &&
	    mc_ber_end(body, "signedData", e);
}

/* DER of what was signed with signedAttrs begins with the tag of a SET. */
bool
mc_gate_content(const struct mc_signed_facts *facts,
    const struct mc_buf *content, struct mc_err *e)
{
	if (facts->attributes || content->len == 0 ||
	    content->data[0] != MC_BER_SET)
		return true;
	return mc_fail(
	    e, MC_MALFORMED, "signed attributes passed off as content");
}

static bool
content_check(struct mc_ber *content, const struct mc_signed_facts *facts,
    struct mc_err *e)
{
	AUTO_BUF text = { .limit = MC_SIGNED_LIMIT };

	return mc_ber_octets(content, MC_BER_OCTETS, "eContent", &text, e) &&
	    mc_ber_end(content, "eContent", e) &&
	    mc_gate_content(facts, &text, e);
}

bool
mc_gate_signed(const struct mc_buf *msg, enum mc_gate gate,
    struct mc_signed_facts *out, struct mc_err *e)
{
	struct mc_ber body;
	struct parts p;

	return info_parse(msg, gate, &body, e) &&
	    data_parse(&body, gate, &p, out, e) &&
	    signer_parse(&p.signers, gate, out, e) &&
	    (!out->content || content_check(&p.content, out, e));
}

bool
mc_gate_certs(
    const struct mc_buf *msg, struct mc_signed_facts *out, struct mc_err *e)
{
	struct mc_ber body;
	struct parts p;

	/* a SCEP answer to GetCRL carries crls: they pass */
	return info_parse(msg, MC_GATE_STRICT, &body, e) &&
	    data_parse(&body, MC_GATE_FILE, &p, out, e) &&
	    mc_ber_end(&p.signers, "signerInfos", e);
}

bool
mc_gate_bag(const struct mc_signed_facts *facts, bool others, mc_certs *to,
    struct mc_err *e)
{
	struct mc_ber certs = facts->certs;
	struct mc_ber_item item;

	for (int n = 0; !mc_ber_done(&certs); n++) {
		AUTO(X509) *cert = NULL;

		if (n == MC_BAG_MAX)
			return mc_fail(e, MC_MALFORMED,
			    "more than %d certificates", MC_BAG_MAX);
		if (!mc_ber_next(&certs, "certificate", &item, e))
			return false;
		if (item.tag != MC_BER_SEQUENCE && others)
			continue;
		if (!mc_cert_parse(item.p, item.len, &cert, e))
			return false;
		if (sk_X509_push(to, cert) <= 0)
			return mc_fail_memory(e);
		(void)take(&cert);
	}
	return true;
}

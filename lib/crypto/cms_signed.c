/* SPDX-License-Identifier: ISC */
#include "crypto/cms.h"

#include <limits.h>
#include <stdlib.h>

#include "crypto/cms_gate.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/weak.h"

struct mc_signed {
	CMS_ContentInfo *cms;
	CMS_SignerInfo *info; /* of cms */
	mc_certs *bag;
	X509 *signer;
	struct mc_signed_facts facts; /* but for certs: the message is gone */
};

void
mc_signed_free(struct mc_signed *s)
{
	CMS_ContentInfo_free(s->cms);
	mc_certs_free(s->bag);
	X509_free(s->signer);
	free(s);
}

/* libcrypto's view of what the gate let through; MD5 in its own context. */
static bool
load(struct mc_signed *s, const struct mc_buf *msg, struct mc_err *e)
{
	const unsigned char *p = msg->data;
	STACK_OF(CMS_SignerInfo) * infos;
	OSSL_LIB_CTX *ctx = NULL;
	bool read;

	if (msg->len > LONG_MAX)
		return mc_fail(e, MC_MALFORMED, "message too long");
	if (strcmp(s->facts.digest, "MD5") == 0 && !mc_weak_get(&ctx, e))
		return false;
	s->cms = CMS_ContentInfo_new_ex(ctx, NULL);
	if (!s->cms)
		return mc_fail_memory(e);
	read = d2i_CMS_ContentInfo(&s->cms, &p, (long)msg->len);
	ERR_clear_error();
	if (!read || p != msg->data + msg->len)
		return mc_fail(e, MC_MALFORMED, "not a CMS message");
	infos = CMS_get0_SignerInfos(s->cms);
	ERR_clear_error();
	if (!infos || sk_CMS_SignerInfo_num(infos) != 1)
		return mc_fail(e, MC_MALFORMED, "want exactly one signer");
	s->info = sk_CMS_SignerInfo_value(infos, 0);
	return true;
}

/* The same certificate may be there twice; two that claim one place may not. */
static bool
find_signer(struct mc_signed *s, const mc_certs *from, struct mc_err *e)
{
	for (int i = 0; i < sk_X509_num(from); i++) {
		X509 *cert = sk_X509_value(from, i);
		bool claims = CMS_SignerInfo_cert_cmp(s->info, cert) == 0;
		bool other = s->signer && X509_cmp(s->signer, cert) != 0;

		/* comparing parses extensions, and may stumble over them */
		ERR_clear_error();
		if (!claims)
			continue;
		if (other)
			return mc_fail(e, MC_MALFORMED,
			    "two certificates answer to the signer's name");
		if (s->signer)
			continue;
		X509_up_ref(cert);
		s->signer = cert;
	}
	return true;
}

static bool
signer_check(const struct mc_signed *s, struct mc_err *e)
{
	char name[MC_NAME_TEXT];

	if (!s->signer)
		return mc_fail(e, MC_UNTRUSTED,
		    "the signer's certificate is not in the message");
	if (mc_key_check(X509_get0_pubkey(s->signer), MC_RSA_OLD, e))
		return true;
	e->code = MC_UNTRUSTED;
	return mc_note(
	    e, "\"%s\"", mc_name_show(X509_get_subject_name(s->signer), name));
}

bool
mc_signed_parse(const struct mc_buf *msg, enum mc_gate gate,
    const mc_certs *extra, struct mc_signed **out, struct mc_err *e)
{
	AUTO(mc_signed) *s = calloc(1, sizeof(*s));

	if (!s)
		return mc_fail_memory(e);
	s->bag = sk_X509_new_null();
	if (!s->bag)
		return mc_fail_memory(e);
	if (!mc_gate_signed(msg, gate, &s->facts, e) ||
	    !mc_gate_bag(&s->facts, gate != MC_GATE_STRICT, s->bag, e) ||
	    !load(s, msg, e) || !find_signer(s, s->bag, e) ||
	    !find_signer(s, extra, e) || !signer_check(s, e))
		return false;
	mc_ber_init(&s->facts.certs, NULL, 0);
	*out = take(&s);
	return true;
}

X509 *
mc_signed_signer(const struct mc_signed *s)
{
	return s->signer;
}

const mc_certs *
mc_signed_bag(const struct mc_signed *s)
{
	return s->bag;
}

const char *
mc_signed_digest(const struct mc_signed *s)
{
	return s->facts.digest;
}

bool
mc_signed_has_content(const struct mc_signed *s)
{
	return s->facts.content;
}

const char *
mc_signed_algorithm(const struct mc_signed *s)
{
	const EVP_PKEY *key = X509_get0_pubkey(s->signer);

	/* libcrypto goes by an EC key, whatever the message calls it */
	if (EVP_PKEY_is_a(key, "EC"))
		return "ECDSA";
	return s->facts.pss ? "RSASSA-PSS" : "RSA";
}

/* The one value of an attribute; NULL if it is absent. */
static bool
attr_get(const struct mc_signed *s, const char *oid, ASN1_TYPE **out,
    struct mc_err *e)
{
	AUTO(ASN1_OBJECT) *obj = OBJ_txt2obj(oid, 1);
	X509_ATTRIBUTE *attr;
	int at;

	*out = NULL;
	if (!obj)
		return mc_fail_ossl(e, MC_INTERNAL, oid);
	at = CMS_signed_get_attr_by_OBJ(s->info, obj, -1);
	if (at < 0)
		return true;
	if (CMS_signed_get_attr_by_OBJ(s->info, obj, at) >= 0)
		return mc_fail(
		    e, MC_MALFORMED, "signed attribute %s comes twice", oid);
	attr = CMS_signed_get_attr(s->info, at);
	if (X509_ATTRIBUTE_count(attr) != 1)
		return mc_fail(e, MC_MALFORMED,
		    "signed attribute %s has several values", oid);
	*out = X509_ATTRIBUTE_get0_type(attr, 0);
	return *out || mc_fail_ossl(e, MC_INTERNAL, oid);
}

/* Held as an ASN1_STRING in an ASN1_TYPE. */
static bool
is_string(int type)
{
	return type == V_ASN1_OCTET_STRING || type == V_ASN1_UTF8STRING ||
	    type == V_ASN1_PRINTABLESTRING || type == V_ASN1_IA5STRING;
}

bool
mc_signed_attr(const struct mc_signed *s, const char *oid, int type,
    struct mc_buf *to, bool *found, struct mc_err *e)
{
	ASN1_TYPE *value;
	const ASN1_STRING *text;

	*found = false;
	if (!is_string(type))
		return mc_fail(e, MC_INTERNAL, "%s: not a string type", oid);
	if (!attr_get(s, oid, &value, e))
		return false;
	if (!value)
		return true;
	if (ASN1_TYPE_get(value) != type)
		return mc_fail(e, MC_MALFORMED,
		    "signed attribute %s has another type than it should", oid);
	text = value->value.asn1_string;
	if (!mc_buf_add(to, ASN1_STRING_get0_data(text),
		(size_t)ASN1_STRING_length(text), e))
		return false;
	*found = true;
	return true;
}

bool
mc_signed_time(const struct mc_signed *s, int64_t *when)
{
	struct mc_err none = MC_ERR_INIT;
	ASN1_TYPE *value;

	if (!attr_get(s, MC_OID_SIGNING_TIME, &value, &none) || !value)
		return false;
	return (value->type == V_ASN1_UTCTIME ||
		   value->type == V_ASN1_GENERALIZEDTIME) &&
	    mc_asn1_time_get(value->value.asn1_string, when);
}

/*
 * By the signer alone, over detached where that is not NULL, into out where
 * that is not NULL.  CMS_NO_SIGNER_CERT_VERIFY is safe only because
 * mc_trust_check() chains this very certificate; NOINTERN keeps the bag out of
 * it.
 */
static bool
verify(const struct mc_signed *s, BIO *detached, BIO *out, struct mc_err *e)
{
	const unsigned flags = CMS_BINARY | CMS_NOINTERN |
	    CMS_NO_SIGNER_CERT_VERIFY;
	AUTO(mc_certs_lent) *signer = sk_X509_new_null();
	X509 *used = NULL;
	bool holds;

	if (!signer || sk_X509_push(signer, s->signer) <= 0)
		return mc_fail_memory(e);
	holds = CMS_verify(s->cms, signer, NULL, detached, out, flags) == 1;
	ERR_clear_error();
	if (!holds)
		return mc_fail(
		    e, MC_ALTERED, "the signature does not match the content");
	CMS_SignerInfo_get0_algs(s->info, NULL, &used, NULL, NULL);
	if (!used || X509_cmp(used, s->signer) != 0)
		return mc_fail(e, MC_INTERNAL,
		    "another certificate was used than was checked");
	return true;
}

bool
mc_signed_content(struct mc_signed *s, struct mc_buf *content, struct mc_err *e)
{
	static const struct mc_buf nothing = MC_BUF_INIT;
	AUTO(BIO) *out = BIO_new(BIO_s_mem());
	AUTO(BIO) *absent = s->facts.content ? NULL : mc_bio_view(&nothing);

	if (!out || (!s->facts.content && !absent))
		return mc_fail_memory(e);
	return verify(s, absent, out, e) && mc_bio_drain(out, content, e);
}

bool
mc_signed_detached_check(
    struct mc_signed *s, const struct mc_buf *content, struct mc_err *e)
{
	AUTO(BIO) *in = mc_bio_view(content);

	if (!in)
		return mc_fail_memory(e);
	if (s->facts.content)
		return mc_fail(e, MC_MALFORMED,
		    "not a detached signature: it has its content in it");
	return mc_gate_content(&s->facts, content, e) && verify(s, in, NULL, e);
}

bool
mc_cms_certs_parse(const struct mc_buf *der, mc_certs *certs, struct mc_err *e)
{
	struct mc_signed_facts facts = { 0 };

	return mc_gate_certs(der, &facts, e) &&
	    mc_gate_bag(&facts, false, certs, e);
}

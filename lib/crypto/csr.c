/* SPDX-License-Identifier: ISC */
#include "crypto/csr.h"

#include <limits.h>

#include "crypto/armor.h"
#include "crypto/ber.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/names.h"

/* RSASSA-PSS has its digest in its parameters; none there is SHA-1. */
static int
pss_digest(const X509_ALGOR *alg)
{
	int type;
	const void *value;
	const ASN1_OBJECT *oid;
	AUTO(RSA_PSS_PARAMS) *pss = NULL;

	X509_ALGOR_get0(NULL, &type, &value, alg);
	if (type == V_ASN1_SEQUENCE)
		pss = ASN1_item_unpack(value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	if (!pss)
		return NID_undef;
	if (!pss->hashAlgorithm)
		return NID_sha1;
	X509_ALGOR_get0(&oid, NULL, NULL, pss->hashAlgorithm);
	return OBJ_obj2nid(oid);
}

/* Possession is proven by a digest that still binds, SHA-1 at the least. */
static bool
digest_check(const X509_REQ *csr, struct mc_err *e)
{
	const X509_ALGOR *alg = NULL;
	int scheme = X509_REQ_get_signature_nid(csr);
	int md = NID_undef;

	X509_REQ_get0_signature(csr, NULL, &alg);
	if (scheme == NID_rsassaPss)
		md = pss_digest(alg);
	else if (OBJ_find_sigid_algs(scheme, &md, NULL) != 1)
		md = NID_undef;
	ERR_clear_error();
	if (md == NID_sha1 || md == NID_sha256 || md == NID_sha384 ||
	    md == NID_sha512)
		return true;
	return mc_fail(e, MC_DENIED,
	    "a request signed with %s; SHA-1, SHA-256, SHA-384 and SHA-512 "
	    "are accepted",
	    OBJ_nid2sn(md != NID_undef ? md : scheme));
}

/* The structure, all of it; no arithmetic with what it holds. */
static bool
structure_parse(const struct mc_buf *der, X509_REQ **out, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(X509_REQ) *csr = NULL;
	struct mc_ber gate;

	mc_ber_init(&gate, der->data, der->len);
	if (!mc_ber_check(&gate, "request", e))
		return false;
	if (der->len > 0 && der->len <= LONG_MAX)
		csr = d2i_X509_REQ(NULL, &p, (long)der->len);
	ERR_clear_error();
	if (!csr)
		return mc_fail(e, MC_MALFORMED, "not a certification request");
	if (p != der->data + der->len)
		return mc_fail(
		    e, MC_MALFORMED, "bytes follow a certification request");
	if (X509_NAME_entry_count(X509_REQ_get_subject_name(csr)) <= 0)
		return mc_fail(e, MC_MALFORMED, "a request without a subject");
	*out = take(&csr);
	return true;
}

static bool
signed_by(X509_REQ *csr, EVP_PKEY *key)
{
	bool holds = X509_REQ_verify(csr, key) == 1;

	ERR_clear_error();
	return holds;
}

bool
mc_csr_parse(const struct mc_buf *der, unsigned min_bits, X509_REQ **out,
    struct mc_err *e)
{
	AUTO(X509_REQ) *csr = NULL;
	EVP_PKEY *key;

	if (!structure_parse(der, &csr, e))
		return false;
	key = X509_REQ_get0_pubkey(csr);
	/* no verdict before the proof, just what verifying it may cost */
	if (!mc_key_check(key, 0, e)) {
		e->code = MC_MALFORMED;
		return false;
	}
	if (!signed_by(csr, key))
		return mc_fail(e, MC_ALTERED,
		    "a request that was not signed by its own key");
	if (!mc_key_check(key, min_bits, e) || !digest_check(csr, e))
		return false;
	*out = take(&csr);
	return true;
}

bool
mc_csr_is_by(const struct mc_buf *der, EVP_PKEY *key)
{
	AUTO(X509_REQ) *csr = NULL;
	struct mc_err unused = MC_ERR_INIT;

	return structure_parse(der, &csr, &unused) &&
	    mc_key_equal(X509_REQ_get0_pubkey(csr), key) && signed_by(csr, key);
}

/* The text types of RFC 2985, and IA5String, which old clients use. */
static const ASN1_STRING *
text_of(const ASN1_TYPE *value)
{
	switch (value ? value->type : V_ASN1_UNDEF) {
	case V_ASN1_PRINTABLESTRING:
	case V_ASN1_UTF8STRING:
	case V_ASN1_T61STRING:
	case V_ASN1_IA5STRING:
	case V_ASN1_BMPSTRING:
	case V_ASN1_UNIVERSALSTRING:
		return value->value.asn1_string;
	default:
		return NULL;
	}
}

bool
mc_csr_challenge(
    const X509_REQ *csr, struct mc_buf *to, bool *found, struct mc_err *e)
{
	const int nid = NID_pkcs9_challengePassword;
	int at = X509_REQ_get_attr_by_NID(csr, nid, -1);
	X509_ATTRIBUTE *attr;
	const ASN1_STRING *text;

	*found = false;
	if (at < 0)
		return true;
	if (X509_REQ_get_attr_by_NID(csr, nid, at) >= 0)
		return mc_fail(e, MC_MALFORMED, "two challengePasswords");
	attr = X509_REQ_get_attr(csr, at);
	if (X509_ATTRIBUTE_count(attr) != 1)
		return mc_fail(
		    e, MC_MALFORMED, "a challengePassword of several values");
	text = text_of(X509_ATTRIBUTE_get0_type(attr, 0));
	if (!text)
		return mc_fail(
		    e, MC_MALFORMED, "a challengePassword that is no text");
	if (!mc_asn1_text(text, to, e))
		return mc_note(e, "challengePassword");
	*found = true;
	return true;
}

/* The extensions that this attribute asks for: one value, every byte of it. */
static bool
extensions_parse(X509_ATTRIBUTE *attr, mc_extensions **out, struct mc_err *e)
{
	const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attr, 0);
	const unsigned char *p;
	AUTO(mc_extensions) *all = NULL;
	long n;

	if (X509_ATTRIBUTE_count(attr) != 1 || !value ||
	    value->type != V_ASN1_SEQUENCE)
		return mc_fail(e, MC_MALFORMED, "an odd extensionRequest");
	p = ASN1_STRING_get0_data(value->value.sequence);
	n = ASN1_STRING_length(value->value.sequence);
	all = (mc_extensions *)ASN1_item_d2i(
	    NULL, &p, n, ASN1_ITEM_rptr(X509_EXTENSIONS));
	ERR_clear_error();
	if (!all ||
	    p !=
		ASN1_STRING_get0_data(value->value.sequence) +
		    ASN1_STRING_length(value->value.sequence))
		return mc_fail(e, MC_MALFORMED, "an odd extensionRequest");
	*out = take(&all);
	return true;
}

static bool
alt_names_parse(X509_EXTENSION *ext, GENERAL_NAMES **out, struct mc_err *e)
{
	const ASN1_OCTET_STRING *data = X509_EXTENSION_get_data(ext);
	const unsigned char *p = ASN1_STRING_get0_data(data);
	const unsigned char *end = p + ASN1_STRING_length(data);
	AUTO(GENERAL_NAMES) *names = d2i_GENERAL_NAMES(
	    NULL, &p, ASN1_STRING_length(data));

	ERR_clear_error();
	if (!names || p != end)
		return mc_fail(e, MC_MALFORMED, "an odd subjectAltName");
	*out = take(&names);
	return true;
}

/* The subjectAltNames of one attribute; *names holds the one there may be. */
static bool
attr_names_get(X509_ATTRIBUTE *attr, GENERAL_NAMES **names, struct mc_err *e)
{
	AUTO(mc_extensions) *all = NULL;

	if (!extensions_parse(attr, &all, e))
		return false;
	for (int at = -1; (at = X509v3_get_ext_by_NID(
			       all, NID_subject_alt_name, at)) >= 0;) {
		if (*names)
			return mc_fail(e, MC_MALFORMED, "two subjectAltNames");
		if (!alt_names_parse(X509v3_get_ext(all, at), names, e))
			return false;
	}
	return true;
}

bool
mc_csr_names(const X509_REQ *csr, struct mc_buf *to, struct mc_err *e)
{
	/* Microsoft's has another OID, and is the same thing */
	static const int asks[] = { NID_ext_req, NID_ms_ext_req };
	AUTO(GENERAL_NAMES) *names = NULL;

	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++)
		for (int at = -1;
		     (at = X509_REQ_get_attr_by_NID(csr, asks[i], at)) >= 0;)
			if (!attr_names_get(
				X509_REQ_get_attr(csr, at), &names, e))
				return mc_note(e, "extensionRequest");
	return !names || mc_names_encode(names, to, e) ||
	    mc_note(e, "subjectAltName");
}

bool
mc_csr_der(const struct mc_buf *file, struct mc_buf *der, struct mc_err *e)
{
	static const char *const labels[] = { PEM_STRING_X509_REQ,
		PEM_STRING_X509_REQ_OLD, NULL };

	return mc_armor_parse(file, labels, "certification request", der, e);
}

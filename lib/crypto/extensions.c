/* SPDX-License-Identifier: ISC */
#include "crypto/extensions.h"

#include <limits.h>

/* RFC 5280 section 4.2.1.2, method 1: an identifier, not a protection. */
static bool
key_id(const X509 *cert, ASN1_OCTET_STRING *to)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	return X509_pubkey_digest(cert, EVP_sha1(), hash, &n) == 1 &&
	    ASN1_OCTET_STRING_set(to, hash, (int)n) == 1;
}

/* This identifier, or where it is NULL what it would be. */
static AUTHORITY_KEYID *
authority_id(const ASN1_OCTET_STRING *id, const X509 *issuer)
{
	AUTO(AUTHORITY_KEYID) *value = AUTHORITY_KEYID_new();

	if (!value)
		return NULL;
	value->keyid = id ? ASN1_OCTET_STRING_dup(id) : ASN1_OCTET_STRING_new();
	if (!value->keyid || (!id && !key_id(issuer, value->keyid)))
		return NULL;
	return take(&value);
}

AUTHORITY_KEYID *
mc_authority_id_new(X509 *issuer)
{
	return authority_id(X509_get0_subject_key_id(issuer), issuer);
}

static bool
add(X509 *cert, int nid, void *value, bool critical, struct mc_err *e)
{
	if (!value)
		return mc_fail_memory(e);
	if (X509_add1_ext_i2d(
		cert, nid, value, critical ? 1 : 0, X509V3_ADD_DEFAULT) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, OBJ_nid2sn(nid));
	return true;
}

static bool
constraints_add(const struct mc_cert_spec *spec, X509 *cert, struct mc_err *e)
{
	AUTO(BASIC_CONSTRAINTS) *value = BASIC_CONSTRAINTS_new();

	if (!value)
		return mc_fail_memory(e);
	value->ca = spec->ca ? 0xff : 0;
	if (spec->ca && spec->path_len >= 0) {
		value->pathlen = ASN1_INTEGER_new();
		if (!value->pathlen ||
		    ASN1_INTEGER_set(value->pathlen, spec->path_len) != 1)
			return mc_fail_memory(e);
	}
	return add(cert, NID_basic_constraints, value, true, e);
}

static bool
usage_add(const struct mc_cert_spec *spec, X509 *cert, struct mc_err *e)
{
	AUTO(ASN1_BIT_STRING) *value = NULL;

	if (!spec->key_usage)
		return true;
	value = mc_key_usage_new(spec->key_usage);
	return add(cert, NID_key_usage, value, true, e);
}

static bool
eku_add(const struct mc_cert_spec *spec, X509 *cert, struct mc_err *e)
{
	AUTO(EXTENDED_KEY_USAGE) *value = NULL;

	if (!spec->eku || !*spec->eku)
		return true;
	value = EXTENDED_KEY_USAGE_new();
	if (!value)
		return mc_fail_memory(e);
	for (const char *const *oid = spec->eku; *oid; oid++) {
		AUTO(ASN1_OBJECT) *obj = OBJ_txt2obj(*oid, 0);

		ERR_clear_error();
		if (!obj)
			return mc_fail(
			    e, MC_USAGE, "%s: no such key purpose", *oid);
		if (sk_ASN1_OBJECT_push(value, obj) <= 0)
			return mc_fail_memory(e);
		(void)take(&obj);
	}
	return add(cert, NID_ext_key_usage, value, false, e);
}

static bool
subject_id_add(X509 *cert, struct mc_err *e)
{
	AUTO(ASN1_OCTET_STRING) *value = ASN1_OCTET_STRING_new();

	if (!value || !key_id(cert, value))
		return mc_fail_ossl(e, MC_INTERNAL, "key identifier");
	return add(cert, NID_subject_key_identifier, value, false, e);
}

static bool
authority_id_add(X509 *cert, X509 *issuer, struct mc_err *e)
{
	/* libcrypto caches what it reads: not of a draft */
	AUTO(AUTHORITY_KEYID) *value = issuer == cert
	    ? authority_id(NULL, cert)
	    : mc_authority_id_new(issuer);

	if (!value)
		return mc_fail_ossl(e, MC_INTERNAL, "key identifier");
	return add(cert, NID_authority_key_identifier, value, false, e);
}

static bool
names_add(const struct mc_cert_spec *spec, X509 *cert, struct mc_err *e)
{
	AUTO(GENERAL_NAMES) *value = NULL;
	bool nameless = X509_NAME_entry_count(spec->subject) == 0;

	if (!spec->names || sk_GENERAL_NAME_num(spec->names) <= 0)
		return !nameless ||
		    mc_fail(e, MC_USAGE,
			"a certificate with neither a subject nor other names");
	value = sk_GENERAL_NAME_deep_copy(
	    spec->names, GENERAL_NAME_dup, GENERAL_NAME_free);
	return add(cert, NID_subject_alt_name, value, nameless, e);
}

/* A uniformResourceIdentifier, or NULL with e set. */
static GENERAL_NAME *
uri_new(const char *url, struct mc_err *e)
{
	AUTO(GENERAL_NAME) *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	if (!name || !text ||
	    ASN1_STRING_set(text, url, (int)strlen(url)) != 1) {
		ASN1_IA5STRING_free(text);
		mc_fail_memory(e);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, GEN_URI, text);
	return take(&name);
}

/* Printable ASCII after a scheme: what IA5String and RFC 3986 agree on. */
static bool
url_check(const char *url, struct mc_err *e)
{
	const char *colon = strchr(url, ':');
	size_t n = strlen(url);
	bool plain = colon && colon > url && colon[1] && n <= INT_MAX;

	for (size_t i = 0; plain && i < n; i++)
		plain = url[i] > ' ' && url[i] <= '~';
	return plain || mc_fail(e, MC_USAGE, "\"%.80s\": not a URL", url);
}

/* One point: its URLs are ways to the same list (section 4.2.1.13). */
static bool
crl_add(const struct mc_cert_spec *spec, X509 *cert, struct mc_err *e)
{
	AUTO(CRL_DIST_POINTS) *value = NULL;
	DIST_POINT *point;

	if (!spec->crl_urls || !*spec->crl_urls)
		return true;
	value = CRL_DIST_POINTS_new();
	point = DIST_POINT_new();
	if (!value || !point || sk_DIST_POINT_push(value, point) <= 0) {
		DIST_POINT_free(point);
		return mc_fail_memory(e);
	}
	point->distpoint = DIST_POINT_NAME_new();
	if (!point->distpoint)
		return mc_fail_memory(e);
	point->distpoint->type = 0;
	point->distpoint->name.fullname = GENERAL_NAMES_new();
	if (!point->distpoint->name.fullname)
		return mc_fail_memory(e);
	for (const char *const *url = spec->crl_urls; *url; url++) {
		AUTO(GENERAL_NAME) *name = NULL;

		if (!url_check(*url, e) || !(name = uri_new(*url, e)))
			return false;
		if (sk_GENERAL_NAME_push(
			point->distpoint->name.fullname, name) <= 0)
			return mc_fail_memory(e);
		(void)take(&name);
	}
	return add(cert, NID_crl_distribution_points, value, false, e);
}

static bool
access_push(AUTHORITY_INFO_ACCESS *to, int method, const char *const *urls,
    struct mc_err *e)
{
	for (; urls && *urls; urls++) {
		ACCESS_DESCRIPTION *way;
		GENERAL_NAME *name;

		if (!url_check(*urls, e) || !(name = uri_new(*urls, e)))
			return false;
		way = ACCESS_DESCRIPTION_new();
		if (!way || sk_ACCESS_DESCRIPTION_push(to, way) <= 0) {
			ACCESS_DESCRIPTION_free(way);
			GENERAL_NAME_free(name);
			return mc_fail_memory(e);
		}
		way->method = OBJ_nid2obj(method);
		GENERAL_NAME_free(way->location);
		way->location = name;
	}
	return true;
}

static bool
access_add(const struct mc_cert_spec *spec, X509 *cert, struct mc_err *e)
{
	AUTO(AUTHORITY_INFO_ACCESS) *value = AUTHORITY_INFO_ACCESS_new();

	if (!value)
		return mc_fail_memory(e);
	if (!access_push(value, NID_ad_OCSP, spec->ocsp_urls, e) ||
	    !access_push(value, NID_ad_ca_issuers, spec->issuer_urls, e))
		return false;
	return sk_ACCESS_DESCRIPTION_num(value) == 0 ||
	    add(cert, NID_info_access, value, false, e);
}

static bool
nocheck_add(const struct mc_cert_spec *spec, X509 *cert, struct mc_err *e)
{
	/* a constant of libcrypto's, which nobody frees */
	return !spec->ocsp_nocheck ||
	    add(cert, NID_id_pkix_OCSP_noCheck, ASN1_NULL_new(), false, e);
}

bool
mc_extensions_add(
    const struct mc_cert_spec *spec, X509 *cert, X509 *issuer, struct mc_err *e)
{
	return constraints_add(spec, cert, e) && usage_add(spec, cert, e) &&
	    eku_add(spec, cert, e) && subject_id_add(cert, e) &&
	    authority_id_add(cert, issuer, e) && names_add(spec, cert, e) &&
	    crl_add(spec, cert, e) && access_add(spec, cert, e) &&
	    nocheck_add(spec, cert, e);
}

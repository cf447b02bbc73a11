/* SPDX-License-Identifier: ISC */
/*
 * Nothing leaves that differs from what was decided: this reads the finished
 * bytes with code that had no part in making them.
 */
#include "ca/job.h"

#include "crypto/names.h"

#define ID_LEN 20 /* SHA-1: RFC 5280 section 4.2.1.2, method 1 */

struct finished {
	X509 *cert;
	const struct mc_cert_spec *spec;
	const char *names;
	int extensions; /* that were looked at */
};

/*
 * The extension's value, of the type that its NID says.  *critical is -1
 * where there is none, -2 where there are two.
 */
static void *
value_get(struct finished *f, int nid, int *critical)
{
	void *value = X509_get_ext_d2i(f->cert, nid, critical, NULL);

	ERR_clear_error();
	f->extensions += *critical >= 0;
	return value;
}

static bool
outer_same(struct finished *f)
{
	const struct mc_cert_spec *s = f->spec;
	AUTO(BIGNUM) *want = BN_bin2bn(s->serial, 16, NULL);
	AUTO(BIGNUM) *has = ASN1_INTEGER_to_BN(
	    X509_get0_serialNumber(f->cert), NULL);

	return X509_get_version(f->cert) == X509_VERSION_3 && want && has &&
	    BN_cmp(want, has) == 0 &&
	    X509_NAME_cmp(X509_get_issuer_name(f->cert),
		X509_get_subject_name(s->issuer)) == 0 &&
	    X509_verify(f->cert, X509_get0_pubkey(s->issuer)) == 1;
}

/* Byte for byte: what compares equal may look different. */
static bool
subject_same(struct finished *f)
{
	const unsigned char *want, *has;
	size_t want_len, has_len;

	return X509_NAME_get0_der(f->spec->subject, &want, &want_len) == 1 &&
	    X509_NAME_get0_der(
		X509_get_subject_name(f->cert), &has, &has_len) == 1 &&
	    want_len == has_len && memcmp(want, has, has_len) == 0;
}

static bool
key_same(struct finished *f)
{
	const EVP_PKEY *key = X509_get0_pubkey(f->cert);

	return key && mc_key_equal(key, f->spec->key);
}

static bool
dates_same(struct finished *f)
{
	struct mc_err unused = MC_ERR_INIT;
	int64_t since, until;

	return mc_cert_validity(f->cert, &since, &until, &unused) &&
	    since == f->spec->not_before && until == f->spec->not_after;
}

static bool
constraints_same(struct finished *f)
{
	int critical;
	AUTO(BASIC_CONSTRAINTS) *has = value_get(
	    f, NID_basic_constraints, &critical);

	return has && critical == 1 && !has->ca && !has->pathlen;
}

static bool
usage_same(struct finished *f)
{
	int critical;
	AUTO(ASN1_BIT_STRING) *has = value_get(f, NID_key_usage, &critical);
	AUTO(ASN1_BIT_STRING) *want = NULL;

	if (!f->spec->key_usage)
		return critical == -1;
	want = mc_key_usage_new(f->spec->key_usage);
	return has && want && critical == 1 &&
	    X509_get_key_usage(f->cert) == f->spec->key_usage &&
	    has->length == want->length &&
	    memcmp(has->data, want->data, (size_t)has->length) == 0;
}

static bool
eku_same(struct finished *f)
{
	int critical, n = 0;
	AUTO(EXTENDED_KEY_USAGE) *has = value_get(
	    f, NID_ext_key_usage, &critical);
	const char *const *want = f->spec->eku;

	for (; want && want[n]; n++) {
		AUTO(ASN1_OBJECT) *purpose = OBJ_txt2obj(want[n], 0);

		if (!has || !purpose || n >= sk_ASN1_OBJECT_num(has) ||
		    OBJ_cmp(purpose, sk_ASN1_OBJECT_value(has, n)) != 0)
			return false;
	}
	return n == 0 ? critical == -1
		      : critical == 0 && sk_ASN1_OBJECT_num(has) == n;
}

static bool
names_same(struct finished *f)
{
	struct mc_err unused = MC_ERR_INIT;
	int critical;
	AUTO(GENERAL_NAMES) *has = value_get(
	    f, NID_subject_alt_name, &critical);
	bool nameless = X509_NAME_entry_count(f->spec->subject) == 0;
	AUTO_BUF text = MC_BUF_INIT;

	if (!f->names)
		return critical == -1 && !nameless;
	return has && critical == nameless &&
	    mc_names_encode(has, &text, &unused) && mc_buf_is(&text, f->names);
}

static bool
uri_is(const GENERAL_NAME *name, const char *want)
{
	const ASN1_STRING *has;

	if (!name || name->type != GEN_URI)
		return false;
	has = name->d.uniformResourceIdentifier;
	return ASN1_STRING_length(has) == (int)strlen(want) &&
	    memcmp(ASN1_STRING_get0_data(has), want, strlen(want)) == 0;
}

/* One point with all of them (RFC 5280 section 4.2.1.13). */
static bool
crl_same(struct finished *f)
{
	int critical, n = 0;
	AUTO(CRL_DIST_POINTS) *has = value_get(
	    f, NID_crl_distribution_points, &critical);
	const char *const *want = f->spec->crl_urls;
	const DIST_POINT *point = has ? sk_DIST_POINT_value(has, 0) : NULL;
	const GENERAL_NAMES *all;

	if (!want || !*want)
		return critical == -1;
	if (critical != 0 || sk_DIST_POINT_num(has) != 1 || !point ||
	    point->reasons || point->CRLissuer || !point->distpoint ||
	    point->distpoint->type)
		return false;
	all = point->distpoint->name.fullname;
	while (want[n] && uri_is(sk_GENERAL_NAME_value(all, n), want[n]))
		n++;
	return !want[n] && sk_GENERAL_NAME_num(all) == n;
}

/* Those of one method, in their order; how many. */
static bool
access_follows(
    AUTHORITY_INFO_ACCESS *has, int method, const char *const *want, int *at)
{
	for (; want && *want; want++, ++*at) {
		const ACCESS_DESCRIPTION *way = sk_ACCESS_DESCRIPTION_value(
		    has, *at);

		if (!way || OBJ_obj2nid(way->method) != method ||
		    !uri_is(way->location, *want))
			return false;
	}
	return true;
}

static bool
access_same(struct finished *f)
{
	int critical, n = 0;
	AUTO(AUTHORITY_INFO_ACCESS) *has = value_get(
	    f, NID_info_access, &critical);

	if (!access_follows(has, NID_ad_OCSP, f->spec->ocsp_urls, &n) ||
	    !access_follows(has, NID_ad_ca_issuers, f->spec->issuer_urls, &n))
		return false;
	return n == 0 ? critical == -1
		      : critical == 0 && sk_ACCESS_DESCRIPTION_num(has) == n;
}

static bool
id_is(const ASN1_OCTET_STRING *has, X509 *of)
{
	const ASN1_OCTET_STRING *own = X509_get0_subject_key_id(of);
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	/* an issuer that was imported may have chosen another identifier */
	if (own)
		return has && ASN1_OCTET_STRING_cmp(has, own) == 0;
	return has && X509_pubkey_digest(of, EVP_sha1(), hash, &n) == 1 &&
	    ASN1_STRING_length(has) == (int)n &&
	    memcmp(ASN1_STRING_get0_data(has), hash, n) == 0;
}

static bool
ids_same(struct finished *f)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int of_key, of_issuer;
	AUTO(ASN1_OCTET_STRING) *key = value_get(
	    f, NID_subject_key_identifier, &of_key);
	AUTO(AUTHORITY_KEYID) *issuer = value_get(
	    f, NID_authority_key_identifier, &of_issuer);

	return key && of_key == 0 && ASN1_STRING_length(key) == ID_LEN &&
	    X509_pubkey_digest(f->cert, EVP_sha1(), hash, &n) == 1 &&
	    n == ID_LEN &&
	    memcmp(ASN1_STRING_get0_data(key), hash, ID_LEN) == 0 && issuer &&
	    of_issuer == 0 && !issuer->issuer && !issuer->serial &&
	    id_is(issuer->keyid, f->spec->issuer);
}

/* Last of all: nothing is there that was not looked at. */
static bool
nothing_else(struct finished *f)
{
	return X509_get_ext_count(f->cert) == f->extensions;
}

bool
mc_job_compare(const struct mc_buf *der, const struct mc_cert_spec *spec,
    const char *names, struct mc_err *e)
{
	static const struct {
		bool (*same)(struct finished *f);
		const char *what;
	} rules[] = {
		{ outer_same, "version, serial number or issuer" },
		{ subject_same, "subject" },
		{ key_same, "key" },
		{ dates_same, "validity" },
		{ constraints_same, "basicConstraints" },
		{ usage_same, "keyUsage" },
		{ eku_same, "extKeyUsage" },
		{ names_same, "subjectAltName" },
		{ crl_same, "cRLDistributionPoints" },
		{ access_same, "authorityInfoAccess" },
		{ ids_same, "key identifiers" },
		{ nothing_else, "an extension" },
	};
	AUTO(X509) *cert = NULL;
	struct finished f = { .spec = spec, .names = names };

	if (!mc_cert_parse(der->data, der->len, &cert, e))
		return false;
	f.cert = cert;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		bool same = rules[i].same(&f);

		ERR_clear_error();
		if (!same)
			return mc_fail(e, MC_INTERNAL,
			    "the certificate differs from what was decided: %s",
			    rules[i].what);
	}
	return true;
}

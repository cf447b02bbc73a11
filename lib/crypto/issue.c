/* SPDX-License-Identifier: ISC */
#include "crypto/cert.h"
#include "crypto/key.h"

/* Chosen values of a new certificate: its spec, with the defaults filled in. */
struct draft {
	const struct mc_cert_spec *spec;
	X509 *cert;
	X509 *issuer; /* cert itself where self-signed */
};

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
serial_set(const struct draft *d, struct mc_err *e)
{
	uint8_t raw[16];
	AUTO(BIGNUM) *n = NULL;

	if (d->spec->serial)
		memcpy(raw, d->spec->serial, sizeof(raw));
	else if (!mc_cert_serial_new(raw, e))
		return false;
	n = BN_bin2bn(raw, sizeof(raw), NULL);
	if (!n || !BN_to_ASN1_INTEGER(n, X509_get_serialNumber(d->cert)))
		return mc_fail_ossl(e, MC_INTERNAL, "serial number");
	return true;
}

/* ASN1_TIME_set() makes it a GeneralizedTime from 2050 on. */
static bool
times_set(X509 *cert, int64_t from, int64_t to, struct mc_err *e)
{
	AUTO(ASN1_TIME) *before = ASN1_TIME_set(NULL, (time_t)from);
	AUTO(ASN1_TIME) *after = ASN1_TIME_set(NULL, (time_t)to);

	if (!before || !after || X509_set1_notBefore(cert, before) != 1 ||
	    X509_set1_notAfter(cert, after) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "validity");
	return true;
}

static bool
validity_set(const struct draft *d, struct mc_err *e)
{
	int64_t from = d->spec->not_before;
	int64_t to = d->spec->not_after;
	int64_t since;
	int64_t until;

	if (d->spec->issuer) {
		if (!mc_cert_validity(d->spec->issuer, &since, &until, e))
			return false;
		to = to < until ? to : until;
	}
	if (from >= to)
		return mc_fail(e, MC_USAGE,
		    "a certificate that ends before it begins; has its "
		    "issuer's expired?");
	return times_set(d->cert, from, to, e);
}

static bool
names_set(const struct draft *d, struct mc_err *e)
{
	const X509_NAME *issuer = d->spec->issuer
	    ? X509_get_subject_name(d->spec->issuer)
	    : d->spec->subject;

	if (X509_set_version(d->cert, X509_VERSION_3) != 1 ||
	    X509_set_subject_name(d->cert, d->spec->subject) != 1 ||
	    X509_set_issuer_name(d->cert, issuer) != 1 ||
	    X509_set_pubkey(d->cert, d->spec->key) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "new certificate");
	return true;
}

static bool
constraints_add(const struct draft *d, struct mc_err *e)
{
	AUTO(BASIC_CONSTRAINTS) *value = BASIC_CONSTRAINTS_new();

	if (!value)
		return mc_fail_memory(e);
	value->ca = d->spec->ca ? 0xff : 0;
	if (d->spec->ca && d->spec->path_len >= 0) {
		value->pathlen = ASN1_INTEGER_new();
		if (!value->pathlen ||
		    ASN1_INTEGER_set(value->pathlen, d->spec->path_len) != 1)
			return mc_fail_memory(e);
	}
	return add(d->cert, NID_basic_constraints, value, true, e);
}

static bool
usage_add(const struct draft *d, struct mc_err *e)
{
	AUTO(ASN1_BIT_STRING) *value = NULL;

	if (!d->spec->key_usage)
		return true;
	value = mc_key_usage_new(d->spec->key_usage);
	return add(d->cert, NID_key_usage, value, true, e);
}

static bool
eku_add(const struct draft *d, struct mc_err *e)
{
	AUTO(EXTENDED_KEY_USAGE) *value = NULL;

	if (!d->spec->eku || !*d->spec->eku)
		return true;
	value = EXTENDED_KEY_USAGE_new();
	if (!value)
		return mc_fail_memory(e);
	for (const char *const *oid = d->spec->eku; *oid; oid++) {
		AUTO(ASN1_OBJECT) *obj = OBJ_txt2obj(*oid, 0);

		ERR_clear_error();
		if (!obj)
			return mc_fail(
			    e, MC_USAGE, "%s: no such key purpose", *oid);
		if (sk_ASN1_OBJECT_push(value, obj) <= 0)
			return mc_fail_memory(e);
		(void)take(&obj);
	}
	return add(d->cert, NID_ext_key_usage, value, false, e);
}

/* RFC 5280 section 4.2.1.2, method 1: an identifier, not a protection. */
static bool
key_id(const X509 *cert, ASN1_OCTET_STRING *to, struct mc_err *e)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (X509_pubkey_digest(cert, EVP_sha1(), hash, &n) != 1 ||
	    ASN1_OCTET_STRING_set(to, hash, (int)n) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "key identifier");
	return true;
}

static bool
subject_id_add(const struct draft *d, struct mc_err *e)
{
	AUTO(ASN1_OCTET_STRING) *value = ASN1_OCTET_STRING_new();

	if (!value)
		return mc_fail_memory(e);
	return key_id(d->cert, value, e) &&
	    add(d->cert, NID_subject_key_identifier, value, false, e);
}

static bool
authority_id_add(const struct draft *d, struct mc_err *e)
{
	AUTO(AUTHORITY_KEYID) *value = AUTHORITY_KEYID_new();
	const ASN1_OCTET_STRING *id = d->issuer == d->cert
	    ? NULL
	    : X509_get0_subject_key_id(d->issuer);

	if (!value)
		return mc_fail_memory(e);
	value->keyid = id ? ASN1_OCTET_STRING_dup(id) : ASN1_OCTET_STRING_new();
	if (!value->keyid)
		return mc_fail_memory(e);
	return (id || key_id(d->issuer, value->keyid, e)) &&
	    add(d->cert, NID_authority_key_identifier, value, false, e);
}

static bool
sign(const struct draft *d, struct mc_err *e)
{
	/* the length of the signature, 0 for failure */
	if (X509_sign(d->cert, d->spec->issuer_key, EVP_sha256()) <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "signing a certificate");
	return true;
}

/* What goes out is what a reader of the bytes sees, its signature checked. */
static bool
reread(const struct draft *d, X509 **out, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;

	if (!mc_cert_encode(d->cert, &der, e) ||
	    !mc_cert_parse(der.data, der.len, &cert, e))
		return false;
	if (X509_verify(cert, d->spec->issuer_key) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "a new certificate");
	*out = take(&cert);
	return true;
}

bool
mc_cert_issue(const struct mc_cert_spec *spec, X509 **out, struct mc_err *e)
{
	AUTO(X509) *cert = X509_new();
	struct draft d = { spec, cert, spec->issuer ? spec->issuer : cert };

	if (!cert)
		return mc_fail_memory(e);
	if (!mc_key_equal(spec->issuer_key,
		spec->issuer ? X509_get0_pubkey(spec->issuer) : spec->key))
		return mc_fail(
		    e, MC_USAGE, "the key is not the issuing certificate's");
	return serial_set(&d, e) && names_set(&d, e) && validity_set(&d, e) &&
	    constraints_add(&d, e) && usage_add(&d, e) && eku_add(&d, e) &&
	    subject_id_add(&d, e) && authority_id_add(&d, e) && sign(&d, e) &&
	    reread(&d, out, e);
}

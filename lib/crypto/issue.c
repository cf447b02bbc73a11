/* SPDX-License-Identifier: ISC */
#include "crypto/cert.h"

#include "crypto/extensions.h"
#include "crypto/key.h"

/* Chosen values of a new certificate: its spec, with the defaults filled in. */
struct draft {
	const struct mc_cert_spec *spec;
	X509 *cert;
	X509 *issuer; /* cert itself where self-signed */
};

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

/* RFC 5280 section 4.1.2: what signs certificates has a name. */
static bool
names_set(const struct draft *d, struct mc_err *e)
{
	const X509_NAME *issuer = d->spec->issuer
	    ? X509_get_subject_name(d->spec->issuer)
	    : d->spec->subject;

	if (X509_NAME_entry_count(issuer) == 0 ||
	    (d->spec->ca && X509_NAME_entry_count(d->spec->subject) == 0))
		return mc_fail(e, MC_USAGE, "an authority without a subject");
	if (X509_set_version(d->cert, X509_VERSION_3) != 1 ||
	    X509_set_subject_name(d->cert, d->spec->subject) != 1 ||
	    X509_set_issuer_name(d->cert, issuer) != 1 ||
	    X509_set_pubkey(d->cert, d->spec->key) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "new certificate");
	return true;
}

static bool
sign(const struct draft *d, struct mc_err *e)
{
	const EVP_MD *md = mc_sign_md(d->spec->issuer_key);

	if (!md)
		return mc_fail(e, MC_USAGE,
		    "a key that is neither RSA nor EC signs nothing here");
	/* the length of the signature, 0 for failure */
	if (X509_sign(d->cert, d->spec->issuer_key, md) <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "signing a certificate");
	return true;
}

/*
 * What goes out is what a reader of the bytes sees, its signature checked: by
 * the certified public key, and not by the token that made it.
 */
static bool
reread(const struct draft *d, X509 **out, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;

	if (!mc_cert_encode(d->cert, &der, e) ||
	    !mc_cert_parse(der.data, der.len, &cert, e))
		return false;
	if (X509_verify(cert,
		X509_get0_pubkey(d->spec->issuer ? d->spec->issuer : cert)) !=
	    1)
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
	    mc_extensions_add(spec, cert, d.issuer, e) && sign(&d, e) &&
	    reread(&d, out, e);
}

/* SPDX-License-Identifier: ISC */
#include "ca/row.h"

#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/names.h"

static bool
keep(const char *text, char **out, struct mc_err *e)
{
	*out = strdup(text);
	return *out || mc_fail_memory(e);
}

static bool
subject_get(const X509 *cert, char **out, struct mc_err *e)
{
	const X509_NAME *name = X509_get_subject_name(cert);
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err odd = MC_ERR_INIT;
	char shown[MC_NAME_TEXT];

	if (mc_name_encode(name, &text, &odd))
		return keep(mc_buf_str(&text), out, e);
	return keep(mc_name_show(name, shown), out, e);
}

static bool
names_get(const X509 *cert, char **out, struct mc_err *e)
{
	int where = -1;
	AUTO(GENERAL_NAMES) *names = X509_get_ext_d2i(
	    cert, NID_subject_alt_name, &where, NULL);
	AUTO_BUF text = MC_BUF_INIT;

	ERR_clear_error();
	if (!names && where == -1)
		return true;
	if (!names)
		return mc_fail(
		    e, MC_MALFORMED, "subjectAltName: cannot be read");
	if (!mc_names_encode(names, &text, e))
		return mc_note(e, "subjectAltName");
	return keep(mc_buf_str(&text), out, e);
}

/* As OpenSSL writes such a key, whoever has written this one. */
static bool
is_plain(X509_PUBKEY *spki)
{
	const unsigned char *bits;
	ASN1_OBJECT *kind;
	X509_ALGOR *algorithm;
	int parameters;
	int n;

	if (X509_PUBKEY_get0_param(&kind, &bits, &n, &algorithm, spki) != 1)
		return false;
	X509_ALGOR_get0(NULL, &parameters, NULL, algorithm);
	switch (OBJ_obj2nid(kind)) {
	case NID_rsaEncryption:
		return parameters == V_ASN1_NULL;
	case NID_X9_62_id_ecPublicKey:
		return parameters == V_ASN1_OBJECT && n > 0 &&
		    *bits == POINT_CONVERSION_UNCOMPRESSED;
	default:
		return false;
	}
}

/*
 * What mc_key_sha256() says of its key, from the bytes that are there: to
 * encode a key takes longer than to verify a signature, and imports and audits
 * do it for each certificate.
 */
static bool
key_sha256(X509 *cert, const EVP_PKEY *key, char out[static MC_SHA256_HEX],
    struct mc_err *e)
{
	X509_PUBKEY *spki = X509_get_X509_PUBKEY(cert);
	unsigned char *der = NULL;
	bool done;
	int n;

	if (!is_plain(spki))
		return mc_key_sha256(key, out, e);
	n = i2d_X509_PUBKEY(spki, &der);
	if (n <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "public key");
	done = mc_sha256_hex(der, (size_t)n, out, e);
	OPENSSL_free(der);
	return done;
}

bool
mc_ca_row_parse(X509 *cert, struct mc_certificate *out, struct mc_err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);

	if (!key) {
		ERR_clear_error();
		return mc_fail(e, MC_MALFORMED, "a key that cannot be read");
	}
	return mc_cert_serial(cert, out->serial, e) &&
	    mc_cert_validity(cert, &out->not_before, &out->not_after, e) &&
	    key_sha256(cert, key, out->key, e) &&
	    subject_get(cert, &out->subject, e) &&
	    names_get(cert, &out->names, e);
}

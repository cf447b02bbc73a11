/* SPDX-License-Identifier: ISC */
#include "crypto/look.h"

#include "crypto/ber.h"
#include "crypto/cert.h"
#include "crypto/pem.h"

static const struct mc_oid pkcs7_signed = { 9,
	{ 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 } };

static void
look_at_digest(const X509 *cert, struct mc_cert_look *out)
{
	int md = NID_undef;
	int key;

	/* of EdDSA there is none to name */
	if (!OBJ_find_sigid_algs(X509_get_signature_nid(cert), &md, &key) ||
	    md == NID_undef)
		return;
	snprintf(out->digest, sizeof(out->digest), "%s", OBJ_nid2sn(md));
	out->weak_digest = md == NID_sha1 || md == NID_md5 || md == NID_md4 ||
	    md == NID_md2 || md == NID_sha;
}

bool
mc_cert_look_init(struct mc_cert_look *out, const X509 *cert, struct mc_err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	AUTO(BASIC_CONSTRAINTS) *basic = X509_get_ext_d2i(
	    cert, NID_basic_constraints, NULL, NULL);

	*out = (struct mc_cert_look){ 0 };
	if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
		out->rsa_bits = (unsigned)EVP_PKEY_get_bits(key);
	look_at_digest(cert, out);
	out->self_issued = X509_NAME_cmp(X509_get_subject_name(cert),
			       X509_get_issuer_name(cert)) == 0;
	out->ca = basic ? basic->ca : X509_get_version(cert) == 0;
	ERR_clear_error();
	return mc_cert_validity(cert, &out->not_before, &out->not_after, e);
}

const char *
mc_blob_name(enum mc_blob kind)
{
	switch (kind) {
	case MC_BLOB_EMPTY:
		return "empty";
	case MC_BLOB_CERT:
		return "a certificate";
	case MC_BLOB_PKCS7:
		return "PKCS #7, a bundle of certificates or a signed message";
	case MC_BLOB_PKCS12:
		return "PKCS #12, an identity with its private key";
	case MC_BLOB_KEY:
		return "a private key";
	case MC_BLOB_PUBLIC_KEY:
		return "a public key alone";
	case MC_BLOB_REQUEST:
		return "a certificate request";
	case MC_BLOB_CRL:
		return "a revocation list";
	case MC_BLOB_UNKNOWN:
		break;
	}
	return "something else";
}

void
mc_blob_look_clear(struct mc_blob_look *b)
{
	X509_free(b->cert);
	*b = (struct mc_blob_look){ 0 };
}

/* PrivateKeyInfo, RSAPrivateKey, ECPrivateKey: a small version, then ... */
static enum mc_blob
numbered(unsigned version, struct mc_ber *rest)
{
	if (version == 3)
		return MC_BLOB_PKCS12;
	if (version == 1 && mc_ber_is(rest, MC_BER_OCTETS))
		return MC_BLOB_KEY;
	if (version <= 1 &&
	    (mc_ber_is(rest, MC_BER_INTEGER) ||
		mc_ber_is(rest, MC_BER_SEQUENCE)))
		return MC_BLOB_KEY;
	return MC_BLOB_UNKNOWN;
}

/* A SubjectPublicKeyInfo: an algorithm and a BIT STRING. */
static bool
is_public_key(const struct mc_ber *body)
{
	struct mc_err none = MC_ERR_INIT;
	struct mc_ber b = *body;
	struct mc_ber_item item;

	return mc_ber_expect(&b, MC_BER_SEQUENCE, "", NULL, &none) &&
	    mc_ber_next(&b, "", &item, &none) && item.tag == 0x03 &&
	    mc_ber_done(&b);
}

/* By its outer structure. */
static enum mc_blob
der_kind(const struct mc_buf *der)
{
	struct mc_err none = MC_ERR_INIT;
	struct mc_ber body, first;
	unsigned version;

	if (!mc_ber_sequence_parse(der, "", &body, &none))
		return MC_BLOB_UNKNOWN;
	if (mc_ber_is(&body, MC_BER_OID))
		return mc_ber_expect(&body, MC_BER_OID, "", &first, &none) &&
			mc_oid_equal(&first, &pkcs7_signed)
		    ? MC_BLOB_PKCS7
		    : MC_BLOB_UNKNOWN;
	if (mc_ber_is(&body, MC_BER_INTEGER))
		return mc_ber_uint(&body, "", &version, &none)
		    ? numbered(version, &body)
		    : MC_BLOB_UNKNOWN;
	return is_public_key(&body) ? MC_BLOB_PUBLIC_KEY : MC_BLOB_UNKNOWN;
}

/* A certificate, a request and a revocation list look alike from outside. */
static enum mc_blob
der_signed_kind(const struct mc_buf *der)
{
	const unsigned char *p = der->data;
	AUTO(X509_REQ) *csr = d2i_X509_REQ(NULL, &p, (long)der->len);
	AUTO(X509_CRL) *crl = NULL;

	p = der->data;
	crl = d2i_X509_CRL(NULL, &p, (long)der->len);
	ERR_clear_error();
	return csr ? MC_BLOB_REQUEST : crl ? MC_BLOB_CRL : MC_BLOB_UNKNOWN;
}

static void
look_at_der(const struct mc_buf *der, struct mc_blob_look *out)
{
	struct mc_err none = MC_ERR_INIT;

	out->kind = der_kind(der);
	out->key = out->kind == MC_BLOB_KEY || out->kind == MC_BLOB_PKCS12;
	if (out->kind != MC_BLOB_UNKNOWN)
		return;
	if (mc_cert_parse(der->data, der->len, &out->cert, &none)) {
		out->kind = MC_BLOB_CERT;
		out->certs = 1;
	} else {
		out->kind = der_signed_kind(der);
	}
	ERR_clear_error();
}

static enum mc_blob
label_kind(const char *label)
{
	static const struct {
		const char *word;
		enum mc_blob kind;
	} labels[] = { { "PRIVATE KEY", MC_BLOB_KEY },
		{ "PUBLIC KEY", MC_BLOB_PUBLIC_KEY },
		{ "CERTIFICATE REQUEST", MC_BLOB_REQUEST },
		{ "X509 CRL", MC_BLOB_CRL }, { "PKCS7", MC_BLOB_PKCS7 },
		{ "CMS", MC_BLOB_PKCS7 } };

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (strstr(label, labels[i].word))
			return labels[i].kind;
	return MC_BLOB_UNKNOWN;
}

static void
look_at_block(const struct mc_pem_block *b, struct mc_blob_look *out)
{
	struct mc_err none = MC_ERR_INIT;
	enum mc_blob kind = label_kind(b->label);

	out->pem = true;
	if (mc_pem_block_is_cert(b)) {
		kind = MC_BLOB_UNKNOWN;
		if (out->cert ||
		    mc_cert_parse(b->data, (size_t)b->len, &out->cert, &none)) {
			kind = MC_BLOB_CERT;
			out->certs++;
		}
		ERR_clear_error();
	}
	out->key |= kind == MC_BLOB_KEY;
	if (out->kind == MC_BLOB_UNKNOWN)
		out->kind = kind;
}

static bool
look_at_pem(const struct mc_buf *text, struct mc_blob_look *out)
{
	AUTO(BIO) *in = mc_bio_view(text);
	struct mc_err none = MC_ERR_INIT;
	bool more = in != NULL;

	while (more) {
		AUTO_PEM_BLOCK b = { 0 };

		if (!mc_pem_block_next(in, &b, &more, &none))
			break;
		if (more)
			look_at_block(&b, out);
	}
	return in != NULL;
}

bool
mc_blob_look_parse(
    const struct mc_buf *bytes, struct mc_blob_look *out, struct mc_err *e)
{
	*out = (struct mc_blob_look){ 0 };
	if (bytes->len == 0) {
		out->kind = MC_BLOB_EMPTY;
		return true;
	}
	if (bytes->data[0] == MC_BER_SEQUENCE) {
		look_at_der(bytes, out);
		return true;
	}
	return look_at_pem(bytes, out) || mc_fail_memory(e);
}

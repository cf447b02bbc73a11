/* SPDX-License-Identifier: ISC */
/* The client's half of a request: what it asks for, and how. */
#include "scep/scep.h"

#include <limits.h>
#include <stdio.h>

#include "scep/attr.h"

static bool
name_add(struct mc_buf *to, const X509_NAME *name, struct mc_err *e)
{
	unsigned char *der = NULL;

	return mc_der_take(
	    &der, i2d_X509_NAME(name, &der), "name to DER", to, e);
}

/* The body of a SEQUENCE with its header. */
static bool
sequence_add(struct mc_buf *to, const struct mc_buf *body, struct mc_err *e)
{
	uint8_t header[16];
	unsigned char *p = header;

	if (body->len > INT_MAX / 2)
		return mc_fail(e, MC_INTERNAL, "a SEQUENCE too long");
	ASN1_put_object(
	    &p, 1, (int)body->len, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
	return mc_buf_add(to, header, (size_t)(p - header), e) &&
	    mc_buf_add(to, body->data, body->len, e);
}

bool
mc_scep_id_encode(const X509 *cert, struct mc_buf *der, struct mc_err *e)
{
	AUTO_BUF body = MC_BUF_INIT;
	const ASN1_INTEGER *number = X509_get0_serialNumber(cert);
	unsigned char *serial = NULL;

	return name_add(&body, X509_get_issuer_name(cert), e) &&
	    mc_der_take(&serial, i2d_ASN1_INTEGER(number, &serial),
		"serial number to DER", &body, e) &&
	    sequence_add(der, &body, e);
}

bool
mc_scep_poll_encode(const X509_NAME *issuer, const X509_NAME *subject,
    struct mc_buf *der, struct mc_err *e)
{
	AUTO_BUF body = MC_BUF_INIT;

	return name_add(&body, issuer, e) && name_add(&body, subject, e) &&
	    sequence_add(der, &body, e);
}

bool
mc_scep_request_encode(
    const struct mc_scep_ask *ask, struct mc_buf *msg, struct mc_err *e)
{
	AUTO_BUF envelope = MC_BUF_INIT;
	char type[4];
	const struct mc_cms_attr attrs[] = {
		{ MC_OID_MESSAGE_TYPE, V_ASN1_PRINTABLESTRING, type,
		    (size_t)snprintf(
			type, sizeof(type), "%u", (unsigned)ask->type % 100) },
		mc_scep_attr_text(MC_OID_TRANSACTION, V_ASN1_PRINTABLESTRING,
		    ask->transaction),
		{ MC_OID_SENDER_NONCE, V_ASN1_OCTET_STRING, ask->nonce,
		    MC_SCEP_NONCE },
		{ 0 },
	};
	const struct mc_cms_sign_spec spec = { .cert = ask->signer,
		.key = ask->signer_key,
		.md = ask->md,
		.attrs = attrs };
	const bool by_password = ask->seal_with_password;
	const struct mc_seal_spec seal = { .cipher = ask->cipher,
		.certs = by_password ? NULL : ask->recipients,
		.oaep = by_password ? NULL : ask->oaep,
		.password = by_password ? ask->password : NULL };

	return (mc_envelope_seal_spec(ask->content, &seal, &envelope, e) &&
		   mc_cms_sign(&spec, &envelope, msg, e)) ||
	    mc_note(e, "pkiMessage");
}

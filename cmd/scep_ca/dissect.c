/* SPDX-License-Identifier: ISC */
#include "scep_ca/dissect.h"

#include <limits.h>
#include <stdio.h>

#include "base/time.h"
#include "scep/attr.h"

/* Signed attributes that a SCEP message may have, and where RFC 8894 says so.
 */
static const struct {
	const char *oid;
	const char *name;
	const char *section;
} attributes[] = {
	{ MC_OID_MESSAGE_TYPE, "messageType", "3.2.1.2" },
	{ MC_OID_PKI_STATUS, "pkiStatus", "3.2.1.3" },
	{ MC_OID_FAIL_INFO, "failInfo", "3.2.1.4" },
	{ MC_OID_FAIL_INFO_TEXT, "failInfoText", "3.2.1.4.1" },
	{ MC_OID_SENDER_NONCE, "senderNonce", "3.2.1.5" },
	{ MC_OID_RECIPIENT_NONCE, "recipientNonce", "3.2.1.5" },
	{ MC_OID_TRANSACTION, "transactionID", "3.2.1.1" },
	{ MC_OID_SIGNING_TIME, "signingTime", "" },
	{ "1.2.840.113549.1.9.3", "contentType", "3.2" },
	{ "1.2.840.113549.1.9.4", "messageDigest", "3.2" },
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char *
status_name(int status)
{
	switch (status) {
	case MC_SCEP_SUCCESS:
		return "SUCCESS";
	case MC_SCEP_FAILURE:
		return "FAILURE";
	case MC_SCEP_PENDING:
		return "PENDING";
	default:
		return "none of RFC 8894's";
	}
}

/* What a number stands for; NULL for attributes that are no number. */
static const char *
meaning(const char *oid, int n)
{
	const char *name = NULL;

	if (strcmp(oid, MC_OID_MESSAGE_TYPE) == 0)
		name = mc_scep_type_name(n);
	else if (strcmp(oid, MC_OID_PKI_STATUS) == 0)
		return status_name(n);
	else if (strcmp(oid, MC_OID_FAIL_INFO) == 0)
		name = mc_scep_fail_name(n);
	else
		return NULL;
	return name ? name : "none of RFC 8894's";
}

/* As ASN.1 spells the types that clients take for a PrintableString. */
static const char *
string_name(int type)
{
	return type == V_ASN1_UTF8STRING ? "a UTF8String" : "an IA5String";
}

/* The value of one attribute, as far as its type has a form for people. */
static void
value_row(struct mc_rows *r, const char *label, const char *section,
    const char *oid, const ASN1_TYPE *value)
{
	const int type = ASN1_TYPE_get(value);
	const bool right = strcmp(oid, MC_OID_FAIL_INFO_TEXT) == 0
	    ? type == V_ASN1_UTF8STRING
	    : type == V_ASN1_PRINTABLESTRING;
	const ASN1_STRING *s = value->value.asn1_string;
	struct mc_buf lent = { 0 }; /* not to be cleared */
	char hex[MC_ROW_HEX];
	char time[MC_TIME_TEXT];
	const char *what;
	int64_t when;

	switch (type) {
	case V_ASN1_PRINTABLESTRING:
	case V_ASN1_UTF8STRING:
	case V_ASN1_IA5STRING:
		lent.len = (size_t)ASN1_STRING_length(s);
		lent.data = s->data;
		what = meaning(oid, mc_scep_number_parse(&lent));
		mc_row(r, label, section, "\"%.*s\"%s%s%s%s",
		    ASN1_STRING_length(s), (const char *)s->data,
		    what ? ", " : "", what ? what : "", right ? "" : ", ",
		    right ? "" : string_name(type));
		return;
	case V_ASN1_OCTET_STRING:
		mc_row(r, label, section, "%d octets, %s",
		    ASN1_STRING_length(s),
		    mc_row_hex(s->data, (size_t)ASN1_STRING_length(s), hex));
		return;
	case V_ASN1_UTCTIME:
	case V_ASN1_GENERALIZEDTIME:
		mc_row(r, label, section, "%s",
		    mc_asn1_time_get(s, &when) ? mc_time_format(when, time)
					       : "no time that can be read");
		return;
	case V_ASN1_OBJECT:
		what = OBJ_nid2ln(OBJ_obj2nid(value->value.object));
		mc_row(r, label, section, "%s", what);
		return;
	default:
		mc_row(r, label, section, "of type %s", ASN1_tag2str(type));
	}
}

static void
attribute_row(struct mc_rows *r, X509_ATTRIBUTE *attr)
{
	char oid[80] = "";
	char label[96];
	const char *section = "";
	size_t i = 0;

	(void)OBJ_obj2txt(
	    oid, sizeof(oid), X509_ATTRIBUTE_get0_object(attr), 1);
	while (i < COUNT(attributes) && strcmp(attributes[i].oid, oid) != 0)
		i++;
	snprintf(label, sizeof(label), "  %s",
	    i < COUNT(attributes) ? attributes[i].name : oid);
	if (i < COUNT(attributes))
		section = attributes[i].section;
	if (X509_ATTRIBUTE_count(attr) != 1)
		mc_row(r, label, section, "%d values; one is right",
		    X509_ATTRIBUTE_count(attr));
	for (int n = 0; n < X509_ATTRIBUTE_count(attr) && n < 4; n++)
		value_row(
		    r, label, section, oid, X509_ATTRIBUTE_get0_type(attr, n));
}

/* The gate has let it pass, so libcrypto may list what is in it. */
static void
attribute_rows(struct mc_rows *r, const struct mc_buf *msg)
{
	const unsigned char *p = msg->data;
	AUTO(CMS_ContentInfo) *cms = NULL;
	STACK_OF(CMS_SignerInfo) *infos = NULL;
	CMS_SignerInfo *si;
	int n;

	if (msg->len <= LONG_MAX)
		cms = d2i_CMS_ContentInfo(NULL, &p, (long)msg->len);
	if (cms)
		infos = CMS_get0_SignerInfos(cms);
	if (!infos || sk_CMS_SignerInfo_num(infos) != 1)
		return;
	si = sk_CMS_SignerInfo_value(infos, 0);
	n = CMS_signed_get_attr_count(si);
	mc_row_heading(r, "signed attributes");
	if (n <= 0)
		mc_row(r, "  none", "3.2", "a pkiMessage has them");
	for (int i = 0; i < n; i++)
		attribute_row(r, CMS_signed_get_attr(si, i));
	ERR_clear_error();
}

int
mc_dissect_type(const struct mc_signed *s)
{
	struct mc_err unused = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	bool found;
	int n;

	if (!mc_signed_attr(s, MC_OID_MESSAGE_TYPE, V_ASN1_PRINTABLESTRING,
		&text, &found, &unused) ||
	    !found)
		return 0;
	n = mc_scep_number_parse(&text);
	return n > 0 ? n : 0;
}

void
mc_dissect_signed(
    struct mc_rows *r, const struct mc_buf *msg, struct mc_signed *s)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	bool holds = mc_signed_content(s, &content, &e);

	mc_row_heading(r, "signature");
	mc_row(r, "  digest", "3.2", "%s", mc_signed_digest(s));
	mc_row(r, "  verdict", "3.2", "%s",
	    holds ? "it holds"
		  : "it does not hold: bytes were changed, or "
		    "another key made it");
	mc_row(r, "  content", "3.2", "%s, %zu octets",
	    mc_signed_has_content(s) ? "there" : "absent", content.len);
	mc_row_heading(r, "signer");
	mc_row_cert(r, "  ", mc_signed_signer(s));
	attribute_rows(r, msg);
}

static const char *
cipher_name(enum mc_cipher cipher)
{
	switch (cipher) {
	case MC_AES256_CBC:
		return "AES-256-CBC";
	case MC_AES192_CBC:
		return "AES-192-CBC";
	case MC_AES128_CBC:
		return "AES-128-CBC";
	case MC_DES3_CBC:
		return "DES-EDE3-CBC";
	case MC_DES_CBC:
		return "DES-CBC, broken";
	}
	return "?";
}

void
mc_dissect_envelope(struct mc_rows *r, const struct mc_buf *envelope)
{
	struct mc_envelope_facts f;
	struct mc_err e = MC_ERR_INIT;

	mc_row_heading(r, "envelope");
	if (!mc_envelope_parse(envelope, &f, &e)) {
		mc_row(r, "  stops here", "3.2.2", "%s", e.text);
		return;
	}
	mc_row(r, "  cipher", "3.2.2", "%s", cipher_name(f.cipher));
	mc_row(r, "  recipients", "3.2.2", "%zu", f.recipients);
	switch (f.transport) {
	case MC_TRANSPORT_PKCS1:
		mc_row(r, "  key transport", "3.1", "RSAES-PKCS1-v1_5");
		break;
	case MC_TRANSPORT_OAEP:
		mc_row(r, "  key transport", "3.1", "RSAES-OAEP with %s",
		    f.oaep ? f.oaep : "?");
		break;
	case MC_TRANSPORT_PASSWORD:
		mc_row(r, "  key transport", "3.1",
		    "a password, PBKDF2 of %u iterations", f.iterations);
		break;
	}
}

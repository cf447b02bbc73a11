/* SPDX-License-Identifier: ISC */
/* What is in an envelope, and the certificates around. */
#include "scep_ca/dissect.h"

#include "crypto/ber.h"
#include "crypto/csr.h"
#include "crypto/name.h"

/* Extensions that a request asks for: what they are, not what they say. */
static void
extension_rows(struct mc_rows *r, X509_REQ *csr)
{
	AUTO(mc_extensions) *asked = X509_REQ_get_extensions(csr);
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF names = MC_BUF_INIT;
	char oid[80];

	for (int i = 0; i < sk_X509_EXTENSION_num(asked); i++) {
		X509_EXTENSION *x = sk_X509_EXTENSION_value(asked, i);

		(void)OBJ_obj2txt(
		    oid, sizeof(oid), X509_EXTENSION_get_object(x), 0);
		mc_row(r, "  asks for", "", "%s%s", oid,
		    X509_EXTENSION_get_critical(x) ? ", critical" : "");
	}
	ERR_clear_error();
	if (!mc_csr_names(csr, &names, &e))
		mc_row(r, "  names", "", "%s", e.text);
	else if (names.len > 0)
		mc_row(r, "  names", "", "%s", mc_buf_str(&names));
}

static void
challenge_row(struct mc_rows *r, const X509_REQ *csr)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT;
	bool found = false;

	if (!mc_csr_challenge(csr, &secret, &found, &e))
		mc_row(r, "  challenge", "2.4", "%s", e.text);
	else
		mc_row(r, "  challenge", "2.4", "%s",
		    !found               ? "none"
			: secret.len > 0 ? "there is one, not shown"
					 : "an empty one");
}

void
mc_dissect_csr(struct mc_rows *r, const struct mc_buf *der)
{
	const unsigned char *p = der->data;
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_REQ) *judged = NULL;
	AUTO(X509_REQ) *csr = NULL;
	char name[MC_NAME_TEXT];
	char key[MC_ROW_KEY];

	mc_row_heading(r, "certification request");
	mc_row(r, "  size", "3.3.1", "%zu octets", der->len);
	if (mc_ber_sequence_parse(der, "content", NULL, &e)) {
		csr = d2i_X509_REQ(NULL, &p, (long)der->len);
		ERR_clear_error();
		(void)!mc_csr_parse(der, 0, &judged, &e);
	}
	mc_row(r, "  verdict", "3.3.1", "%s",
	    judged ? "well formed, and signed by its own key" : e.text);
	if (!csr)
		return;
	mc_row(r, "  subject", "3.3.1", "%s",
	    mc_name_show(X509_REQ_get_subject_name(csr), name));
	mc_row(
	    r, "  key", "", "%s", mc_row_key(X509_REQ_get0_pubkey(csr), key));
	mc_row(r, "  signed with", "", "%s",
	    OBJ_nid2ln(X509_REQ_get_signature_nid(csr)));
	challenge_row(r, csr);
	extension_rows(r, csr);
	ERR_clear_error();
}

void
mc_dissect_certs(struct mc_rows *r, const mc_certs *certs)
{
	for (int i = 0; i < sk_X509_num(certs); i++) {
		X509 *cert = sk_X509_value(certs, i);
		const unsigned usage = X509_get_key_usage(cert);

		mc_row_heading(
		    r, X509_check_ca(cert) ? "CA certificate" : "certificate");
		mc_row_cert(r, "  ", cert);
		if (usage == UINT32_MAX)
			mc_row(r, "  may", "2.1.2", "anything: no keyUsage");
		else
			mc_row(r, "  may", "2.1.2", "%s%s%s",
			    usage & KU_DIGITAL_SIGNATURE ? "sign, " : "",
			    usage & KU_KEY_ENCIPHERMENT
				? "be encrypted to, "
				: "not be encrypted to, ",
			    usage & KU_KEY_CERT_SIGN ? "certify"
						     : "not certify");
		ERR_clear_error();
	}
}

/* SEQUENCE of two: a name, and a name or a number. */
void
mc_dissect_id(struct mc_rows *r, const struct mc_buf *der)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_ber body;
	struct mc_ber_item item;
	char text[MC_NAME_TEXT];
	char hex[MC_ROW_HEX];

	mc_row_heading(r, "what it names");
	if (!mc_ber_sequence_parse(der, "content", &body, &e)) {
		mc_row(r, "  stops here", "3.3.4", "%s", e.text);
		return;
	}
	for (int i = 0; i < 2 && mc_ber_next(&body, "content", &item, &e);
	     i++) {
		const unsigned char *p = item.p;
		AUTO(X509_NAME) *name = NULL;

		if (item.tag == MC_BER_SEQUENCE)
			name = d2i_X509_NAME(NULL, &p, (long)item.len);
		ERR_clear_error();
		if (name)
			mc_row(r, i ? "  subject" : "  issuer",
			    i ? "3.3.3" : "3.3.4", "%s",
			    mc_name_show(name, text));
		else
			mc_row(r, "  serial", "3.3.4", "%s",
			    mc_row_hex(item.body.p, item.body.len, hex));
	}
}

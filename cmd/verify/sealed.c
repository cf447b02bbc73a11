/* SPDX-License-Identifier: ISC */
/* What can be read of an envelope without a key. */
#include "crypto/cert.h"
#include "crypto/envelope_gate.h"
#include "crypto/name.h"
#include "verify/profile.h"

/* Recipients that are told one by one. */
#define RECIPIENTS_MAX 64

/* Who can open it, for people: an issuer and a serial number. */
struct whose {
	char issuer[MC_NAME_TEXT]; /* "": a password's */
	char serial[MC_SERIAL_TEXT];
};

static bool
whose_get(const struct mc_recipient *r, struct whose *out, struct mc_err *e)
{
	const unsigned char *p = r->issuer.p;
	AUTO(X509_NAME) *issuer = NULL;
	AUTO(ASN1_INTEGER) *serial = NULL;

	*out = (struct whose){ 0 };
	if (r->transport == MC_TRANSPORT_PASSWORD)
		return true;
	issuer = d2i_X509_NAME(NULL, &p, (long)r->issuer.len);
	p = r->serial.p;
	serial = d2i_ASN1_INTEGER(NULL, &p, (long)r->serial.len);
	ERR_clear_error();
	if (!issuer || !serial)
		return mc_fail(e, MC_MALFORMED, "a recipient without a name");
	mc_name_show(issuer, out->issuer);
	return mc_serial_encode(serial, out->serial, e);
}

bool
mc_sealed_is(const struct mc_buf *msg)
{
	struct mc_err none = MC_ERR_INIT;
	struct mc_ber body, type;

	return mc_ber_sequence_parse(msg, "", &body, &none) &&
	    mc_ber_is(&body, MC_BER_OID) &&
	    mc_ber_expect(&body, MC_BER_OID, "", &type, &none) &&
	    mc_oid_equal(&type, &mc_oid_enveloped);
}

static bool
whose_describe(const struct whose *w, const char *indent, struct mc_buf *to,
    struct mc_err *e)
{
	if (!*w->issuer)
		return mc_buf_printf(
		    to, e, "%s  whoever has a password\n", indent);
	return mc_buf_printf(to, e, "%s  serial number %s of %s\n", indent,
	    w->serial, w->issuer);
}

bool
mc_sealed_describe(const struct mc_buf *envelope, const char *indent,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_ENVELOPE v = { 0 };
	struct mc_err why = MC_ERR_INIT;
	struct mc_ber set;

	if (!mc_gate_envelope(envelope, &v, &why))
		return mc_buf_printf(
		    to, e, "that cannot be read: %s\n", why.text);
	if (!mc_buf_printf(to, e, "%s, for %zu recipient%s\n",
		mc_ciphers[v.facts.cipher].name, v.facts.recipients,
		v.facts.recipients == 1 ? "" : "s"))
		return false;
	set = v.recipients;
	for (size_t i = 0; i < RECIPIENTS_MAX && !mc_ber_done(&set); i++) {
		AUTO_RECIPIENT r = { 0 };
		struct whose w;

		if (!mc_gate_recipient(&set, &r, &why) ||
		    !whose_get(&r, &w, &why))
			return mc_buf_printf(
			    to, e, "%s  %s\n", indent, why.text);
		if (!whose_describe(&w, indent, to, e))
			return false;
	}
	return mc_ber_done(&set) ||
	    mc_buf_printf(to, e, "%s  and %zu more\n", indent,
		v.facts.recipients - RECIPIENTS_MAX);
}

static bool
recipients_json(const struct mc_envelope *v, json_t *to, struct mc_err *e)
{
	struct mc_ber set = v->recipients;

	for (size_t i = 0; i < RECIPIENTS_MAX && !mc_ber_done(&set); i++) {
		AUTO_RECIPIENT r = { 0 };
		AUTO(json_t) *o = json_object();
		struct whose w;

		if (!mc_gate_recipient(&set, &r, e) || !whose_get(&r, &w, e))
			return false;
		if (!o || !mc_json_set_text(o, "issuer", w.issuer, e) ||
		    !mc_json_set_text(o, "serial", w.serial, e))
			return o ? false : mc_fail_memory(e);
		if (!mc_json_add(to, take(&o), e))
			return false;
	}
	return true;
}

bool
mc_sealed_json(const struct mc_buf *envelope, json_t **out, struct mc_err *e)
{
	AUTO_ENVELOPE v = { 0 };
	struct mc_err why = MC_ERR_INIT;
	AUTO(json_t) *o = json_object();
	AUTO(json_t) *list = json_array();
	bool read = mc_gate_envelope(envelope, &v, &why);

	if (!o || !list)
		return mc_fail_memory(e);
	if (read && !recipients_json(&v, list, &why) &&
	    why.code != MC_MALFORMED) {
		*e = why;
		return false;
	}
	if (!mc_json_set_text(o, "cipher",
		read ? mc_ciphers[v.facts.cipher].name : NULL, e) ||
	    !mc_json_set(o, "recipients", take(&list), e))
		return false;
	*out = take(&o);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "crypto/cms_gate.h"

#define ATTRS_MAX 32

#define PKCS9 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09

static const struct mc_oid content_type = { 9, { PKCS9, 3 } };
static const struct mc_oid message_digest = { 9, { PKCS9, 4 } };

/*
 * Signed attributes that real clients send.  Only the first three and SCEP's
 * mean anything here; the others are signed for and ignored.
 */
static const struct mc_oid attr_oid[] = {
	{ 9, { PKCS9, 3 } },          /* contentType */
	{ 9, { PKCS9, 4 } },          /* messageDigest */
	{ 9, { PKCS9, 5 } },          /* signingTime */
	{ 9, { PKCS9, 15 } },         /* SMIMECapabilities */
	{ 9, { PKCS9, 52 } },         /* CMSAlgorithmProtection */
	{ 11, { PKCS9, 16, 2, 11 } }, /* SMIMEEncryptionKeyPreference */
	{ 11, { PKCS9, 16, 2, 12 } }, /* signingCertificate */
	{ 11, { PKCS9, 16, 2, 47 } }, /* signingCertificateV2 */
	{ 8, { 0x2b, 6, 1, 5, 5, 7, 24, 1 } }, /* SCEP failInfoText */
};

/* Arcs of which all is passed: SCEP's, and Apple's CMS attributes. */
static const struct mc_oid attr_arc[] = {
	{ 9, { 0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x45, 0x01, 0x09 } },
	{ 8, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 0x09 } },
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static bool
is_known_attr(const struct mc_ber *oid)
{
	for (size_t i = 0; i < COUNT(attr_arc); i++)
		if (oid->len > attr_arc[i].len &&
		    memcmp(oid->p, attr_arc[i].b, attr_arc[i].len) == 0)
			return true;
	for (size_t i = 0; i < COUNT(attr_oid); i++)
		if (mc_oid_equal(oid, &attr_oid[i]))
			return true;
	return false;
}

/* What the gate has seen of the signed attributes so far. */
struct attrs {
	struct mc_ber seen[ATTRS_MAX];
	size_t n;
	bool content_type;
	bool message_digest;
};

static bool
attr_once(struct attrs *a, const struct mc_ber *oid, struct mc_err *e)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->seen[i].len == oid->len &&
		    memcmp(a->seen[i].p, oid->p, oid->len) == 0)
			return mc_fail(
			    e, MC_MALFORMED, "a signed attribute comes twice");
	if (a->n == ATTRS_MAX)
		return mc_fail(e, MC_MALFORMED,
		    "more than %d signed attributes", ATTRS_MAX);
	a->seen[a->n++] = *oid;
	return true;
}

/* The content is id-data, so contentType says that it is. */
static bool
content_type_check(struct mc_ber *value, struct mc_err *e)
{
	return mc_ber_oid(value, &mc_oid_data, "contentType", e) &&
	    mc_ber_end(value, "contentType", e);
}

static bool
digest_attr_check(struct mc_ber *value, struct mc_err *e)
{
	return mc_ber_expect(value, MC_BER_OCTETS, "messageDigest", NULL, e) &&
	    mc_ber_end(value, "messageDigest", e);
}

static bool
attr_parse(
    struct mc_ber *b, enum mc_gate gate, struct attrs *a, struct mc_err *e)
{
	static const char what[] = "signed attribute";
	struct mc_ber attr;
	struct mc_ber oid;
	struct mc_ber values;
	struct mc_ber rest;
	struct mc_ber_item one;

	if (!mc_ber_expect(b, MC_BER_SEQUENCE, what, &attr, e) ||
	    !mc_ber_expect(&attr, MC_BER_OID, what, &oid, e) ||
	    !mc_ber_expect(&attr, MC_BER_SET, what, &values, e) ||
	    !mc_ber_end(&attr, what, e) || !attr_once(a, &oid, e))
		return false;
	rest = values;
	if (!mc_ber_next(&rest, "value of a signed attribute", &one, e))
		return false;
	if (mc_oid_equal(&oid, &content_type)) {
		a->content_type = true;
		return content_type_check(&values, e);
	}
	if (mc_oid_equal(&oid, &message_digest)) {
		a->message_digest = true;
		return digest_attr_check(&values, e);
	}
	if (gate != MC_GATE_STRICT)
		return true;
	if (!is_known_attr(&oid))
		return mc_fail(e, MC_MALFORMED, "an unknown signed attribute");
	return mc_ber_end(&rest, "value of a signed attribute", e);
}

bool
mc_gate_attrs(struct mc_ber *body, enum mc_gate gate, struct mc_err *e)
{
	struct attrs a = { .n = 0 };

	while (!mc_ber_done(body))
		if (!attr_parse(body, gate, &a, e))
			return false;
	if (!a.content_type || !a.message_digest)
		return mc_fail(e, MC_MALFORMED, "signed attributes without %s",
		    a.content_type ? "messageDigest" : "contentType");
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "crypto/envelope_gate.h"

#include "crypto/cms_gate.h"

#define NIST_AES 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01

const struct mc_cipher_info mc_ciphers[MC_CIPHERS] = {
	[MC_AES256_CBC] = { "AES-256-CBC", 32, 16 },
	[MC_AES192_CBC] = { "AES-192-CBC", 24, 16 },
	[MC_AES128_CBC] = { "AES-128-CBC", 16, 16 },
	[MC_DES3_CBC] = { "DES-EDE3-CBC", 24, 8 },
	[MC_DES_CBC] = { "DES-CBC", 8, 8 },
};

const struct mc_oid mc_cipher_oid[MC_CIPHERS] = {
	[MC_AES256_CBC] = { 9, { NIST_AES, 0x2a } },
	[MC_AES192_CBC] = { 9, { NIST_AES, 0x16 } },
	[MC_AES128_CBC] = { 9, { NIST_AES, 0x02 } },
	[MC_DES3_CBC] = { 8,
	    { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07 } },
	[MC_DES_CBC] = { 5, { 0x2b, 0x0e, 0x03, 0x02, 0x07 } },
};
const struct mc_oid mc_oid_enveloped = { 9,
	{ 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03 } };

void
mc_envelope_clear(struct mc_envelope *v)
{
	mc_buf_clear(&v->content);
}

/* All of them are readable; what the first one says is a fact. */
static bool
recipients_parse(struct mc_envelope *v, bool *des3, struct mc_err *e)
{
	struct mc_ber set = v->recipients;
	struct mc_envelope_facts *f = &v->facts;

	for (f->recipients = 0; !mc_ber_done(&set); f->recipients++) {
		AUTO_RECIPIENT r = { 0 };

		if (!mc_gate_recipient(&set, &r, e))
			return false;
		*des3 |= r.transport == MC_TRANSPORT_PASSWORD &&
		    r.password.kek == MC_DES3_CBC;
		if (f->recipients > 0)
			continue;
		f->transport = r.transport;
		f->oaep = r.oaep;
		f->iterations = r.password.iterations;
	}
	return f->recipients > 0 ||
	    mc_fail(e, MC_MALFORMED, "recipientInfos: none");
}

/* contentEncryptionAlgorithm: the cipher and its IV. */
static bool
cipher_parse(struct mc_ber *info, struct mc_envelope *v, struct mc_err *e)
{
	static const char what[] = "contentEncryptionAlgorithm";
	struct mc_ber alg;
	struct mc_ber iv;
	size_t which;

	if (!mc_ber_expect(info, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_oid_of(&alg, mc_cipher_oid, MC_CIPHERS, what, &which, e) ||
	    !mc_ber_expect(&alg, MC_BER_OCTETS, "IV", &iv, e) ||
	    !mc_ber_end(&alg, what, e))
		return false;
	v->facts.cipher = (enum mc_cipher)which;
	if (iv.len != mc_ciphers[which].block)
		return mc_fail(e, MC_MALFORMED, "IV: %zu bytes", iv.len);
	memcpy(v->iv, iv.p, iv.len);
	return true;
}

/* EncryptedContentInfo (RFC 5652 section 6.1). */
static bool
content_parse(struct mc_ber *data, struct mc_envelope *v, struct mc_err *e)
{
	static const char what[] = "encryptedContent";
	struct mc_ber info;

	if (!mc_ber_expect(
		data, MC_BER_SEQUENCE, "EncryptedContentInfo", &info, e) ||
	    !mc_ber_oid(
		&info, &mc_oid_data, "EncryptedContentInfo.contentType", e) ||
	    !cipher_parse(&info, v, e) ||
	    !mc_ber_octets(
		&info, MC_BER_CONTEXT_PRIMITIVE(0), what, &v->content, e) ||
	    !mc_ber_end(&info, "EncryptedContentInfo", e))
		return false;
	if (v->content.len == 0 ||
	    v->content.len % mc_ciphers[v->facts.cipher].block)
		return mc_fail(e, MC_MALFORMED, "%s: not whole blocks", what);
	return true;
}

/* ContentInfo, down to the body of EnvelopedData. */
static bool
info_parse(const struct mc_buf *msg, struct mc_ber *data, struct mc_err *e)
{
	struct mc_ber top;
	struct mc_ber info;
	struct mc_ber explicit;

	mc_ber_init(&top, msg->data, msg->len);
	return mc_ber_check(&top, "message", e) &&
	    mc_ber_expect(&top, MC_BER_SEQUENCE, "ContentInfo", &info, e) &&
	    mc_ber_end(&top, "message", e) &&
	    mc_ber_oid(&info, &mc_oid_enveloped, "contentType", e) &&
	    mc_ber_expect(&info, MC_BER_CONTEXT(0), "content", &explicit, e) &&
	    mc_ber_end(&info, "ContentInfo", e) &&
	    mc_ber_expect(
		&explicit, MC_BER_SEQUENCE, "EnvelopedData", data, e) &&
	    mc_ber_end(&explicit, "content", e);
}

/*
 * EnvelopedData with neither originatorInfo nor unprotectedAttrs.  Versions 0
 * to 3 are in use whatever the content.
 *
 * The facts name one cipher, and that is the one a policy looks at: so a key
 * under 3DES is for content under 3DES, or worse.
 */
bool
mc_gate_envelope(
    const struct mc_buf *msg, struct mc_envelope *v, struct mc_err *e)
{
	struct mc_ber data;
	unsigned version = 0;
	bool des3 = false;

	v->content.limit = msg->len; /* the caller's limit is ours */
	if (!info_parse(msg, &data, e) ||
	    !mc_ber_uint(&data, "EnvelopedData.version", &version, e) ||
	    !mc_ber_expect(
		&data, MC_BER_SET, "recipientInfos", &v->recipients, e) ||
	    !recipients_parse(v, &des3, e) || !content_parse(&data, v, e) ||
	    !mc_ber_end(&data, "EnvelopedData", e))
		return false;
	if (des3 && v->facts.cipher < MC_DES3_CBC)
		return mc_fail(e, MC_DENIED,
		    "keyEncryptionAlgorithm: 3DES for content under AES");
	return version <= 3 ||
	    mc_fail(e, MC_MALFORMED, "EnvelopedData.version: %u", version);
}

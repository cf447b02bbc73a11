/* SPDX-License-Identifier: ISC */
#include "crypto/envelope.h"

#include "crypto/envelope_gate.h"
#include "crypto/key.h"
#include "crypto/weak.h"

bool
mc_envelope_parse(
    const struct mc_buf *msg, struct mc_envelope_facts *out, struct mc_err *e)
{
	AUTO_ENVELOPE v = { 0 };

	if (!mc_gate_envelope(msg, &v, e))
		return mc_note(e, "EnvelopedData");
	*out = v.facts;
	return true;
}

/* *ours: does the identifier name this certificate? */
static bool
recipient_match(const struct mc_recipient *r, const X509 *cert, bool *ours,
    struct mc_err *e)
{
	const uint8_t *p = r->issuer.p;
	AUTO(X509_NAME) *issuer = d2i_X509_NAME(NULL, &p, (long)r->issuer.len);
	const uint8_t *q = r->serial.p;
	AUTO(ASN1_INTEGER) *serial = d2i_ASN1_INTEGER(
	    NULL, &q, (long)r->serial.len);

	if (!issuer || p != r->issuer.p + r->issuer.len || !serial ||
	    q != r->serial.p + r->serial.len) {
		ERR_clear_error();
		return mc_fail(e, MC_MALFORMED, "IssuerAndSerialNumber");
	}
	*ours = ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(cert)) == 0 &&
	    X509_NAME_cmp(issuer, X509_get_issuer_name(cert)) == 0;
	return true;
}

static bool
find_recipient(const struct mc_envelope *v, const X509 *cert,
    struct mc_recipient *out, struct mc_err *e)
{
	struct mc_ber set = v->recipients;
	bool ours;

	while (!mc_ber_done(&set)) {
		AUTO_RECIPIENT r = { 0 };

		if (!mc_gate_recipient(&set, &r, e))
			return false;
		if (r.transport == MC_TRANSPORT_PASSWORD)
			continue;
		if (!recipient_match(&r, cert, &ours, e))
			return false;
		if (!ours)
			continue;
		out->transport = r.transport;
		out->oaep = r.oaep;
		mc_buf_swap(&r.key, &out->key);
		return true;
	}
	return mc_fail(e, MC_DENIED, "it is not addressed to this certificate");
}

/* Ours among the recipients, and how many there may be. */
static bool
addressed(const struct mc_envelope *v, const X509 *cert, bool any,
    struct mc_recipient *out, struct mc_err *e)
{
	if (v->facts.recipients != 1 && !any)
		return mc_fail(e, MC_MALFORMED, "%zu recipients instead of one",
		    v->facts.recipients);
	return find_recipient(v, cert, out, e);
}

bool
mc_envelope_is_for(const struct mc_buf *msg, const X509 *cert, bool any)
{
	struct mc_err unused = MC_ERR_INIT;
	AUTO_ENVELOPE v = { 0 };
	AUTO_RECIPIENT r = { 0 };

	return mc_gate_envelope(msg, &v, &unused) &&
	    addressed(&v, cert, any, &r, &unused);
}

/* The content under this key, which is wiped. */
static bool
decrypt(const struct mc_envelope *v, OSSL_LIB_CTX *ctx,
    uint8_t key[static MC_UNWRAP_KEY], struct mc_buf *to, struct mc_err *e)
{
	const struct mc_cipher_info *c = &mc_ciphers[v->facts.cipher];
	const struct mc_unwrap_cipher how = {
		.ctx = ctx,
		.name = c->name,
		.block = c->block,
		.key = key,
		.iv = v->iv,
	};
	bool done = mc_unwrap_cbc(&how, &v->content, to, e);

	OPENSSL_cleanse(key, MC_UNWRAP_KEY);
	return done;
}

/*
 * A wrong password is seen twice over, by the check bytes and by the padding,
 * and is told once, when both were looked at.
 */
static bool
open_password(const struct mc_envelope *v, const struct mc_recipient *r,
    const struct mc_buf *password, struct mc_buf *content, struct mc_err *e)
{
	struct mc_pwri_key key = { .len = mc_ciphers[v->facts.cipher].key };
	AUTO_BUF text = MC_BUF_INIT;
	bool read;

	if (!mc_pwri_unwrap(&r->password, password, &r->key, &key, e))
		return false;
	read = decrypt(v, NULL, key.b, &text, e);
	if (!read && e->code != MC_DENIED)
		return false;
	if (!read || !key.good)
		return mc_fail(e, MC_DENIED, MC_ENVELOPE_UNREADABLE);
	return mc_buf_add(content, text.data, text.len, e);
}

static bool
only_password(
    const struct mc_envelope *v, struct mc_recipient *r, struct mc_err *e)
{
	struct mc_ber set = v->recipients;

	if (v->facts.recipients != 1)
		return mc_fail(e, MC_MALFORMED, "%zu recipients instead of one",
		    v->facts.recipients);
	if (v->facts.transport != MC_TRANSPORT_PASSWORD)
		return mc_fail(e, MC_DENIED, "it is not sealed by a password");
	if (v->facts.cipher == MC_DES_CBC)
		return mc_fail(e, MC_DENIED, "it is under single DES");
	return mc_gate_recipient(&set, r, e);
}

bool
mc_envelope_open_password(const struct mc_buf *msg,
    const struct mc_buf *password, struct mc_buf *content, struct mc_err *e)
{
	AUTO_ENVELOPE v = { 0 };
	AUTO_RECIPIENT r = { 0 };

	return (mc_gate_envelope(msg, &v, e) && only_password(&v, &r, e) &&
		   open_password(&v, &r, password, content, e)) ||
	    mc_note(e, "EnvelopedData");
}

static bool
open_key(const struct mc_envelope *v, const struct mc_recipient *r,
    EVP_PKEY *pkey, struct mc_buf *content, struct mc_err *e)
{
	uint8_t key[MC_UNWRAP_KEY] = { 0 };
	OSSL_LIB_CTX *ctx = NULL;

	if (v->facts.cipher == MC_DES_CBC && !mc_weak_get(&ctx, e))
		return false;
	return mc_unwrap_key(pkey, r->oaep, &r->key,
		   mc_ciphers[v->facts.cipher].key, key, e) &&
	    decrypt(v, ctx, key, content, e);
}

bool
mc_envelope_open(const struct mc_buf *msg, X509 *cert, EVP_PKEY *key,
    unsigned allow, struct mc_buf *content, struct mc_err *e)
{
	AUTO_ENVELOPE v = { 0 };
	AUTO_RECIPIENT r = { 0 };

	if (!mc_key_encrypts(key) || X509_check_private_key(cert, key) != 1) {
		ERR_clear_error();
		return mc_fail(
		    e, MC_USAGE, "the key is not the certificate's RSA key");
	}
	if (!mc_gate_envelope(msg, &v, e))
		return mc_note(e, "EnvelopedData");
	if (v.facts.cipher == MC_DES_CBC && !(allow & MC_OPEN_WEAK))
		return mc_fail(
		    e, MC_DENIED, "EnvelopedData: it is under single DES");
	return (addressed(&v, cert, allow & MC_OPEN_ANY, &r, e) &&
		   open_key(&v, &r, key, content, e)) ||
	    mc_note(e, "EnvelopedData");
}

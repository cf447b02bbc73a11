/* SPDX-License-Identifier: ISC */
#include "crypto/envelope_gate.h"

#include "crypto/rsa_params.h"

#define PKCS1 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01
#define RSADSI 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d

const struct mc_oid mc_oid_pbkdf2 = { 9, { RSADSI, 0x01, 0x05, 0x0c } };
const struct mc_oid mc_oid_pwri_kek = { 11,
	{ RSADSI, 0x01, 0x09, 0x10, 0x03, 0x09 } };
const struct mc_oid mc_oid_hmac_sha256 = { 8, { RSADSI, 0x02, 0x09 } };

static const struct mc_oid transport_oid[] = {
	[MC_TRANSPORT_PKCS1] = { 9, { PKCS1, 1 } },
	[MC_TRANSPORT_OAEP] = { 9, { PKCS1, 7 } },
};

static const struct mc_oid prf_oid[] = {
	{ 8, { RSADSI, 0x02, 0x07 } },
	{ 8, { RSADSI, 0x02, 0x09 } },
	{ 8, { RSADSI, 0x02, 0x0a } },
	{ 8, { RSADSI, 0x02, 0x0b } },
};
static const char *const prf_name[] = {
	"SHA1",
	"SHA256",
	"SHA384",
	"SHA512",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

void
mc_recipient_clear(struct mc_recipient *r)
{
	mc_buf_clear(&r->key);
}

/* rsaEncryption, whose NULL some leave out, or RSAES-OAEP. */
static bool
key_transport(struct mc_ber *info, struct mc_recipient *r, struct mc_err *e)
{
	static const char what[] = "keyEncryptionAlgorithm";
	struct mc_ber alg;
	size_t which;

	if (!mc_ber_expect(info, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_oid_of(
		&alg, transport_oid, COUNT(transport_oid), what, &which, e))
		return false;
	r->transport = (enum mc_transport)which;
	if (r->transport == MC_TRANSPORT_OAEP
		? !mc_rsa_oaep_parse(&alg, &r->oaep, e)
		: !mc_ber_done(&alg) && !mc_ber_null(&alg, what, e))
		return mc_note(e, "%s", what);
	return mc_ber_end(&alg, what, e);
}

/* KeyTransRecipientInfo (section 6.2.1), by issuer and serial. */
static bool
transport_parse(struct mc_ber *set, struct mc_recipient *r, struct mc_err *e)
{
	struct mc_ber info;
	struct mc_ber rid;
	unsigned version;

	return mc_ber_expect(
		   set, MC_BER_SEQUENCE, "KeyTransRecipientInfo", &info, e) &&
	    mc_ber_uint(&info, "KeyTransRecipientInfo.version", &version, e) &&
	    mc_ber_expect(
		&info, MC_BER_SEQUENCE, "IssuerAndSerialNumber", &rid, e) &&
	    mc_ber_next(&rid, "issuer", &r->issuer, e) &&
	    mc_ber_next(&rid, "serialNumber", &r->serial, e) &&
	    mc_ber_end(&rid, "IssuerAndSerialNumber", e) &&
	    key_transport(&info, r, e) &&
	    mc_ber_octets(&info, MC_BER_OCTETS, "encryptedKey", &r->key, e) &&
	    mc_ber_end(&info, "KeyTransRecipientInfo", e);
}

static bool
salt_parse(struct mc_ber *params, struct mc_pwri *p, struct mc_err *e)
{
	struct mc_ber salt;

	if (!mc_ber_expect(params, MC_BER_OCTETS, "salt", &salt, e))
		return false;
	if (salt.len < MC_PWRI_SALT_MIN || salt.len > MC_PWRI_SALT_MAX)
		return mc_fail(e, MC_DENIED,
		    "salt: %zu bytes; %d to %d are"
		    " accepted",
		    salt.len, MC_PWRI_SALT_MIN, MC_PWRI_SALT_MAX);
	memcpy(p->salt, salt.p, salt.len);
	p->salt_len = salt.len;
	return true;
}

static bool
iterations_parse(struct mc_ber *params, struct mc_pwri *p, struct mc_err *e)
{
	if (!mc_ber_uint(params, "iterationCount", &p->iterations, e))
		return false;
	if (p->iterations < 1 || p->iterations > MC_PBKDF2_MAX)
		return mc_fail(e, MC_DENIED,
		    "iterationCount: %u; 1 to %d are accepted", p->iterations,
		    MC_PBKDF2_MAX);
	return true;
}

/* DEFAULT algid-hmacWithSHA1 */
static bool
prf_parse(struct mc_ber *params, struct mc_pwri *p, struct mc_err *e)
{
	static const char what[] = "prf";
	struct mc_ber alg;
	size_t which = 0;

	if (!mc_ber_done(params) &&
	    (!mc_ber_expect(params, MC_BER_SEQUENCE, what, &alg, e) ||
		!mc_ber_oid_of(
		    &alg, prf_oid, COUNT(prf_oid), what, &which, e) ||
		!(mc_ber_done(&alg) || mc_ber_null(&alg, what, e)) ||
		!mc_ber_end(&alg, what, e)))
		return false;
	p->prf = prf_name[which];
	return true;
}

/*
 * PBKDF2-params (RFC 8018 appendix A.2).  *key_len is 0 where it is not said.
 */
static bool
pbkdf2_parse(
    struct mc_ber *info, struct mc_pwri *p, unsigned *key_len, struct mc_err *e)
{
	static const char what[] = "keyDerivationAlgorithm";
	struct mc_ber alg;
	struct mc_ber params;
	size_t which;

	*key_len = 0;
	return mc_ber_expect(info, MC_BER_CONTEXT(0), what, &alg, e) &&
	    mc_ber_oid_of(&alg, &mc_oid_pbkdf2, 1, what, &which, e) &&
	    mc_ber_expect(&alg, MC_BER_SEQUENCE, what, &params, e) &&
	    mc_ber_end(&alg, what, e) && salt_parse(&params, p, e) &&
	    iterations_parse(&params, p, e) &&
	    (!mc_ber_is(&params, MC_BER_INTEGER) ||
		mc_ber_uint(&params, "keyLength", key_len, e)) &&
	    prf_parse(&params, p, e) && mc_ber_end(&params, what, e);
}

/* id-alg-PWRI-KEK (RFC 3211 section 2.3) of a cipher in CBC mode. */
static bool
kek_parse(struct mc_ber *info, struct mc_pwri *p, struct mc_err *e)
{
	static const char what[] = "keyEncryptionAlgorithm";
	struct mc_ber outer;
	struct mc_ber alg;
	struct mc_ber iv;
	size_t which;

	if (!mc_ber_expect(info, MC_BER_SEQUENCE, what, &outer, e) ||
	    !mc_ber_oid_of(&outer, &mc_oid_pwri_kek, 1, what, &which, e) ||
	    !mc_ber_expect(&outer, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_end(&outer, what, e) ||
	    /* single DES, the last one, is no key-encryption key */
	    !mc_ber_oid_of(&alg, mc_cipher_oid, MC_DES_CBC, what, &which, e) ||
	    !mc_ber_expect(&alg, MC_BER_OCTETS, "IV", &iv, e) ||
	    !mc_ber_end(&alg, what, e))
		return false;
	p->kek = (enum mc_cipher)which;
	if (iv.len != mc_ciphers[which].block)
		return mc_fail(
		    e, MC_MALFORMED, "%s: IV of %zu bytes", what, iv.len);
	memcpy(p->iv, iv.p, iv.len);
	return true;
}

/* PasswordRecipientInfo (section 6.2.4), under its [3]. */
static bool
password_parse(struct mc_ber *set, struct mc_recipient *r, struct mc_err *e)
{
	static const char what[] = "PasswordRecipientInfo";
	struct mc_ber info;
	unsigned version;
	unsigned key_len;

	r->transport = MC_TRANSPORT_PASSWORD;
	if (!mc_ber_expect(set, MC_BER_CONTEXT(3), what, &info, e) ||
	    !mc_ber_uint(&info, "PasswordRecipientInfo.version", &version, e) ||
	    !pbkdf2_parse(&info, &r->password, &key_len, e) ||
	    !kek_parse(&info, &r->password, e) ||
	    !mc_ber_octets(&info, MC_BER_OCTETS, "encryptedKey", &r->key, e) ||
	    !mc_ber_end(&info, what, e))
		return false;
	return key_len == 0 || key_len == mc_ciphers[r->password.kek].key ||
	    mc_fail(e, MC_MALFORMED, "keyLength: %u", key_len);
}

bool
mc_gate_recipient(struct mc_ber *set, struct mc_recipient *r, struct mc_err *e)
{
	return mc_ber_is(set, MC_BER_CONTEXT(3)) ? password_parse(set, r, e)
						 : transport_parse(set, r, e);
}

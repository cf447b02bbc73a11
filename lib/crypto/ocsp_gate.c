/* SPDX-License-Identifier: ISC */
#include "crypto/ocsp_gate.h"

#include "crypto/ber.h"
#include "crypto/ocsp.h"

#define HASH_MAX 64
#define SERIAL_MAX 20
#define EXTENSIONS_MAX 16

/* 1.3.6.1.5.5.7.48.1.2 */
static const struct mc_oid nonce_oid = { 9,
	{ 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02 } };

/* A primitive of 1 to max octets; BER's strings in pieces are not DER. */
static bool
bytes(struct mc_ber *in, unsigned tag, const char *what, size_t max,
    struct mc_err *e)
{
	struct mc_ber body;

	if (!mc_ber_expect(in, tag, what, &body, e))
		return false;
	return (body.len > 0 && body.len <= max) ||
	    mc_fail(e, MC_MALFORMED, "%s: %zu octets", what, body.len);
}

/* CertID.  Whether its hash is one that we know is not asked here. */
static bool
id_check(struct mc_ber *in, struct mc_err *e)
{
	struct mc_ber id, alg;

	return mc_ber_expect(in, MC_BER_SEQUENCE, "reqCert", &id, e) &&
	    mc_ber_expect(&id, MC_BER_SEQUENCE, "hashAlgorithm", &alg, e) &&
	    mc_ber_expect(&alg, MC_BER_OID, "hashAlgorithm", NULL, e) &&
	    (mc_ber_done(&alg) || mc_ber_null(&alg, "hashAlgorithm", e)) &&
	    mc_ber_end(&alg, "hashAlgorithm", e) &&
	    bytes(&id, MC_BER_OCTETS, "issuerNameHash", HASH_MAX, e) &&
	    bytes(&id, MC_BER_OCTETS, "issuerKeyHash", HASH_MAX, e) &&
	    bytes(&id, MC_BER_INTEGER, "serialNumber", SERIAL_MAX + 1, e) &&
	    mc_ber_end(&id, "reqCert", e);
}

/* The value of a nonce is an OCTET STRING in the one that holds all values. */
static bool
nonce_check(const struct mc_ber *value, struct mc_err *e)
{
	struct mc_ber in = *value;

	return bytes(&in, MC_BER_OCTETS, "nonce", MC_OCSP_NONCE_MAX, e) &&
	    mc_ber_end(&in, "nonce", e);
}

static bool
extension_check(struct mc_ber *in, unsigned *nonces, struct mc_err *e)
{
	struct mc_ber ext, oid, value;
	struct mc_ber flag = { 0 };
	bool critical;

	if (!mc_ber_expect(in, MC_BER_SEQUENCE, "extension", &ext, e) ||
	    !mc_ber_expect(&ext, MC_BER_OID, "extension", &oid, e) ||
	    (mc_ber_is(&ext, MC_BER_BOOLEAN) &&
		!mc_ber_expect(&ext, MC_BER_BOOLEAN, "critical", &flag, e)) ||
	    !mc_ber_expect(&ext, MC_BER_OCTETS, "extension", &value, e) ||
	    !mc_ber_end(&ext, "extension", e))
		return false;
	critical = flag.len > 0 && flag.p[0] != 0;
	if (mc_oid_equal(&oid, &nonce_oid)) {
		if (++*nonces > 1)
			return mc_fail(e, MC_MALFORMED, "two nonces");
		return nonce_check(&value, e);
	}
	return !critical ||
	    mc_fail(e, MC_MALFORMED, "a critical extension that is not known");
}

/* [tag] EXPLICIT Extensions, which may be absent. */
static bool
extensions_check(
    struct mc_ber *in, unsigned tag, unsigned *nonces, struct mc_err *e)
{
	struct mc_ber outer, list;

	if (!mc_ber_is(in, tag))
		return true;
	if (!mc_ber_expect(in, tag, "extensions", &outer, e) ||
	    !mc_ber_expect(&outer, MC_BER_SEQUENCE, "extensions", &list, e) ||
	    !mc_ber_end(&outer, "extensions", e))
		return false;
	for (unsigned n = 0; !mc_ber_done(&list); n++) {
		if (n == EXTENSIONS_MAX)
			return mc_fail(e, MC_MALFORMED, "too many extensions");
		if (!extension_check(&list, nonces, e))
			return false;
	}
	return true;
}

static bool
list_check(struct mc_ber *in, struct mc_err *e)
{
	struct mc_ber list, one;
	unsigned n = 0;

	if (!mc_ber_expect(in, MC_BER_SEQUENCE, "requestList", &list, e))
		return false;
	for (; !mc_ber_done(&list); n++) {
		/* a nonce belongs to the whole, and is nothing here */
		unsigned nonces = 0;

		if (n == MC_OCSP_MAX)
			return mc_fail(e, MC_MALFORMED,
			    "more than %d certificates", MC_OCSP_MAX);
		if (!mc_ber_expect(
			&list, MC_BER_SEQUENCE, "request", &one, e) ||
		    !id_check(&one, e) ||
		    !extensions_check(&one, MC_BER_CONTEXT(0), &nonces, e) ||
		    !mc_ber_end(&one, "request", e))
			return false;
	}
	return n > 0 || mc_fail(e, MC_MALFORMED, "a request for nothing");
}

/* [0] EXPLICIT INTEGER, v1: DEFAULT, so it may well be there in BER. */
static bool
version_check(struct mc_ber *in, struct mc_err *e)
{
	struct mc_ber outer;
	unsigned version;

	if (!mc_ber_is(in, MC_BER_CONTEXT(0)))
		return true;
	if (!mc_ber_expect(in, MC_BER_CONTEXT(0), "version", &outer, e) ||
	    !mc_ber_uint(&outer, "version", &version, e) ||
	    !mc_ber_end(&outer, "version", e))
		return false;
	return version == 0 || mc_fail(e, MC_MALFORMED, "another version");
}

static bool
optional_skip(
    struct mc_ber *in, unsigned tag, const char *what, struct mc_err *e)
{
	return !mc_ber_is(in, tag) || mc_ber_expect(in, tag, what, NULL, e);
}

bool
mc_ocsp_gate_check(const struct mc_buf *der, struct mc_err *e)
{
	struct mc_ber in, msg, tbs;
	unsigned nonces = 0;

	mc_ber_init(&in, der->data, der->len);
	return (mc_ber_check(&in, "request", e) &&
		   mc_ber_expect(&in, MC_BER_SEQUENCE, "request", &msg, e) &&
		   mc_ber_end(&in, "request", e) &&
		   mc_ber_expect(&msg, MC_BER_SEQUENCE, "tbs", &tbs, e) &&
		   version_check(&tbs, e) &&
		   optional_skip(&tbs, MC_BER_CONTEXT(1), "requestorName", e) &&
		   list_check(&tbs, e) &&
		   extensions_check(&tbs, MC_BER_CONTEXT(2), &nonces, e) &&
		   mc_ber_end(&tbs, "tbs", e) &&
		   optional_skip(&msg, MC_BER_CONTEXT(0), "signature", e) &&
		   mc_ber_end(&msg, "request", e)) ||
	    mc_note(e, "OCSP");
}

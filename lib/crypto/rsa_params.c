/* SPDX-License-Identifier: ISC */
#include "crypto/rsa_params.h"

#include "crypto/key.h"

#define PKCS1 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01
#define NIST_HASH 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02

static const struct mc_oid id_mgf1 = { 9, { PKCS1, 8 } };
static const struct mc_oid id_specified = { 9, { PKCS1, 9 } };

const struct mc_oid mc_digest_oid[MC_DIGESTS_WEAK] = {
	{ 5, { 0x2b, 0x0e, 0x03, 0x02, 0x1a } },
	{ 9, { NIST_HASH, 1 } },
	{ 9, { NIST_HASH, 2 } },
	{ 9, { NIST_HASH, 3 } },
	{ 8, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05 } },
};
const char *const mc_digest_name[MC_DIGESTS_WEAK] = {
	"SHA1",
	"SHA256",
	"SHA384",
	"SHA512",
	"MD5",
};
#define SHA1 (mc_digest_name[0])

bool
mc_rsa_digest_parse(
    struct mc_ber *b, const char *what, const char **name, struct mc_err *e)
{
	struct mc_ber alg;
	size_t which;

	if (!mc_ber_expect(b, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_oid_of(&alg, mc_digest_oid, MC_DIGESTS, what, &which, e) ||
	    !(mc_ber_done(&alg) || mc_ber_null(&alg, what, e)) ||
	    !mc_ber_end(&alg, what, e))
		return false;
	*name = mc_digest_name[which];
	return true;
}

/* hashAlgorithm [0], where it is there. */
static bool
hash_parse(struct mc_ber *params, const char **name, struct mc_err *e)
{
	static const char what[] = "hashAlgorithm";
	struct mc_ber hash;

	*name = SHA1;
	return !mc_ber_is(params, MC_BER_CONTEXT(0)) ||
	    (mc_ber_expect(params, MC_BER_CONTEXT(0), what, &hash, e) &&
		mc_rsa_digest_parse(&hash, what, name, e) &&
		mc_ber_end(&hash, what, e));
}

/* maskGenAlgorithm [1], where it is there. */
static bool
mask_parse(struct mc_ber *params, const char **name, struct mc_err *e)
{
	static const char what[] = "maskGenAlgorithm";
	struct mc_ber outer;
	struct mc_ber alg;
	size_t which;

	*name = SHA1;
	return !mc_ber_is(params, MC_BER_CONTEXT(1)) ||
	    (mc_ber_expect(params, MC_BER_CONTEXT(1), what, &outer, e) &&
		mc_ber_expect(&outer, MC_BER_SEQUENCE, what, &alg, e) &&
		mc_ber_end(&outer, what, e) &&
		mc_ber_oid_of(&alg, &id_mgf1, 1, what, &which, e) &&
		mc_rsa_digest_parse(&alg, what, name, e) &&
		mc_ber_end(&alg, what, e));
}

static bool
digests_parse(struct mc_ber *params, const char **digest, struct mc_err *e)
{
	const char *mask;

	if (!hash_parse(params, digest, e) || !mask_parse(params, &mask, e))
		return false;
	/* both are of mc_digest_name */
	return mask == *digest ||
	    mc_fail(e, MC_DENIED, "%s with a mask of %s", *digest, mask);
}

/* pSourceAlgorithm [2]: the empty label, if anything. */
static bool
label_parse(struct mc_ber *params, struct mc_err *e)
{
	static const char what[] = "pSourceAlgorithm";
	struct mc_ber outer;
	struct mc_ber alg;
	struct mc_ber label;
	size_t which;

	if (!mc_ber_is(params, MC_BER_CONTEXT(2)))
		return true;
	if (!mc_ber_expect(params, MC_BER_CONTEXT(2), what, &outer, e) ||
	    !mc_ber_expect(&outer, MC_BER_SEQUENCE, what, &alg, e) ||
	    !mc_ber_end(&outer, what, e) ||
	    !mc_ber_oid_of(&alg, &id_specified, 1, what, &which, e) ||
	    !mc_ber_expect(&alg, MC_BER_OCTETS, what, &label, e) ||
	    !mc_ber_end(&alg, what, e))
		return false;
	return mc_ber_done(&label) ||
	    mc_fail(e, MC_DENIED, "%s: a label", what);
}

bool
mc_rsa_oaep_parse(struct mc_ber *b, const char **digest, struct mc_err *e)
{
	static const char what[] = "RSAES-OAEP-params";
	struct mc_ber params;

	return (mc_ber_expect(b, MC_BER_SEQUENCE, what, &params, e) &&
		   digests_parse(&params, digest, e) &&
		   label_parse(&params, e) && mc_ber_end(&params, what, e)) ||
	    mc_note(e, "RSAES-OAEP");
}

/* An INTEGER under [n], where it is there. */
static bool
number_parse(struct mc_ber *params, unsigned n, const char *what, unsigned *out,
    struct mc_err *e)
{
	struct mc_ber outer;

	return !mc_ber_is(params, MC_BER_CONTEXT(n)) ||
	    (mc_ber_expect(params, MC_BER_CONTEXT(n), what, &outer, e) &&
		mc_ber_uint(&outer, what, out, e) &&
		mc_ber_end(&outer, what, e));
}

bool
mc_rsa_pss_parse(struct mc_ber *b, const char **digest, struct mc_err *e)
{
	static const char what[] = "RSASSA-PSS-params";
	struct mc_ber params;
	unsigned salt = 20;
	unsigned trailer = 1;

	if (!mc_ber_expect(b, MC_BER_SEQUENCE, what, &params, e) ||
	    !digests_parse(&params, digest, e) ||
	    !number_parse(&params, 2, "saltLength", &salt, e) ||
	    !number_parse(&params, 3, "trailerField", &trailer, e) ||
	    !mc_ber_end(&params, what, e))
		return mc_note(e, "RSASSA-PSS");
	if (*digest == SHA1)
		return mc_fail(e, MC_DENIED, "RSASSA-PSS with SHA-1");
	if (salt > MC_RSA_LIMIT / 8 || trailer != 1)
		return mc_fail(e, MC_DENIED,
		    "RSASSA-PSS with a salt of %u bytes and trailer %u", salt,
		    trailer);
	return true;
}

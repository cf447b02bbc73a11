/* SPDX-License-Identifier: ISC */
#include "ca/policy.h"

struct mc_verdict
mc_verdict_new(enum mc_verdict_code code, const char *why)
{
	static const char *const told[] = {
		[MC_GRANTED] = NULL,
		[MC_BAD_KEY] = "the key or the digest is not one that this CA "
			       "accepts",
		[MC_BAD_CHALLENGE] = "the challenge password is not valid",
		[MC_BAD_SUBJECT] = "the subject is not the one that this "
				   "challenge password was made for",
		[MC_BAD_CSR] = "the certification request is not valid",
		[MC_BAD_SIGNER] = "the message is not signed by the key to be "
				  "certified",
		[MC_WITHDRAWN] = "the certificate of this request was revoked",
	};

	return (struct mc_verdict){ code, told[code], why };
}

static const char *
challenge_fault(const struct mc_policy_facts *f)
{
	if (!f->challenge_given)
		return "no challenge";
	if (!f->challenge)
		return "unknown challenge";
	if (f->challenge->used_by[0])
		return "the challenge was used by another request";
	if (f->now >= f->challenge->expires)
		return "the challenge has expired";
	return NULL;
}

static bool
key_good(const struct mc_policy_facts *f)
{
	struct mc_err unused = MC_ERR_INIT;

	return mc_key_check(f->key, f->bits_min ? f->bits_min : MC_KEY_BITS_MIN,
		   &unused) &&
	    EVP_PKEY_get_bits(f->key) <= MC_RSA_MAX;
}

struct mc_verdict
mc_policy_check(const struct mc_policy_facts *f)
{
	const char *fault = challenge_fault(f);

	/* who has no challenge learns nothing else */
	if (fault)
		return mc_verdict_new(MC_BAD_CHALLENGE, fault);
	if (!key_good(f))
		return mc_verdict_new(
		    MC_BAD_KEY, "a key of the wrong kind or size");
	if (!mc_key_equal(f->key, f->signer))
		return mc_verdict_new(MC_BAD_SIGNER,
		    "the signer's key is not the one to be certified");
	if (f->bound && X509_NAME_cmp(f->bound, f->asked) != 0)
		return mc_verdict_new(
		    MC_BAD_SUBJECT, "another subject than the challenge's");
	return mc_verdict_new(MC_GRANTED, "granted");
}

/* SPDX-License-Identifier: ISC */
/* Every rule of the policy is a line here. */
#include "ca/policy.h"

#include <stdio.h>

#include "crypto/key.h"
#include "crypto/name.h"
#include "tap.h"

static struct mc_challenge row = { .created = 100, .expires = 200 };
static struct mc_policy_facts good;

static X509_NAME *
name(const char *text)
{
	struct mc_err e = MC_ERR_INIT;
	X509_NAME *out = NULL;

	return mc_name_parse(text, &out, &e) ? out : NULL;
}

static EVP_PKEY *
ec(const char *curve)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
}

static void
challenges(void)
{
	struct mc_policy_facts f = good;
	struct mc_verdict missing, unknown, expired, used;

	f.challenge_given = false;
	f.challenge = NULL;
	missing = mc_policy_check(&f);
	ok(missing.code == MC_BAD_CHALLENGE);

	/* a row without a challenge in the request opens nothing */
	f.challenge = &row;
	ok(mc_policy_check(&f).code == MC_BAD_CHALLENGE);

	f = good;
	f.challenge = NULL;
	unknown = mc_policy_check(&f);
	ok(unknown.code == MC_BAD_CHALLENGE);

	f = good;
	f.now = 199;
	ok(mc_policy_check(&f).code == MC_GRANTED);
	f.now = 200;
	expired = mc_policy_check(&f);
	ok(expired.code == MC_BAD_CHALLENGE);

	f = good;
	strcpy(row.used_by, "another");
	used = mc_policy_check(&f);
	row.used_by[0] = '\0';
	ok(used.code == MC_BAD_CHALLENGE);

	/* the requester hears the same, the log does not */
	ok(missing.told == unknown.told && unknown.told == expired.told &&
	    expired.told == used.told);
	ok(strcmp(missing.why, unknown.why) != 0 &&
	    strcmp(unknown.why, expired.why) != 0 &&
	    strcmp(expired.why, used.why) != 0);

	/* and of anything else only when the challenge is good */
	f = good;
	f.challenge = NULL;
	f.signer = NULL;
	ok(mc_policy_check(&f).code == MC_BAD_CHALLENGE);
}

static void
subjects(void)
{
	AUTO(X509_NAME) *alice = name("/O=ACME/CN=Alice");
	AUTO(X509_NAME) *upper = name("/O=acme/CN=  ALICE");
	AUTO(X509_NAME) *swapped = name("/CN=Alice/O=ACME");
	AUTO(X509_NAME) *longer = name("/O=ACME/CN=Alice/CN=Bob");
	AUTO(X509_NAME) *shorter = name("/CN=Alice");
	AUTO(X509_NAME) *slash = name("/CN=x\\/O=ACME");
	AUTO(X509_NAME) *two = name("/CN=x/O=ACME");
	struct mc_policy_facts f = good;

	f.bound = alice;
	f.asked = alice;
	ok(mc_policy_check(&f).code == MC_GRANTED);
	f.asked = upper; /* names, not texts */
	ok(mc_policy_check(&f).code == MC_GRANTED);
	f.asked = swapped;
	ok(mc_policy_check(&f).code == MC_BAD_SUBJECT);
	f.asked = longer;
	ok(mc_policy_check(&f).code == MC_BAD_SUBJECT);
	f.asked = shorter;
	ok(mc_policy_check(&f).code == MC_BAD_SUBJECT);
	f.bound = slash;
	f.asked = two;
	ok(mc_policy_check(&f).code == MC_BAD_SUBJECT);
	f.bound = NULL;
	ok(mc_policy_check(&f).code == MC_GRANTED);
}

static void
keys(void)
{
	AUTO(EVP_PKEY) *small = EVP_RSA_gen(1024);
	AUTO(EVP_PKEY) *large = EVP_RSA_gen(4104);
	AUTO(EVP_PKEY) *p256 = ec("P-256");
	AUTO(EVP_PKEY) *p521 = ec("P-521");
	AUTO(EVP_PKEY) *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	struct mc_policy_facts f = good;

	f.key = f.signer = small;
	ok(mc_policy_check(&f).code == MC_BAD_KEY);
	f.bits_min = 1024;
	ok(mc_policy_check(&f).code == MC_GRANTED);
	f.bits_min = 3072;
	f.key = f.signer = good.key;
	ok(mc_policy_check(&f).code == MC_BAD_KEY);
	f = good;
	f.key = f.signer = large;
	ok(mc_policy_check(&f).code == MC_BAD_KEY);
	f.key = f.signer = p256;
	ok(mc_policy_check(&f).code == MC_GRANTED);
	f.key = f.signer = p521;
	ok(mc_policy_check(&f).code == MC_BAD_KEY);
	f.key = f.signer = ed;
	ok(mc_policy_check(&f).code == MC_BAD_KEY);

	f = good;
	f.signer = p256;
	ok(mc_policy_check(&f).code == MC_BAD_SIGNER);
	f.signer = NULL;
	ok(mc_policy_check(&f).code == MC_BAD_SIGNER);
	f.key = NULL;
	ok(mc_policy_check(&f).code == MC_BAD_KEY);
}

int
main(void)
{
	AUTO(EVP_PKEY) *key = EVP_RSA_gen(2048);
	AUTO(X509_NAME) *asked = name("/CN=Alice");

	good = (struct mc_policy_facts){ .now = 150,
		.challenge = &row,
		.challenge_given = true,
		.asked = asked,
		.key = key,
		.signer = key };
	ok(mc_policy_check(&good).code == MC_GRANTED);
	challenges();
	subjects();
	keys();
	ok(ERR_peek_error() == 0);
	return done();
}

/* SPDX-License-Identifier: ISC */
/* Every rule of the policy is a line here, both ways. */
#include "ca/policy.h"

#include <stdio.h>

#include "crypto/key.h"
#include "crypto/name.h"
#include "tap.h"

static char wifi[] = "wifi";
static struct mc_challenge row = {
	.created = 100, .expires = 200, .uses = 1, .profile = (char[]){ "wifi" }
};
static struct mc_ca_profile profile = { .name = "wifi",
	.subject = MC_SUBJECT_CHALLENGE,
	.names = MC_FROM_CHALLENGE,
	.keys = MC_KEYS_ANY,
	.rsa_min = 2048,
	.rsa_max = 4096,
	.renew = true,
	.renew_same_key = true };
static struct mc_policy_facts good, renewal;
static EVP_PKEY *other;

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

/* Is this the verdict, with this phrase in what the log is told? */
static bool
is(const struct mc_policy_facts *f, enum mc_verdict_code code, const char *why)
{
	struct mc_verdict v = mc_policy_check(f);

	if (v.code == code && strstr(v.why, why))
		return (code == MC_GRANTED) == (v.told == NULL);
	printf("# %d: %s\n", (int)v.code, v.why);
	return false;
}

static void
challenges(void)
{
	struct mc_policy_facts f = good;
	const char *told;

	f.challenge_given = false;
	f.challenge = NULL;
	told = mc_policy_check(&f).told;
	ok(is(&f, MC_BAD_CHALLENGE, "no challenge"));
	/* a row without a challenge in the request opens nothing */
	f.challenge = &row;
	ok(is(&f, MC_BAD_CHALLENGE, "no challenge"));
	f = good;
	f.challenge = NULL;
	ok(is(&f, MC_BAD_CHALLENGE, "unknown"));
	/* the requester hears the same of all of them */
	ok(mc_policy_check(&f).told == told);

	f = good;
	f.now = 199;
	ok(is(&f, MC_GRANTED, ""));
	f.now = 200;
	ok(is(&f, MC_BAD_CHALLENGE, "expired"));
	ok(mc_policy_check(&f).told == told);

	f = good;
	row.used = 1;
	ok(is(&f, MC_BAD_CHALLENGE, "used"));
	row.uses = 2;
	ok(is(&f, MC_GRANTED, ""));
	row.used = 2;
	ok(is(&f, MC_BAD_CHALLENGE, "used"));
	ok(mc_policy_check(&f).told == told);
	row.used = 0;
	row.uses = 1;

	row.revoked_at = 120;
	ok(is(&f, MC_BAD_CHALLENGE, "revoked"));
	ok(mc_policy_check(&f).told == told);
	row.revoked_at = 0;

	row.profile = (char[]){ "vpn" };
	ok(is(&f, MC_BAD_CHALLENGE, "another profile"));
	ok(mc_policy_check(&f).told == told);
	/* of before there were profiles: not for all of them */
	row.profile = NULL;
	ok(is(&f, MC_BAD_CHALLENGE, "another profile"));
	strcpy(profile.name, "default");
	ok(is(&f, MC_GRANTED, ""));
	strcpy(profile.name, "wifi");
	row.profile = (char[]){ MC_CHALLENGE_ANY };
	ok(is(&f, MC_GRANTED, ""));
	row.profile = wifi;
	ok(is(&f, MC_GRANTED, ""));

	/* of anything else only who has a good one hears */
	f = good;
	f.challenge = NULL;
	f.signer = NULL;
	ok(is(&f, MC_BAD_CHALLENGE, "unknown"));
	/* one that is signed is judged alike */
	f = good;
	f.way = MC_WAY_HMAC;
	ok(is(&f, MC_GRANTED, ""));
	f.now = 200;
	ok(is(&f, MC_BAD_CHALLENGE, "expired"));
}

/* What others vouch for needs no challenge, but the signer's key. */
static void
others(void)
{
	static const enum mc_certificate_way ways[] = { MC_WAY_PROGRAM,
		MC_WAY_APPROVAL };
	struct mc_policy_facts f = good;

	f.challenge = NULL;
	f.challenge_given = false;
	for (size_t i = 0; i < 2; i++) {
		f.way = ways[i];
		f.signer = good.signer;
		ok(is(&f, MC_GRANTED, ""));
		f.signer = other;
		ok(is(&f, MC_BAD_SIGNER, ""));
		f.signer = NULL;
		ok(is(&f, MC_BAD_SIGNER, ""));
	}
	f.way = MC_WAY_ADMIN;
	ok(is(&f, MC_GRANTED, ""));
	f.key = NULL;
	ok(is(&f, MC_BAD_KEY, ""));
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
	ok(is(&f, MC_GRANTED, ""));
	f.asked = upper; /* names, not texts; and the challenge's spelling */
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_subject(&f) == alice);
	f.asked = swapped;
	ok(is(&f, MC_BAD_SUBJECT, "challenge"));
	/* imposed: the challenge's, whatever is asked, also nothing */
	profile.subject = MC_SUBJECT_IMPOSE;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_subject(&f) == alice);
	f.asked = NULL;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_subject(&f) == alice);
	f.asked = swapped;
	f.bound = NULL;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_subject(&f) == swapped);
	f.bound = alice;
	profile.subject_match = "/CN=x";
	ok(is(&f, MC_BAD_SUBJECT, "subject-match"));
	profile.subject_match = NULL;
	profile.subject = MC_SUBJECT_CHALLENGE;
	f.asked = longer;
	ok(is(&f, MC_BAD_SUBJECT, "challenge"));
	f.asked = shorter;
	ok(is(&f, MC_BAD_SUBJECT, "challenge"));
	f.bound = slash;
	f.asked = two;
	ok(is(&f, MC_BAD_SUBJECT, "challenge"));
	f.bound = NULL;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_subject(&f) == two);
	f.asked = NULL;
	ok(is(&f, MC_BAD_SUBJECT, "no subject"));
}

static void
patterns(void)
{
	static const struct {
		const char *pattern, *subject;
		bool match;
	} rows[] = {
		{ "/O=ACME/CN=*", "/O=ACME/CN=Alice", true },
		{ "/O=ACME/CN=*", "/O=ACME/CN=A/CN=B", false },
		{ "/O=ACME/CN=*", "/CN=Alice/O=ACME", false },
		{ "/O=ACME/CN=*", "/O=ACME", false },
		{ "/O=ACME/CN=*", "/O=ACME2/CN=Alice", false },
		{ "/O=ACME/CN=*", "/O=acme/CN=Alice", false },
		{ "/O=ACME/CN=*", "/OU=ACME/CN=Alice", false },
		{ "/O=ACME/CN=*", "/O=ACME/CN=a\\/CN=b", true },
		{ "/CN=*.example.com", "/CN=a.example.com", true },
		{ "/CN=*.example.com", "/CN=a.b.example.com", true },
		{ "/CN=*.example.com", "/CN=example.com", false },
		{ "/CN=*.example.com", "/CN=a.example.com.evil", false },
		{ "/CN=a*b*c", "/CN=axxbyyc", true },
		{ "/CN=a*b*c", "/CN=axxbyycd", false },
		{ "/2.5.4.3=A*", "/CN=Alice", true },
	};
	struct mc_policy_facts f = good;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(X509_NAME) *asked = name(rows[i].subject);

		profile.subject_match = rows[i].pattern;
		f.asked = asked;
		ok(asked &&
		    is(&f, rows[i].match ? MC_GRANTED : MC_BAD_SUBJECT,
			rows[i].match ? "" : "subject-match"));
	}
	profile.subject_match = NULL;
}

/* A profile whose certificates have no subject, but names. */
static void
nameless(void)
{
	struct mc_policy_facts f = good;

	profile.subject = MC_SUBJECT_NONE;
	ok(mc_policy_subject(&f) == NULL);
	ok(is(&f, MC_BAD_NAMES, "neither"));
	row.names = (char[]){ "dns:a.example.com" };
	ok(is(&f, MC_GRANTED, ""));
	row.names = NULL;
	profile.subject = MC_SUBJECT_CHALLENGE;
}

static void
names(void)
{
	struct mc_policy_facts f = good;

	/* from the challenge: those or none */
	ok(mc_policy_names(&f) == NULL);
	f.asked_names = "dns:a.example.com";
	ok(is(&f, MC_BAD_NAMES, "challenge"));
	row.names = (char[]){ "dns:a.example.com,dns:b.example.com" };
	ok(is(&f, MC_BAD_NAMES, "challenge"));
	f.asked_names = "dns:b.example.com,dns:a.example.com";
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_names(&f) == row.names);
	f.asked_names = NULL;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_names(&f) == row.names);

	/* also where a request may ask */
	profile.names = MC_FROM_REQUEST;
	f.asked_names = "dns:c.example.com";
	ok(is(&f, MC_BAD_NAMES, "challenge"));
	row.names = NULL;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_names(&f) == f.asked_names);

	profile.names_match = "dns:*.example.com";
	ok(is(&f, MC_GRANTED, ""));
	f.asked_names = "dns:c.example.com,dns:example.org";
	ok(is(&f, MC_BAD_NAMES, "names-match"));
	profile.names_match = NULL;
	ok(is(&f, MC_GRANTED, ""));

	/* none at all, whatever is asked */
	profile.names = MC_FROM_NOWHERE;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_names(&f) == NULL);
	/* who says yes without a challenge sees what is asked */
	profile.names = MC_FROM_CHALLENGE;
	f.way = MC_WAY_APPROVAL;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_names(&f) == f.asked_names);
	profile.names_match = "dns:*.example.com";
	ok(is(&f, MC_BAD_NAMES, "names-match"));
	profile.names_match = NULL;
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
	ok(is(&f, MC_BAD_KEY, ""));
	profile.rsa_min = 1024;
	ok(is(&f, MC_GRANTED, ""));
	profile.rsa_min = 3072;
	f.key = f.signer = good.key;
	ok(is(&f, MC_BAD_KEY, ""));
	profile.rsa_min = 2048;
	ok(is(&f, MC_GRANTED, ""));
	f.key = f.signer = large;
	ok(is(&f, MC_BAD_KEY, "too many bits"));
	profile.rsa_max = 4104;
	ok(is(&f, MC_GRANTED, ""));
	profile.rsa_max = 4096;

	f.key = f.signer = p256;
	ok(is(&f, MC_GRANTED, ""));
	profile.keys = MC_KEYS_RSA;
	ok(is(&f, MC_BAD_KEY, "an EC key"));
	profile.keys = MC_KEYS_EC;
	ok(is(&f, MC_GRANTED, ""));
	f.key = f.signer = good.key;
	ok(is(&f, MC_BAD_KEY, "an RSA key"));
	profile.keys = MC_KEYS_ANY;
	f.key = f.signer = p521;
	ok(is(&f, MC_BAD_KEY, ""));
	f.key = f.signer = ed;
	ok(is(&f, MC_BAD_KEY, ""));

	f = good;
	f.signer = p256;
	ok(is(&f, MC_BAD_SIGNER, ""));
	f.signer = NULL;
	ok(is(&f, MC_BAD_SIGNER, ""));
	f.key = NULL;
	ok(is(&f, MC_BAD_KEY, ""));
}

static void
renewals(void)
{
	AUTO(X509_NAME) *bob = name("/CN=Bob");
	struct mc_policy_facts f = renewal;
	struct mc_certificate old = *renewal.renewed;

	f.renewed = &old;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_names(&f) == f.renewed_names);
	f.renewed = NULL;
	ok(is(&f, MC_BAD_RENEWAL, "not on record"));
	f.renewed = &old;
	old.state = MC_CERTIFICATE_REVOKED;
	ok(is(&f, MC_BAD_RENEWAL, "revoked"));
	old.state = MC_CERTIFICATE_INTENT;
	ok(is(&f, MC_BAD_RENEWAL, "revoked"));
	old.state = MC_CERTIFICATE_VALID;

	f.now = 999;
	ok(is(&f, MC_GRANTED, ""));
	f.now = 1000;
	ok(is(&f, MC_BAD_RENEWAL, "in date"));
	f.now = 100;
	ok(is(&f, MC_GRANTED, ""));
	f.now = 99;
	ok(is(&f, MC_BAD_RENEWAL, "in date"));

	profile.renew_window = 300;
	f.now = 699;
	ok(is(&f, MC_BAD_RENEWAL, "too early"));
	f.now = 700;
	ok(is(&f, MC_GRANTED, ""));
	profile.renew_window = 0;

	old.profile = (char[]){ "vpn" };
	ok(is(&f, MC_BAD_RENEWAL, "another profile"));
	/* of before there were profiles */
	old.profile = NULL;
	ok(is(&f, MC_BAD_RENEWAL, "another profile"));
	strcpy(profile.name, "default");
	ok(is(&f, MC_GRANTED, ""));
	strcpy(profile.name, "wifi");
	old.profile = renewal.renewed->profile;

	profile.renew_max = 3;
	f.successors = 2;
	ok(is(&f, MC_GRANTED, ""));
	f.successors = 3;
	ok(is(&f, MC_BAD_RENEWAL, "too often"));
	profile.renew_max = 0;
	ok(is(&f, MC_GRANTED, ""));
	f.successors = 0;

	profile.renew = false;
	ok(is(&f, MC_BAD_RENEWAL, "not allowed"));
	profile.renew = true;
	profile.renew_same_key = false;
	ok(is(&f, MC_GRANTED, ""));
	f.signer = f.key;
	ok(is(&f, MC_BAD_RENEWAL, "new key"));
	profile.renew_same_key = true;
	ok(is(&f, MC_GRANTED, ""));

	f.asked = bob;
	ok(is(&f, MC_BAD_SUBJECT, "old certificate's"));
	f = renewal;
	f.asked_names = "dns:b.example.com";
	ok(is(&f, MC_BAD_NAMES, "old certificate's"));
	profile.names = MC_FROM_REQUEST;
	ok(is(&f, MC_BAD_NAMES, "old certificate's"));
	profile.names = MC_FROM_NOWHERE;
	ok(is(&f, MC_GRANTED, ""));
	ok(mc_policy_names(&f) == f.renewed_names);
	profile.names = MC_FROM_CHALLENGE;
	f.asked_names = "dns:a.example.com";
	ok(is(&f, MC_GRANTED, ""));
	profile.subject_match = "/O=ACME/CN=*";
	ok(is(&f, MC_BAD_SUBJECT, "subject-match"));
	profile.subject_match = NULL;
	/* a challenge beside it does not matter */
	f.challenge_given = true;
	ok(is(&f, MC_GRANTED, ""));
}

int
main(void)
{
	AUTO(EVP_PKEY) *key = EVP_RSA_gen(2048);
	AUTO(X509_NAME) *asked = name("/CN=Alice");
	struct mc_certificate old = { .not_before = 100,
		.not_after = 1000,
		.state = MC_CERTIFICATE_VALID,
		.profile = (char[]){ "wifi" } };

	other = ec("P-256");
	good = (struct mc_policy_facts){ .now = 150,
		.profile = &profile,
		.challenge = &row,
		.challenge_given = true,
		.way = MC_WAY_CHALLENGE,
		.asked = asked,
		.key = key,
		.signer = key };
	renewal = (struct mc_policy_facts){ .now = 500,
		.profile = &profile,
		.way = MC_WAY_RENEWAL,
		.renewed = &old,
		.renewed_subject = asked,
		.renewed_names = "dns:a.example.com",
		.asked = asked,
		.key = key,
		.signer = other };
	ok(is(&good, MC_GRANTED, "granted"));
	challenges();
	others();
	subjects();
	patterns();
	nameless();
	names();
	keys();
	renewals();
	EVP_PKEY_free(other);
	ok(ERR_peek_error() == 0);
	return done();
}

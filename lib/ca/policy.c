/* SPDX-License-Identifier: ISC */
#include "ca/policy.h"

#include "base/subject.h"
#include "crypto/name.h"
#include "crypto/names.h"

struct mc_verdict
mc_verdict_new(enum mc_verdict_code code, const char *why)
{
	static const char *const told[] = {
		[MC_GRANTED] = NULL,
		[MC_WAITING] = "the request waits for approval",
		[MC_BAD_KEY] = "the key or the digest is not one that this CA "
			       "accepts",
		[MC_BAD_CHALLENGE] = "the challenge password is not valid",
		[MC_BAD_SUBJECT] = "the subject is not one that may be asked "
				   "for here",
		[MC_BAD_NAMES] = "the subject alternative names are not ones "
				 "that may be asked for here",
		[MC_BAD_CSR] = "the certification request is not valid",
		[MC_BAD_SIGNER] = "the message is not signed by the key to be "
				  "certified",
		[MC_BAD_RENEWAL] = "the certificate that signed the message "
				   "cannot be renewed",
		[MC_WITHDRAWN] = "the certificate of this request was revoked",
		[MC_REJECTED] = "the request was rejected",
		[MC_TOO_MANY] = "too many requests have failed: try again "
				"later",
		[MC_NO_REQUEST] = "there is no such request",
	};

	return (struct mc_verdict){ code, told[code], why };
}

static const char *
key_fault(const struct mc_policy_facts *f)
{
	const struct mc_ca_profile *p = f->profile;
	struct mc_err unused = MC_ERR_INIT;
	bool rsa;

	if (!f->key || !mc_key_check(f->key, p->rsa_min, &unused))
		return "a key of the wrong kind or size";
	rsa = !EVP_PKEY_is_a(f->key, "EC");
	if (rsa && p->keys == MC_KEYS_EC)
		return "an RSA key, where EC is asked for";
	if (!rsa && p->keys == MC_KEYS_RSA)
		return "an EC key, where RSA is asked for";
	if (rsa && EVP_PKEY_get_bits(f->key) > (int)p->rsa_max)
		return "an RSA key with too many bits";
	return NULL;
}

/* Where the challenge names none, not the path that the request took. */
static bool
profile_good(const struct mc_challenge *c, const struct mc_ca_profile *p)
{
	const char *of = c->profile ? c->profile : MC_CA_PROFILE_DEFAULT;

	return strcmp(of, MC_CHALLENGE_ANY) == 0 || strcmp(of, p->name) == 0;
}

static const char *
challenge_fault(const struct mc_policy_facts *f)
{
	const struct mc_challenge *c = f->challenge;

	if (!f->challenge_given)
		return "no challenge";
	if (!c)
		return "unknown challenge";
	if (c->revoked_at)
		return "the challenge was revoked";
	if (c->used >= c->uses)
		return "the challenge was used by another request";
	if (f->now >= c->expires)
		return "the challenge has expired";
	if (!profile_good(c, f->profile))
		return "the challenge is for another profile";
	return NULL;
}

static const char *
renewal_fault(const struct mc_policy_facts *f)
{
	const struct mc_ca_profile *p = f->profile;
	const struct mc_certificate *old = f->renewed;
	const char *of;

	if (!p->renew)
		return "renewals are not allowed";
	if (!old)
		return "the certificate to renew is not on record";
	of = old->profile && *old->profile ? old->profile
					   : MC_CA_PROFILE_DEFAULT;
	if (old->state != MC_CERTIFICATE_VALID)
		return "the certificate to renew was revoked";
	if (f->now < old->not_before || f->now >= old->not_after)
		return "the certificate to renew is not in date";
	if (strcmp(of, p->name) != 0)
		return "the certificate to renew is of another profile";
	if (p->renew_window && f->now < old->not_after - p->renew_window)
		return "it is too early to renew the certificate";
	if (p->renew_max && f->successors >= p->renew_max)
		return "the certificate to renew was renewed too often";
	if (!p->renew_same_key && mc_key_equal(f->key, f->signer))
		return "a renewal needs a new key";
	return NULL;
}

/* What vouches for it here; elsewhere somebody else does. */
static struct mc_verdict
vouched(const struct mc_policy_facts *f)
{
	const char *fault = NULL;

	if (f->way == MC_WAY_ADMIN)
		return mc_verdict_new(MC_GRANTED, "granted");
	if (f->way == MC_WAY_RENEWAL) {
		fault = renewal_fault(f);
		return mc_verdict_new(fault ? MC_BAD_RENEWAL : MC_GRANTED,
		    fault ? fault : "granted");
	}
	if (f->way == MC_WAY_CHALLENGE || f->way == MC_WAY_HMAC)
		fault = challenge_fault(f);
	if (fault)
		return mc_verdict_new(MC_BAD_CHALLENGE, fault);
	if (!f->signer || !mc_key_equal(f->key, f->signer))
		return mc_verdict_new(MC_BAD_SIGNER,
		    "the signer's key is not the one to be certified");
	return mc_verdict_new(MC_GRANTED, "granted");
}

/* A star is anything, also nothing. */
static bool
glob(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL;

	while (*text)
		if (*pattern == '*') {
			star = pattern++;
			retry = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++retry;
		} else {
			return false;
		}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* A name part by part beside its pattern. */
struct match {
	const X509_NAME *name;
	int at;
	bool good;
};

static bool
part_match(void *ctx, const char *type, const char *value, struct mc_err *e)
{
	struct match *m = ctx;
	const X509_NAME_ENTRY *part = X509_NAME_get_entry(m->name, m->at++);
	AUTO(ASN1_OBJECT) *want = OBJ_txt2obj(type, 0);
	AUTO_BUF text = MC_BUF_INIT;

	ERR_clear_error();
	m->good = m->good && part && want &&
	    OBJ_cmp(want, X509_NAME_ENTRY_get_object(part)) == 0 &&
	    mc_asn1_text(X509_NAME_ENTRY_get_data(part), &text, e) &&
	    glob(value, mc_buf_str(&text));
	return true;
}

/* The same parts in the same order; a failure to look is no match. */
bool
mc_policy_subject_match(const X509_NAME *name, const char *pattern)
{
	struct mc_err unused = MC_ERR_INIT;
	struct match m = { name, 0, true };

	return mc_subject_read(pattern, part_match, &m, &unused) && m.good &&
	    m.at == X509_NAME_entry_count(name);
}

const X509_NAME *
mc_policy_subject(const struct mc_policy_facts *f)
{
	if (f->way == MC_WAY_RENEWAL)
		return f->renewed_subject;
	if (f->profile->subject == MC_SUBJECT_NONE && f->way != MC_WAY_ADMIN)
		return NULL;
	return f->bound ? f->bound : f->asked;
}

static bool
nameless(const X509_NAME *name)
{
	return !name || X509_NAME_entry_count(name) == 0;
}

/* The challenge's, whatever is asked; a renewal has none to impose. */
static bool
imposed(const struct mc_policy_facts *f)
{
	return f->profile->subject == MC_SUBJECT_IMPOSE && f->bound &&
	    f->way != MC_WAY_RENEWAL;
}

static const char *
subject_fault(const struct mc_policy_facts *f)
{
	const X509_NAME *to_be = mc_policy_subject(f);

	/* a profile without subjects does not look at what is asked */
	if (nameless(to_be))
		return f->profile->subject == MC_SUBJECT_NONE ? NULL
							      : "no subject";
	if (!imposed(f) && (!f->asked || X509_NAME_cmp(to_be, f->asked) != 0))
		return f->way == MC_WAY_RENEWAL
		    ? "another subject than the old certificate's"
		    : "another subject than the challenge's";
	if (f->profile->subject_match &&
	    !mc_policy_subject_match(to_be, f->profile->subject_match))
		return "the subject does not match the profile's subject-match";
	return NULL;
}

const char *
mc_policy_names(const struct mc_policy_facts *f)
{
	bool challenged = f->way == MC_WAY_CHALLENGE || f->way == MC_WAY_HMAC;

	if (f->way == MC_WAY_RENEWAL)
		return f->renewed_names;
	if (f->profile->names == MC_FROM_NOWHERE && f->way != MC_WAY_ADMIN)
		return NULL;
	if (challenged && f->challenge && f->challenge->names)
		return f->challenge->names;
	if (challenged && f->profile->names == MC_FROM_CHALLENGE)
		return NULL;
	return f->asked_names;
}

static const char *
names_fault(const struct mc_policy_facts *f)
{
	const struct mc_ca_profile *p = f->profile;
	const char *to_be = mc_policy_names(f);
	struct mc_err unused = MC_ERR_INIT;

	/* a profile without names does not look at what is asked */
	if (f->asked_names && p->names != MC_FROM_NOWHERE &&
	    !mc_names_equal(f->asked_names, to_be))
		return f->way == MC_WAY_RENEWAL
		    ? "other names than the old certificate's"
		    : "other names than the challenge's";
	if (!to_be && nameless(mc_policy_subject(f)))
		return "neither a subject nor names";
	if (to_be && p->names_match &&
	    !mc_names_match(to_be, p->names_match, &unused))
		return "the names do not match the profile's names-match";
	return NULL;
}

struct mc_verdict
mc_policy_check(const struct mc_policy_facts *f)
{
	const char *fault = key_fault(f);
	struct mc_verdict v;

	if (fault)
		return mc_verdict_new(MC_BAD_KEY, fault);
	/* who has nothing that vouches for him learns nothing else */
	v = vouched(f);
	if (v.code != MC_GRANTED)
		return v;
	fault = subject_fault(f);
	if (fault)
		return mc_verdict_new(MC_BAD_SUBJECT, fault);
	fault = names_fault(f);
	if (fault)
		return mc_verdict_new(MC_BAD_NAMES, fault);
	return v;
}

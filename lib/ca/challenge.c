/* SPDX-License-Identifier: ISC */
#include "ca/challenge.h"

#include "ca/conf.h"
#include "ca/spell.h"
#include "crypto/envelope.h"

#define TTL_MAX (MC_DAY * 365 * 10)
#define USES_MAX 1000000

bool
mc_challenge_hash(
    const struct mc_buf *text, char out[static MC_SHA256_HEX], struct mc_err *e)
{
	return mc_sha256_hex(
	    text->data ? (const void *)text->data : "", text->len, out, e);
}

bool
mc_challenge_spec_check(const struct mc_challenge_spec *spec, struct mc_err *e)
{
	const char *p = spec->profile;
	size_t n = p ? strspn(p,
			   "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
		     : 0;

	if (spec->ttl < 0 || spec->ttl > TTL_MAX)
		return mc_fail(e, MC_USAGE,
		    "a challenge lives for at least a second and at most ten "
		    "years");
	if (spec->uses > USES_MAX)
		return mc_fail(
		    e, MC_USAGE, "a challenge has at most %d uses", USES_MAX);
	if (p && strcmp(p, MC_CHALLENGE_ANY) != 0 &&
	    (n == 0 || p[n] || n >= MC_CA_PROFILE_NAME))
		return mc_fail(
		    e, MC_USAGE, "\"%.64s\": not a profile's name", p);
	return mc_owner_check(spec->owner, e) && mc_user_check(spec->user, e);
}

/* For the RA alone, which has to open what was encrypted with it. */
static bool
seal(const struct mc_buf *text, X509 *ra, struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_certs_lent) *certs = sk_X509_new_null();

	if (!certs || sk_X509_push(certs, ra) <= 0)
		return mc_fail_memory(e);
	return mc_envelope_seal(text, certs, MC_AES256_CBC, to, e);
}

static bool
spell(const struct mc_challenge_spec *spec, struct mc_challenge *c,
    struct mc_err *e)
{
	AUTO_BUF subject = MC_BUF_INIT;
	AUTO_BUF names = MC_BUF_INIT;

	if ((spec->subject && !mc_spell_subject(spec->subject, &subject, e)) ||
	    (spec->names && !mc_spell_names(spec->names, &names, e)))
		return false;
	return mc_spell_copy((char *)subject.data, &c->subject, e) &&
	    mc_spell_copy((char *)names.data, &c->names, e) &&
	    mc_spell_copy(spec->owner, &c->owner, e) &&
	    mc_spell_copy(spec->user, &c->user, e) &&
	    mc_spell_copy(spec->profile ? spec->profile : MC_CA_PROFILE_DEFAULT,
		&c->profile, e);
}

bool
mc_challenge_new(struct mc_store *s, const struct mc_challenge_spec *spec,
    struct mc_buf *text, struct mc_err *e)
{
	AUTO_CHALLENGE c = { .uses = spec->uses ? spec->uses : 1 };
	AUTO_BUF fresh = MC_BUF_INIT;

	if (!mc_challenge_spec_check(spec, e) || !spell(spec, &c, e) ||
	    !mc_rand_hex(&fresh, e) || !mc_challenge_hash(&fresh, c.hash, e))
		return false;
	if (spec->ra && !seal(&fresh, spec->ra, &c.sealed, e))
		return mc_note(e, "challenge");
	c.created = mc_time_now();
	c.expires = c.created + (spec->ttl ? spec->ttl : MC_CHALLENGE_TTL);
	return mc_store_challenge_add(s, &c, e) &&
	    mc_buf_add(text, fresh.data, fresh.len, e);
}

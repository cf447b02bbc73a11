/* SPDX-License-Identifier: ISC */
#include "ca/challenge.h"

#include "base/time.h"
#include "crypto/name.h"
#include "store/certificate.h"

#define OWNER_MAX (MC_OWNER_TEXT - 1)
#define TTL_MAX (MC_DAY * 365 * 10)

bool
mc_challenge_hash(
    const struct mc_buf *text, char out[static MC_SHA256_HEX], struct mc_err *e)
{
	return mc_sha256_hex(
	    text->data ? (const void *)text->data : "", text->len, out, e);
}

/* Every name in the store is spelled the same way. */
static bool
spelled(const char *subject, struct mc_buf *to, struct mc_err *e)
{
	AUTO(X509_NAME) *name = NULL;

	return (mc_name_parse(subject, &name, e) &&
		   mc_name_encode(name, to, e)) ||
	    mc_note(e, "subject");
}

/* It is shown in tables: a line each. */
static bool
owner_check(const char *owner, struct mc_err *e)
{
	size_t n = owner ? strlen(owner) : 0;

	if (owner && (n == 0 || n > OWNER_MAX))
		return mc_fail(e, MC_USAGE,
		    "an owner has at least one character, and %d at most",
		    OWNER_MAX);
	for (size_t i = 0; i < n; i++)
		if (owner[i] <= ' ' || owner[i] > '~')
			return mc_fail(e, MC_USAGE,
			    "an owner is printable ASCII without blanks");
	return true;
}

bool
mc_challenge_new(struct mc_store *s, const struct mc_challenge_spec *spec,
    struct mc_buf *text, struct mc_err *e)
{
	int64_t ttl = spec->ttl ? spec->ttl : MC_CHALLENGE_TTL;
	struct mc_challenge c = { .created = mc_time_now() };
	AUTO_BUF subject = MC_BUF_INIT;
	AUTO_BUF owner = MC_BUF_INIT;
	AUTO_BUF fresh = MC_BUF_INIT;

	if (ttl <= 0 || ttl > TTL_MAX)
		return mc_fail(e, MC_USAGE,
		    "a challenge lives for at least a second and at most ten "
		    "years");
	if (!owner_check(spec->owner, e) ||
	    (spec->owner && !mc_buf_puts(&owner, spec->owner, e)) ||
	    (spec->subject && !spelled(spec->subject, &subject, e)) ||
	    !mc_rand_hex(&fresh, e) || !mc_challenge_hash(&fresh, c.hash, e))
		return false;
	c.expires = c.created + ttl;
	c.subject = (char *)subject.data;
	c.owner = (char *)owner.data;
	return mc_store_challenge_add(s, &c, e) &&
	    mc_buf_add(text, fresh.data, fresh.len, e);
}

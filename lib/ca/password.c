/* SPDX-License-Identifier: ISC */
#include "ca/password.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include "base/fd.h"
#include "ca/budget.h"
#include "ca/challenge.h"
#include "crypto/envelope.h"
#include "store/certificate.h"
#include "store/request.h"

#define LOCK "search.lock"
#define LOCK_TRIES 40
#define LOCK_WAIT (50L * 1000 * 1000) /* ns: 2 s altogether */

/* Copies: deriving keys takes its time, and the store is not to wait. */
struct sealed {
	struct {
		char hash[MC_SHA256_HEX];
		struct mc_buf der;
	} v[MC_CHALLENGE_SEALED_MAX];
	size_t n, most;
};

static void
sealed_clear(struct sealed *s)
{
	for (size_t i = 0; i < s->n; i++)
		mc_buf_clear(&s->v[i].der);
}
#define AUTO_SEALED __attribute__((cleanup(sealed_clear))) struct sealed

static bool
add(struct sealed *s, const struct mc_challenge *c, struct mc_err *e)
{
	memcpy(s->v[s->n].hash, c->hash, sizeof(c->hash));
	s->v[s->n].der = (struct mc_buf)MC_BUF_INIT;
	return mc_buf_add(&s->v[s->n++].der, c->sealed.data, c->sealed.len, e);
}

/* One that is used up opens its own request and no other. */
static bool
collect(void *ctx, const struct mc_challenge *c, struct mc_err *e)
{
	struct sealed *s = ctx;

	if (s->n == s->most || c->used >= c->uses ||
	    (s->n > 0 && strcmp(s->v[0].hash, c->hash) == 0))
		return true;
	return add(s, c, e);
}

struct own {
	char signer[MC_SHA256_HEX];
	char hash[MC_SHA256_HEX]; /* of its challenge, or "" */
};

/* The newest comes first. */
static bool
own_see(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct own *own = ctx;

	(void)e;
	if (!own->hash[0] && strcmp(c->signer, own->signer) == 0)
		memcpy(own->hash, c->challenge, sizeof(own->hash));
	return true;
}

/* What this key's request of this transaction has used. */
static bool
own_find(const struct mc_ca *ca, const struct mc_issue_request *r,
    struct own *own, struct mc_err *e)
{
	const struct mc_certificate_filter filter = { .now = mc_time_now(),
		.transaction = r->transaction };
	AUTO_REQUEST waiting = { 0 };
	bool found = false;

	if (!r->transaction || !r->signer)
		return true;
	if (!mc_key_sha256(X509_get0_pubkey(r->signer), own->signer, e) ||
	    !mc_store_certificate_list(ca->store, &filter, own_see, own, e))
		return false;
	if (own->hash[0])
		return true;
	if (!mc_store_request_find_poll(
		ca->store, r->transaction, own->signer, &waiting, &found, e))
		return false;
	if (found)
		memcpy(own->hash, waiting.challenge, sizeof(own->hash));
	return true;
}

static bool
own_collect(const struct mc_ca *ca, const struct mc_issue_request *r,
    struct sealed *to, struct mc_err *e)
{
	struct own own = { "", "" };
	AUTO_CHALLENGE c = { 0 };
	bool found = false;

	if (!own_find(ca, r, &own, e) ||
	    (own.hash[0] &&
		!mc_store_challenge_find(ca->store, own.hash, &c, &found, e)))
		return false;
	return !found || c.sealed.len == 0 || c.revoked_at != 0 ||
	    c.expires <= mc_time_now() || add(to, &c, e);
}

/*
 * About once in 256 times a key that is not the one yields something: the
 * hash tells.  An RA that was retired leaves challenges that nobody reads.
 */
static bool
unseal(const struct mc_ca *ca, const struct mc_buf *der, const char *hash,
    struct mc_buf *text)
{
	struct mc_err unused = MC_ERR_INIT;
	char has[MC_SHA256_HEX];

	for (size_t i = 0; i < ca->ras; i++) {
		mc_buf_clear(text);
		if (ca->ra[i].key &&
		    mc_envelope_is_for(der, ca->ra[i].cert, false) &&
		    mc_envelope_open(der, ca->ra[i].cert, ca->ra[i].key, false,
			text, &unused) &&
		    mc_challenge_hash(text, has, &unused) &&
		    strcmp(has, hash) == 0)
			return true;
	}
	return false;
}

static bool
search(const struct mc_ca *ca, const struct mc_password_search *how,
    struct mc_buf *text, bool *found, struct mc_err *e)
{
	AUTO_SEALED all = { .most = MC_CHALLENGE_SEALED_MAX };

	if (how->rounds == 0)
		return mc_fail(e, MC_USAGE, "a search without rounds");
	if (MC_PBKDF2_SEARCH / how->rounds < all.most)
		all.most = MC_PBKDF2_SEARCH / how->rounds;
	if (!own_collect(ca, how->asked, &all, e) ||
	    !mc_store_challenge_list_sealed(
		ca->store, mc_time_now(), collect, &all, e))
		return false;
	for (size_t i = 0; i < all.n && !*found; i++) {
		AUTO_BUF one = MC_BUF_INIT;

		if (!unseal(ca, &all.v[i].der, all.v[i].hash, &one) ||
		    !how->try(how->ctx, &one))
			continue;
		if (!mc_buf_add(text, one.data, one.len, e))
			return false;
		*found = true;
	}
	return true;
}

/* Whoever sends many at once gets no more of this machine for it. */
static bool
lock(const struct mc_ca *ca, int *fd, struct mc_err *e)
{
	static const struct timespec wait = { .tv_nsec = LOCK_WAIT };
	AUTO_BUF path = MC_BUF_INIT;

	if (!ca->conf->dir)
		return true;
	if (!mc_path_join(ca->conf->dir, LOCK, &path, e))
		return false;
	*fd = open(
	    mc_buf_str(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd == -1)
		return mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&path));
	for (int i = 0; flock(*fd, LOCK_EX | LOCK_NB) == -1; i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&path));
		if (i == LOCK_TRIES)
			return mc_fail(e, MC_RETRY,
			    "%s: other envelopes are searched for their "
			    "challenge; try again",
			    mc_buf_str(&path));
		(void)nanosleep(&wait, NULL);
	}
	return true;
}

bool
mc_issue_password_find(const struct mc_ca *ca,
    const struct mc_password_search *how, struct mc_buf *text,
    enum mc_password_outcome *out, struct mc_err *e)
{
	AUTO_FD fd = -1;
	bool found = false, left = true;

	*out = MC_PASSWORD_NONE;
	if (!how->dry &&
	    (!lock(ca, &fd, e) || !mc_budget_take(ca, how->who, &left, e)))
		return false;
	if (!left) {
		*out = MC_PASSWORD_TOO_MANY;
		return true;
	}
	if (!search(ca, how, text, &found, e))
		return false;
	if (!found)
		return true;
	*out = MC_PASSWORD_FOUND;
	return how->dry || mc_budget_return(ca, how->who, e);
}

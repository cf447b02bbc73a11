/* SPDX-License-Identifier: ISC */
#include "ca/job.h"

/* Anybody may ask for approval; people do not read more than that. */
#define PENDING_MAX 10000
#define PENDING_KEY 3 /* of one requester, who may have to begin again */
#define PURGE_MAX 100 /* with each that comes */

/* As it was when the request came: a poll brings no key. */
static bool
key_read(struct mc_job *j, struct mc_err *e)
{
	const struct mc_buf *der = &j->waiting.key;
	const unsigned char *at = der->data;

	if (j->key)
		return true;
	j->key = der->len > 0 && der->len <= INT_MAX
	    ? d2i_PUBKEY(NULL, &at, (long)der->len)
	    : NULL;
	if (!j->key || at != der->data + der->len) {
		ERR_clear_error();
		return mc_fail(e, MC_INTERNAL, "the key of request %lld",
		    (long long)j->waiting.id);
	}
	return true;
}

static bool
elsewhere_refuse(struct mc_job *j, struct mc_err *e)
{
	return mc_job_refuse(
	    j, MC_BAD_CSR, "it was asked of another profile before", e);
}

static bool
elsewhere_find(struct mc_job *j, const char *key, bool *found, struct mc_err *e)
{
	AUTO_CERTIFICATE row = { 0 };
	AUTO_REQUEST waiting = { 0 };

	return mc_store_certificate_find_request(
		   j->ca->store, key, &row, found, e) &&
	    (*found ||
		mc_store_request_find(j->ca->store, key, &waiting, found, e));
}

/* A renewal is its certificate's, and the administrator's own always new. */
bool
mc_job_elsewhere(struct mc_job *j, struct mc_err *e)
{
	const struct mc_ca_conf *conf = j->ca->conf;
	char key[MC_SHA256_HEX];
	bool found = false;

	if (j->renewal || !j->asked->signer || !j->asked->csr)
		return true;
	for (size_t i = 0; i < conf->n && !found; i++)
		if (strcmp(conf->profile[i].name, j->at->name) != 0 &&
		    (!mc_job_key(
			 j, j->row.csr, conf->profile[i].name, "", key, e) ||
			!elsewhere_find(j, key, &found, e)))
			return false;
	return !found || elsewhere_refuse(j, e);
}

/* What waits is this profile's, or a renewal, which is no path's. */
static bool
poll_check(struct mc_job *j, struct mc_err *e)
{
	const struct mc_request *w = &j->waiting;
	char key[MC_SHA256_HEX];

	return mc_job_key(j, w->csr, j->at->name, w->replaces, key, e) &&
	    (strcmp(key, w->request) == 0 || elsewhere_refuse(j, e));
}

bool
mc_job_poll(struct mc_job *j, struct mc_err *e)
{
	bool found = false;

	mc_request_clear(&j->waiting);
	if (!mc_store_request_find_poll(j->ca->store, j->asked->transaction,
		j->row.signer, &j->waiting, &found, e))
		return false;
	if (!found)
		return mc_job_refuse(
		    j, MC_NO_REQUEST, "nothing waits for this poll", e);
	if (!poll_check(j, e))
		return false;
	memcpy(j->row.request, j->waiting.request, sizeof(j->row.request));
	memcpy(j->row.csr, j->waiting.csr, sizeof(j->row.csr));
	return key_read(j, e);
}

/* A renewal that waited long: what it renews must not have been taken back. */
static bool
still_renewable(struct mc_job *j, struct mc_err *e)
{
	const char *serial = j->waiting.replaces;

	mc_certificate_clear(&j->old);
	if (!*serial)
		return true;
	if (!mc_store_certificate_find(
		j->ca->store, serial, &j->old, &j->old_found, e))
		return false;
	if (!j->old_found || j->old.state != MC_CERTIFICATE_VALID)
		return mc_job_refuse(j, MC_BAD_RENEWAL,
		    "the certificate to renew was revoked while this waited",
		    e);
	if (j->now < j->old.not_before || j->now >= j->old.not_after)
		return mc_job_refuse(j, MC_BAD_RENEWAL,
		    "the certificate to renew ended while this waited", e);
	if (!mc_store_certificate_count_replaced(
		j->ca->store, serial, j->now, &j->successors, e))
		return false;
	return !j->profile->renew_max ||
	    j->successors < j->profile->renew_max ||
	    mc_job_refuse(j, MC_BAD_RENEWAL,
		"the certificate to renew was renewed too often", e);
}

/* What was approved is what is issued, whatever is asked for now. */
static bool
approved(struct mc_job *j, struct mc_err *e)
{
	const struct mc_request *w = &j->waiting;
	struct mc_certificate *row = &j->row;

	j->profile = mc_ca_conf_profile_find(j->ca->conf, w->profile);
	if (!j->profile)
		return mc_fail(e, MC_USAGE,
		    "request %lld is for the profile %.64s, which ca.conf has "
		    "no more",
		    (long long)w->id, w->profile);
	row->way = MC_WAY_APPROVAL;
	memcpy(row->challenge, w->challenge, sizeof(row->challenge));
	memcpy(row->replaces, w->replaces, sizeof(row->replaces));
	return key_read(j, e) && still_renewable(j, e) &&
	    mc_spell_copy(w->subject, &row->subject, e) &&
	    mc_spell_copy(w->names, &row->names, e) &&
	    mc_spell_copy(w->owner, &row->owner, e) &&
	    mc_spell_copy(w->user, &row->user, e);
}

bool
mc_job_waits(struct mc_job *j, bool *found, struct mc_err *e)
{
	struct mc_request *w = &j->waiting;

	mc_request_clear(w);
	if (!mc_store_request_find(j->ca->store, j->row.request, w, found, e))
		return false;
	if (!*found)
		return true;
	switch (w->state) {
	case MC_REQUEST_PENDING:
		if (j->now >= w->expires)
			return mc_job_refuse(j, MC_REJECTED,
			    "nobody has approved it in time", e);
		j->hold = true;
		j->verdict = mc_verdict_new(MC_WAITING, "not yet approved");
		return true;
	case MC_REQUEST_APPROVED:
		return approved(j, e);
	case MC_REQUEST_REJECTED:
		return mc_job_refuse(j, MC_REJECTED, "it was rejected", e);
	case MC_REQUEST_ISSUED:
		break;
	}
	return mc_fail(e, MC_INTERNAL,
	    "request %lld was issued, but has no certificate",
	    (long long)w->id);
}

/* Lent strings, which the store copies. */
static bool
describe(const struct mc_job *j, struct mc_request *w, struct mc_err *e)
{
	const struct mc_certificate *row = &j->row;
	unsigned char *der = NULL;

	if (!mc_der_take(
		&der, i2d_PUBKEY(j->key, &der), "public key", &w->key, e))
		return false;
	memcpy(w->request, row->request, sizeof(w->request));
	memcpy(w->signer, row->signer, sizeof(w->signer));
	memcpy(w->csr, row->csr, sizeof(w->csr));
	memcpy(w->challenge, row->challenge, sizeof(w->challenge));
	memcpy(w->replaces, row->replaces, sizeof(w->replaces));
	w->created = j->now;
	w->expires = j->now + j->ca->conf->pending_lifetime;
	return mc_spell_copy(j->asked->transaction, &w->transaction, e) &&
	    mc_spell_copy(j->profile->name, &w->profile, e) &&
	    mc_spell_copy(row->subject, &w->subject, e) &&
	    mc_spell_copy(row->names, &w->names, e) &&
	    mc_spell_copy(row->owner, &w->owner, e) &&
	    mc_spell_copy(row->user, &w->user, e) &&
	    mc_spell_copy(j->asked->source, &w->source, e);
}

/* Not for what has failed, as MC_TOO_MANY is elsewhere. */
static bool
room_refuse(struct mc_job *j, const char *why, struct mc_err *e)
{
	(void)mc_job_refuse(j, MC_TOO_MANY, why, e);
	j->verdict.told = "too many requests wait for approval; ask again "
			  "later";
	return false;
}

static bool
room_check(struct mc_job *j, struct mc_err *e)
{
	const unsigned most = j->ca->conf->pending_limit;
	const char *source = j->asked->source;
	struct mc_store *s = j->ca->store;
	int64_t all = 0, here = 0, of_key = 0;

	if (!mc_store_request_count(s, j->now, &all, e) ||
	    !mc_store_request_count_signer(
		s, j->now, j->row.signer, &of_key, e) ||
	    (source &&
		!mc_store_request_count_source(s, j->now, source, &here, e)))
		return false;
	if (all >= PENDING_MAX)
		return room_refuse(
		    j, "too many requests wait for approval already", e);
	if (of_key >= PENDING_KEY)
		return room_refuse(
		    j, "too many requests of this key wait already", e);
	return !most || here < most ||
	    room_refuse(
		j, "too many requests from this source wait already", e);
}

/* What is over is kept for as long again, for those who ask what came of it. */
static bool
purge(const struct mc_job *j, struct mc_err *e)
{
	unsigned unused;

	return mc_store_request_purge(j->ca->store,
	    j->now - j->ca->conf->pending_lifetime, PURGE_MAX, &unused, e);
}

bool
mc_job_wait(struct mc_job *j, struct mc_err *e)
{
	struct mc_store *s = j->ca->store;
	AUTO_REQUEST w = { 0 };
	bool found = false;

	if (!room_check(j, e))
		return false;
	j->verdict = mc_verdict_new(MC_WAITING, "a person has to approve it");
	if (j->dry)
		return true;
	return purge(j, e) && describe(j, &w, e) &&
	    mc_job_challenge_keep(j, e) && mc_store_request_add(s, &w, e) &&
	    (!w.challenge[0] ||
		mc_store_challenge_use(s, w.challenge, w.request, e)) &&
	    mc_store_request_find(s, w.request, &j->waiting, &found, e) &&
	    mc_store_commit(s, e);
}

static bool
decide(struct mc_store *s, int64_t waiting, bool yes, const char *by,
    const char *reason, struct mc_err *e)
{
	enum mc_request_state to = yes ? MC_REQUEST_APPROVED
				       : MC_REQUEST_REJECTED;
	int64_t now = mc_time_now();
	bool found = false, changed = false;
	AUTO_REQUEST w = { 0 };
	char when[MC_TIME_TEXT];

	if (!mc_store_request_find_id(s, waiting, &w, &found, e))
		return false;
	if (!found)
		return mc_fail(
		    e, MC_NOINPUT, "%lld: no such request", (long long)waiting);
	if (w.state != MC_REQUEST_PENDING)
		return mc_fail(e, MC_DENIED, "%lld: does not wait: it is %s",
		    (long long)waiting, mc_request_state_name(w.state));
	if (now >= w.expires)
		return mc_fail(e, MC_DENIED,
		    "%lld: has waited too long, until %s", (long long)waiting,
		    mc_time_format(w.expires, when));
	return mc_store_request_decide(s, waiting, MC_REQUEST_PENDING, to, now,
		   by, reason, &changed, e) &&
	    mc_store_commit(s, e);
}

bool
mc_issue_decide(struct mc_store *s, int64_t waiting, bool yes, const char *by,
    const char *reason, struct mc_err *e)
{
	bool done = mc_store_begin(s, e) &&
	    decide(s, waiting, yes, by, reason, e);

	mc_store_rollback(s);
	return done;
}

/* SPDX-License-Identifier: ISC */
#include "ca/issue.h"

#include <stdlib.h>

#include "ca/job.h"

void
mc_job_clear(struct mc_job *j)
{
	EVP_PKEY_free(j->key);
	X509_REQ_free(j->csr);
	X509_NAME_free(j->name);
	mc_buf_clear(&j->names);
	mc_buf_clear(&j->old_names);
	mc_challenge_clear(&j->challenge);
	mc_certificate_clear(&j->old);
	mc_request_clear(&j->waiting);
	mc_certificate_clear(&j->row);
	free(j->decision.subject);
	free(j->decision.names);
	free(j->decision.owner);
	free(j->decision.user);
	free(j->decision.profile);
}

bool
mc_job_refuse(struct mc_job *j, enum mc_verdict_code code, const char *why,
    struct mc_err *e)
{
	j->verdict = mc_verdict_new(code, why);
	return mc_fail(e, MC_DENIED, "%s", why);
}

bool
mc_job_refuse_noted(struct mc_job *j, enum mc_verdict_code code)
{
	j->verdict = mc_verdict_new(code, "");
	return false;
}

bool
mc_job_note(const struct mc_job *j, const char *serial, const char *what,
    const char *note, struct mc_err *e)
{
	return mc_store_history_add(j->ca->store,
	    &(struct mc_history){
		serial, j->now, what, j->asked->source, note },
	    e);
}

/* The last one that the same words of the administrator's have made. */
static bool
last_find(struct mc_job *j, struct mc_certificate *last, struct mc_err *e)
{
	bool there = true;

	while (there) {
		AUTO_CERTIFICATE row = { 0 };

		if (!mc_job_key(j, j->row.csr, j->at->name, last->serial,
			j->row.request, e) ||
		    !mc_store_certificate_find_request(
			j->ca->store, j->row.request, &row, &there, e))
			return false;
		if (!there)
			break;
		mc_certificate_clear(last);
		*last = row;
		row = (struct mc_certificate){ 0 };
	}
	return true;
}

static bool
recall_own(struct mc_job *j, bool *found, struct mc_err *e)
{
	AUTO_CERTIFICATE last = { 0 };

	if (!last_find(j, &last, e))
		return false;
	*found = *last.serial && !j->asked->another &&
	    last.state != MC_CERTIFICATE_REVOKED && last.not_after > j->now;
	if (*found) {
		mc_certificate_clear(&j->row);
		j->row = last;
		last = (struct mc_certificate){ 0 };
	}
	return true;
}

/* On record already? */
static bool
recall(struct mc_job *j, bool *found, struct mc_err *e)
{
	*found = false;
	if (j->asked->signer)
		return mc_job_known(j, found, e);
	return !j->asked->transaction || recall_own(j, found, e);
}

static bool
claim(struct mc_job *j, struct mc_err *e)
{
	bool found = false;

	if ((!j->asked->csr && !mc_job_poll(j, e)) || !recall(j, &found, e))
		return false;
	if (found) {
		mc_job_repeat(j);
		return true;
	}
	if (j->asked->signer && !mc_job_waits(j, &found, e))
		return false;
	if (found)
		return j->hold || j->dry || mc_job_intend(j, e);
	if (!mc_job_elsewhere(j, e) || !mc_job_budget(j, e) ||
	    !mc_job_vouch(j, e))
		return false;
	if (j->hold)
		return mc_job_wait(j, e);
	return j->ask || j->dry || mc_job_intend(j, e);
}

/* The first transaction, from the beginning each time. */
static bool
claim_alone(struct mc_job *j, struct mc_err *e)
{
	bool done;

	j->ask = j->hold = j->found = j->on_record = j->old_found = false;
	j->now = mc_time_now();
	done = mc_store_begin(j->ca->store, e) && claim(j, e);
	mc_store_rollback(j->ca->store);
	return done;
}

/* A program may take its time: no transaction waits for it. */
static bool
settle(struct mc_job *j, struct mc_err *e)
{
	if (!mc_job_read(j, e) || !claim_alone(j, e))
		return false;
	if (!j->ask)
		return true;
	if (j->dry) {
		j->verdict = mc_verdict_new(MC_WAITING, "the program decides");
		return true;
	}
	return mc_job_ask(j, e) && claim_alone(j, e);
}

static bool
finish(struct mc_job *j, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;

	if (j->dry || j->verdict.code == MC_WAITING)
		return true;
	if (j->row.state == MC_CERTIFICATE_INTENT &&
	    (!mc_job_sign(j, &der, e) || !mc_job_record(j, &der, e)))
		return false;
	return mc_job_tell(j, e);
}

static bool
deliver(struct mc_job *j, struct mc_issued *out, struct mc_err *e)
{
	out->way = j->row.way;
	out->repeated = j->repeated;
	out->waiting = j->hold ? j->waiting.id : 0;
	return j->verdict.code == MC_WAITING ||
	    j->row.state != MC_CERTIFICATE_VALID ||
	    mc_cert_parse(j->row.der.data, j->row.der.len, &out->cert, e);
}

static bool
issue(struct mc_job *j, struct mc_issued *out, struct mc_err *e)
{
	bool done;

	j->profile = j->at;
	j->verdict = mc_verdict_new(MC_GRANTED, "granted");
	*out = (struct mc_issued){ 0 };
	done = settle(j, e) && finish(j, e) && deliver(j, out, e);
	if (!done && j->verdict.code == MC_WAITING)
		j->verdict = mc_verdict_new(MC_GRANTED, "granted");
	out->verdict = j->verdict;
	if (!done && j->verdict.code != MC_GRANTED)
		mc_job_failed(j);
	else if (!done && j->asked->signer && mc_http_status(e->code) < 500)
		/* our own records do not add up: not the requester's doing */
		e->code = MC_INTERNAL;
	return done;
}

bool
mc_issue(const struct mc_ca *ca, const struct mc_ca_profile *profile,
    const struct mc_issue_request *r, const struct mc_issue_hooks *hooks,
    struct mc_issued *out, struct mc_err *e)
{
	AUTO_JOB j = { .ca = ca, .at = profile, .asked = r, .hooks = hooks };

	return issue(&j, out, e);
}

bool
mc_issue_check(const struct mc_ca *ca, const struct mc_ca_profile *profile,
    const struct mc_issue_request *r, struct mc_issued *out, struct mc_err *e)
{
	AUTO_JOB j = { .ca = ca, .at = profile, .asked = r, .dry = true };

	return issue(&j, out, e);
}

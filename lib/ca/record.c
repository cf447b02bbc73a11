/* SPDX-License-Identifier: ISC */
#include "ca/job.h"

#include "base/text.h"
#include "crypto/crl.h"

/* A renewal that was promised, of what was taken back since. */
static bool
promise_check(struct mc_job *j, struct mc_err *e)
{
	AUTO_CERTIFICATE old = { 0 };
	bool found = false;

	if (j->row.state != MC_CERTIFICATE_INTENT || !j->row.replaces[0])
		return true;
	if (!mc_store_certificate_find(
		j->ca->store, j->row.replaces, &old, &found, e))
		return false;
	return !found || old.state != MC_CERTIFICATE_REVOKED ||
	    mc_job_refuse(j, MC_BAD_RENEWAL,
		"the certificate to renew was revoked since", e);
}

bool
mc_job_known(struct mc_job *j, bool *found, struct mc_err *e)
{
	AUTO_CERTIFICATE row = { 0 };

	if (!mc_store_certificate_find_request(
		j->ca->store, j->row.request, &row, found, e))
		return false;
	if (!*found)
		return true;
	mc_certificate_clear(&j->row);
	j->row = row;
	row = (struct mc_certificate){ 0 };
	if (j->row.state == MC_CERTIFICATE_REVOKED)
		return mc_job_refuse(
		    j, MC_WITHDRAWN, "its certificate was revoked since", e);
	return promise_check(j, e);
}

static const struct mc_ca_profile *
profile_of(const struct mc_job *j)
{
	return mc_ca_conf_profile_find(j->ca->conf, j->row.profile);
}

static bool
is_told(const struct mc_job *j)
{
	const struct mc_ca_profile *p = profile_of(j);

	return p && p->notify.v[0];
}

/* The old one goes only when the new one may be used. */
static bool
replace(struct mc_job *j, struct mc_err *e)
{
	const struct mc_ca_profile *p = profile_of(j);
	bool revoked = false;

	if (!p || !p->revoke_replaced || !j->row.replaces[0])
		return true;
	if (!mc_store_certificate_revoke(j->ca->store, j->row.replaces, j->now,
		MC_CRL_SUPERSEDED, &revoked, e))
		return false;
	return !revoked ||
	    mc_job_note(j, j->row.replaces, "revoked", j->row.serial, e);
}

/* In a transaction: from now on it may leave. */
static bool
release(struct mc_job *j, struct mc_err *e)
{
	return mc_store_certificate_told(
		   j->ca->store, j->row.serial, j->now, e) &&
	    replace(j, e);
}

static bool
finish(struct mc_job *j, const struct mc_buf *der, struct mc_err *e)
{
	struct mc_store *s = j->ca->store;
	bool mine = false;

	if (!mc_store_certificate_finish(s, j->row.serial, der, &mine, e))
		return false;
	/* another process has finished the same intent: its bytes count */
	if (!mine)
		return true;
	return promise_check(j, e) &&
	    mc_job_note(j, j->row.serial, "issued", NULL, e) &&
	    (!j->row.replaces[0] ||
		mc_job_note(j, j->row.replaces, "renewed", j->row.serial, e)) &&
	    (is_told(j) || release(j, e));
}

bool
mc_job_record(struct mc_job *j, const struct mc_buf *der, struct mc_err *e)
{
	struct mc_store *s = j->ca->store;
	bool found = false;
	bool done = mc_store_begin(s, e) && finish(j, der, e) &&
	    mc_job_known(j, &found, e) && mc_store_commit(s, e);

	mc_store_rollback(s);
	if (done && (!found || j->row.state != MC_CERTIFICATE_VALID))
		return mc_fail(e, MC_INTERNAL, "certificate was not recorded");
	return done;
}

static bool
notify(struct mc_job *j, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;
	struct mc_issue_facts f = {
		.asked = j->asked,
		.profile = profile_of(j),
		.way = j->row.way,
		.subject = j->row.subject,
		.names = j->row.names,
		.owner = j->row.owner,
		.user = j->row.user,
	};

	if (!mc_cert_parse(j->row.der.data, j->row.der.len, &cert, e))
		return false;
	f.cert = cert;
	return j->hooks->notify(j->hooks->ctx, &f, e);
}

/* In a transaction: it stays here, for what the program said. */
static bool
withdraw(struct mc_job *j, const struct mc_err *why, struct mc_err *e)
{
	static const char program[] = "notify: ";
	const char *said = why->text;
	bool revoked = false;
	AUTO_BUF note = MC_BUF_INIT;

	if (strncmp(said, program, sizeof(program) - 1) == 0)
		said += sizeof(program) - 1;
	if (!mc_buf_printf(
		&note, e, "notify failed%s%s", *said ? ": " : "", said))
		return false;
	mc_text_clean((char *)note.data);
	return mc_store_certificate_revoke(j->ca->store, j->row.serial, j->now,
		   MC_CRL_CESSATION, &revoked, e) &&
	    mc_job_note(j, j->row.serial, "revoked", mc_buf_str(&note), e);
}

/*
 * why is what failed, or NULL where those who are to know do.
 * What another process has found out in the meantime counts: a certificate
 * that has left is not taken back, one that was taken back does not leave.
 */
static bool
outcome(struct mc_job *j, const struct mc_err *why, struct mc_err *e)
{
	bool found = false;

	j->now = mc_time_now();
	if (!mc_job_known(j, &found, e))
		return false;
	if (!found)
		return mc_fail(e, MC_INTERNAL, "certificate is not on record");
	if (j->row.told)
		return true;
	if (why)
		return withdraw(j, why, e);
	return mc_job_note(j, j->row.serial, "told", NULL, e) && release(j, e);
}

static bool
outcome_commit(struct mc_job *j, const struct mc_err *why, struct mc_err *e)
{
	struct mc_store *s = j->ca->store;
	bool done = mc_store_begin(s, e) && outcome(j, why, e) &&
	    mc_store_commit(s, e);

	mc_store_rollback(s);
	return done;
}

bool
mc_job_tell(struct mc_job *j, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;
	bool good;

	if (j->row.told)
		return true;
	if (is_told(j) && (!j->hooks || !j->hooks->notify))
		return mc_fail(e, MC_INTERNAL, "nobody runs notify's program");
	good = !is_told(j) || notify(j, &why);
	if (!outcome_commit(j, good ? NULL : &why, e))
		return false;
	if (good || j->row.told)
		return true;
	*e = why;
	return mc_job_refuse_noted(j, MC_REJECTED);
}

void
mc_job_repeat(struct mc_job *j)
{
	struct mc_err unused = MC_ERR_INIT;

	j->repeated = j->row.state == MC_CERTIFICATE_VALID;
	/* a full disk is no reason to withhold what is there */
	if (!j->dry && j->repeated)
		(void)!(
		    mc_job_note(j, j->row.serial, "repeated", NULL, &unused) &&
		    mc_store_commit(j->ca->store, &unused));
}

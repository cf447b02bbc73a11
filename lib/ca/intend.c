/* SPDX-License-Identifier: ISC */
#include "ca/job.h"

#include <stdio.h>

#include "crypto/cert.h"

#define SERIAL_OCTETS 16

/* The generation that signs is the current one. */
static bool
validity_choose(struct mc_job *j, struct mc_err *e)
{
	struct mc_certificate *row = &j->row;
	int64_t since, until;

	if (!mc_cert_validity(j->ca->cert, &since, &until, e))
		return false;
	row->created = j->now;
	row->not_before = j->now - j->profile->backdate;
	if (row->not_before < since)
		row->not_before = since;
	row->not_after = j->now + j->profile->lifetime;
	if (row->not_after > until)
		row->not_after = until;
	if (row->not_before >= row->not_after)
		return mc_fail(e, MC_OUTOFDATE,
		    "the CA's certificate ends before this one would begin");
	return true;
}

static bool
serial_choose(struct mc_job *j, struct mc_err *e)
{
	uint8_t raw[SERIAL_OCTETS];

	if (!mc_cert_serial_new(raw, e))
		return false;
	for (size_t i = 0; i < SERIAL_OCTETS; i++)
		snprintf(&j->row.serial[2 * i], 3, "%02X", raw[i]);
	return true;
}

/* Without words of his, the administrator's own is never made again. */
static bool
admin_key(struct mc_job *j, struct mc_err *e)
{
	struct mc_certificate *row = &j->row;
	AUTO_BUF text = MC_BUF_INIT;

	if (j->asked->transaction)
		return mc_spell_copy(
		    j->asked->transaction, &row->transaction, e);
	return mc_buf_printf(&text, e, "admin-%s", row->serial) &&
	    mc_spell_copy(mc_buf_str(&text), &row->transaction, e) &&
	    mc_sha256_hex(
		j->asked->csr->data, j->asked->csr->len, row->csr, e) &&
	    mc_sha256_hex(text.data, text.len, row->request, e);
}

static bool
row_fill(struct mc_job *j, struct mc_err *e)
{
	struct mc_certificate *row = &j->row;

	memcpy(row->issuer, j->ca->id, sizeof(row->issuer));
	return mc_key_sha256(j->key, row->key, e) &&
	    mc_spell_copy(j->profile->name, &row->profile, e) &&
	    mc_spell_copy(j->asked->source, &row->source, e) &&
	    validity_choose(j, e) && serial_choose(j, e) && admin_key(j, e);
}

/* One that waited has used its challenge up already. */
static bool
settle(struct mc_job *j, struct mc_err *e)
{
	struct mc_store *s = j->ca->store;
	const struct mc_request *w = &j->waiting;
	bool changed = false;

	if (!w->id)
		return !j->row.challenge[0] ||
		    mc_store_challenge_use(
			s, j->row.challenge, j->row.request, e);
	if (!mc_store_request_decide(s, w->id, MC_REQUEST_APPROVED,
		MC_REQUEST_ISSUED, w->decided, w->decided_by, w->reason,
		&changed, e))
		return false;
	if (!changed)
		return mc_fail(e, MC_INTERNAL, "request %lld was not approved",
		    (long long)w->id);
	return mc_store_history_add(s,
	    &(struct mc_history){ j->row.serial, w->decided, "approved",
		w->decided_by, w->reason },
	    e);
}

bool
mc_job_intend(struct mc_job *j, struct mc_err *e)
{
	return row_fill(j, e) && mc_job_challenge_keep(j, e) &&
	    mc_store_certificate_add(j->ca->store, &j->row, e) &&
	    settle(j, e) &&
	    mc_job_note(j, j->row.serial, "promised",
		mc_certificate_way_name(j->row.way), e) &&
	    mc_store_commit(j->ca->store, e);
}

/* SPDX-License-Identifier: ISC */
#include "ca/job.h"

#include "crypto/cert.h"
#include "crypto/name.h"

/* Octets, DER.  Names have a limit where they are read: MC_NAMES_TEXT. */
#define SUBJECT_MAX 2048

/* Of the store, or with a MAC: the form says where to look, nothing else. */
static bool
challenge_find(struct mc_job *j, struct mc_err *e)
{
	AUTO_CHALLENGE row = { 0 };

	if (j->has_mac && !j->genuine)
		return true;
	if (!mc_store_challenge_find(
		j->ca->store, j->hash, &row, &j->on_record, e))
		return false;
	j->found = j->on_record || j->genuine;
	if (!j->on_record)
		return true;
	mc_challenge_clear(&j->challenge);
	j->challenge = row;
	row = (struct mc_challenge){ 0 };
	return true;
}

/* The certificate that signed, and not one that has its number. */
static bool
old_find(struct mc_job *j, struct mc_err *e)
{
	char serial[MC_SERIAL_TEXT];
	AUTO_BUF der = MC_BUF_INIT;

	mc_certificate_clear(&j->old);
	if (!mc_cert_serial(j->asked->signer, serial, e) ||
	    !mc_cert_encode(j->asked->signer, &der, e) ||
	    !mc_store_certificate_find(
		j->ca->store, serial, &j->old, &j->old_found, e))
		return false;
	j->old_found = j->old_found && j->old.der.len == der.len &&
	    memcmp(j->old.der.data, der.data, der.len) == 0;
	return mc_store_certificate_count_replaced(
	    j->ca->store, serial, j->now, &j->successors, e);
}

/* A renewal is of its certificate's profile, whichever it came to. */
static bool
old_profile(struct mc_job *j, struct mc_err *e)
{
	const char *name = j->old.profile && *j->old.profile
	    ? j->old.profile
	    : MC_CA_PROFILE_DEFAULT;

	if (!j->old_found)
		return true;
	j->profile = mc_ca_conf_profile_find(j->ca->conf, name);
	return j->profile ||
	    mc_job_refuse(j, MC_BAD_RENEWAL,
		"the profile of the certificate to renew is no more", e);
}

/* In the order of enum mc_ca_accept. */
static bool
way_choose(struct mc_job *j, struct mc_err *e)
{
	unsigned accept = j->at->accept;
	enum mc_certificate_way *way = &j->row.way;

	*way = MC_WAY_CHALLENGE;
	if (!j->asked->signer) {
		*way = MC_WAY_ADMIN;
		return true;
	}
	if (j->renewal) {
		*way = MC_WAY_RENEWAL;
		return old_find(j, e) && old_profile(j, e);
	}
	if (j->brought &&
	    (accept & (j->has_mac ? MC_ACCEPT_HMAC : MC_ACCEPT_CHALLENGE)) &&
	    !challenge_find(j, e))
		return false;
	if (j->found)
		*way = j->has_mac ? MC_WAY_HMAC : MC_WAY_CHALLENGE;
	else if (accept & MC_ACCEPT_PROGRAM)
		*way = MC_WAY_PROGRAM;
	else if ((accept & MC_ACCEPT_APPROVAL) && !j->brought)
		*way = MC_WAY_APPROVAL;
	return true;
}

static const X509_NAME *
asked_name(const struct mc_job *j)
{
	if (j->name)
		return j->name;
	/* the administrator's, who knows the profile, says it himself */
	if (j->row.way == MC_WAY_ADMIN &&
	    j->profile->subject == MC_SUBJECT_NONE)
		return NULL;
	return X509_REQ_get_subject_name(j->csr);
}

static const char *
asked_names(const struct mc_job *j)
{
	if (j->row.way == MC_WAY_ADMIN && !j->asked->names &&
	    j->profile->names == MC_FROM_NOWHERE)
		return NULL;
	return j->names.len > 0 ? mc_buf_str(&j->names) : NULL;
}

static struct mc_policy_facts
facts(const struct mc_job *j, const X509_NAME *bound)
{
	bool renewal = j->row.way == MC_WAY_RENEWAL;
	X509 *signer = j->asked->signer;

	return (struct mc_policy_facts){
		.now = j->now,
		.profile = j->profile,
		.challenge = j->found ? &j->challenge : NULL,
		.challenge_given = j->brought,
		.way = j->row.way,
		.renewed = j->old_found ? &j->old : NULL,
		.successors = j->successors,
		.renewed_subject = renewal ? X509_get_subject_name(signer)
					   : NULL,
		.renewed_names = renewal && j->old_names.len > 0
		    ? mc_buf_str(&j->old_names)
		    : NULL,
		.bound = bound,
		.asked = asked_name(j),
		.asked_names = asked_names(j),
		.key = j->key,
		.signer = signer ? X509_get0_pubkey(signer) : NULL,
	};
}

/* What is signed later is spelled again: better to find out now. */
static bool
subject_fill(struct mc_job *j, const X509_NAME *name, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(X509_NAME) *spelled = NULL;

	if (!name || X509_NAME_entry_count(name) == 0)
		return mc_spell_copy("", &j->row.subject, e);
	if (i2d_X509_NAME(name, NULL) > SUBJECT_MAX)
		return mc_job_refuse(
		    j, MC_BAD_SUBJECT, "the subject is too long", e);
	if (mc_name_encode(name, &text, e) &&
	    mc_name_parse(mc_buf_str(&text), &spelled, e))
		return mc_spell_copy(mc_buf_str(&text), &j->row.subject, e);
	mc_note(e, "subject");
	return e->code == MC_MALFORMED && mc_job_refuse_noted(j, MC_BAD_CSR);
}

/* Whose it will be: who vouches knows, the request does not. */
static bool
owner_fill(struct mc_job *j, struct mc_err *e)
{
	struct mc_certificate *row = &j->row;
	const char *owner = NULL, *user = NULL;

	if (row->way == MC_WAY_CHALLENGE || row->way == MC_WAY_HMAC) {
		owner = j->challenge.owner;
		user = j->challenge.user;
		memcpy(row->challenge, j->hash, sizeof(row->challenge));
	} else if (row->way == MC_WAY_RENEWAL) {
		owner = j->old.owner;
		user = j->old.user;
		memcpy(row->replaces, j->old.serial, sizeof(row->replaces));
	} else if (row->way == MC_WAY_ADMIN) {
		user = j->asked->user;
	} else if (j->decided) {
		owner = j->decision.owner;
		user = j->decision.user;
	}
	return mc_spell_copy(owner, &row->owner, e) &&
	    mc_spell_copy(user, &row->user, e);
}

static bool
fill(struct mc_job *j, const struct mc_policy_facts *f, struct mc_err *e)
{
	return subject_fill(j, mc_policy_subject(f), e) &&
	    mc_spell_copy(mc_policy_names(f), &j->row.names, e) &&
	    owner_fill(j, e);
}

static bool
undecided(const struct mc_job *j)
{
	return j->row.way == MC_WAY_PROGRAM && !j->decided;
}

/* What the program may still put right is judged when it has spoken. */
static bool
bearable(const struct mc_job *j, enum mc_verdict_code code)
{
	return code == MC_GRANTED ||
	    (undecided(j) && (code == MC_BAD_SUBJECT || code == MC_BAD_NAMES));
}

/* Of a challenge that nobody looked for, it is not known that it is unknown. */
static bool
refuse(struct mc_job *j, const struct mc_verdict *v, struct mc_err *e)
{
	if (v->code != MC_BAD_CHALLENGE || !j->brought ||
	    (j->at->accept & (MC_ACCEPT_CHALLENGE | MC_ACCEPT_HMAC)))
		return mc_job_refuse(j, v->code, v->why, e);
	(void)mc_fail(
	    e, MC_DENIED, "profile %s takes no challenges", j->at->name);
	return mc_job_refuse_noted(j, v->code);
}

static bool
judge(struct mc_job *j, struct mc_err *e)
{
	AUTO(X509_NAME) *bound = NULL;
	struct mc_policy_facts f;
	struct mc_verdict v;

	if (j->found && j->challenge.subject &&
	    !mc_name_parse(j->challenge.subject, &bound, e))
		return mc_note(e, "the challenge's subject");
	f = facts(j, bound);
	v = mc_policy_check(&f);
	if (!bearable(j, v.code))
		return refuse(j, &v, e);
	if (j->names_odd && !undecided(j) &&
	    j->profile->names != MC_FROM_NOWHERE)
		return mc_job_refuse(j, MC_BAD_NAMES,
		    "it asks for names of a kind that is not issued", e);
	return fill(j, &f, e);
}

bool
mc_job_vouch(struct mc_job *j, struct mc_err *e)
{
	bool program;

	if (!way_choose(j, e) || !judge(j, e))
		return false;
	program = j->row.way == MC_WAY_PROGRAM;
	j->ask = undecided(j);
	j->hold = !j->ask &&
	    (j->row.way == MC_WAY_APPROVAL ||
		(program && j->decision.code == MC_DECIDED_WAIT) ||
		(j->profile->hold && j->row.way != MC_WAY_ADMIN));
	return true;
}

bool
mc_job_challenge_keep(struct mc_job *j, struct mc_err *e)
{
	if (!j->found || j->on_record)
		return true;
	j->challenge.created = j->now;
	j->on_record = true;
	return mc_store_challenge_add(j->ca->store, &j->challenge, e);
}

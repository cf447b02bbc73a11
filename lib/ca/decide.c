/* SPDX-License-Identifier: ISC */
#include "ca/job.h"

#include "ca/spell.h"
#include "crypto/name.h"

/* What a program says is checked as what a person types. */
static bool
take_names(struct mc_job *j, struct mc_err *e)
{
	const struct mc_decision *d = &j->decision;

	if (d->subject) {
		X509_NAME_free(take(&j->name));
		if (!mc_name_parse(d->subject, &j->name, e))
			return mc_note(e, "SUBJECT");
	}
	if (d->names) {
		mc_buf_clear(&j->names);
		j->names_odd = false;
		if (*d->names && !mc_spell_names(d->names, &j->names, e))
			return mc_note(e, "NAMES");
	}
	return mc_owner_check(d->owner, e) && mc_user_check(d->user, e);
}

static bool
take_profile(struct mc_job *j, struct mc_err *e)
{
	const char *name = j->decision.profile;

	if (!name)
		return true;
	j->profile = mc_ca_conf_profile_find(j->ca->conf, name);
	return j->profile ||
	    mc_fail(e, MC_USAGE, "PROFILE: ca.conf has no profile %.64s", name);
}

bool
mc_job_ask(struct mc_job *j, struct mc_err *e)
{
	const struct mc_issue_facts f = {
		.asked = j->asked,
		.profile = j->at,
		.way = MC_WAY_PROGRAM,
		.subject = j->row.subject,
		.names = j->row.names,
	};

	if (!j->hooks || !j->hooks->decide)
		return mc_fail(e, MC_INTERNAL, "nobody runs the program");
	if (!j->hooks->decide(j->hooks->ctx, &f, &j->decision, e))
		return false;
	j->decided = true;
	if (j->decision.code == MC_DECIDED_NO) {
		/* it may well have looked at a password */
		j->guessed = true;
		return mc_job_refuse(j, MC_REJECTED, "the program said no", e);
	}
	if (take_names(j, e) && take_profile(j, e))
		return true;
	/* the program is at fault, not the requester, who may ask again */
	e->code = MC_RETRY;
	return mc_note(e, "decide");
}

/* SPDX-License-Identifier: ISC */
#include "cgi/record.h"

#include <stdio.h>

#define RECORDER "mcprofile-track"

static const char stopped[] = RECORDER " --dir %{track} stopped "
				       "--stage %{STAGE} --reason %{REASON}";

/* Words of any program, as a fact: one line, and not nothing. */
static bool
set_words(struct mc_facts *facts, const char *name, const char *words,
    struct mc_err *e)
{
	char line[sizeof(e->text)];

	snprintf(line, sizeof(line), "%s", *words ? words : "?");
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	return mc_facts_set(facts, name, line, e);
}

bool
mc_record_stop(const struct mc_site *site, const struct mc_chain_env *env,
    struct mc_facts *facts, const char *stage, const char *why,
    struct mc_err *e)
{
	AUTO_CHAIN chain = { 0 };
	AUTO_BUF nothing = MC_BUF_INIT;
	char ran[MC_CHAIN_NAME];

	if (!site->set.track || !mc_facts_get(facts, "ENROLMENT") ||
	    strcmp(stage, RECORDER) == 0)
		return true;
	return mc_chain_parse(stopped, &chain, e) &&
	    set_words(facts, "STAGE", stage, e) &&
	    set_words(facts, "REASON", why, e) &&
	    mc_chain_run(&chain, env, &nothing, facts, ran, e);
}

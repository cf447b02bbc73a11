/* SPDX-License-Identifier: ISC */
#include "track/sender.h"

#include "track/udids.h"

bool
mc_fact_need(const char *stage, const struct mc_facts *facts, const char *name,
    const char **out, struct mc_err *e)
{
	*out = mc_facts_get(facts, name);
	return *out ||
	    mc_fail(e, MC_USAGE, "no fact %s%s: %s comes before this",
		MC_FACT_PREFIX, name, stage);
}

static bool
need(const struct mc_facts *facts, const char *name, const char **out,
    struct mc_err *e)
{
	return mc_fact_need("mcprofile-verify", facts, name, out, e);
}

static bool
need_signer(const struct mc_facts *facts, const char *kind, const char **sha256,
    struct mc_err *e)
{
	const char *signer;

	if (!need(facts, "SIGNER", &signer, e) ||
	    !need(facts, "SIGNER_SHA256", sha256, e))
		return false;
	if (strcmp(signer, kind) != 0)
		return mc_fail(e, MC_DENIED,
		    "the message's signer is of kind %.20s, not %s", signer,
		    kind);
	return strlen(*sha256) == MC_SHA256_HEX - 1 ||
	    mc_fail(e, MC_USAGE, "fact %sSIGNER_SHA256: want 64 digits",
		MC_FACT_PREFIX);
}

void
mc_sender_clear(struct mc_sender *s)
{
	mc_buf_clear(&s->challenge);
}

bool
mc_sender_load(const char *allowed_udids, const char *kind, struct mc_io *io,
    struct mc_sender *to, struct mc_err *e)
{
	const char *user = mc_facts_get(io->facts, "USER");

	if (!need_signer(io->facts, kind, &to->from.sha256, e) ||
	    !mc_attributes_parse(io->in, io->facts, &to->challenge, e))
		return false;
	to->from.udid = mc_facts_get(io->facts, "UDID");
	to->from.user = user && *user ? user : NULL;
	to->from.listed = true;
	mc_attributes_describe(io->facts, to->words);
	to->from.device = to->words[0] ? to->words : to->from.udid;
	return !allowed_udids ||
	    mc_udids_find(allowed_udids, to->from.udid, &to->from.listed, e) ||
	    mc_note(e, "--allowed-udids");
}

/* SPDX-License-Identifier: ISC */
#include "gen/common.h"

#include "profile/value.h"

struct mc_payload
mc_gen_payload(const struct mc_gen_common *c, const char *display_name)
{
	return (struct mc_payload){
		.identifier = c->identifier,
		.organization = c->organization,
		.display_name = c->display_name ? c->display_name
						: display_name,
		.description = c->description,
	};
}

bool
mc_gen_vars_load(const struct mc_gen_vars *from, const struct mc_facts *facts,
    struct mc_vars *vars, struct mc_err *e)
{
	vars->facts = facts;
	for (size_t i = 0; i < from->plain.n; i++)
		if (!mc_vars_add_pair(vars, from->plain.v[i], e))
			return mc_note(e, "--var");
	for (size_t i = 0; i < from->secret.n; i++)
		if (!mc_vars_add_secret(vars, from->secret.v[i], e))
			return mc_note(e, "--secret-var");
	return true;
}

/* As deep as the tree, which was made within the limits of one. */
static bool
has_secret(const mc_plist *p)
{
	AUTO_PLIST_ITER it = { .in = p };
	enum mc_plist_type type;

	while (mc_plist_iter_next(&it)) {
		type = mc_plist_type(it.value);
		if (it.key && mc_value_is_secret(it.key) &&
		    (type == MC_PLIST_STRING || type == MC_PLIST_DATA))
			return true;
		if (has_secret(it.value))
			return true;
	}
	return it.failed; /* nobody knows then */
}

bool
mc_gen_profile_encode(
    const mc_plist *profile, struct mc_buf *to, bool *secret, struct mc_err *e)
{
	AUTO(mc_plist) *again = NULL;

	*secret |= has_secret(profile);
	if (!mc_plist_encode(profile, to, e))
		return mc_note(e, "the finished profile");
	if (mc_plist_parse(to, MC_PLIST_DEPTH_FILE, &again, e))
		return true;
	e->code = MC_INTERNAL;
	return mc_note(e, "the finished profile");
}

bool
mc_gen_put(const mc_plist *profile, struct mc_io *io, struct mc_err *e)
{
	return mc_gen_profile_encode(profile, io->out, &io->secret, e);
}

/* SPDX-License-Identifier: ISC */
#include "gen/filling.h"

#include "base/fd.h"
#include "profile/renew.h"
#include "profile/template.h"

void
mc_gen_filling_clear(struct mc_gen_filling *f)
{
	mc_plist_free(f->template);
	f->template = NULL;
}

static bool
parse_uuid(const char *s, enum mc_gen_uuid *out, struct mc_err *e)
{
	static const char *const words[] = {
		[MC_GEN_UUID_FRESH] = "fresh",
		[MC_GEN_UUID_KEEP] = "keep",
		[MC_GEN_UUID_NAMED] = "named",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(s, words[i]) == 0) {
			*out = (enum mc_gen_uuid)i;
			return true;
		}
	return mc_fail(
	    e, MC_USAGE, "--uuid: want one of fresh|keep|named, not %s", s);
}

bool
mc_gen_filling_load(struct mc_gen_filling *f, const char *path,
    const char *uuid, enum mc_gen_uuid fallback, struct mc_err *e)
{
	AUTO(mc_plist) *p = NULL;
	AUTO_BUF xml = MC_BUF_INIT;

	*f = (struct mc_gen_filling){ .path = path, .uuid = fallback };
	if ((uuid && !parse_uuid(uuid, &f->uuid, e)) ||
	    !mc_file_load(path, &xml, e))
		return false;
	if (!mc_plist_parse(&xml, MC_PLIST_DEPTH_FILE, &p, e) ||
	    !mc_template_check(p, e))
		return mc_note(e, "%s", path);
	f->template = take(&p);
	return true;
}

/*
 * Random UUIDs first, in the template itself: a variable's value may be one of
 * the old ones by chance, and is then not to change; it cannot be one of those.
 * Names are only known when the identifiers are filled in.
 */
bool
mc_gen_filling_make(struct mc_gen_filling *f, const struct mc_vars *vars,
    mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *p = NULL;

	if ((f->uuid != MC_GEN_UUID_KEEP && !mc_renew_uuids(f->template, e)) ||
	    !mc_template_fill(f->template, vars, &p, e) ||
	    (f->uuid == MC_GEN_UUID_NAMED && !mc_renew_uuids_named(p, e)))
		return mc_note(e, "%s", f->path);
	*out = take(&p);
	return true;
}

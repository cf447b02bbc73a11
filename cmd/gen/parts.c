/* SPDX-License-Identifier: ISC */
#include "gen/parts.h"

#include <stdlib.h>

#include "base/fd.h"
#include "gen/configuration.h"
#include "gen/folder.h"
#include "gen/input.h"
#include "profile/merge.h"
#include "profile/split.h"

const struct mc_opt mc_gen_merge_opts[] = {
	MC_WORDS(struct mc_gen_merge_args, files, "file", "FILE",
	    "a profile; one of them may be -, standard input", true),
	MC_STR(struct mc_gen_merge_args, identifier, 0, "identifier", "NAME",
	    "PayloadIdentifier; the first profile's, with its PayloadUUID, if "
	    "none is given",
	    false),
	MC_STR(struct mc_gen_merge_args, name, 0, "name", "TEXT",
	    "PayloadDisplayName; the first profile's if none is given", false),
	MC_OPT_END,
};

const struct mc_opt mc_gen_split_opts[] = {
	MC_WORD(struct mc_gen_split_args, file, "file", "FILE",
	    "the profile; - or none is standard input", false),
	MC_STR(struct mc_gen_split_args, output_dir, 0, "output-dir", "DIR",
	    "where the profiles go; made if it is not there", true),
	MC_FLAG(struct mc_gen_split_args, replace, 0, "replace",
	    "write over files that are there with other content"),
	MC_OPT_END,
};

/* The profiles that are to be merged, and their names. */
struct parts {
	struct mc_merge_part *v;
	size_t n;
	mc_plist *owner; /* an array of the profiles */
};

static void
parts_clear(struct parts *p)
{
	mc_plist_free(p->owner);
	free(p->v);
}
#define AUTO_PARTS __attribute__((cleanup(parts_clear))) struct parts

static bool
load(const struct mc_words *files, struct mc_io *io, struct parts *out,
    struct mc_err *e)
{
	bool has_message = false;
	bool is_message;
	mc_plist *profile;

	out->v = calloc(files->n, sizeof(*out->v));
	out->owner = mc_plist_new_array();
	if (!out->v || !out->owner)
		return mc_fail_memory(e);
	for (size_t i = 0; i < files->n; i++) {
		is_message = strcmp(files->v[i], "-") == 0;
		if (is_message && has_message)
			return mc_fail(
			    e, MC_USAGE, "-: standard input is there twice");
		has_message |= is_message;
		if (!mc_gen_input_load(files->v[i], io, &profile, e))
			return false;
		if (!mc_plist_append(out->owner, profile))
			return mc_fail_memory(e);
		out->v[out->n++] = (struct mc_merge_part){
			.name = is_message ? "standard input" : files->v[i],
			.profile = profile,
		};
	}
	return true;
}

/* Another name is another profile, so it has another UUID. */
static bool
rename_to(const char *identifier, mc_plist *profile, struct mc_err *e)
{
	char uuid[MC_UUID_TEXT];

	return mc_payload_uuid(MC_UUID_NAMED, identifier, NULL, uuid, e) &&
	    mc_payload_set_text(profile, "PayloadIdentifier", identifier, e) &&
	    mc_payload_set_text(profile, "PayloadUUID", uuid, e);
}

bool
mc_gen_merge(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_merge_args *args = ctx;
	AUTO_PARTS parts = { 0 };
	AUTO(mc_plist) *profile = NULL;

	if (args->identifier && !*args->identifier)
		return mc_fail(e, MC_USAGE, "--identifier: is empty");
	return load(&args->files, io, &parts, e) &&
	    mc_profile_merge(parts.v, parts.n, io->say, &profile, e) &&
	    (!args->identifier || rename_to(args->identifier, profile, e)) &&
	    mc_payload_set_text(profile, "PayloadDisplayName", args->name, e) &&
	    mc_gen_put(profile, io, e);
}

static bool
put_part(struct mc_gen_folder *folder, const mc_plist *part, unsigned which,
    struct mc_buf *out, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;

	return mc_buf_printf(&name, e, "%s.mobileconfig",
		   mc_plist_get_str(part, "PayloadIdentifier")) &&
	    mc_gen_folder_put(folder, mc_buf_str(&name), which, part, e) &&
	    mc_buf_printf(out, e, "%s/%s\n", folder->path, mc_buf_str(&name));
}

bool
mc_gen_split(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_split_args *args = ctx;
	AUTO(mc_plist) *profile = NULL;
	AUTO(mc_plist) *all = NULL;
	AUTO_GEN_FOLDER folder = { 0 };

	if (!mc_gen_input_load(args->file, io, &profile, e))
		return false;
	if (!mc_profile_split(profile, &all, e))
		return mc_gen_input_note(args->file, e);
	if (!mc_gen_folder_init(
		&folder, args->output_dir, "part", args->replace, e))
		return false;
	for (size_t i = 0; i < mc_plist_len(all); i++)
		if (!put_part(&folder, mc_plist_at(all, i), (unsigned)i + 1,
			io->out, e))
			return false;
	return mc_gen_folder_sync(&folder, e);
}

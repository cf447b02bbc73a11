/* SPDX-License-Identifier: ISC */
#include "gen/template.h"

#include "gen/bulk.h"

const struct mc_opt mc_gen_template_opts[] = {
	MC_WORD(struct mc_gen_template_args, template, "template", "TEMPLATE",
	    "the profile with ${variables}", true),
	MC_GEN_VAR_OPTS(struct mc_gen_template_args),
	MC_STR(struct mc_gen_template_args, uuid, 0, "uuid", "fresh|keep|named",
	    "what becomes of PayloadUUIDs; fresh, or named with --each", false),
	MC_STR(struct mc_gen_template_args, each, 0, "each", "LIST",
	    "CSV or lines of JSON: one profile for each row; - is standard "
	    "input",
	    false),
	MC_CHOICE(struct mc_gen_template_args, each_format, 0, "each-format",
	    "name|csv|jsonl", "what LIST is, if its name does not say so"),
	MC_STR(struct mc_gen_template_args, output_dir, 0, "output-dir", "DIR",
	    "where the profiles go; made if it is not there", false),
	MC_STR(struct mc_gen_template_args, name, 0, "name", "TEXT",
	    "each profile's file name, like ${user}.mobileconfig", false),
	MC_FLAG(struct mc_gen_template_args, replace, 0, "replace",
	    "write over files that are there with other content"),
	MC_STR(struct mc_gen_template_args, failed, 0, "failed", "FILE",
	    "write the rows that failed there, to be mended", false),
	MC_OPT_END,
};

/* Options that belong to --each, without it; or what it needs, missing. */
static bool
check(const struct mc_gen_template_args *args, struct mc_err *e)
{
	const char *stray = args->output_dir ? "output-dir"
	    : args->name                     ? "name"
	    : args->failed                   ? "failed"
	    : args->replace                  ? "replace"
	    : args->each_format              ? "each-format"
					     : NULL;

	if (!args->each)
		return !stray ||
		    mc_fail(e, MC_USAGE, "--%s: only with --each", stray);
	if (!args->output_dir)
		return mc_fail(
		    e, MC_USAGE, "--each: --output-dir DIR is required");
	if (!args->name)
		return mc_fail(e, MC_USAGE, "--each: --name TEXT is required");
	if (!strstr(args->name, "${"))
		return mc_fail(e, MC_USAGE,
		    "--name: want a ${variable} in it; every profile needs a"
		    " name of its own");
	return true;
}

bool
mc_gen_template(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_template_args *args = ctx;
	AUTO_GEN_FILLING filling = { 0 };
	AUTO_VARS vars = { 0 };
	AUTO(mc_plist) *profile = NULL;

	if (!check(args, e) ||
	    !mc_gen_vars_load(&args->vars, io->facts, &vars, e) ||
	    !mc_gen_filling_load(&filling, args->template, args->uuid,
		args->each ? MC_GEN_UUID_NAMED : MC_GEN_UUID_FRESH, e))
		return false;
	io->secret |= args->vars.secret.n > 0;
	if (args->each)
		return mc_gen_bulk(args, &filling, &vars, io, e);
	return mc_gen_filling_make(&filling, &vars, &profile, e) &&
	    mc_gen_put(profile, io, e);
}

/* SPDX-License-Identifier: ISC */
#include "gen/describe.h"

#include <string.h>

#include "schema/describe.h"

#define SCHEMA_OPT(T)                                                          \
	MC_LIST(T, schema, 0, "schema", "FILE|DIR",                            \
	    "payloads besides Apple's", false)

const struct mc_opt mc_gen_types_opts[] = {
	MC_STR(struct mc_gen_types_args, os, 0, "os", "OS[:VERSION]",
	    "only what is there, like ios or macos:14", false),
	SCHEMA_OPT(struct mc_gen_types_args),
	MC_FLAG(struct mc_gen_types_args, json, 0, "json", "JSON for scripts"),
	MC_WORDS(struct mc_gen_types_args, words, "word", "WORD",
	    "in the type's name", false),
	MC_OPT_END,
};

const struct mc_opt mc_gen_describe_opts[] = {
	SCHEMA_OPT(struct mc_gen_describe_args),
	MC_FLAG(
	    struct mc_gen_describe_args, json, 0, "json", "JSON for scripts"),
	MC_WORD(struct mc_gen_describe_args, type, "type", "TYPE",
	    "a payload type, like com.apple.wifi.managed", true),
	MC_WORD(struct mc_gen_describe_args, key, "key", "KEY",
	    "one key of it, or a key path like Dock[0].Type", false),
	MC_OPT_END,
};

/* The one that is built in, or *own, which is made of it and the options. */
static bool
load(const struct mc_list *paths, struct mc_schema **own,
    const struct mc_schema **out, struct mc_err *e)
{
	*out = mc_schema_builtin();
	if (paths->n == 0)
		return true;
	if (!mc_schema_load(paths->v, paths->n, own, e))
		return mc_note(e, "--schema");
	*out = *own;
	return true;
}

static bool
parse_os(const char *text, struct mc_types_filter *f, struct mc_err *e)
{
	size_t n = strcspn(text, ":");

	f->one_os = true;
	if (!mc_os_parse(text, n, &f->os) ||
	    (text[n] && !mc_version_parse(text + n + 1, &f->version)))
		return mc_fail(e, MC_USAGE,
		    "--os %s: want ios, macos, tvos, visionos or watchos, and "
		    "a version after a colon, like macos:14",
		    text);
	return true;
}

bool
mc_gen_types(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_types_args *args = ctx;
	const struct mc_describe_view view = { io->columns, io->colour };
	struct mc_types_filter filter = { .words = args->words.v,
		.n = args->words.n };
	struct mc_schema *own = NULL;
	const struct mc_schema *s = NULL;
	bool done;

	if (args->os && !parse_os(args->os, &filter, e))
		return false;
	done = load(&args->schema, &own, &s, e) &&
	    (args->json ? mc_types_encode(s, &filter, io->out, e)
			: mc_types_show(s, &filter, &view, io->out, e));
	mc_schema_free(own);
	return done;
}

bool
mc_gen_describe(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_describe_args *args = ctx;
	const struct mc_describe_view view = { io->columns, io->colour };
	struct mc_schema *own = NULL;
	const struct mc_schema *s = NULL;
	bool done = load(&args->schema, &own, &s, e) &&
	    (args->json
		    ? mc_describe_encode(s, args->type, args->key, io->out, e)
		    : mc_describe_show(
			  s, args->type, args->key, &view, io->out, e));

	mc_schema_free(own);
	return done;
}

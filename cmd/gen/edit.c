/* SPDX-License-Identifier: ISC */
#include "gen/edit.h"

#include "gen/common.h"
#include "gen/input.h"
#include "plist/path.h"
#include "profile/plain.h"
#include "profile/renew.h"

const struct mc_opt mc_gen_set_opts[] = {
	MC_WORDS(struct mc_gen_set_args, words, "set", "KEYPATH=VALUE|FILE",
	    "what to change; a last word without = is the profile", false),
	MC_LIST(struct mc_gen_set_args, remove, 0, "remove", "KEYPATH",
	    "take it out, before anything is set", false),
	MC_FLAG(struct mc_gen_set_args, renew, 0, "renew-uuids",
	    "fresh PayloadUUIDs, at the end"),
	MC_LIST(struct mc_gen_set_args, profile.schema, 0, "schema", "FILE|DIR",
	    "payloads besides Apple's", false),
	MC_FLAG(struct mc_gen_set_args, profile.force, 0, "force",
	    "warn of what the schema does not allow, and set it"),
	MC_OPT_END,
};

const struct mc_opt mc_gen_get_opts[] = {
	MC_WORD(struct mc_gen_get_args, path, "keypath", "KEYPATH",
	    "like PayloadContent[0].SSID_STR", true),
	MC_WORD(struct mc_gen_get_args, file, "file", "FILE",
	    "the profile; - or none is standard input", false),
	MC_FLAG(struct mc_gen_get_args, raw, 0, "raw",
	    "the bytes of data or of a string, and nothing else"),
	MC_FLAG(struct mc_gen_get_args, json, 0, "json", "as JSON"),
	MC_OPT_END,
};

const struct mc_opt mc_gen_sort_opts[] = {
	MC_WORD(struct mc_gen_sort_args, file, "file", "FILE",
	    "the profile; - or none is standard input", false),
	MC_OPT_END,
};

static bool
load(const char *file, struct mc_io *io, mc_plist **out, struct mc_err *e)
{
	if (!mc_gen_input_load(file, io, out, e))
		return false;
	return !mc_plist_get(*out, "EncryptedPayloadContent") ||
	    mc_gen_input_warn(
		file, io, "its payloads are encrypted, and not to be seen", e);
}

/* What set is told to do. */
struct edit {
	size_t n;         /* of words that are assignments */
	const char *file; /* NULL: standard input */
};

static bool
find_work(
    const struct mc_gen_set_args *args, struct edit *out, struct mc_err *e)
{
	*out = (struct edit){ .n = args->words.n };
	if (out->n && !strchr(args->words.v[out->n - 1], '='))
		out->file = args->words.v[--out->n];
	for (size_t i = 0; i < out->n; i++)
		if (!strchr(args->words.v[i], '='))
			return mc_fail(e, MC_USAGE,
			    "%s: want KEYPATH=VALUE; only the last word is a"
			    " file",
			    args->words.v[i]);
	if (!out->n && !args->remove.n && !args->renew)
		return mc_fail(e, MC_USAGE,
		    "want KEYPATH=VALUE, --remove KEYPATH or --renew-uuids");
	return true;
}

/* Is the path into a payload, "PayloadContent[...].Key"? */
static bool
is_in_payload(const struct mc_keypath *p)
{
	return p->n > 2 && p->v[0].kind == MC_STEP_KEY &&
	    strcmp(p->v[0].text, "PayloadContent") == 0 &&
	    p->v[1].kind != MC_STEP_KEY && p->v[2].kind == MC_STEP_KEY;
}

/* An assignment in a payload is typed by what the schema has of that. */
static bool
assign(const struct mc_value_rules *rules, mc_plist *profile,
    const char *assignment, struct mc_err *e)
{
	struct mc_err none = MC_ERR_INIT;
	AUTO_KEYPATH path = { 0 };
	mc_plist *payload;
	const char *type;
	size_t at;

	/* what is no path is told as of any other assignment */
	if (!mc_keypath_parse(
		assignment, mc_keypath_len(assignment), &path, &none) ||
	    !is_in_payload(&path))
		return mc_value_assign(
		    rules, MC_SCHEMA_TOP, profile, assignment, e);
	at = path.v[2].at;
	mc_keypath_cut(&path, 2);
	if (!mc_keypath_get(profile, &path, &payload, e))
		return false;
	type = mc_plist_get_str(payload, "PayloadType");
	return mc_value_assign(
		   rules, type ? type : "", payload, assignment + at, e) ||
	    mc_note(e, "%.*s", (int)at - 1, assignment);
}

static bool
remove_one(mc_plist *profile, const char *keypath, struct mc_err *e)
{
	AUTO_KEYPATH path = { 0 };

	return (mc_keypath_parse(keypath, strlen(keypath), &path, e) &&
		   mc_keypath_remove(profile, &path, e)) ||
	    mc_note(e, "--remove");
}

static bool
edit(const struct mc_gen_set_args *args, const struct edit *work,
    const struct mc_value_rules *rules, mc_plist *profile, struct mc_err *e)
{
	for (size_t i = 0; i < args->remove.n; i++)
		if (!remove_one(profile, args->remove.v[i], e))
			return false;
	for (size_t i = 0; i < work->n; i++)
		if (!assign(rules, profile, args->words.v[i], e))
			return false;
	return mc_value_link(profile, e) &&
	    (!args->renew || mc_renew_uuids(profile, e));
}

bool
mc_gen_set(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_set_args *args = ctx;
	AUTO_GEN_RULES rules = { 0 };
	AUTO(mc_plist) *profile = NULL;
	struct edit work;

	if (!find_work(args, &work, e) ||
	    !mc_gen_rules_load(&args->profile, io, &rules, e) ||
	    !load(work.file, io, &profile, e))
		return false;
	if (mc_plist_type(profile) != MC_PLIST_DICT) {
		mc_fail(e, MC_MALFORMED, "want a dict, not %s",
		    mc_plist_type_name(mc_plist_type(profile)));
		return mc_gen_input_note(work.file, e);
	}
	if (!edit(args, &work, &rules.value, profile, e))
		return mc_gen_input_note(work.file, e);
	return mc_gen_put(profile, io, e);
}

/* The bytes alone, which only these two types are. */
static bool
put_raw(const mc_plist *p, struct mc_buf *to, struct mc_err *e)
{
	const uint8_t *data;
	size_t len;

	if (mc_plist_str(p))
		return mc_buf_puts(to, mc_plist_str(p), e);
	if (mc_plist_data(p, &data, &len))
		return mc_buf_add(to, data, len, e);
	return mc_fail(e, MC_DENIED, "--raw: want data or a string, not %s",
	    mc_plist_type_name(mc_plist_type(p)));
}

static bool
put_value(const struct mc_gen_get_args *args, const mc_plist *p,
    struct mc_buf *to, struct mc_err *e)
{
	enum mc_plist_type type = mc_plist_type(p);

	if (args->raw)
		return put_raw(p, to, e);
	if (args->json)
		return mc_plain_json_encode(p, to, e);
	if (type == MC_PLIST_DICT || type == MC_PLIST_ARRAY)
		return mc_plist_encode(p, to, e);
	return mc_plain_encode(p, to, e) && mc_buf_puts(to, "\n", e);
}

bool
mc_gen_get(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_get_args *args = ctx;
	AUTO_KEYPATH path = { 0 };
	AUTO(mc_plist) *profile = NULL;
	mc_plist *node;

	if (args->raw && args->json)
		return mc_fail(e, MC_USAGE, "--raw: not with --json");
	if (!mc_keypath_parse(args->path, strlen(args->path), &path, e) ||
	    !load(args->file, io, &profile, e))
		return false;
	return (mc_keypath_get(profile, &path, &node, e) &&
		   put_value(args, node, io->out, e)) ||
	    mc_gen_input_note(args->file, e);
}

bool
mc_gen_sort(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_sort_args *args = ctx;
	AUTO(mc_plist) *profile = NULL;
	AUTO(mc_plist) *sorted = NULL;

	if (!load(args->file, io, &profile, e))
		return false;
	if (!mc_configuration_sort(profile, &sorted, e))
		return mc_gen_input_note(args->file, e);
	return mc_gen_put(sorted, io, e);
}

/* SPDX-License-Identifier: ISC */
#include "gen/configuration.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/fd.h"
#include "gen/sense.h"
#include "profile/payload.h"

#define T struct mc_gen_configuration_args

const struct mc_opt mc_gen_configuration_opts[] = {
	MC_GROUP(T, payloads, "payload", "TYPE [KEY=VALUE ...]",
	    "a payload, and the values of its keys", false),
	MC_STR(T, from, 0, "from", "FILE",
	    "all of it in JSON; - is standard input", false),
	MC_LIST(T, set, 0, "set", "KEY=VALUE",
	    "any other key of the profile itself", false),
	MC_GEN_PROFILE_OPTS(T),
	MC_OPT_END,
};

#undef T

void
mc_gen_rules_clear(struct mc_gen_rules *r)
{
	if (r->loaded)
		mc_schema_free(r->loaded);
}

bool
mc_gen_rules_load(const struct mc_gen_profile_args *args, struct mc_io *io,
    struct mc_gen_rules *out, struct mc_err *e)
{
	if (args->schema.n &&
	    !mc_schema_load(args->schema.v, args->schema.n, &out->loaded, e))
		return mc_note(e, "--schema");
	out->value = (struct mc_value_rules){
		.schema = out->loaded ? out->loaded : mc_schema_builtin(),
		.facts = io->facts,
		.force = args->force,
		.say = io->say,
		.secret = &io->secret,
	};
	return true;
}

/* "KEY=VALUE" of an option; nothing where it was not given. */
static bool
set_typed(const struct mc_value_rules *rules, mc_plist *profile,
    const char *option, const char *key, const char *value, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!value)
		return true;
	if (!mc_buf_printf(&text, e, "%s=%s", key, value))
		return false;
	return mc_value_assign(
		   rules, MC_SCHEMA_TOP, profile, mc_buf_str(&text), e) ||
	    mc_note(e, "%s", option);
}

static bool
set_duration(const struct mc_value_rules *rules, mc_plist *profile,
    int64_t seconds, struct mc_err *e)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, seconds);
	return seconds == 0 ||
	    set_typed(rules, profile, "--duration-until-removal",
		"DurationUntilRemoval", text, e);
}

/* LANG is a key, and none that a key path would take apart. */
static bool
set_consent(const struct mc_value_rules *rules, mc_plist *profile,
    const char *pair, struct mc_err *e)
{
	static const char of_lang[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t n = strspn(pair, of_lang);
	AUTO_BUF key = MC_BUF_INIT;

	if (n == 0 || pair[n] != '=')
		return mc_fail(e, MC_USAGE,
		    "--consent: want LANG=TEXT, LANG being like en, de-CH or "
		    "default");
	return mc_buf_puts(&key, "ConsentText.", e) &&
	    mc_buf_add(&key, pair, n, e) &&
	    set_typed(
		rules, profile, "--consent", mc_buf_str(&key), pair + n + 1, e);
}

static bool
set_texts(
    const struct mc_gen_profile_args *args, mc_plist *profile, struct mc_err *e)
{
	return mc_payload_set_text(
		   profile, "PayloadIdentifier", args->identifier, e) &&
	    mc_payload_set_text(profile, "PayloadDisplayName", args->name, e) &&
	    mc_payload_set_text(
		profile, "PayloadOrganization", args->organization, e) &&
	    mc_payload_set_text(
		profile, "PayloadDescription", args->description, e);
}

bool
mc_gen_profile_set(const struct mc_gen_profile_args *args,
    const struct mc_value_rules *rules, mc_plist *profile, struct mc_err *e)
{
	if (!set_texts(args, profile, e) ||
	    !set_typed(
		rules, profile, "--scope", "PayloadScope", args->scope, e) ||
	    !set_typed(rules, profile, "--removal-disallowed",
		"PayloadRemovalDisallowed",
		args->removal_disallowed ? "true" : NULL, e) ||
	    !set_typed(rules, profile, "--expiration-date",
		"PayloadExpirationDate", args->expiration_date, e) ||
	    !set_typed(rules, profile, "--removal-date", "RemovalDate",
		args->removal_date, e) ||
	    !set_duration(rules, profile, args->duration_until_removal, e))
		return false;
	for (size_t i = 0; i < args->consent.n; i++)
		if (!set_consent(rules, profile, args->consent.v[i], e))
			return false;
	return true;
}

/* Any type may be somebody's own, but one that is near may be misspelt. */
static void
warn_of_type(const struct mc_value_rules *rules, const char *type,
    const struct mc_io *io)
{
	AUTO_BUF line = MC_BUF_INIT;
	struct mc_near near = MC_NEAR_INIT(type);
	struct mc_err e = MC_ERR_INIT;
	char text[MC_QUOTE_TEXT];
	size_t at;

	if (!io->say || mc_schema_find(rules->schema, type, &at) > 0)
		return;
	mc_value_near_types(rules->schema, &near);
	if (near.n &&
	    mc_buf_printf(&line, &e,
		"warning: %s: no such payload type; did you mean %s?",
		mc_path_quote(type, text), mc_near_text(&near)))
		io->say(mc_buf_str(&line));
}

static bool
check_payloads(const struct mc_value_rules *rules, const mc_plist *profile,
    const struct mc_io *io, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = mc_plist_get(profile, "PayloadContent") };
	const char *type;

	while (mc_plist_iter_next(&it)) {
		type = mc_plist_get_str(it.value, "PayloadType");
		if (!type)
			continue; /* finishing tells */
		if (strcmp(type, MC_SCHEMA_TOP) == 0 ||
		    strcmp(type, MC_SCHEMA_COMMON) == 0)
			return mc_fail(
			    e, MC_USAGE, "%s: is no payload's type", type);
		warn_of_type(rules, type, io);
		if (!mc_value_payload_check(rules, type, it.value, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_gen_profile_put(const struct mc_gen_profile_args *args,
    const struct mc_value_rules *rules, mc_plist **profile, struct mc_io *io,
    struct mc_err *e)
{
	if (!check_payloads(rules, *profile, io, e) ||
	    !mc_configuration_finish(
		profile, args->uuid ? MC_UUID_RANDOM : MC_UUID_NAMED, e) ||
	    !mc_value_payload_check(rules, MC_SCHEMA_TOP, *profile, e) ||
	    !mc_gen_sense_check(rules, *profile, e))
		return false;
	return mc_gen_put(*profile, io, e);
}

/* The key path of an assignment; false where it is none. */
static bool
parse_key(const char *word, struct mc_keypath *out)
{
	struct mc_err ignored = MC_ERR_INIT;
	size_t n = mc_keypath_len(word);

	return n > 0 && mc_keypath_parse(word, n, out, &ignored);
}

/* May what stands behind that assignment be told?  It may belong to it. */
static bool
may_tell(const char *assignment)
{
	AUTO_KEYPATH path = { 0 };

	if (!parse_key(assignment, &path))
		return false;
	for (size_t i = 0; i < path.n; i++)
		if (path.v[i].kind == MC_STEP_KEY &&
		    mc_value_is_secret(path.v[i].text))
			return false;
	return true;
}

/* Is it for one value alone, and not for one more of an array? */
static bool
sets_one(const char *word)
{
	AUTO_KEYPATH path = { 0 };

	if (!parse_key(word, &path) || word[mc_keypath_len(word)] == '+')
		return false;
	for (size_t i = 0; i < path.n; i++)
		if (path.v[i].kind == MC_STEP_APPEND)
			return false;
	return true;
}

/* The word at is an assignment, and of no key that one before it has set. */
static bool
check_word(const char *const *words, size_t at, struct mc_err *e)
{
	const char *word = words[at];
	size_t n = mc_keypath_len(word);
	char text[MC_QUOTE_TEXT];

	if (n == 0 && at > 1 && !strchr(word, '=') && may_tell(words[at - 1]))
		return mc_fail(e, MC_USAGE,
		    "%s: want KEY=VALUE, not \"%s\"; a value with blanks needs "
		    "quotes",
		    words[0], mc_path_quote(word, text));
	if (!sets_one(word))
		return true; /* or no assignment, as is told there */
	for (size_t i = 1; i < at; i++)
		if (mc_keypath_len(words[i]) == n &&
		    memcmp(words[i], word, n) == 0 && sets_one(words[i]))
			return mc_fail(e, MC_USAGE, "%s: %.*s: is given twice",
			    words[0], (int)n, word);
	return true;
}

/* Words from at on, to the NULL behind them: a type, and its values. */
static bool
add_payload(const struct mc_value_rules *rules, mc_plist *content,
    const char *const *words, struct mc_err *e)
{
	AUTO(mc_plist) *payload = mc_plist_new_dict();
	const char *type;

	/* where it was forgotten it may be a secret: it is not repeated */
	if (!*words[0] || strchr(words[0], '='))
		return mc_fail(e, MC_USAGE,
		    "want a type first, like com.apple.wifi.managed");
	if (!mc_payload_set_text(payload, "PayloadType", words[0], e))
		return false;
	for (size_t i = 1; words[i]; i++)
		if (!check_word(words, i, e) ||
		    !mc_value_assign(rules, words[0], payload, words[i], e))
			return false;
	type = mc_plist_get_str(payload, "PayloadType");
	if (!type || strcmp(type, words[0]) != 0)
		return mc_fail(e, MC_USAGE,
		    "%s: PayloadType: is what stands behind --payload",
		    words[0]);
	return mc_plist_append(content, take(&payload)) || mc_fail_memory(e);
}

static bool
add_payloads(const struct mc_value_rules *rules, mc_plist *profile,
    const struct mc_words *groups, struct mc_err *e)
{
	mc_plist *content = mc_plist_get(profile, "PayloadContent");

	for (size_t i = 0; i < groups->n; i++) {
		if (!add_payload(rules, content, &groups->v[i], e))
			return mc_note(e, "--payload");
		while (groups->v[i])
			i++;
	}
	return true;
}

/* "dir" of "dir/file"; empty: the working directory. */
static bool
folder_of(const char *path, struct mc_buf *to, struct mc_err *e)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return true;
	return mc_buf_add(
	    to, path, (size_t)(slash - path) + (slash == path), e);
}

static bool
load_from(const struct mc_value_rules *rules, const char *file,
    struct mc_io *io, mc_plist *profile, struct mc_err *e)
{
	struct mc_value_rules beside = *rules;
	AUTO_BUF folder = MC_BUF_INIT;
	AUTO_BUF json = MC_BUF_INIT;

	if (strcmp(file, "-") == 0)
		return mc_io_read(io, e) &&
		    mc_configuration_parse(rules, io->in, profile, e);
	if (!folder_of(file, &folder, e) || !mc_file_load(file, &json, e))
		return false;
	beside.folder = folder.len ? mc_buf_str(&folder) : NULL;
	return mc_configuration_parse(&beside, &json, profile, e) ||
	    mc_note(e, "%s", file);
}

/* A payload's values are not the profile's own. */
static bool
set_any(const struct mc_value_rules *rules, mc_plist *profile,
    const char *assignment, struct mc_err *e)
{
	struct mc_err none = MC_ERR_INIT;
	AUTO_KEYPATH path = { 0 };

	if (mc_keypath_parse(
		assignment, mc_keypath_len(assignment), &path, &none) &&
	    path.v[0].kind == MC_STEP_KEY &&
	    strcmp(path.v[0].text, "PayloadContent") == 0)
		return mc_fail(e, MC_USAGE,
		    "--set: PayloadContent: is what --payload and --from add "
		    "to");
	return mc_value_assign(rules, MC_SCHEMA_TOP, profile, assignment, e) ||
	    mc_note(e, "--set");
}

static bool
make(const struct mc_gen_configuration_args *args,
    const struct mc_value_rules *rules, struct mc_io *io, mc_plist *profile,
    struct mc_err *e)
{
	if (!mc_payload_set(
		profile, "PayloadContent", mc_plist_new_array(), e) ||
	    (args->from && !load_from(rules, args->from, io, profile, e)) ||
	    !mc_gen_profile_set(&args->profile, rules, profile, e) ||
	    !add_payloads(rules, profile, &args->payloads, e))
		return false;
	for (size_t i = 0; i < args->set.n; i++)
		if (!set_any(rules, profile, args->set.v[i], e))
			return false;
	return mc_plist_len(mc_plist_get(profile, "PayloadContent")) > 0 ||
	    mc_fail(e, MC_USAGE,
		"no payload: want --payload TYPE KEY=VALUE ..., or payloads "
		"in JSON");
}

bool
mc_gen_configuration(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_configuration_args *args = ctx;
	AUTO_GEN_RULES rules = { 0 };
	AUTO(mc_plist) *profile = mc_plist_new_dict();

	if (!args->from && !args->profile.identifier)
		return mc_fail(e, MC_USAGE, "--identifier NAME is required");
	if (!args->from && args->payloads.n == 0)
		return mc_fail(e, MC_USAGE,
		    "--payload TYPE KEY=VALUE ... or --from FILE is required");
	return mc_gen_rules_load(&args->profile, io, &rules, e) &&
	    make(args, &rules.value, io, profile, e) &&
	    mc_gen_profile_put(&args->profile, &rules.value, &profile, io, e);
}

/* SPDX-License-Identifier: ISC */
#include "profile/value.h"

#include "profile/value_json.h"

/* KEY=VALUE in its parts, all lent. */
struct assignment {
	const char *key;
	size_t key_len;
	bool append;    /* += */
	const char *as; /* the type's name behind :=; NULL: none */
	size_t as_len;
	const char *value;
};

static const struct {
	const char *name;
	enum mc_plist_type type; /* MC_PLIST_NONE: json */
} types[] = {
	{ "string", MC_PLIST_STRING },
	{ "boolean", MC_PLIST_BOOL },
	{ "integer", MC_PLIST_INT },
	{ "real", MC_PLIST_REAL },
	{ "date", MC_PLIST_DATE },
	{ "data", MC_PLIST_DATA },
	{ "json", MC_PLIST_NONE },
};

#define TYPES sizeof(types) / sizeof(*types)

bool
mc_value_type_check(const char *name, size_t n)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strlen(types[i].name) == n &&
		    memcmp(types[i].name, name, n) == 0)
			return true;
	return false;
}

/* What is no assignment may be a secret: it is not repeated. */
static bool
fail_word(const char *word, struct mc_err *e)
{
	const char *equals = strchr(word, '=');
	AUTO_BUF key = MC_BUF_INIT;
	char text[MC_QUOTE_TEXT];

	if (!equals || !strpbrk(word, "[\"") || strpbrk(word, "[\"") > equals)
		return mc_fail(e, MC_USAGE,
		    "want KEY=VALUE, KEY+=VALUE or KEY:=TYPE:VALUE; a value "
		    "with blanks needs quotes");
	return mc_buf_add(&key, word, (size_t)(equals - word), e) &&
	    mc_fail(e, MC_USAGE,
		"%s: is no key path: a quote or a bracket is not closed",
		mc_path_quote(mc_buf_str(&key), text));
}

static bool
split(const char *word, struct assignment *a, struct mc_err *e)
{
	size_t n = mc_keypath_len(word);
	const char *colon;

	if (n == 0)
		return fail_word(word, e);
	*a = (struct assignment){
		.key = word,
		.key_len = n,
		.append = word[n] == '+',
		.value = word + n + (word[n] == '=' ? 1 : 2),
	};
	if (word[n] == ':') {
		colon = strchr(a->value, ':');
		a->as = a->value;
		a->as_len = colon ? (size_t)(colon - a->value) : 0;
		a->value = colon ? colon + 1 : "";
	}
	return true;
}

/* The type behind := by its name, as a key that has it. */
static bool
parse_type(
    const struct assignment *a, struct mc_schema_key *key, struct mc_err *e)
{
	char name[16] = "";
	struct mc_near near = MC_NEAR_INIT(name);

	if (a->as_len < sizeof(name))
		memcpy(name, a->as, a->as_len);
	for (size_t i = 0; i < TYPES; i++) {
		if (strcmp(types[i].name, name) == 0) {
			key->type = types[i].type;
			return true;
		}
		if (*name)
			mc_near_add(&near, types[i].name);
	}
	if (near.n)
		return mc_fail(e, MC_USAGE,
		    "no such type behind :=; did you mean %s?",
		    mc_near_text(&near));
	return mc_fail(e, MC_USAGE,
	    "want string:, boolean:, integer:, real:, date:, data: or json: "
	    "behind :=");
}

/* A key of the schema as it is, dots and all, or else a path. */
static bool
parse_key(const struct mc_value_rules *rules, const char *type,
    const struct assignment *a, struct mc_keypath *out, struct mc_err *e)
{
	AUTO_BUF key = MC_BUF_INIT;
	struct mc_schema_key known;

	if (!mc_buf_add(&key, a->key, a->key_len, e))
		return false;
	if (!mc_schema_payload_key_find(
		rules->schema, type, mc_buf_str(&key), &known) ||
	    !known.name)
		return mc_keypath_parse(a->key, a->key_len, out, e);
	out->n = 1;
	out->v[0] = (struct mc_step){ .kind = MC_STEP_KEY,
		.text = strdup(mc_buf_str(&key)) };
	return out->v[0].text || mc_fail_memory(e);
}

/* A node of a text as key wants it; by force text, if it can be nothing else.
 */
static bool
make(const struct mc_value_job *job, const struct mc_schema_key *key,
    const struct mc_value_text *t, mc_plist **out, struct mc_err *e)
{
	static const struct mc_schema_key plain = { .type = MC_PLIST_STRING };

	if (key->type == MC_PLIST_DATA && !t->loaded && !t->who)
		(void)mc_fail(e, MC_USAGE,
		    "want data: the name of a file, as @FILE, or base64, as "
		    ":=data:TEXT");
	else if (mc_value_text_node(key, t, out, e))
		return true;
	return mc_value_problem(job, e) &&
	    mc_value_text_node(&plain, t, out, e);
}

/* As the first of found wants it that can have it, and that it fits. */
static bool
choose(const struct mc_value_job *job, const struct mc_value_found *found,
    const struct mc_value_text *t, mc_plist **out, struct mc_err *e)
{
	const struct mc_value_rules strict = { .schema = job->rules->schema };
	const struct mc_value_job quiet = { .rules = &strict,
		.hide = job->hide };
	const struct mc_schema_key *last = &found->v[found->n - 1];

	for (size_t i = 0; i < found->n; i++) {
		AUTO(mc_plist) *node = NULL;

		if (make(&quiet, &found->v[i], t, &node, e) &&
		    mc_value_fit(&quiet, &found->v[i], node, NULL, e)) {
			*out = take(&node);
			return true;
		}
	}
	/* of text that is nothing else it was told already */
	return job->rules->force && make(job, last, t, out, e) &&
	    (!mc_schema_type_fits(last, mc_plist_type(*out)) ||
		mc_value_fit(job, last, *out, NULL, e));
}

/* Of the type that was said. */
static bool
make_typed(const struct mc_value_job *job, const struct mc_value_found *found,
    enum mc_plist_type type, const struct mc_value_text *t, mc_plist **out,
    struct mc_err *e)
{
	const struct mc_schema_key key = { .type = type };
	AUTO(json_t) *json = NULL;

	if (type != MC_PLIST_NONE)
		return mc_value_text_node(&key, t, out, e);
	if (t->who)
		return mc_fail(e, MC_USAGE,
		    "want JSON; its reference is {\"@uuid\": ...}");
	return mc_json_parse(&t->text, &json, e) &&
	    mc_value_json(job, found, json, NULL, out, e);
}

static bool
fail_type(const struct mc_value_job *job, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(job->type);

	mc_value_near_types(job->rules->schema, &near);
	if (near.n)
		return mc_fail(e, MC_USAGE,
		    "no such payload type; did you mean %s?",
		    mc_near_text(&near));
	return mc_fail(e, MC_USAGE,
	    "the schema does not have this payload, so say the type: "
	    ":=string:TEXT, :=integer:5");
}

/* What the schema has there; where it has nothing, a type has to be said. */
static bool
find(const struct mc_value_job *job, const struct assignment *a,
    const struct mc_keypath *path, struct mc_value_found *found,
    struct mc_err *e)
{
	const struct mc_schema *schema = job->rules->schema;
	struct mc_value_found at = { 0 };
	bool known = mc_value_find(schema, job->type, path, &at, e) &&
	    (!a->append || mc_value_find_items(schema, &at, &at, e));

	*found = known ? at : (struct mc_value_found){ 0 };
	if (a->as)
		return true;
	if (known && at.none)
		return fail_type(job, e) || mc_value_problem(job, e);
	for (size_t i = 0; known && i < at.n; i++)
		if (at.v[i].type != MC_PLIST_NONE)
			return true;
	if (known)
		(void)mc_fail(e, MC_USAGE,
		    "any type will do there, so say which: :=string:TEXT, "
		    ":=integer:5");
	found->n = 0;
	return mc_value_problem(job, e);
}

/* The value may be told: it is none that a password could be given for. */
static bool
is_plain(const struct mc_keypath *path, const struct mc_value_found *found)
{
	for (size_t i = 0; i < path->n; i++)
		if (path->v[i].kind == MC_STEP_KEY &&
		    mc_value_is_secret(path->v[i].text))
			return false;
	if (found->n == 0)
		return false;
	for (size_t i = 0; i < found->n; i++)
		if (found->v[i].type == MC_PLIST_DATA ||
		    found->v[i].type == MC_PLIST_DICT ||
		    found->v[i].type == MC_PLIST_ARRAY)
			return false;
	return true;
}

/* "Port=80a", or "Password" alone. */
static bool
tell(
    const struct assignment *a, bool value, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF key = MC_BUF_INIT;
	char text[MC_QUOTE_TEXT];

	if (!mc_buf_add(&key, a->key, a->key_len, e) ||
	    !mc_buf_puts(to, mc_path_quote(mc_buf_str(&key), text), e))
		return false;
	return !value ||
	    mc_buf_printf(to, e, "=%s", mc_path_quote(a->value, text));
}

/* Put the node there; takes it. */
static bool
put(mc_plist *payload, struct mc_keypath *path, bool append, mc_plist *node,
    struct mc_err *e)
{
	AUTO(mc_plist) *own = node;

	if (append && path->n == MC_KEYPATH_STEPS)
		return mc_fail(e, MC_USAGE, "too many steps");
	if (append)
		path->v[path->n++] = (struct mc_step){ .kind = MC_STEP_APPEND };
	if (mc_keypath_set(payload, path, take(&own), e))
		return true;
	if (e->code == MC_DENIED)
		e->code = MC_USAGE;
	return false;
}

/* All but the key's and the type's name in front of an error. */
static bool
assign(struct mc_value_job *job, const struct assignment *a,
    struct mc_buf *what, mc_plist *payload, struct mc_err *e)
{
	AUTO_KEYPATH path = { 0 };
	AUTO_VALUE_TEXT text = { 0 };
	AUTO(mc_plist) *node = NULL;
	struct mc_value_found found;
	struct mc_schema_key typed = { .type = MC_PLIST_STRING };

	if (!parse_key(job->rules, job->type, a, &path, e) ||
	    (a->as && !parse_type(a, &typed, e)) ||
	    !find(job, a, &path, &found, e) ||
	    !mc_value_text_load(job->rules, a->value, &text, e))
		return false;
	job->hide = text.loaded || a->as || !is_plain(&path, &found);
	mc_buf_clear(what);
	if (!tell(a, !job->hide, what, e))
		return false;
	job->what = mc_buf_str(what);
	if (a->as || found.n == 0
		? !make_typed(job, &found, typed.type, &text, &node, e)
		: !choose(job, &found, &text, &node, e))
		return false;
	return put(payload, &path, a->append, take(&node), e);
}

bool
mc_value_assign(const struct mc_value_rules *rules, const char *type,
    mc_plist *payload, const char *assignment, struct mc_err *e)
{
	AUTO_BUF what = MC_BUF_INIT;
	struct mc_value_job job = { .rules = rules, .type = type };
	struct assignment a;

	if (!split(assignment, &a, e))
		return mc_value_note_type(type, e);
	if (!tell(&a, false, &what, e))
		return false;
	job.what = mc_buf_str(&what);
	if (assign(&job, &a, &what, payload, e))
		return true;
	(void)mc_note(e, "%s", mc_buf_str(&what));
	return mc_value_note_type(type, e);
}

/* SPDX-License-Identifier: ISC */
/*
 * The rule of the schema, from the top: which description a payload is of, and
 * what is told of it as a whole.
 */
#include "lint/schema_walk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "schema/fit.h"

#define APPLE "com.apple."
#define SHORT_NAME 8

/* The descriptions of one type, and how a payload fits them. */
struct parts {
	struct mc_schema_payload v[MC_SCHEMA_PARTS_MAX];
	int score[MC_SCHEMA_PARTS_MAX];
	int most;
	size_t n;
	size_t at;   /* the first one's place in the schema */
	size_t best; /* the first of those that fit best */
};

static struct mc_keys
keys_of(const struct mc_schema_payload *p)
{
	return (struct mc_keys){ p->first, p->n };
}

static void
parts_find(const struct mc_walk *w, const char *type, const mc_plist *payload,
    struct parts *out)
{
	*out = (struct parts){ .most = -2 };
	out->n = mc_schema_find(w->s, type, &out->at);
	if (out->n > MC_SCHEMA_PARTS_MAX)
		out->n = MC_SCHEMA_PARTS_MAX;
	for (size_t i = 0; i < out->n; i++) {
		out->v[i] = mc_schema_at(w->s, out->at + i);
		out->score[i] = mc_fit_score(
		    w->s, out->v[i].first, out->v[i].n, payload);
		if (out->score[i] > out->most) {
			out->most = out->score[i];
			out->best = i;
		}
	}
}

/*
 * What is said of a key by the part that fits best.  A preference domain may
 * have been filled from several parts at once, so all of them count.
 */
static bool
key_find(const struct mc_walk *w, const struct parts *p, const char *name,
    struct mc_schema_key *out)
{
	struct mc_schema_said said[MC_SCHEMA_PARTS_MAX];
	size_t n = mc_schema_payload_keys_find(w->s, w->type, name, said);
	int most = -2;

	for (size_t i = 0; i < n; i++) {
		/* what every payload has is of no part of these */
		size_t part = (size_t)said[i].part.id - p->at;
		int score = part < p->n ? p->score[part] : 0;

		if (score > most) {
			most = score;
			*out = said[i].key;
		}
	}
	return n > 0;
}

/* Each payload begins with these. */
static bool
common_find(const struct mc_walk *w, struct mc_schema_payload *out)
{
	size_t at;

	if (!mc_schema_find(w->s, MC_SCHEMA_COMMON, &at))
		return false;
	*out = mc_schema_at(w->s, at);
	return true;
}

static bool
payload_keys(const struct mc_walk *w, const struct parts *p,
    const mc_plist *payload, const struct mc_path *path, unsigned known)
{
	AUTO_PLIST_ITER it = { .in = payload };
	struct mc_schema_payload common = { 0 };
	struct mc_schema_key key;
	struct mc_keys sets[MC_SCHEMA_PARTS_MAX + 1];
	bool found;

	common_find(w, &common);
	for (size_t i = 0; i < p->n; i++)
		sets[i] = keys_of(&p->v[i]);
	sets[p->n] = keys_of(&common);
	while (mc_plist_iter_next(&it)) {
		const struct mc_path here = { path, it.key, 0 };

		found = key_find(w, p, it.key, &key);
		/* where any will do, there is what is nearly another */
		if (found && !key.name)
			found = !mc_walk_mistyped(w, sets, p->n + 1, it.key);
		if (!found) {
			if (p->n && !mc_walk_unknown(w, sets, p->n + 1, &here))
				return false;
		} else if (!mc_walk_key(w, &key, it.value, &here, known)) {
			return false;
		}
	}
	return !it.failed || mc_fail_memory(w->e);
}

static bool
missing_in(const struct mc_walk *w, struct mc_keys keys,
    const struct parts *others, const mc_plist *payload,
    const struct mc_path *path)
{
	struct mc_schema_key key;
	struct mc_schema_key other;
	bool everywhere;

	for (uint32_t i = 0; i < keys.n; i++) {
		key = mc_schema_key_at(w->s, keys.first + i);
		if (!key.required || !key.name ||
		    mc_plist_get(payload, key.name) ||
		    !mc_obstacles_needed(w, key.support))
			continue;
		everywhere = true;
		for (size_t p = 0; p < others->n; p++)
			if (others->score[p] == others->most &&
			    !(mc_schema_key_find(w->s, others->v[p].first,
				  others->v[p].n, key.name, &other) &&
				other.required))
				everywhere = false;
		if (everywhere && !mc_walk_missing(w, &key, path))
			return false;
	}
	return true;
}

/* A required key is missing where each part that may be meant wants it. */
static bool
payload_missing(const struct mc_walk *w, const struct parts *p,
    const mc_plist *payload, const struct mc_path *path)
{
	const struct parts none = { 0 };
	struct mc_schema_payload common;

	if (common_find(w, &common) &&
	    !missing_in(w, keys_of(&common), &none, payload, path))
		return false;
	return !p->n ||
	    missing_in(w, keys_of(&p->v[p->best]), p, payload, path);
}

/* The second part of "com.apple.wifi.managed", and what follows it. */
static const char *
second(const char *type, size_t *n)
{
	const char *dot = strchr(type, '.');

	*n = dot ? strcspn(dot + 1, ".") : 0;
	return dot ? dot + 1 : "";
}

/*
 * Is name a slip of type?  What is a slip in "com.apple.wifi.mananged" may be
 * another maker's name at another place, so that only the rest of a name of
 * Apple's counts, or a slip in "apple" itself.  In a short one the first
 * letter must be right.
 */
static bool
is_slip(const char *name, const char *type)
{
	struct mc_near near = MC_NEAR_INIT(name + sizeof(APPLE) - 1);
	char word[16];
	size_t n;
	const char *maker = second(name, &n);

	if (strncmp(type, APPLE, sizeof(APPLE) - 1) != 0)
		return false;
	if (strncasecmp(name, APPLE, sizeof(APPLE) - 1) == 0) {
		/* com.apple.timed is no com.apple.gamed: there are many */
		if (strlen(near.name) < SHORT_NAME &&
		    tolower((unsigned char)near.name[0]) !=
			tolower((unsigned char)type[sizeof(APPLE) - 1]))
			return false;
		mc_near_add(&near, type + sizeof(APPLE) - 1);
		return near.n;
	}
	if (n == 0 || n >= sizeof(word) || !maker[n] ||
	    strcasecmp(maker + n + 1, type + sizeof(APPLE) - 1) != 0)
		return false;
	memcpy(word, maker, n);
	word[n] = '\0';
	near = (struct mc_near)MC_NEAR_INIT(word);
	mc_near_add(&near, "apple");
	return near.n;
}

static bool
tell_unknown_type(
    const struct mc_walk *w, const struct mc_path *path, const mc_plist *node)
{
	struct mc_about about = { .code = 1101, .path = path, .node = node };
	const char *type = mc_plist_str(node);
	char name[MC_QUOTE_TEXT];
	char text[MC_QUOTE_TEXT + 20];

	for (size_t i = 0; i < mc_schema_len(w->s) && !about.suggestion &&
	     w->l->findings->n < MC_FINDINGS_MAX;
	     i++) {
		const struct mc_schema_payload p = mc_schema_at(w->s, i);

		if (!is_slip(type, p.type))
			continue;
		snprintf(text, sizeof(text), "did you mean %s?",
		    mc_path_quote(p.type, name));
		about.suggestion = text;
		about.severity = MC_WARNING + 1;
	}
	return mc_lint_tell(w->l, &about, w->e,
	    "unknown payload type %s: its keys are not checked",
	    mc_path_quote(type, name));
}

/*
 * Of what a device takes one only, two are in one profile.  seen has for each
 * description the payload that was of it, counted from 1.
 */
static bool
lint_single(const struct mc_walk *w, const struct mc_payload_iter *it,
    const struct parts *p, size_t *seen)
{
	const struct mc_path type = { &it->item, "PayloadType", 0 };
	const struct mc_about about = { .code = 1140, .path = &type };
	size_t *first = &seen[p->at + p->best];
	char name[MC_QUOTE_TEXT];

	if (*first == 0)
		*first = it->item.i + 1;
	else if (!mc_obstacles_multiple(w, p->v[p->best].support))
		return mc_lint_tell(w->l, &about, w->e,
		    "a device takes one %s, and PayloadContent[%zu] is another",
		    mc_path_quote(it->type, name), *first - 1);
	return true;
}

static bool
lint_payload(struct mc_walk *w, const struct mc_payload_iter *it, size_t *seen)
{
	const struct mc_path type = { &it->item, "PayloadType", 0 };
	const mc_plist *node = mc_plist_get(it->payload, "PayloadType");
	struct parts p;
	unsigned known = 0;

	w->type = it->type;
	w->support = NULL;
	parts_find(w, it->type, it->payload, &p);
	if (p.n) {
		const struct mc_schema_payload *best = &p.v[p.best];
		const struct mc_subject subject = { best->type, true,
			best->support, &type, node };

		if (!mc_obstacles_tell(w, &subject, 0, &known) ||
		    !lint_single(w, it, &p, seen))
			return false;
		w->support = best->support;
	} else if (*it->type && !tell_unknown_type(w, &type, node)) {
		return false;
	}
	return payload_keys(w, &p, it->payload, &it->item, known) &&
	    payload_missing(w, &p, it->payload, &it->item);
}

static bool
is_service(const mc_plist *profile)
{
	const char *type = mc_plist_get_str(profile, "PayloadType");

	return type && strcmp(type, "Profile Service") == 0;
}

/* The top's keys, whose content is walked payload by payload. */
static bool
top_key(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path)
{
	/* who may remove it is the rule of the profile's */
	const unsigned known = MC_OBSTACLE_SUPERVISED | MC_OBSTACLE_FORBIDDEN;
	struct mc_schema_key bare = *key;
	bool content = strcmp(path->key, "PayloadContent") == 0;

	/* the enrolment's rule knows what is in one */
	if (is_service(w->l->profile) &&
	    (content || strcmp(path->key, "PayloadType") == 0))
		return true;
	if (!content)
		return mc_walk_key(w, key, node, path, known);
	/* that each is a dict, and no more */
	bare.first = 0;
	bare.n = 0;
	if (!mc_walk_key(w, &bare, node, path, known))
		return false;
	for (size_t i = 0; i < mc_plist_len(node); i++) {
		const struct mc_path item = { path, NULL, i };
		const struct mc_schema_key dict = { .type = MC_PLIST_DICT };

		if (mc_plist_type(node) == MC_PLIST_ARRAY &&
		    !mc_walk_value(w, &dict, mc_plist_at(node, i), &item, 0))
			return false;
	}
	return true;
}

static bool
lint_top(const struct mc_walk *w, const struct mc_schema_payload *top)
{
	AUTO_PLIST_ITER it = { .in = w->l->profile };
	const struct mc_keys keys = keys_of(top);
	struct mc_schema_key key;

	while (mc_plist_iter_next(&it)) {
		const struct mc_path here = { NULL, it.key, 0 };

		if (!mc_schema_key_find(
			w->s, keys.first, keys.n, it.key, &key)) {
			if (!mc_walk_unknown(w, &keys, 1, &here))
				return false;
		} else if (!top_key(w, &key, it.value, &here)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < keys.n; i++) {
		key = mc_schema_key_at(w->s, keys.first + i);
		if (!key.required || !key.name ||
		    mc_plist_get(w->l->profile, key.name))
			continue;
		/* which of its two forms is there is the enrolment's rule */
		if (strcmp(key.name, "PayloadContent") == 0)
			continue;
		if (!mc_walk_missing(w, &key, NULL))
			return false;
	}
	return !it.failed || mc_fail_memory(w->e);
}

bool
mc_rule_schema(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_walk w = {
		.l = l,
		.s = l->options->schema,
		.type = "a profile",
		.e = e,
	};
	struct mc_payload_iter it;
	size_t *seen;
	size_t at;
	bool good = true;

	if (mc_schema_find(w.s, MC_SCHEMA_TOP, &at)) {
		const struct mc_schema_payload top = mc_schema_at(w.s, at);

		if (!lint_top(&w, &top))
			return false;
	}
	seen = calloc(mc_schema_len(w.s) + 1, sizeof(*seen));
	if (!seen)
		return mc_fail_memory(e);
	w.scope = mc_plist_get_str(l->profile, "PayloadScope");
	mc_payload_iter_init(&it, l);
	while (good && mc_payload_iter_next(&it))
		good = lint_payload(&w, &it, seen);
	free(seen);
	return good;
}

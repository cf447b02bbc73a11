/* SPDX-License-Identifier: ISC */
#include "lint/schema_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "lint/parts.h"
#include "lint/variables.h"
#include "profile/value_secret.h"
#include "schema/fit.h"

/* Of allowed values, in a message. */
#define LISTED 320

/* What NSNumber, and those who read preferences, make no difference of. */
static bool
becomes(enum mc_plist_type type, const mc_plist *node)
{
	int64_t n;
	double d;

	switch (type) {
	case MC_PLIST_BOOL:
		return mc_plist_int(node, &n) && (n == 0 || n == 1);
	case MC_PLIST_INT:
		if (mc_plist_real(node, &d))
			return d >= -9e15 && d <= 9e15 &&
			    d == (double)(int64_t)d;
		return mc_plist_type(node) == MC_PLIST_BOOL ||
		    (mc_plist_type(node) == MC_PLIST_STRING &&
			mc_fit_is_digits(mc_plist_str(node)));
	case MC_PLIST_REAL:
		return mc_plist_type(node) == MC_PLIST_INT;
	case MC_PLIST_NONE:
	case MC_PLIST_DICT:
	case MC_PLIST_ARRAY:
	case MC_PLIST_STRING:
	case MC_PLIST_DATE:
	case MC_PLIST_DATA:
		break;
	}
	return false;
}

bool
mc_value_coerces(const struct mc_schema_key *key, const mc_plist *node)
{
	if (becomes(key->type, node))
		return true;
	for (enum mc_plist_type t = MC_PLIST_DICT; t <= MC_PLIST_DATA; t++)
		if (key->types & 1U << t && becomes(t, node))
			return true;
	return false;
}

/* NSNumbers to every reader of Apple's, and nothing is lost. */
static bool
is_same_number(const struct mc_schema_key *key, const mc_plist *node)
{
	const int64_t exact = INT64_C(1) << 53;
	int64_t n;

	return key->type == MC_PLIST_REAL && mc_plist_int(node, &n) &&
	    n >= -exact && n <= exact;
}

/* A target that does not make one of the other: MC_OS_COUNT is none. */
static enum mc_os
stricter(const struct mc_walk *w)
{
	const struct mc_lint_options *o = w->l->options;

	for (size_t i = 0; i < o->n; i++)
		if (o->targets[i].os != MC_OS_MACOS &&
		    (!w->support || w->support[o->targets[i].os].there))
			return o->targets[i].os;
	return MC_OS_COUNT;
}

/* Nobody said what it is for, and it may be for other devices than Macs. */
static bool
is_for_any(const struct mc_walk *w)
{
	for (enum mc_os os = 0; os < MC_OS_COUNT; os++)
		if (os != MC_OS_MACOS && (!w->support || w->support[os].there))
			return w->l->options->n == 0;
	return false;
}

static bool
tell_coerced(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, const char *want)
{
	enum mc_plist_type type = mc_plist_type(node);
	const char *is = mc_plist_type_name(type);
	enum mc_os os = stricter(w);
	struct mc_about about = {
		.code = 1105, .path = path, .node = node, .expected = want
	};

	if (is_same_number(key, node))
		return true;
	if (key->type == MC_PLIST_REAL ||
	    (key->type == MC_PLIST_INT && type == MC_PLIST_BOOL)) {
		about.severity = MC_NOTICE + 1;
	} else if (os != MC_OS_COUNT) {
		about.severity = MC_ERROR + 1;
		return mc_lint_tell(w->l, &about, w->e,
		    "%s instead of %s, which %s does not take for one", is,
		    want, mc_os_title(os));
	}
	return mc_lint_tell(w->l, &about, w->e,
	    "%s instead of %s, which %s takes for one", is, want,
	    !about.severity && is_for_any(w) ? "only macOS" : "macOS");
}

static bool
tell_type(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, bool *go_on)
{
	char text[MC_FIT_TEXT];
	const char *want = mc_fit_types_show(key, false, text);
	const struct mc_about about = {
		.code = 1104, .path = path, .node = node, .expected = want
	};

	*go_on = mc_value_coerces(key, node);
	if (*go_on)
		return tell_coerced(w, key, node, path, want);
	return mc_lint_tell(w->l, &about, w->e, "%s instead of %s",
	    mc_plist_type_name(mc_plist_type(node)), want);
}

/* The value, for a message; of a secret no more than its type. */
static const char *
show(const mc_plist *node, const struct mc_path *path,
    char text[static MC_QUOTE_TEXT])
{
	const bool open = !mc_value_path_is_secret(path);
	const char *s = mc_plist_str(node);
	char inside[MC_QUOTE_TEXT];
	int64_t n;
	double d;

	if (open && s)
		snprintf(
		    text, MC_QUOTE_TEXT, "\"%.60s\"", mc_path_quote(s, inside));
	else if (open && mc_plist_int(node, &n))
		snprintf(text, MC_QUOTE_TEXT, "%" PRId64, n);
	else if (open && mc_plist_real(node, &d))
		snprintf(text, MC_QUOTE_TEXT, "%g", d);
	else
		snprintf(text, MC_QUOTE_TEXT, "this %s",
		    mc_plist_type_name(mc_plist_type(node)));
	return text;
}

/* "one of A, B, C", or what fits of it; a range behind it. */
static const char *
list(const struct mc_walk *w, const struct mc_schema_key *key,
    char text[static LISTED])
{
	char room[MC_FIT_TEXT];
	const char *range = mc_fit_range_show(key, room);
	size_t n = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < key->allowed_n; i++) {
		const char *one = mc_schema_allowed(w->s, key, i);

		if (n + strlen(one) + sizeof("one of , ...") > LISTED - 64) {
			n += (size_t)snprintf(text + n, LISTED - n, ", ...");
			break;
		}
		n += (size_t)snprintf(text + n, LISTED - n, "%s%s",
		    i                        ? ", "
			: key->allowed_n > 1 ? "one of "
					     : "",
		    one);
	}
	snprintf(
	    text + n, LISTED - n, "%s%s", n && *range ? ", or " : "", range);
	return text;
}

static bool
tell_not_allowed(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path)
{
	const char *s = mc_plist_str(node);
	struct mc_near near = MC_NEAR_INIT(s ? s : "");
	char suggestion[sizeof(near.text) + 20];
	char want[LISTED];
	char is[MC_QUOTE_TEXT];
	struct mc_about about = { .code = 1106,
		.path = path,
		.node = node,
		.expected = list(w, key, want) };

	for (uint32_t i = 0; s && i < key->allowed_n; i++)
		mc_near_add(&near, mc_schema_allowed(w->s, key, i));
	snprintf(suggestion, sizeof(suggestion), "did you mean %s?",
	    mc_near_text(&near));
	if (near.n)
		about.suggestion = suggestion;
	if (!key->allowed_n)
		about.code = 1107;
	return mc_lint_tell(
	    w->l, &about, w->e, "%s is not %s", show(node, path, is), want);
}

/* about->expected is what it is not. */
static bool
tell_form(
    const struct mc_walk *w, const struct mc_about *about, const char *words)
{
	char is[MC_QUOTE_TEXT];

	return mc_lint_tell(w->l, about, w->e, "%s is not %s",
	    show(about->node, about->path, is), words);
}

static bool
fit_check(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path)
{
	struct mc_about about = { .code = 1108, .path = path, .node = node };

	switch (mc_fit_check(w->s, key, node)) {
	case MC_FIT_GOOD:
		break;
	case MC_FIT_VALUE:
	case MC_FIT_RANGE:
		return tell_not_allowed(w, key, node, path);
	case MC_FIT_PATTERN:
		about.expected = key->pattern;
		return tell_form(w, &about, "of the form that is wanted");
	case MC_FIT_FORM:
		about.expected = mc_fit_form_show(key);
		return tell_form(w, &about, about.expected);
	}
	return true;
}

bool
mc_value_lint(const struct mc_walk *w, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, bool *go_on)
{
	const char *s = mc_plist_str(node);
	const char *variable;

	*go_on = true;
	if (!mc_schema_type_fits(key, mc_plist_type(node)) &&
	    !tell_type(w, key, node, path, go_on))
		return false;
	if (!*go_on)
		return true;
	/* a server fills it in later: nothing can be said of it now */
	if (s && mc_variable_find(s, &variable))
		return true;
	return fit_check(w, key, node, path);
}

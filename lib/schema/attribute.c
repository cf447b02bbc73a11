/* SPDX-License-Identifier: ISC */
#include "schema/attribute.h"

bool
mc_type_read(struct mc_schema_line *l, struct mc_draft_key *k)
{
	enum mc_plist_type type;
	unsigned types = 0;
	size_t at = l->at;

	do {
		if (l->at == l->n || l->v[l->at].quoted ||
		    !mc_schema_type_find(l->v[l->at].s, &type)) {
			l->at = at;
			return false;
		}
		l->at++;
		if (!types)
			k->type = type;
		types |= 1U << type;
	} while (mc_schema_line_take(l, "or"));
	/* any among them is any; one alone is told by the type */
	if (types & (1U << MC_PLIST_NONE))
		k->type = MC_PLIST_NONE;
	k->types = k->type == MC_PLIST_NONE || types == 1U << type ? 0 : types;
	return true;
}

static bool
read_number(struct mc_schema_line *l, double *out, struct mc_err *e)
{
	const struct mc_schema_word *word;

	if (!mc_schema_line_next(l, "a number", &word, e))
		return false;
	return mc_number_parse(word->s, out) ||
	    mc_schema_line_fail_at(
		l, word, e, "want a number such as 12 or -0.5");
}

static bool
read_text(struct mc_schema_line *l, struct mc_draft *d, const char *what,
    uint32_t *out, struct mc_err *e)
{
	const struct mc_schema_word *word;

	if (!mc_schema_line_next(l, what, &word, e))
		return false;
	return mc_draft_text_add(d, word->s, strlen(word->s), out, e) ||
	    mc_schema_line_note(l, word, e);
}

static bool
read_required(struct mc_schema_line *l, struct mc_draft *d,
    struct mc_draft_key *k, struct mc_err *e)
{
	(void)l;
	(void)d;
	(void)e;
	k->required = true;
	return true;
}

static bool
read_optional(struct mc_schema_line *l, struct mc_draft *d,
    struct mc_draft_key *k, struct mc_err *e)
{
	(void)l;
	(void)d;
	(void)e;
	k->required = false;
	return true;
}

/* values A, B, C */
static bool
read_values(struct mc_schema_line *l, struct mc_draft *d,
    struct mc_draft_key *k, struct mc_err *e)
{
	uint32_t text;

	k->values = d->values_n;
	do {
		if (!read_text(l, d, "a value", &text, e))
			return false;
		if (!mc_draft_value_add(d, text, e))
			return mc_schema_line_note(l, &l->v[l->at - 1], e);
		k->values_n++;
	} while (mc_schema_line_take(l, ","));
	return true;
}

/* from A to B; from A; to B */
static bool
read_from(struct mc_schema_line *l, struct mc_draft *d, struct mc_draft_key *k,
    struct mc_err *e)
{
	(void)d;
	k->has_min = true;
	if (!read_number(l, &k->min, e))
		return false;
	k->has_max = mc_schema_line_take(l, "to");
	return !k->has_max || read_number(l, &k->max, e);
}

static bool
read_to(struct mc_schema_line *l, struct mc_draft *d, struct mc_draft_key *k,
    struct mc_err *e)
{
	(void)d;
	k->has_max = true;
	return read_number(l, &k->max, e);
}

static bool
read_default(struct mc_schema_line *l, struct mc_draft *d,
    struct mc_draft_key *k, struct mc_err *e)
{
	return read_text(l, d, "the default", &k->fallback, e);
}

static bool
read_pattern(struct mc_schema_line *l, struct mc_draft *d,
    struct mc_draft_key *k, struct mc_err *e)
{
	return read_text(l, d, "the pattern", &k->pattern, e);
}

static bool
read_form(struct mc_schema_line *l, struct mc_draft *d, struct mc_draft_key *k,
    struct mc_err *e)
{
	return read_text(l, d, "the form", &k->form, e);
}

static bool
read_count(struct mc_schema_line *l, uint32_t *out, struct mc_err *e)
{
	double v;

	if (!read_number(l, &v, e))
		return false;
	if (v < 0 || v > 1000000 || strchr(l->v[l->at - 1].s, '.'))
		return mc_schema_line_fail_at(
		    l, &l->v[l->at - 1], e, "want a count of 0 to 1000000");
	*out = (uint32_t)v;
	return true;
}

/* items A to B; items A */
static bool
read_items(struct mc_schema_line *l, struct mc_draft *d, struct mc_draft_key *k,
    struct mc_err *e)
{
	(void)d;
	k->has_count = true;
	k->count_max = MC_DRAFT_ENDLESS;
	if (!read_count(l, &k->count_min, e))
		return false;
	return !mc_schema_line_take(l, "to") || read_count(l, &k->count_max, e);
}

static bool
read_on(struct mc_schema_line *l, struct mc_draft *d, struct mc_draft_key *k,
    struct mc_err *e)
{
	(void)d;
	return mc_support_read(l, k->own, e);
}

/* named NAME; named * stands for any name */
static bool
read_named(struct mc_schema_line *l, struct mc_draft *d, struct mc_draft_key *k,
    struct mc_err *e)
{
	k->name = 0;
	return mc_schema_line_take(l, "*") ||
	    read_text(l, d, "the key's name", &k->name, e);
}

static const struct attribute {
	const char *word;
	unsigned said;
	bool override; /* for overrides only */
	bool (*read)(struct mc_schema_line *l, struct mc_draft *d,
	    struct mc_draft_key *k, struct mc_err *e);
} attributes[] = {
	{ "required", MC_SAID_REQUIRED, false, read_required },
	{ "optional", MC_SAID_REQUIRED, true, read_optional },
	{ "values", MC_SAID_VALUES, false, read_values },
	{ "from", MC_SAID_RANGE, false, read_from },
	{ "to", MC_SAID_RANGE, false, read_to },
	{ "default", MC_SAID_DEFAULT, false, read_default },
	{ "pattern", MC_SAID_PATTERN, false, read_pattern },
	{ "form", MC_SAID_FORM, false, read_form },
	{ "items", MC_SAID_ITEMS, false, read_items },
	{ "on", MC_SAID_ON, false, read_on },
	{ "named", MC_SAID_NAME, true, read_named },
};

#define NATTRIBUTES (sizeof(attributes) / sizeof(*attributes))

/* What "no" may be before: k has none already. */
static const struct {
	const char *word;
	unsigned said;
} taken_away[] = {
	{ "values", MC_SAID_VALUES },
	{ "range", MC_SAID_RANGE },
	{ "default", MC_SAID_DEFAULT },
	{ "pattern", MC_SAID_PATTERN },
	{ "form", MC_SAID_FORM },
	{ "items", MC_SAID_ITEMS },
};

static bool
read_no(struct mc_schema_line *l, unsigned *bit, struct mc_err *e)
{
	for (size_t i = 0; i < sizeof(taken_away) / sizeof(*taken_away); i++)
		if (mc_schema_line_take(l, taken_away[i].word)) {
			*bit = taken_away[i].said;
			return true;
		}
	return mc_schema_line_fail(l, e,
	    "want values, range, default, pattern, form or items after no");
}

static bool
read_one(struct mc_schema_line *l, struct mc_draft *d, bool override,
    struct mc_draft_key *k, unsigned *bit, struct mc_err *e)
{
	const struct attribute *a;

	if (override && mc_schema_line_take(l, "no"))
		return read_no(l, bit, e);
	for (a = attributes; a < attributes + NATTRIBUTES; a++) {
		if ((a->override && !override) ||
		    !mc_schema_line_take(l, a->word))
			continue;
		*bit = a->said;
		return a->read(l, d, k, e);
	}
	return mc_schema_line_fail(l, e,
	    "want required, values, from, to, default, pattern, form, items, "
	    "on%s, or the end of the line",
	    override ? ", optional, named, no, because" : "");
}

bool
mc_attributes_read(struct mc_schema_line *l, struct mc_draft *d, bool override,
    struct mc_draft_key *k, unsigned *said, struct mc_err *e)
{
	const struct mc_schema_word *word;
	unsigned bit = 0;

	while (l->at < l->n) {
		word = &l->v[l->at];
		if (override && !word->quoted &&
		    strcmp(word->s, "because") == 0)
			break;
		if (!read_one(l, d, override, k, &bit, e))
			return false;
		if (*said & bit)
			return mc_schema_line_fail_at(
			    l, word, e, "this is said twice");
		*said |= bit;
	}
	return true;
}

void
mc_attributes_merge(
    struct mc_draft_key *to, const struct mc_draft_key *from, unsigned said)
{
	if (said & MC_SAID_TYPE) {
		to->type = from->type;
		to->types = from->types;
	}
	if (said & MC_SAID_REQUIRED)
		to->required = from->required;
	if (said & MC_SAID_VALUES) {
		to->values = from->values;
		to->values_n = from->values_n;
	}
	if (said & MC_SAID_RANGE) {
		to->has_min = from->has_min;
		to->has_max = from->has_max;
		to->min = from->min;
		to->max = from->max;
	}
	if (said & MC_SAID_DEFAULT)
		to->fallback = from->fallback;
	if (said & MC_SAID_PATTERN)
		to->pattern = from->pattern;
	if (said & MC_SAID_FORM)
		to->form = from->form;
	if (said & MC_SAID_ITEMS) {
		to->has_count = from->has_count;
		to->count_min = from->count_min;
		to->count_max = from->count_max;
	}
	if (said & MC_SAID_NAME)
		to->name = from->name;
	mc_support_merge(to->own, from->own);
}

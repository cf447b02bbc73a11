/* SPDX-License-Identifier: ISC */
#include "schema/describe_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "schema/fit.h"

/* Begin one more thing of a list. */
static bool
also(struct mc_buf *to, const char *between, struct mc_err *e)
{
	return to->len == 0 || mc_buf_puts(to, between, e);
}

/* Text of the schema, which may be somebody's file. */
static bool
put_shown(struct mc_buf *to, const char *text, struct mc_err *e)
{
	char *copy = strdup(text);
	bool done;

	if (!copy)
		return mc_fail_memory(e);
	mc_text_show(copy);
	done = mc_buf_puts(to, *copy ? copy : "\"\"", e);
	free(copy);
	return done;
}

static bool
put_allowed(struct mc_buf *to, const struct mc_schema *s,
    const struct mc_schema_key *k, struct mc_err *e)
{
	if (k->allowed_n == 0)
		return true;
	/* of a number with both either will do: "0, or 1 to 180" */
	if (!also(to, "; ", e) ||
	    !mc_buf_puts(to,
		k->has_min || k->has_max ? ""
		    : k->allowed_n == 1  ? "only "
					 : "one of ",
		e))
		return false;
	for (uint32_t i = 0; i < k->allowed_n; i++)
		if (!mc_buf_puts(to, i ? ", " : "", e) ||
		    !put_shown(to, mc_schema_allowed(s, k, i), e))
			return false;
	return true;
}

static bool
put_range(struct mc_buf *to, const struct mc_schema_key *k, struct mc_err *e)
{
	char text[MC_FIT_TEXT];

	if (!*mc_fit_range_show(k, text))
		return true;
	return (k->allowed_n ? mc_buf_puts(to, ", or ", e)
			     : also(to, "; ", e)) &&
	    mc_buf_puts(to, text, e);
}

static bool
put_count(struct mc_buf *to, const struct mc_schema_key *k, struct mc_err *e)
{
	char text[MC_FIT_TEXT];

	return !*mc_fit_count_show(k, text) ||
	    (also(to, "; ", e) && mc_buf_printf(to, e, "%s items", text));
}

/* The other types that a value may have. */
static bool
put_types(struct mc_buf *to, const struct mc_schema_key *k, struct mc_err *e)
{
	for (unsigned t = MC_PLIST_DICT; t <= MC_PLIST_DATA; t++)
		if (t != k->type && (k->types & 1U << t) &&
		    (!also(to, "; ", e) ||
			!mc_buf_printf(to, e, "or %s", mc_schema_type_name(t))))
			return false;
	return true;
}

static bool
put_text(
    struct mc_buf *to, const char *what, const char *text, struct mc_err *e)
{
	return !text ||
	    (also(to, "; ", e) && mc_buf_puts(to, what, e) &&
		put_shown(to, text, e));
}

bool
mc_describe_facts(const struct mc_schema *s, const struct mc_schema_key *k,
    struct mc_buf *to, struct mc_err *e)
{
	return put_types(to, k, e) &&
	    (!k->required ||
		(also(to, "; ", e) && mc_buf_puts(to, "required", e))) &&
	    put_allowed(to, s, k, e) && put_range(to, k, e) &&
	    put_count(to, k, e) && put_text(to, "a ", k->form, e) &&
	    put_text(to, "matches ", k->pattern, e) &&
	    put_text(to, "default ", k->fallback, e);
}

/* "iOS 7.0", "until 15.0": what differs from above, or all there is. */
static bool
put_versions(const char *title, const struct mc_support *s,
    const struct mc_support *above, struct mc_buf *to, struct mc_err *e)
{
	char v[MC_VERSION_TEXT];

	if (!mc_buf_puts(to, title, e))
		return false;
	if ((!above || above->introduced != s->introduced) && s->introduced &&
	    !mc_buf_printf(to, e, " %s", mc_version_encode(s->introduced, v)))
		return false;
	if ((!above || above->deprecated != s->deprecated) && s->deprecated &&
	    !mc_buf_printf(to, e, " (deprecated in %s)",
		mc_version_encode(s->deprecated, v)))
		return false;
	return (above && above->removed == s->removed) || !s->removed ||
	    mc_buf_printf(
		to, e, " (gone in %s)", mc_version_encode(s->removed, v));
}

static bool
put_flags(unsigned flags, unsigned above, struct mc_buf *to, struct mc_err *e)
{
	for (const struct mc_flag_words *f = mc_flag_words; f->flag; f++) {
		if ((flags & f->flag) == (above & f->flag))
			continue;
		if (!mc_buf_printf(to, e, ", %s%s",
			above & f->flag ? "no longer: " : "", f->words))
			return false;
	}
	return true;
}

bool
mc_describe_support(const struct mc_support *s, const struct mc_support *above,
    enum mc_os os, struct mc_buf *to, struct mc_err *e)
{
	const char *title = mc_os_title(os);

	if (!s->there)
		return (above && !above->there) ||
		    (also(to, "; ", e) &&
			mc_buf_printf(to, e, "not on %s", title));
	if (above && !above->there)
		above = NULL;
	if (above && s->introduced == above->introduced &&
	    s->deprecated == above->deprecated &&
	    s->removed == above->removed && s->flags == above->flags)
		return true;
	return also(to, "; ", e) && put_versions(title, s, above, to, e) &&
	    put_flags(s->flags, above ? above->flags : 0, to, e);
}

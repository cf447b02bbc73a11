/* SPDX-License-Identifier: ISC */
#include "schema/attribute.h"

/* A version, or "all"; anything else is left unread. */
static bool
take_version(struct mc_schema_line *l, bool all, uint32_t *out)
{
	if (l->at == l->n || l->v[l->at].quoted)
		return false;
	if (all && mc_schema_line_take(l, "all")) {
		*out = 0;
		return true;
	}
	if (!mc_version_parse(l->v[l->at].s, out))
		return false;
	l->at++;
	return true;
}

static bool
read_end(struct mc_schema_line *l, uint32_t *out, struct mc_err *e)
{
	if (*out)
		return mc_schema_line_fail(l, e, "this is said twice");
	return take_version(l, false, out) ||
	    mc_schema_line_fail(l, e, "want a version such as 17.4");
}

/* [VERSION] {deprecated VERSION | removed VERSION | FLAG} */
static bool
read_system(
    struct mc_schema_line *l, struct mc_draft_support *own, struct mc_err *e)
{
	unsigned flag;

	own->said = MC_DRAFT_SAID;
	own->has_introduced = take_version(l, true, &own->introduced);
	while (l->at < l->n) {
		flag = l->v[l->at].quoted ? 0
					  : mc_support_flag_find(l->v[l->at].s);
		if (mc_schema_line_take(l, "deprecated")) {
			if (!read_end(l, &own->deprecated, e))
				return false;
		} else if (mc_schema_line_take(l, "removed")) {
			if (!read_end(l, &own->removed, e))
				return false;
		} else if (flag && !(own->flags & flag)) {
			own->flags |= flag;
			l->at++;
		} else {
			break;
		}
	}
	return true;
}

bool
mc_support_read(struct mc_schema_line *l,
    struct mc_draft_support own[static MC_OS_COUNT], struct mc_err *e)
{
	const struct mc_schema_word *word;
	enum mc_os os;
	bool absent;

	do {
		absent = mc_schema_line_take(l, "not");
		if (!mc_schema_line_next(l, "a system", &word, e))
			return false;
		if (!mc_os_parse(word->s, strlen(word->s), &os) ||
		    strcmp(word->s, mc_os_name(os)) != 0)
			return mc_schema_line_fail_at(l, word, e,
			    "want ios, macos, tvos, visionos or watchos");
		if (own[os].said != MC_DRAFT_SAME)
			return mc_schema_line_fail_at(
			    l, word, e, "%s is said twice", word->s);
		own[os].said = MC_DRAFT_NOT;
		if (!absent && !read_system(l, &own[os], e))
			return false;
	} while (mc_schema_line_take(l, ","));
	return true;
}

void
mc_support_merge(struct mc_draft_support to[static MC_OS_COUNT],
    const struct mc_draft_support from[static MC_OS_COUNT])
{
	for (size_t i = 0; i < MC_OS_COUNT; i++)
		if (from[i].said != MC_DRAFT_SAME)
			to[i] = from[i];
}

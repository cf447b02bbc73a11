/* SPDX-License-Identifier: ISC */
#include "schema/describe_part.h"

#include <string.h>

#include "base/table.h"

static bool
there(const struct mc_types_filter *filter, const struct mc_schema_payload *p)
{
	const struct mc_support *s = &p->support[filter->os];
	uint32_t v = filter->version;

	if (!filter->one_os)
		return true;
	return s->there &&
	    (v == 0 ||
		(s->introduced <= v && (s->removed == 0 || s->removed > v)));
}

static bool
fits(const struct mc_schema *s, const struct mc_types_filter *filter, size_t at,
    size_t n)
{
	struct mc_schema_payload p = mc_schema_at(s, at);
	bool any = false;

	for (size_t i = 0; i < filter->n; i++)
		if (!strcasestr(p.type, filter->words[i]))
			return false;
	for (size_t i = at; i < at + n && !any; i++) {
		p = mc_schema_at(s, i);
		any = there(filter, &p);
	}
	return any;
}

bool
mc_types_list(const struct mc_schema *s, const struct mc_types_filter *filter,
    bool (*each)(void *ctx, const struct mc_schema *s, size_t at, size_t n,
	struct mc_err *e),
    void *ctx, struct mc_err *e)
{
	size_t hits = 0;
	size_t first;
	size_t n;

	for (size_t at = 0; at < mc_schema_len(s); at += n) {
		n = mc_schema_find(s, mc_schema_at(s, at).type, &first);
		if (!fits(s, filter, at, n))
			continue;
		hits++;
		if (!each(ctx, s, at, n, e))
			return false;
	}
	return hits > 0 || mc_fail(e, MC_DENIED, "no payload type fits");
}

/* Where a type is on one OS: as early as its earliest part. */
static struct mc_support
merged(const struct mc_schema *s, size_t at, size_t n, unsigned os)
{
	struct mc_support all = { 0 };
	const struct mc_support *one;

	for (size_t i = at; i < at + n; i++) {
		one = &mc_schema_at(s, i).support[os];
		if (!one->there)
			continue;
		if (!all.there) {
			all = *one;
			continue;
		}
		if (one->introduced < all.introduced)
			all.introduced = one->introduced;
		/* it is gone when the last part is */
		if (one->removed == 0 || all.removed == 0)
			all.removed = 0;
		else if (one->removed > all.removed)
			all.removed = one->removed;
		if (one->deprecated == 0)
			all.deprecated = 0;
	}
	return all;
}

/* "10.7", "10.7-10.15" where it was removed, "10.7*" where it will be. */
static bool
put_versions(const struct mc_support *s, struct mc_buf *rows, struct mc_err *e)
{
	char from[MC_VERSION_TEXT];
	char to[MC_VERSION_TEXT];

	if (!s->there)
		return mc_buf_puts(rows, "\t-", e);
	mc_version_encode(s->introduced, from);
	if (s->removed)
		return mc_buf_printf(rows, e, "\t%s-%s", from,
		    mc_version_encode(s->removed, to));
	return mc_buf_printf(rows, e, "\t%s%s", from, s->deprecated ? "*" : "");
}

static bool
put_row(
    void *ctx, const struct mc_schema *s, size_t at, size_t n, struct mc_err *e)
{
	struct mc_buf *rows = ctx;
	unsigned keys = 0;
	struct mc_support support;

	for (size_t i = at; i < at + n; i++)
		keys += mc_schema_at(s, i).n;
	if (!mc_buf_printf(rows, e, "%s\t%u", mc_schema_at(s, at).type, keys))
		return false;
	for (unsigned os = 0; os < MC_OS_COUNT; os++) {
		support = merged(s, at, n, os);
		if (!put_versions(&support, rows, e))
			return false;
	}
	return mc_buf_puts(rows, "\n", e);
}

/* The headings are bold, all else is plain. */
static const char *
plain(size_t column, const char *text, size_t n)
{
	(void)column;
	(void)text;
	(void)n;
	return NULL;
}

bool
mc_types_show(const struct mc_schema *s, const struct mc_types_filter *filter,
    const struct mc_describe_view *view, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF rows = MC_BUF_INIT;
	/* versions are not cut: they give way to nothing */
	struct mc_table_view table = {
		.width = view->columns,
		.headings = true,
		.colour = view->colour ? plain : NULL,
		.rigid = ~1U,
		.whole = true,
	};

	if (!mc_buf_puts(&rows, "TYPE\tKEYS", e))
		return false;
	for (unsigned os = 0; os < MC_OS_COUNT; os++)
		if (!mc_buf_printf(&rows, e, "\t%s", mc_os_title(os)))
			return false;
	return mc_buf_puts(&rows, "\n", e) &&
	    mc_types_list(s, filter, put_row, &rows, e) &&
	    mc_table_show(&rows, &table, to, e);
}

/* SPDX-License-Identifier: ISC */
#include "profile/merge.h"

#include <stdlib.h>
#include <strings.h>

#include "plist/path.h"
#include "profile/template.h"

/* A payload, and where it is from. */
struct source {
	const mc_plist *payload;
	const char *file;
	size_t i;
	const char *identifier; /* NULL: none */
	const char *uuid;
};

struct sources {
	struct source *v;
	size_t n;
};

static void
sources_clear(struct sources *s)
{
	free(s->v);
}
#define AUTO_SOURCES __attribute__((cleanup(sources_clear))) struct sources

bool
mc_profile_open_check(const mc_plist *p, struct mc_err *e)
{
	if (mc_plist_get(p, "EncryptedPayloadContent"))
		return mc_fail(e, MC_MALFORMED,
		    "its payloads are encrypted; they must be decrypted first");
	return mc_template_check(p, e);
}

static bool
clash(const struct source *was, const struct source *now, const char *key,
    struct mc_err *e)
{
	char quoted[MC_QUOTE_TEXT];

	return mc_fail(e, MC_DENIED,
	    "%s: PayloadContent[%zu]: has the %s of another payload, %s, %s"
	    " PayloadContent[%zu]",
	    now->file, now->i, key,
	    mc_path_quote(mc_plist_get_str(now->payload, key), quoted),
	    was->file, was->i);
}

/* Is now among those that are there?  MC_DENIED for one that is half so. */
static bool
find(const struct sources *all, const struct source *now, bool *found,
    struct mc_err *e)
{
	const struct source *was = all->v;
	bool identifier;
	bool uuid;

	*found = false;
	for (; was < all->v + all->n; was++) {
		identifier = was->identifier && now->identifier &&
		    strcmp(was->identifier, now->identifier) == 0;
		uuid = was->uuid && now->uuid &&
		    strcasecmp(was->uuid, now->uuid) == 0;
		if (!identifier && !uuid)
			continue;
		if (!mc_plist_equal(was->payload, now->payload))
			return clash(was, now,
			    identifier ? "PayloadIdentifier" : "PayloadUUID",
			    e);
		*found = true;
		return true;
	}
	return true;
}

static bool
add_payloads(const struct mc_merge_part *part, struct sources *all,
    mc_plist *to, struct mc_err *e)
{
	const mc_plist *from = mc_plist_get(part->profile, "PayloadContent");
	AUTO_PLIST_ITER it = { .in = from };
	struct source *v;
	struct source now;
	bool found;

	v = reallocarray(
	    all->v, all->n + mc_plist_len(from) + 1, sizeof(*all->v));
	if (!v)
		return mc_fail_memory(e);
	all->v = v;
	while (mc_plist_iter_next(&it)) {
		now = (struct source){
			.payload = it.value,
			.file = part->name,
			.i = it.i,
			.identifier = mc_plist_get_str(
			    it.value, "PayloadIdentifier"),
			.uuid = mc_plist_get_str(it.value, "PayloadUUID"),
		};
		if (!find(all, &now, &found, e))
			return false;
		if (found)
			continue;
		all->v[all->n++] = now;
		if (!mc_plist_append(to, mc_plist_dup(it.value)))
			return mc_fail_memory(e);
	}
	return !it.failed || mc_fail_memory(e);
}

/* Of two profiles these are different, and nobody wonders. */
static bool
is_own(const char *key)
{
	static const char *const own[] = { "PayloadContent",
		"PayloadIdentifier", "PayloadUUID", "PayloadDisplayName",
		"PayloadDescription", "PayloadVersion" };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(key, own[i]) == 0)
			return true;
	return false;
}

static bool
tell_dropped(const struct mc_merge_part *part, const char *first,
    const char *key, void (*say)(const char *line), struct mc_err *e)
{
	AUTO_BUF line = MC_BUF_INIT;
	char quoted[MC_QUOTE_TEXT];

	if (!mc_buf_printf(&line, e,
		"warning: %s: its %s is dropped, %s has"
		" another",
		part->name, mc_path_quote(key, quoted), first))
		return false;
	say(mc_buf_str(&line));
	return true;
}

static bool
add_keys(const struct mc_merge_part *part, const char *first,
    void (*say)(const char *line), mc_plist *to, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = part->profile };
	const mc_plist *there;

	while (mc_plist_iter_next(&it)) {
		there = mc_plist_get(to, it.key);
		if (!there && !mc_plist_set(to, it.key, mc_plist_dup(it.value)))
			return mc_fail_memory(e);
		if (there && say && !is_own(it.key) &&
		    !mc_plist_equal(there, it.value) &&
		    !tell_dropped(part, first, it.key, say, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_profile_merge(const struct mc_merge_part *parts, size_t n,
    void (*say)(const char *line), mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *to = NULL;
	AUTO_SOURCES all = { 0 };
	mc_plist *content;

	for (size_t i = 0; i < n; i++)
		if (!mc_profile_open_check(parts[i].profile, e))
			return mc_note(e, "%s", parts[i].name);
	to = mc_plist_dup(parts[0].profile);
	if (!to || !mc_plist_set(to, "PayloadContent", mc_plist_new_array()))
		return mc_fail_memory(e);
	content = mc_plist_get(to, "PayloadContent");
	for (size_t i = 0; i < n; i++)
		if (!add_keys(&parts[i], parts[0].name, say, to, e) ||
		    !add_payloads(&parts[i], &all, content, e))
			return false;
	*out = take(&to);
	return true;
}

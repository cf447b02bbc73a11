/* SPDX-License-Identifier: ISC */
/*
 * A template that can be filled gives a profile that can be written and read
 * back as it is; the values of variables never become anything but text, and
 * UUIDs are as many as before.  Named ones are the same when they are named
 * again.  What a profile is split into is merged to as many payloads.
 */
#include "profile/template.h"
#include "help.h"
#include "profile/merge.h"
#include "profile/renew.h"
#include "profile/split.h"

/* Nodes of a tree: what no filling may change. */
static size_t
count(const mc_plist *p)
{
	AUTO_PLIST_ITER it = { .in = p };
	size_t n = 1;

	while (mc_plist_iter_next(&it))
		n += count(it.value);
	return n;
}

static void
write_and_read(const mc_plist *p, size_t nodes)
{
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	AUTO(mc_plist) *q = NULL;
	struct mc_err e = MC_ERR_INIT;

	must(mc_plist_encode(p, &once, &e));
	must(mc_plist_parse(&once, MC_PLIST_DEPTH_FILE, &q, &e));
	must(count(q) == nodes);
	must(mc_plist_encode(q, &twice, &e));
	must(once.len == twice.len &&
	    memcmp(once.data, twice.data, once.len) == 0);
}

static void
name_twice(mc_plist *p)
{
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_renew_uuids_named(p, &e))
		return;
	must(mc_plist_encode(p, &once, &e));
	must(mc_renew_uuids_named(p, &e));
	must(mc_plist_encode(p, &twice, &e));
	must(once.len == twice.len &&
	    memcmp(once.data, twice.data, once.len) == 0);
}

/* Passwords for removal are in every part, and none of them alone. */
static bool
has_password(const mc_plist *profile)
{
	AUTO_PLIST_ITER it = { .in = mc_plist_get(profile, "PayloadContent") };
	const char *type;

	while (mc_plist_iter_next(&it)) {
		type = mc_plist_get_str(it.value, "PayloadType");
		if (type &&
		    strcmp(type, "com.apple.profileRemovalPassword") == 0)
			return true;
	}
	return false;
}

static void
split_and_merge(const mc_plist *p)
{
	struct mc_merge_part parts[64];
	AUTO(mc_plist) *all = NULL;
	AUTO(mc_plist) *one = NULL;
	struct mc_err e = MC_ERR_INIT;
	size_t n;

	if (has_password(p) || !mc_profile_split(p, &all, &e))
		return;
	n = mc_plist_len(all);
	must(n <= mc_plist_len(mc_plist_get(p, "PayloadContent")));
	if (n == 0 || n > sizeof(parts) / sizeof(*parts))
		return;
	for (size_t i = 0; i < n; i++)
		parts[i] = (struct mc_merge_part){ "part",
			mc_plist_at(all, i) };
	if (mc_profile_merge(parts, n, NULL, &one, &e))
		must(mc_plist_len(mc_plist_get(one, "PayloadContent")) <=
		    mc_plist_len(mc_plist_get(p, "PayloadContent")));
	else
		must(e.code == MC_DENIED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_VARS vars = { 0 };
	AUTO(mc_plist) *p = NULL;
	AUTO(mc_plist) *filled = NULL;
	struct mc_err e = MC_ERR_INIT;
	size_t nodes;

	must(mc_vars_add(&vars, "user", "]]></string><key>&amp;${user}\r", &e));
	must(mc_vars_add(
	    &vars, "u", "11111111-1111-4111-8111-111111111111", &e));
	if (!mc_buf_add(&in, data, size, &e) ||
	    !mc_plist_parse(&in, MC_PLIST_DEPTH_FILE, &p, &e))
		return 0;
	nodes = count(p);
	must(mc_template_check(p, &e) || e.code == MC_MALFORMED);
	split_and_merge(p);
	if (mc_renew_uuids(p, &e))
		write_and_read(p, nodes);
	if (mc_template_fill(p, &vars, &filled, &e))
		write_and_read(filled, nodes);
	if (filled)
		name_twice(filled);
	return 0;
}

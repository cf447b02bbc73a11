/* SPDX-License-Identifier: ISC */
/*
 * A template that can be filled gives a profile that can be written and read
 * back as it is; the values of variables never become anything but text, and
 * UUIDs are as many as before.
 */
#include "profile/template.h"
#include "help.h"
#include "profile/renew.h"

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
	if (mc_renew_uuids(p, &e))
		write_and_read(p, nodes);
	if (mc_template_fill(p, &vars, &filled, &e))
		write_and_read(filled, nodes);
	return 0;
}

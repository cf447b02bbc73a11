/* SPDX-License-Identifier: ISC */
/*
 * A plist that is read can be written, what is written can be read again,
 * and is then written as the same bytes.
 */
#include <stdlib.h>

#include "plist/plist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mc_plist *
parse(const struct mc_buf *b)
{
	struct mc_err e = MC_ERR_INIT;
	mc_plist *p = NULL;

	if (mc_plist_parse(b, MC_PLIST_DEPTH_FILE, &p, &e) != (p != NULL))
		abort();
	/* a refusal says where */
	if (!p &&
	    (e.code != MC_MALFORMED || e.text[0] < '1' || e.text[0] > '9' ||
		strchr(e.text, '\n')))
		abort();
	return p;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	AUTO(mc_plist) *p = NULL;
	AUTO(mc_plist) *q = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	p = parse(&in);
	if (!p)
		return 0;
	if (!mc_plist_encode(p, &once, &e))
		abort();
	q = parse(&once);
	if (!q || !mc_plist_encode(q, &twice, &e) || once.len != twice.len ||
	    memcmp(once.data, twice.data, once.len) != 0)
		abort();
	return 0;
}

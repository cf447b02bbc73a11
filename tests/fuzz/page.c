/* SPDX-License-Identifier: ISC */
/*
 * A template is rendered, or refused with a place and nothing rendered.  The
 * hostile value is never in the page as it is.
 */
#include <stdlib.h>

#include "http/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOSTILE "\"><a href='x'>&\002"

static const char *
lookup(const void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "hostile") == 0)
		return HOSTILE;
	return strcmp(name, "flag") == 0 ? "yes" : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mc_page_values values = { lookup, NULL };
	AUTO_BUF in = { .limit = MC_PAGE_LIMIT };
	AUTO_BUF page = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool had;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	had = strchr(mc_buf_str(&in), 2) != NULL;
	if (!mc_page_render("t", &in, &values, &page, &e)) {
		if (page.len || e.code != MC_MALFORMED ||
		    strncmp(e.text, "t:", 2) != 0)
			abort();
		return 0;
	}
	if (page.len > MC_PAGE_LIMIT)
		abort();
	if (!had && strstr(mc_buf_str(&page), HOSTILE))
		abort();
	return 0;
}

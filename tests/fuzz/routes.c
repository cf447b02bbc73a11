/* SPDX-License-Identifier: ISC */
/*
 * A routes file, and the chains in it.  Every row that is taken is whole and
 * can be found again; every chain's names are names.
 */
#include "help.h"
#include "http/route.h"
#include "stage/chain.h"

static bool
check_name(const void *ctx, const char *name, bool may, struct mc_err *e)
{
	(void)ctx;
	(void)may;
	(void)e;
	must(*name && strlen(name) < 64 && !strpbrk(name, " \t{}%|[]\""));
	return true;
}

static void
check_row(const struct mc_routes *r, const struct mc_route *row)
{
	AUTO_CHAIN chain = { 0 };
	struct mc_err e = MC_ERR_INIT;

	must(row->path[0] == '/' && row->line > 0 && *row->chain);
	must(row->methods && !(row->methods & ~7U));
	must(row->methods & mc_routes_methods(r, row->path));
	must(mc_routes_find_signed(
	    r, row->path, row->methods & (0U - row->methods), row->who));
	must(!row->type || strchr(row->type, '/'));
	if (!mc_chain_parse(row->chain, &chain, &e)) {
		must(e.code == MC_MALFORMED && !chain.text);
		return;
	}
	must(chain.n > 0 && chain.n <= MC_CHAIN_WORDS);
	must(mc_chain_names(&chain, check_name, NULL, &e));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF text = { .limit = MC_CONF_LIMIT };
	AUTO_ROUTES r = { 0 };
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&text, data, size, &e))
		return 0;
	if (!mc_routes_parse(&text, "routes", &r, &e)) {
		must(e.code == MC_MALFORMED &&
		    strncmp(e.text, "routes:", 7) == 0);
		return 0;
	}
	must(r.n > 0 && r.n <= MC_ROUTES_MAX);
	for (size_t i = 0; i < r.n; i++)
		check_row(&r, &r.v[i]);
	return 0;
}

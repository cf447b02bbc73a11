/* SPDX-License-Identifier: ISC */
/* Requests that wait for a person. */
#include <stdlib.h>

#include "ca/issue.h"
#include "scep_ca/common.h"

/* What the first column of "pending" shows. */
static bool
number(const char *text, int64_t *out, struct mc_err *e)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 18 || text[n])
		return mc_fail(e, MC_USAGE,
		    "%.40s: want a number, as pending shows it", text);
	*out = strtoll(text, NULL, 10);
	return true;
}

static bool
one(struct mc_store *s, int64_t id, const struct mc_report_view *view,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_REQUEST r = { 0 };
	bool found;

	if (!mc_store_request_find_id(s, id, &r, &found, e))
		return false;
	if (!found)
		return mc_fail(
		    e, MC_NOINPUT, "%lld: no such request", (long long)id);
	return mc_ca_report_request(&r, view->now, to, e);
}

bool
mc_ca_admin_pending(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const struct mc_report_view view = mc_ca_admin_view(io);
	struct mc_report_requests which = { .pattern = a->pattern,
		.user = a->user,
		.owner = a->owner,
		.profile = a->profile,
		.all = a->all || a->number,
		.limit = a->limit };
	AUTO(mc_store) *store = NULL;

	io->out->limit = MC_CA_LARGE;
	if ((a->number && !number(a->number, &which.id, e)) ||
	    !mc_ca_store_open(a->dir, &store, e))
		return false;
	if (a->number && a->format == TABLE_TEXT)
		return one(store, which.id, &view, io->out, e);
	if (a->format == TABLE_JSON)
		return mc_ca_report_requests_json(
		    store, &which, view.now, io->out, e);
	if (a->format == TABLE_CSV)
		return mc_ca_report_requests_csv(
		    store, &which, view.now, io->out, e);
	return mc_ca_report_requests(store, &which, &view, io->out, e);
}

static bool
decide(const struct ca_args *a, bool yes, struct mc_io *io, struct mc_err *e)
{
	char who[MC_CA_WHO_TEXT];
	AUTO(mc_store) *store = NULL;
	int64_t id;

	if (!number(a->number, &id, e) ||
	    !mc_ca_store_open(a->dir, &store, e) ||
	    !mc_issue_decide(store, id, yes, mc_ca_admin_who(who), a->note, e))
		return false;
	return mc_buf_printf(io->out, e, "%lld %s\n", (long long)id,
	    yes ? "approved: its requester gets the certificate when it asks "
		  "again"
		: "rejected");
}

bool
mc_ca_admin_approve(const void *args, struct mc_io *io, struct mc_err *e)
{
	return decide(args, true, io, e);
}

bool
mc_ca_admin_reject(const void *args, struct mc_io *io, struct mc_err *e)
{
	return decide(args, false, io, e);
}

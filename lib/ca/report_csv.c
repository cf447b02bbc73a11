/* SPDX-License-Identifier: ISC */
#include "ca/report.h"

#include <stdio.h>

#include "ca/csv.h"

static const char *
moment(int64_t t, char text[static MC_TIME_TEXT])
{
	return t ? mc_time_format(t, text) : NULL;
}

struct csv {
	struct mc_buf *to;
	const struct mc_report_requests *which;
	int64_t now;
	unsigned n;
};

static bool
request_each(void *ctx, const struct mc_request *r, struct mc_err *e)
{
	struct csv *c = ctx;
	char number[24];
	char key[MC_SHA256_HEX];
	char t[3][MC_TIME_TEXT];
	const char *const fields[] = { number,
		mc_ca_report_request_status(r, c->now),
		moment(r->created, t[0]), moment(r->expires, t[1]),
		moment(r->decided, t[2]), r->decided_by, r->reason, r->profile,
		r->user, r->owner, r->source, r->transaction, r->challenge,
		r->replaces, key, r->signer, r->csr, r->request, r->subject,
		r->names };

	if (!mc_report_requests_match(c->which, r) ||
	    (c->which->limit && c->n >= c->which->limit))
		return true;
	c->n++;
	if (!mc_sha256_hex(r->key.data, r->key.len, key, e))
		return false;
	snprintf(number, sizeof(number), "%lld", (long long)r->id);
	return mc_csv_encode(
	    fields, sizeof(fields) / sizeof(*fields), c->to, e);
}

bool
mc_ca_report_requests_csv(struct mc_store *s,
    const struct mc_report_requests *which, int64_t now, struct mc_buf *to,
    struct mc_err *e)
{
	struct csv c = { to, which, now, 0 };

	return mc_buf_puts(to,
		   "number,status,created,expires,decided,decided_by,reason,"
		   "profile,user,owner,source,transaction,challenge,replaces,"
		   "key,signer_key,csr,request,subject,names\r\n",
		   e) &&
	    mc_store_request_list(
		s, MC_REQUEST_PENDING, which->all, 0, request_each, &c, e);
}

/* SPDX-License-Identifier: ISC */
#include "ca/transfer.h"

#include "ca/csv.h"
#include "ca/report.h"
#include "ca/transfer_part.h"
#include "crypto/crl.h"

static const char csv_head[] =
    "serial,status,subject,names,not_before,not_after,profile,way,user,owner,"
    "source,transaction,created,revoked_at,reason,replaces,key\r\n";

static bool
csv_encode(const struct mc_certificate *c, int64_t now, struct mc_buf *to,
    struct mc_err *e)
{
	bool revoked = c->state == MC_CERTIFICATE_REVOKED;
	char t[4][MC_TIME_TEXT];
	const char *const fields[] = { c->serial, mc_ca_report_status(c, now),
		c->subject, c->names, mc_time_format(c->not_before, t[0]),
		mc_time_format(c->not_after, t[1]), c->profile,
		mc_certificate_way_name(c->way), c->user, c->owner, c->source,
		c->transaction, mc_time_format(c->created, t[2]),
		revoked ? mc_time_format(c->revoked_at, t[3]) : NULL,
		revoked ? mc_crl_reason_name(c->reason) : NULL, c->replaces,
		c->key };

	return mc_csv_encode(fields, sizeof(fields) / sizeof(*fields), to, e);
}

struct export
{
	enum mc_transfer format;
	int64_t now;
	struct mc_buf *to;
	const struct mc_watch *watch;
	int64_t done;
};

/* An intent has no certificate: only a table for people can show it. */
static bool
row_each(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct export *x = ctx;

	x->done++;
	mc_watch_tell(x->watch, x->done, 0);
	if (x->format == MC_TRANSFER_CSV)
		return csv_encode(c, x->now, x->to, e);
	if (c->state == MC_CERTIFICATE_INTENT)
		return true;
	if (x->format == MC_TRANSFER_JSON)
		return mc_transfer_json_encode(c, x->now, x->to, e);
	return mc_transfer_index_encode(c, x->now, x->to, e);
}

static void
reverse(uint8_t *from, uint8_t *end)
{
	for (; from < end; from++) {
		uint8_t c = *--end;

		*end = *from;
		*from = c;
	}
}

/*
 * The list is the newest first; others append to their records, and what
 * follows on something comes after it.  In place: all of it reversed, and then
 * each line.
 */
static void
lines_reverse(uint8_t *text, size_t len)
{
	uint8_t *end = text + len;
	uint8_t *next;

	reverse(text, end);
	for (uint8_t *p = text; p < end; p = next) {
		next = memchr(p + 1, '\n', (size_t)(end - p - 1));
		next = next ? next : end;
		reverse(p, next);
	}
}

bool
mc_transfer_export(struct mc_store *s, enum mc_transfer format,
    const struct mc_certificate_filter *f, const struct mc_watch *watch,
    struct mc_buf *to, struct mc_err *e)
{
	struct mc_certificate_filter which = *f;
	struct export x = { format, 0, to, watch, 0 };
	size_t start;

	if (!which.now)
		which.now = mc_time_now();
	x.now = which.now;
	if (format == MC_TRANSFER_CSV && !mc_buf_puts(to, csv_head, e))
		return false;
	start = to->len;
	if (!mc_store_certificate_list(s, &which, row_each, &x, e))
		return false;
	if (to->len > start)
		lines_reverse(to->data + start, to->len - start);
	return true;
}

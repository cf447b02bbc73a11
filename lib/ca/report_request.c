/* SPDX-License-Identifier: ISC */
#include "ca/report_part.h"

#include <limits.h>

#include "base/text.h"
#include "crypto/cert.h"

const char *
mc_ca_report_request_status(const struct mc_request *r, int64_t now)
{
	bool over = r->state == MC_REQUEST_PENDING && now >= r->expires;

	return over ? "expired" : mc_request_state_name(r->state);
}

static bool
same(const char *want, const char *is)
{
	return !want || (is && strcmp(want, is) == 0);
}

static bool
part(const char *pattern, const char *of)
{
	return of && strcasestr(of, pattern) != NULL;
}

bool
mc_report_requests_match(
    const struct mc_report_requests *w, const struct mc_request *r)
{
	if ((w->id && w->id != r->id) || !same(w->user, r->user) ||
	    !same(w->owner, r->owner) || !same(w->profile, r->profile))
		return false;
	return !w->pattern || part(w->pattern, r->subject) ||
	    part(w->pattern, r->names) || part(w->pattern, r->user) ||
	    part(w->pattern, r->owner);
}

/* A table as it grows. */
struct rows {
	struct mc_buf text;
	int64_t now;
	unsigned n;
	enum mc_report_room room;
	const struct mc_report_requests *which;
};

static void
rows_clear(struct rows *r)
{
	mc_buf_clear(&r->text);
}
#define AUTO_ROWS __attribute__((cleanup(rows_clear))) struct rows

/* Who decided and why, as far as anybody has. */
static bool
decided(const struct mc_request *q, struct mc_buf *to, struct mc_err *e)
{
	if (q->decided == 0)
		return mc_buf_puts(to, "-", e);
	return mc_buf_printf(to, e, "%s%s%s", mc_report_dash(q->decided_by),
	    q->reason && *q->reason ? ": " : "", q->reason ? q->reason : "");
}

static bool
wide_cells(struct rows *r, const struct mc_request *q, struct mc_err *e)
{
	char since[MC_TIME_TEXT];

	if (r->room != MC_ROOM_WIDE)
		return true;
	return mc_buf_printf(&r->text, e, "%s\t%s\t%s\t%s\t",
	    mc_time_format(q->created, since), mc_report_dash(q->profile),
	    mc_report_whose(q->user, q->owner), mc_report_dash(q->source));
}

static bool
request_row(void *ctx, const struct mc_request *q, struct mc_err *e)
{
	struct rows *r = ctx;
	const struct mc_report_requests *w = r->which;
	char key[MC_SHA256_HEX];

	if (!mc_report_requests_match(w, q) || (w->limit && r->n >= w->limit))
		return true;
	r->n++;
	return mc_sha256_hex(q->key.data, q->key.len, key, e) &&
	    mc_buf_printf(&r->text, e, "%lld\t%s\t", (long long)q->id,
		mc_ca_report_request_status(q, r->now)) &&
	    wide_cells(r, q, e) &&
	    (!w->all || r->room != MC_ROOM_WIDE ||
		(decided(q, &r->text, e) && mc_buf_puts(&r->text, "\t", e))) &&
	    mc_buf_printf(&r->text, e, "%.12s\t%s\t%s\n", key,
		mc_report_dash(q->subject), q->names ? q->names : "");
}

bool
mc_ca_report_requests(struct mc_store *s,
    const struct mc_report_requests *which, const struct mc_report_view *view,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_ROWS r = { .text = { .limit = MC_REPORT_LIMIT },
		.now = view->now,
		.room = mc_report_room(view),
		.which = which };
	const bool all = which->all && r.room == MC_ROOM_WIDE;
	/* the key is to be compared: it stays whole */
	const unsigned key = 2U + (r.room == MC_ROOM_WIDE ? 4 : 0) +
	    (all ? 1 : 0);
	const struct mc_table_view table = { .rigid = 1U << 1 | 1U << key,
		.tails = 1U << (key + 1),
		.whole = true };

	return mc_buf_printf(&r.text, e,
		   "NUMBER\tSTATUS\t%s%sKEY\tSUBJECT\tNAMES\n",
		   r.room == MC_ROOM_WIDE ? "ASKED\tPROFILE\tFOR\tFROM\t" : "",
		   all ? "DECIDED BY\t" : "") &&
	    mc_store_request_list(
		s, MC_REQUEST_PENDING, which->all, 0, request_row, &r, e) &&
	    mc_report_table(&r.text, table, view, to, e);
}

/* A line with its label; nothing where there is nothing to say. */
static bool
line(struct mc_buf *rows, const char *label, const char *text, struct mc_err *e)
{
	AUTO_BUF copy = MC_BUF_INIT;

	if (!text || !*text)
		return true;
	if (!mc_buf_puts(&copy, text, e))
		return false;
	mc_text_show((char *)copy.data);
	return mc_buf_printf(rows, e, "%s\t%s\n", label, mc_buf_str(&copy));
}

static bool
moment(struct mc_buf *rows, const char *label, int64_t at, struct mc_err *e)
{
	char text[MC_TIME_TEXT];

	return at == 0 || line(rows, label, mc_time_format(at, text), e);
}

/* What an approver compares with what he was told by another way. */
static bool
key_lines(struct mc_buf *rows, const struct mc_request *r, struct mc_err *e)
{
	const unsigned char *p = r->key.data;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO_BUF text = MC_BUF_INIT;
	char hash[MC_SHA256_HEX];
	char group[40] = "";

	if (r->key.len > 0 && r->key.len <= LONG_MAX)
		key = d2i_PUBKEY(NULL, &p, (long)r->key.len);
	ERR_clear_error();
	if (key)
		(void)EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
	ERR_clear_error();
	if (!(key ? mc_buf_printf(&text, e, "%s, %d bits%s%s",
			EVP_PKEY_get0_type_name(key), EVP_PKEY_get_bits(key),
			*group ? ", " : "", group)
		  : mc_buf_puts(&text, "cannot be read", e)))
		return false;
	return line(rows, "Key", mc_buf_str(&text), e) &&
	    mc_sha256_hex(r->key.data, r->key.len, hash, e) &&
	    line(rows, "SHA-256 of key", hash, e);
}

bool
mc_ca_report_request(const struct mc_request *r, int64_t now, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO_BUF rows = MC_BUF_INIT;

	return mc_buf_printf(&rows, e, "Number\t%lld\n", (long long)r->id) &&
	    line(&rows, "Status", mc_ca_report_request_status(r, now), e) &&
	    line(&rows, "Subject", r->subject, e) &&
	    line(&rows, "Names", r->names, e) && key_lines(&rows, r, e) &&
	    line(&rows, "Profile", r->profile, e) &&
	    line(&rows, "User", r->user, e) &&
	    line(&rows, "Owner", r->owner, e) &&
	    line(&rows, "Challenge", r->challenge, e) &&
	    line(&rows, "Replaces", r->replaces, e) &&
	    line(&rows, "From", r->source, e) &&
	    line(&rows, "Transaction", r->transaction, e) &&
	    line(&rows, "Signed by key", r->signer, e) &&
	    line(&rows, "SHA-256 of CSR", r->csr, e) &&
	    moment(&rows, "Asked", r->created, e) &&
	    moment(&rows, "Waits until", r->expires, e) &&
	    moment(&rows, "Decided", r->decided, e) &&
	    line(&rows, "Decided by", r->decided_by, e) &&
	    line(&rows, "Because", r->reason, e) &&
	    mc_table_encode(&rows, to, e);
}

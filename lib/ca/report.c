/* SPDX-License-Identifier: ISC */
#include "ca/report_part.h"

#include "crypto/cert.h"
#include "crypto/keyref.h"
#include "crypto/name.h"

bool
mc_ca_report_fingerprint(const X509 *cert, struct mc_buf *to, struct mc_err *e)
{
	char hex[MC_SHA256_HEX];

	if (!mc_cert_sha256(cert, hex, e))
		return false;
	for (int i = 0; hex[i]; i += 2)
		if (!mc_buf_printf(to, e, "%s%c%c", i ? ":" : "",
			hex[i] >= 'a' ? hex[i] - 'a' + 'A' : hex[i],
			hex[i + 1] >= 'a' ? hex[i + 1] - 'a' + 'A'
					  : hex[i + 1]))
			return false;
	return true;
}

const char *
mc_report_dash(const char *s)
{
	return s && *s ? s : "-";
}

const char *
mc_report_whose(const char *user, const char *owner)
{
	return mc_report_dash(user && *user ? user : owner);
}

const char *
mc_ca_report_status(const struct mc_certificate *c, int64_t now)
{
	if (c->state == MC_CERTIFICATE_VALID && now > c->not_after)
		return "expired";
	return mc_certificate_state_name(c->state);
}

/* Every table has the status in its second column. */
static const char *
status_colour(size_t column, const char *text, size_t n)
{
	static const struct {
		const char *status;
		const char *colour;
	} colours[] = {
		{ "valid", "\x1b[32m" },
		{ "open", "\x1b[32m" },
		{ "issued", "\x1b[32m" },
		{ "approved", "\x1b[32m" },
		{ "revoked", "\x1b[31m" },
		{ "rejected", "\x1b[31m" },
		{ "intent", "\x1b[33m" },
		{ "pending", "\x1b[33m" },
		{ "expired", "\x1b[2m" },
		{ "used", "\x1b[2m" },
	};

	for (size_t i = 0;
	     column == 1 && i < sizeof(colours) / sizeof(*colours); i++)
		if (strlen(colours[i].status) == n &&
		    memcmp(colours[i].status, text, n) == 0)
			return colours[i].colour;
	return NULL;
}

bool
mc_report_table(const struct mc_buf *rows, struct mc_table_view table,
    const struct mc_report_view *view, struct mc_buf *to, struct mc_err *e)
{
	table.width = view->columns;
	table.headings = true;
	table.colour = view->colour ? status_colour : NULL;
	return mc_table_show(rows, &table, to, e);
}

enum mc_report_room
mc_report_room(const struct mc_report_view *view)
{
	if (view->columns == 0 || view->columns >= 120)
		return MC_ROOM_WIDE;
	return view->columns >= 76 ? MC_ROOM_USUAL : MC_ROOM_SMALL;
}

/* A table as it grows. */
struct rows {
	struct mc_buf text;
	int64_t now;
	unsigned n;
	unsigned limit; /* 0: none */
	enum mc_report_room room;
};

static void
rows_clear(struct rows *r)
{
	mc_buf_clear(&r->text);
}
#define AUTO_ROWS __attribute__((cleanup(rows_clear))) struct rows

static bool
certificate_row(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct rows *r = ctx;
	char until[MC_TIME_TEXT];
	const char *status = mc_ca_report_status(c, r->now);
	const char *whose = mc_report_whose(c->user, c->owner);
	const char *subject = mc_report_dash(c->subject);

	r->n++;
	if (r->limit && r->n > r->limit)
		return true;
	mc_time_format(c->not_after, until);
	switch (r->room) {
	case MC_ROOM_SMALL:
		return mc_buf_printf(
		    &r->text, e, "%.12s\t%s\t%s\n", c->serial, status, subject);
	case MC_ROOM_USUAL:
		return mc_buf_printf(&r->text, e, "%.12s\t%s\t%.10s\t%s\t%s\n",
		    c->serial, status, until, whose, subject);
	case MC_ROOM_WIDE:
		break;
	}
	return mc_buf_printf(&r->text, e, "%s\t%s\t%s\t%s\t%s\t%s\n", c->serial,
	    status, until, mc_report_dash(c->profile), whose, subject);
}

/* By room: what gives way to the subject, whose end says most. */
static const struct {
	const char *headings;
	unsigned rigid;
	unsigned tails;
} certificate_tables[] = {
	[MC_ROOM_SMALL] = { "SERIAL\tSTATUS\tSUBJECT\n", 1U << 1, 1U << 2 },
	[MC_ROOM_USUAL] = { "SERIAL\tSTATUS\tNOT AFTER\tFOR\tSUBJECT\n",
	    1U << 1 | 1U << 2, 1U << 4 },
	[MC_ROOM_WIDE] = { "SERIAL\tSTATUS\tNOT AFTER\tPROFILE\tFOR\tSUBJECT\n",
	    1U << 1 | 1U << 2, 1U << 5 },
};

bool
mc_ca_report_certificates(struct mc_store *s,
    const struct mc_certificate_filter *f, const struct mc_report_view *view,
    struct mc_buf *to, bool *more, struct mc_err *e)
{
	struct mc_certificate_filter one_more = *f;
	const enum mc_report_room room = mc_report_room(view);
	const struct mc_table_view table = {
		.rigid = certificate_tables[room].rigid,
		.tails = certificate_tables[room].tails,
	};
	AUTO_ROWS r = { .text = { .limit = MC_REPORT_LIMIT },
		.now = view->now,
		.limit = f->limit,
		.room = room };

	if (f->limit)
		one_more.limit = f->limit + 1;
	if (!mc_buf_puts(&r.text, certificate_tables[room].headings, e) ||
	    !mc_store_certificate_list(s, &one_more, certificate_row, &r, e))
		return false;
	if (more)
		*more = r.limit && r.n > r.limit;
	return mc_report_table(&r.text, table, view, to, e);
}

static bool
challenge_row(void *ctx, const struct mc_challenge *c, struct mc_err *e)
{
	struct rows *r = ctx;
	char until[MC_TIME_TEXT];

	return mc_buf_printf(&r->text, e, "%.12s\t%s\t%u/%u\t%s\t%s\t%s\t%s\n",
	    c->hash, mc_challenge_status(c, r->now), c->used, c->uses,
	    mc_time_format(c->expires, until), mc_report_dash(c->profile),
	    mc_report_whose(c->user, c->owner),
	    c->subject ? c->subject : "any subject");
}

bool
mc_ca_report_challenges(struct mc_store *s, unsigned limit,
    const struct mc_report_view *view, struct mc_buf *to, struct mc_err *e)
{
	AUTO_ROWS r = { .text = { .limit = MC_REPORT_LIMIT },
		.now = view->now };

	return mc_buf_puts(&r.text,
		   "SHA-256\tSTATUS\tUSED\tEXPIRES\tPROFILE\tFOR\tSUBJECT\n",
		   e) &&
	    mc_store_challenge_list(s, limit, challenge_row, &r, e) &&
	    mc_report_table(&r.text, (struct mc_table_view){ 0 }, view, to, e);
}

/* A key: where ca.conf says it is, or beside its certificate. */
static bool
key_row(const char *dir, const char *label, const char *ref, const char *name,
    struct mc_buf *to, struct mc_err *e)
{
	if (!ref)
		return mc_buf_printf(to, e, "%s\t%s/%s\n", label, dir, name);
	if (mc_keyref_is_uri(ref) || *ref == '/')
		return mc_buf_printf(to, e, "%s\t", label) &&
		    mc_keyref_show(ref, to, e) && mc_buf_puts(to, "\n", e);
	return mc_buf_printf(to, e, "%s\t%s/%s\n", label, dir, ref);
}

static bool
places(const char *dir, const struct mc_ca *ca, struct mc_buf *to,
    struct mc_err *e)
{
	const struct mc_ca_conf *c = ca->conf;

	return mc_buf_printf(to, e, "CA certificate\t%s/ca.pem\n", dir) &&
	    key_row(dir, "CA key", c->ca_key, "ca.key", to, e) &&
	    mc_buf_printf(to, e, "RA certificate\t%s/ra.pem\n", dir) &&
	    key_row(dir, "RA key", c->ra_key, "ra.key", to, e) &&
	    (!ca->ocsp.cert ||
		(mc_buf_printf(to, e, "OCSP certificate\t%s/ocsp.pem\n", dir) &&
		    key_row(
			dir, "OCSP key", c->ocsp_key, "ocsp.key", to, e))) &&
	    mc_buf_printf(to, e, "Store\t%s/store.db\n", dir);
}

bool
mc_ca_report(const char *dir, struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF rows = MC_BUF_INIT;
	AUTO_BUF name = MC_BUF_INIT;
	char until[MC_TIME_TEXT];
	int64_t since, end;

	if (!mc_ca_load(dir, MC_CA_CERTS, &ca, e) ||
	    !mc_name_encode(X509_get_subject_name(ca->cert), &name, e) ||
	    !mc_cert_validity(ca->cert, &since, &end, e))
		return false;
	return places(dir, ca, &rows, e) &&
	    mc_buf_printf(&rows, e, "Subject\t%s\nValid until\t%s\nSHA-256\t",
		mc_buf_str(&name), mc_time_format(end, until)) &&
	    mc_ca_report_fingerprint(ca->cert, &rows, e) &&
	    mc_buf_puts(&rows, "\n", e) && mc_table_encode(&rows, to, e);
}

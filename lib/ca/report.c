/* SPDX-License-Identifier: ISC */
#include "ca/report.h"

#include "base/table.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "store/certificate.h"
#include "store/challenge.h"

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

static const char *
or_dash(const char *s)
{
	return s && *s ? s : "-";
}

static bool
challenge_row(void *ctx, const struct mc_challenge *c, struct mc_err *e)
{
	char until[MC_TIME_TEXT];
	const char *state = c->used_by[0] ? "used"
	    : mc_time_now() >= c->expires ? "expired"
					  : "open";

	return mc_buf_printf(ctx, e, "%.12s\t%s\t%s\t%s\t%s\n", c->hash, state,
	    mc_time_format(c->expires, until), or_dash(c->owner),
	    c->subject ? c->subject : "any subject");
}

static bool
list_row(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	char until[MC_TIME_TEXT];
	bool over = c->state == MC_CERTIFICATE_VALID &&
	    mc_time_now() > c->not_after;

	return mc_buf_printf(ctx, e, "%s\t%s\t%s\t%s\t%s\n", c->serial,
	    over ? "expired" : mc_certificate_state_name(c->state),
	    mc_time_format(c->not_after, until), or_dash(c->owner), c->subject);
}

bool
mc_ca_report(const char *dir, struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF name = MC_BUF_INIT;
	AUTO_BUF print = MC_BUF_INIT;
	char until[MC_TIME_TEXT];
	int64_t since, end;

	if (!mc_ca_load(dir, MC_CA_CERTS, &ca, e) ||
	    !mc_name_encode(X509_get_subject_name(ca->cert), &name, e) ||
	    !mc_cert_validity(ca->cert, &since, &end, e) ||
	    !mc_ca_report_fingerprint(ca->cert, &print, e))
		return false;
	return mc_buf_printf(to, e,
	    "CA certificate  %s/ca.pem\n"
	    "CA key          %s/ca.key\n"
	    "RA certificate  %s/ra.pem\n"
	    "RA key          %s/ra.key\n"
	    "Store           %s/store.db\n"
	    "Subject         %s\n"
	    "Valid until     %s\n"
	    "SHA-256         %s\n",
	    dir, dir, dir, dir, dir, mc_buf_str(&name),
	    mc_time_format(end, until), mc_buf_str(&print));
}

bool
mc_ca_report_certificates(
    struct mc_store *s, unsigned limit, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF rows = MC_BUF_INIT;

	return mc_buf_puts(
		   &rows, "SERIAL\tSTATUS\tNOT AFTER\tOWNER\tSUBJECT\n", e) &&
	    mc_store_certificate_list(s, limit, list_row, &rows, e) &&
	    mc_table_encode(&rows, to, e);
}

bool
mc_ca_report_challenges(struct mc_store *s, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF rows = MC_BUF_INIT;

	return mc_buf_puts(
		   &rows, "SHA-256\tSTATUS\tEXPIRES\tOWNER\tSUBJECT\n", e) &&
	    mc_store_challenge_list(s, challenge_row, &rows, e) &&
	    mc_table_encode(&rows, to, e);
}

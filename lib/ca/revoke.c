/* SPDX-License-Identifier: ISC */
#include "ca/revoke.h"

#include "crypto/crl.h"
#include "store/history.h"

/* Certificates of one statement; how many there may be has no limit. */
#define CHUNK 1000

#define DIGITS "0123456789abcdefABCDEF"

/* What MC_CRL_REASONS has: a hold would have to end, and cannot. */
static bool
reason_check(int64_t reason, struct mc_err *e)
{
	const char *name = mc_crl_reason_name(reason);
	const char *p = MC_CRL_REASONS;
	size_t n;

	for (; name && *p; p += n + (p[n] == '|')) {
		n = strcspn(p, "|");
		if (strlen(name) == n && strncmp(p, name, n) == 0)
			return true;
	}
	return mc_fail(e, MC_USAGE,
	    "%lld: not a reason for which a certificate is revoked",
	    (long long)reason);
}

bool
mc_ca_serial_parse(
    const char *text, char out[static MC_SERIAL_TEXT], struct mc_err *e)
{
	char hex[MC_SERIAL_TEXT + 3] = "00";
	AUTO(ASN1_INTEGER) *number = NULL;
	size_t n = 0; /* digits behind these zeros */
	bool some = false;
	const char *digits = text;
	const char *p;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && text[2])
		digits += 2;
	for (p = digits; *p && n + 3 < sizeof(hex); p++) {
		if (*p == ':' && some && p[-1] != ':' && p[1])
			continue;
		if (*p == '-') /* none is negative */
			break;
		some = true;
		if (n == 0 && *p == '0')
			continue;
		hex[2 + n++] = *p;
		hex[2 + n] = '\0';
	}
	/* whole octets: of the zeros both are needed, or one, or none */
	if (some && !*p &&
	    mc_serial_parse(hex + (n ? 2 - n % 2 : 0), &number, e) &&
	    mc_serial_encode(number, out, e))
		return true;
	if (n >= MC_SERIAL_TEXT && !digits[strspn(digits, DIGITS ":")])
		return mc_fail(e, MC_USAGE,
		    "%.64s: longer than 20 octets: no serial number", text);
	return mc_fail(
	    e, MC_USAGE, "%.64s: not a serial number in hexadecimal", text);
}

static bool
history_add(struct mc_store *s, const char *serial, int64_t at,
    const struct mc_revocation *why, struct mc_err *e)
{
	AUTO_BUF note = MC_BUF_INIT;

	if (!mc_buf_printf(&note, e, "%s%s%s", mc_crl_reason_name(why->reason),
		why->note ? ": " : "", why->note ? why->note : ""))
		return false;
	return mc_store_history_add(s,
	    &(struct mc_history){ .serial = serial,
		.at = at,
		.what = "revoked",
		.who = why->who,
		.note = mc_buf_str(&note) },
	    e);
}

static bool
fail_none(struct mc_store *s, const char *serial, struct mc_err *e)
{
	AUTO_CERTIFICATE record = { 0 };
	char when[MC_TIME_TEXT];
	bool found = false;

	if (!mc_store_certificate_find(s, serial, &record, &found, e))
		return false;
	if (found && record.state == MC_CERTIFICATE_REVOKED)
		return mc_fail(e, MC_DENIED, "%s: already revoked at %s",
		    serial, mc_time_format(record.revoked_at, when));
	return mc_fail(e, MC_DENIED,
	    "%s: no valid certificate has this serial number", serial);
}

bool
mc_revoke_check(struct mc_store *s, const char *serial, struct mc_err *e)
{
	AUTO_CERTIFICATE record = { 0 };
	bool found = false;

	if (!mc_store_certificate_find(s, serial, &record, &found, e))
		return false;
	return (found && record.state == MC_CERTIFICATE_VALID) ||
	    fail_none(s, serial, e);
}

static bool
revoke(struct mc_store *s, const char *serial, int64_t at,
    const struct mc_revocation *why, struct mc_err *e)
{
	bool revoked = false;

	if (!mc_store_certificate_revoke(
		s, serial, at, why->reason, &revoked, e))
		return false;
	if (!revoked)
		return fail_none(s, serial, e);
	return history_add(s, serial, at, why, e);
}

bool
mc_revoke(struct mc_store *s, const char *serial,
    const struct mc_revocation *why, struct mc_err *e)
{
	char number[MC_SERIAL_TEXT];

	if (!mc_ca_serial_parse(serial, number, e) ||
	    !reason_check(why->reason, e) || !mc_store_begin(s, e))
		return false;
	if (revoke(s, number, mc_time_now(), why, e) && mc_store_commit(s, e))
		return true;
	mc_store_rollback(s);
	return false;
}

/* Serial numbers, each with its NUL: nothing changes what is being read. */
static bool
collect(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	return mc_buf_add(ctx, c->serial, strlen(c->serial) + 1, e);
}

/* The next ones that the filter finds; none are left where *n is 0. */
static bool
revoke_some(struct mc_store *s, const struct mc_certificate_filter *f,
    int64_t at, const struct mc_revocation *why, unsigned *n, struct mc_err *e)
{
	AUTO_BUF serials = MC_BUF_INIT;
	const char *p;

	*n = 0;
	if (!mc_store_certificate_list(s, f, collect, &serials, e))
		return false;
	for (size_t at_byte = 0; at_byte < serials.len;
	     at_byte += strlen(p) + 1, ++*n) {
		p = mc_buf_str(&serials) + at_byte;
		if (!revoke(s, p, at, why, e))
			return false;
	}
	return true;
}

static bool
chooses(const struct mc_certificate_filter *f)
{
	return f->expires_before || f->created_from || f->created_until ||
	    f->pattern || f->serial || f->line || f->user || f->owner ||
	    f->challenge || f->key || f->profile || f->transaction;
}

bool
mc_revoke_all(struct mc_store *s, const struct mc_certificate_filter *which,
    const struct mc_revocation *why, unsigned *n, struct mc_err *e)
{
	struct mc_certificate_filter f = *which;
	int64_t now = mc_time_now();
	unsigned all = 0;
	unsigned some;

	f.status = MC_STATUS_VALID;
	f.now = now;
	if (!f.limit || f.limit > CHUNK)
		f.limit = CHUNK;
	if (!chooses(which))
		return mc_fail(e, MC_USAGE,
		    "nothing says which certificates: all would be revoked");
	if (!reason_check(why->reason, e) || !mc_store_begin(s, e))
		return false;
	do {
		if (which->limit && which->limit - all < f.limit)
			f.limit = which->limit - all;
		if (!revoke_some(s, &f, now, why, &some, e)) {
			mc_store_rollback(s);
			return false;
		}
		all += some;
	} while (some > 0 && all != which->limit);
	if (!mc_store_commit(s, e)) {
		mc_store_rollback(s);
		return false;
	}
	*n = all;
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "ca/audit.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/fd.h"
#include "base/text.h"
#include "ca/row.h"
#include "crypto/crl.h"
#include "crypto/names.h"
#include "store/challenge.h"

#define LINE 512

struct audit {
	const struct mc_ca *ca;
	void (*say)(const char *);
	const struct mc_watch *watch;
	struct mc_audit found;
	int64_t now, done, all;
};

static void fault(struct audit *a, const char *fmt, ...) MC_PRINTF(2, 3);

static void
fault(struct audit *a, const char *fmt, ...)
{
	char line[LINE];
	va_list ap;

	a->found.faults++;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	mc_text_show(line); /* of a record that may be anybody's work */
	a->say(line);
}

static const char *
text_of(const char *s)
{
	return s ? s : "";
}

/* The row beside what its certificate says. */
static void
row_compare(struct audit *a, const struct mc_certificate *row,
    const struct mc_certificate *cert)
{
	if (strcmp(row->serial, cert->serial) != 0)
		fault(a, "%s: the certificate's serial number is %s",
		    row->serial, cert->serial);
	if (strcmp(text_of(row->subject), text_of(cert->subject)) != 0)
		fault(a,
		    "%s: the subject is %.150s, and the certificate's %.150s",
		    row->serial, text_of(row->subject), text_of(cert->subject));
	if (!mc_names_equal(row->names, cert->names))
		fault(a,
		    "%s: the names are %.150s, and the certificate's %.150s",
		    row->serial, text_of(row->names), text_of(cert->names));
	if (strcmp(row->key, cert->key) != 0)
		fault(a, "%s: the certificate has another key", row->serial);
	if (row->not_before != cert->not_before ||
	    row->not_after != cert->not_after)
		fault(a, "%s: the certificate has other dates", row->serial);
}

/* An older CA is put aside, and what it has signed has expired with it. */
static void
issuer_compare(struct audit *a, const struct mc_certificate *row, X509 *cert)
{
	const struct mc_ca *by = mc_ca_issuer_find(a->ca, cert);

	if (by && strcmp(by->id, row->issuer) == 0)
		return;
	if (by || strcmp(row->issuer, a->ca->id) == 0 ||
	    (a->ca->previous && strcmp(row->issuer, a->ca->previous->id) == 0))
		fault(a, "%s: was not signed by the CA that the record names",
		    row->serial);
	else if (row->not_after >= a->now)
		fault(a, "%s: the CA that has signed it is not here",
		    row->serial);
}

static void
state_check(struct audit *a, const struct mc_certificate *row)
{
	bool revoked = row->state == MC_CERTIFICATE_REVOKED;

	if (revoked && (!row->revoked_at || !mc_crl_reason_name(row->reason)))
		fault(a, "%s: revoked without time or reason", row->serial);
	if (!revoked && row->revoked_at)
		fault(a, "%s: has a time of revocation, and is %s", row->serial,
		    mc_certificate_state_name(row->state));
}

static void
certificate_check(struct audit *a, const struct mc_certificate *row)
{
	AUTO_CERTIFICATE said = { 0 };
	AUTO(X509) *cert = NULL;
	struct mc_err why = MC_ERR_INIT;

	a->found.certificates++;
	if (!mc_cert_parse(row->der.data, row->der.len, &cert, &why) ||
	    !mc_ca_row_parse(cert, &said, &why)) {
		fault(a, "%s: %.300s", row->serial, why.text);
		return;
	}
	row_compare(a, row, &said);
	issuer_compare(a, row, cert);
}

/* How many have used a challenge, and which was the last to. */
struct users {
	int64_t newest;
	unsigned n;
};

static bool
user_count(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct users *u = ctx;

	(void)e;
	if (c->id > u->newest)
		u->newest = c->id;
	u->n++;
	return true;
}

/* Once for each challenge: with the last certificate that has used it. */
static bool
challenge_check(
    struct audit *a, const struct mc_certificate *row, struct mc_err *e)
{
	struct mc_certificate_filter f = {
		.now = a->now, .challenge = row->challenge, .limit = 1
	};
	AUTO_CHALLENGE challenge = { 0 };
	struct users users = { 0, 0 };
	bool found = false;

	if (!*row->challenge)
		return true;
	if (!mc_store_certificate_list(a->ca->store, &f, user_count, &users, e))
		return false;
	if (users.newest != row->id)
		return true;
	users.n = 0;
	f.limit = 0;
	if (!mc_store_challenge_find(
		a->ca->store, row->challenge, &challenge, &found, e) ||
	    !mc_store_certificate_list(a->ca->store, &f, user_count, &users, e))
		return false;
	if (!found)
		fault(a, "%s: its challenge is not on record", row->serial);
	else if (users.n > challenge.uses || users.n > challenge.used)
		fault(a,
		    "%s: its challenge is good for %u, was used %u times, and "
		    "has %u certificates",
		    row->serial, challenge.uses, challenge.used, users.n);
	return true;
}

static bool
replaced_check(
    struct audit *a, const struct mc_certificate *row, struct mc_err *e)
{
	AUTO_CERTIFICATE old = { 0 };
	bool found = false;

	if (!*row->replaces)
		return true;
	if (!mc_store_certificate_find(
		a->ca->store, row->replaces, &old, &found, e))
		return false;
	if (!found)
		fault(a, "%s: replaces %s, which is not on record", row->serial,
		    row->replaces);
	return true;
}

static bool
row_check(void *ctx, const struct mc_certificate *row, struct mc_err *e)
{
	struct audit *a = ctx;

	if (row->state == MC_CERTIFICATE_INTENT)
		a->found.intents++;
	else
		certificate_check(a, row);
	state_check(a, row);
	mc_watch_tell(a->watch, ++a->done, a->all);
	return challenge_check(a, row, e) && replaced_check(a, row, e);
}

/*
 * What the last CRL takes back, the record has to know: one that was restored
 * from a backup may have forgotten it, and the next CRL would, too.
 */
static bool
entries_check(
    struct audit *a, const char *name, X509_CRL *crl, struct mc_err *e)
{
	STACK_OF(X509_REVOKED) *all = X509_CRL_get_REVOKED(crl);
	char serial[MC_SERIAL_TEXT];

	for (int i = 0; i < sk_X509_REVOKED_num(all); i++) {
		const X509_REVOKED *r = sk_X509_REVOKED_value(all, i);
		AUTO_CERTIFICATE row = { 0 };
		bool found = false;

		if (!mc_serial_encode(
			X509_REVOKED_get0_serialNumber(r), serial, e) ||
		    !mc_store_certificate_find(
			a->ca->store, serial, &row, &found, e))
			return false;
		if (!found)
			fault(
			    a, "%s: is in %s, and not on record", serial, name);
		else if (row.state != MC_CERTIFICATE_REVOKED)
			fault(a,
			    "%s: is in %s, and not revoked on record: revoke "
			    "it again",
			    serial, name);
	}
	return true;
}

static bool
crl_check(
    struct audit *a, const struct mc_ca *of, const char *name, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(X509_CRL) *crl = NULL;
	struct mc_crl_facts facts;
	struct mc_err why = MC_ERR_INIT;
	const unsigned char *p;

	if (!of || !a->ca->conf->dir)
		return true;
	if (!mc_path_join(a->ca->conf->dir, name, &path, e))
		return false;
	if (!mc_file_load(mc_buf_str(&path), &der, &why)) {
		if (why.code != MC_NOINPUT)
			fault(a, "%.300s", why.text);
		return true;
	}
	p = der.data;
	/* after a rollover it is the other generation's, until the next one */
	if (!mc_crl_parse(&der, of->cert, &facts, &why) &&
	    why.code != MC_UNTRUSTED && why.code != MC_ALTERED) {
		fault(a, "%s: %.300s", name, why.text);
		return true;
	}
	crl = d2i_X509_CRL(NULL, &p, (long)der.len);
	ERR_clear_error();
	return !crl || entries_check(a, name, crl, e);
}

bool
mc_audit(const struct mc_ca *ca, void (*say)(const char *),
    const struct mc_watch *watch, struct mc_audit *out, struct mc_err *e)
{
	struct audit a = {
		.ca = ca, .say = say, .watch = watch, .now = mc_time_now()
	};
	struct mc_certificate_filter every = { .now = a.now };
	struct mc_certificate_counts n = { 0 };
	struct mc_err why = MC_ERR_INIT;

	if (!ca->store)
		return mc_fail(e, MC_USAGE, "an audit needs the store");
	if (!mc_store_check(ca->store, &why)) {
		if (why.code != MC_MALFORMED) {
			*e = why;
			return false;
		}
		fault(&a, "%.400s", why.text);
	}
	if (!mc_store_certificate_count(ca->store, a.now, &n, e))
		return false;
	a.all = n.valid + n.expired + n.revoked + n.intent;
	if (!mc_store_certificate_list(ca->store, &every, row_check, &a, e) ||
	    !crl_check(&a, ca, "crl.der", e) ||
	    !crl_check(&a, ca->previous, "crl-previous.der", e))
		return false;
	*out = a.found;
	return true;
}

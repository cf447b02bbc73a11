/* SPDX-License-Identifier: ISC */
#include "ca/report.h"

#include "base/table.h"
#include "base/text.h"
#include "crypto/cert.h"
#include "crypto/crl.h"
#include "crypto/name.h"
#include "store/history.h"

/* One certificate being told of; everything is lent. */
struct telling {
	struct mc_store *store;
	const struct mc_certificate *c;
	const struct mc_report_view *view;
	struct mc_buf *to;
};

static bool
title(const struct telling *t, const char *text, struct mc_err *e)
{
	return mc_buf_printf(t->to, e, "%s%s%s%s\n", t->to->len ? "\n" : "",
	    t->view->colour ? "\x1b[1m" : "", text,
	    t->view->colour ? "\x1b[0m" : "");
}

/* A line with its label; nothing where there is nothing to say. */
static bool
line(const struct telling *t, const char *label, const char *text,
    struct mc_err *e)
{
	AUTO_BUF copy = MC_BUF_INIT;

	if (!text || !*text)
		return true;
	if (!mc_buf_puts(&copy, text, e))
		return false;
	mc_text_show((char *)copy.data);
	return mc_buf_printf(
	    t->to, e, "  %-16s  %s\n", label, mc_buf_str(&copy));
}

static bool
moment(const struct telling *t, const char *label, int64_t at, struct mc_err *e)
{
	char text[MC_TIME_TEXT];

	return at == 0 || line(t, label, mc_time_format(at, text), e);
}

static bool
status(const struct telling *t, struct mc_err *e)
{
	const struct mc_certificate *c = t->c;
	const char *word = mc_ca_report_status(c, t->view->now);
	const char *reason = mc_crl_reason_name(c->reason);
	AUTO_BUF text = MC_BUF_INIT;
	char at[MC_TIME_TEXT];

	if (c->state != MC_CERTIFICATE_REVOKED)
		return line(t, "Status", word, e);
	return mc_buf_printf(&text, e, "revoked, %s, %s",
		   mc_time_format(c->revoked_at, at),
		   reason ? reason : "for a reason without a name") &&
	    line(t, "Status", mc_buf_str(&text), e);
}

/* What the certificate itself says beside what its row does. */
static bool
contents(const struct telling *t, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;
	AUTO_BUF text = MC_BUF_INIT;
	const EVP_PKEY *key;

	if (t->c->der.len == 0)
		return line(t, "Certificate",
		    t->c->way == MC_WAY_ADMIN
			? "not signed yet: the same sign command finishes it"
			: "not signed yet: the requester's next message "
			  "finishes it",
		    e);
	if (!mc_cert_parse(t->c->der.data, t->c->der.len, &cert, e))
		return mc_note(e, "certificate %s", t->c->serial);
	key = X509_get0_pubkey(cert);
	if (!key)
		return mc_fail(e, MC_MALFORMED,
		    "certificate %s: its key cannot be read", t->c->serial);
	if (!mc_name_encode(X509_get_issuer_name(cert), &text, e) ||
	    !line(t, "Issuer", mc_buf_str(&text), e))
		return false;
	mc_buf_clear(&text);
	if (!mc_buf_printf(&text, e, "%s, %d bits",
		EVP_PKEY_get0_type_name(key), EVP_PKEY_get_bits(key)) ||
	    !line(t, "Key", mc_buf_str(&text), e))
		return false;
	mc_buf_clear(&text);
	return mc_ca_report_fingerprint(cert, &text, e) &&
	    line(t, "SHA-256", mc_buf_str(&text), e);
}

static bool
certificate(const struct telling *t, struct mc_err *e)
{
	const struct mc_certificate *c = t->c;

	return title(t, "Certificate", e) &&
	    line(t, "Serial number", c->serial, e) && status(t, e) &&
	    line(t, "Subject", c->subject, e) &&
	    line(t, "Names", c->names, e) &&
	    moment(t, "Valid from", c->not_before, e) &&
	    moment(t, "Valid until", c->not_after, e) && contents(t, e) &&
	    line(t, "SHA-256 of key", c->key, e);
}

/* The challenge that it used, as far as that is still on record. */
static bool
challenge(const struct telling *t, struct mc_err *e)
{
	AUTO_CHALLENGE c = { 0 };
	AUTO_BUF text = MC_BUF_INIT;
	char made[MC_TIME_TEXT];
	bool found;

	if (!t->c->challenge[0])
		return true;
	if (!line(t, "Challenge", t->c->challenge, e) ||
	    !mc_store_challenge_find(t->store, t->c->challenge, &c, &found, e))
		return false;
	if (!found)
		return true;
	return mc_buf_printf(&text, e, "made %s for %s, used %u of %u time%s",
		   mc_time_format(c.created, made),
		   c.subject ? c.subject : "any subject", c.used, c.uses,
		   c.uses == 1 ? "" : "s") &&
	    line(t, "", mc_buf_str(&text), e);
}

static bool
told_each(void *ctx, const struct mc_history *h, struct mc_err *e)
{
	bool *told = ctx;

	(void)e;
	*told |= strcmp(h->what, "told") == 0;
	return true;
}

/* Every one that may leave has the time; a program was there for some. */
static bool
others(const struct telling *t, struct mc_err *e)
{
	bool told = false;

	if (t->c->told == 0)
		return true;
	return mc_store_history_list(
		   t->store, t->c->serial, told_each, &told, e) &&
	    (!told || moment(t, "Others told", t->c->told, e));
}

static bool
request(const struct telling *t, struct mc_err *e)
{
	const struct mc_certificate *c = t->c;

	return title(t, "Request", e) && moment(t, "Asked", c->created, e) &&
	    line(t, "By right of", mc_certificate_way_name(c->way), e) &&
	    challenge(t, e) && line(t, "Replaces", c->replaces, e) &&
	    line(t, "Profile", c->profile, e) && line(t, "User", c->user, e) &&
	    line(t, "Owner", c->owner, e) && line(t, "From", c->source, e) &&
	    line(t, "Transaction", c->transaction, e) &&
	    line(t, "Signed by key", c->signer, e) &&
	    line(t, "SHA-256 of CSR", c->csr, e) && others(t, e);
}

static bool
history_row(void *ctx, const struct mc_history *h, struct mc_err *e)
{
	char at[MC_TIME_TEXT];

	return mc_buf_printf(ctx, e, "  %s\t%s\t%s\t%s\n",
	    mc_time_format(h->at, at), h->what, h->who ? h->who : "-",
	    h->note ? h->note : "");
}

static bool
history(const struct telling *t, struct mc_err *e)
{
	AUTO_BUF rows = MC_BUF_INIT;

	if (!mc_store_history_list(
		t->store, t->c->serial, history_row, &rows, e))
		return false;
	return rows.len == 0 ||
	    (title(t, "History", e) && mc_table_encode(&rows, t->to, e));
}

bool
mc_ca_report_certificate(struct mc_store *s, const struct mc_certificate *c,
    const struct mc_report_view *view, struct mc_buf *to, struct mc_err *e)
{
	const struct telling t = { s, c, view, to };

	return certificate(&t, e) && request(&t, e) && history(&t, e);
}

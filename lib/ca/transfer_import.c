/* SPDX-License-Identifier: ISC */
#include "ca/transfer.h"

#include "ca/row.h"
#include "ca/transfer_part.h"
#include "crypto/pem.h"
#include "store/challenge.h"
#include "store/history.h"

struct import {
	const struct mc_ca *ca;
	int64_t now;
	const struct mc_watch *watch; /* or NULL */
	unsigned added, known;
};

static void
progress(const struct import *im, size_t done, size_t all)
{
	mc_watch_tell(im->watch, (int64_t)done, (int64_t)all);
}

/*
 * Ours may know more than the other record, but where that one says revoked
 * and ours does not, one of the two is wrong.
 */
static bool
known_check(const struct mc_certificate *here, const struct mc_certificate *c,
    struct mc_err *e)
{
	if (here->der.len != c->der.len ||
	    memcmp(here->der.data, c->der.data, c->der.len) != 0)
		return mc_fail(e, MC_DENIED,
		    "another certificate with this serial number is here");
	if (c->state == MC_CERTIFICATE_REVOKED &&
	    here->state != MC_CERTIFICATE_REVOKED)
		return mc_fail(e, MC_DENIED,
		    "is revoked there, and valid here: revoke it first");
	return true;
}

/* What the other record refers to may not have come along. */
static bool
references_trim(struct mc_store *s, struct mc_certificate *c, struct mc_err *e)
{
	AUTO_CHALLENGE challenge = { 0 };
	AUTO_CERTIFICATE before = { 0 };
	bool found = false;

	if (*c->challenge &&
	    !mc_store_challenge_find(s, c->challenge, &challenge, &found, e))
		return false;
	if (!found)
		*c->challenge = '\0';
	found = false;
	if (*c->replaces &&
	    !mc_store_certificate_find(s, c->replaces, &before, &found, e))
		return false;
	if (!found)
		*c->replaces = '\0';
	return true;
}

/* A text that the other record does not have. */
static bool
text_default(char **text, const char *value, struct mc_err *e)
{
	if (!*text)
		*text = strdup(value);
	return *text || mc_fail_memory(e);
}

/* What every row has; no request is the same as this one's. */
static bool
defaults_fill(struct mc_certificate *c, struct mc_err *e)
{
	char text[MC_SERIAL_TEXT + sizeof("import ")];
	int n = snprintf(text, sizeof(text), "import %s", c->serial);

	if (!*c->signer)
		memcpy(c->signer, c->key, sizeof(c->signer));
	if (!c->created)
		c->created = c->not_before;
	if (!c->told)
		c->told = c->created;
	if (!*c->request && !mc_sha256_hex(text, (size_t)n, c->request, e))
		return false;
	if (!*c->csr)
		memcpy(c->csr, c->request, sizeof(c->csr));
	return text_default(&c->transaction, text, e) &&
	    text_default(&c->profile, MC_CA_PROFILE_DEFAULT, e);
}

/* Ours, and one of those that a CA gives to others. */
static bool
issuer_get(const struct mc_ca *ca, X509 *cert, struct mc_certificate *c,
    struct mc_err *e)
{
	const struct mc_ca *by = mc_ca_issuer_find(ca, cert);

	if (!by)
		return mc_fail(
		    e, MC_UNTRUSTED, "was not issued by this CA's key");
	if (X509_check_ca(cert) > 0)
		return mc_fail(e, MC_DENIED,
		    "is a CA's certificate: the record is of those that a CA "
		    "issues to others");
	memcpy(c->issuer, by->id, sizeof(c->issuer));
	return true;
}

/* c has everything but the issuer and what other records do not have. */
static bool
add(struct import *im, X509 *cert, struct mc_certificate *c, struct mc_err *e)
{
	struct mc_store *s = im->ca->store;
	AUTO_CERTIFICATE here = { 0 };
	bool found = false;

	if (!issuer_get(im->ca, cert, c, e) ||
	    !mc_store_certificate_find(s, c->serial, &here, &found, e))
		return false;
	if (found) {
		im->known++;
		return known_check(&here, c, e);
	}
	im->added++;
	return references_trim(s, c, e) && defaults_fill(c, e) &&
	    mc_store_certificate_import(s, c, e) &&
	    mc_store_history_add(s,
		&(struct mc_history){
		    .serial = c->serial, .at = im->now, .what = "imported" },
		e);
}

/* Which one, for the messages; it may not have come to a serial number. */
static bool
note(const struct mc_certificate *c, const char *what, unsigned number,
    struct mc_err *e)
{
	if (*c->serial)
		(void)mc_note(e, "serial number %s", c->serial);
	return mc_note(e, "%s %u", what, number);
}

static bool
line_import(struct import *im, const char *line, size_t len, unsigned number,
    struct mc_err *e)
{
	AUTO_CERTIFICATE c = { 0 };
	AUTO(X509) *cert = NULL;

	return (mc_transfer_json_parse(line, len, &c, &cert, e) &&
		   add(im, cert, &c, e)) ||
	    note(&c, "line", number, e);
}

static bool
lines_import(struct import *im, const struct mc_buf *file, struct mc_err *e)
{
	const char *p = mc_buf_str(file);
	const char *end = p + file->len;
	unsigned line = 1;
	size_t n;

	for (; p < end; p += n + 1, line++) {
		const char *next = memchr(p, '\n', (size_t)(end - p));

		n = (size_t)((next ? next : end) - p);
		progress(im, file->len - (size_t)(end - p), file->len);
		if (strspn(p, " \t\r") < n && !line_import(im, p, n, line, e))
			return false;
	}
	return true;
}

static bool
status_get(const struct mc_transfer_index *x, struct mc_certificate *c,
    struct mc_err *e)
{
	struct mc_transfer_entry *entry = mc_transfer_index_find(x, c->serial);

	if (!entry)
		return mc_fail(e, MC_DENIED, "is not in the index");
	entry->used = true;
	c->state = MC_CERTIFICATE_VALID;
	if (entry->flag == 'R') {
		c->state = MC_CERTIFICATE_REVOKED;
		c->revoked_at = entry->revoked_at;
		c->reason = entry->reason;
	}
	return true;
}

/* One block of a PEM file; x may be NULL. */
static bool
block_import(struct import *im, const struct mc_transfer_index *x,
    const uint8_t *der, size_t len, unsigned number, struct mc_err *e)
{
	AUTO_CERTIFICATE c = { .state = MC_CERTIFICATE_VALID,
		.way = MC_WAY_IMPORT };
	AUTO(X509) *cert = NULL;

	return (mc_buf_add(&c.der, der, len, e) &&
		   mc_cert_parse(der, len, &cert, e) &&
		   mc_ca_row_parse(cert, &c, e) &&
		   (!x || status_get(x, &c, e)) && add(im, cert, &c, e)) ||
	    note(&c, "certificate", number, e);
}

/* *more is false at the end of the file. */
static bool
next_import(struct import *im, const struct mc_transfer_index *x, BIO *in,
    unsigned number, bool *more, struct mc_err *e)
{
	AUTO_PEM_BLOCK b = { 0 };

	if (!mc_pem_block_next(in, &b, more, e))
		return mc_note(e, "certificate %u", number);
	if (!*more)
		return number > 1 ||
		    mc_fail(e, MC_MALFORMED,
			"want certificates in PEM, or our JSON lines");
	if (!mc_pem_block_is_cert(&b))
		return mc_fail(e, MC_MALFORMED,
		    "block %u: is a %.40s: want certificates only", number,
		    b.label);
	return block_import(im, x, b.data, (size_t)b.len, number, e);
}

/*
 * What is revoked there has to be revoked here, or the next CRL would take it
 * back; of what is valid, the CA's own certificate may well be missing.
 */
static bool
left_check(const struct import *im, const struct mc_transfer_index *x,
    struct mc_err *e)
{
	AUTO_CERTIFICATE here = { 0 };
	bool found;

	for (size_t i = 0; i < x->n; i++) {
		if (x->v[i].used || x->v[i].flag != 'R' ||
		    x->v[i].expires < im->now)
			continue;
		mc_certificate_clear(&here);
		found = false;
		if (!mc_store_certificate_find(
			im->ca->store, x->v[i].serial, &here, &found, e))
			return false;
		if (!found || here.state != MC_CERTIFICATE_REVOKED)
			return mc_fail(e, MC_DENIED,
			    "index:%u: serial number %s is revoked, and its "
			    "certificate is not among these",
			    x->v[i].line, x->v[i].serial);
	}
	return true;
}

static bool
blocks_import(struct import *im, const struct mc_buf *file,
    const struct mc_buf *index, struct mc_err *e)
{
	AUTO_INDEX x = { NULL, 0 };
	AUTO(BIO) *in = mc_bio_view(file);
	bool more = true;

	if (!in)
		return mc_fail_memory(e);
	if (index && !mc_transfer_index_parse(index, &x, e))
		return false;
	for (unsigned number = 1; more; number++) {
		progress(im, file->len - BIO_ctrl_pending(in), file->len);
		if (!next_import(im, index ? &x : NULL, in, number, &more, e))
			return false;
	}
	return !index || left_check(im, &x, e);
}

bool
mc_transfer_import(const struct mc_ca *ca, const struct mc_buf *file,
    const struct mc_buf *index, const struct mc_watch *watch, unsigned *added,
    unsigned *known, struct mc_err *e)
{
	const char *p = mc_buf_str(file);
	struct import im = { .ca = ca, .now = mc_time_now(), .watch = watch };
	char first = p[strspn(p, " \t\r\n")];
	bool json = first == '{';
	bool done;

	if (first == '[')
		return mc_fail(e, MC_MALFORMED,
		    "a JSON array, as list prints it: want what export "
		    "--format json prints");
	if (json && index)
		return mc_fail(e, MC_USAGE,
		    "JSON lines say themselves what was revoked: leave the "
		    "index out");
	if (!ca->store)
		return mc_fail(e, MC_USAGE, "an import needs the store");
	if (!mc_store_begin(ca->store, e))
		return false;
	done = (json ? lines_import(&im, file, e)
		     : blocks_import(&im, file, index, e)) &&
	    mc_store_commit(ca->store, e);
	if (!done) {
		mc_store_rollback(ca->store);
		return false;
	}
	*added = im.added;
	*known = im.known;
	return true;
}

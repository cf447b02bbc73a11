/* SPDX-License-Identifier: ISC */
#include "ca/report.h"

#include "base/json.h"
#include "crypto/cert.h"
#include "crypto/crl.h"
#include "crypto/pem.h"
#include "store/history.h"

/*
 * An array as it grows, an object a line.  All of it is ASCII: a terminal that
 * it is read on is not turned around by a name.
 */
struct array {
	struct mc_buf *to;
	int64_t now;
	unsigned n;
	const struct mc_report_requests *which;
};

static bool
element(struct array *a, const json_t *o, struct mc_err *e)
{
	return mc_buf_puts(a->to, a->n++ ? ",\n" : "[\n", e) &&
	    mc_json_encode(o, JSON_COMPACT | JSON_ENSURE_ASCII, a->to, e);
}

static bool
array_end(const struct array *a, struct mc_err *e)
{
	return mc_buf_puts(a->to, a->n ? "\n]\n" : "[]\n", e);
}

static bool
revocation(json_t *o, const struct mc_certificate *c, struct mc_err *e)
{
	bool revoked = c->state == MC_CERTIFICATE_REVOKED;

	return mc_json_set_time(
		   o, "revoked_at", revoked ? c->revoked_at : 0, e) &&
	    mc_json_set_text(
		o, "reason", revoked ? mc_crl_reason_name(c->reason) : NULL, e);
}

static bool
certificate(
    json_t *o, const struct mc_certificate *c, int64_t now, struct mc_err *e)
{
	return mc_json_set_text(o, "serial", c->serial, e) &&
	    mc_json_set_text(o, "status", mc_ca_report_status(c, now), e) &&
	    mc_json_set_text(o, "subject", c->subject, e) &&
	    mc_json_set_text(o, "names", c->names, e) &&
	    mc_json_set_time(o, "not_before", c->not_before, e) &&
	    mc_json_set_time(o, "not_after", c->not_after, e) &&
	    mc_json_set_text(o, "profile", c->profile, e) &&
	    mc_json_set_text(o, "user", c->user, e) &&
	    mc_json_set_text(o, "owner", c->owner, e) &&
	    mc_json_set_text(o, "way", mc_certificate_way_name(c->way), e) &&
	    mc_json_set_text(o, "challenge", c->challenge, e) &&
	    mc_json_set_text(o, "replaces", c->replaces, e) &&
	    mc_json_set_text(o, "source", c->source, e) &&
	    mc_json_set_text(o, "transaction", c->transaction, e) &&
	    mc_json_set_text(o, "key", c->key, e) &&
	    mc_json_set_text(o, "signer_key", c->signer, e) &&
	    mc_json_set_text(o, "csr", c->csr, e) &&
	    mc_json_set_text(o, "request", c->request, e) &&
	    mc_json_set_text(o, "issuer_key", c->issuer, e) &&
	    mc_json_set_time(o, "created", c->created, e) &&
	    mc_json_set_time(o, "told", c->told, e) && revocation(o, c, e);
}

static bool
certificate_each(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct array *a = ctx;
	AUTO(json_t) *o = json_object();

	return certificate(o, c, a->now, e) && element(a, o, e);
}

bool
mc_ca_report_certificates_json(struct mc_store *s,
    const struct mc_certificate_filter *f, int64_t now, struct mc_buf *to,
    struct mc_err *e)
{
	struct array a = { to, now, 0, NULL };

	return mc_store_certificate_list(s, f, certificate_each, &a, e) &&
	    array_end(&a, e);
}

static bool
put_challenge(
    json_t *o, const struct mc_challenge *c, int64_t now, struct mc_err *e)
{
	return mc_json_set_text(o, "sha256", c->hash, e) &&
	    mc_json_set_text(o, "status", mc_challenge_status(c, now), e) &&
	    mc_json_set_number(o, "uses", c->uses, e) &&
	    mc_json_set_number(o, "used", c->used, e) &&
	    mc_json_set_number(o, "failures", c->failures, e) &&
	    mc_json_set_time(o, "created", c->created, e) &&
	    mc_json_set_time(o, "expires", c->expires, e) &&
	    mc_json_set_time(o, "revoked_at", c->revoked_at, e) &&
	    mc_json_set_text(o, "profile", c->profile, e) &&
	    mc_json_set_text(o, "user", c->user, e) &&
	    mc_json_set_text(o, "owner", c->owner, e) &&
	    mc_json_set_text(o, "subject", c->subject, e) &&
	    mc_json_set_text(o, "names", c->names, e) &&
	    mc_json_set(o, "envelope", json_boolean(c->sealed.len > 0), e);
}

static bool
challenge_each(void *ctx, const struct mc_challenge *c, struct mc_err *e)
{
	struct array *a = ctx;
	AUTO(json_t) *o = json_object();

	return put_challenge(o, c, a->now, e) && element(a, o, e);
}

bool
mc_ca_report_challenges_json(struct mc_store *s, unsigned limit, int64_t now,
    struct mc_buf *to, struct mc_err *e)
{
	struct array a = { to, now, 0, NULL };

	return mc_store_challenge_list(s, limit, challenge_each, &a, e) &&
	    array_end(&a, e);
}

static bool
request_each(void *ctx, const struct mc_request *r, struct mc_err *e)
{
	struct array *a = ctx;
	char key[MC_SHA256_HEX];
	AUTO(json_t) *o = NULL;

	if (!mc_report_requests_match(a->which, r) ||
	    (a->which->limit && a->n >= a->which->limit))
		return true;
	o = json_object();
	return mc_sha256_hex(r->key.data, r->key.len, key, e) &&
	    mc_json_set_number(o, "number", r->id, e) &&
	    mc_json_set_text(o, "key", key, e) &&
	    mc_json_set_text(
		o, "status", mc_ca_report_request_status(r, a->now), e) &&
	    mc_json_set_text(o, "subject", r->subject, e) &&
	    mc_json_set_text(o, "names", r->names, e) &&
	    mc_json_set_text(o, "profile", r->profile, e) &&
	    mc_json_set_text(o, "user", r->user, e) &&
	    mc_json_set_text(o, "owner", r->owner, e) &&
	    mc_json_set_text(o, "source", r->source, e) &&
	    mc_json_set_text(o, "transaction", r->transaction, e) &&
	    mc_json_set_text(o, "challenge", r->challenge, e) &&
	    mc_json_set_text(o, "replaces", r->replaces, e) &&
	    mc_json_set_text(o, "signer_key", r->signer, e) &&
	    mc_json_set_text(o, "csr", r->csr, e) &&
	    mc_json_set_text(o, "request", r->request, e) &&
	    mc_json_set_time(o, "created", r->created, e) &&
	    mc_json_set_time(o, "expires", r->expires, e) &&
	    mc_json_set_time(o, "decided", r->decided, e) &&
	    mc_json_set_text(o, "decided_by", r->decided_by, e) &&
	    mc_json_set_text(o, "reason", r->reason, e) && element(a, o, e);
}

bool
mc_ca_report_requests_json(struct mc_store *s,
    const struct mc_report_requests *which, int64_t now, struct mc_buf *to,
    struct mc_err *e)
{
	struct array a = { to, now, 0, which };

	return mc_store_request_list(
		   s, MC_REQUEST_PENDING, which->all, 0, request_each, &a, e) &&
	    array_end(&a, e);
}

static bool
history_each(void *ctx, const struct mc_history *h, struct mc_err *e)
{
	json_t *o = json_object();

	return mc_json_add(ctx, o, e) && mc_json_set_time(o, "at", h->at, e) &&
	    mc_json_set_text(o, "what", h->what, e) &&
	    mc_json_set_text(o, "who", h->who, e) &&
	    mc_json_set_text(o, "note", h->note, e);
}

/* The certificate itself, in PEM; null for an intent. */
static bool
put_pem(json_t *o, const struct mc_buf *der, struct mc_err *e)
{
	AUTO_BUF pem = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;

	if (der->len > 0 &&
	    (!mc_cert_parse(der->data, der->len, &cert, e) ||
		!mc_pem_cert_encode(cert, &pem, e)))
		return false;
	/* not as a text: its line ends are to stay */
	return mc_json_set(o, "certificate",
	    pem.len ? json_stringn((char *)pem.data, pem.len) : json_null(), e);
}

static bool
put_challenge_of(json_t *o, struct mc_store *s, const char *hash, int64_t now,
    struct mc_err *e)
{
	AUTO_CHALLENGE c = { 0 };
	json_t *inner;
	bool found;

	if (!*hash)
		return true;
	if (!mc_store_challenge_find(s, hash, &c, &found, e))
		return false;
	if (!found)
		return true;
	inner = json_object();
	/* in place of its hash, which it has too */
	return mc_json_set(o, "challenge", inner, e) &&
	    put_challenge(inner, &c, now, e);
}

bool
mc_ca_report_certificate_json(struct mc_store *s,
    const struct mc_certificate *c, int64_t now, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO(json_t) *o = json_object();
	json_t *history = json_array();

	return certificate(o, c, now, e) &&
	    put_challenge_of(o, s, c->challenge, now, e) &&
	    mc_json_set(o, "history", history, e) &&
	    mc_store_history_list(s, c->serial, history_each, history, e) &&
	    put_pem(o, &c->der, e) &&
	    mc_json_encode(o, JSON_INDENT(2) | JSON_ENSURE_ASCII, to, e) &&
	    mc_buf_puts(to, "\n", e);
}

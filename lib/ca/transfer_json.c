/* SPDX-License-Identifier: ISC */
#include "ca/transfer_part.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "ca/report.h"
#include "ca/row.h"
#include "crypto/crl.h"
#include "crypto/digest.h"

/* What is not there has no member. */
static bool
put_text(json_t *o, const char *name, const char *text, struct mc_err *e)
{
	return !text || !*text || mc_json_set_text(o, name, text, e);
}

static bool
put_time(json_t *o, const char *name, int64_t t, struct mc_err *e)
{
	return !t || mc_json_set_time(o, name, t, e);
}

static bool
put_row(
    json_t *o, const struct mc_certificate *c, int64_t now, struct mc_err *e)
{
	bool revoked = c->state == MC_CERTIFICATE_REVOKED;

	return put_text(o, "serial", c->serial, e) &&
	    put_text(o, "status", mc_ca_report_status(c, now), e) &&
	    put_text(o, "subject", c->subject, e) &&
	    put_text(o, "names", c->names, e) &&
	    put_time(o, "not_before", c->not_before, e) &&
	    put_time(o, "not_after", c->not_after, e) &&
	    put_text(o, "profile", c->profile, e) &&
	    put_text(o, "user", c->user, e) &&
	    put_text(o, "owner", c->owner, e) &&
	    put_text(o, "way", mc_certificate_way_name(c->way), e) &&
	    put_text(o, "challenge", c->challenge, e) &&
	    put_text(o, "replaces", c->replaces, e) &&
	    put_text(o, "source", c->source, e) &&
	    put_text(o, "transaction", c->transaction, e) &&
	    put_text(o, "key", c->key, e) &&
	    put_text(o, "signer_key", c->signer, e) &&
	    put_text(o, "csr", c->csr, e) &&
	    put_text(o, "request", c->request, e) &&
	    put_text(o, "issuer_key", c->issuer, e) &&
	    put_time(o, "created", c->created, e) &&
	    put_time(o, "told", c->told, e) &&
	    put_time(o, "revoked_at", revoked ? c->revoked_at : 0, e) &&
	    put_text(
		o, "reason", revoked ? mc_crl_reason_name(c->reason) : NULL, e);
}

bool
mc_transfer_json_encode(const struct mc_certificate *c, int64_t now,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *o = json_object();
	AUTO_BUF der = MC_BUF_INIT;

	if (!o)
		return mc_fail_memory(e);
	if (!mc_base64_encode(c->der.data, c->der.len, &der, e) ||
	    !put_row(o, c, now, e) ||
	    !put_text(o, "certificate", mc_buf_str(&der), e))
		return false;
	return mc_json_encode(o, JSON_COMPACT | JSON_ENSURE_ASCII, to, e) &&
	    mc_buf_puts(to, "\n", e);
}

/* A text that may be missing: *out is "" then.  Lent. */
static bool
get(const json_t *o, const char *name, const char **out, struct mc_err *e)
{
	json_t *value = json_object_get(o, name);
	const char *why;

	*out = "";
	if (!value || json_is_null(value))
		return true;
	if (!json_is_string(value))
		return mc_fail(e, MC_MALFORMED, "%s: want a text", name);
	*out = json_string_value(value);
	if (!mc_text_check(*out, json_string_length(value), &why))
		return mc_fail(e, MC_MALFORMED, "%s: %s", name, why);
	return true;
}

static bool
get_text(const json_t *o, const char *name, char **out, struct mc_err *e)
{
	const char *text;

	if (!get(o, name, &text, e))
		return false;
	if (!*text)
		return true;
	*out = strdup(text);
	return *out || mc_fail_memory(e);
}

static bool
get_hash(const json_t *o, const char *name, char out[static MC_SHA256_HEX],
    struct mc_err *e)
{
	const char *text;

	if (!get(o, name, &text, e))
		return false;
	if (*text &&
	    (strlen(text) != MC_SHA256_HEX - 1 ||
		text[strspn(text, "0123456789abcdef")]))
		return mc_fail(e, MC_MALFORMED,
		    "%s: want SHA-256 in lower-case hexadecimal", name);
	memcpy(out, text, strlen(text) + 1);
	return true;
}

/* *out is left alone where there is none. */
static bool
get_time(const json_t *o, const char *name, int64_t *out, struct mc_err *e)
{
	const char *text;

	if (!get(o, name, &text, e))
		return false;
	return !*text || mc_time_parse(text, out) ||
	    mc_fail(e, MC_MALFORMED,
		"%s: want a time like 2026-11-22T12:00:00Z", name);
}

static bool
get_way(const json_t *o, enum mc_certificate_way *out, struct mc_err *e)
{
	const char *text;

	*out = MC_WAY_IMPORT;
	if (!get(o, "way", &text, e))
		return false;
	if (!*text)
		return true;
	for (unsigned w = MC_WAY_CHALLENGE; w <= MC_WAY_IMPORT; w++)
		if (strcmp(text,
			mc_certificate_way_name((enum mc_certificate_way)w)) ==
		    0) {
			*out = (enum mc_certificate_way)w;
			return true;
		}
	return mc_fail(e, MC_MALFORMED, "way: %.40s: no such way", text);
}

/* It says what it is: a status that is missing could hide a revocation. */
static bool
get_status(const json_t *o, struct mc_certificate *out, struct mc_err *e)
{
	const char *status;
	const char *reason;

	if (!get(o, "status", &status, e) || !get(o, "reason", &reason, e) ||
	    !get_time(o, "revoked_at", &out->revoked_at, e))
		return false;
	out->state = MC_CERTIFICATE_VALID;
	if (strcmp(status, "revoked") == 0) {
		out->state = MC_CERTIFICATE_REVOKED;
		out->reason = mc_crl_reason_find(reason);
		if (out->reason < 0 || out->reason == MC_CRL_REMOVE_FROM_CRL ||
		    !out->revoked_at)
			return mc_fail(e, MC_MALFORMED,
			    "revoked: want revoked_at and reason");
		return true;
	}
	if (strcmp(status, "valid") != 0 && strcmp(status, "expired") != 0)
		return mc_fail(e, MC_MALFORMED,
		    "status: want valid, expired or revoked, not \"%.20s\"",
		    status);
	if (out->revoked_at || *reason)
		return mc_fail(
		    e, MC_MALFORMED, "%s, and has a revocation", status);
	return true;
}

static bool
get_certificate(const json_t *o, struct mc_certificate *out, X509 **parsed,
    struct mc_err *e)
{
	AUTO(X509) *cert = NULL;
	const char *text;
	const char *serial;

	if (!get(o, "certificate", &text, e) || !get(o, "serial", &serial, e))
		return false;
	if (!*text)
		return mc_fail(e, MC_MALFORMED,
		    "certificate: is missing: want it in base64");
	if (!mc_base64_parse(text, strlen(text), false, &out->der, e) ||
	    !mc_cert_parse(out->der.data, out->der.len, &cert, e) ||
	    !mc_ca_row_parse(cert, out, e))
		return mc_note(e, "certificate");
	if (*serial && strcmp(serial, out->serial) != 0)
		return mc_fail(e, MC_MALFORMED,
		    "serial: %.48s, and the certificate's is %s", serial,
		    out->serial);
	*parsed = take(&cert);
	return true;
}

static bool
get_replaces(const json_t *o, struct mc_certificate *out, struct mc_err *e)
{
	AUTO(ASN1_INTEGER) *number = NULL;
	const char *text;

	if (!get(o, "replaces", &text, e))
		return false;
	if (!*text)
		return true;
	return (mc_serial_parse(text, &number, e) &&
		   mc_serial_encode(number, out->replaces, e)) ||
	    mc_note(e, "replaces");
}

static bool
get_row(
    const json_t *o, struct mc_certificate *out, X509 **cert, struct mc_err *e)
{
	return get_certificate(o, out, cert, e) && get_status(o, out, e) &&
	    get_way(o, &out->way, e) && get_replaces(o, out, e) &&
	    get_hash(o, "challenge", out->challenge, e) &&
	    get_hash(o, "signer_key", out->signer, e) &&
	    get_hash(o, "csr", out->csr, e) &&
	    get_hash(o, "request", out->request, e) &&
	    get_text(o, "transaction", &out->transaction, e) &&
	    get_text(o, "profile", &out->profile, e) &&
	    get_text(o, "user", &out->user, e) &&
	    get_text(o, "owner", &out->owner, e) &&
	    get_text(o, "source", &out->source, e) &&
	    get_time(o, "created", &out->created, e) &&
	    get_time(o, "told", &out->told, e);
}

bool
mc_transfer_json_parse(const char *line, size_t len, struct mc_certificate *out,
    X509 **cert, struct mc_err *e)
{
	AUTO(X509) *parsed = NULL;
	AUTO(json_t) *o = NULL;

	if (!mc_json_line_parse(line, len, &o, e) ||
	    !get_row(o, out, &parsed, e))
		return false;
	*cert = take(&parsed);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "verify/device.h"
#include "verify/profile.h"
#include "verify/report.h"

/* Whole days that are left; negative where it has expired. */
static int64_t
days(int64_t left)
{
	return left < 0 ? -((-left + MC_DAY - 1) / MC_DAY) : left / MC_DAY;
}

static bool
key_json(X509 *cert, json_t *o, struct mc_err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	char sha256[MC_SHA256_HEX];

	return mc_key_sha256(key, sha256, e) &&
	    mc_json_set_text(o, "key_sha256", sha256, e) &&
	    mc_json_set_text(o, "key", EVP_PKEY_get0_type_name(key), e) &&
	    mc_json_set_number(o, "key_bits", EVP_PKEY_get_bits(key), e);
}

/* A serial number that is too long to be one is null. */
static bool
serial_json(const X509 *cert, json_t *o, struct mc_err *e)
{
	char serial[MC_SERIAL_TEXT];
	struct mc_err odd = MC_ERR_INIT;

	return mc_json_set_text(
	    o, "serial", mc_cert_serial(cert, serial, &odd) ? serial : NULL, e);
}

static bool
cert_json(
    const struct mc_verdict *v, X509 *cert, json_t **out, struct mc_err *e)
{
	AUTO(json_t) *o = json_object();
	char name[MC_NAME_TEXT];
	char sha256[MC_SHA256_HEX];
	int64_t from, to;

	if (!o)
		return mc_fail_memory(e);
	if (!mc_cert_validity(cert, &from, &to, e) ||
	    !mc_cert_sha256(cert, sha256, e) ||
	    !mc_json_set_text(o, "subject",
		mc_name_show(X509_get_subject_name(cert), name), e) ||
	    !mc_json_set_text(o, "issuer",
		mc_name_show(X509_get_issuer_name(cert), name), e) ||
	    !serial_json(cert, o, e) ||
	    !mc_json_set_text(o, "sha256", sha256, e) ||
	    !key_json(cert, o, e) ||
	    !mc_json_set_time(o, "not_before", from, e) ||
	    !mc_json_set_time(o, "not_after", to, e) ||
	    !mc_json_set_number(o, "days_left", days(to - v->at), e))
		return false;
	*out = take(&o);
	return true;
}

static bool
chain_json(const struct mc_verdict *v, json_t *to, struct mc_err *e)
{
	AUTO(json_t) *list = json_array();
	int n = v->chain ? sk_X509_num(v->chain) : 0;

	if (!list)
		return mc_fail_memory(e);
	for (int i = 0; i < n; i++) {
		AUTO(json_t) *cert = NULL;

		if (!cert_json(v, sk_X509_value(v->chain, i), &cert, e) ||
		    !mc_json_add(list, take(&cert), e))
			return false;
	}
	return mc_json_set(to, "chain", take(&list), e);
}

/* An answer: true, false, or null where there is none. */
static bool
answer(json_t *o, const char *name, bool asked, bool yes, struct mc_err *e)
{
	return mc_json_set(o, name, asked ? json_boolean(yes) : json_null(), e);
}

static bool
answers(const struct mc_verdict *v, json_t *o, struct mc_err *e)
{
	bool is = v->message != NULL;
	bool known = v->revoked.code == MC_OK || v->revoked.code == MC_REVOKED;

	return answer(o, "signed",
		   is || v->form.code == MC_UNSIGNED ||
		       v->form.code == MC_UNTRUSTED,
		   v->form.code != MC_UNSIGNED, e) &&
	    answer(o, "intact", is, v->intact.code == MC_OK, e) &&
	    answer(o, "trusted", is || v->form.code == MC_UNTRUSTED,
		is && v->trust.code == MC_OK, e) &&
	    answer(
		o, "in_date", is && !v->dateless, v->dates.code == MC_OK, e) &&
	    answer(o, "revoked", is && v->revocable && v->chain && known,
		v->revoked.code == MC_REVOKED, e) &&
	    answer(o, "as_demanded",
		is && v->demanding && v->intact.code == MC_OK,
		v->demands.code == MC_OK, e);
}

static bool
revocation_json(const struct mc_verdict *v, json_t *to, struct mc_err *e)
{
	static const char *const words[] = {
		[MC_REVOKED_UNKNOWN] = "unknown",
		[MC_REVOKED_NO] = "good",
		[MC_REVOKED_YES] = "revoked",
		[MC_REVOKED_STALE] = "stale",
	};
	const struct mc_revoked_facts *f = &v->revocation;
	AUTO(json_t) *o = NULL;

	if (!f->source)
		return mc_json_set(to, "revocation", json_null(), e);
	o = json_object();
	if (!o)
		return mc_fail_memory(e);
	return mc_json_set_text(o, "status", words[f->status], e) &&
	    mc_json_set_text(o, "source", f->source, e) &&
	    mc_json_set_time(
		o, "at", f->status == MC_REVOKED_YES ? f->at : 0, e) &&
	    mc_json_set(to, "revocation", take(&o), e);
}

static bool
signature_json(const struct mc_verdict *v, json_t *o, struct mc_err *e)
{
	const struct mc_signed *s = v->message;
	AUTO(json_t) *signer = NULL;
	int64_t at = 0;

	if (s && !cert_json(v, mc_signed_signer(s), &signer, e))
		return false;
	if (s && !mc_signed_time(s, &at))
		at = 0;
	return mc_json_set_text(
		   o, "trusted_as", v->leg ? v->leg->kind : NULL, e) &&
	    mc_json_set(o, "signer", s ? take(&signer) : json_null(), e) &&
	    chain_json(v, o, e) && revocation_json(v, o, e) &&
	    mc_json_set_text(o, "digest", s ? mc_signed_digest(s) : NULL, e) &&
	    mc_json_set_text(
		o, "algorithm", s ? mc_signed_algorithm(s) : NULL, e) &&
	    mc_json_set_time(o, "signed_at", at, e);
}

/* What it says, only where that is what was signed, or nobody signed it. */
static bool
content_json(const struct mc_verdict *v, json_t *to, struct mc_err *e)
{
	AUTO(json_t) *content = json_object();
	AUTO(json_t) *device = json_object();
	bool known = v->intact.code == MC_OK &&
	    (v->message || v->form.code == MC_UNSIGNED);

	if (!content || !device)
		return mc_fail_memory(e);
	if ((known && !mc_content_json(&v->content, content, e)) ||
	    !mc_json_set(
		to, "content", known ? take(&content) : json_null(), e))
		return false;
	if (!v->device || !v->message)
		return true;
	return mc_device_json(v, device, e) &&
	    mc_json_set(to, "device", take(&device), e);
}

bool
mc_report_json_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *o = json_object();
	struct mc_err why = MC_ERR_INIT;

	if (!o)
		return mc_fail_memory(e);
	mc_verdict_check(v, &why);
	return mc_json_set_text(o, "file", v->file ? v->file : "-", e) &&
	    mc_json_set_number(o, "exit", mc_exit_status(why.code), e) &&
	    mc_json_set_text(o, "verdict", mc_verdict_word(why.code), e) &&
	    mc_json_set_text(o, "reason", why.text, e) &&
	    mc_json_set_time(o, "at", v->at, e) && answers(v, o, e) &&
	    signature_json(v, o, e) && content_json(v, o, e) &&
	    mc_json_encode(o, JSON_COMPACT, to, e) && mc_buf_puts(to, "\n", e);
}

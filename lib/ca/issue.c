/* SPDX-License-Identifier: ISC */
#include "ca/issue.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "ca/challenge.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "store/certificate.h"

#define KEY_USAGE (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT)
#define SERIAL_OCTETS 16

/* basicConstraints, keyUsage, extKeyUsage, and the two key identifiers */
#define EXTENSIONS 5

struct job {
	const struct mc_ca *ca;
	const struct mc_issue_profile *profile;
	const struct mc_issue_request *asked;
	X509_REQ *csr;
	struct mc_certificate row; /* the intent, or what is on record */
	struct mc_verdict verdict;
};

static void
job_clear(struct job *j)
{
	X509_REQ_free(j->csr);
	mc_certificate_clear(&j->row);
}
#define AUTO_JOB __attribute__((cleanup(job_clear))) struct job

static bool
refuse(struct job *j, struct mc_verdict v, struct mc_err *e)
{
	j->verdict = v;
	return mc_fail(e, MC_DENIED, "%s", v.why);
}

/* As refuse(), for reasons that e has already. */
static bool
refuse_noted(struct job *j, enum mc_verdict_code code)
{
	j->verdict = mc_verdict_new(code, "");
	return false;
}

static bool
csr_read(struct job *j, struct mc_err *e)
{
	unsigned bits = j->profile->bits_min;

	if (mc_csr_parse(
		j->asked->csr, bits ? bits : MC_KEY_BITS_MIN, &j->csr, e))
		return true;
	if (e->code == MC_DENIED)
		return refuse_noted(j, MC_BAD_KEY);
	if (e->code == MC_MALFORMED || e->code == MC_ALTERED)
		return refuse_noted(j, MC_BAD_CSR);
	return false;
}

/* The hashes are of fixed length, so no two requests spell the same key. */
static bool
request_key(struct job *j, struct mc_err *e)
{
	struct mc_certificate *row = &j->row;
	const struct mc_buf *csr = j->asked->csr;
	AUTO_BUF text = MC_BUF_INIT;

	return mc_key_sha256(j->asked->signer, row->signer, e) &&
	    mc_sha256_hex(csr->data, csr->len, row->csr, e) &&
	    mc_buf_printf(&text, e, "%s\n%s\n%s", j->asked->transaction,
		row->signer, row->csr) &&
	    mc_sha256_hex(text.data, text.len, row->request, e);
}

static bool
challenge_find(struct job *j, struct mc_challenge *c, bool *given, bool *found,
    struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	char hash[MC_SHA256_HEX];

	*found = false;
	if (!mc_csr_challenge(j->csr, &text, given, e))
		return refuse_noted(j, MC_BAD_CSR);
	if (!*given)
		return true;
	return mc_challenge_hash(&text, hash, e) &&
	    mc_store_challenge_find(j->ca->store, hash, c, found, e);
}

static bool
allowed(struct job *j, struct mc_challenge *c, struct mc_err *e)
{
	AUTO(X509_NAME) *bound = NULL;
	struct mc_policy_facts f = {
		.now = mc_time_now(),
		.asked = X509_REQ_get_subject_name(j->csr),
		.key = X509_REQ_get0_pubkey(j->csr),
		.signer = j->asked->signer,
		.bits_min = j->profile->bits_min,
	};
	struct mc_verdict v;
	bool found;

	if (!challenge_find(j, c, &f.challenge_given, &found, e))
		return false;
	if (found && c->subject && !mc_name_parse(c->subject, &bound, e))
		return mc_note(e, "the challenge's subject");
	f.challenge = found ? c : NULL;
	f.bound = bound;
	v = mc_policy_check(&f);
	return v.code == MC_GRANTED || refuse(j, v, e);
}

static bool
copy(const char *text, char **out, struct mc_err *e)
{
	*out = text ? strdup(text) : NULL;
	return *out || !text || mc_fail_memory(e);
}

/* finish() will spell it again: better to find out now that it cannot. */
static bool
subject_choose(struct job *j, const struct mc_challenge *c, struct mc_err *e)
{
	AUTO_BUF asked = MC_BUF_INIT;
	AUTO(X509_NAME) *spelled = NULL;

	if (c->subject)
		return copy(c->subject, &j->row.subject, e);
	if (mc_name_encode(X509_REQ_get_subject_name(j->csr), &asked, e) &&
	    mc_name_parse(mc_buf_str(&asked), &spelled, e))
		return copy(mc_buf_str(&asked), &j->row.subject, e);
	mc_note(e, "subject");
	return e->code == MC_MALFORMED && refuse_noted(j, MC_BAD_CSR);
}

static bool
validity_choose(struct job *j, struct mc_err *e)
{
	int64_t lifetime = j->profile->lifetime;
	int64_t since, until;

	if (!mc_cert_validity(j->ca->cert, &since, &until, e))
		return false;
	j->row.created = mc_time_now();
	j->row.not_before = j->row.created - MC_CA_BACKDATE;
	if (j->row.not_before < since)
		j->row.not_before = since;
	j->row.not_after = j->row.created +
	    (lifetime ? lifetime : MC_ISSUE_LIFETIME);
	if (j->row.not_after > until)
		j->row.not_after = until;
	return true;
}

static bool
serial_choose(struct job *j, struct mc_err *e)
{
	uint8_t raw[SERIAL_OCTETS];

	if (!mc_cert_serial_new(raw, e))
		return false;
	for (size_t i = 0; i < SERIAL_OCTETS; i++)
		snprintf(&j->row.serial[2 * i], 3, "%02X", raw[i]);
	return true;
}

/* The challenge is spent and the serial number promised, or neither. */
static bool
intend(struct job *j, const struct mc_challenge *c, struct mc_err *e)
{
	struct mc_certificate *row = &j->row;

	memcpy(row->challenge, c->hash, sizeof(row->challenge));
	return copy(j->asked->transaction, &row->transaction, e) &&
	    copy(c->owner, &row->owner, e) && subject_choose(j, c, e) &&
	    validity_choose(j, e) && serial_choose(j, e) &&
	    mc_store_certificate_add(j->ca->store, row, e) &&
	    mc_store_challenge_use(j->ca->store, c->hash, row->request, e) &&
	    mc_store_commit(j->ca->store, e);
}

/* Take over what is on record about this request. */
static bool
known(struct job *j, bool *found, struct mc_err *e)
{
	AUTO_CERTIFICATE row = { 0 };

	if (!mc_store_certificate_find_request(
		j->ca->store, j->row.request, &row, found, e))
		return false;
	if (!*found)
		return true;
	mc_certificate_clear(&j->row);
	j->row = row;
	row = (struct mc_certificate){ 0 };
	return j->row.state != MC_CERTIFICATE_REVOKED ||
	    refuse(j,
		mc_verdict_new(
		    MC_WITHDRAWN, "its certificate was revoked since"),
		e);
}

static bool
claim(struct job *j, struct mc_err *e)
{
	AUTO_CHALLENGE c = { 0 };
	bool found = false;
	bool done = mc_store_begin(j->ca->store, e) && known(j, &found, e) &&
	    (found || (allowed(j, &c, e) && intend(j, &c, e)));

	mc_store_rollback(j->ca->store);
	return done;
}

static bool
sign(struct job *j, const X509_NAME *subject, X509 **out, struct mc_err *e)
{
	static const char *const eku[] = { "clientAuth", NULL };
	uint8_t serial[SERIAL_OCTETS];
	struct mc_cert_spec spec = {
		.subject = subject,
		.key = X509_REQ_get0_pubkey(j->csr),
		.issuer = j->ca->cert,
		.issuer_key = j->ca->key,
		.serial = serial,
		.not_before = j->row.not_before,
		.not_after = j->row.not_after,
		.key_usage = KEY_USAGE,
		.eku = eku,
	};

	if (!mc_hex_parse(j->row.serial, serial, sizeof(serial)))
		return mc_fail(e, MC_INTERNAL, "serial %s", j->row.serial);
	return mc_cert_issue(&spec, out, e);
}

/* Nothing leaves that differs from what was recorded and decided. */
static bool
same(
    const struct job *j, const X509_NAME *subject, X509 *cert, struct mc_err *e)
{
	char serial[MC_SERIAL_TEXT];
	int64_t since, until;
	uint32_t flags = X509_get_extension_flags(cert);

	if (!mc_cert_serial(cert, serial, e) ||
	    !mc_cert_validity(cert, &since, &until, e))
		return false;
	if (strcmp(serial, j->row.serial) != 0 || since != j->row.not_before ||
	    until != j->row.not_after ||
	    X509_NAME_cmp(X509_get_subject_name(cert), subject) != 0 ||
	    !mc_key_equal(
		X509_get0_pubkey(cert), X509_REQ_get0_pubkey(j->csr)) ||
	    (flags & (EXFLAG_CA | EXFLAG_INVALID)) ||
	    X509_get_key_usage(cert) != KEY_USAGE ||
	    X509_get_extended_key_usage(cert) != XKU_SSL_CLIENT ||
	    X509_get_ext_count(cert) != EXTENSIONS ||
	    X509_verify(cert, X509_get0_pubkey(j->ca->cert)) != 1) {
		ERR_clear_error();
		return mc_fail(e, MC_INTERNAL,
		    "certificate %s differs from what was decided",
		    j->row.serial);
	}
	return true;
}

/* Where another process has finished the same intent, its bytes count. */
static bool
record(struct job *j, const X509 *cert, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	bool mine = false, found = false;
	bool done = mc_cert_encode(cert, &der, e) &&
	    mc_store_begin(j->ca->store, e) &&
	    mc_store_certificate_finish(
		j->ca->store, j->row.serial, &der, &mine, e) &&
	    known(j, &found, e) && mc_store_commit(j->ca->store, e);

	mc_store_rollback(j->ca->store);
	if (done && (!found || j->row.state != MC_CERTIFICATE_VALID))
		return mc_fail(e, MC_INTERNAL, "certificate was not recorded");
	return done;
}

static bool
finish(struct job *j, struct mc_err *e)
{
	AUTO(X509_NAME) *subject = NULL;
	AUTO(X509) *cert = NULL;

	if (!mc_name_parse(j->row.subject, &subject, e))
		return mc_note(e, "subject");
	return sign(j, subject, &cert, e) && same(j, subject, cert, e) &&
	    record(j, cert, e);
}

bool
mc_issue(const struct mc_ca *ca, const struct mc_issue_profile *profile,
    const struct mc_issue_request *r, X509 **out, struct mc_verdict *verdict,
    struct mc_err *e)
{
	AUTO_JOB j = { .ca = ca, .profile = profile, .asked = r };
	bool done = csr_read(&j, e) && request_key(&j, e) && claim(&j, e) &&
	    (j.row.state != MC_CERTIFICATE_INTENT || finish(&j, e)) &&
	    mc_cert_parse(j.row.der.data, j.row.der.len, out, e);

	*verdict = j.verdict;
	/* our own records do not add up: not the requester's doing */
	if (!done && j.verdict.code == MC_GRANTED &&
	    mc_exit_status(e->code) < 70)
		e->code = MC_INTERNAL;
	return done;
}

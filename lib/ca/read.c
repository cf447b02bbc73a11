/* SPDX-License-Identifier: ISC */
#include "ca/job.h"

#include "base/secret.h"
#include "ca/challenge.h"
#include "ca/spell.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/name.h"
#include "crypto/names.h"

/*
 * The hashes are of fixed length, so no two requests spell the same key.  A
 * renewal with the same key may be byte for byte the request of the time
 * before: what it renews makes it another one, wherever it is sent to.  Others
 * are another one at each profile; "default" is not spelled, since stores are
 * older than profiles.
 */
bool
mc_job_key(const struct mc_job *j, const char *csr, const char *profile,
    const char *renews, char out[static MC_SHA256_HEX], struct mc_err *e)
{
	bool plain = *renews || strcmp(profile, MC_CA_PROFILE_DEFAULT) == 0;
	AUTO_BUF text = MC_BUF_INIT;

	return mc_buf_printf(&text, e, "%s\n%s\n%s%s%s%s%s",
		   j->asked->transaction, j->row.signer, csr,
		   *renews ? "\n" : "", renews, plain ? "" : "\nprofile ",
		   plain ? "" : profile) &&
	    mc_sha256_hex(text.data, text.len, out, e);
}

static bool
request_key(struct mc_job *j, struct mc_err *e)
{
	struct mc_certificate *row = &j->row;
	const struct mc_buf *csr = j->asked->csr;
	char serial[MC_SERIAL_TEXT] = "";

	if (j->renewal && !mc_cert_serial(j->asked->signer, serial, e))
		return mc_job_refuse_noted(j, MC_BAD_RENEWAL);
	return mc_sha256_hex(csr->data, csr->len, row->csr, e) &&
	    mc_job_key(j, row->csr, j->at->name, serial, row->request, e);
}

/* One that says nothing of use is noted like one of nobody's making. */
static bool
mac_read(struct mc_job *j, const struct mc_buf *text, struct mc_err *e)
{
	AUTO_BUF secret = MC_BUF_INIT;

	if (!mc_secret_load(j->at->hmac_secret, NULL, &secret, e))
		return mc_note(e, "hmac-secret");
	if (mc_challenge_hmac_parse(
		&secret, text, &j->challenge, &j->genuine, e)) {
		if (j->genuine)
			memcpy(j->hash, j->challenge.hash, sizeof(j->hash));
		return true;
	}
	return e->code == MC_MALFORMED &&
	    mc_job_refuse_noted(j, MC_BAD_CHALLENGE);
}

static bool
challenge_read(struct mc_job *j, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	bool given;

	if (!mc_csr_challenge(j->csr, &text, &given, e))
		return e->code == MC_MALFORMED &&
		    mc_job_refuse_noted(j, MC_BAD_CSR);
	/* clients that have none send an empty one */
	j->brought = given && text.len > 0;
	if (!j->brought || !mc_challenge_hash(&text, j->hash, e))
		return !j->brought;
	j->has_mac = memchr(text.data, '.', text.len) != NULL;
	return !j->has_mac || !(j->at->accept & MC_ACCEPT_HMAC) ||
	    mac_read(j, &text, e);
}

static bool
names_read(struct mc_job *j, struct mc_err *e)
{
	struct mc_err odd = MC_ERR_INIT;

	if (mc_csr_names(j->csr, &j->names, &odd))
		return true;
	if (odd.code != MC_MALFORMED) {
		*e = odd;
		return false;
	}
	/* a profile without names does not care */
	mc_buf_clear(&j->names);
	j->names_odd = true;
	return true;
}

/* The certificate itself says what its names are, not its row. */
static bool
old_names_read(struct mc_job *j, struct mc_err *e)
{
	AUTO(GENERAL_NAMES) *names = X509_get_ext_d2i(
	    j->asked->signer, NID_subject_alt_name, NULL, NULL);

	ERR_clear_error();
	if (!names || mc_names_encode(names, &j->old_names, e))
		return true;
	mc_note(e, "the certificate to renew");
	return e->code == MC_MALFORMED &&
	    mc_job_refuse_noted(j, MC_BAD_RENEWAL);
}

/* What the administrator certifies instead of what is asked. */
static bool
admin_read(struct mc_job *j, struct mc_err *e)
{
	const struct mc_issue_request *r = j->asked;

	if (r->names) {
		mc_buf_clear(&j->names);
		j->names_odd = false;
		if (!mc_spell_names(r->names, &j->names, e))
			return false;
	}
	if (r->subject && !mc_name_parse(r->subject, &j->name, e))
		return mc_note(e, "subject");
	return mc_user_check(r->user, e) &&
	    mc_sha256_hex(r->csr->data, r->csr->len, j->row.csr, e);
}

static bool
csr_read(struct mc_job *j, struct mc_err *e)
{
	/* how large it must be is for the profile in effect to say */
	if (!mc_csr_parse(j->asked->csr, MC_RSA_OLD, &j->csr, e)) {
		if (e->code == MC_DENIED)
			return mc_job_refuse_noted(j, MC_BAD_KEY);
		if (e->code == MC_MALFORMED || e->code == MC_ALTERED)
			return mc_job_refuse_noted(j, MC_BAD_CSR);
		return false;
	}
	j->key = X509_REQ_get_pubkey(j->csr);
	if (!j->key)
		return mc_fail_ossl(e, MC_INTERNAL, "certification request");
	return names_read(j, e);
}

static bool
signer_read(struct mc_job *j, struct mc_err *e)
{
	X509 *signer = j->asked->signer;
	const EVP_PKEY *key = signer ? X509_get0_pubkey(signer) : j->key;

	if (!key)
		return mc_job_refuse(j, MC_BAD_SIGNER,
		    "the signer's certificate has no key that can be read", e);
	j->renewal = signer && mc_ca_issuer_find(j->ca, signer) != NULL;
	return mc_key_sha256(key, j->row.signer, e) &&
	    (!j->renewal || !j->csr || old_names_read(j, e));
}

bool
mc_job_read(struct mc_job *j, struct mc_err *e)
{
	if (j->asked->csr && !csr_read(j, e))
		return false;
	if (!j->asked->csr && (!j->asked->signer || !j->asked->transaction))
		return mc_fail(e, MC_INTERNAL, "a poll without a signer");
	if (!signer_read(j, e))
		return false;
	if (!j->asked->csr)
		return true;
	if (!j->asked->signer)
		return admin_read(j, e);
	return request_key(j, e) && (j->renewal || challenge_read(j, e));
}

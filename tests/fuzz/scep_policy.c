/* SPDX-License-Identifier: ISC */
/*
 * A SCEP request through opening and policy, with a fixed RA key: the first
 * byte says what the rest is and under which policy it comes.
 *
 * Signature and encryption hide the request from whoever mutates bytes, so
 * three doors lead in: a whole message, what is in its envelope, sealed here,
 * and the certification request by itself.
 */
#include "ca/policy.h"
#include "crypto/csr.h"
#include "crypto/name.h"
#include "crypto/names.h"
#include "help.h"
#include "scep/scep.h"

enum { DOOR = 0x03, BOUND = 0x04, GIVEN = 0x08, KNOWN = 0x10, ASKS = 0x20 };
enum { MESSAGE, ENVELOPE, CSR };

#define MATCH "dns:*.example.com email:*@example.com"

static X509 *ra;
static EVP_PKEY *ra_key;
static mc_certs *ra_certs;
static X509_NAME *alice;

static void
load(void)
{
	struct mc_err e = MC_ERR_INIT;

	if (ra)
		return;
	ra_load(&ra, &ra_key);
	must(mc_name_parse("/O=ACME/CN=Alice", &alice, &e));
	ra_certs = sk_X509_new_null();
	must(ra_certs && sk_X509_push(ra_certs, ra) > 0);
}

/* What may never be granted, whatever the request says. */
static void
check_granted(const struct mc_policy_facts *f)
{
	const char *names = mc_policy_names(f);
	struct mc_err e = MC_ERR_INIT;

	must(f->challenge && f->challenge_given);
	must(mc_key_check(f->key, f->profile->rsa_min, &e));
	must(mc_key_equal(f->key, f->signer));
	if (f->bound)
		must(X509_NAME_cmp(mc_policy_subject(f), f->bound) == 0);
	if (f->profile->names == MC_FROM_CHALLENGE)
		must(!names);
	else if (names)
		must(mc_names_match(names, MATCH, &e));
}

static void
judge(unsigned how, X509_REQ *csr, EVP_PKEY *signer)
{
	const struct mc_ca_profile profile = { .name = "default",
		.accept = MC_ACCEPT_CHALLENGE,
		.subject = how & BOUND ? MC_SUBJECT_CHALLENGE
				       : MC_SUBJECT_IMPOSE,
		.names = how & ASKS ? MC_FROM_REQUEST : MC_FROM_CHALLENGE,
		.names_match = MATCH,
		.keys = MC_KEYS_ANY,
		.rsa_min = 2048,
		.rsa_max = 4096 };
	const struct mc_challenge challenge = { .uses = 1, .expires = 200 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF names = MC_BUF_INIT;
	struct mc_policy_facts f = { .now = 100,
		.profile = &profile,
		.challenge = how & KNOWN ? &challenge : NULL,
		.way = MC_WAY_CHALLENGE,
		.bound = how & BOUND ? alice : NULL,
		.asked = X509_REQ_get_subject_name(csr),
		.key = X509_REQ_get0_pubkey(csr),
		.signer = signer };
	struct mc_verdict v;

	f.challenge_given = how & GIVEN;
	if (!mc_csr_names(csr, &names, &e))
		return;
	f.asked_names = names.len ? mc_buf_str(&names) : NULL;
	v = mc_policy_check(&f);
	must(v.why && (v.code == MC_GRANTED || v.told));
	if (v.code == MC_GRANTED)
		check_granted(&f);
}

static void
request(unsigned how, const struct mc_buf *der, EVP_PKEY *signer)
{
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO(X509_REQ) *csr = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool found = false;

	if (!mc_csr_parse(der, MC_RSA_OLD, &csr, &e)) {
		must(!csr && e.text[0]);
		return;
	}
	if (mc_csr_challenge(csr, &challenge, &found, &e))
		must(found || challenge.len == 0);
	judge(how, csr, signer ? signer : X509_REQ_get0_pubkey(csr));
}

static void
open_and_judge(unsigned how, const struct mc_scep_request *r, bool renewal)
{
	struct mc_scep_refusal why = { 42, NULL };
	AUTO_BUF content = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	AUTO_SCEP_ID id = { 0 };

	if (mc_scep_request_open(r, ra, ra_key, renewal, &content, &why, &e)) {
		must(content.len > 0);
		request(how, &content,
		    renewal ? NULL : X509_get0_pubkey(r->signer));
	} else {
		/* one refusal, without a word */
		must(content.len == 0 && why.fail == MC_SCEP_BADMESSAGECHECK &&
		    !why.text);
	}
	if (mc_scep_request_open_id(r, ra, ra_key, &id, &why, &e))
		must(id.issuer.len > 0 && id.serial[0]);
	else
		must(why.fail == MC_SCEP_BADCERTID && !id.issuer.data);
}

static void
message(unsigned how, const struct mc_buf *msg)
{
	const struct mc_scep_accept accept = { .sha1 = how & ASKS,
		.des3 = how & ASKS,
		.insecure = how & BOUND,
		.short_nonces = how & KNOWN };
	AUTO_SCEP_REQUEST r = { 0 };
	struct mc_scep_refusal why = { 42, NULL };
	struct mc_err e = MC_ERR_INIT;

	if (!mc_scep_request_parse(msg, &accept, &r, &why, &e)) {
		must(why.fail >= -1 && why.fail <= MC_SCEP_BADCERTID);
		must(why.fail < 0 || (r.signer && r.transaction[0]));
		return;
	}
	must(accept.sha1 || strcmp(r.md, "SHA1") != 0);
	must(accept.des3 || r.cipher != MC_DES3_CBC);
	must(accept.insecure || (r.cipher != MC_DES_CBC && !r.several));
	must(accept.short_nonces || r.nonce_len == MC_SCEP_NONCE);
	open_and_judge(how, &r, false);
	open_and_judge(how, &r, true);
}

/* Signed by nobody: only a renewal's content proves itself. */
static void
content(unsigned how, const struct mc_buf *inner)
{
	AUTO_SCEP_REQUEST r = { .type = MC_SCEP_PKCSREQ };
	struct mc_err e = MC_ERR_INIT;

	must(mc_envelope_seal(inner, ra_certs, MC_AES128_CBC, &r.envelope, &e));
	open_and_judge(how, &r, true);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF rest = MC_BUF_INIT;

	load();
	if (size < 2)
		return 0;
	must(mc_buf_add(&rest, data + 1, size - 1, &e));
	switch (data[0] & DOOR) {
	case MESSAGE:
		message(data[0], &rest);
		break;
	case ENVELOPE:
		content(data[0], &rest);
		break;
	default:
		request(data[0], &rest, NULL);
	}
	must(ERR_peek_error() == 0);
	return 0;
}

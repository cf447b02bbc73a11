/* SPDX-License-Identifier: ISC */
/* Issuing exactly once, whatever happens in between. */
#include "ca/issue.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ca/challenge.h"
#include "ca/revoke.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "store/certificate.h"
#include "tap.h"

static struct mc_ca *ca;
static EVP_PKEY *alice, *mallory;
static const struct mc_issue_profile standard;

/* A request for subject with this challenge (NULL: none). */
static bool
csr(EVP_PKEY *key, const char *subject, const char *challenge,
    struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_NAME) *name = NULL;

	mc_buf_clear(to);
	return mc_name_parse(subject, &name, &e) &&
	    mc_csr_make(key, name, challenge, KU_DIGITAL_SIGNATURE, to, &e);
}

static bool
challenge(const char *subject, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_challenge_spec spec = { subject, "owner-1", 60 };

	mc_buf_clear(to);
	return mc_challenge_new(ca->store, &spec, to, &e);
}

static bool
count_row(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	(void)c;
	(void)e;
	++*(int *)ctx;
	return true;
}

static int
count(void)
{
	struct mc_err e = MC_ERR_INIT;
	int n = 0;

	return mc_store_certificate_list(ca->store, 999, count_row, &n, &e)
	    ? n
	    : -1;
}

/* The verdict; the certificate's DER, or the log's text, in out. */
static enum mc_verdict_code
ask(const char *transaction, EVP_PKEY *signer, const struct mc_buf *request,
    struct mc_buf *out)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_issue_request r = { transaction, signer, request };
	struct mc_verdict v = { MC_GRANTED, NULL, NULL };
	AUTO(X509) *cert = NULL;

	mc_buf_clear(out);
	if (mc_issue(ca, &standard, &r, &cert, &v, &e)) {
		ok(v.code == MC_GRANTED && mc_cert_encode(cert, out, &e));
		return MC_GRANTED;
	}
	ok(!cert && e.text[0] != '\0');
	if (!mc_buf_puts(out, e.text, &e))
		return MC_GRANTED;
	ok(v.code == MC_GRANTED || v.told != NULL);
	return v.code;
}

static void
granted(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_BUF first = MC_BUF_INIT, again = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;
	char serial[MC_SERIAL_TEXT];
	AUTO_CERTIFICATE row = { 0 };
	int64_t since, until;
	bool found = false;
	int before = count();

	ok(challenge("/O=ACME/CN=Alice", &secret));
	ok(secret.len == 32);
	/* the challenge's spelling is certified, not the request's */
	ok(csr(alice, "/O=acme/CN=ALICE", mc_buf_str(&secret), &request));
	ok(ask("T1", alice, &request, &first) == MC_GRANTED);
	ok(mc_cert_parse(first.data, first.len, &cert, &e));
	if (!cert)
		return;
	ok(mc_name_encode(X509_get_subject_name(cert), &again, &e) &&
	    mc_buf_is(&again, "/O=ACME/CN=Alice"));
	ok(X509_get_key_usage(cert) ==
	    (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT));
	ok(X509_get_extended_key_usage(cert) == XKU_SSL_CLIENT);
	ok(!(X509_get_extension_flags(cert) & EXFLAG_CA));
	ok(mc_cert_validity(cert, &since, &until, &e) &&
	    until - mc_time_now() > MC_ISSUE_LIFETIME - 60 &&
	    until - mc_time_now() <= MC_ISSUE_LIFETIME);

	ok(mc_cert_serial(cert, serial, &e));
	ok(mc_store_certificate_find(ca->store, serial, &row, &found, &e) &&
	    found);
	ok(found && row.state == MC_CERTIFICATE_VALID &&
	    strcmp(row.owner, "owner-1") == 0 && row.not_after == until &&
	    strcmp(row.subject, "/O=ACME/CN=Alice") == 0);

	/* the same again: to the byte; long after the challenge's end too */
	mc_time_set(mc_time_now() + MC_DAY);
	ok(ask("T1", alice, &request, &again) == MC_GRANTED);
	mc_time_set(0);
	ok(again.len == first.len &&
	    memcmp(again.data, first.data, first.len) == 0);
	ok(count() == before + 1);

	/* anything different is a decision of its own */
	ok(ask("T2", alice, &request, &again) == MC_BAD_CHALLENGE);
	ok(ask("T1", mallory, &request, &again) == MC_BAD_CHALLENGE);
	ok(csr(alice, "/O=ACME/CN=Alice", mc_buf_str(&secret), &request));
	ok(ask("T1", alice, &request, &again) == MC_BAD_CHALLENGE);
	ok(strstr(mc_buf_str(&again), "used") != NULL);
	ok(count() == before + 1);

	/* a certificate that was taken back is not given out again */
	ok(csr(alice, "/O=acme/CN=ALICE", mc_buf_str(&secret), &request));
	ok(mc_revoke(ca->store, serial, &e));
	ok(!mc_revoke(ca->store, serial, &e) && e.code == MC_DENIED);
	ok(!mc_revoke(ca->store, "12x", &e) && e.code == MC_USAGE);
	ok(ask("T1", alice, &request, &again) == MC_WITHDRAWN);
}

static void
refused(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	int before = count();

	ok(csr(alice, "/CN=Alice", NULL, &request));
	ok(ask("R1", alice, &request, &out) == MC_BAD_CHALLENGE);
	ok(csr(alice, "/CN=Alice", "guess", &request));
	ok(ask("R2", alice, &request, &out) == MC_BAD_CHALLENGE);

	ok(challenge("/CN=Alice", &secret));
	ok(csr(alice, "/CN=Bob", mc_buf_str(&secret), &request));
	ok(ask("R3", alice, &request, &out) == MC_BAD_SUBJECT);
	ok(csr(mallory, "/CN=Alice", mc_buf_str(&secret), &request));
	ok(ask("R4", alice, &request, &out) == MC_BAD_SIGNER);
	/* the last bit of the CSR's signature */
	request.data[request.len - 1] ^= 1;
	ok(ask("R5", mallory, &request, &out) == MC_BAD_CSR);
	request.data[request.len - 1] ^= 1;
	ok(mc_buf_add(&request, "", 1, &e));
	ok(ask("R6", mallory, &request, &out) == MC_BAD_CSR);
	mc_buf_clear(&request);
	ok(ask("R7", mallory, &request, &out) == MC_BAD_CSR);
	{
		AUTO(EVP_PKEY) *small = EVP_RSA_gen(1024);

		ok(csr(small, "/CN=Alice", mc_buf_str(&secret), &request));
		ok(ask("R8", small, &request, &out) == MC_BAD_KEY);
	}
	mc_time_set(mc_time_now() + 61);
	ok(csr(alice, "/CN=Alice", mc_buf_str(&secret), &request));
	ok(ask("R9", alice, &request, &out) == MC_BAD_CHALLENGE);
	mc_time_set(0);
	ok(count() == before);

	/* none of them has used it up */
	ok(ask("R9", alice, &request, &out) == MC_GRANTED);
	ok(count() == before + 1);
}

/* A request whose name has parts of that type and value, as they are. */
static bool
csr_named(const char *type, const char *value, int parts, const char *secret,
    struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_NAME) *name = X509_NAME_new();

	mc_buf_clear(to);
	for (int i = 0; i < parts; i++)
		if (!name ||
		    X509_NAME_add_entry_by_txt(name, type, V_ASN1_UTF8STRING,
			(const unsigned char *)value, (int)strlen(value), -1,
			0) != 1)
			return false;
	return mc_csr_make(alice, name, secret, 0, to, &e);
}

/* What finish() could not spell must not use up anything. */
static void
unspellable(void)
{
	static const struct {
		const char *type, *value;
		int parts;
	} names[] = {
		{ "CN",
		    "12345678901234567890123456789012345678901234567890"
		    "123456789012345678901234567890",
		    1 },
		{ "CN", "", 1 },
		{ "CN", "a\nb", 1 },
		{ "C", "Germany", 1 },
		{ "OU", "x", 33 },
	};
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	int before = count();

	ok(challenge(NULL, &secret));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ok(csr_named(names[i].type, names[i].value, names[i].parts,
		    mc_buf_str(&secret), &request));
		/* a retry is told the same */
		for (int n = 0; n < 2; n++) {
			ok(ask("S1", alice, &request, &out) == MC_BAD_CSR);
			ok(strncmp(mc_buf_str(&out), "subject: ", 9) == 0);
		}
	}
	ok(count() == before);
	ok(csr_named("OU", "x", 32, mc_buf_str(&secret), &request));
	ok(ask("S1", alice, &request, &out) == MC_GRANTED);
	ok(count() == before + 1);
}

static bool
newest(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	(void)e;
	snprintf(ctx, MC_SERIAL_TEXT, "%s", c->serial);
	return c->state == MC_CERTIFICATE_INTENT;
}

/* The CA's key fails between the two commits, as a crash would. */
static void
interrupted(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT, again = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;
	char promised[MC_SERIAL_TEXT] = "", serial[MC_SERIAL_TEXT] = "";
	EVP_PKEY *key = ca->key;
	int before = count();

	ok(challenge("/CN=Alice", &secret));
	ok(csr(alice, "/CN=Alice", mc_buf_str(&secret), &request));
	ca->key = mallory;
	ok(ask("I1", alice, &request, &out) == MC_GRANTED);
	ca->key = key;
	ok(count() == before + 1);
	ok(mc_store_certificate_list(ca->store, 1, newest, promised, &e));

	/* the promise is this request's and nobody else's */
	ok(ask("I2", alice, &request, &out) == MC_BAD_CHALLENGE);
	mc_time_set(mc_time_now() + MC_DAY);
	ok(ask("I1", alice, &request, &out) == MC_GRANTED);
	mc_time_set(0);
	ok(mc_cert_parse(out.data, out.len, &cert, &e));
	ok(cert && mc_cert_serial(cert, serial, &e) &&
	    strcmp(serial, promised) == 0);
	ok(ask("I1", alice, &request, &again) == MC_GRANTED);
	ok(out.len == again.len && memcmp(out.data, again.data, out.len) == 0);
	ok(count() == before + 1);
}

static void
loading(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_ca_spec spec = { dir, "/CN=Other", 2048, 2048, 0 };
	AUTO(mc_ca) *other = NULL;

	ok(!mc_ca_init(&spec, &e) && e.code == MC_DENIED);
	mc_time_set(mc_time_now() + 11 * 365 * MC_DAY);
	ok(!mc_ca_load(dir, MC_CA_CERTS, &other, &e) &&
	    e.code == MC_OUTOFDATE && !other);
	mc_time_set(mc_time_now() - 12 * 365 * MC_DAY);
	ok(!mc_ca_load(dir, MC_CA_ALL, &other, &e) && e.code == MC_OUTOFDATE);
	mc_time_set(0);
	ok(mc_ca_load(dir, MC_CA_CERTS, &other, &e) && !other->key);
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;
	char base[] = "/tmp/mcprofile-issue-XXXXXX";
	AUTO_BUF rm = MC_BUF_INIT;
	struct mc_ca_spec spec = { NULL, "/O=ACME/CN=CA", 2048, 2048, 0 };

	spec.dir = mkdtemp(base);
	ok(spec.dir && mc_ca_init(&spec, &e));
	ok(mc_ca_load(base, MC_CA_ALL, &ca, &e));
	ok(mc_key_new_rsa(2048, &alice, &e) &&
	    mc_key_new_rsa(2048, &mallory, &e));
	if (ca && mallory) {
		granted();
		refused();
		unspellable();
		interrupted();
		loading(base);
		mc_ca_free(ca);
	}
	EVP_PKEY_free(alice);
	EVP_PKEY_free(mallory);
	ok(ERR_peek_error() == 0);
	ok(mc_buf_printf(&rm, &e, "rm -rf %s", base) &&
	    system(mc_buf_str(&rm)) == 0);
	return done();
}

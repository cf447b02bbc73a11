/* SPDX-License-Identifier: ISC */
/* OCSP from the record, asked and checked by openssl. */
#include "ca/revoke.h"
#include "ca/succeed.h"
#include "crypto/ocsp.h"
#include "record_help.h"

/* Run in the folder of the test; what it says on both streams. */
MC_PRINTF(2, 3)
static int
run(struct mc_buf *text, const char *fmt, ...)
{
	char command[1024];
	char all[1400];
	struct mc_err e = MC_ERR_INIT;
	va_list ap;
	int status;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	snprintf(all, sizeof(all), "cd %s && { %s; } > said 2>&1 < /dev/null",
	    root, command);
	status = system(all);
	mc_buf_clear(text);
	return mc_file_load(in("said"), text, &e) ? status : -1;
}

static bool
has(const struct mc_buf *text, const char *want)
{
	if (strstr(mc_buf_str(text), want))
		return true;
	printf("# no \"%s\" in: %.400s\n", want, mc_buf_str(text));
	return false;
}

/* openssl's request for these, answered, and its view of the answer. */
static bool
ask(const struct mc_ca *ca, const char *options, struct mc_buf *text)
{
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_BUF response = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (run(text, "openssl ocsp %s -reqout q.der", options) != 0 ||
	    !mc_file_load(in("q.der"), &request, &e) ||
	    !mc_ocsp_respond(ca, &request, &response, &e) ||
	    !mc_file_save(in("r.der"), &response, 0600, &e)) {
		printf("# %s %s\n", e.text, mc_buf_str(text));
		return false;
	}
	/* the nonce is that of the first one's request */
	(void)run(text,
	    "openssl ocsp -reqin q.der -respin r.der -CAfile both.pem; "
	    "openssl ocsp -no_nonce %s -respin r.der -CAfile both.pem "
	    "-resp_text -validity_period 10",
	    options);
	return true;
}

static bool
serial_of(X509 *cert, char out[static MC_SERIAL_TEXT])
{
	struct mc_err e = MC_ERR_INIT;

	return mc_cert_serial(cert, out, &e);
}

static bool
save_pem(const char *name, X509 *cert)
{
	AUTO_BUF pem = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_pem_cert_encode(cert, &pem, &e) &&
	    mc_file_save(in(name), &pem, 0644, &e);
}

/* Signed by this CA, in this state on record, and in a file. */
static X509 *
enter(const struct mc_ca *ca, const struct mc_ca *by, const char *file,
    enum mc_certificate_state state)
{
	X509 *cert = leaf(by, "/CN=x", MC_DAY * 30);

	works(record_as(ca->store, by, cert, state, NULL, e));
	ok(save_pem(file, cert));
	return cert;
}

static void
each_state_has_its_answer(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	AUTO(X509) *good = enter(ca, ca, "good.pem", MC_CERTIFICATE_VALID);
	AUTO(X509) *bad = enter(ca, ca, "bad.pem", MC_CERTIFICATE_VALID);
	AUTO(X509) *intent = enter(ca, ca, "intent.pem", MC_CERTIFICATE_INTENT);
	AUTO(X509) *stray = leaf(ca, "/CN=stray", MC_DAY);
	AUTO_BUF text = MC_BUF_INIT;
	char serial[MC_SERIAL_TEXT];

	ok(save_pem("stray.pem", stray) && serial_of(bad, serial));
	ok(good && intent);
	works(mc_revoke(
	    ca->store, serial, &(struct mc_revocation){ 4, NULL, NULL }, e));
	ok(ask(ca, "-issuer ca/ca.pem -cert good.pem", &text));
	ok(has(&text, "Response verify OK") && has(&text, "good.pem: good"));
	ok(has(&text, "OCSP Nonce:"));
	ok(ask(ca, "-issuer ca/ca.pem -cert bad.pem -no_nonce", &text));
	ok(has(&text, "Response verify OK") && has(&text, "bad.pem: revoked"));
	ok(has(&text, "Reason: superseded"));
	ok(ask(ca, "-issuer ca/ca.pem -cert intent.pem", &text));
	ok(has(&text, "intent.pem: unknown"));
	ok(ask(ca, "-issuer ca/ca.pem -cert stray.pem", &text));
	ok(has(&text, "stray.pem: unknown"));
	ok(ask(ca,
	    "-sha256 -issuer ca/ca.pem -cert good.pem -cert bad.pem -serial "
	    "0x77",
	    &text));
	ok(has(&text, "good.pem: good") && has(&text, "bad.pem: revoked") &&
	    has(&text, "0x77: unknown"));
}

static void
others_are_not_answered_for(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	AUTO_BUF text = MC_BUF_INIT;

	/* the same name, another key */
	works(init("other", e));
	ok(ask(ca, "-issuer other/ca.pem -serial 0x77", &text));
	ok(has(&text, "unauthorized (6)"));
	/* next to one of ours it is unknown, even by the number of a good one
	 */
	ok(ask(ca,
	    "-issuer ca/ca.pem -cert good.pem -issuer other/ca.pem -cert "
	    "good.pem",
	    &text));
	ok(has(&text, "good.pem: good"));
	ok(has(&text, "Cert Status: unknown"));
}

static bool
answers(const struct mc_ca *ca, const void *request, size_t len,
    enum mc_ocsp_refusal want)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	const uint8_t refusal[] = { 0x30, 3, 0x0a, 1, (uint8_t)want };

	return mc_buf_add(&in, request, len, &e) &&
	    mc_ocsp_respond(ca, &in, &out, &e) && e.code == MC_OK &&
	    out.len == sizeof(refusal) &&
	    memcmp(out.data, refusal, sizeof(refusal)) == 0;
}

static void
what_is_no_request_is_told_so(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	ok(answers(ca, "", 0, MC_OCSP_MALFORMED));
	ok(answers(ca, "nonsense", 8, MC_OCSP_MALFORMED));
	ok(run(&text,
	       "openssl ocsp -issuer ca/ca.pem -serial 1 -reqout q.der") == 0);
	works(mc_file_load(in("q.der"), &request, e));
	ok(answers(ca, request.data, request.len - 1, MC_OCSP_MALFORMED));
	works(mc_buf_puts(&request, "x", e));
	ok(answers(ca, request.data, request.len, MC_OCSP_MALFORMED));
}

static void
a_responder_is_needed(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_STORE);
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	ok(run(&text,
	       "openssl ocsp -issuer ca/ca.pem -serial 1 -reqout q.der") == 0);
	works(mc_file_load(in("q.der"), &request, e));
	ok(answers(ca, request.data, request.len, MC_OCSP_UNAUTHORIZED));
	mc_ca_free(take(&ca));
	ca = loaded("ca", MC_CA_CERTS);
	refuses(mc_ocsp_respond(ca, &request, &out, e), MC_USAGE,
	    "OCSP needs the store");
}

static void
each_generation_speaks_for_itself(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	AUTO(X509) *old = enter(ca, ca, "old.pem", MC_CERTIFICATE_VALID);
	AUTO(X509) *young = NULL;
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_ca_spec spec = { .dir = in("ca"), .kind = MC_KEY_P256 };
	int64_t now = mc_time_now();

	works(mc_ca_rollover(&spec, now + 5, e));
	mc_ca_free(take(&ca));
	mc_time_set(now + 10);
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->previous && old);
	if (!ca || !ca->previous)
		return;
	ok(save_pem("new-ca.pem", ca->cert));
	ok(run(&text, "cat ca/ca.pem new-ca.pem > both.pem") == 0);
	young = enter(ca, ca, "young.pem", MC_CERTIFICATE_VALID);
	ok(ask(ca, "-issuer new-ca.pem -cert young.pem", &text));
	ok(has(&text, "Response verify OK") && has(&text, "young.pem: good"));
	ok(ask(ca, "-issuer ca/ca.pem -cert old.pem", &text));
	ok(has(&text, "Response verify OK") && has(&text, "old.pem: good"));
	/* by the other one's key it is not on record */
	ok(ask(ca, "-issuer new-ca.pem -cert old.pem", &text));
	ok(has(&text, "old.pem: unknown"));
	/* one signature cannot speak for both */
	ok(ask(ca,
	    "-issuer ca/ca.pem -cert old.pem -issuer new-ca.pem -cert "
	    "young.pem",
	    &text));
	ok(has(&text, "old.pem: good") && has(&text, "young.pem: unknown"));
	ok(young != NULL);
}

static void
a_responder_that_has_expired_is_silent(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	ok(run(&text,
	       "openssl ocsp -issuer new-ca.pem -serial 1 -reqout q.der") == 0);
	works(mc_file_load(in("q.der"), &request, e));
	mc_time_set(mc_time_now() + MC_DAY * 365 * 30);
	refuses(mc_ocsp_respond(ca, &request, &out, e), MC_OUTOFDATE,
	    "the OCSP responder's certificate: ");
	ok(out.len == 0);
}

int
main(void)
{
	AUTO_BUF text = MC_BUF_INIT;

	begin();
	mc_time_set(0); /* openssl has the real time: this is not long ago */
	mc_time_set(mc_time_now() - 60);
	works(init("ca", e));
	ok(run(&text, "cp ca/ca.pem both.pem") == 0);
	each_state_has_its_answer();
	others_are_not_answered_for();
	what_is_no_request_is_told_so();
	a_responder_is_needed();
	each_generation_speaks_for_itself();
	a_responder_that_has_expired_is_silent();
	EVP_PKEY_free(leaf_key());
	end();
	return done();
}

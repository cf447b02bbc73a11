/* SPDX-License-Identifier: ISC */
/*
 * fill DIR CERTIFICATES MESSAGES: a CA in DIR whose store has so many
 * certificates, and so many PKCSReq that it will grant, as DIR/N.der.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "ca/ca.h"
#include "ca/challenge.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/name.h"
#include "scep/scep.h"
#include "store/certificate.h"

#define BATCH 1000

static void
must(bool done, const struct mc_err *e)
{
	if (done)
		return;
	fprintf(stderr, "fill: %s\n", e->text);
	exit(1);
}

/* As an issued one is, but that nobody will ever look at its bytes. */
static void
row_add(struct mc_ca *ca, const struct mc_buf *der, long i)
{
	struct mc_err e = MC_ERR_INIT;
	char subject[64], user[32], owner[64];
	char transaction[] = "bench", profile[] = MC_CA_PROFILE_DEFAULT;
	struct mc_certificate c = { .way = MC_WAY_IMPORT,
		.transaction = transaction,
		.profile = profile,
		.subject = subject,
		.user = user,
		.owner = owner,
		.not_before = mc_time_now() - MC_DAY,
		.not_after = mc_time_now() + MC_DAY + i * 60,
		.state = MC_CERTIFICATE_VALID,
		.der = *der,
		.created = mc_time_now(),
		.told = mc_time_now() };

	snprintf(c.serial, sizeof(c.serial), "4%031lX", i);
	snprintf(c.key, sizeof(c.key), "%064lx", i);
	snprintf(c.csr, sizeof(c.csr), "%064lx", i);
	snprintf(c.signer, sizeof(c.signer), "%064lx", i);
	snprintf(c.request, sizeof(c.request), "%064lx", i);
	memcpy(c.issuer, ca->id, sizeof(c.issuer));
	snprintf(subject, sizeof(subject), "/O=ACME Inc./CN=Device %ld", i);
	snprintf(user, sizeof(user), "user%ld", i % 5000);
	snprintf(owner, sizeof(owner), "owner-%ld", i);
	must(mc_store_certificate_import(ca->store, &c, &e), &e);
}

static void
fill(struct mc_ca *ca, long certificates)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF der = MC_BUF_INIT;

	must(mc_cert_encode(ca->cert, &der, &e), &e);
	for (long i = 0; i < certificates; i++) {
		if (i % BATCH == 0)
			must(mc_store_begin(ca->store, &e), &e);
		row_add(ca, &der, i);
		if (i % BATCH == BATCH - 1 || i == certificates - 1)
			must(mc_store_commit(ca->store, &e), &e);
	}
}

/* One device asks for so many: it is the server that is measured. */
static void
message_add(
    const struct mc_ca *ca, EVP_PKEY *key, X509 *self, const char *dir, long i)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO_BUF csr = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	AUTO(X509_NAME) *name = NULL;
	AUTO(mc_certs) *ra = sk_X509_new_null();
	char text[64], transaction[32];
	const uint8_t nonce[MC_SCEP_NONCE] = { 1 };
	struct mc_challenge_spec spec = { .ttl = MC_DAY };
	struct mc_scep_ask ask = { .type = MC_SCEP_PKCSREQ,
		.transaction = transaction,
		.nonce = nonce,
		.signer = self,
		.signer_key = key,
		.recipients = ra,
		.cipher = MC_AES128_CBC,
		.content = &csr };

	snprintf(text, sizeof(text), "/O=ACME Inc./CN=Measured %ld", i);
	snprintf(transaction, sizeof(transaction), "bench-%ld", i);
	must(ra && mc_certs_add(ra, ca->ra[0].cert, &e) &&
		mc_challenge_new(ca->store, &spec, &challenge, &e) &&
		mc_name_parse(text, &name, &e) &&
		mc_csr_make(key, name, mc_buf_str(&challenge), 0, &csr, &e) &&
		mc_scep_request_encode(&ask, &msg, &e) &&
		mc_buf_printf(&path, &e, "%s/%ld.der", dir, i) &&
		mc_file_save(mc_buf_str(&path), &msg, 0600, &e),
	    &e);
}

int
main(int argc, char **argv)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_ca_spec spec = { .subject = "/CN=Bench", .bits = 2048 };
	AUTO(mc_ca) *ca = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(X509) *self = NULL;
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec own = { 0 };

	if (argc != 4) {
		fprintf(stderr, "usage: fill DIR CERTIFICATES MESSAGES\n");
		return 64;
	}
	spec.dir = argv[1];
	must(mc_ca_init(&spec, &e), &e);
	must(mc_ca_load(argv[1], MC_CA_ALL, &ca, &e), &e);
	fill(ca, atol(argv[2]));
	must(mc_key_new(MC_KEY_RSA, 2048, &key, &e) &&
		mc_name_parse("/CN=bench", &name, &e),
	    &e);
	own = (struct mc_cert_spec){ .subject = name,
		.key = key,
		.issuer_key = key,
		.not_before = mc_time_now(),
		.not_after = mc_time_now() + MC_DAY };
	must(mc_cert_issue(&own, &self, &e), &e);
	for (long i = 0; i < atol(argv[3]); i++)
		message_add(ca, key, self, argv[1], i);
	return 0;
}

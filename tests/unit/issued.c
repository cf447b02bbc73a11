/* SPDX-License-Identifier: ISC */
#include "ca/issued.h"

#include <stdlib.h>

#include "base/hex.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "store/certificate.h"
#include "tap.h"

static struct mc_ca *ca;

/* A certificate of the CA's key with this serial number's last octet. */
static X509 *
certificate(uint8_t last)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;
	uint8_t serial[16] = { 0x40 };
	X509 *cert = NULL;
	struct mc_cert_spec spec = {
		.key = X509_get0_pubkey(ca->ra[0].cert),
		.issuer = ca->cert,
		.issuer_key = ca->key,
		.serial = serial,
		.not_before = mc_time_now() - 5,
		.not_after = mc_time_now() + MC_DAY,
	};

	serial[15] = last;
	if (!mc_name_parse("/CN=device", &name, &e))
		return NULL;
	spec.subject = name;
	return mc_cert_issue(&spec, &cert, &e) ? cert : NULL;
}

/* The intent for it, and where der is given, the certificate. */
static void
record(X509 *cert, char *owner, const X509 *der_of)
{
	struct mc_certificate row = { .subject = (char[]){ "/CN=device" },
		.transaction = (char[]){ "t" },
		.owner = owner,
		.profile = (char[]){ "default" },
		.not_before = 1,
		.not_after = 2 };
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool finished = false;

	ok(cert != NULL);
	if (!cert)
		return;
	ok(mc_cert_serial(cert, row.serial, &e));
	snprintf(row.request, sizeof(row.request), "r%s", row.serial);
	snprintf(row.signer, sizeof(row.signer), "s");
	snprintf(row.csr, sizeof(row.csr), "c");
	ok(mc_store_certificate_add(ca->store, &row, &e));
	if (!der_of)
		return;
	ok(mc_cert_encode(der_of, &der, &e) &&
	    mc_store_certificate_finish(
		ca->store, row.serial, &der, &finished, &e) &&
	    finished);
}

static enum mc_code
check(const char *dir, X509 *cert, char owner[static MC_OWNER_TEXT])
{
	struct mc_err e = MC_ERR_INIT;

	strcpy(owner, "nobody");
	if (mc_ca_issued_check(dir, cert, owner, &e))
		return MC_OK;
	printf("# %s\n", e.text);
	return e.code;
}

static void
states(const char *dir)
{
	AUTO(X509) *good = certificate(1);
	AUTO(X509) *intent = certificate(2);
	AUTO(X509) *other = certificate(3);
	AUTO(X509) *unknown = certificate(4);
	struct mc_err e = MC_ERR_INIT;
	char owner[MC_OWNER_TEXT];
	char serial[MC_SERIAL_TEXT];
	bool revoked = false;

	record(good, (char[]){ "enrolment-1" }, good);
	record(intent, NULL, NULL);
	/* the serial number is on record, but for another certificate */
	record(other, NULL, good);
	ok(check(dir, good, owner) == MC_OK);
	ok(strcmp(owner, "enrolment-1") == 0);
	ok(check(dir, intent, owner) == MC_UNTRUSTED);
	ok(check(dir, other, owner) == MC_UNTRUSTED);
	ok(check(dir, unknown, owner) == MC_UNTRUSTED);
	ok(check(dir, ca->cert, owner) == MC_UNTRUSTED);
	ok(strcmp(owner, "nobody") == 0);
	record(unknown, NULL, unknown);
	ok(check(dir, unknown, owner) == MC_OK && *owner == '\0');
	ok(mc_cert_serial(good, serial, &e) &&
	    mc_store_certificate_revoke(
		ca->store, serial, 1800000000, 1, &revoked, &e) &&
	    revoked);
	ok(check(dir, good, owner) == MC_REVOKED);
	ok(check("/nonexistent", good, owner) == MC_NOINPUT);
}

/* The longest comes back whole; a longer one is an error, never cut. */
static void
owners(const char *dir)
{
	AUTO(X509) *longest = certificate(5);
	AUTO(X509) *longer = certificate(6);
	char text[MC_OWNER_TEXT + 1] = "";
	char owner[MC_OWNER_TEXT];

	memset(text, 'x', MC_OWNER_TEXT);
	record(longer, text, longer);
	ok(check(dir, longer, owner) == MC_INTERNAL);
	ok(strcmp(owner, "nobody") == 0);
	text[MC_OWNER_TEXT - 1] = '\0';
	record(longest, text, longest);
	ok(check(dir, longest, owner) == MC_OK && strcmp(owner, text) == 0);
}

int
main(void)
{
	char dir[] = "/tmp/mc-issued-XXXXXX";
	char clean[64];
	struct mc_err e = MC_ERR_INIT;
	struct mc_ca_spec spec = { .dir = dir, .subject = "/CN=CA" };

	ok(mkdtemp(dir) != NULL);
	ok(mc_ca_init(&spec, &e));
	ok(mc_ca_load(dir, MC_CA_ALL, &ca, &e));
	if (!ca) {
		printf("# %s\n", e.text);
		return done();
	}
	states(dir);
	owners(dir);
	mc_ca_free(ca);
	snprintf(clean, sizeof(clean), "rm -rf %s", dir);
	return system(clean) != 0 || done();
}

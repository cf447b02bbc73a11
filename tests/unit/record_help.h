/* SPDX-License-Identifier: ISC */
/* Certificates of a CA on its record, without the ways of getting one. */
#ifndef RECORD_HELP_H
#define RECORD_HELP_H

#include "ca/row.h"
#include "folder_help.h"
#include "store/certificate.h"

/* One key is enough: it takes long to make others. */
static inline EVP_PKEY *
leaf_key(void)
{
	static EVP_PKEY *key;
	struct mc_err e = MC_ERR_INIT;

	if (!key && !mc_key_new(MC_KEY_P256, 0, &key, &e))
		abort();
	return key;
}

/* Signed by this generation, "/O=ACME/CN=cn", and not on record. */
static inline X509 *
leaf(const struct mc_ca *by, const char *subject, int64_t lifetime)
{
	AUTO(X509_NAME) *name = NULL;
	X509 *cert = NULL;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = {
		.key = leaf_key(),
		.issuer = by->cert,
		.issuer_key = by->key,
		.not_before = mc_time_now() - 10,
		.not_after = mc_time_now() + lifetime,
	};

	if (!mc_name_parse(subject, &name, &e))
		abort();
	spec.subject = name;
	if (!mc_cert_issue(&spec, &cert, &e))
		abort();
	return cert;
}

static inline bool
record_as(struct mc_store *s, const struct mc_ca *by, X509 *cert,
    enum mc_certificate_state state, const char *user, struct mc_err *e)
{
	AUTO_CERTIFICATE c = { 0 };

	if (!mc_ca_row_parse(cert, &c, e) || !mc_cert_encode(cert, &c.der, e))
		return false;
	snprintf(c.issuer, sizeof(c.issuer), "%s", by->id);
	if (!mc_sha256_hex(c.serial, strlen(c.serial), c.request, e) ||
	    !mc_sha256_hex("csr", 3, c.csr, e) ||
	    !mc_sha256_hex("signer", 6, c.signer, e))
		return false;
	c.transaction = strdup("T 1");
	c.profile = strdup("default");
	c.user = user ? strdup(user) : NULL;
	c.created = mc_time_now();
	c.told = c.created;
	c.state = state;
	if (state == MC_CERTIFICATE_INTENT)
		return mc_store_certificate_add(s, &c, e);
	return mc_store_certificate_import(s, &c, e);
}

/* A valid one on record; its serial number in one of four buffers. */
static inline const char *
recorded(struct mc_store *s, const struct mc_ca *by, const char *subject,
    int64_t lifetime, const char *user)
{
	static char serials[4][MC_SERIAL_TEXT];
	static unsigned turn;
	char *serial = serials[turn++ % 4];
	AUTO(X509) *cert = leaf(by, subject, lifetime);
	struct mc_err e = MC_ERR_INIT;

	if (!mc_cert_serial(cert, serial, &e) ||
	    !record_as(s, by, cert, MC_CERTIFICATE_VALID, user, &e)) {
		printf("# %s\n", e.text);
		abort();
	}
	return serial;
}

#endif

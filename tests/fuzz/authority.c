/* SPDX-License-Identifier: ISC */
/*
 * An answer to GetCACert: what passes names a CA, and one certificate that
 * may take keys; a fingerprint that is not the CA's is never passed.
 */
#include "device/authority.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try(const char *type, const struct mc_buf *body, size_t fingerprint)
{
	static const uint8_t nobody[64];
	struct mc_err e = MC_ERR_INIT;
	AUTO_AUTHORITY a = { 0 };
	bool passed = mc_authority_parse(
	    type, body, nobody, fingerprint, &a, &e);

	if (passed == (e.code != MC_OK) || passed != (a.ca != NULL))
		abort();
	if (!passed)
		return;
	if (fingerprint || sk_X509_num(a.recipient) != 1 ||
	    !(X509_get_key_usage(sk_X509_value(a.recipient, 0)) &
		KU_KEY_ENCIPHERMENT))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	try("application/x-x509-ca-cert", &in, 0);
	try("application/x-x509-ca-ra-cert", &in, 0);
	try("application/x-x509-ca-ra-cert", &in, 32);
	if (ERR_peek_error())
		abort();
	return 0;
}

/* SPDX-License-Identifier: ISC */
#include "ca/ca.h"

#include <stdlib.h>

bool
mc_ca_new(struct mc_ca **out, struct mc_err *e)
{
	*out = calloc(1, sizeof(**out));
	return *out || mc_fail_memory(e);
}

void
mc_ca_free(struct mc_ca *ca)
{
	if (ca->store)
		mc_store_free(ca->store);
	EVP_PKEY_free(ca->key);
	EVP_PKEY_free(ca->ra_key);
	X509_free(ca->cert);
	X509_free(ca->ra);
	free(ca);
}

bool
mc_ca_certs_get(const struct mc_ca *ca, mc_certs_lent **out, struct mc_err *e)
{
	AUTO(mc_certs_lent) *both = sk_X509_new_null();

	if (!both || sk_X509_push(both, ca->ra) <= 0 ||
	    sk_X509_push(both, ca->cert) <= 0)
		return mc_fail_memory(e);
	*out = take(&both);
	return true;
}

bool
mc_ca_is_ours(const struct mc_ca *ca, X509 *cert)
{
	bool ours = X509_verify(cert, X509_get0_pubkey(ca->cert)) == 1;

	ERR_clear_error();
	return ours;
}

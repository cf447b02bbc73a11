/* SPDX-License-Identifier: ISC */
#include "ca/ca.h"

#include <stdlib.h>

bool
mc_ca_new(struct mc_ca **out, struct mc_err *e)
{
	*out = calloc(1, sizeof(**out));
	return *out || mc_fail_memory(e);
}

static void
ra_clear(struct mc_ra *ra)
{
	X509_free(ra->cert);
	EVP_PKEY_free(ra->key);
}

/* Only the current generation has others. */
static void
generation_free(struct mc_ca *ca)
{
	if (!ca)
		return;
	for (size_t i = 0; i < ca->ras; i++)
		ra_clear(&ca->ra[i]);
	ra_clear(&ca->ocsp);
	if (ca->chain)
		mc_certs_free(ca->chain);
	EVP_PKEY_free(ca->key);
	X509_free(ca->cert);
	if (ca->conf)
		mc_ca_conf_free(ca->conf);
	if (ca->store)
		mc_store_free(ca->store);
	free(ca);
}

void
mc_ca_free(struct mc_ca *ca)
{
	generation_free(ca->previous);
	generation_free(ca->next);
	generation_free(ca);
}

static bool
lend(mc_certs_lent *to, X509 *cert, struct mc_err *e)
{
	return sk_X509_push(to, cert) > 0 || mc_fail_memory(e);
}

bool
mc_ca_certs_get(const struct mc_ca *ca, enum mc_ca_order order,
    mc_certs_lent **out, struct mc_err *e)
{
	AUTO(mc_certs_lent) *certs = sk_X509_new_null();
	bool ca_first = order == MC_ORDER_CA;
	bool chain = order == MC_ORDER_CHAIN;

	if (!certs)
		return mc_fail_memory(e);
	if (ca_first && !lend(certs, ca->cert, e))
		return false;
	/* the older RAs are for requests that are on their way */
	if (ca->ras > 0 && !lend(certs, ca->ra[0].cert, e))
		return false;
	if (!ca_first && !lend(certs, ca->cert, e))
		return false;
	for (int i = 0; chain && ca->chain && i < sk_X509_num(ca->chain); i++)
		if (!lend(certs, sk_X509_value(ca->chain, i), e))
			return false;
	*out = take(&certs);
	return true;
}

static bool
has_signed(const struct mc_ca *ca, X509 *cert)
{
	bool ours = X509_verify(cert, X509_get0_pubkey(ca->cert)) == 1;

	ERR_clear_error();
	return ours;
}

const struct mc_ca *
mc_ca_issuer_find(const struct mc_ca *ca, X509 *cert)
{
	if (has_signed(ca, cert))
		return ca;
	if (ca->previous && has_signed(ca->previous, cert))
		return ca->previous;
	return NULL;
}

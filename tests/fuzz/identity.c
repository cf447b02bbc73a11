/* SPDX-License-Identifier: ISC */
/*
 * Private keys in files, PEM and DER: one comes out or a reason does, nobody is
 * asked, and nothing is left in OpenSSL's queue.
 */
#include "crypto/identity.h"
#include "crypto/key.h"
#include "crypto/pkcs8.h"
#include "help.h"

static void
result(bool done, EVP_PKEY *key, const struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;

	must(done == (key != NULL));
	must(done || e->code == MC_MALFORMED || e->code == MC_DENIED ||
	    e->code == MC_INTERNAL);
	must(ERR_peek_error() == 0);
	if (done && !mc_key_check(key, MC_RSA_OLD, &why))
		must(why.code == MC_DENIED || why.code == MC_INTERNAL);
	must(ERR_peek_error() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF pass = MC_BUF_INIT;
	AUTO(EVP_PKEY) *plain = NULL;
	AUTO(EVP_PKEY) *opened = NULL;
	struct mc_err e = MC_ERR_INIT;
	unsigned rounds = 5000;
	bool done;

	if (size > 65536 || !mc_buf_add(&in, data, size, &e) ||
	    !mc_buf_puts(&pass, "secret", &e))
		return 0;
	done = mc_pem_key_parse(&in, "k", NULL, &plain, &e);
	result(done, plain, &e);
	done = mc_pkcs8_parse(&in, &pass, &rounds, &opened, &e);
	result(done, opened, &e);
	return 0;
}

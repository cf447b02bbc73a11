/* SPDX-License-Identifier: ISC */
/*
 * A CRL in a file: only what the issuer signed has facts, and no mutation is
 * signed (the committed one is, and its numbers are known).
 */
#include "crypto/crl.h"
#include "help.h"

static X509 *issuer;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_crl_facts f = { .number = -1 };
	struct mc_err e = MC_ERR_INIT;

	if (!issuer)
		ra_load(&issuer, NULL);
	must(mc_buf_add(&in, data, size, &e));
	if (mc_crl_parse(&in, issuer, &f, &e))
		must(f.number == 7 && f.entries == 3 &&
		    f.this_update == 1800000000 && f.next_update == 1800003600);
	else
		must(e.text[0] && f.number == -1);
	must(ERR_peek_error() == 0);
	return 0;
}

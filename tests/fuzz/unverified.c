/* SPDX-License-Identifier: ISC */
/*
 * The content of a message that nobody has verified.  Where the signature does
 * hold it is the very same that mc_signed_content() gives out: nobody may be
 * shown something else than what was signed.
 */
#include "crypto/unverified.h"
#include "crypto/cms.h"
#include "help.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF seen = MC_BUF_INIT;
	AUTO_BUF verified = MC_BUF_INIT;
	AUTO(mc_signed) *s = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool found;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	found = mc_unverified_content(&in, &seen, &e);
	must(found || seen.len == 0);
	must(found || e.code == MC_MALFORMED || e.code == MC_UNSIGNED);
	must(seen.len <= size);
	if (!mc_signed_parse(&in, MC_GATE_FILE, NULL, &s, &e) ||
	    !mc_signed_has_content(s))
		return 0;
	must(found);
	if (mc_signed_content(s, &verified, &e))
		must(verified.len == seen.len &&
		    (seen.len == 0 ||
			memcmp(verified.data, seen.data, seen.len) == 0));
	return 0;
}

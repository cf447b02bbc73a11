/* SPDX-License-Identifier: ISC */
/* A baseline that is read is written so that reading it gives the same. */
#include "lint/baseline.h"
#include "help.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BASELINE b = { 0 };
	AUTO_BASELINE again = { 0 };
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	if (!mc_baseline_parse(&in, &b, &e)) {
		must(e.code == MC_MALFORMED && !strchr(e.text, '\n'));
		return 0;
	}
	must(mc_baseline_encode(&b, &once, &e));
	must(mc_baseline_parse(&once, &again, &e) && again.n <= b.n);
	must(mc_baseline_encode(&again, &twice, &e));
	must(once.len == twice.len &&
	    memcmp(once.data, twice.data, once.len) == 0);
	return 0;
}

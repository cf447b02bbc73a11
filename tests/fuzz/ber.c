/* SPDX-License-Identifier: ISC */
/* What mc_ber_check() passes, mc_ber_next() reads at every depth. */
#include "crypto/ber.h"
#include "help.h"

/* Keeps the reading from being optimised away. */
static volatile unsigned sum;

/* Adds up the bytes of all primitives: every byte is really readable. */
static unsigned
walk(struct mc_ber b, struct mc_err *e)
{
	struct mc_ber_item item;
	unsigned n = 0;

	while (!mc_ber_done(&b)) {
		must(mc_ber_next(&b, "item", &item, e));
		must(item.body.len < item.len);
		must(item.p + item.len == b.p);
		if (item.tag & MC_BER_CONSTRUCTED)
			n += walk(item.body, e);
		else
			for (size_t i = 0; i < item.body.len; i++)
				n += item.body.p[i];
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF joined = MC_BUF_INIT;
	struct mc_ber b;

	mc_ber_init(&b, data, size);
	if (mc_ber_check(&b, "top", &e))
		sum = walk(b, &e);
	else
		must(e.code == MC_MALFORMED && e.text[0]);
	if (mc_ber_octets(&b, MC_BER_OCTETS, "string", &joined, &e))
		must(joined.len < size);
	return 0;
}

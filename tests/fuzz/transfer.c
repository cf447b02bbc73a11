/* SPDX-License-Identifier: ISC */
/* Records of others: openssl's index, and a line of our JSON. */
#include "ca/transfer_part.h"
#include "help.h"
#include <stdint.h>

static void
index_read(const struct mc_buf *text)
{
	AUTO_INDEX x = { NULL, 0 };
	struct mc_err e = MC_ERR_INIT;

	if (!mc_transfer_index_parse(text, &x, &e)) {
		must(x.n == 0 && e.code == MC_MALFORMED);
		must(strncmp(e.text, "index:", 6) == 0);
		return;
	}
	for (size_t i = 0; i < x.n; i++) {
		const struct mc_transfer_entry *n = &x.v[i];

		must(mc_transfer_index_find(&x, n->serial) == n);
		must(n->flag == 'V' || n->flag == 'R' || n->flag == 'E');
		must(n->line > 0 && n->reason >= 0 && n->reason <= 6);
		must(i == 0 || strcmp(x.v[i - 1].serial, n->serial) < 0);
	}
}

/* What was read is printed so that it is read as the same. */
static void
line_read(const struct mc_buf *text)
{
	AUTO_CERTIFICATE c = { 0 };
	AUTO_CERTIFICATE again = { 0 };
	AUTO(X509) *cert = NULL;
	AUTO(X509) *same = NULL;
	AUTO_BUF first = MC_BUF_INIT;
	AUTO_BUF second = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_transfer_json_parse(
		mc_buf_str(text), text->len, &c, &cert, &e)) {
		must(e.code == MC_MALFORMED);
		return;
	}
	must(c.der.len > 0 && *c.serial && *c.key);
	must((c.state == MC_CERTIFICATE_REVOKED) == (c.revoked_at != 0));
	must(mc_transfer_json_encode(&c, 0, &first, &e));
	must(mc_transfer_json_parse(
	    mc_buf_str(&first), first.len, &again, &same, &e));
	must(mc_transfer_json_encode(&again, 0, &second, &e));
	must(mc_buf_is(&second, mc_buf_str(&first)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&text, data, size, &e))
		return 0;
	index_read(&text);
	line_read(&text);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* The structure of EnvelopedData, and opening it with a fixed key. */
#include <stdlib.h>

#include "crypto/envelope.h"
#include "crypto/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static X509 *cert;
static EVP_PKEY *key;

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
load(void)
{
	const char *src = getenv("SRC");
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;

	if (cert)
		return;
	must(mc_buf_printf(
	    &path, &e, "%s/tests/vectors/scep-ra.pem", src ? src : "."));
	must(mc_pem_cert_load(mc_buf_str(&path), &cert, &e));
	memcpy(path.data + path.len - 3, "key", 3);
	must(mc_pem_key_load(mc_buf_str(&path), NULL, &key, &e));
}

/* Opened or not, the same message is answered the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_envelope_facts facts = { .recipients = 0 };
	struct mc_err e = MC_ERR_INIT;
	struct mc_err again = MC_ERR_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF a = MC_BUF_INIT;
	AUTO_BUF b = MC_BUF_INIT;
	bool parsed;
	bool one;

	load();
	must(mc_buf_add(&msg, data, size, &e));
	parsed = mc_envelope_parse(&msg, &facts, &e);
	must(parsed == (facts.recipients > 0));
	must(parsed || e.code == MC_MALFORMED || e.code == MC_DENIED);
	one = mc_envelope_open(&msg, cert, key, false, &a, &e);
	must(!one || (parsed && facts.recipients == 1));
	must(one || (a.len == 0 && e.text[0]));
	must(mc_envelope_open(&msg, cert, key, true, &b, &again) || !one);
	must(!one ||
	    (a.len == b.len && !memcmp(mc_buf_str(&a), mc_buf_str(&b), a.len)));
	must(ERR_peek_error() == 0);
	return 0;
}

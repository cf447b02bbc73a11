/* SPDX-License-Identifier: ISC */
/*
 * Bytes that were to be a certificate, or PKCS #12: whatever they are is said,
 * a password never costs more than its budget, and OpenSSL's queue is empty.
 */
#include "crypto/look.h"
#include "crypto/cert.h"
#include "crypto/pkcs12.h"
#include "help.h"

static void
blob(const struct mc_buf *in)
{
	AUTO_BLOB_LOOK look = { 0 };
	struct mc_cert_look cert;
	struct mc_err e = MC_ERR_INIT;

	must(mc_blob_look_parse(in, &look, &e));
	must(*mc_blob_name(look.kind));
	must((look.kind == MC_BLOB_EMPTY) == (in->len == 0));
	must((look.certs > 0) == (look.cert != NULL));
	must(look.kind != MC_BLOB_CERT || look.cert);
	must(look.kind != MC_BLOB_KEY || look.key);
	if (look.cert && mc_cert_look_init(&cert, look.cert, &e))
		must(!cert.weak_digest || *cert.digest);
}

static void
password(const struct mc_buf *in)
{
	struct mc_err e = MC_ERR_INIT;
	unsigned rounds = 3000;
	unsigned before = rounds;
	enum mc_pkcs12_password right;

	if (!mc_pkcs12_check(in, &e)) {
		must(e.code == MC_MALFORMED || e.code == MC_DENIED);
		return;
	}
	right = mc_pkcs12_password_check(in, "secret", &rounds);
	must(rounds <= before);
	must(rounds < before || right == MC_PKCS12_UNKNOWN);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	blob(&in);
	password(&in);
	must(ERR_peek_error() == 0);
	return 0;
}

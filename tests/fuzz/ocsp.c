/* SPDX-License-Identifier: ISC */
/*
 * An OCSP request: whatever comes through the gate can be answered for each
 * certificate, signed, and read by libcrypto; the rest has no request at all.
 */
#include "crypto/ocsp.h"
#include "base/time.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "help.h"

static EVP_PKEY *key;
static X509 *ca;

static void
load(void)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;
	struct mc_cert_spec spec = {
		.not_before = 1700000000,
		.not_after = 4000000000,
		.ca = true,
		.path_len = -1,
	};

	if (ca)
		return;
	mc_time_set(1800000000);
	must(mc_key_new(MC_KEY_P256, 0, &key, &e) &&
	    mc_name_parse("/CN=CA", &name, &e));
	spec.subject = name;
	spec.key = spec.issuer_key = key;
	must(mc_cert_issue(&spec, &ca, &e));
}

static void
answer(mc_ocsp *o)
{
	const struct mc_ocsp_validity valid = { 1800000000, 1800003600 };
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	size_t n = mc_ocsp_count(o);

	must(n > 0 && n <= MC_OCSP_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct mc_ocsp_single s = { (enum mc_ocsp_status)(i % 3),
			1750000000, (int64_t)(i % 2) };
		char serial[MC_SERIAL_TEXT];

		must(mc_ocsp_get(o, i, serial, &e) && serial[0]);
		/* nobody knows the hash of a key that was just made */
		must(!mc_ocsp_issued_by(o, i, ca));
		must(mc_ocsp_answer(o, i, &s, &e));
	}
	must(mc_ocsp_sign(o, ca, key, &valid, &der, &e));
	must(der.len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO(mc_ocsp) *o = NULL;
	struct mc_err e = MC_ERR_INIT;

	load();
	must(mc_buf_add(&in, data, size, &e));
	if (mc_ocsp_parse(&in, &o, &e))
		answer(o);
	else
		must(!o && e.text[0] && e.code == MC_MALFORMED);
	must(ERR_peek_error() == 0);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * A signed message from anybody: structure, signer, chain and content under
 * both gates.  The anchor is the vectors' factory, so mutants of good messages
 * get all the way.
 */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/cert.h"
#include "crypto/cms.h"
#include "crypto/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct mc_trust *
factory(void)
{
	static struct mc_trust *t;
	struct mc_err e = MC_ERR_INIT;
	const char *src = getenv("SRC");
	char dir[512];

	snprintf(dir, sizeof(dir), "%s/tests/vectors", src ? src : ".");
	if (!t && (!mc_trust_new(&t, &e) || !mc_trust_device_load(t, dir, &e)))
		abort();
	return t;
}

static void
want(bool holds)
{
	if (!holds)
		__builtin_trap();
}

/* Everything that can be asked of a message whose structure passed. */
static void
ask(struct mc_signed *s)
{
	AUTO_BUF content = MC_BUF_INIT;
	AUTO_BUF value = MC_BUF_INIT;
	AUTO(mc_certs) *chain = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool found = false;
	int64_t when;
	bool good;

	want(mc_signed_signer(s) && mc_signed_digest(s));
	want(sk_X509_num(mc_signed_bag(s)) <= MC_BAG_MAX);
	(void)mc_signed_time(s, &when);
	good = mc_signed_attr(s, "2.16.840.1.113733.1.9.7",
	    V_ASN1_PRINTABLESTRING, &value, &found, &e);
	want(found ? good : value.len == 0);
	good = mc_trust_check(
	    factory(), mc_signed_signer(s), mc_signed_bag(s), 0, &chain, &e);
	want(!good ||
	    X509_cmp(sk_X509_value(chain, 0), mc_signed_signer(s)) == 0);
	good = mc_signed_content(s, &content, &e);
	want(good || content.len == 0);
	want(good || e.code != MC_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO(mc_signed) *strict = NULL;
	AUTO(mc_signed) *file = NULL;
	AUTO(mc_signed) *weak = NULL;
	AUTO(mc_certs) *certs = sk_X509_new_null();
	struct mc_err e = MC_ERR_INIT;

	if (!certs || !mc_buf_add(&in, data, size, &e))
		return 0;
	if (mc_signed_parse(
		&in, MC_GATE_STRICT, mc_trust_certs(factory()), &strict, &e))
		ask(strict);
	/* what passes the narrow gate passes the wide one */
	if (mc_signed_parse(
		&in, MC_GATE_FILE, mc_trust_certs(factory()), &file, &e))
		ask(file);
	want(!strict || file);
	if (mc_signed_parse(
		&in, MC_GATE_WEAK, mc_trust_certs(factory()), &weak, &e))
		ask(weak);
	/* and the widest one lets through one digest more */
	want(!file || weak);
	want(!weak || file || strcmp(mc_signed_digest(weak), "MD5") == 0);
	want(!file || strcmp(mc_signed_digest(file), "MD5") != 0);
	if (mc_cms_certs_parse(&in, certs, &e))
		want(sk_X509_num(certs) <= MC_BAG_MAX && !strict);
	want(ERR_peek_error() == 0);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * A certification request, and all that is decided by what it says: its
 * proof, its challenge, the names that it asks for.  These are read of
 * requests without a proof too, as no mutation keeps a signature.
 */
#include "crypto/csr.h"
#include "crypto/key.h"
#include "crypto/names.h"
#include "help.h"

static void
challenge(const X509_REQ *csr)
{
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool found = true;

	if (mc_csr_challenge(csr, &text, &found, &e)) {
		must(found || text.len == 0);
		must(!memchr(mc_buf_str(&text), 0, text.len));
	} else {
		must(!found && text.len == 0 && e.code == MC_MALFORMED);
	}
}

static void
names(const X509_REQ *csr)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF again = MC_BUF_INIT;
	AUTO(GENERAL_NAMES) *back = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_csr_names(csr, &text, &e)) {
		must(text.len == 0 && e.code == MC_MALFORMED);
		return;
	}
	if (text.len == 0)
		return;
	must(mc_names_parse(mc_buf_str(&text), &back, &e) &&
	    mc_names_encode(back, &again, &e) &&
	    mc_buf_is(&again, mc_buf_str(&text)) &&
	    mc_names_equal(mc_buf_str(&text), mc_buf_str(&again)));
}

static void
request(const struct mc_buf *der)
{
	AUTO(X509_REQ) *csr = NULL;
	AUTO(X509_REQ) *unproven = NULL;
	const unsigned char *p = der->data;
	struct mc_err e = MC_ERR_INIT;

	if (mc_csr_parse(der, MC_RSA_MIN, &csr, &e)) {
		EVP_PKEY *key = X509_REQ_get0_pubkey(csr);

		must(mc_key_check(key, MC_RSA_MIN, &e) &&
		    mc_csr_is_by(der, key));
	} else {
		must(!csr && e.text[0] &&
		    (e.code == MC_MALFORMED || e.code == MC_ALTERED ||
			e.code == MC_DENIED));
	}
	must(ERR_peek_error() == 0);
	if (e.code == MC_MALFORMED || der->len == 0)
		return;
	unproven = d2i_X509_REQ(NULL, &p, (long)der->len);
	must(unproven != NULL);
	challenge(unproven);
	names(unproven);
	must(ERR_peek_error() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	must(mc_buf_add(&in, data, size, &e));
	request(&in);
	if (mc_csr_der(&in, &der, &e))
		request(&der);
	else
		must(der.len == 0 && e.code == MC_MALFORMED);
	must(ERR_peek_error() == 0);
	return 0;
}

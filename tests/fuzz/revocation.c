/* SPDX-License-Identifier: ISC */
/*
 * CRLs and OCSP responses in files, asked about a certificate whose issuer has
 * signed none but those of the corpus: no mutation says anything of it.  What
 * is loaded can be asked, and what is refused has its reason.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crypto/revocation.h"
#include "help.h"

/* The seeds, as the issuer signed them, are known by their statements. */
#define SERIAL_REVOKED_AT INT64_C(1700000000)
#define AT INT64_C(1800000000)

static X509 *issuer;
static X509 *cert;

static void
certs_load(void)
{
	const char *src = getenv("SRC");
	AUTO(mc_certs) *certs = sk_X509_new_null();
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;

	must(certs &&
	    mc_buf_printf(&path, &e, "%s/tests/vectors/revocation.pem",
		src ? src : ".") &&
	    mc_pem_certs_load(mc_buf_str(&path), certs, &e) &&
	    sk_X509_num(certs) == 2);
	issuer = sk_X509_shift(certs);
	cert = sk_X509_shift(certs);
}

static void
ask(const struct mc_revocation *r)
{
	struct mc_revoked_facts f = { .status = MC_REVOKED_YES };

	mc_revocation_find(r, cert, issuer, AT, &f);
	must((f.status == MC_REVOKED_UNKNOWN) == (f.source == NULL));
	/* of what is signed */
	must(f.status != MC_REVOKED_YES || f.at == SERIAL_REVOKED_AT);
	must(f.status != MC_REVOKED_NO || (f.from <= AT && AT <= f.till));
	must(ERR_peek_error() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("revocation", MFD_CLOEXEC);
	char path[64];

	if (!issuer)
		certs_load();
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int kind = 0; kind < 2; kind++) {
		AUTO(mc_revocation) *r = NULL;
		struct mc_err e = MC_ERR_INIT;
		bool good;

		must(mc_revocation_new(&r, &e));
		good = kind ? mc_revocation_ocsp_load(r, path, &e)
			    : mc_revocation_crl_load(r, path, &e);
		must(good == (e.code == MC_OK) && good == !e.text[0]);
		ask(r);
	}
	close(fd);
	return 0;
}

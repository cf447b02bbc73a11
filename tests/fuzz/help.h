/* SPDX-License-Identifier: ISC */
/* What fuzz targets share. */
#ifndef FUZZ_HELP_H
#define FUZZ_HELP_H

#include <stdlib.h>

#include "crypto/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A contract of the code, and never of the input. */
static inline void
must(bool ok)
{
	if (!ok)
		abort();
}

/* The RA that the corpora were made for, once; key may be NULL. */
static inline void
ra_load(X509 **cert, EVP_PKEY **key)
{
	const char *src = getenv("SRC");
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;

	must(mc_buf_printf(
	    &path, &e, "%s/tests/vectors/scep-ra.pem", src ? src : "."));
	must(mc_pem_cert_load(mc_buf_str(&path), cert, &e));
	memcpy(path.data + path.len - 3, "key", 3);
	must(!key || mc_pem_key_load(mc_buf_str(&path), NULL, key, &e));
}

#endif
